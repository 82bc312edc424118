"""Hand-made statistics of the 24 frames, as graph operations: they are all that the model sees of a clip.

Maps are stacked as channels and reduced together; the formulas over their means are computed in
batches (`scalars.py`). Everything exports to plain ONNX operators and works for any size from 8 x 8
up. V is the number of clips, n = V * samples, P the number of values per sample position, S = 4 * P.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

from .plan import BURST, SAMPLES
from .scalars import Value
from .stat_layout import layout
from .stat_motion import Steps, motion
from .stat_ops import Maps, spread, steps_x, steps_y, total

_HUES = 8
_BINS = 12
_EDGES = (0.016, 0.08, 0.2)


def _ramps() -> tuple[torch.Tensor, torch.Tensor]:
    """Weights and biases of the ramps over luma, chroma, saturation, smallest and largest channel, cut off below zero."""
    rows = []
    for edge in _EDGES:
        rows += [([-1 / edge, 0, 0, 0, 0, 0], 1), ([1 / edge, 0, 0, 0, 0, 0], 1 - 1 / edge)]
    rows += [([0, 0, 0, 8, 0, 0], -k) for k in (1, 2, 3)]
    rows += [([0, 0, 0, 0, -85, 0], 1), ([0, 0, 0, 0, 0, 85], -84)]
    angles = [2 * math.pi * i / _HUES for i in range(_HUES)]
    rows += [([0, math.cos(a), math.sin(a), 0, 0, 0], 0) for a in angles]
    return torch.tensor([r[0] for r in rows]).unsqueeze(2), torch.tensor([float(r[1]) for r in rows])


def _palette(maps: Maps, ycc, sat, rgb) -> list[Value]:
    """Tone and colour: moments, clipped shares, histograms of luma and hue; channels at the ends of the range."""
    y, cb, cr = ycc[:, :1], ycc[:, 1:2], ycc[:, 2:]
    looked = torch.cat([ycc, sat, rgb.amin(1, keepdim=True), rgb.amax(1, keepdim=True)], 1)
    (ym, cbm, crm, satm, lowm, highm), variances, c = maps.centred(looked)
    ys, cbs, crs, sats = (spread(v) for v in variances[:4])
    (skew,), (both,) = maps.mean(c[:, :1] ** 3), maps.mean(cb * cr)
    weight, bias = (v.to(y.device) for v in _ramps())
    ramps = maps.table.columns(F.relu(F.conv1d(looked.flatten(2), weight, bias)).mean(2), len(bias))
    edges, coloured, ends, hues = ramps[:6], ramps[6:9], ramps[9:11], ramps[11:]
    bins = torch.arange(_BINS, device=y.device, dtype=y.dtype).view(1, -1, 1, 1)
    share = maps.mean(F.relu(1 - (y[..., ::2, ::2] * (_BINS - 1) - bins).abs()))
    out = [ym, ys, cbm, crm, cbs.log(), crs.log(), skew * 20, satm.log(), sats.log()]
    out += [coloured[0] - coloured[1], coloured[1] - coloured[2]]
    out += [(cbm * cbm + crm * crm).log(1e-5) - 2 * satm.log(), abs(cbm), abs(crm), both * 50, *edges]
    out += [h.log() for h in hues]
    out += [-total([p * p.log(1e-4) for p in share]), *(p.log(3e-3) for p in share)]
    return out + [*ends, *(e.log(3e-3) for e in ends), highm, lowm, (highm - lowm).log()]


class _Gradient:
    """First differences of a stack of maps, and the sizes of its channels."""

    def __init__(self, maps: Maps, v):
        self.x, self.y = steps_x(v), steps_y(v)
        (self.ax, self.vx), (self.ay, self.vy) = maps.sizes(self.x), maps.sizes(self.y)

    def values(self, channel: int) -> list[Value]:
        """Size, direction and peakedness of one channel's gradient."""
        a, v = self.ax[channel] + self.ay[channel], (self.vx[channel] + self.vy[channel]).log(1e-6)
        return [a.log(), self.ax[channel].log() - self.ay[channel].log(), v, v - 2 * a.log()]


