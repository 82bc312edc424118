"""Small picture operations shared by the degradations. Pictures are float [n, 3, H, W] in 0..1."""

import math
from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F

_TO_YCC = torch.tensor([[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]])
_TO_RGB = torch.linalg.inv(_TO_YCC)
#: Luma's weights of R, G, B.
LUMA = _TO_YCC[0].numpy()


def to_ycc(x: torch.Tensor) -> torch.Tensor:
    """RGB to luma and centred chroma, [n, 3, H, W]."""
    return torch.einsum("ij,njhw->nihw", _TO_YCC, x)


def to_rgb(y: torch.Tensor) -> torch.Tensor:
    """The inverse of `to_ycc`, clipped to 0..1."""
    return torch.einsum("ij,njhw->nihw", _TO_RGB, y).clamp(0, 1)


def luma(x: torch.Tensor) -> torch.Tensor:
    """Luma [n, 1, H, W]."""
    return (x * _TO_YCC[0].view(1, 3, 1, 1)).sum(1, keepdim=True)


def at(strength: float, weak: float, middle: float, strong: float) -> float:
    """A parameter at a strength: 0 weak, 1 middle, 2 strong, in proportion between them and beyond."""
    low = int(min(max(strength, 0), 1))
    values = (weak, middle, strong)
    return values[low] + (values[low + 1] - values[low]) * (strength - low)


def per_frame(values, like: torch.Tensor) -> torch.Tensor:
    """One number per frame, shaped [n, 1, 1, 1]."""
    return torch.as_tensor(np.asarray(values), dtype=like.dtype).view(-1, 1, 1, 1)


@lru_cache(maxsize=64)
def _smoothing(length: int, sigma: float, shortest: int) -> torch.Tensor:
    """Matrix [length, length] that smooths along one axis, mirrored at its ends; the kernel fits the `shortest` axis."""
    radius = max(1, min(int(2.5 * sigma + 0.5), shortest - 1))
    offsets = torch.arange(-radius, radius + 1)
    kernel = torch.exp(-offsets.float() ** 2 / (2 * sigma * sigma))
    at = (torch.arange(length)[:, None] + offsets).abs()
    at = (length - 1) - (length - 1 - at).abs()
    return torch.zeros(length, length).scatter_add_(1, at, (kernel / kernel.sum()).expand(length, -1))


def gauss(x: torch.Tensor, sigma: float) -> torch.Tensor:
    """Gaussian blur with standard deviation `sigma` in pixels. As products: depthwise convolution is 20 times slower here."""
    h, w = x.shape[-2:]
    along, down = (_smoothing(n, float(sigma), min(h, w)) for n in (w, h))
    return down @ (x @ along.T)


def lowpass(x: torch.Tensor, factor: int) -> torch.Tensor:
    """A cheap wide blur: shrink by `factor`, enlarge smoothly."""
    size = [max(2, s // factor) for s in x.shape[-2:]]
    small = F.interpolate(x, size=size, mode="area")
    return F.interpolate(small, size=x.shape[-2:], mode="bicubic", align_corners=False)


def coordinates(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Pixel centres as (gx, gy) in -1..1, each [H, W]."""
    h, w = x.shape[-2:]
    gy, gx = torch.meshgrid((torch.arange(h) + 0.5) * 2 / h - 1, (torch.arange(w) + 0.5) * 2 / w - 1, indexing="ij")
    return gx.to(x.dtype), gy.to(x.dtype)


def sample(x: torch.Tensor, gx: torch.Tensor, gy: torch.Tensor) -> torch.Tensor:
    """Picture values at (gx, gy) [n or 1, H, W], mirrored at the borders."""
    grid = torch.stack([gx.expand(len(x), -1, -1), gy.expand(len(x), -1, -1)], dim=-1)
    return F.grid_sample(x, grid, mode="bilinear", padding_mode="reflection", align_corners=False)


def move(x: torch.Tensor, dx, dy, angle=0.0, zoom=1.0) -> torch.Tensor:
    """Shifts (pixels), rotates (radians) and zooms every frame; each a number or one per frame."""
    h, w = x.shape[-2:]
    gx, gy = coordinates(x)
    n = len(x)
    dx, dy, angle, zoom = (torch.as_tensor(np.broadcast_to(v, n).copy(), dtype=x.dtype).view(n, 1, 1)
                           for v in (dx, dy, angle, zoom))
    px, py = gx * (w / 2), gy * (h / 2)
    rx = (torch.cos(angle) * px - torch.sin(angle) * py) / zoom + dx
    ry = (torch.sin(angle) * px + torch.cos(angle) * py) / zoom + dy
    return sample(x, rx / (w / 2), ry / (h / 2))


def normal(rng: np.random.Generator, *shape: int) -> torch.Tensor:
    """Standard normal noise from the degradation's own generator."""
    return torch.from_numpy(rng.standard_normal(shape, dtype=np.float32))


def sign(rng: np.random.Generator) -> float:
    """-1 or 1."""
    return float(rng.choice([-1.0, 1.0]))


def rotate_hue(x: torch.Tensor, degrees) -> torch.Tensor:
    """Rotates chroma by an angle, one number or one per frame."""
    a = per_frame(np.broadcast_to(degrees, len(x)) * math.pi / 180, x)
    ycc = to_ycc(x)
    u, v = ycc[:, 1:2], ycc[:, 2:3]
    return to_rgb(torch.cat([ycc[:, :1], u * torch.cos(a) - v * torch.sin(a), u * torch.sin(a) + v * torch.cos(a)], 1))
