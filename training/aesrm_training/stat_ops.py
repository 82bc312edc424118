"""Helpers for statistics over maps [n, C, h, w]: each takes all channels at once and keeps their means in a table."""

import torch

from .scalars import Table, Value


class Maps:
    """Measures maps into a table."""

    def __init__(self):
        self.table = Table()

    def mean(self, v: torch.Tensor) -> list[Value]:
        """Mean of each channel."""
        return self.table.columns(v.mean((2, 3)), v.shape[1])

    def sizes(self, v: torch.Tensor) -> tuple[list[Value], list[Value]]:
        """Mean absolute value and mean square of each channel."""
        return self.mean(v.abs()), self.mean(v * v)

    def centred(self, v: torch.Tensor) -> tuple[list[Value], list[Value], torch.Tensor]:
        """Mean and variance of each channel, and the channels about their means."""
        m = v.mean((2, 3), keepdim=True)
        c = v - m
        return self.table.columns(m.flatten(1), v.shape[1]), self.mean(c * c), c


def spread(variance: Value) -> Value:
    """Standard deviation, never quite zero."""
    return (variance + 1e-8).sqrt()


def total(values: list[Value]) -> Value:
    """Sum of values."""
    out = values[0]
    for v in values[1:]:
        out = out + v
    return out


def steps_x(v: torch.Tensor, lag: int = 1) -> torch.Tensor:
    """Differences along the width."""
    return v[..., lag:] - v[..., :-lag]


def steps_y(v: torch.Tensor, lag: int = 1) -> torch.Tensor:
    """Differences along the height."""
    return v[..., lag:, :] - v[..., :-lag, :]


def places(v, axis: int):
    """Odd numbers 1, 3, 5, ... as a column, one for each place along an axis."""
    return (torch.arange(v.shape[axis], device=v.device, dtype=torch.float32) * 2 + 1).unsqueeze(1)


def basis(places):
    """Places [n, 1] to mean-taking weights [n, 3] of 1, x and x squared, where x runs over -1..1."""
    n = places.mean()
    return (places / n - 1) ** torch.tensor([0.0, 1.0, 2.0], device=places.device) / n


def moments(maps: Maps, v, along, across) -> list[list[Value]]:
    """For each channel the means of v * x^i * y^j, at [3 * j + i]."""
    values = maps.table.columns((across.T @ (v @ along)).flatten(1), 9 * v.shape[1])
    return [values[9 * c : 9 * c + 9] for c in range(v.shape[1])]
