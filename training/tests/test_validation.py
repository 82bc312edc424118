"""The validation set: what a stage is measured by, and calibration."""

import unittest
from pathlib import Path

import numpy as np
import torch

from aesrm_training.dataset import untouched
from aesrm_training.degrade import BY_NAME
from aesrm_training.labels import training_labels
from aesrm_training.logits import probabilities
from aesrm_training.train import Nets, merit
from aesrm_training.validation import HARMLESS, Validation, calibrate, encode, make, measure

_STATISTICS = 180
_NAMES = ["clean", *HARMLESS, "near copy", "blur", "frozen", "halo", "cast", "grain"]


def made_up(clips: int = 12) -> Validation:
    """Clips of noise whose damaged versions differ in one statistic, and whose harmless ones hardly do."""
    rng, out = np.random.default_rng(4), Validation([], [], [])
    for _ in range(clips):
        stats = np.repeat(rng.standard_normal((1, _STATISTICS)), len(_NAMES), 0)
        stats[1 : len(HARMLESS) + 2] += 1e-3 * rng.standard_normal((len(HARMLESS) + 1, _STATISTICS))
        stats[len(HARMLESS) + 2 :, 0] -= rng.uniform(0.5, 1.5, len(_NAMES) - len(HARMLESS) - 2)
        out.stats.append(torch.from_numpy(stats.astype(np.float32)))
        out.names.append(_NAMES)
        severities = [BY_NAME[n].severity(2) if n in BY_NAME else untouched() for n in _NAMES]
        out.labels.append(torch.from_numpy(np.stack([training_labels(untouched(), s, False, ((), ())) for s in severities])))
    return out


class Calibration(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(1)
        self.nets, self.found = Nets(_STATISTICS, 2).eval(), made_up()
        for judge in self.nets.judge.members:
            torch.nn.init.normal_(judge.win.weight, std=2.0)

    @torch.no_grad()
    def said(self) -> torch.Tensor:
        """Probabilities of every clip beside its versions."""
        codes = encode(self.nets, self.found)
        return torch.cat([probabilities(*self.nets.judge(c[:1].expand(len(c), -1), c)) for c in codes])

    def test_probabilities_say_more_and_no_side_wins_that_lost(self):
        loss, before = measure(self.nets, self.found)["loss"], self.said()
        calibrate(self.nets, self.found)
        after = self.said()
        self.assertLess(measure(self.nets, self.found)["loss"], loss)
        self.assertGreater((after - before).abs().max().item(), 0.01)
        settled = (before[..., 0] - before[..., 2]).abs() > 1e-4
        self.assertTrue(torch.equal((before[..., 0] > before[..., 2])[settled], (after[..., 0] > after[..., 2])[settled]))

    def test_it_is_found_anew_whatever_was_there(self):
        once = calibrate(self.nets, self.found)
        self.assertEqual(once, calibrate(self.nets, self.found))

    def test_swapped_sides_mirror_to_the_last_bit(self):
        calibrate(self.nets, self.found)
        a, b = (torch.randn(50, self.nets.head(self.found.stats[0]).shape[1]) for _ in range(2))
        with torch.no_grad():
            there, back = probabilities(*self.nets.judge(a, b)), probabilities(*self.nets.judge(b, a))
        self.assertTrue(torch.equal(there, back.flip(-1)))


class Measuring(unittest.TestCase):
    def test_a_judge_of_the_statistic_that_damage_lowers_is_better_than_its_opposite(self):
        found, merits = made_up(), []
        for sign in (1.0, -1.0):
            nets = Nets(_STATISTICS).eval()
            head, judge = nets.head.members[0], nets.judge.members[0]
            for layer in (head.linear, head.out, head.hidden):
                torch.nn.init.zeros_(layer.weight)
                torch.nn.init.zeros_(layer.bias)
            head.linear.weight.data[0, 0] = 1.0
            torch.nn.init.zeros_(judge.win.weight)
            torch.nn.init.zeros_(judge.first.weight)
            judge.first.weight.data[0, 0] = 1.0
            judge.win.weight.data[:, 0] = sign * 20.0
            merits.append(merit(measure(nets, found)))
        self.assertGreater(merits[0], merits[1] + 0.3)

    def test_clips_that_weights_are_learned_from_are_refused(self):
        with self.assertRaisesRegex(ValueError, "validation"):
            make([], Path("unused"), 1, 1)


if __name__ == "__main__":
    unittest.main()
