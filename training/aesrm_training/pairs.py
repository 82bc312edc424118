"""Pairs with labels from groups: within a group by severity, across groups only where the gap is wide."""

import numpy as np
import torch

from .dataset import FOOLING
from .degrade import REGISTRY
from .labels import A_NOT_WORSE, B_NOT_WORSE, NONE, OUTPUTS, training_labels
from .rubric import CRITERIA, DIMENSION_OF

#: A tie label weighs less than a decision: ties are many and easy. So does a label that only rules one side out.
TIE_WEIGHT = 0.25
NOT_WORSE_WEIGHT = 0.25
#: How much the verdicts (not the criteria) count of a clip beside a copy that fools judges of measures.
FOOLING_WEIGHT = 3.0
#: The same of those that are hardest to tell: an over-sharpened copy from a sharper clip, an over-saturated from a livelier, a
#: grey one from a calmer.
HARDEST_WEIGHTS = {"halo": 20.0, "oversaturate": 18.0, "desaturate": 5.0}
_WEIGHTS = np.array([HARDEST_WEIGHTS.get(d.name, FOOLING_WEIGHT if d.name in FOOLING else 1.0) for d in REGISTRY])


def _harms(kind: int) -> tuple[str, ...]:
    """Dimensions that a version's damage harms beside its criterion's; a kind below 0 is no damage."""
    return REGISTRY[kind].harms if kind >= 0 else ()


def group_pairs(severities: np.ndarray, kinds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All pairs of a group's versions: indices [P, 2] and labels [P, outputs]."""
    pairs = [(i, j) for i in range(len(kinds)) for j in range(i)]
    labels = [training_labels(severities[i], severities[j], kinds[i] == kinds[j], (_harms(kinds[i]), _harms(kinds[j])))
              for i, j in pairs]
    return np.array(pairs), np.stack(labels)


def far_pairs(severities: np.ndarray, rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Pairs from different groups [P, 2]: a strongly damaged version against one untouched on that criterion.

    Where the other version is clean altogether, the dimension and the overall verdict follow.
    """
    bad = np.argwhere(severities == 3)
    if len(bad) == 0:
        return np.zeros((0, 2), np.int64), np.zeros((0, OUTPUTS), np.int64)
    pairs, labels = [], []
    for row, criterion in bad[rng.integers(0, len(bad), count)]:
        clean = np.flatnonzero(severities[:, criterion] == 0)
        if len(clean) == 0:
            continue
        label = np.full(OUTPUTS, NONE, np.int64)
        label[criterion] = 0
        other = int(rng.choice(clean))
        if not np.any(severities[other] > 0):
            label[len(CRITERIA) + DIMENSION_OF[criterion]] = label[-1] = 0
        pairs.append((other, int(row)))
        labels.append(label)
    return np.array(pairs), np.stack(labels)


def likelihoods(p: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """What p [N, outputs, 3] gives to the labels [N, outputs]; anything where there is none."""
    right = p.gather(-1, labels.clamp(0, 2).unsqueeze(-1)).squeeze(-1)
    right = torch.where(labels == A_NOT_WORSE, 1 - p[..., 2], right)
    return torch.where(labels == B_NOT_WORSE, 1 - p[..., 0], right)


def verdicts_weight(kinds: np.ndarray) -> torch.Tensor:
    """What the verdicts of pairs of these kinds [P, 2] count, [P, 1]."""
    hurt = kinds >= 0
    weights = np.where(hurt.sum(1) == 1, np.where(hurt, _WEIGHTS[np.maximum(kinds, 0)], 1.0).max(1), 1.0)
    return torch.from_numpy(weights.astype(np.float32))[:, None]


def loss(p: torch.Tensor, labels: torch.Tensor, verdicts: torch.Tensor | float = 1.0) -> torch.Tensor:
    """Mean weighted negative log likelihood of p [N, outputs, 3] under labels [N, outputs]; `verdicts` [N, 1] weighs
    the dimensions and the overall verdict of each pair beside those of the others."""
    known = labels != NONE
    weight = torch.where(labels == 1, TIE_WEIGHT, 1.0)
    weight = torch.where(labels >= A_NOT_WORSE, NOT_WORSE_WEIGHT, weight) * known
    weight[:, len(CRITERIA):] *= verdicts
    picked = likelihoods(p, labels).clamp(min=1e-6)
    per_output = (weight * -picked.log()).sum(0) / weight.sum(0).clamp(min=1)
    scale = torch.ones(OUTPUTS, device=p.device)
    scale[len(CRITERIA):] = 0.7
    return (per_output * scale).mean()
