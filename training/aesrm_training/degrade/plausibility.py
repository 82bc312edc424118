"""Degradations of composition, focal length, camera movement and richness; see aesthetics.py for the signature."""

import math

import numpy as np
import torch

from .ops import at, coordinates, gauss, lowpass, move, sample, sign


def tilt(x, t, rng, k):
    """A horizon that leans, enlarged so that no border shows."""
    angle = sign(rng) * at(k, 7, 14, 25) * math.pi / 180
    h, w = x.shape[-2:]
    ratio = max(h, w) / min(h, w)
    return move(x, 0, 0, angle, min(1.6, math.cos(angle) + ratio * abs(math.sin(angle))))


def off_centre(x, t, rng, k):
    """The subject pushed to a corner and cut by the frame."""
    h, w = x.shape[-2:]
    keep = at(k, 0.75, 0.6, 0.45)
    dx, dy = sign(rng) * (1 - keep) * w / 2, sign(rng) * (1 - keep) * h / 2
    return move(x, dx, dy, 0, 1 / keep)


def bars(x, t, rng, k):
    """Black bars over two opposite sides."""
    out, part = x.clone(), at(k, 1 / 14, 1 / 9, 1 / 6)
    across = rng.random() < 0.3
    out = out.transpose(2, 3) if across else out
    bar = max(1, round(part * out.shape[2]))
    out[:, :, :bar] = out[:, :, -bar:] = 0
    return out.transpose(2, 3) if across else out


def squeeze(x, t, rng, k):
    """Stretched along one axis, as with a wrong lens."""
    gx, gy = coordinates(x)
    factor = at(k, 0.75, 0.58, 0.42)
    return sample(x, (gx * factor)[None], gy[None]) if rng.random() < 0.5 else sample(x, gx[None], (gy * factor)[None])


def lens(x, t, rng, k):
    """Barrel or pincushion distortion."""
    gx, gy = coordinates(x)
    r2 = gx * gx + gy * gy
    amount = at(k, 0.2, 0.4, 0.8)
    scale = (1 + amount * r2) / (1 + amount) if rng.random() < 0.5 else (1 + amount) / (1 + amount * r2) * 0.75
    return sample(x, (gx * scale)[None], (gy * scale)[None])


def false_focus(x, t, rng, k):
    """Depth of field that follows a shape on the screen instead of the scene."""
    gx, gy = coordinates(x)
    cx, cy, radius = rng.uniform(-0.5, 0.5), rng.uniform(-0.5, 0.5), rng.uniform(0.4, 0.7)
    distance = ((gx - cx) ** 2 + (gy - cy) ** 2).sqrt()
    mask = torch.sigmoid((distance - radius) * 20)
    mask = mask if rng.random() < 0.5 else 1 - mask
    return x * (1 - mask) + gauss(x, at(k, 1.6, 3.0, 5.5)) * mask


def shake(x, t, rng, k):
    """A camera that trembles from frame to frame."""
    amount = at(k, 0.9, 2.2, 5.0)
    n = len(x)
    return move(x, amount * rng.standard_normal(n), amount * rng.standard_normal(n),
                amount * 0.003 * rng.standard_normal(n))


def jerky_pan(x, t, rng, k):
    """A pan that moves by jumps."""
    reach = at(k, 10, 22, 40)
    jumps = np.sort(rng.uniform(0, 1, 10))
    steps = np.searchsorted(jumps, t) / 10 + 0.05 * rng.standard_normal(len(t))
    a = rng.uniform(0, 2 * math.pi)
    offset = reach * (steps - steps.mean())
    return move(x, offset * math.cos(a), offset * math.sin(a))


def emptied(x, t, rng, k):
    """The picture's detail and layers replaced by plain areas."""
    gx, gy = coordinates(x)
    a, edge = rng.uniform(0, 2 * math.pi), at(k, 0.35, 0.0, -0.45)
    side = gx * math.cos(a) + gy * math.sin(a)
    mask = torch.sigmoid((side - edge) * 12)
    plain = lowpass(x, max(2, min(x.shape[-2:]) // 3)) * 0.4 + x.mean((2, 3), keepdim=True) * 0.6
    return (x * (1 - mask) + plain * mask).clamp(0, 1)


def simplified(x, t, rng, k):
    """Detail smoothed away while the main edges stay."""
    for _ in range(round(at(k, 2, 4, 7))):
        low = gauss(x, 2.0)
        keep = (((x - low).abs().mean(1, keepdim=True) - 0.04) * 25).clamp(0, 1)
        x = low * (1 - keep) + x * keep
    return x
