"""Stage 3: the verdict as a sampled chain (criteria, dimensions, overall), rewarded and compared within its group of samples.

The policy is factorised: given a pair, every link of the chain is drawn from its own three probabilities. So the divergence
from the policy that the stage began with is exact, and no ratio has to be clipped: each batch is used once.
"""

import copy

import torch

from .labels import A_NOT_WORSE, B_NOT_WORSE, NONE
from .rubric import CLAIMED, CRITERIA, DIMENSION_OF, DIMENSIONS

#: Chains drawn for each pair.
SAMPLES = 16
#: Rewards: a link that is right or wrong by its label, a verdict that agrees with what it rests on, a verdict that people gave.
LABEL, AGREEMENT, PEOPLE = 1.0, 0.3, 1.0
#: Weight of the divergence from stage 2.
KEEP = 0.3
_SEEN = torch.tensor([c in CLAIMED for c in CRITERIA])
_OF = torch.tensor(DIMENSION_OF)
_FIRST = len(CRITERIA)
#: Mean score up to which a verdict counts as a tie of what it rests on.
_TIE_MEAN = 0.2


def draw(p: torch.Tensor, samples: int, generator: torch.Generator) -> torch.Tensor:
    """Chains [samples, N, outputs] of 0 A, 1 tie, 2 B from probabilities p [N, outputs, 3]. They are drawn
    on the CPU, whose generator it is."""
    flat = torch.multinomial(p.cpu().reshape(-1, 3), samples, replacement=True, generator=generator)
    return flat.T.reshape(samples, *p.shape[:2]).to(p.device)


def label_rewards(chains: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """1 for a link that its label calls right, -1 for the other side, 0 for a tie where there was none or the other way
    round, and where nothing is known."""
    off = (chains - labels.clamp(0, 2)).abs()
    known = (labels != NONE) & (labels < A_NOT_WORSE)
    one = torch.ones((), device=chains.device)
    rewards = torch.where(known, 1.0 - off, 0 * one)
    rewards = torch.where((labels == A_NOT_WORSE) & (chains == 2), -one, rewards)
    return torch.where((labels == B_NOT_WORSE) & (chains == 0), -one, rewards)


def _plain(scores: torch.Tensor) -> torch.Tensor:
    """The plain rule over the last axis of scores in -1..1: 0 A, 1 tie, 2 B."""
    mean = scores.mean(-1)
    return torch.where(mean.abs() <= _TIE_MEAN + 1e-6, torch.ones((), device=mean.device), 1 - mean.sign()).long()


def agreement_rewards(chains: torch.Tensor) -> torch.Tensor:
    """1 for a dimension that agrees with its criteria in the same chain, and for an overall verdict that does with its
    dimensions; -1 for one that says the opposite; 0 else, and for criteria."""
    scores = 1.0 - chains
    out = torch.zeros_like(scores)
    for d in range(len(DIMENSIONS)):
        rests_on = _plain(scores[..., :_FIRST][..., _SEEN & (_OF == d)])
        out[..., _FIRST + d] = 1.0 - (chains[..., _FIRST + d] - rests_on).abs()
    rests_on = _plain(scores[..., _FIRST:-1])
    out[..., -1] = 1.0 - (chains[..., -1] - rests_on).abs()
    return out


def advantages(chains: torch.Tensor, labels: torch.Tensor, people: torch.Tensor) -> torch.Tensor:
    """What each link of each chain [samples, N, outputs] is worth beside the same link of the pair's other chains.

    A criterion answers for its own label and for its dimension's rewards, a dimension for its own and for the overall
    verdict's. `people` [N] says whose verdicts are people's: those count `PEOPLE` more.
    """
    process, agree = label_rewards(chains, labels), agreement_rewards(chains)
    own = LABEL * process + AGREEMENT * agree
    own[..., _FIRST:] += PEOPLE * process[..., _FIRST:] * people[None, :, None]
    returns = own.clone()
    returns[..., _FIRST:-1] += AGREEMENT * agree[..., -1:]
    returns[..., :_FIRST] += AGREEMENT * agree[..., _FIRST:-1][..., _OF]
    centred = returns - returns.mean(0)
    return centred / (returns.std(0) + 0.1)


def policy_loss(p: torch.Tensor, reference: torch.Tensor, labels: torch.Tensor, people: torch.Tensor,
                generator: torch.Generator) -> torch.Tensor:
    """The loss of one batch: probabilities p [N, outputs, 3], those of stage 2, labels [N, outputs]."""
    p, reference = p.clamp(min=1e-6), reference.clamp(min=1e-6)
    chains = draw(p.detach(), SAMPLES, generator)
    worth = advantages(chains, labels, people)
    said = p.log().expand(SAMPLES, -1, -1, -1).gather(-1, chains.unsqueeze(-1)).squeeze(-1)
    divergence = (p * (p.log() - reference.log())).sum(-1)
    seen = torch.cat([_SEEN, torch.ones(len(DIMENSIONS) + 1, dtype=torch.bool)])
    return (KEEP * divergence - (worth * said).mean(0))[:, seen].mean()


def frozen(policy: torch.nn.Module) -> torch.nn.Module:
    """A copy that is not learned: the policy the stage began with."""
    return copy.deepcopy(policy).requires_grad_(False).eval()
