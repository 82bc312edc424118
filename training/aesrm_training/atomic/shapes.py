"""Objects as shaded pictures: a silhouette with heights, lit from a direction."""

import numpy as np

from .texture import surface

#: How much of the light comes from everywhere, and how much from its direction.
_AMBIENT = {"low": (0.10, 1.0), "middle": (0.35, 0.75), "high": (0.6, 0.45)}
_WIDTH = {"figure": 0.42, "ball": 1.0, "box": 0.8, "cone": 0.75, "vase": 0.6}


def _ellipse(u, v, cx, cy, rx, ry):
    """Distance from an ellipse's centre, 1 on its edge."""
    return np.sqrt(((u - cx) / rx) ** 2 + ((v - cy) / ry) ** 2)


def _outline(kind: str, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """0 at the heart of the shape, 1 on its edge, more outside; u, v in -1..1 over its box."""
    if kind == "ball":
        return _ellipse(u, v, 0, 0, 0.98, 0.98)
    if kind == "box":
        return np.maximum(np.abs(u) ** 3, np.abs(v) ** 3) ** (1 / 3) / 0.97
    if kind == "cone":
        return np.maximum(np.abs(u) / np.maximum(0.02, 0.48 * (v + 1)), np.abs(v) / 0.98)
    if kind == "vase":
        return np.maximum(np.abs(u) / (0.6 + 0.35 * np.sin(2.6 * v + 0.4)), np.abs(v) ** 6)
    head, trunk, neck = (0, -0.83, 0.36, 0.15), (0, -0.36, 0.88, 0.36), (0, -0.66, 0.22, 0.14)
    parts = [_ellipse(u, v, *part) for part in (head, trunk, neck)]
    parts += [_ellipse(u, v, side * 0.34, 0.44, 0.32, 0.56) for side in (-1, 1)]
    return np.minimum.reduce(parts)


def silhouette(kind: str, height: int) -> tuple[np.ndarray, np.ndarray]:
    """Cover [h, w] in 0..1 and normals [h, w, 3] (x right, y down, z to the viewer)."""
    h, w = max(6, height), max(4, round(height * _WIDTH[kind]))
    v, u = np.meshgrid(*(((np.arange(s) + 0.5) * 2 / s - 1).astype(np.float32) for s in (h, w)), indexing="ij")
    edge = _outline(kind, u, v)
    dy, dx = np.gradient(edge)
    steep = np.sqrt(dx * dx + dy * dy) + 1e-6
    cover = np.clip((1 - edge) / steep + 0.5, 0, 1)
    flat = np.clip(edge, 0, 0.98)
    normals = np.stack([dx / steep * flat, dy / steep * flat, np.sqrt(1 - flat * flat)], -1)
    return cover.astype(np.float32), normals.astype(np.float32)


def lit(normals: np.ndarray, light: tuple[float, float, float], key: str) -> np.ndarray:
    """Brightness [h, w] of a surface; light from behind leaves a bright rim."""
    ambient, direct = _AMBIENT[key]
    toward = np.array(light, np.float32) / np.linalg.norm(light)
    shade = ambient + direct * np.clip(normals @ toward, 0, None)
    if light[2] < 0:
        shade = 0.6 * ambient + 1.1 * direct * np.clip(1 - normals[..., 2], 0, 1) ** 3
    return shade


def pictured(rng: np.random.Generator, kind: str, height: int, colour: np.ndarray, light, key: str) -> np.ndarray:
    """An object `height` pixels tall: colour [h, w, 3] and cover, [h, w, 4], not multiplied with each other."""
    cover, normals = silhouette(kind, height)
    detail = 1 + 0.22 * surface(rng, *cover.shape)
    rgb = colour * (lit(normals, light, key) * detail)[..., None]
    return np.concatenate([np.clip(rgb, 0, 1.5), cover[..., None]], -1).astype(np.float32)
