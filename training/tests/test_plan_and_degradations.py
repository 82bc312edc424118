"""The frame plan, the degradations and the labels."""

import json
import unittest

import numpy as np
import torch

from aesrm_training.degrade import REGISTRY, degrade_pictures
from aesrm_training.degrade.fidelity import HALOS, halo, over_sharpened, overshoot
from aesrm_training.degrade.ops import at, gauss
from aesrm_training.labels import A_NOT_WORSE, B_NOT_WORSE, NONE, all_labels, training_labels
from aesrm_training.paths import CACHE, CORE, REPO, cache_of
from aesrm_training.plan import PLAN, constant_rate_indices, plan_indices
from aesrm_training.rubric import CLAIMED, CRITERIA


def moving_picture(n: int = 12, h: int = 48, w: int = 64) -> np.ndarray:
    """A colourful moving pattern, uint8 [n, h, w, 3]."""
    f, y, x, c = np.meshgrid(np.arange(n), np.arange(h), np.arange(w), np.arange(3), indexing="ij")
    waves = np.sin((x + 2 * f) / (4 + c)) + np.cos((y - f) / (3 + c)) + np.sin(x * y / 90)
    return np.clip(128 + 38 * waves, 0, 255).astype(np.uint8)


class FramePlan(unittest.TestCase):
    def test_reads_the_products_file(self):
        self.assertEqual(PLAN, json.loads((CORE / "framePlan.json").read_text(encoding="utf-8")))

    def test_what_came_of_the_frames_of_another_plan_lies_elsewhere(self):
        plan = (CORE / "framePlan.json").read_bytes()
        other = cache_of(json.dumps({**PLAN, "filter": f"{PLAN['filter']},negate"}).encode())
        self.assertEqual(cache_of(plan), CACHE)
        self.assertNotEqual(other, CACHE)
        self.assertEqual(other.parent, CACHE.parent)

    def test_bursts_are_neighbours_around_uniform_times(self):
        indices = constant_rate_indices(80).reshape(8, 3)
        np.testing.assert_array_equal(indices[:, 1], np.arange(8) * 10 + 5)
        np.testing.assert_array_equal(indices[:, 2] - indices[:, 0], 2)

    def test_frames_are_those_that_the_product_takes(self):
        agreed = json.loads((REPO / "test" / "fixtures" / "planIndices.json").read_text(encoding="utf-8"))
        for case in agreed["cases"]:
            with self.subTest(case["frames"]):
                self.assertEqual(constant_rate_indices(case["frames"]).tolist(), case["indices"])

    def test_uneven_timestamps_use_the_last_frame_shown(self):
        bursts = plan_indices(np.array([5.0, 5.1, 5.2, 9.0])).reshape(8, 3)
        self.assertEqual(bursts.tolist(), [[1, 2, 3]] * 8)

    def test_no_burst_takes_a_frame_twice_where_there_are_enough(self):
        for n in range(3, 60):
            with self.subTest(n):
                steps = np.diff(constant_rate_indices(n).reshape(8, 3))
                np.testing.assert_array_equal(steps, 1)

    def test_a_single_frame_is_taken_again_and_again(self):
        self.assertEqual(set(constant_rate_indices(1)), {0})


