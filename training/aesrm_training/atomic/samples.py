"""Samples: the plan's frames of one clip, or of a clip and its edited version, with what is known of them.

A sample is a pure function of seed, number and (for real clips) the list of clips.
"""

from dataclasses import dataclass

import numpy as np
import torch

from ..clips import Clip
from ..degrade import BY_NAME, degrade_pictures
from ..degrade.ops import move
from ..plan import constant_rate_indices
from ..views import Look, Window, show, version
from . import camera as cameras
from .concepts import DAMAGE_LEVEL, difference, record
from .edits import EDITS, MARGIN, PAN_REACH, ZOOM_REACH, Edit, reach_rate, steady
from .render import render
from .scene import Scene, draw, labels

#: What a kind of damage makes unknowable, beyond what it is about.
_HIDES = {
    "blur": ("depth_of_field",), "motion_blur": ("depth_of_field", "shake"), "down_up": ("depth_of_field",),
    "grain": ("saturation", "palette"), "brightness_flicker": ("tonal_range", "light_key"),
    "colour_flicker": ("saturation", "temperature", "palette"), "warp": ("shake",),
    "duplicated": tuple(cameras.RATES), "dropped": tuple(cameras.RATES),
}
#: A change from frame to frame, in grey levels, below which dropped frames cannot be seen.
_STILL = 1.0
_UNMOVED = ("flicker", "boiling", "wobble", "drops")


@dataclass(frozen=True)
class Sample:
    """Frames uint8 [V, 24, H, W, 3] of V = 1 or 2 versions, label records [V, CONCEPTS], and how the second differs."""

    frames: np.ndarray
    labels: np.ndarray
    difference: np.ndarray
    made: str  # "rendered", "still" or the edit's name


def _alone(frames: np.ndarray, known: dict, made: str) -> Sample:
    """A sample of one version."""
    return Sample(frames[None], record(known)[None], record({}), made)


