"""Controlled edits of real clips: each knows only what it did.

An edit works on pictures x float [n, 3, H, W] in 0..1, of frame numbers at [n] counted from the middle of
the clip, and gives the same. What it did is a difference between the clip and its edited version; the
size of a difference is in the edit's own unit, so that its sign and its order count, not its size.
"""

from dataclasses import dataclass
from typing import Callable

import numpy as np
import torch

from ..degrade import BY_NAME
from ..degrade.ops import coordinates, luma, move
from .concepts import DAMAGE_LEVEL
from .grade import illuminant

#: Both versions are enlarged this much where an edit moves the view, so that it never sees past the picture.
MARGIN = 1.35
#: How far a view may move from the middle, as a share of the picture's side, and zoom, as a logarithm.
PAN_REACH, ZOOM_REACH = 0.12, 0.25
_MOVES = ("pan", "tilt", "zoom", "dolly")
_COLOUR = ("temperature", "saturation")


@dataclass(frozen=True)
class Edit:
    """One kind of edit: the level it changes, those it surely leaves alone, how it is drawn and made.

    `amount` draws a signed amount for a clip of n frames; `view` says that it moves the view.
    """

    name: str
    changes: str
    leaves: tuple[str, ...]
    amount: Callable[[np.random.Generator, int], float]
    apply: Callable | None = None
    view: bool = False

    def difference(self, amount: float) -> dict[str, float]:
        """What the edited version has more of than the clip."""
        return {self.changes: amount, **{name: 0.0 for name in self.leaves}}


def warm(x, at, amount, rng):
    """Warmer or cooler light at the same brightness."""
    gains = torch.from_numpy(illuminant(amount)).view(1, 3, 1, 1)
    y = x * gains
    return (y * (luma(x).mean() / luma(y).mean().clamp(min=1e-3))).clamp(0, 1)


def colourful(x, at, amount, rng):
    """Colours stretched away from grey, or pulled to it, by 2**amount."""
    grey = luma(x)
    return (grey + (x - grey) * 2**amount).clamp(0, 1)


def contrasty(x, at, amount, rng):
    """Tones stretched about the clip's mean, or pulled to it, by 2**amount."""
    middle = luma(x).mean()
    return (middle + (x - middle) * 2**amount).clamp(0, 1)


def side_light(x, at, amount, rng):
    """The left side lighter and the right side darker."""
    return (x * (1 - amount * coordinates(x)[0])).clamp(0, 1)


def top_light(x, at, amount, rng):
    """The upper part lighter and the lower darker."""
    return (x * (1 - amount * coordinates(x)[1])).clamp(0, 1)


def nearer(x, at, amount, rng):
    """Everything enlarged by 2**amount."""
    return move(x, 0, 0, 0, 2**amount)


def pan(x, at, amount, rng):
    """The view moves to the right by `amount` per cent of the width per frame."""
    return move(x, amount / 100 * x.shape[3] * at / MARGIN, 0, 0, MARGIN)


def tilt(x, at, amount, rng):
    """The view moves down by `amount` per cent of the width per frame."""
    return move(x, 0, amount / 100 * x.shape[3] * at / MARGIN, 0, MARGIN)


def zoom(x, at, amount, rng):
    """The view closes in by `amount` per cent per frame."""
    return move(x, 0, 0, 0, MARGIN * np.exp(amount / 100 * at))


def shake(x, at, amount, rng):
    """The view trembles by `amount` per cent of the width, standard deviation."""
    dx, dy = amount / 100 * x.shape[3] * rng.standard_normal((2, len(at))) / MARGIN
    return move(x, dx, dy, 0, MARGIN)


def steady(x):
    """What a view edit is compared with: the same enlargement, no move."""
    return move(x, 0, 0, 0, MARGIN)


def _either(low: float, high: float):
    """An amount of that size, up or down."""
    return lambda rng, n: float(rng.choice([-1, 1]) * rng.uniform(low, high))


def _between(low: float, high: float):
    """An amount between two, up only."""
    return lambda rng, n: float(rng.uniform(low, high))


def _flatter_or_steeper(rng, n):
    """Less contrast by any factor, or a little more: much more only clips."""
    return float(rng.choice([rng.uniform(-1.5, -0.3), rng.uniform(0.2, 0.6)]))


def reach_rate(reach: float):
    """A rate in per cent per frame that gets through a third to all of the reach in half a clip, up or down."""
    return lambda rng, n: float(rng.choice([-1, 1]) * rng.uniform(0.33, 1) * min(200 * reach / n, 2.0))


def _damage(name: str) -> Edit:
    """A kind of damage as an edit; its amount is its strength, 1..3."""
    leaves = {"warp": ("drops", "subject_size", *_COLOUR), "timing": ("subject_size", "noise", "blur", *_COLOUR)}
    usual = (*_MOVES, "drops", "subject_size")
    return Edit(name, DAMAGE_LEVEL[name], leaves.get(name) or leaves.get(BY_NAME[name].kind) or usual,
                lambda rng, n: float(rng.integers(1, 4)))


_STILL = (*_MOVES, "shake", "drops", "wobble", "subject_size")
EDITS = (
    Edit("warm", "temperature", _STILL, _either(0.25, 0.9), warm),
    Edit("colourful", "saturation", _STILL, _either(0.5, 2.0), colourful),
    Edit("contrasty", "tonal_range", _STILL, _flatter_or_steeper, contrasty),
    Edit("side_light", "light_x", _STILL, _either(0.25, 0.7), side_light),
    Edit("top_light", "light_y", _STILL, _between(0.25, 0.7), top_light),
    Edit("nearer", "subject_size", ("drops",), _between(0.3, 1.0), nearer),
    Edit("pan", "pan", ("tilt", "zoom", "dolly", "drops", *_COLOUR), reach_rate(PAN_REACH), pan, view=True),
    # the reach is a share of the width, and a wide picture is less high
    Edit("tilt", "tilt", ("pan", "zoom", "dolly", "drops", *_COLOUR), reach_rate(PAN_REACH / 2), tilt, view=True),
    Edit("zoom", "zoom", ("pan", "tilt", "drops", *_COLOUR), reach_rate(ZOOM_REACH), zoom, view=True),
    Edit("shake", "shake", ("zoom", "dolly", "drops", *_COLOUR), _between(0.3, 1.6), shake, view=True),
    *(_damage(name) for name in DAMAGE_LEVEL),
)
