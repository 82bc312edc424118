"""Procedural surfaces and a separable picture sampler. Pictures are float32 [h, w] or [h, w, channels]."""

import numpy as np


def _two_taps(at: np.ndarray, size: int, mirror: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lower and upper neighbour of places `at`, and the share of the upper; outside mirrored or held."""
    low = np.floor(at).astype(np.int64)
    share = (at - low).astype(np.float32)
    pair = []
    for i in (low, low + 1):
        if mirror:
            i = np.mod(i, 2 * size)
            i = np.where(i < size, i, 2 * size - 1 - i)
        pair.append(np.clip(i, 0, size - 1))
    return pair[0], pair[1], share


def resample(picture: np.ndarray, rows: np.ndarray, columns: np.ndarray, mirror: bool = False) -> np.ndarray:
    """Bilinear values at every (row, column): [len(rows), len(columns), ...], without rotation and so in two passes."""
    a, b, share = _two_taps(rows, picture.shape[0], mirror)
    share = share.reshape(-1, *[1] * (picture.ndim - 1))
    tall = picture[a] * (1 - share) + picture[b] * share
    a, b, share = _two_taps(columns, picture.shape[1], mirror)
    share = share.reshape(-1, *[1] * (picture.ndim - 2))
    return tall[:, a] * (1 - share) + tall[:, b] * share


def resize(picture: np.ndarray, height: int, width: int) -> np.ndarray:
    """The picture stretched to another size."""
    h, w = picture.shape[:2]
    return resample(picture, (np.arange(height) + 0.5) * h / height - 0.5, (np.arange(width) + 0.5) * w / width - 0.5)


def fractal(rng: np.random.Generator, height: int, width: int, cell: float, octaves: int = 3) -> np.ndarray:
    """Value noise in about -1..1 whose coarsest features are `cell` pixels wide."""
    out, amount = np.zeros((height, width), np.float32), 1.0
    for _ in range(octaves):
        grid = rng.uniform(-1, 1, (max(2, round(height / cell)), max(2, round(width / cell)))).astype(np.float32)
        out += amount * resize(grid, height, width)
        cell, amount = max(2.0, cell / 2.3), amount * 0.6
    return out / 1.5


def surface(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """A pattern in about -1..1: rough, striped, chequered or spotted, each a little irregular."""
    rough = fractal(rng, height, width, rng.uniform(8, 30))
    y, x = np.mgrid[:height, :width].astype(np.float32)
    period = rng.uniform(7, 20)
    kind = rng.integers(4)
    if kind == 0:
        return rough
    along, across = np.sin(2 * np.pi * (x + 3 * rough) / period), np.sin(2 * np.pi * (y + 3 * rough) / period)
    pattern = (along, np.sign(along * across), np.clip(4 * (along * across - 0.4), -1, 1))[kind - 1]
    return (0.6 * pattern + 0.5 * rough).astype(np.float32)


def soften(picture: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian blur with standard deviation `sigma` in pixels, edges held."""
    if sigma < 0.2:
        return picture
    radius = int(np.ceil(2.5 * sigma))
    weights = np.exp(-(np.arange(-radius, radius + 1) ** 2) / (2 * sigma * sigma)).astype(np.float32)
    weights /= weights.sum()
    for axis in (0, 1):
        pad = [(radius, radius) if a == axis else (0, 0) for a in range(picture.ndim)]
        wide, n = np.pad(picture, pad, mode="edge"), picture.shape[axis]
        picture = sum(w * np.take(wide, range(i, i + n), axis) for i, w in enumerate(weights))
    return picture
