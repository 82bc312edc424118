"""Harmless changes are made short before anything is learned of them."""

import unittest

import torch

from aesrm_training.nuisance import shortened
from aesrm_training.train import Nets

_STATISTICS = 180


class Shortened(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(0)
        self.scaled = torch.randn(400, _STATISTICS)
        # harmless changes move the first statistic far, the second a little, and no other
        self.changes = torch.zeros(300, _STATISTICS)
        self.changes[:, 0], self.changes[:, 1] = 3 * torch.randn(300), 0.01 * torch.randn(300)
        self.matrix = shortened(self.scaled, self.changes)

    def test_what_harmless_changes_move_is_short_and_the_rest_keeps_its_proportions(self):
        lengths = self.matrix.diagonal() / self.matrix[-1, -1]
        self.assertLess(float(lengths[0]), 0.1)
        self.assertGreater(float(lengths[1]), 0.95)
        self.assertTrue(torch.allclose(lengths[2:], torch.ones(_STATISTICS - 2)))

    def test_statistics_keep_their_mean_length(self):
        before, after = self.scaled.square().mean(), (self.scaled @ self.matrix).square().mean()
        self.assertAlmostEqual(float(after / before), 1, places=4)

    def test_it_is_symmetric_and_the_identity_where_nothing_changes(self):
        self.assertTrue(torch.allclose(self.matrix, self.matrix.T))
        self.assertTrue(torch.equal(shortened(self.scaled, 0 * self.changes), torch.eye(_STATISTICS)))

    def test_weights_that_absorbed_it_answer_as_with_it(self):
        nets, stats = Nets(_STATISTICS).eval(), torch.randn(20, _STATISTICS)
        with torch.no_grad():
            plain = nets.head(stats)
            nets.head.members[0].shorten(self.matrix)
            within = nets.head(stats)
            nets.head.members[0].absorb()
            self.assertTrue(torch.allclose(nets.head(stats), within, atol=1e-5))
        self.assertFalse(torch.allclose(plain, within, atol=1e-2))
        self.assertEqual(nets.state_dict().keys(), Nets(_STATISTICS).state_dict().keys())

    def test_weights_that_were_learned_without_it_are_made_to_answer_as_before(self):
        nets, stats = Nets(_STATISTICS).eval(), torch.randn(20, _STATISTICS)
        with torch.no_grad():
            plain = nets.head(stats)
            nets.head.members[0].shorten(self.matrix)
            nets.head.members[0].compensate()
            self.assertTrue(torch.allclose(nets.head(stats), plain, atol=1e-4))


if __name__ == "__main__":
    unittest.main()
