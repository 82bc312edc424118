"""Training that was killed between two stages ends where an undisturbed one does."""

import unittest

import numpy as np
import torch

from aesrm_training.pairs import group_pairs
from aesrm_training.rubric import CRITERIA
from aesrm_training.train import Checkpoint, Groups, Nets, Stage, train
from tests.resuming import ResumingCase

STAGES = [Stage("statistics", False, 2, 1e-3, 5), Stage("together", True, 1, 1e-3, 5), Stage("verdicts", True, 1, 1e-3, 5, freeze=True)]


def made_up_groups(count: int = 4, statistics: int = 30) -> Groups:
    """Groups of noise, the third version of each the worse one."""
    rng = np.random.default_rng(3)
    severities, kinds = np.zeros((3, len(CRITERIA)), np.float32), np.array([-1, -2, 0])
    severities[2, 1] = 3
    groups = Groups([], [], [], [])
    for _ in range(count):
        groups.stats.append(torch.from_numpy(rng.standard_normal((3, statistics), dtype=np.float32)))
        groups.maps.append(torch.from_numpy(rng.integers(1, 256, (3, 8, 5, 16, 16), dtype=np.uint8)))
        groups.severities.append(severities)
        groups.pairs.append(group_pairs(severities, kinds))
    return groups


class Resume(ResumingCase):
    def train(self, checkpoint: Checkpoint) -> Nets:
        return train(made_up_groups(), 1, STAGES, 1, checkpoint)

    def test_goes_on_behind_the_last_finished_stage_and_ends_the_same(self):
        for stages in (1, 2):
            with self.subTest(stages):
                self.assert_resumes_behind(stages)

    def test_another_key_begins_anew(self):
        checkpoint = Checkpoint(self.root / "nets.pt", {"seed": 1})
        self.trained(checkpoint)
        self.assertEqual(len(Checkpoint(checkpoint.path, {"seed": 1}).restore(Nets(30))), 3)
        self.assertEqual(Checkpoint(checkpoint.path, {"seed": 2}).restore(Nets(30)), [])


if __name__ == "__main__":
    unittest.main()
