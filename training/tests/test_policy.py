"""Stage 3: rewards of chains, what a link is worth beside its like, and that the policy learns by them."""

import unittest

import torch

from aesrm_training.grpo import advantages, agreement_rewards, draw, label_rewards, policy_loss
from aesrm_training.labels import A_NOT_WORSE, B_NOT_WORSE, NONE, OUTPUTS
from aesrm_training.rubric import CRITERIA, DIMENSIONS

_VA = len(CRITERIA)


def chain(**at: int) -> torch.Tensor:
    """One chain [1, 1, outputs] of ties, but for the links named `o<number>`."""
    out = torch.ones(1, 1, OUTPUTS, dtype=torch.long)
    for name, value in at.items():
        out[0, 0, int(name[1:])] = value
    return out


def mean_reward(p: torch.Tensor, labels: torch.Tensor) -> float:
    """The expected label reward of a policy, over all links whose label is known."""
    known = (labels != NONE) & (labels < A_NOT_WORSE)
    scores = torch.stack([1.0 - (v - labels.clamp(0, 2)).abs() for v in range(3)], -1)
    return float((p * scores).sum(-1)[known].mean())


class Rewards(unittest.TestCase):
    def test_a_link_is_right_wrong_or_neither_by_its_label(self):
        labels = torch.full((1, OUTPUTS), NONE)
        labels[0, :5] = torch.tensor([0, 0, 0, 1, 1])
        said = chain(o0=0, o1=1, o2=2, o3=1, o4=0)
        self.assertEqual(label_rewards(said, labels)[0, 0, :6].tolist(), [1.0, 0.0, -1.0, 1.0, 0.0, 0.0])

    def test_a_label_that_rules_a_side_out_punishes_that_side_only(self):
        labels = torch.full((1, OUTPUTS), A_NOT_WORSE)
        labels[0, 1] = B_NOT_WORSE
        said = chain(o0=2, o1=0, o2=0)
        self.assertEqual(label_rewards(said, labels)[0, 0, :4].tolist(), [-1.0, -1.0, 0.0, 0.0])

    def test_a_verdict_agrees_with_what_it_rests_on_or_contradicts_it(self):
        for a_wins in (0, 2):
            criteria = {f"o{i}": a_wins for i in range(5)}
            agrees = agreement_rewards(chain(**criteria, **{f"o{_VA}": a_wins}))[0, 0]
            contradicts = agreement_rewards(chain(**criteria, **{f"o{_VA}": 2 - a_wins}))[0, 0]
            self.assertEqual((agrees[_VA].item(), contradicts[_VA].item()), (1.0, -1.0))
            self.assertTrue((agrees[:_VA] == 0).all())

    def test_a_chain_of_equal_chains_is_worth_nothing_and_the_better_of_two_is_worth_more(self):
        labels = torch.full((1, OUTPUTS), NONE)
        labels[0, 0] = 0
        people = torch.zeros(1)
        same = torch.cat([chain(o0=0)] * 4)
        self.assertEqual(advantages(same, labels, people).abs().max().item(), 0.0)
        worth = advantages(torch.cat([chain(o0=0), chain(o0=2)]), labels, people)[:, 0, 0]
        self.assertGreater(worth[0].item(), 0)
        self.assertLess(worth[1].item(), 0)

    def test_what_people_said_counts_more_for_verdicts(self):
        labels = torch.full((1, OUTPUTS), NONE)
        labels[0, -1] = 0
        both = torch.cat([chain(o18=0), chain(o18=2)])
        alone, said = (advantages(both, labels, torch.full((1,), v))[0, 0, -1].item() for v in (0.0, 1.0))
        self.assertGreater(said, alone)


class Learning(unittest.TestCase):
    def test_a_policy_learns_its_labels_and_its_reward_rises(self):
        generator = torch.Generator().manual_seed(1)
        labels = torch.randint(0, 3, (20, OUTPUTS), generator=generator)
        logits = torch.zeros(20, OUTPUTS, 3, requires_grad=True)
        reference = logits.detach().softmax(-1)
        optimiser = torch.optim.Adam([logits], 0.2)
        before = mean_reward(reference, labels)
        for _ in range(60):
            optimiser.zero_grad()
            policy_loss(logits.softmax(-1), reference, labels, torch.zeros(20), generator).backward()
            optimiser.step()
        self.assertGreater(mean_reward(logits.detach().softmax(-1), labels), before + 0.5)

    def test_chains_are_drawn_as_often_as_their_probabilities_say(self):
        p = torch.tensor([0.7, 0.2, 0.1]).expand(1, OUTPUTS, 3)
        drawn = draw(p, 4000, torch.Generator().manual_seed(2))
        self.assertEqual(drawn.shape, (4000, 1, OUTPUTS))
        shares = torch.stack([(drawn == v).float().mean() for v in range(3)])
        torch.testing.assert_close(shares, torch.tensor([0.7, 0.2, 0.1]), atol=0.02, rtol=0)
        self.assertEqual(len(DIMENSIONS) + len(CRITERIA) + 1, OUTPUTS)


if __name__ == "__main__":
    unittest.main()
