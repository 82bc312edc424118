"""Camera moves: how the picture is displaced and enlarged at each frame of a clip.

Lengths are pixels of the rendered frame. A move is measured from the middle of the clip, where the
arrangement of the scene is as drawn.
"""

from dataclasses import dataclass

import numpy as np

MOVES = ("static", "pan", "tilt", "zoom", "dolly", "shake")
#: Slowest and fastest move, per cent of the width (zoom, dolly: of the size) per frame; a shake's deviation likewise.
RATES = {"pan": (0.25, 2.0), "tilt": (0.25, 1.6), "zoom": (0.25, 1.5), "dolly": (0.25, 1.5), "shake": (0.3, 1.6)}
#: No move goes farther than this share of the width, or this logarithm of the size, over half a clip.
REACH = {"pan": 0.45, "tilt": 0.3, "zoom": 0.45, "dolly": 0.4}


@dataclass(frozen=True)
class Camera:
    """A move of `n` frames: where the view looks in each, its zoom factor, its way forward (arrays [n])."""

    move: str
    rate: float  # signed, in the unit of the concept of the same name; 0 for static
    x: np.ndarray  # pixels, + to the right
    y: np.ndarray  # pixels, + down
    zoom: np.ndarray  # factor
    forward: np.ndarray  # in depths of the subject, 0 in the middle, < 1

    def place(self, depth: float, width: int, height: int, at: int) -> tuple[float, float, float]:
        """Scale, and the frame's x and y of the scene's origin, of a layer at `depth` subject depths, in frame `at`."""
        scale = float(self.zoom[at]) * depth / (depth - float(self.forward[at]))
        return scale, (width - 1) / 2 - float(self.x[at]), (height - 1) / 2 - float(self.y[at])


def drawn(rng: np.random.Generator, n: int, width: int) -> Camera:
    """A random move over `n` frames of a `width` pixel wide frame."""
    move = str(rng.choice(MOVES))
    if move == "static":
        return made(move, 0.0, n, width, rng)
    low, high = RATES[move]
    if move in REACH:
        high = min(high, 200 * REACH[move] / n)
    rate = float(np.exp(rng.uniform(np.log(low), np.log(max(low, high)))))
    return made(move, rate if move == "shake" else rate * float(rng.choice([-1, 1])), n, width, rng)


def made(move: str, rate: float, n: int, width: int, rng: np.random.Generator) -> Camera:
    """The move of that name at that signed rate; `rng` is used by a shake only."""
    t = np.arange(n) - (n - 1) / 2
    x, y, zoom, forward = np.zeros(n), np.zeros(n), np.ones(n), np.zeros(n)
    if move == "pan":
        x = t * rate / 100 * width
    elif move == "tilt":
        y = t * rate / 100 * width
    elif move == "zoom":
        zoom = np.exp(t * rate / 100)
    elif move == "dolly":
        forward = 1 - np.exp(-t * rate / 100)
    elif move == "shake":
        x, y = rate / 100 * width * rng.standard_normal((2, n))
    return Camera(move, rate, x, y, zoom, forward)


def known(camera: Camera) -> dict[str, float | str]:
    """What the move says of the concepts."""
    return {"camera_move": camera.move, **{name: camera.rate if name == camera.move else 0.0 for name in RATES}}
