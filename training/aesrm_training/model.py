"""The encoder (one clip to one encoding) and the judge (two encodings to a verdict).

D is the encoding's size, S the number of statistics, V the number of clips. Outputs of the
judge are ordered as in the rubric: criteria, then VA, VF, VP, then overall.
"""

import torch
import torch.nn.functional as F
from torch import nn

from .kinship import Kinship
from .labels import OUTPUTS
from .logits import probabilities
from .rubric import CLAIMED, CRITERIA, DIMENSION_OF, DIMENSIONS
from .statistics import Statistics

ENCODING = 128
#: Where the statistics tell of repeated frames: the mean over positions of how surely one of a burst's steps is none.
REPEATED = 170
#: What that is for a clip that hardly moves, and for one that repeats a frame in every burst.
ALMOST_STILL, ALL_REPEATED = 0.96, 0.99
#: What a judge says at first of a clip that repeats a frame in every burst, in logits.
REPEATS_COST = 6.0


#: The outputs that repeated frames count for: flicker, fidelity, plausibility, overall.
_REPEATS = [CRITERIA.index("vf.flicker"), *(len(CRITERIA) + DIMENSIONS.index(d) for d in ("VF", "VP")), OUTPUTS - 1]


class Dropout(nn.Module):
    """Dropout whose draws are the CPU's on every device; on the CPU it is torch's own to the last bit."""

    def __init__(self, share: float):
        super().__init__()
        self.share = share

    def forward(self, x):
        if not self.training:
            return x
        kept = torch.empty(x.shape).bernoulli_(1 - self.share)
        return x * kept.div_(1 - self.share).to(x.device)


