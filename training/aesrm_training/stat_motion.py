"""Statistics of the two steps inside each burst: flicker, boiling, repeated frames, shake, warps."""

import torch.nn.functional as F

from .stat_ops import log, mean, spread


def _pool(v):
    """Smooths and halves; never shrinks below one pixel."""
    return F.avg_pool2d(v, 3, stride=2, padding=1, count_include_pad=False)


def _energies(a, b):
    """Sizes of two differences [n, 1, h, w], of their change, and how far they undo each other."""
    ma, mb = mean(a.abs()), mean(b.abs())
    va, vb = mean(a * a), mean(b * b)
    turn = mean((b - a).abs())
    return [log(ma + mb, 2e-4), log(turn, 2e-4), log(turn, 2e-4) - log(ma + mb, 2e-4), mean(a * b) / (va + vb + 1e-6),
            (ma - mb).abs() / (ma + mb + 4e-4), log(va + vb, 1e-6) - 2 * log(ma + mb)]


def _still(a, b):
    """Shares of unchanged pixels in each step: repeated frames."""
    sa, sb = mean((1 - a.abs() * 400).clamp(min=0)), mean((1 - b.abs() * 400).clamp(min=0))
    high, low = (sa + sb + (sa - sb).abs()) / 2, (sa + sb - (sa - sb).abs()) / 2
    return [high, low, (high - 0.97).clamp(min=0) * 33, (low - 0.97).clamp(min=0) * 33]


def _levels(a, b):
    """Changes of the whole frame's level."""
    ma, mb = mean(a), mean(b)
    return [log(ma.abs() + mb.abs(), 1e-4), log((mb - ma).abs(), 1e-4), log((mb + ma).abs(), 1e-4)]


def _flow(sxx, sxy, syy, sxt, syt, floor):
    """Least-squares displacement (u, v) from summed gradient products."""
    det = (sxx + floor) * (syy + floor) - sxy * sxy
    u = (sxy * syt - (syy + floor) * sxt) / det
    v = (sxy * sxt - (sxx + floor) * syt) / det
    return u.clamp(-4, 4), v.clamp(-4, 4)


def _left(products, u, v):
    """What the displacement leaves unexplained of the difference's energy."""
    sxx, sxy, syy, sxt, syt, stt = products
    return (stt + 2 * (u * sxt + v * syt) + u * u * sxx + 2 * u * v * sxy + v * v * syy).clamp(min=0)


def _products(gx, gy, d):
    """Gradient products of one step."""
    return [gx * gx, gx * gy, gy * gy, gx * d, gy * d, d * d]


def _tracking(y, a, b, local: bool):
    """Displacement of the whole frame (and of cells): size, change from step to step, what stays unexplained."""
    gx, gy = y[..., 1:, 1:] - y[..., 1:, :-1], y[..., 1:, 1:] - y[..., :-1, 1:]
    pa, pb = _products(gx, gy, a[..., 1:, 1:]), _products(gx, gy, b[..., 1:, 1:])
    whole_a, whole_b = [mean(p) for p in pa], [mean(p) for p in pb]
    (ua, va), (ub, vb) = _flow(*whole_a[:5], 1e-6), _flow(*whole_b[:5], 1e-6)
    left = _left(whole_a, ua, va) + _left(whole_b, ub, vb)
    energy = whole_a[5] + whole_b[5]
    out = [ua, va, log(ua * ua + va * va + ub * ub + vb * vb, 1e-4), log((ua - ub) ** 2 + (va - vb) ** 2, 1e-4)]
    out += [log(left, 1e-6), log(left, 1e-6) - log(energy, 1e-6), (ua * ub + va * vb) / (ua * ua + va * va + ub * ub + vb * vb + 1e-3)]
    return out + (_cells(pa, pb, energy) if local else [])


def _cells(pa, pb, energy):
    """The same per cell of the frame: how displacements vary over the frame and from step to step."""
    pa, pb = [_pool(_pool(p)) for p in pa], [_pool(_pool(p)) for p in pb]
    (ua, va), (ub, vb) = _flow(*pa[:5], 2e-5), _flow(*pb[:5], 2e-5)
    left = mean(_left(pa, ua, va)) + mean(_left(pb, ub, vb))
    vary = spread(ua) + spread(va) + spread(ub) + spread(vb)
    change = mean((ua - ub).abs()) + mean((va - vb).abs())
    uneven = spread(ua - ub) + spread(va - vb)
    size = mean(ua.abs()) + mean(va.abs()) + mean(ub.abs()) + mean(vb.abs())
    return [log(left, 1e-6), log(left, 1e-6) - log(energy, 1e-6), log(vary, 5e-3), log(change, 5e-3), log(uneven, 5e-3),
            log(size, 5e-3), log(change, 5e-3) - log(size, 5e-3), log(uneven, 5e-3) - log(vary, 5e-3)]


def motion_statistics(first, second, y):
    """Values [n] from the steps' differences [n, 3, H, W] (luma, chroma) and the centre luma [n, 1, H, W]."""
    a, b = first[:, :1], second[:, :1]
    out = _energies(a, b) + _still(a, b) + _levels(a, b)
    for c in (1, 2):
        ca, cb = F.avg_pool2d(first[:, c : c + 1], 2), F.avg_pool2d(second[:, c : c + 1], 2)
        out += _levels(ca, cb) + [log(mean(ca.abs()) + mean(cb.abs())), log(mean((cb - ca).abs()))]
    for scale in (2, 4):
        ys, sa, sb = (F.avg_pool2d(v, scale) for v in (y, a, b))
        out += _energies(sa, sb) + _tracking(ys, sa, sb, True)
    sa, sb = F.avg_pool2d(a, 8), F.avg_pool2d(b, 8)
    return out + _energies(sa, sb) + [log(spread(sa), 1e-4), log(spread(sb - sa), 1e-4)]
