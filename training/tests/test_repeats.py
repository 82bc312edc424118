"""Repeated frames: what the statistics tell of them, and what judges make of it."""

import unittest

import numpy as np
import torch

from aesrm_training.degrade import BY_NAME
from aesrm_training.model import REPEATED, Head, Judge
from aesrm_training.plan import constant_rate_indices
from aesrm_training.statistics import Statistics


def moving(n: int = 48) -> np.ndarray:
    """A pattern that moves a pixel from frame to frame: uint8 [n, 64, 64, 3]."""
    x = np.arange(64)
    rows = 127 + 100 * np.sin((x[None] + np.arange(n)[:, None]) / 5)
    return np.repeat(np.repeat(rows[:, None, :, None], 64, 1), 3, 3).astype(np.uint8)


def encoded(indices: np.ndarray) -> torch.Tensor:
    """Encoding [1, D] of the pattern's frames at the plan's places in `indices`."""
    frames = moving()[indices[constant_rate_indices(len(indices))]]
    rgb = torch.from_numpy(frames).permute(0, 3, 1, 2).float() / 255
    with torch.no_grad():
        stats = Statistics()(rgb)
        return Head(stats.shape[1]).eval()(stats)


class Repeats(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(3)
        rng = np.random.default_rng(3)
        n = np.arange(48)
        self.clip = encoded(n)
        self.copies = {name: encoded(BY_NAME[name].apply(48, rng, strength)) for name, strength in
                       (("slowed", 0), ("slowed", 2), ("frozen", 2))}

    def test_a_copy_with_repeated_frames_says_so_and_the_clip_does_not(self):
        self.assertEqual(self.clip[0, -1].item(), 0)
        for name, copy in self.copies.items():
            self.assertGreater(copy[0, -1].item(), 0.99, name)

    def test_they_count_against_it_whatever_else_is_said(self):
        judge = Judge().eval()
        with torch.no_grad():
            alike = self.clip.clone()
            alike[0, -1] = 1
            before, _ = judge(self.clip, self.clip)
            s, _ = judge(self.clip, alike)
            back, _ = judge(alike, self.clip)
        self.assertTrue((before == 0).all())
        self.assertGreater(s[0, -1].item(), 3)
        self.assertTrue(torch.equal(s, -back))


if __name__ == "__main__":
    unittest.main()