class Head(nn.Module):
    """Statistics [V, S] to encodings [V, D]: half linear, half not, and last whether every burst repeats a frame, 0..1."""

    def __init__(self, statistics: int, hidden: int = 160, dropout: float = 0.15):
        super().__init__()
        self.register_buffer("centre", torch.zeros(statistics))
        self.register_buffer("scale", torch.ones(statistics))
        self.drop = Dropout(dropout)
        self.linear = nn.Linear(statistics, ENCODING // 2)
        self.hidden = nn.Linear(statistics, hidden)
        self.out = nn.Linear(hidden, ENCODING // 2 - 1)

    def normalise(self, stats: list[torch.Tensor]) -> None:
        """Bakes the training set's centre and scale of every statistic in."""
        everything = torch.cat(stats)
        self.centre.copy_(everything.mean(0))
        self.scale.copy_(everything.std(0).clamp(min=1e-3))

    def scaled(self, stats):
        """Statistics about the training set's centre, in units of its scale."""
        return ((stats - self.centre) / self.scale).clamp(-5, 5)

    def forward(self, stats):
        x = self.scaled(stats)
        repeats = ((stats[:, REPEATED : REPEATED + 1] - ALMOST_STILL) / (ALL_REPEATED - ALMOST_STILL)).clamp(0, 1)
        return torch.cat([self.linear(x), self.out(F.relu(self.hidden(self.drop(x)))), repeats], 1)


class Heads(nn.Module):
    """Heads trained apart, side by side: statistics [V, S] to their encodings one after the other [V, n D]."""

    def __init__(self, heads: list[Head]):
        super().__init__()
        self.members = nn.ModuleList(heads)

    def scaled(self, stats):
        """Statistics in the scale of the first head."""
        return self.members[0].scaled(stats)

    def forward(self, stats):
        return torch.cat([head(stats) for head in self.members], 1)


class Encoder(nn.Module):
    """The exported encoder: uint8 frames [24, H, W, 3] to an encoding [1, D], and behind it what `describer` tells."""

    def __init__(self, head: Heads, describer: nn.Module | None = None):
        super().__init__()
        self.statistics, self.head, self.describer = Statistics(), head, describer

    def forward(self, frames):
        stats = self.statistics(frames.permute(0, 3, 1, 2).to(torch.float32) / 255)
        encoding = self.head(stats)
        if self.describer is None:
            return encoding
        return torch.cat([encoding, self.describer.told(self.head.scaled(stats))], 1)


class Judge(nn.Module):
    """Encodings a, b [N, D] to logits (s, t) [N, outputs]; s > 0 says A, s < 0 says B, t says tie.

    s is a chain of odd functions of a - b, gated by functions of a + b and |a - b|: swapping the
    sides negates it exactly. t starts at a positive height for equal clips and only falls as they
    differ, so equal clips tie. Once `mixing` is on, a dimension's score also gains from its own
    criteria's scores, and the overall score from all of them, with weights that cannot be negative.
    Repeated frames count against a clip whatever else is said of it: less motion looks like less
    flicker, most of all where there is much noise.
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
        self.repeats = nn.Parameter(torch.full((len(_REPEATS),), REPEATS_COST))
        self.register_buffer("mixing", torch.zeros(()))
        seen = torch.tensor([c in CLAIMED for c in CRITERIA])
        own = torch.tensor([[d == k for k in range(len(DIMENSIONS))] + [True] for d in DIMENSION_OF])
        self.register_buffer("member", (own & seen[:, None]).float(), persistent=False)
        self.register_buffer("repeating", torch.eye(OUTPUTS)[_REPEATS], persistent=False)

    def forward(self, a, b):
        d, m = a - b, a + b
        q = F.relu(self.gate(torch.cat([d.abs(), m], 1)))
        one = torch.tanh(self.first(d)) * torch.sigmoid(self.open(q))
        both = torch.cat([one, torch.tanh(self.second(one))], 1)
        s = self.win(both) + (b[:, -1:] - a[:, -1:]) * (F.softplus(self.repeats) @ self.repeating)
        gain = torch.tanh(s[:, : len(CRITERIA)] / 2) @ (F.softplus(self.mix) * self.member)
        s = torch.cat([s[:, : len(CRITERIA)], s[:, len(CRITERIA) :] + self.mixing * gain], 1)
        t = 0.5 + F.softplus(self.height) - both.abs() @ F.softplus(self.tie).T
        return s, t


class Jury(nn.Module):
    """Judges trained apart, each with its own part of the encodings a, b [N, n D]: their mean logits (s, t), calibrated.

    Sums are taken in one order, so that swapping the sides still negates s exactly. Where `kinship` is set, verdicts on two
    different clips are held back.
    """

    def __init__(self, judges: list[Judge]):
        super().__init__()
        self.members = nn.ModuleList(judges)
        self.register_buffer("sharpness", torch.ones(OUTPUTS))
        self.register_buffer("tie_shift", torch.zeros(OUTPUTS))
        self.kinship: Kinship | None = None

    def forward(self, a, b):
        parts = [judge(x, y) for judge, x, y in zip(self.members, a.split(ENCODING, 1), b.split(ENCODING, 1))]
        s, t = (sum(logits) / len(parts) for logits in zip(*parts))
        s, t = s * self.sharpness, t * self.sharpness + self.tie_shift
        if self.kinship is None:
            return s, t
        n = len(CRITERIA)
        verdicts = self.kinship(a, b, s[:, n:], t[:, n:])
        return torch.cat([s[:, :n], verdicts[0]], 1), torch.cat([t[:, :n], verdicts[1]], 1)


class Verdict(nn.Module):
    """The exported judge: encodings a, b [N, at least D], of which it reads D, to criteria [N, 15, 3], dimensions [N, 3, 3], overall [N, 3]."""

    def __init__(self, judge: Jury):
        super().__init__()
        self.judge, self.size = judge, ENCODING * len(judge.members)

    def forward(self, a, b):
        p = probabilities(*self.judge(a[:, : self.size], b[:, : self.size]))
        last = len(CRITERIA) + len(DIMENSIONS)
        return p[:, : len(CRITERIA)], p[:, len(CRITERIA) : last], p[:, last]
