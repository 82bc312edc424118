"""Verdicts on two different clips are held back; those on one clip are not."""

import unittest

import numpy as np
import torch

from aesrm_training.kinship import AGREES, AT_MOST, TIE, Kinship, fit_apart, fit_soft
from aesrm_training.logits import probabilities
from aesrm_training.model import ENCODING, Judge, Jury

SIZE = 12


def groups(count: int = 60, versions: int = 6) -> list[torch.Tensor]:
    """Encodings of made-up clips: what tells clips apart is in the first half, what damage does in the second."""
    rng = np.random.default_rng(2)
    out = []
    for _ in range(count):
        e = np.repeat(rng.standard_normal((1, SIZE)), versions, 0) * ([3.0] * (SIZE // 2) + [0.1] * (SIZE // 2))
        e[:, SIZE // 2 :] += 3 * rng.standard_normal((versions, SIZE // 2))
        out.append(torch.from_numpy(e.astype(np.float32)))
    return out


class Held(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(1)
        self.kinship, self.encodings = Kinship(SIZE), groups()
        # two groups in a row are of one clip, and are neither one clip nor two
        self.right = fit_apart(self.kinship, self.encodings, [g // 2 for g in range(len(self.encodings))], 1)

    def test_different_clips_are_told_from_one_clip_and_its_versions(self):
        self.assertGreater(self.right, 0.95)
        a, b = self.encodings[0], self.encodings[7]
        self.assertGreater(self.kinship.apart(a, b).median().item(), 0.9)
        self.assertLess(self.kinship.apart(a, a.roll(1, 0)).median().item(), 0.1)
        self.assertLess(self.kinship.apart(a, a).max().item(), 0.05)

    def test_winners_of_different_clips_have_what_they_are_fitted_to_and_no_more_than_they_may(self):
        s = 6 * torch.randn(400)
        self.assertAlmostEqual(fit_soft(self.kinship, s), AGREES, places=3)
        held = self.kinship.held(torch.tensor([1e4]))
        self.assertAlmostEqual(torch.sigmoid(2 * held).item(), AT_MOST, places=3)

    def test_side_and_order_stay_a_tie_has_its_share_and_one_clip_is_left_alone(self):
        fit_soft(self.kinship, 6 * torch.randn(400))
        s, t = torch.linspace(-9, 9, 7).unsqueeze(1), torch.full((7, 1), 2.0)
        a, b = (e[:1].expand(7, -1) for e in (self.encodings[0], self.encodings[7]))
        p = probabilities(*self.kinship(a, b, s, t))[:, 0]
        self.assertTrue((p[1:, 0] > p[:-1, 0]).all())
        self.assertTrue(torch.equal((p[:, 0] > p[:, 2]).squeeze(), (s > 0).squeeze()))
        self.assertLess((p[:, 1] - TIE).abs().max().item(), 0.1)
        same = probabilities(*self.kinship(a, a, s, t))
        self.assertLess((same - probabilities(s, t)).abs().max().item(), 0.02)


    def test_a_little_doubt_of_two_clips_leaves_a_far_score_little(self):
        with torch.no_grad():
            self.kinship.apart = lambda a, b: torch.full((len(a), 1), 0.95)
            s, t = torch.tensor([[30.0]]), torch.tensor([[2.0]])
            p = probabilities(*self.kinship(self.encodings[0][:1], self.encodings[7][:1], s, t))[0, 0]
        self.assertLess((p[0] / (p[0] + p[2])).item(), AT_MOST + 0.05)


class InAJury(unittest.TestCase):
    def test_swapped_sides_mirror_to_the_last_bit_and_criteria_are_left_alone(self):
        torch.manual_seed(4)
        jury = Jury([Judge(), Judge()]).eval()
        a, b = torch.randn(40, 2 * ENCODING), torch.randn(40, 2 * ENCODING)
        with torch.no_grad():
            free = probabilities(*jury(a, b))
            jury.kinship = Kinship(2 * ENCODING)
            jury.kinship.weight += 0.01
            there, back = probabilities(*jury(a, b)), probabilities(*jury(b, a))
        self.assertTrue(torch.equal(there, back.flip(-1)))
        self.assertTrue(torch.equal(there[:, :15], free[:, :15]))
        self.assertFalse(torch.equal(there[:, 15:], free[:, 15:]))


if __name__ == "__main__":
    unittest.main()
