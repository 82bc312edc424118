"""The renderer: layers of a scene at their depths, seen by a moving camera, as frames."""

import colorsys
from dataclasses import dataclass
from typing import Callable

import numpy as np

from .grade import Grade, fitted
from .scene import LIGHTS, PALETTES, Scene, Thing
from .shapes import pictured
from .texture import fractal, resample, soften, surface

#: The backdrop is this many times the frame; beyond, it is mirrored.
_ROOM = 1.7
_BACKDROP_DEPTH = 8.0
_LIGHT_LEAN = 0.6


@dataclass(frozen=True)
class Layer:
    """A picture [h, w, 3 (opaque) or 4] at a depth; x, y is its middle, in pixels from the scene's origin."""

    picture: np.ndarray
    depth: float
    x: float
    y: float
    subject: bool = False

    def graded(self, grade: Callable) -> "Layer":
        """The layer with its colours graded, then multiplied by its cover."""
        rgb = grade(self.picture[..., :3])
        if self.picture.shape[2] == 4:
            cover = self.picture[..., 3:]
            rgb = np.concatenate([rgb * cover, cover], -1)
        return Layer(rgb.astype(np.float32), self.depth, self.x, self.y, self.subject)


def _hues(scene: Scene, rng: np.random.Generator) -> list[np.ndarray]:
    """The palette's three colours: of the surroundings, of the subject, of what is beside."""
    turns = [scene.hue, *((scene.hue + t) % 1 for t in PALETTES[scene.palette])]
    return [np.array(colorsys.hsv_to_rgb(turn, rng.uniform(0.55, 0.8), value), np.float32)
            for turn, value in zip(turns, (0.6, 0.85, 0.7))]


def _light_field(scene: Scene, h: int, w: int) -> np.ndarray:
    """How the light falls on the surroundings [h, w]: from its side, as a pool in front, or as a glow behind."""
    v, u = np.meshgrid(*(np.clip(np.linspace(-_ROOM, _ROOM, n), -1, 1) for n in (h, w)), indexing="ij")
    x, y, _ = LIGHTS[scene.light]
    if scene.light in ("left", "right", "top"):
        return 1 + _LIGHT_LEAN * (x * u + y * v)
    rest, glow, narrow = (0.75, 0.4, 1.2) if scene.light == "front" else (0.55, 0.9, 4.0)
    return rest + glow * np.exp(-narrow * (u * u + v * v))


def _backdrop(scene: Scene, rng: np.random.Generator, colours: list[np.ndarray]) -> Layer:
    """Sky or wall above the horizon, ground below it that grows finer towards the horizon."""
    h, w = (round(s * _ROOM) for s in scene.size)
    line = h / 2 + scene.horizon * scene.size[0]
    rows = np.arange(h, dtype=np.float32)
    above = 0.12 * fractal(rng, h, w, w / 5) + (0.15 * surface(rng, h, w) if rng.random() < 0.4 else 0)
    near = np.clip((rows - line) / (h - line), 0.02, 1)
    pattern = surface(rng, 160, 160)
    columns = (np.arange(w) - w / 2)[None] / (0.15 + 0.85 * near[:, None]) + 80
    a, b = np.mod(40 / (near + 0.15), 160).astype(int)[:, None], np.mod(columns, 160).astype(int)
    ground = pattern[a, b] * (0.06 + 0.16 * near[:, None])
    if scene.composition == "symmetric":
        above, ground = (v + v[:, ::-1] for v in (above, ground))
    below = (rows > line)[:, None, None]
    rgb = np.where(below, colours[2] * 0.7 * (1 + ground[..., None]), colours[0] * (1 + above[..., None]))
    picture = (rgb * _light_field(scene, h, w)[..., None]).astype(np.float32)
    return Layer(soften(picture, scene.background_blur), _BACKDROP_DEPTH, 0, 0)


def _padded(picture: np.ndarray, margin: int) -> np.ndarray:
    """The picture with a clear border, its colours carried on, so that blur and motion have room."""
    rgb = np.pad(picture[..., :3], ((margin, margin), (margin, margin), (0, 0)), mode="edge")
    return np.concatenate([rgb, np.pad(picture[..., 3:], ((margin, margin), (margin, margin), (0, 0)))], -1)


