"""What a rendered scene is made of, drawn at random, and what that says of the concepts."""

import math
from dataclasses import dataclass

import numpy as np

from . import camera as cameras
from .camera import Camera
from .concepts import CONCEPTS, INDEX, undamaged
from .grade import KEYS

SIZES = ((144, 256), (192, 256), (144, 192), (256, 144))
#: Height of a standing figure over the frame's height.
SHOTS = {"wide": (0.18, 0.32), "full": (0.5, 0.75), "medium": (0.95, 1.3), "close": (1.7, 2.3)}
LIGHTS = {"left": (-0.9, -0.2, 0.4), "right": (0.9, -0.2, 0.4), "top": (0.0, -0.95, 0.35), "front": (0.0, -0.1, 1.0),
          "back": (0.0, -0.3, -0.9)}
#: Hues of the further colours relative to the first, in turns.
PALETTES = {"monochrome": (0.0, 0.0), "analogous": (0.07, -0.07), "complementary": (0.5, 0.5),
            "triadic": (1 / 3, -1 / 3)}
FIGURE = "figure"
THINGS = ("ball", "box", "cone", "vase")
#: Below this saturation nobody can name the palette or the temperature.
COLOURLESS = 0.1
#: A subject that moves farther than this share of the frame over half a clip has no one place in the frame.
STAYS = 0.04


@dataclass(frozen=True)
class Thing:
    """One object: centre from the frame's middle, height (frame heights), depth (subject depths), colour's number."""

    kind: str
    x: float
    y: float
    height: float
    depth: float
    colour: int


@dataclass(frozen=True)
class Scene:
    """Everything a scene is rendered from; `things` from back to front, the subjects last."""

    size: tuple[int, int]
    frames: int
    composition: str
    shot: str
    subjects: tuple[Thing, ...]
    props: tuple[Thing, ...]
    horizon: float
    light: str
    key: str
    palette: str
    hue: float  # turns
    temperature: float
    saturation: float
    tones: tuple[float, float]
    background_blur: float  # pixels
    camera: Camera
    follow: bool  # the subject keeps its place in the frame while the camera pans or tilts
    sway: float  # pixels
    seed: int


def _subject(rng, kind: str, x: float, shot: str, aspect: float) -> Thing:
    """The one subject; from a medium shot on its feet are out of the frame, and its head is not."""
    height = rng.uniform(*SHOTS[shot])
    if shot in ("medium", "close"):
        y = height / 2 - rng.uniform(0.38, 0.46)
    else:
        y = min(rng.uniform(0.02, 0.2), 0.47 - height / 2)
    return Thing(kind, x * aspect, y, height, 1.0, 1)


def _arranged(rng, composition: str, shot: str, aspect: float) -> tuple[Thing, ...]:
    """The subjects, placed as the composition says; x in frame heights, `aspect` frame widths per height."""
    kind = FIGURE if rng.random() < 0.7 else str(rng.choice(THINGS))
    if composition == "centred":
        return (_subject(rng, kind, rng.uniform(-0.02, 0.02), shot, aspect),)
    if composition == "thirds":
        return (_subject(rng, kind, rng.choice([-1, 1]) * rng.uniform(0.15, 0.18), shot, aspect),)
    if composition == "symmetric":
        one = _subject(rng, kind, rng.uniform(0.2, 0.33), shot, aspect)
        return tuple(Thing(kind, side * one.x, one.y, one.height, 1.0, 1) for side in (-1, 1))
    rising, count = rng.choice([-1, 1]), int(rng.integers(3, 6))
    along = np.linspace(-0.34, 0.34, count)
    height = rng.uniform(*SHOTS[shot])
    return tuple(Thing(kind, a * aspect, rising * a, height, 1.0, 1) for a in along)


def _props(rng, composition: str, horizon: float, aspect: float) -> tuple[Thing, ...]:
    """Lesser objects that stand on the ground farther off; mirrored where the composition is symmetric."""
    count = int(rng.integers(0, 3)) if composition == "diagonal" else int(rng.integers(1, 5))
    out = []
    for _ in range(count):
        depth = rng.uniform(2.0, 4.5)
        height = rng.uniform(0.3, 0.6) / depth
        x = rng.uniform(-0.48, 0.48) * aspect
        kind, colour = str(rng.choice(THINGS)), int(rng.integers(0, 3))
        sides = (1, -1) if composition == "symmetric" else (1,)
        out += [Thing(kind, side * x, horizon + 0.25 / depth - height / 2, height, depth, colour) for side in sides]
    return tuple(sorted(out, key=lambda thing: -thing.depth))


