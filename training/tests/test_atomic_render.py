"""Rendered scenes show what their labels say."""

import dataclasses
import unittest

import numpy as np

from aesrm_training.atomic import camera as cameras
from aesrm_training.atomic.render import render
from aesrm_training.atomic.scene import Scene, Thing, draw, labels

LUMA = np.array([0.299, 0.587, 0.114])


def scenes(count: int, **fixed) -> list[Scene]:
    """Random scenes, some of whose properties are fixed."""
    return [dataclasses.replace(draw(np.random.default_rng([9, i])), **fixed) for i in range(count)]


def moving(move: str, rate: float, **fixed) -> np.ndarray:
    """Two neighbouring frames of a plain 256 x 144 scene under a camera move, luma [2, 144, 256]."""
    camera = cameras.made(move, rate, 32, 256, np.random.default_rng(1))
    ball = Thing("ball", 0.1, 0.0, 0.5, 1.0, 1)
    (scene,) = scenes(1, size=(144, 256), frames=32, camera=camera, sway=0.0, follow=False, subjects=(ball,), props=(),
                      background_blur=0.0, key="middle", tones=(0.05, 0.95), **fixed)
    return render(scene, np.array([15, 16])) @ LUMA


def shift(a: np.ndarray, b: np.ndarray) -> tuple[int, int]:
    """How far b's content lies to the right of and below a's, in whole pixels, by phase correlation."""
    window = np.hanning(a.shape[0])[:, None] * np.hanning(a.shape[1])[None]
    spectra = [np.fft.fft2((x - x.mean()) * window) for x in (a, b)]
    cross = spectra[1] * spectra[0].conj()
    peak = np.fft.ifft2(cross / (np.abs(cross) + 1e-9)).real
    y, x = np.unravel_index(peak.argmax(), peak.shape)
    return tuple(int((v + n // 2) % n - n // 2) for v, n in ((x, a.shape[1]), (y, a.shape[0])))


class CameraMoves(unittest.TestCase):
    def test_a_pan_or_tilt_moves_the_picture_the_other_way_by_as_many_pixels(self):
        for pixels in (-5, -2, 3, 6):
            rate = 100 * pixels / 256
            with self.subTest(pixels):
                self.assertEqual(shift(*moving("pan", rate)), (-pixels, 0))
                self.assertEqual(shift(*moving("tilt", rate)), (0, -pixels))

    def test_a_static_camera_shows_the_same_picture(self):
        a, b = moving("static", 0.0)
        np.testing.assert_array_equal(a, b)

    def test_a_zoom_enlarges_all_depths_alike_and_a_dolly_the_near_ones_more(self):
        near, far = 1.0, 8.0
        for move in ("zoom", "dolly"):
            camera = cameras.made(move, 1.0, 31, 256, np.random.default_rng(1))
            growth = [camera.place(d, 256, 144, 16)[0] / camera.place(d, 256, 144, 15)[0] for d in (near, far)]
            self.assertAlmostEqual(growth[0], 1.01, places=3)
            self.assertAlmostEqual(growth[1], 1.01 if move == "zoom" else 1 + 0.01 / far, places=3)

    def test_no_move_reaches_the_subject_or_leaves_its_range(self):
        for i in range(200):
            n = 16 + i % 65
            camera = cameras.drawn(np.random.default_rng(i), n, 256)
            self.assertLess(camera.forward.max(), 0.5)
            self.assertLess(np.abs(np.log(camera.zoom)).max(), 0.5)
            if camera.move != "static":
                self.assertGreaterEqual(abs(camera.rate), cameras.RATES[camera.move][0])


class Composition(unittest.TestCase):
    """Where the subject's mass lies: the subject against the same scene without it."""

    def mass(self, composition: str, seed: int) -> np.ndarray:
        """Columns' share of the subject's pixels, [W], of one wide or full scene in its middle."""
        rng = np.random.default_rng([3, seed])
        while (scene := draw(rng)).composition != composition or scene.shot not in ("wide", "full"):
            pass
        still = cameras.made("static", 0.0, scene.frames, scene.size[1], rng)
        scene = dataclasses.replace(scene, camera=still, sway=0.0, light="front", tones=(0.05, 0.95))
        hidden = tuple(dataclasses.replace(s, x=s.x + 50) for s in scene.subjects)
        # both with the seed's own backdrop; the grade differs a little, hence the threshold
        a, b = (render(dataclasses.replace(scene, subjects=s), np.array([0]))[0] @ LUMA
                for s in (scene.subjects, hidden))
        columns = np.maximum(0, np.abs(a - b) - np.median(np.abs(a - b)) - 8).sum(0)
        return columns / columns.sum()

    def test_a_centred_scene_has_its_mass_at_the_centre_and_one_on_thirds_has_not(self):
        places = {"centred": [], "thirds": []}
        for composition, found in places.items():
            for seed in range(8):
                columns = self.mass(composition, seed)
                found.append(abs(float((columns * np.linspace(-0.5, 0.5, len(columns))).sum())))
        self.assertLess(np.median(places["centred"]), 0.05)
        self.assertAlmostEqual(np.median(places["thirds"]), 1 / 6, delta=0.05)

    def test_a_symmetric_scene_mirrors_and_a_diagonal_one_does_not(self):
        unlike = {}
        for composition in ("symmetric", "diagonal"):
            columns = [self.mass(composition, seed) for seed in range(6)]
            unlike[composition] = float(np.mean([np.abs(c - c[::-1]).sum() / 2 for c in columns]))
        self.assertLess(unlike["symmetric"], 0.25)
        self.assertLess(unlike["symmetric"], unlike["diagonal"])

    def test_a_subject_that_leaves_its_place_has_no_known_composition(self):
        fixed = {"size": (144, 256), "frames": 32, "follow": False}
        for rate, known in ((0.1, True), (2.0, False)):
            camera = cameras.made("pan", rate, 32, 256, np.random.default_rng(1))
            (scene,) = scenes(1, camera=camera, **fixed)
            self.assertEqual("composition" in labels(scene), known)
            self.assertIn("composition", labels(dataclasses.replace(scene, follow=True)))


class Light(unittest.TestCase):
    def middle(self, scene: Scene) -> np.ndarray:
        """The frame that the grade was fitted to, in 0..1."""
        return render(scene, np.array([(scene.frames - 1) // 2]))[0] / 255

    def test_light_from_a_side_is_on_that_side(self):
        for light, sign in (("left", 1), ("right", -1)):
            lean = []
            for scene in scenes(8, light=light):
                luma = self.middle(scene) @ LUMA
                half = luma.shape[1] // 2
                lean.append(luma[:, :half].mean() - luma[:, half:].mean())
            self.assertGreater(sign * np.mean(lean), 0.05)
            self.assertGreaterEqual(np.mean(np.sign(lean) == sign), 0.75)

    def test_a_high_key_is_lighter_than_a_low_one_at_the_same_tonal_range(self):
        keyed = {key: [np.median(self.middle(s) @ LUMA) for s in scenes(8, key=key, tones=(0.05, 0.95))]
                 for key in ("low", "high")}
        self.assertGreater(min(keyed["high"]), max(keyed["low"]) + 0.1)

    def test_the_tonal_range_is_the_labels(self):
        for scene in scenes(8, saturation=0.0):
            dark, light = np.percentile(self.middle(scene) @ LUMA, (2, 98))
            self.assertAlmostEqual(light - dark, labels(scene)["tonal_range"], delta=0.05)

    def test_more_saturation_is_farther_from_grey_and_none_is_grey(self):
        for base in scenes(4, tones=(0.2, 0.8), key="middle"):
            away = []
            for saturation in (0.0, 0.3, 0.6):
                picture = self.middle(dataclasses.replace(base, saturation=saturation))
                away.append(np.abs(picture - (picture @ LUMA)[..., None]).mean())
            self.assertLess(away[0], 0.005)
            self.assertTrue(away[0] < away[1] < away[2])

    def test_a_warm_scene_is_redder_than_it_is_blue(self):
        for temperature, sign in ((0.9, 1), (-0.9, -1)):
            hue = 0.08 if sign > 0 else 0.58
            for scene in scenes(6, temperature=temperature, hue=hue, palette="analogous", saturation=0.4):
                red, _, blue = self.middle(scene).mean((0, 1))
                self.assertGreater(sign * (red - blue), 0)


class Seeds(unittest.TestCase):
    def test_the_same_seed_gives_the_same_scene_frames_and_labels(self):
        a, b = (draw(np.random.default_rng([1, 7])) for _ in range(2))
        self.assertEqual(labels(a), labels(b))
        np.testing.assert_array_equal(render(a, np.arange(3)), render(b, np.arange(3)))
        other = draw(np.random.default_rng([1, 8]))
        self.assertNotEqual(labels(a), labels(other))


if __name__ == "__main__":
    unittest.main()
