"""What holds of pairs that nobody labelled: nothing is known of two different clips but that one may well be the better,
and a change that is none of quality makes no difference to any pair."""

import numpy as np
import torch

from .dataset import CLEAN, NEAR
from .logits import probabilities
from .model import Jury
from .rubric import CRITERIA

#: What the verdicts (not the criteria) of a pair of two different clips should be given: A, tie, B.
UNKNOWN = (0.45, 0.1, 0.45)
UNKNOWN_WEIGHT = 0.15
#: How much it counts that a change that is none of quality leaves the probabilities of a pair as they were: of two
#: different clips, and of a clip beside its damaged version.
STEADY_WEIGHT = 9.0
STEADY_DAMAGED_WEIGHT = 3.0


def _some(kinds: list[np.ndarray], offsets: np.ndarray, wanted, rng: np.random.Generator) -> torch.Tensor:
    """One version of each group whose kind is `wanted`, by its number among all."""
    return torch.tensor([o + int(rng.choice(np.flatnonzero(wanted(k)))) for k, o in zip(kinds, offsets)])


def _moved(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """How far probabilities p and q [N, outputs, 3] lie apart."""
    return ((p - q) ** 2).sum(-1).mean()


def unlabelled_loss(judge: Jury, encodings: torch.Tensor, kinds: list[np.ndarray], offsets: np.ndarray,
                    rng: np.random.Generator) -> torch.Tensor:
    """The loss of groups with versions of these kinds, which begin at `offsets` of the encodings [V, D]."""
    def said(i: torch.Tensor, j: torch.Tensor) -> torch.Tensor:
        return probabilities(*judge(encodings[i], encodings[j]))

    clean, near = (_some(kinds, offsets, lambda k, which=which: k == which, rng) for which in (CLEAN, NEAR))
    total = encodings.sum() * 0
    if len(clean) > 1:
        shift = [int(v) for v in rng.permutation(np.arange(1, len(clean)))[:4]]
        p = said(torch.cat([clean] * len(shift)), torch.cat([clean.roll(s) for s in shift]))
        q = said(torch.cat([near] * len(shift)), torch.cat([near.roll(s) for s in shift]))
        unknown = -(p[:, len(CRITERIA):].clamp(min=1e-6).log() * p.new_tensor(UNKNOWN)).sum(-1).mean()
        total = UNKNOWN_WEIGHT * unknown + STEADY_WEIGHT * _moved(p, q)
    hurt = [i for i, k in enumerate(kinds) if (k >= 0).any()]
    if hurt:
        damaged = torch.cat([_some([kinds[i] for i in hurt], offsets[hurt], lambda k: k >= 0, rng) for _ in range(2)])
        a, b = torch.cat([clean[hurt]] * 2), torch.cat([near[hurt]] * 2)
        total = total + STEADY_DAMAGED_WEIGHT * _moved(said(a, damaged), said(b, damaged))
    return total