def _colours(rng) -> dict:
    """Palette, its first hue, temperature and saturation; a warm scene has a warm first hue, a cool one a cool one."""
    temperature = float(rng.uniform(-1, 1))
    lean = 0.08 if temperature > 0 else 0.58
    spread = 0.5 if abs(temperature) < 0.25 else 0.1
    hue, palette = (lean + rng.uniform(-spread, spread)) % 1, str(rng.choice([*PALETTES]))
    saturation = 0.0 if rng.random() < 0.06 else float(rng.uniform(0.05, 0.9))
    return {"temperature": temperature, "hue": hue, "palette": palette, "saturation": saturation}


def _tones(rng, key: str) -> tuple[float, float]:
    """Where the darkest and lightest tones lie, in luma: a low key reaches down to black, a high key up to white."""
    span = rng.uniform(0.3, 0.93)
    low = {"low": rng.uniform(0.01, 0.06), "middle": rng.uniform(0.02, 0.98 - span),
           "high": rng.uniform(0.95, 0.99) - span}[key]
    return float(low), float(low + span)


def draw(rng: np.random.Generator) -> Scene:
    """A random scene."""
    size = SIZES[rng.integers(len(SIZES))]
    aspect, frames = size[1] / size[0], int(rng.integers(16, 81))
    composition = str(rng.choice(CONCEPTS[INDEX["composition"]].values))
    shots = {"symmetric": ("wide", "full"), "diagonal": ("wide",)}.get(composition, tuple(SHOTS))
    shot = str(rng.choice(shots))
    key = str(rng.choice([*KEYS]))
    thirds = composition == "thirds"
    horizon = float(rng.choice([-1, 1]) * rng.uniform(0.14, 0.19) if thirds else rng.uniform(-0.1, 0.12))
    return Scene(
        size=size, frames=frames, composition=composition, shot=shot, horizon=horizon,
        subjects=_arranged(rng, composition, shot, aspect), props=_props(rng, composition, horizon, aspect),
        light=str(rng.choice([*LIGHTS])), key=key, **_colours(rng), tones=_tones(rng, key),
        background_blur=0.0 if rng.random() < 0.4 else float(rng.uniform(0.8, 5)),
        camera=cameras.drawn(rng, frames, size[1]), follow=bool(rng.random() < 0.5),
        sway=float(rng.uniform(0.5, 2)) if rng.random() < 0.5 else 0.0, seed=int(rng.integers(2**31)))


def _stays(scene: Scene) -> bool:
    """Whether the subjects keep their place and size over the clip."""
    height, width = scene.size
    c = scene.camera
    if c.move in ("pan", "tilt"):
        return scene.follow or max(np.ptp(c.x), np.ptp(c.y)) < 2 * STAYS * width
    scales = [c.place(1.0, width, height, i)[0] for i in (0, scene.frames - 1)]
    return max(abs(math.log(s)) for s in scales) < 2 * STAYS


def _size(scene: Scene) -> float:
    """The subjects' mean size over the clip, log2 of the frame's height."""
    height, width = scene.size
    scales = [scene.camera.place(1.0, width, height, i)[0] for i in range(scene.frames)]
    return math.log2(scene.subjects[0].height) + float(np.mean(np.log2(scales)))


def labels(scene: Scene) -> dict[str, float | str]:
    """What is known of the scene, undamaged; what its motion, colour or subject leaves open is not in it."""
    out = {**undamaged(), **cameras.known(scene.camera), "cut": "none", "light_direction": scene.light,
           "saturation": scene.saturation, "tonal_range": scene.tones[1] - scene.tones[0], "subject_size": _size(scene),
           "depth_of_field": scene.background_blur,
           "light_x": -LIGHTS[scene.light][0] if scene.light in ("left", "right") else 0.0,
           "light_y": 0.95 if scene.light == "top" else 0.0}
    if scene.key in CONCEPTS[INDEX["light_key"]].values:
        out["light_key"] = scene.key
    if scene.saturation > COLOURLESS:
        out |= {"palette": scene.palette, "temperature": scene.temperature}
    if _stays(scene):
        out["composition"] = scene.composition
        if scene.subjects[0].kind == FIGURE:
            out["shot_scale"] = scene.shot
    return out
