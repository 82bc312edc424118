"""The encoder (one clip to one encoding) and the judge (two encodings to a verdict).

D is the encoding's size, S the number of statistics, C the trunk's last width. Outputs of the
judge are ordered as in the rubric: criteria, then VA, VF, VP, then overall.
"""

import torch
import torch.nn.functional as F
from torch import nn

from .labels import OUTPUTS
from .plan import SAMPLES
from .rubric import CLAIMED, CRITERIA, DIMENSION_OF, DIMENSIONS
from .statistics import Statistics

ENCODING = 128
WIDTHS = (12, 24, 40, 56)


class Step(nn.Module):
    """Half-size step: depthwise 3x3 with stride 2, pointwise, normalised."""

    def __init__(self, before: int, after: int):
        super().__init__()
        self.depth = nn.Conv2d(before, before, 3, stride=2, padding=1, groups=before, bias=False)
        self.point = nn.Conv2d(before, after, 1, bias=False)
        self.norm = nn.BatchNorm2d(after)

    def forward(self, x):
        return F.relu(self.norm(self.point(self.depth(x))))


class Trunk(nn.Module):
    """Maps [V * samples, 5, h, w] to one vector per clip [V, 6 C]."""

    def __init__(self):
        super().__init__()
        first = nn.Sequential(nn.Conv2d(5, WIDTHS[0], 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(WIDTHS[0]), nn.ReLU())
        self.steps = nn.Sequential(first, *(Step(a, b) for a, b in zip(WIDTHS, WIDTHS[1:])))
        self.size = 6 * WIDTHS[-1]

    def forward(self, maps):
        x = self.steps(maps)
        m = x.mean((2, 3))
        centred = x - m[:, :, None, None]
        z = torch.cat([m, (centred * centred).mean((2, 3)).add(1e-6).sqrt()], 1).reshape(-1, SAMPLES, 2 * WIDTHS[-1])
        zm = z.mean(1, keepdim=True)
        return torch.cat([z.mean(1), ((z - zm) ** 2).mean(1).add(1e-6).sqrt(), (z[:, 1:] - z[:, :-1]).abs().amax(1)], 1)


class Head(nn.Module):
    """Statistics [V, S] and trunk vector [V, 6 C] to encodings [V, D]: half linear, half not."""

    def __init__(self, statistics: int, trunk: int, dropout: float = 0.15):
        super().__init__()
        self.register_buffer("centre", torch.zeros(statistics))
        self.register_buffer("scale", torch.ones(statistics))
        self.drop = nn.Dropout(dropout)
        self.linear = nn.Linear(statistics, ENCODING // 2)
        self.hidden = nn.Linear(statistics + 48, 128)
        self.look = nn.Sequential(nn.BatchNorm1d(trunk), nn.Linear(trunk, 48))
        self.out = nn.Linear(128, ENCODING // 2)

    def forward(self, stats, trunk):
        x = ((stats - self.centre) / self.scale).clamp(-5, 5)
        t = self.look(trunk)
        hidden = F.relu(self.hidden(torch.cat([self.drop(x), t], 1)))
        return torch.cat([self.linear(x), self.out(hidden)], 1)


class Encoder(nn.Module):
    """The exported encoder: uint8 frames [24, H, W, 3] to an encoding [1, D]."""

    def __init__(self, trunk: Trunk, head: Head):
        super().__init__()
        self.statistics, self.trunk, self.head = Statistics(), trunk, head

    def forward(self, frames):
        stats, maps = self.statistics(frames.permute(0, 3, 1, 2).to(torch.float32) / 255)
        return self.head(stats, self.trunk(maps))


class Judge(nn.Module):
    """Encodings a, b [N, D] to logits (s, t) [N, outputs]; s > 0 says A, s < 0 says B, t says tie.

    s is a chain of odd functions of a - b, gated by functions of a + b and |a - b|: swapping the
    sides negates it exactly. t starts at a positive height for equal clips and only falls as they
    differ, so equal clips tie. Once `mixing` is on, a dimension's score also gains from its own
    criteria's scores, and the overall score from all of them, with weights that cannot be negative.
    """

    def __init__(self, gate: int = 96, first: int = 160, second: int = 96):
        super().__init__()
        self.gate = nn.Linear(2 * ENCODING, gate)
        self.open = nn.Linear(gate, first)
        self.first = nn.Linear(ENCODING, first, bias=False)
        self.second = nn.Linear(first, second, bias=False)
        self.win = nn.Linear(first + second, OUTPUTS, bias=False)
        self.tie = nn.Parameter(torch.full((OUTPUTS, first + second), -3.0))
        self.height = nn.Parameter(torch.full((OUTPUTS,), 2.0))
        self.mix = nn.Parameter(torch.full((len(CRITERIA), len(DIMENSIONS) + 1), -1.0))
        self.register_buffer("mixing", torch.zeros(()))
        seen = torch.tensor([c in CLAIMED for c in CRITERIA])
        own = torch.tensor([[d == k for k in range(len(DIMENSIONS))] + [True] for d in DIMENSION_OF])
        self.register_buffer("member", (own & seen[:, None]).float(), persistent=False)

    def forward(self, a, b):
        d, m = a - b, a + b
        q = F.relu(self.gate(torch.cat([d.abs(), m], 1)))
        one = torch.tanh(self.first(d)) * torch.sigmoid(self.open(q))
        both = torch.cat([one, torch.tanh(self.second(one))], 1)
        s = self.win(both)
        gain = torch.tanh(s[:, : len(CRITERIA)] / 2) @ (F.softplus(self.mix) * self.member)
        s = torch.cat([s[:, : len(CRITERIA)], s[:, len(CRITERIA) :] + self.mixing * gain], 1)
        t = 0.5 + F.softplus(self.height) - both.abs() @ F.softplus(self.tie).T
        return s, t


def probabilities(s, t):
    """A, tie, B [N, outputs, 3]; written so that a swap mirrors it bit for bit."""
    top = torch.maximum(s.abs(), t)
    a, tie, b = (s - top).exp(), (t - top).exp(), (-s - top).exp()
    total = (a + b) + tie
    return torch.stack([a / total, tie / total, b / total], -1)


class Verdict(nn.Module):
    """The exported judge: a, b [N, D] to criteria [N, 15, 3], dimensions [N, 3, 3], overall [N, 3]."""

    def __init__(self, judge: Judge):
        super().__init__()
        self.judge = judge

    def forward(self, a, b):
        p = probabilities(*self.judge(a, b))
        last = len(CRITERIA) + len(DIMENSIONS)
        return p[:, : len(CRITERIA)], p[:, len(CRITERIA) : last], p[:, last]
