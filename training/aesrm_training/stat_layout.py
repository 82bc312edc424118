"""Statistics of composition and light: where light, colour and detail lie, symmetry, flat areas, focus."""

import torch
import torch.nn.functional as F

from .scalars import Value
from .stat_ops import Maps, basis, moments, places, spread, steps_x


def _lies(m: list[Value]) -> list[Value]:
    """Where a non-negative map lies: centre, distance from the middle, extent in each direction."""
    weight = m[0] + 1e-5
    cx, cy, xx, yy = (m[i] / weight for i in (1, 3, 2, 6))
    return [abs(cx), cy, abs(cy), (cx * cx + cy * cy + 1e-6).sqrt(), xx, yy, xx + yy, xx - yy, abs(m[4] / weight)]


def layout(maps: Maps, y, sat, low, gx, gy) -> list[Value]:
    """From half-size luma and saturation, luma at an eighth, and luma's gradients cut to a common size."""
    px, py = places(y, -1), places(y, -2)
    whole = basis(px), basis(py)
    upper = basis(py[:-1])
    edges, lx = gx.abs() + gy.abs(), steps_x(gx).abs()
    (edge_at,), (line_at,) = moments(maps, edges, basis(px[:-1]), upper), moments(maps, lx, basis(px[:-2]), upper)
    sat_at, light_at = moments(maps, torch.cat([sat, y], 1), *whole)
    (ym,), (yv,), _ = maps.centred(y)
    (lowv,), (uneven,) = maps.centred(low)[1], maps.mean((low - low.flip(-1)) ** 2)
    local = (F.avg_pool2d(y * y, 4) - low * low).clamp(min=0).add(1e-7).sqrt()
    (localm,), (localv,), _ = maps.centred(local)
    flat = maps.mean(F.relu(1 - torch.cat([local * 50, local * 12], 1)))
    (local_at,) = moments(maps, local, *(basis((p[3::4] - 3) / 4) for p in (px, py)))
    out = [*_lies(edge_at), *_lies(line_at), *_lies(sat_at), *_lies(light_at)]
    out += [light_at[1] * 10, light_at[3] * 10, abs(light_at[1]) * 10]
    out += [uneven.log(1e-5) - (lowv + 1e-8).log(1e-5), spread(lowv).log(), spread(lowv).log() - spread(yv).log()]
    out += [localm.log(), spread(localv).log(), *flat, *_lies(local_at)]
    return out + _focus(maps, edges[..., 1:], lx, px[:-2], py[:-1])


def _focus(maps: Maps, edges, lx, px, py) -> list[Value]:
    """Curvature against gradient, and how it changes from the middle outwards."""
    e, l = F.avg_pool2d(torch.cat([edges, lx], 1), 3, stride=4, padding=1).add(2e-3).log().split(1, 1)
    means, variances, c = maps.centred(torch.cat([l - e, e, l], 1))
    (at,) = moments(maps, c[:, :1], *(basis((p[::4] + 3) / 4) for p in (px, py)))
    return [means[0], spread(variances[0]), at[2] + at[6], spread(variances[1]), spread(variances[2])]
