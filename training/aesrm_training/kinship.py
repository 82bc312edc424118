"""Whether two encodings are of one clip, and how far a verdict on two different clips may go.

What damage does to one clip is learned from labels that are certain; which of two different clips people like better is
not: measures agree with people in about two pairs of three. A verdict on two clips that have nothing to do with each
other keeps its side and its order, but not the certainty that it would have about one clip and its damaged version.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from .logits import probabilities

#: How often measures agree with people about two different clips, over sources: what a winner's mean share of the
#: probability that is not a tie's is fitted to.
AGREES = 0.65
#: What that share is at most, and what a tie of two different clips is given.
AT_MOST = 0.75
TIE = 0.1

#: Probabilities below this count as this.
_LEAST = 1e-7
_STEPS = 600
_PAIRS = 4096


class Kinship(nn.Module):
    """Logits of verdicts on two clips, held back as far as the clips are different ones."""

    def __init__(self, size: int):
        super().__init__()
        self.register_buffer("weight", torch.zeros(size))
        self.register_buffer("bias", torch.zeros(()))
        self.register_buffer("soft", torch.ones(()))
        self.most = float(np.log(AT_MOST / (1 - AT_MOST)) / 2)

    def apart(self, a, b):
        """How surely encodings a, b [N, D] are of different clips, [N, 1]; of no clip and itself."""
        return torch.sigmoid((a - b).abs() @ self.weight + self.bias).unsqueeze(1)

    def held(self, s):
        """Scores s of two different clips: the same side and order, and less sure."""
        return self.most * s / (s.abs() + self.soft)

    def forward(self, a, b, s, t):
        """Verdicts' logits s, t [N, verdicts]; swapping the sides still negates s exactly.

        Probabilities are mixed, not logits: of a score that is far out, the least doubt of two clips would leave too much.
        """
        held = self.held(s)
        tie = torch.log(TIE / (1 - TIE) * (held.exp() + (-held).exp()))
        one, two = probabilities(s, t), probabilities(held, tie)
        logs = (one + self.apart(a, b).unsqueeze(2) * (two - one)).clamp(min=_LEAST).log()
        return (logs[..., 0] - logs[..., 2]) / 2, logs[..., 1] - (logs[..., 0] + logs[..., 2]) / 2


def fit_apart(kinship: Kinship, encodings: list[torch.Tensor], clips: list[int], seed: int) -> float:
    """Learns from each group's encodings [V, D], of clips by number, which are of one clip; the share that it gets right.

    Two groups of one clip are neither: they may be other parts of it.
    """
    everything, rng = torch.cat(encodings), np.random.default_rng(seed)
    group = np.repeat(np.arange(len(encodings)), [len(e) for e in encodings])
    clip = np.array(clips)[group]
    scale = everything.std(0).clamp(min=1e-3)
    raw, bias = torch.full((everything.shape[1],), -4.0, requires_grad=True), torch.tensor(-4.0, requires_grad=True)
    optimiser = torch.optim.Adam([raw, bias], lr=0.03)

    def some() -> tuple[torch.Tensor, torch.Tensor]:
        i = rng.integers(0, len(group), _PAIRS)
        starts = np.searchsorted(group, group[i])
        inside = starts + rng.integers(0, 1 << 30, _PAIRS) % np.bincount(group)[group[i]]
        j = np.where(rng.random(_PAIRS) < 0.5, inside, rng.integers(0, len(group), _PAIRS))
        fair = (group[i] == group[j]) | (clip[i] != clip[j])
        gap = (everything[i[fair]] - everything[j[fair]]).abs() / scale
        return gap, torch.from_numpy((group[i] != group[j])[fair].astype(np.float32))

    for _ in range(_STEPS):
        gap, different = some()
        loss = F.binary_cross_entropy_with_logits(gap @ F.softplus(raw) + bias, different)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    with torch.no_grad():
        kinship.weight.copy_(F.softplus(raw) / scale)
        kinship.bias.copy_(bias)
        gap, different = some()
        said = (gap @ F.softplus(raw) + bias > 0).float()
        return float((said == different).float().mean())


@torch.no_grad()
def fit_soft(kinship: Kinship, s: torch.Tensor) -> float:
    """Fits how soon a verdict on two different clips is as sure as it may be, so that the winners of scores s, which
    nobody labelled, have `AGREES` on average. Returns their mean share."""
    def share(soft: float) -> float:
        kinship.soft.fill_(soft)
        return float(torch.sigmoid(2 * kinship.held(s).abs()).mean())

    low, high = 1e-3, 1e3
    for _ in range(60):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if share(middle) > AGREES else (low, middle)
    return share(high)