def _fine(maps: Maps, y) -> list[Value]:
    """Full-size luma: gradient, curvature, noise in calm places, repetition at small distances."""
    g = _Gradient(maps, y)
    equal = [maps.mean(F.relu(1 - v.abs() * 400))[0] for v in (g.x, g.y)]
    lx, ly = steps_x(g.x), steps_y(g.y)
    ((cx,), (px,)), ((cy,), (py,)) = maps.sizes(lx), maps.sizes(ly)
    noise = steps_y(steps_y(lx)).abs()
    rough = g.x[..., 1:-1, :].abs() * 20
    rough = rough[..., 1:] + rough[..., :-1]
    rough = rough * rough
    calm = 1 / (1 + rough * rough)
    (n,), (still,), (noisy,) = maps.mean(noise), maps.mean(calm), maps.mean(noise * calm)
    a, curve = (g.ax[0] + g.ay[0]).log(), (cx + cy).log()
    out = [*g.values(0), *equal, curve, curve - a, (px + py).log(1e-6) - 2 * curve, cx.log() - cy.log()]
    out += [n.log(), noisy.log() - still.log(), n.log() - curve]
    for lag in (1, 2, 3, 4):
        (along,), (across,) = maps.mean(g.x[..., lag:] * g.x[..., :-lag]), maps.mean(g.y[..., lag:, :] * g.y[..., :-lag, :])
        out += [along / (g.vx[0] + 1e-6), across / (g.vy[0] + 1e-6)]
    return out


def _directions(maps: Maps, gx, gy) -> list[Value]:
    """Gradient directions: along or across, diagonal, and how far they lean from both."""
    xx, yy = gx * gx, gy * gy
    w = xx + yy + 1e-7
    m = w.sqrt()
    c2, s2 = (xx - yy) / w, 2 * gx * gy / w
    c4, s4 = c2 * c2 - s2 * s2, 2 * c2 * s2
    all_m, all_w, strong, *parts, lean = maps.mean(torch.cat([m, w, w * c4, m * torch.cat([c2, s2, c4, s4, s2.abs()], 1)], 1))
    parts = [p / all_m for p in parts]
    return [*parts, abs(parts[1]), abs(parts[3]), strong / all_w, lean / all_m]


def _over_time(z):
    """From [V, samples, P] to [V, 4 P]: mean, spread, largest step, difference of the halves."""
    half = SAMPLES // 2
    m = z.mean(1, keepdim=True)
    centred = z - m
    steps = (z[:, 1:] - z[:, :-1]).abs().amax(1)
    halves = (z[:, :half].mean(1) - z[:, half:].mean(1)).abs()
    return torch.cat([m.flatten(1), (centred * centred).mean(1).add(1e-8).sqrt(), steps, halves], 1)


class Statistics(nn.Module):
    """Frames [V * samples * burst, 3, H, W] in 0..1 to statistics [V, S]."""

    def __init__(self):
        super().__init__()
        matrix = [[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]]
        self.register_buffer("ycc", torch.tensor(matrix).unsqueeze(2), persistent=False)

    def forward(self, rgb):
        maps = Maps()
        # One dimension of places, not two: ONNX Runtime would pad the channels of a 2D convolution to 16.
        frames = F.conv1d(rgb.flatten(2), self.ycc).reshape(-1, 3, rgb.shape[2], rgb.shape[3])
        centre, small = frames[1::BURST], F.avg_pool2d(frames, 2)
        full_steps, steps = Steps.of(frames[:, :1], 1), Steps.of(small, 3)
        y, half, chroma = centre[:, :1], small[1::BURST], centre[:, 1:]
        sat = (chroma * chroma).sum(1, keepdim=True).add(1e-6).sqrt()
        half_luma = torch.cat([half[:, :1], steps.luma()], 1)
        quarter = F.avg_pool2d(half_luma, 2)
        eighth = F.avg_pool2d(half_luma, 4)
        fine, g2, g4 = _fine(maps, y), _Gradient(maps, half), _Gradient(maps, quarter[:, :1])
        corners = [(g.x[:, :1, 1:], g.y[:, :1, :, 1:]) for g in (g2, g4)]
        values = _palette(maps, centre, sat, rgb[1::BURST]) + fine + g2.values(0) + g4.values(0) + g2.values(1) + g2.values(2)
        values += _directions(maps, *corners[0]) + _directions(maps, *corners[1])
        values += layout(maps, half[:, :1], F.avg_pool2d(sat, 2), eighth[:, :1], *corners[0])
        values += motion(maps, full_steps, steps, quarter[:, 1:], eighth[:, 1:], corners)
        z = maps.table.evaluate(values).reshape(-1, SAMPLES, len(values))
        return _over_time(z)