def _distinct(indices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distinct frame numbers, and where in them each of the plan's frames is."""
    return np.unique(indices, return_inverse=True)


def _moves(scene: Scene) -> bool:
    """Whether a held frame of the scene would be seen."""
    return scene.camera.move != "static" or scene.sway > 0


def _pick_damage(rng: np.random.Generator, scene: Scene):
    """No damage in half of all cases; else one that can be seen in the scene."""
    names = [n for n in DAMAGE_LEVEL if BY_NAME[n].kind != "timing" or _moves(scene)]
    return BY_NAME[str(rng.choice(names))] if rng.random() < 0.5 else None


def rendered(seed: int, number: int, clips: tuple[Clip, ...] = ()) -> Sample:
    """A rendered scene, half of them damaged, one in ten with a cut to another scene; uses no clips."""
    rng = np.random.default_rng([seed, number])
    scene = draw(rng)
    known, damage = labels(scene), _pick_damage(rng, scene)
    strength, damage_seed, n = int(rng.integers(3)), int(rng.integers(2**31)), scene.frames
    indices = constant_rate_indices(n)
    if damage and damage.kind == "timing":
        indices = damage.apply(n, np.random.default_rng(damage_seed), strength)[indices]
    shown, places = _distinct(indices)
    frames = render(scene, shown)
    if rng.random() < 0.1:
        frames = _cut(rng, scene, frames, shown)
        known = {name: known[name] for name in _UNMOVED} | {"cut": "cut", "noise": 0.0, "blur": 0.0}
    if damage:
        known = {k: v for k, v in known.items() if k not in _HIDES.get(damage.name, ())}
        known |= {"damage": damage.name, DAMAGE_LEVEL[damage.name]: strength + 1}
        if damage.kind == "picture":
            frames = degrade_pictures(damage, frames, shown / (n - 1), damage_seed, strength)
    return _alone(frames[places], known, "rendered")


def _cut(rng: np.random.Generator, scene: Scene, frames: np.ndarray, shown: np.ndarray) -> np.ndarray:
    """The frames, from somewhere in the middle half on those of another scene of the same size."""
    other = draw(rng)
    while other.size != scene.size:
        other = draw(rng)
    after = shown >= rng.uniform(0.25, 0.75) * scene.frames
    out = frames.copy()
    out[after] = render(other, np.minimum(shown[after], other.frames - 1))
    return out


def edited(seed: int, number: int, clips: tuple[Clip, ...]) -> Sample:
    """A real clip and its edited version."""
    rng = np.random.default_rng([seed, number])
    clip, edit = clips[rng.integers(len(clips))], EDITS[rng.integers(len(EDITS))]
    window = Window.random(clip.frames().shape, rng)
    amount = edit.amount(rng, len(window.frames))
    look_seed, seed_of_edit = (int(v) for v in rng.integers(2**31, size=2))
    if edit.apply is None:
        pair = [version(clip, window, d, int(amount) - 1, seed_of_edit, Look(look_seed)) for d in (None, BY_NAME[edit.name])]
    else:
        pair = _pictures_edited(clip, window, edit, amount, Look(look_seed), seed_of_edit)
    known = edit.difference(amount)
    if edit.changes == "drops" and _change(pair[0]) < _STILL:
        known.pop("drops")
    return Sample(np.stack(pair), np.stack([record({})] * 2), difference(known), edit.name)


def _change(frames: np.ndarray) -> float:
    """Mean change from one plan frame to the next, grey levels."""
    return float(np.abs(np.diff(frames[:, ::4, ::4].astype(np.int16), axis=0)).mean())


def _pictures_edited(clip: Clip, window: Window, edit: Edit, amount: float, seen_as: Look,
                     seed: int) -> list[np.ndarray]:
    """The plan's frames of a clip and of its version under an edit of pictures."""
    pictures, shown, places = show(clip, "clean", window, constant_rate_indices(len(window.frames)), seen_as)
    x = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255
    at = shown - (len(window.frames) - 1) / 2
    versions = (steady(x) if edit.view else x, edit.apply(x, at, amount, np.random.default_rng(seed)))
    return [_bytes(v)[places] for v in versions]


def _bytes(x: torch.Tensor) -> np.ndarray:
    """Pictures float [n, 3, H, W] in 0..1 as uint8 [n, H, W, 3]."""
    return (x.clamp(0, 1) * 255).round().to(torch.uint8).permute(0, 2, 3, 1).contiguous().numpy()


def _still_camera(rng: np.random.Generator, n: int, width: int) -> cameras.Camera:
    """A move that a flat picture can be seen under: no dolly, which needs depth."""
    name = str(rng.choice([m for m in cameras.MOVES if m != "dolly"]))
    rate = {"static": lambda r, n: 0.0, "pan": reach_rate(PAN_REACH), "tilt": reach_rate(PAN_REACH / 2),
            "zoom": reach_rate(ZOOM_REACH), "shake": lambda r, n: float(r.uniform(*cameras.RATES["shake"]))}[name]
    return cameras.made(name, rate(rng, n), n, width, rng)


def still(seed: int, number: int, clips: tuple[Clip, ...]) -> Sample:
    """One frame of a real clip under a made-up camera, one in four with a cut to a frame of another clip.

    As nothing in it moves but the camera, the move is known absolutely, and there is nothing that flickers.
    """
    rng = np.random.default_rng([seed, number])
    cut, n = rng.random() < 0.25, int(rng.integers(16, 49))
    one, other = (clips[i].frames() for i in rng.integers(len(clips), size=2))
    window = Window.random(one.shape, rng)
    picture = window.cut(one[rng.integers(len(one))][None])
    camera = _still_camera(rng, n, picture.shape[2])
    shown, places = _distinct(constant_rate_indices(n))
    x = torch.from_numpy(picture.astype(np.float32)).permute(0, 3, 1, 2).expand(len(shown), -1, -1, -1) / 255
    if cut:
        second = torch.from_numpy(other[rng.integers(len(other))][None].astype(np.float32)).permute(0, 3, 1, 2) / 255
        second = torch.nn.functional.interpolate(second, size=x.shape[-2:], mode="bilinear", align_corners=False)
        after = torch.from_numpy(shown >= rng.uniform(0.25, 0.75) * n).view(-1, 1, 1, 1)
        x = torch.where(after, second, x)
    seen = move(x, camera.x[shown] / MARGIN, camera.y[shown] / MARGIN, 0, MARGIN * camera.zoom[shown])
    known = {**cameras.known(camera), **{name: 0.0 for name in _UNMOVED}, "cut": "cut" if cut else "none"}
    return _alone(_bytes(seen)[places], known, "still")
