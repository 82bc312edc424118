"""Shares and mean differences with 95% intervals over groups."""

import numpy as np

from ..evaluate import interval

#: With fewer groups than this, a bootstrap over them says nothing.
LEAST_GROUPS = 5


def share(hits: np.ndarray, groups: list[str]) -> dict:
    """A share of 0/1 values with its interval by bootstrap over groups.

    Where all values are equal a bootstrap has no width; the open end is then the exact binomial bound over groups
    (Clopper and Pearson 1934), as if each group were one trial.
    """
    value, ci = interval(hits, groups)
    bound = round(1 - 0.025 ** (1 / len(set(groups))), 4)
    if hits.min() == hits.max() == 0:
        ci = [0.0, bound]
    elif hits.min() == hits.max() == 1:
        ci = [round(1 - bound, 4), 1.0]
    return {"pairs": len(hits), "groups": len(set(groups)), "value": value, "ci": ci}


def against(row: dict, level: float) -> str:
    """Whether a share's or difference's interval lies above or below `level`: "above", "below", "not distinguishable"
    or, with hardly any group, "too few"."""
    low, high = row["ci"]
    if row["groups"] < LEAST_GROUPS:
        return "too few"
    return "above" if low > level else "below" if high < level else "not distinguishable"


def difference(mine: np.ndarray, other: np.ndarray, groups: list[str]) -> dict:
    """Mean paired difference [N] with its interval by bootstrap over groups."""
    value, ci = interval(mine - other, groups)
    return {"pairs": len(mine), "groups": len(set(groups)), "value": value, "ci": ci}
