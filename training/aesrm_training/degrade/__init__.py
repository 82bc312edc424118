"""Controlled degradations: what they do to a clip, and what they say about each criterion.

A degraded clip has one severity per criterion: 0 where it is clearly untouched, 1..3 where it
suffers, NaN where nobody could say. Two versions of the same clip are compared by severity.
"""

from dataclasses import dataclass, field
from typing import Callable

import numpy as np
import torch

from ..rubric import CLAIMED, CRITERIA, NOT_SEEN
from . import aesthetics as va
from . import fidelity as vf
from . import plausibility as vp
from . import timing

STRENGTHS = ("weak", "middle", "strong")
TRAINED_STRENGTHS = (0, 1, 2)
#: Strengths that no training pair has.
UNSEEN_STRENGTHS = (0.5, 1.5)


@dataclass(frozen=True)
class Degradation:
    """One kind of damage: the criterion it is worse on, the criteria it leaves unclear, how it is made."""

    name: str
    worse: str
    unclear: list[str]
    kind: str  # "picture", "timing" or "codec"
    apply: Callable | None = field(default=None, repr=False)
    graded: bool = True  # False where every strength is the same: a frozen clip is frozen
    harms: tuple[str, ...] = ()  # dimensions that everybody sees it harm, beside that of `worse`

    def severity(self, strength: float) -> np.ndarray:
        """Severity [criteria] at a strength of 0..2."""
        s = np.zeros(len(CRITERIA), np.float32)
        for name in [*self.unclear, *NOT_SEEN]:
            s[CRITERIA.index(name)] = np.nan
        s[CRITERIA.index(self.worse)] = strength + 1 if self.graded else len(STRENGTHS)
        return s


_LIGHT = ["va.lighting", "va.tone", "va.exposure"]
_DETAIL = ["vf.texture", "vf.artifacts", "vf.sharpness", "vp.richness"]
_FRAME = ["vp.composition", "vp.focal", "vp.richness", "vf.sharpness", "vf.texture", "va.color", *_LIGHT]
_MOTION = ["vp.camera", "vf.structure", "vf.texture", "vf.flicker"]
_COLOUR = ["va.lighting", "va.tone", "va.style", "vp.richness", "vf.artifacts"]

