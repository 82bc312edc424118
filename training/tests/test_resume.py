"""Training that was killed between two stages ends where an undisturbed one does."""

import contextlib
import io
import unittest

import numpy as np
import torch

from aesrm_training.pairs import group_pairs
from aesrm_training.rubric import CRITERIA
from aesrm_training.train import Checkpoint, Groups, Nets, Stage, train
from tests.resuming import ResumingCase

STAGES = [Stage("cold start", 2, 1e-3), Stage("verdicts", 1, 1e-3, mixing=True),
          Stage("policy", 1, 1e-3, mixing=True, policy=True)]


def made_up_groups(count: int = 4, statistics: int = 180) -> Groups:
    """Groups of noise, the third version of each the worse one."""
    rng = np.random.default_rng(3)
    severities, kinds = np.zeros((3, len(CRITERIA)), np.float32), np.array([-1, -2, 0])
    severities[2, 1] = 3
    groups = Groups([], [], [], [])
    for _ in range(count):
        groups.stats.append(torch.from_numpy(rng.standard_normal((3, statistics), dtype=np.float32)))
        groups.severities.append(severities)
        groups.kinds.append(kinds)
        groups.pairs.append(group_pairs(severities, kinds))
    return groups


class Resume(ResumingCase):
    @staticmethod
    def measured(nets: Nets) -> dict:
        """A measurement by which every stage is as good as the one before."""
        return dict.fromkeys(("criteria", "overall", "harmlessTies", "foolingWins", "changedWinners"), 0.5)

    def train(self, checkpoint: Checkpoint) -> Nets:
        return train(made_up_groups(), 1, STAGES, checkpoint, self.measured)

    def test_goes_on_behind_the_last_finished_stage_and_ends_the_same(self):
        for stages in (1, 2):
            with self.subTest(stages):
                self.assert_resumes_behind(stages)

    def test_a_policy_that_does_no_better_on_clips_it_never_saw_is_given_up(self):
        told = iter([0.9, 0.9, 0.9, 0.8])
        checkpoint = Checkpoint(self.root / "worse.pt", {"seed": 1})
        with contextlib.redirect_stdout(io.StringIO()):
            nets = train(made_up_groups(), 1, STAGES, checkpoint, lambda nets: {**self.measured(nets), "criteria": next(told)})
            before = train(made_up_groups(), 1, STAGES[:2], Checkpoint(self.root / "before.pt", {"seed": 1}), self.measured)
        self.assertEqual([s.get("kept") for s in torch.load(checkpoint.path)["stages"]], [None, None, False])
        for name, value in before.state_dict().items():
            self.assertTrue(torch.equal(nets.state_dict()[name], value), name)

    def test_another_key_begins_anew(self):
        checkpoint = Checkpoint(self.root / "nets.pt", {"seed": 1})
        self.trained(checkpoint)
        self.assertEqual(len(Checkpoint(checkpoint.path, {"seed": 1}).restore(Nets(180))), 3)
        self.assertEqual(Checkpoint(checkpoint.path, {"seed": 2}).restore(Nets(180)), [])


if __name__ == "__main__":
    unittest.main()