class Degradations(unittest.TestCase):
    def test_every_claimed_criterion_has_one(self):
        self.assertEqual({d.worse for d in REGISTRY}, set(CLAIMED))

    def test_pictures_change_the_same_way_for_the_same_seed(self):
        frames, t = moving_picture(), np.linspace(0, 1, 12)
        for d in REGISTRY:
            if d.kind != "picture":
                continue
            with self.subTest(d.name):
                weak, strong = (degrade_pictures(d, frames, t, 3, k) for k in (0, 2))
                np.testing.assert_array_equal(weak, degrade_pictures(d, frames, t, 3, 0))
                between = degrade_pictures(d, frames, t, 3, 0.5)
                np.testing.assert_array_equal(between.shape, frames.shape)
                change = [np.abs(v.astype(int) - frames).mean() for v in (weak, strong)]
                self.assertGreater(min(change), 0.05)
                self.assertTrue(np.any(weak != strong))

    def test_an_over_sharpened_picture_has_halos_however_soft_it_is(self):
        picture = torch.from_numpy(moving_picture(4)).permute(0, 3, 1, 2).float() / 255
        for softness in (0.5, 2.0, 3.0):
            soft = gauss(picture, softness)
            for k, least in enumerate(HALOS):
                with self.subTest(softness=softness, strength=k):
                    by_amount, made = (255 * overshoot(soft, f(soft, None, None, k)) for f in (halo, over_sharpened))
                    self.assertGreaterEqual(made, least)
                    # a picture that shows enough of them by the amount alone gets no more
                    self.assertEqual(made > by_amount, by_amount < least)
        self.assertLess(255 * overshoot(gauss(picture, 3.0), halo(gauss(picture, 3.0), None, None, 0)), HALOS[0])
        flat = torch.full((1, 3, 16, 16), 0.5)
        self.assertEqual(overshoot(flat, over_sharpened(flat, None, None, 2)), 0)

    def test_a_strength_between_two_is_between_them(self):
        self.assertEqual([at(k, 1.0, 2.0, 6.0) for k in (0, 0.5, 1, 1.5, 2)], [1.0, 1.5, 2.0, 4.0, 6.0])

    def test_timing_shows_fewer_distinct_frames(self):
        for d in REGISTRY:
            if d.kind == "timing":
                with self.subTest(d.name):
                    source = d.apply(40, np.random.default_rng(5), 2)
                    np.testing.assert_array_equal(source, d.apply(40, np.random.default_rng(5), 2))
                    self.assertLess(len(set(source)), 30)
                    self.assertTrue(source.min() >= 0 and source.max() < 40)


class Labels(unittest.TestCase):
    def test_the_damaged_side_loses_its_criterion_and_the_rest_follows(self):
        by_name = {d.name: d for d in REGISTRY}
        clean = np.zeros(len(CRITERIA), np.float32)
        labels = all_labels(clean, by_name["blur"].severity(1), False)
        at = {name: i for i, name in enumerate(CRITERIA)}
        self.assertEqual(labels[at["vf.sharpness"]], 0)
        self.assertEqual(labels[at["va.color"]], 1)
        self.assertEqual(labels[at["vf.texture"]], NONE)
        self.assertEqual(labels[-1], 0)

    def test_damage_never_makes_the_better_clip_and_a_frozen_one_harms_a_second_dimension(self):
        by_name = {d.name: d for d in REGISTRY}
        clean = np.zeros(len(CRITERIA), np.float32)
        va, vf, vp, overall = range(len(CRITERIA), len(CRITERIA) + 4)
        halo, frozen = (by_name[n] for n in ("halo", "frozen"))
        labels = training_labels(clean, halo.severity(2), False, ((), halo.harms))
        self.assertEqual([labels[i] for i in (va, vf, vp, overall)], [A_NOT_WORSE, 0, A_NOT_WORSE, 0])
        mirrored = training_labels(halo.severity(2), clean, False, (halo.harms, ()))
        self.assertEqual([mirrored[i] for i in (va, vf, vp, overall)], [B_NOT_WORSE, 2, B_NOT_WORSE, 2])
        self.assertEqual(training_labels(clean, frozen.severity(2), False, ((), frozen.harms))[vp], 0)

    def test_labels_mirror(self):
        for d in REGISTRY:
            a, b = d.severity(0), d.severity(2)
            forward, back = all_labels(a, b, True), all_labels(b, a, True)
            known = forward != NONE
            np.testing.assert_array_equal(known, back != NONE)
            np.testing.assert_array_equal(forward[known], 2 - back[known])


if __name__ == "__main__":
    unittest.main()
