"""Versions of one clip: the look shared by a group's versions, and each version's damage."""

from dataclasses import dataclass

import numpy as np
import torch

from .clips import Clip
from .decode import variant_name
from .degrade import Degradation, degrade_pictures
from .degrade.ops import gauss, luma, move, rotate_hue
from .plan import constant_rate_indices

_DITHER = torch.tensor([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]) / 16 - 0.47


@dataclass(frozen=True)
class Window:
    """The part of a clip a group looks at: frame numbers [n] and a crop (top, left, height, width)."""

    frames: np.ndarray
    crop: tuple[int, int, int, int]

    @staticmethod
    def whole(shape: tuple[int, ...]) -> "Window":
        """The whole clip of shape [n, H, W, 3]."""
        return Window(np.arange(shape[0]), (0, 0, shape[1], shape[2]))

    @staticmethod
    def random(shape: tuple[int, ...], rng: np.random.Generator) -> "Window":
        """A random part in time (sometimes faster, slower or backwards) and space."""
        n, h, w = shape[:3]
        frames = np.arange(n)
        if n >= 32 and rng.random() < 0.4:
            frames = frames[:: int(rng.integers(2, 4))]
        if len(frames) > 12 and rng.random() < 0.4:
            length = int(rng.integers(12, len(frames) + 1))
            start = int(rng.integers(0, len(frames) - length + 1))
            frames = frames[start : start + length]
        if rng.random() < 0.25:
            frames = frames[::-1]
        if rng.random() < 0.05:
            frames = np.repeat(frames, 2)
        ch, cw = min(h, int(rng.choice([144, 192, 224]))), min(w, int(rng.choice([192, 224, 256])))
        ch, cw = ch // 16 * 16, cw // 16 * 16
        return Window(frames, (int(rng.integers(0, h - ch + 1)), int(rng.integers(0, w - cw + 1)), ch, cw))

    def cut(self, pictures: np.ndarray) -> np.ndarray:
        """The crop of pictures [n, H, W, 3]."""
        top, left, h, w = self.crop
        return np.ascontiguousarray(pictures[:, top : top + h, left : left + w])


def look(pictures: np.ndarray, seed: int) -> np.ndarray:
    """A random but common look for every version of a group: mirrored, regraded, softer, noisier, dithered."""
    rng = np.random.default_rng(seed)
    x = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255
    if rng.random() < 0.5:
        x = x.flip(3)
    if rng.random() < 0.3:
        x = move(x, 0, 0, 0, rng.uniform(1.05, 1.5))
    if rng.random() < 0.2:
        x = gauss(x, rng.uniform(0.4, 0.9))
    if rng.random() < 0.5:
        x = x.clamp(min=1e-4).pow(float(np.exp(rng.uniform(-0.3, 0.3))))
    if rng.random() < 0.4:
        grey = luma(x)
        x = rotate_hue((grey + (x - grey) * rng.uniform(0.5, 1.25)).clamp(0, 1), rng.uniform(-12, 12))
    if rng.random() < 0.3:
        x = x + torch.from_numpy(rng.standard_normal(x.shape, dtype=np.float32)) * rng.uniform(0.002, 0.015)
    if rng.random() < 0.35:
        levels = int(rng.choice([8, 16, 31]))
        h, w = x.shape[-2:]
        x = (x * levels + _DITHER.repeat(h // 4 + 1, w // 4 + 1)[:h, :w]).round() / levels
    return (x.clamp(0, 1) * 255).round().to(torch.uint8).permute(0, 2, 3, 1).contiguous().numpy()


def worn(pictures: np.ndarray, seed: int) -> np.ndarray:
    """What clips come to by being passed on: softer, and with noise or the dither of a small palette that is new in every
    picture, so that a copy with fewer pictures, or a smoother one, has less of it; scaling may take some of the finest."""
    rng = np.random.default_rng([seed, 1])
    x = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255
    if rng.random() < 0.5:
        x = gauss(x, rng.uniform(0.5, 1.6))
    noise = torch.from_numpy(rng.random((len(x), 1 if rng.random() < 0.5 else 3, *x.shape[2:]), dtype=np.float32)) - 0.5
    if rng.random() < 0.65:
        levels = float(rng.uniform(10, 48))
        x = (x * levels + noise).round() / levels
    else:
        x = x + noise * rng.uniform(0.02, 0.12)
    if rng.random() < 0.5:
        x = gauss(x, rng.uniform(0.25, 0.5))
    return (x.clamp(0, 1) * 255).round().to(torch.uint8).permute(0, 2, 3, 1).contiguous().numpy()


@dataclass(frozen=True)
class Look:
    """What every version of a group has in common beside its window: a seed of its look, and whether it is worn."""

    seed: int
    is_worn: bool = False

    def __call__(self, pictures: np.ndarray) -> np.ndarray:
        """Pictures [n, H, W, 3] with this look."""
        pictures = look(pictures, self.seed)
        return worn(pictures, self.seed) if self.is_worn else pictures


def show(clip: Clip, variant: str, window: Window, indices: np.ndarray, seen_as: Look | None) -> tuple:
    """Distinct pictures shown at the plan's `indices`, their numbers in time, and where each goes."""
    shown, places = np.unique(indices, return_inverse=True)
    stored = clip.frames(variant)
    pictures = window.cut(stored[np.minimum(window.frames[shown], len(stored) - 1)])
    return (seen_as(pictures) if seen_as else pictures), shown, places


def version(clip: Clip, window: Window, damage: Degradation | None, strength: float, seed: int, seen_as: Look | None,
            variant: str = "clean", clean: tuple | None = None) -> np.ndarray:
    """The plan's frames uint8 [24, H, W, 3] of one version; `damage` None is the clean one, or the cached `variant`.

    `clean` is what `show` gives of the clean version, where it is at hand.
    """
    n = len(window.frames)
    indices = constant_rate_indices(n)
    kind = damage.kind if damage else ""
    if kind == "timing":
        indices = damage.apply(n, np.random.default_rng(seed), strength)[indices]
    variant = variant_name(damage.name, strength) if kind == "codec" else variant
    same = clean is not None and kind != "timing" and variant == "clean"
    pictures, shown, places = clean if same else show(clip, variant, window, indices, seen_as)
    if kind == "picture":
        pictures = degrade_pictures(damage, pictures, shown / max(1, n - 1), seed, strength)
    return pictures[places]


def near_copy(frames: np.ndarray, seed: int) -> np.ndarray:
    """A version nobody would tell apart: a little noise, a hair brighter or darker."""
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal(frames.shape[1:], dtype=np.float32) * rng.uniform(0, 0.8)
    out = frames.astype(np.float32) * rng.uniform(0.99, 1.01) + noise
    return np.clip(np.round(out), 0, 255).astype(np.uint8)
