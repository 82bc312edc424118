"""Formulas over means, written one by one and computed in batches.

A statistic is a formula over the means of maps. Written as tensor operations, some hundred formulas
become thousands of graph nodes; here they are recorded as expressions and computed a level at a
time: one product with a fixed matrix makes every argument of a level, then each kind of operation
runs once over all of its arguments.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F


@dataclass(frozen=True)
class Value:
    """A linear form over a table's entries: sum of factor * entry, plus a constant."""

    table: "Table"
    terms: tuple[tuple[int, float], ...]
    constant: float = 0.0

    def _plus(self, other: "Value | float", sign: float) -> "Value":
        if not isinstance(other, Value):
            return Value(self.table, self.terms, self.constant + sign * other)
        terms = dict(self.terms)
        for entry, factor in other.terms:
            terms[entry] = terms.get(entry, 0.0) + sign * factor
        return Value(self.table, tuple(sorted((e, f) for e, f in terms.items() if f)), self.constant + sign * other.constant)

    def __add__(self, other):
        return self._plus(other, 1.0)

    def __sub__(self, other):
        return self._plus(other, -1.0)

    def __mul__(self, other):
        if isinstance(other, Value):
            return self.table.apply("mul", self, other)
        return Value(self.table, tuple((e, f * other) for e, f in self.terms), self.constant * other)

    def __truediv__(self, other):
        return self.table.apply("div", self, other) if isinstance(other, Value) else self * (1 / other)

    def __neg__(self):
        return self * -1.0

    def __rsub__(self, other):
        return -self + other

    __radd__, __rmul__ = __add__, __mul__

    def __abs__(self):
        return self.table.apply("abs", self)

    def relu(self) -> "Value":
        """The value, or 0 where it is below."""
        return self.table.apply("relu", self)

    def sqrt(self) -> "Value":
        """The square root."""
        return self.table.apply("sqrt", self)

    def clamp(self, limit: float) -> "Value":
        """The value kept between -limit and limit."""
        return self.table.apply("unit", self / limit) * limit

    def log(self, floor: float = 5e-4) -> "Value":
        """Logarithm with a floor, so that emptiness stays finite."""
        return self.table.apply("log", self + floor, least=floor)


_OPERATIONS = {"abs": torch.abs, "relu": F.relu, "sqrt": torch.sqrt, "log": torch.log, "mul": torch.mul, "div": torch.div,
               "unit": lambda v: v.clamp(-1, 1)}


@dataclass(frozen=True)
class _Entry:
    """How a column of a table comes about: level 0 is measured; an argument of "log" counts as `least` where it is less."""

    operation: str
    arguments: tuple[Value, ...] = ()
    level: int = 0
    least: float = 0.0


class Table:
    """Entries of n numbers each: measured columns, and operations on linear forms of other entries."""

    def __init__(self):
        self._measured: list[torch.Tensor] = []
        self._entries: list[_Entry] = []
        self._known: dict[tuple, int] = {}

    def columns(self, tensor: torch.Tensor, count: int) -> list[Value]:
        """Takes measured values [n, count]."""
        self._measured.append(tensor)
        first = len(self._entries)
        self._entries += [_Entry("measured")] * count
        return [Value(self, ((first + i, 1.0),)) for i in range(count)]

    def apply(self, operation: str, *arguments: Value, least: float = 0.0) -> Value:
        """An operation's result; the same operation on the same arguments is one entry."""
        key = (operation, least, *((a.terms, a.constant) for a in arguments))
        if key not in self._known:
            level = 1 + max(self._entries[e].level for a in arguments for e, _ in a.terms)
            self._known[key] = len(self._entries)
            self._entries.append(_Entry(operation, arguments, level, least))
        return Value(self, ((self._known[key], 1.0),))

    def evaluate(self, outputs: list[Value]) -> torch.Tensor:
        """The outputs [n, len(outputs)]."""
        x = torch.cat(self._measured, 1)
        place = {i: column for column, i in enumerate(i for i, e in enumerate(self._entries) if e.level == 0)}
        for level in range(1, 1 + max(e.level for e in self._entries)):
            members = [[i for i, e in enumerate(self._entries) if e.level == level and e.operation == op] for op in _OPERATIONS]
            groups = [[self._entries[i] for i in m] for m in members if m]
            sides = [[e.arguments[side] for e in g] for g in groups for side in range(len(g[0].arguments))]
            parts = list(_linear(x, [v for s in sides for v in s], place).split([len(s) for s in sides], 1))
            x = torch.cat([x, *(_run(g, [parts.pop(0) for _ in g[0].arguments]) for g in groups)], 1)
            place |= {i: len(place) + k for k, i in enumerate(i for m in members for i in m)}
        return _linear(x, outputs, place)


def _run(group: list[_Entry], arguments: list[torch.Tensor]) -> torch.Tensor:
    """One operation over all its arguments [n, len(group)]."""
    if group[0].operation == "log":
        arguments = [torch.maximum(arguments[0], torch.tensor([e.least for e in group], device=arguments[0].device))]
    return _OPERATIONS[group[0].operation](*arguments)


def _linear(x: torch.Tensor, forms: list[Value], place: dict[int, int]) -> torch.Tensor:
    """Linear forms [n, len(forms)] of the columns x [n, K]."""
    rows = [[0.0] * len(place) for _ in forms]
    for row, form in zip(rows, forms):
        for entry, factor in form.terms:
            row[place[entry]] = factor
    weight, bias = torch.tensor(rows), torch.tensor([f.constant for f in forms])
    return F.linear(x, weight.to(x.device), bias.to(x.device))