_PICTURES = [
    (va.hue_shift, "va.color", _COLOUR),
    (va.hue_drift, "va.color", [*_COLOUR, "vf.flicker"]),
    (va.cast, "va.color", [*_COLOUR, "va.exposure"]),
    (va.oversaturate, "va.color", _COLOUR),
    (va.desaturate, "va.color", [*_COLOUR, "vp.focal"]),
    (va.flat_light, "va.lighting", ["va.color", "va.tone", "va.exposure", "va.style", "vp.richness", "vp.composition", "vf.sharpness"]),
    (va.light_gradient, "va.lighting", ["va.color", "va.tone", "va.exposure", "va.style", "vf.flicker", "vp.composition", "vp.richness"]),
    (va.crush_blacks, "va.tone", ["va.color", "va.lighting", "va.exposure", "va.style", "vp.richness", "vp.composition", "vf.sharpness"]),
    (va.clip_highlights, "va.tone", ["va.color", "va.lighting", "va.exposure", "va.style", "vp.richness", "vp.composition", "vf.sharpness"]),
    (va.posterise, "va.tone", ["va.color", "va.lighting", "va.exposure", "va.style", *_DETAIL, "vf.flicker"]),
    (va.exposure_gain, "va.exposure", ["va.color", "va.lighting", "va.tone", "va.style", "vp.richness", "vp.composition", "vf.sharpness"]),
    (va.exposure_drift, "va.exposure", ["va.color", "va.lighting", "va.tone", "va.style", "vf.flicker", "vp.richness", "vf.sharpness"]),
    (va.style_switch, "va.style", ["va.color", *_LIGHT, *_DETAIL, "vf.flicker", "vf.structure", "vp.composition"]),
    (vf.warp, "vf.structure", ["vf.texture", "vf.flicker", "vf.sharpness", "vp.camera", "vp.focal", "vp.composition"]),
    (vf.boil, "vf.texture", ["vf.artifacts", "vf.sharpness", "vf.flicker", "vf.structure", "vp.richness"]),
    (vf.swim, "vf.texture", ["vf.artifacts", "vf.sharpness", "vf.flicker", "vf.structure", "vp.richness"]),
    (vf.blur, "vf.sharpness", ["vf.texture", "vf.artifacts", "vp.richness", "vp.focal"]),
    (vf.down_up, "vf.sharpness", ["vf.texture", "vf.artifacts", "vp.richness", "vp.focal"]),
    (vf.motion_blur, "vf.sharpness", ["vf.texture", "vf.artifacts", "vp.richness", "vp.focal", "vp.camera"]),
    (vf.halo, "vf.sharpness", ["vf.texture", "vf.artifacts", "vp.richness", "va.lighting", "va.tone", "va.style", "vf.flicker"]),
    (vf.grain, "vf.artifacts", ["vf.texture", "vf.sharpness", "vf.flicker", "vp.richness", "va.style", "va.color"]),
    (vf.banding, "vf.artifacts", ["va.tone", "va.color", "va.style", *_DETAIL, "vf.flicker"]),
    (vf.ghosting, "vf.artifacts", ["vf.sharpness", "vf.texture", "vf.structure", "vp.richness", "vp.composition", "va.lighting", "vp.focal"]),
    (vf.blocks, "vf.artifacts", ["vf.sharpness", "vf.texture", "vp.richness", "va.style"]),
    (vf.brightness_flicker, "vf.flicker", ["va.exposure", "va.lighting", "va.tone", "va.color", "va.style", "vf.texture"]),
    (vf.colour_flicker, "vf.flicker", ["va.color", "va.style", "va.tone", "vf.texture"]),
    (vp.tilt, "vp.composition", ["vp.focal", "vp.richness", "vf.sharpness", "vf.texture", *_LIGHT, "va.color"]),
    (vp.off_centre, "vp.composition", [*_FRAME, "vp.camera"]),
    (vp.bars, "vp.composition", [*_FRAME, "va.style", "vp.focal"]),
    (vp.squeeze, "vp.focal", [*_FRAME, "vp.camera", "vf.structure"]),
    (vp.lens, "vp.focal", [*_FRAME, "vp.camera", "vf.structure"]),
    (vp.false_focus, "vp.focal", ["vf.sharpness", "vf.texture", "vp.richness", "vp.composition"]),
    (vp.shake, "vp.camera", ["vf.structure", "vf.texture", "vf.flicker", "vf.sharpness", "vp.composition"]),
    (vp.jerky_pan, "vp.camera", ["vf.structure", "vf.texture", "vf.flicker", "vp.composition", *_LIGHT]),
    (vp.emptied, "vp.richness", ["va.color", *_LIGHT, "va.style", *_DETAIL, "vp.composition", "vp.focal"]),
    (vp.simplified, "vp.richness", ["vf.sharpness", "vf.texture", "vf.artifacts", "va.style", "vp.focal"]),
]

REGISTRY = [
    *(Degradation(f.__name__, worse, sorted(set(unclear) - {worse}), "picture", f) for f, worse, unclear in _PICTURES),
    *(Degradation(f.__name__, "vf.flicker", ["vp.camera", "vf.structure", "vf.texture"], "timing", f, f is not timing.frozen,
                  ("VP",) if f is timing.frozen else ())
      for f in (timing.duplicated, timing.dropped, timing.slowed, timing.frozen)),
    *(Degradation(name, "vf.artifacts", ["vf.sharpness", "vf.texture", "vf.flicker", "vf.structure", "vp.richness", "va.style"], "codec")
      for name in ("x264", "mpeg4")),
]
BY_NAME = {d.name: d for d in REGISTRY}


def planned(number: int, strengths: tuple[float, ...] = TRAINED_STRENGTHS) -> list[tuple[Degradation, float]]:
    """What clip `number` is put through: each criterion at each strength, its kinds of damage in turn."""
    by_criterion = {c: [d for d in REGISTRY if d.worse == c and d.graded] for c in CLAIMED}
    graded = [(kinds[(number + k) % len(kinds)], s) for kinds in by_criterion.values() for k, s in enumerate(strengths)]
    return graded + ([(d, len(STRENGTHS) - 1) for d in REGISTRY if not d.graded] if strengths == TRAINED_STRENGTHS else [])


def degrade_pictures(d: Degradation, frames: np.ndarray, t: np.ndarray, seed: int, strength: float) -> np.ndarray:
    """Applies a picture degradation to uint8 frames [n, H, W, 3] at times t [n] in 0..1; same seed, same result."""
    x = torch.from_numpy(np.ascontiguousarray(frames)).permute(0, 3, 1, 2).float() / 255
    y = d.apply(x, t, np.random.default_rng(seed), strength)
    return (y.clamp(0, 1) * 255).round().to(torch.uint8).permute(0, 2, 3, 1).contiguous().numpy()
