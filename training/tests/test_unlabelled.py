"""What holds without labels: harmless changes must move no verdict, and of two clips that nobody compared either may win."""

import unittest
from unittest import mock

import numpy as np
import torch

from aesrm_training import unlabelled
from aesrm_training.model import ENCODING, Judge, Jury
from aesrm_training.unlabelled import unlabelled_loss

#: A clip, its near copy, its harmless version, a damaged one.
_KINDS = np.array([-1, -2, -2, 0])


def encodings(near: float) -> torch.Tensor:
    """Encodings [12, D] of three groups whose near versions lie so far from the clips."""
    clips, changes = torch.from_numpy(np.random.default_rng(4).standard_normal((2, 3, 1, ENCODING), dtype=np.float32))
    away = torch.tensor([0.0, near, near, 1.0])[None, :, None]
    return (clips + away * changes).reshape(-1, ENCODING)


class Unlabelled(unittest.TestCase):
    def loss(self, near: float, sure: float = 1.0) -> float:
        """Of a random judge, whose logits on the winner are `sure` times what they would be."""
        torch.manual_seed(2)
        judge = Jury([Judge()]).eval()
        with torch.no_grad():
            judge.members[0].win.weight.mul_(sure)
            offsets = np.arange(3) * len(_KINDS)
            return float(unlabelled_loss(judge, encodings(near), [_KINDS] * 3, offsets, np.random.default_rng(1)))

    def test_the_more_harmless_changes_move_the_worse(self):
        self.assertGreater(self.loss(0.5), self.loss(0.1))
        self.assertGreater(self.loss(0.1), self.loss(0.0))

    def test_each_of_its_parts_counts(self):
        whole = self.loss(0.5)
        for part in ("UNKNOWN_WEIGHT", "STEADY_WEIGHT", "STEADY_DAMAGED_WEIGHT"):
            with self.subTest(part), mock.patch.object(unlabelled, part, 0.0):
                self.assertLess(self.loss(0.5), whole)

    def test_no_change_is_no_matter_however_much_it_counts(self):
        unmoved = self.loss(0.0)
        with mock.patch.object(unlabelled, "STEADY_WEIGHT", 0.0), mock.patch.object(unlabelled, "STEADY_DAMAGED_WEIGHT", 0.0):
            self.assertAlmostEqual(self.loss(0.0), unmoved, places=6)

    def test_of_two_clips_that_nobody_compared_either_may_win_and_a_tie_is_rare(self):
        tied, either, sure = (self.loss(0.0, scale) for scale in (0, 30, 1000))
        self.assertGreater(tied, either)
        self.assertGreater(sure, either)


if __name__ == "__main__":
    unittest.main()