def _object(scene: Scene, rng: np.random.Generator, thing: Thing, colours: list[np.ndarray], subject: bool) -> Layer:
    """One object as a layer; what is not the subject is out of focus as the background is, less so when nearer."""
    height = scene.size[0]
    colour, light = colours[thing.colour], LIGHTS[scene.light]
    picture = pictured(rng, thing.kind, round(thing.height * height), colour, light, scene.key)
    sigma = 0.0 if subject else scene.background_blur * min(1.0, thing.depth / 4)
    picture = soften(_padded(picture, 2 + int(2.5 * sigma)), sigma)
    return Layer(picture, thing.depth, thing.x * height, thing.y * height, subject)


def _shadow(scene: Scene, thing: Thing) -> Layer:
    """A soft shadow on the ground, away from the light."""
    height = scene.size[0]
    h, w = max(4, round(0.12 * thing.height * height)), max(8, round(0.7 * thing.height * height))
    v, u = np.meshgrid(np.linspace(-1, 1, h), np.linspace(-1, 1, w), indexing="ij")
    cover = 0.6 * np.clip(1 - (u * u + v * v), 0, 1)
    picture = np.concatenate([np.full((h, w, 3), 0.02), cover[..., None]], -1).astype(np.float32)
    x = thing.x - 0.3 * thing.height * LIGHTS[scene.light][0]
    return Layer(picture, thing.depth, x * height, (thing.y + thing.height / 2) * height, thing.depth == 1.0)


def layers(scene: Scene) -> list[Layer]:
    """All layers from back to front, graded."""
    rng = np.random.default_rng(scene.seed)
    colours = _hues(scene, rng)
    out = [_backdrop(scene, rng, colours)]
    for thing in (*scene.props, *scene.subjects):
        # of a symmetric pair each half must be the same picture
        own = np.random.default_rng([scene.seed, round(1000 * abs(thing.x)), round(1000 * (2 + thing.y))])
        out += [_shadow(scene, thing), _object(scene, own, thing, colours, thing in scene.subjects)]
    grade = _grade(scene, out)
    return [layer.graded(grade) for layer in out]


def _grade(scene: Scene, stack: list[Layer]) -> Grade:
    """The grade that gives the clip's middle frame the scene's tones and colours."""
    def middle(grade: Callable) -> np.ndarray:
        return frame(scene, [layer.graded(grade) for layer in stack], (scene.frames - 1) // 2)

    first = fitted(middle(lambda rgb: rgb), scene.tones, scene.key, scene.temperature, scene.saturation)
    return first.settled(middle(first), scene.tones)


def _seen(layer: Layer, scale: float, x: float, y: float, size: tuple[int, int]):
    """Which rows and columns of the frame a layer covers, and where in its picture they lie."""
    out = []
    for n, middle, offset, extent in zip(size, (y, x), (layer.y, layer.x), layer.picture.shape):
        at = (np.arange(n) - middle) / scale - offset + (extent - 1) / 2
        inside = np.arange(n) if layer.picture.shape[2] == 3 else np.flatnonzero((at > -0.5) & (at < extent - 0.5))
        out.append((inside, at[inside]))
    return out


def frame(scene: Scene, stack: list[Layer], at: int) -> np.ndarray:
    """Frame number `at` [H, W, 3], float."""
    height, width = scene.size
    out = np.zeros((height, width, 3), np.float32)
    for layer in stack:
        scale, x, y = scene.camera.place(layer.depth, width, height, at)
        if layer.subject:
            x += scene.sway * np.sin(2 * np.pi * at / 17)
            if scene.follow and scene.camera.move in ("pan", "tilt"):
                x, y = x + scene.camera.x[at], y + scene.camera.y[at]
        (rows, v), (columns, u) = _seen(layer, scale, x, y, scene.size)
        if len(rows) == 0 or len(columns) == 0:
            continue
        picture = resample(layer.picture, v, u, mirror=layer.picture.shape[2] == 3)
        place = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        out[place] = picture if picture.shape[2] == 3 else out[place] * (1 - picture[..., 3:]) + picture[..., :3]
    return out


def render(scene: Scene, numbers: np.ndarray) -> np.ndarray:
    """The frames of these numbers: uint8 [len(numbers), H, W, 3], finely dithered so that no gradation bands."""
    stack = layers(scene)
    rng = np.random.default_rng([scene.seed, 1])
    out = np.empty((len(numbers), *scene.size, 3), np.uint8)
    dither = rng.uniform(-0.5, 0.5, out.shape[1:]).astype(np.float32)
    for i, number in enumerate(numbers):
        out[i] = np.clip(np.round(frame(scene, stack, int(number)) * 255 + dither), 0, 255)
    return out
