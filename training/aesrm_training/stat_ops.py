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
