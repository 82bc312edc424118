"""The concepts and the label record.

A label record is float32 [CONCEPTS] with NaN where nothing is known: the class number of a class
concept, the amount of a level concept. A difference record has the same shape, holds levels only,
and says how the second version of a clip differs from the first.
"""

from dataclasses import dataclass

import numpy as np

from ..degrade import BY_NAME, STRENGTHS
from .camera import MOVES

#: Which level each kind of damage raises; strengths are 1 weak, 2 middle, 3 strong, and 0 is none.
DAMAGE_LEVEL = {
    "blur": "blur", "motion_blur": "blur", "down_up": "blur", "grain": "noise", "blocks": "blocking",
    "banding": "banding",
    "brightness_flicker": "flicker", "colour_flicker": "flicker", "boil": "boiling", "warp": "wobble",
    "duplicated": "drops", "dropped": "drops",
}
assert set(DAMAGE_LEVEL) <= set(BY_NAME)
NO_DAMAGE = "none"


@dataclass(frozen=True)
class Concept:
    """One concept: a class with named values, or (no values) a level with its unit and a typical size in that unit."""

    name: str
    values: tuple[str, ...] = ()
    unit: str = ""
    size: float = 1.0

    @property
    def is_class(self) -> bool:
        """Whether the label is a class number."""
        return bool(self.values)

    @property
    def outputs(self) -> int:
        """How many numbers predict it."""
        return len(self.values) or 1


CLASSES = (
    Concept("composition", ("centred", "thirds", "symmetric", "diagonal")),
    Concept("light_key", ("low", "high")),
    Concept("light_direction", ("left", "right", "top", "front", "back")),
    Concept("palette", ("monochrome", "analogous", "complementary", "triadic")),
    Concept("shot_scale", ("wide", "full", "medium", "close")),
    Concept("camera_move", MOVES),
    Concept("damage", (NO_DAMAGE, *DAMAGE_LEVEL)),
    Concept("cut", ("none", "cut")),
)
#: Signs: light_x + from the left; temperature + warm; pan + to the right; tilt + down; zoom and dolly + in.
MEASURES = (
    Concept("light_x", (), "-1..1", 0.7),
    Concept("light_y", (), "0..1 from above", 0.5),
    Concept("temperature", (), "-1..1", 0.5),
    Concept("saturation", (), "0..1", 0.3),
    Concept("tonal_range", (), "0..1 of luma", 0.2),
    Concept("subject_size", (), "log2 of subject's height over the frame's", 1.0),
    Concept("depth_of_field", (), "background blur, pixels", 2.0),
    Concept("pan", (), "per cent of the width per frame", 0.6),
    Concept("tilt", (), "per cent of the width per frame", 0.6),
    Concept("zoom", (), "per cent per frame", 0.6),
    Concept("dolly", (), "per cent of the subject's size per frame", 0.6),
    Concept("shake", (), "per cent of the width, standard deviation", 0.6),
)
STRENGTH_LEVELS = tuple(Concept(name, (), f"0..{len(STRENGTHS)}", 1.0) for name in dict.fromkeys(DAMAGE_LEVEL.values()))
LEVELS = MEASURES + STRENGTH_LEVELS
CONCEPTS = CLASSES + LEVELS
INDEX = {c.name: i for i, c in enumerate(CONCEPTS)}
OUTPUTS = sum(c.outputs for c in CONCEPTS)


def record(known: dict[str, float | str]) -> np.ndarray:
    """A label record from what is known, classes by their value's name. KeyError, ValueError for unknown names."""
    out = np.full(len(CONCEPTS), np.nan, np.float32)
    for name, value in known.items():
        concept = CONCEPTS[INDEX[name]]
        out[INDEX[name]] = concept.values.index(value) if concept.is_class else value
    return out


def difference(known: dict[str, float]) -> np.ndarray:
    """A difference record from what an edit changed (or, at 0, surely left alone). Raises ValueError for a class."""
    if any(CONCEPTS[INDEX[name]].is_class for name in known):
        raise ValueError("a class has no difference")
    return record(known)


def undamaged() -> dict[str, float | str]:
    """What is known of a clip without any damage."""
    return {"damage": NO_DAMAGE, **{c.name: 0.0 for c in STRENGTH_LEVELS}}
