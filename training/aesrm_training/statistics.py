"""Hand-made statistics of the 24 frames, as graph operations: they carry most of what the model knows.

Everything is written with slices, means and fixed products, so that it exports to plain ONNX
operators and works for any size from 8 x 8 up. V is the number of clips, P the number of
values per sample position, S = 4 * P.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

from .plan import BURST, SAMPLES
from .stat_motion import motion_statistics
from .stat_ops import log, mean, spread

_HUES = 8
_BINS = 12


def _palette(y, cb, cr):
    """Tone and colour: moments, clipped shares, histograms of luma and hue."""
    sat = (cb * cb + cr * cr + 1e-6).sqrt()
    ym, cbm, crm = mean(y), mean(cb), mean(cr)
    out = [ym, spread(y), cbm, crm, log(spread(cb)), log(spread(cr)), mean((y - ym.view(-1, 1, 1, 1)) ** 3) * 20]
    out += [log(mean(sat)), log(spread(sat)), mean((sat * 8 - 1).clamp(0, 1)), mean((sat * 8 - 2).clamp(0, 1))]
    out += [log(cbm * cbm + crm * crm, 1e-5) - 2 * log(mean(sat)), cbm.abs(), crm.abs(), mean(cb * cr) * 50]
    for edge in (0.016, 0.08, 0.2):
        out += [mean((edge - y).clamp(min=0)) / edge, mean((y - 1 + edge).clamp(min=0)) / edge]
    angles = [2 * math.pi * i / _HUES for i in range(_HUES)]
    out += [log(mean((cb * math.cos(a) + cr * math.sin(a)).clamp(min=0))) for a in angles]
    share = [mean((1 - (y[..., ::2, ::2] * (_BINS - 1) - i).abs()).clamp(min=0)) for i in range(_BINS)]
    entropy = -sum(p * (p + 1e-4).log() for p in share)
    return [*out, entropy, *(log(p, 3e-3) for p in share)]


def _channel_ends(rgb):
    """Shares of pixels with a channel at either end of the range, and the largest values."""
    low, high = rgb.amin(1, keepdim=True), rgb.amax(1, keepdim=True)
    ends = [mean((1 - low * 85).clamp(0, 1)), mean((high * 85 - 84).clamp(0, 1))]
    return [*ends, *(log(e, 3e-3) for e in ends), mean(high), mean(low), log(mean(high - low))]


def _detail(y, deep: bool):
    """Gradient, curvature and noise energies of one scale; `deep` adds what needs at least 8 pixels."""
    gx, gy = y[..., :, 1:] - y[..., :, :-1], y[..., 1:, :] - y[..., :-1, :]
    ax, ay = mean(gx.abs()), mean(gy.abs())
    vx, vy = mean(gx * gx), mean(gy * gy)
    out = [log(ax + ay), log(ax) - log(ay), log(vx + vy, 1e-6), log(vx + vy, 1e-6) - 2 * log(ax + ay)]
    if not deep:
        return out
    out += [mean((1 - gx.abs() * 400).clamp(min=0)), mean((1 - gy.abs() * 400).clamp(min=0))]
    lx, ly = gx[..., :, 1:] - gx[..., :, :-1], gy[..., 1:, :] - gy[..., :-1, :]
    curve = mean(lx.abs()) + mean(ly.abs())
    power = mean(lx * lx) + mean(ly * ly)
    cross = lx[..., 1:, :] - lx[..., :-1, :]
    noise = (cross[..., 1:, :] - cross[..., :-1, :]).abs()
    calm = 1 / (1 + (20 * (gx[..., 1:-1, 1:].abs() + gx[..., 1:-1, :-1].abs())) ** 4)
    out += [log(curve), log(curve) - log(ax + ay), log(power, 1e-6) - 2 * log(curve), log(mean(lx.abs())) - log(mean(ly.abs()))]
    out += [log(mean(noise)), log(mean(noise * calm)) - log(mean(calm)), log(mean(noise)) - log(curve)]
    for lag in (1, 2, 3, 4):
        out += [mean(gx[..., :, lag:] * gx[..., :, :-lag]) / (vx + 1e-6), mean(gy[..., lag:, :] * gy[..., :-lag, :]) / (vy + 1e-6)]
    return out


def _directions(y):
    """Gradient directions: along or across, diagonal, and how far they lean from both."""
    gx, gy = y[..., 1:, 1:] - y[..., 1:, :-1], y[..., 1:, 1:] - y[..., :-1, 1:]
    w = gx * gx + gy * gy + 1e-7
    m = w.sqrt()
    c2, s2 = (gx * gx - gy * gy) / w, 2 * gx * gy / w
    total = mean(m)
    parts = [mean(m * v) / total for v in (c2, s2, c2 * c2 - s2 * s2, 2 * c2 * s2)]
    strong = mean(w * (c2 * c2 - s2 * s2)) / mean(w)
    return [*parts, parts[1].abs(), parts[3].abs(), strong, mean(m * s2.abs()) / total]


def _axes(v):
    """Coordinates -1..1 along width and height, shaped to multiply a map [., 1, h, w]."""
    h, w = v.shape[-2], v.shape[-1]
    x = (torch.arange(w, device=v.device) + 0.5) * (2.0 / w) - 1
    y = (torch.arange(h, device=v.device) + 0.5) * (2.0 / h) - 1
    return x.view(1, 1, 1, -1), y.view(1, 1, -1, 1)


def _moments(v):
    """Where a non-negative map lies: centre, distance from the middle, extent in each direction."""
    x, y = _axes(v)
    total = mean(v) + 1e-5
    cx, cy = mean(v * x) / total, mean(v * y) / total
    xx, yy = mean(v * x * x) / total, mean(v * y * y) / total
    return [cx.abs(), cy, cy.abs(), (cx * cx + cy * cy + 1e-6).sqrt(), xx, yy, xx + yy, xx - yy, mean(v * x * y).abs() / total]


def _layout(y, sat, low):
    """Composition and light: where light, colour and detail lie, symmetry, flat areas, local contrast."""
    gx, gy = (y[..., 1:, 1:] - y[..., 1:, :-1]).abs(), (y[..., 1:, 1:] - y[..., :-1, 1:]).abs()
    lx = (y[..., 1:, 1:] - y[..., 1:, :-1])[..., :, 1:] - (y[..., 1:, 1:] - y[..., 1:, :-1])[..., :, :-1]
    edges = gx + gy
    ex, ey = _axes(y)
    out = [*_moments(edges), *_moments(lx.abs()), *_moments(sat), *_moments(y)]
    out += [mean(y * ex) * 10, mean(y * ey) * 10, mean(y * ex).abs() * 10]
    mirrored = low.index_select(-1, low.shape[-1] - 1 - torch.arange(low.shape[-1], device=y.device))
    out += [log(mean((low - mirrored) ** 2), 1e-5) - log(spread(low) ** 2, 1e-5), log(spread(low)), log(spread(low)) - log(spread(y))]
    m = F.avg_pool2d(y, 4)
    local = (F.avg_pool2d(y * y, 4) - m * m).clamp(min=0).add(1e-7).sqrt()
    out += [log(mean(local)), log(spread(local)), mean((1 - local * 50).clamp(min=0)), mean((1 - local * 12).clamp(min=0)), *_moments(local)]
    e, l = (F.avg_pool2d(v, 3, stride=4, padding=1) for v in (edges[..., :, 1:], lx.abs()))
    focus = (l + 2e-3).log() - (e + 2e-3).log()
    fx, fy = _axes(focus)
    r2 = fx * fx + fy * fy
    out += [mean(focus), spread(focus), mean(focus * r2) - mean(focus) * r2.mean(), spread((e + 2e-3).log()), spread((l + 2e-3).log())]
    return out


def _over_time(z):
    """From [V, samples, P] to [V, 4 P]: mean, spread, largest step, difference of the halves."""
    half = SAMPLES // 2
    centred = z - z.mean(1, keepdim=True)
    steps = (z[:, 1:] - z[:, :-1]).abs().amax(1)
    halves = (z[:, :half].mean(1) - z[:, half:].mean(1)).abs()
    return torch.cat([z.mean(1), (centred * centred).mean(1).add(1e-8).sqrt(), steps, halves], 1)


class Statistics(nn.Module):
    """Frames [V * samples * burst, 3, H, W] in 0..1 to (statistics [V, S], trunk input [V * samples, 5, H/2, W/2])."""

    def __init__(self):
        super().__init__()
        matrix = [[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]]
        self.register_buffer("ycc", torch.tensor(matrix).view(3, 3, 1, 1), persistent=False)

    def forward(self, rgb):
        h, w = rgb.shape[-2], rgb.shape[-1]
        frames = F.conv2d(rgb, self.ycc).reshape(-1, BURST, 3, h, w)
        before, centre, after = frames[:, 0], frames[:, 1], frames[:, 2]
        y, cb, cr = centre[:, :1], centre[:, 1:2], centre[:, 2:3]
        half, low = F.avg_pool2d(y, 2), F.avg_pool2d(y, 8)
        quarter = F.avg_pool2d(y, 4)
        values = _palette(y, cb, cr) + _channel_ends(rgb.reshape(-1, BURST, 3, h, w)[:, 1])
        values += _detail(y, True) + _detail(half, False) + _detail(quarter, False)
        values += _detail(F.avg_pool2d(cb, 2), False) + _detail(F.avg_pool2d(cr, 2), False)
        values += _directions(half) + _directions(quarter)
        values += _layout(half, F.avg_pool2d((cb * cb + cr * cr + 1e-6).sqrt(), 2), low)
        values += motion_statistics(centre - before, after - centre, y)
        z = torch.stack(values, 1).reshape(-1, SAMPLES, len(values))
        return _over_time(z), self.trunk_input(before, centre, after)

    @staticmethod
    def trunk_input(before, centre, after):
        """Half-size luma, both luma differences and chroma of the centre frames, each about -1..1."""
        d1, d2 = centre[:, :1] - before[:, :1], after[:, :1] - centre[:, :1]
        maps = F.avg_pool2d(torch.cat([centre[:, :1] - 0.5, d1, d2, centre[:, 1:]], 1), 2)
        return torch.cat([maps[:, :1] * 2, maps[:, 1:3] * 4, maps[:, 3:] * 2], 1).clamp(-1, 1)
