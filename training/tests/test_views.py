"""Looks that all versions of a group share, and the window a frame later."""

import unittest

import numpy as np

from aesrm_training.dataset import a_frame_later
from aesrm_training.views import Look, look, worn

SEEDS = range(40)


def still(n: int = 4) -> np.ndarray:
    """One picture of soft shapes, `n` times."""
    y, x = np.mgrid[0:48, 0:64] / 16.0
    picture = (127 + 80 * np.sin(x + y))[..., None] * np.array([1.0, 0.9, 0.8])
    return np.repeat(picture[None].astype(np.uint8), n, 0)


class Worn(unittest.TestCase):
    def test_the_same_seed_gives_the_same_and_another_another(self):
        self.assertTrue(np.array_equal(worn(still(), 3), worn(still(), 3)))
        self.assertFalse(np.array_equal(worn(still(), 3), worn(still(), 4)))

    def test_noise_is_new_in_every_picture_and_small(self):
        for seed in SEEDS:
            pictures = worn(still(), seed).astype(int)
            apart = np.abs(pictures[1] - pictures[0]).mean()
            self.assertGreater(apart, 0.3)
            self.assertLess(np.abs(pictures - still()).mean(), 20)

    def test_a_look_is_worn_on_top_of_its_own(self):
        self.assertTrue(np.array_equal(Look(5)(still()), look(still(), 5)))
        self.assertTrue(np.array_equal(Look(5, True)(still()), worn(look(still(), 5), 5)))


class AFrameLater(unittest.TestCase):
    def test_is_as_long_and_holds_a_frame_at_the_clips_end_alone(self):
        for n in range(1, 50):
            for frames in (np.arange(n), np.arange(n)[::-1], np.arange(n)[::2]):
                with self.subTest(n=n, frames=frames):
                    self.assertEqual(a_frame_later(frames, n).tolist(), [f + 1 if f + 1 < n else n - 1 for f in frames])
        self.assertEqual(a_frame_later(np.arange(3), 9).tolist(), [1, 2, 3])


if __name__ == "__main__":
    unittest.main()
