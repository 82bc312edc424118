"""Statistics of the two steps inside each burst: flicker, boiling, repeated frames, shake, warps."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F

from .plan import BURST
from .scalars import Value
from .stat_ops import Maps, basis, moments, places, spread, total


@dataclass
class Steps:
    """The differences of each burst's neighbouring frames, and the change of that difference."""

    stack: torch.Tensor  # [n, 3 * channels, h, w]: first step, second step, second - first
    channels: int

    @staticmethod
    def of(frames, channels: int) -> "Steps":
        """From frames [n * burst, channels, h, w]."""
        before, centre, after = (frames[i::BURST] for i in range(BURST))
        first, second = centre - before, after - centre
        return Steps(torch.cat([first, second, second - first], 1), channels)

    def luma(self):
        """The luma's three channels."""
        return self.stack[:, :: self.channels]


@dataclass
class _Sizes:
    """Mean absolute values and mean squares of the first step, the second, and the change."""

    a: list[Value]
    v: list[Value]

    def energies(self) -> list[Value]:
        """Sizes of the steps, of their change, and how far they undo each other."""
        (ma, mb, turn), (va, vb, vt) = self.a, self.v
        both, change = (ma + mb).log(2e-4), turn.log(2e-4)
        return [both, change, change - both, (va + vb - vt) / (2 * (va + vb + 1e-6)), abs(ma - mb) / (ma + mb + 4e-4),
                (va + vb).log(1e-6) - 2 * (ma + mb).log()]


def _still(maps: Maps, steps) -> list[Value]:
    """Shares of unchanged pixels in each step: repeated frames."""
    sa, sb = maps.mean(F.relu(1 - steps.abs() * 400))
    apart = abs(sa - sb)
    high, low = (sa + sb + apart) / 2, (sa + sb - apart) / 2
    return [high, low, (high - 0.97).relu() * 33, (low - 0.97).relu() * 33]


def _levels(ma: Value, mb: Value) -> list[Value]:
    """Changes of the whole frame's level."""
    return [(abs(ma) + abs(mb)).log(1e-4), abs(mb - ma).log(1e-4), abs(mb + ma).log(1e-4)]


def _flow(sxx, sxy, syy, sxt, syt, floor):
    """Least-squares displacement (u, v), not yet bounded, from summed gradient products: of maps or of values."""
    fx, fy = sxx + floor, syy + floor
    det = fx * fy - sxy * sxy
    return (sxy * syt - fy * sxt) / det, (sxy * sxt - fx * syt) / det


def _left(products, u, v):
    """What the displacement leaves unexplained of the difference's energy, not yet cut off at zero."""
    sxx, sxy, syy, sxt, syt, stt = products
    return u * (u * sxx + v * sxy + 2 * sxt) + v * (u * sxy + v * syy + 2 * syt) + stt


def _pool(v):
    """Smooths and halves; never shrinks below one pixel."""
    return F.avg_pool2d(v, 3, stride=2, padding=1, count_include_pad=False)


def _tracking(maps: Maps, gx, gy, steps) -> list[Value]:
    """Displacement of the whole frame and of its cells: size, change from step to step, what stays unexplained.

    From luma's gradients [n, 1, h, w] and both steps [n, 2, h, w].
    """
    products = torch.cat([gx * gx, gx * gy, gy * gy, gx * steps, gy * steps, steps * steps], 1)
    sxx, sxy, syy, *step_products = maps.mean(products)
    whole = [(sxx, sxy, syy, *step_products[i::2]) for i in (0, 1)]
    (ua, va), (ub, vb) = ([d.clamp(4) for d in _flow(*w[:5], 1e-6)] for w in whole)
    left = (_left(whole[0], ua, va).relu() + _left(whole[1], ub, vb).relu()).log(1e-6)
    energy = (step_products[4] + step_products[5]).log(1e-6)
    size = ua * ua + va * va + ub * ub + vb * vb
    out = [ua, va, size.log(1e-4), ((ua - ub) * (ua - ub) + (va - vb) * (va - vb)).log(1e-4), left, left - energy]
    return out + [(ua * ub + va * vb) / (size + 1e-3)] + _cells(maps, _pool(_pool(products)), energy)


def _cells(maps: Maps, products, energy: Value) -> list[Value]:
    """The same per cell of the frame: how displacements vary over the frame and from step to step."""
    products = products.split([1, 1, 1, 2, 2, 2], 1)
    u, v = (d.clamp(-4, 4) for d in _flow(*products[:5], 2e-5))
    left = total(maps.mean(F.relu(_left(products, u, v)))).log(1e-6)
    moves = torch.cat([u, v, u[:, :1] - u[:, 1:], v[:, :1] - v[:, 1:]], 1)
    turning = _about_centre(maps, u, v)
    sizes, (_, variances, _) = maps.mean(moves.abs()), maps.centred(moves)
    spreads = [spread(x) for x in variances]
    vary, uneven, change, size = (total(x).log(5e-3) for x in (spreads[:4], spreads[4:], sizes[4:], sizes[:4]))
    return [left, left - energy, vary, change, uneven, size, change - size, uneven - vary, *turning]


def _about_centre(maps: Maps, u, v) -> list[Value]:
    """How displacements [n, 2, h, w] of both steps point from the centre (zoom) and turn about it (roll), signed and in size."""
    at = moments(maps, torch.cat([u, v], 1), basis(places(u, -1)), basis(places(u, -2)))
    across, down = 1, 3
    out = at[0][across] + at[1][across] + at[2][down] + at[3][down]
    turn = at[2][across] + at[3][across] - at[0][down] - at[1][down]
    return [out, turn, abs(out).log(5e-3), abs(turn).log(5e-3)]


def motion(maps: Maps, full: Steps, half: Steps, quarter, eighth, corners) -> list[Value]:
    """From steps at full and half size, luma's steps [n, 3, h, w] at a quarter and an eighth, and luma's gradients
    at half and a quarter, cut to a common size."""
    full_sizes, half_sizes = _Sizes(*maps.sizes(full.stack)), maps.sizes(half.stack)
    ma, mb, _ = maps.mean(full.stack)
    out = full_sizes.energies() + _still(maps, full.stack[:, :2]) + _levels(ma, mb)
    means = maps.mean(half.stack)
    for c in (1, 2):
        a, b, turn = half_sizes[0][c::3]
        out += _levels(*means[c::3][:2]) + [(a + b).log(), turn.log()]
    for steps, sizes, (gx, gy) in ((half.luma(), _Sizes(*(s[::3] for s in half_sizes)), corners[0]),
                                   (quarter, _Sizes(*maps.sizes(quarter)), corners[1])):
        out += sizes.energies() + _tracking(maps, gx, gy, steps[:, :2, 1:, 1:])
    (_, variances, _) = maps.centred(eighth)
    out += _Sizes(*maps.sizes(eighth)).energies()
    return out + [spread(variances[0]).log(1e-4), spread(variances[2]).log(1e-4)]
