"""Copies of a clip: those that harm it in a way everybody sees, and those that change nothing of its quality."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..clips import Clip
from ..decode import HARMLESS_CROPS, LOSSLESS_LOOKING, SECONDS, decode, recode
from ..degrade import BY_NAME, STRENGTHS, Degradation
from ..degrade.fidelity import over_sharpened
from ..degrade.ops import LUMA
from ..plan import constant_rate_indices
from ..views import Window, version

#: The part of the picture's height that each black bar covers.
BAR = 1 / 8
#: The very same pictures; Matroska cannot hold every codec's stream as it is (a GIF loses its frames).
SAME_PICTURES = ["-c:v", "ffv1"]


@dataclass(frozen=True)
class Harm:
    """A kind of harmful copy: the dimensions it harms, and the degradation that makes it (None: one of this file)."""

    name: str
    harms: tuple[str, ...]
    degradation: Degradation | None = None
    gated: bool = True  # False where the copy is not always worse: it stands in the table, and nothing depends on it

    @property
    def strengths(self) -> range:
        """The strengths at which it is made."""
        graded = self.degradation is not None and self.degradation.graded
        return range(len(STRENGTHS)) if graded else range(len(STRENGTHS) - 1, len(STRENGTHS))


#: Unlike "halo", which takes a soft clip's softness and leaves no halo, this shows halos on every clip.
OVER_SHARPENED = Degradation("over_sharpened", "vf.sharpness", [], "picture", over_sharpened)
HARMS = [
    Harm("frozen", ("VF", "VP"), BY_NAME["frozen"]),
    Harm("slowed", ("VF",), BY_NAME["slowed"]),
    Harm("blurred", ("VF",), BY_NAME["blur"]),
    Harm("over-sharpened", ("VF",), OVER_SHARPENED),
    Harm("sharpened by a fixed amount", ("VF",), BY_NAME["halo"], gated=False),
    Harm("over-saturated", ("VA",), BY_NAME["oversaturate"]),
    Harm("grey", ("VA",)),
    Harm("letterboxed", ("VP",)),
]
HARMLESS = ("re-encoded", "cropped by 1%", "shifted by one frame", "in another container")


def grey(frames: np.ndarray) -> np.ndarray:
    """Frames uint8 [n, H, W, 3] without colour."""
    y = np.clip(np.round(frames @ LUMA), 0, 255).astype(np.uint8)
    return np.repeat(y[..., None], 3, -1)


def letterboxed(frames: np.ndarray) -> np.ndarray:
    """Frames uint8 [n, H, W, 3] with black bars over their top and bottom."""
    out, bar = frames.copy(), max(1, round(BAR * frames.shape[1]))
    out[:, :bar] = out[:, -bar:] = 0
    return out


_MADE_HERE = {"grey": grey, "letterboxed": letterboxed}


def harmful(clip: Clip, harm: Harm, strength: int, seed: int) -> np.ndarray:
    """The plan's frames uint8 [24, H, W, 3] of a harmful copy."""
    window = Window.whole(clip.frames().shape)
    if harm.degradation is None:
        return _MADE_HERE[harm.name](version(clip, window, None, 0, 0, None))
    return version(clip, window, harm.degradation, strength, seed, None)


def _planned_frames(frames: np.ndarray) -> np.ndarray:
    """The plan's frames of a clip given by all its frames."""
    return frames[constant_rate_indices(len(frames))]


def harmless(clip: Clip, path: Path) -> dict[str, np.ndarray]:
    """The plan's frames of every harmless copy of the clip at `path`, in the order of HARMLESS."""
    with tempfile.TemporaryDirectory() as folder:
        coded = decode(recode(path, Path(folder) / "coded.mp4", LOSSLESS_LOOKING, SECONDS))
        moved = decode(recode(path, Path(folder) / "moved.mkv", SAME_PICTURES, SECONDS))
    # a clip of one frame has no frame to be shifted by
    shifted = clip.frames()[min(1, len(clip.frames()) - 1):]
    versions = (coded, decode(path, SECONDS, HARMLESS_CROPS["crop-centre"]), shifted, moved)
    return {name: _planned_frames(v) for name, v in zip(HARMLESS, versions)}
