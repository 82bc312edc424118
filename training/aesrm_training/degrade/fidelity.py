"""Degradations of structure, texture, sharpness, artifacts and steadiness; see aesthetics.py for the signature."""

import math

import numpy as np
import torch
import torch.nn.functional as F

from .ops import at, coordinates, gauss, luma, normal, per_frame, sample, sign, to_rgb, to_ycc

#: The least overshoot of an over-sharpened picture, weak to strong, in grey levels: what the amounts of `halo` give the
#: median of the training clips.
HALOS = (2.0, 6.0, 12.0)
#: What the amount is multiplied by until there is as much; a picture with no edges never shows it.
HALO_STEPS = tuple(2 ** (i / 4) for i in range(13))


def warp(x, t, rng, k):
    """Shapes that bend smoothly but without reason, differently from frame to frame."""
    h, w = x.shape[-2:]
    gx, gy = coordinates(x)
    cells = int(rng.integers(3, 7))
    rate = rng.uniform(0.4, 1.2) * 24
    fields = []
    for _ in range(2):
        p, q = normal(rng, 1, 1, cells, cells), normal(rng, 1, 1, cells, cells)
        phase = per_frame(rate * t + rng.uniform(0, 6), x)
        field = p * torch.sin(phase) + q * torch.cos(phase)
        fields.append(F.interpolate(field, size=(h, w), mode="bicubic", align_corners=False)[:, 0])
    amount = at(k, 1.3, 3.0, 6.0)
    return sample(x, gx + fields[0] * amount * 2 / w, gy + fields[1] * amount * 2 / h)


def boil(x, t, rng, k):
    """Surface detail that is new noise in every frame, stronger where there is texture."""
    n, _, h, w = x.shape
    noise = gauss(normal(rng, n, 1, h, w), 0.8)
    detail = gauss((x - gauss(x, 1.5)).abs().mean(1, keepdim=True), 2.0)
    weight = (0.5 + detail / (detail.mean() + 1e-3)).clamp(0, 2.5)
    return (x + noise * weight * at(k, 0.03, 0.06, 0.12)).clamp(0, 1)


def swim(x, t, rng, k):
    """Fine detail displaced at random in every frame while the broad shapes stay."""
    n, _, h, w = x.shape
    gx, gy = coordinates(x)
    low = gauss(x, 2.0)
    size = (max(2, h // 8), max(2, w // 8))
    shift = [F.interpolate(normal(rng, n, 1, *size), size=(h, w), mode="nearest")[:, 0] for _ in range(2)]
    amount = at(k, 0.8, 1.6, 3.0)
    detail = sample(x - low, gx + shift[0] * amount * 2 / w, gy + shift[1] * amount * 2 / h)
    return (low + detail).clamp(0, 1)


def blur(x, t, rng, k):
    """Soft focus over the whole picture."""
    return gauss(x, at(k, 0.8, 1.4, 2.6))


def down_up(x, t, rng, k):
    """Shrunk and enlarged again."""
    factor = at(k, 1.7, 2.6, 4.2)
    small = F.interpolate(x, size=[max(4, round(s / factor)) for s in x.shape[-2:]], mode="area")
    return F.interpolate(small, size=x.shape[-2:], mode="bilinear", align_corners=False)


def motion_blur(x, t, rng, k):
    """Smeared along one direction."""
    length, a = at(k, 2.5, 5.0, 10.0), rng.uniform(0, math.pi)
    gx, gy = coordinates(x)
    h, w = x.shape[-2:]
    steps = np.linspace(-0.5, 0.5, 5) * length
    parts = [sample(x, gx + s * math.cos(a) * 2 / w, gy + s * math.sin(a) * 2 / h) for s in steps]
    return sum(parts) / len(parts)


def halo(x, t, rng, k):
    """Oversharpened by a fixed amount, with halos along edges: fewer of them, or none, where the picture is soft."""
    return _unsharp(x, x - gauss(x, 1.5), _amount(k))


def over_sharpened(x, t, rng, k):
    """Oversharpened, with halos along edges: `halo`, by more where a soft picture would show less of them than most do."""
    detail, amount = x - gauss(x, 1.5), _amount(k)
    few, wanted = slice(None, None, max(1, len(x) // 6)), at(k, *HALOS) / 255
    for stronger in HALO_STEPS:
        if overshoot(x[few], _unsharp(x[few], detail[few], amount * stronger)) >= wanted:
            break
    return _unsharp(x, detail, amount * stronger)


def _amount(k: float) -> float:
    """How much of its detail a picture is given on top."""
    return at(k, 1.0, 2.2, 4.5)


def _unsharp(x: torch.Tensor, detail: torch.Tensor, amount: float) -> torch.Tensor:
    """The picture with its detail made stronger."""
    return (x + detail * amount).clamp(0, 1)


def overshoot(x: torch.Tensor, y: torch.Tensor) -> float:
    """How far the luma of y leaves the range that x has within two pixels, on average over all pixels, in 0..1."""
    before, after = luma(x), luma(y)
    high, low = F.max_pool2d(before, 5, 1, 2), -F.max_pool2d(-before, 5, 1, 2)
    return float((F.relu(after - high) + F.relu(low - after)).mean())


def grain(x, t, rng, k):
    """Coarse sensor noise, luma and chroma."""
    n, _, h, w = x.shape
    return (x + normal(rng, n, 3, h, w) * at(k, 0.025, 0.05, 0.1)).clamp(0, 1)


def banding(x, t, rng, k):
    """Smooth areas broken into bands, in luma and chroma, edges kept."""
    low = gauss(x, 2.0)
    levels = at(k, 24, 14, 8)
    return ((low * levels).round() / levels + (x - low) * 0.5).clamp(0, 1)


def ghosting(x, t, rng, k):
    """A displaced, fainter copy over the picture."""
    h, w = x.shape[-2:]
    gx, gy = coordinates(x)
    dx, dy = sign(rng) * rng.uniform(4, 12), sign(rng) * rng.uniform(0, 6)
    mix = at(k, 0.18, 0.3, 0.45)
    return x * (1 - mix) + sample(x, gx + dx * 2 / w, gy + dy * 2 / h) * mix


def blocks(x, t, rng, k):
    """Block compression at the plan's scale: 8x8 blocks keep only their coarse content in patches."""
    ycc = to_ycc(x)
    size = 8
    h, w = x.shape[-2:]
    ph, pw = -h % size, -w % size
    padded = F.pad(ycc, (0, pw, 0, ph), mode="replicate")
    coarse = F.avg_pool2d(padded, size // 2) if k < 0.5 else F.avg_pool2d(padded, size)
    flat = F.interpolate(coarse, size=padded.shape[-2:], mode="nearest")
    mix = at(k, 0.45, 0.55, 0.8)
    return to_rgb((padded * (1 - mix) + flat * mix)[..., :h, :w])


def brightness_flicker(x, t, rng, k):
    """Brightness that jumps from frame to frame."""
    return (x * per_frame(1 + at(k, 0.05, 0.11, 0.22) * rng.standard_normal(len(x)), x)).clamp(0, 1)


def colour_flicker(x, t, rng, k):
    """Colour that jumps from frame to frame."""
    ycc = to_ycc(x)
    for c in (1, 2):
        ycc[:, c : c + 1] += per_frame(at(k, 0.02, 0.045, 0.09) * rng.standard_normal(len(x)), x)
    return to_rgb(ycc)
