"""From severities to labels: 0 = A better, 1 = tie, 2 = B better, 3 = A not worse, 4 = B not worse, -1 = no label."""

import numpy as np

from .rubric import CRITERIA, DIMENSION_OF, DIMENSIONS, NOT_SEEN

NONE = -1
A_NOT_WORSE, B_NOT_WORSE = 3, 4
_SEEN = np.array([c not in NOT_SEEN for c in CRITERIA])
OUTPUTS = len(CRITERIA) + len(DIMENSIONS) + 1


def _from_sign(s: int) -> int:
    """Label of a score: positive means A better."""
    return 1 - s


def criteria_labels(a: np.ndarray, b: np.ndarray, same_kind: bool) -> np.ndarray:
    """Labels [criteria] from severities; two different damages of one criterion are not compared."""
    out = np.full(len(CRITERIA), NONE, np.int64)
    for i, (x, y) in enumerate(zip(a, b)):
        if np.isnan(x) or np.isnan(y) or (x > 0 and y > 0 and not same_kind):
            continue
        out[i] = _from_sign(int(np.sign(y - x)))
    return out


def rule(labels: np.ndarray) -> int:
    """The plain rule for a group of labels: the sign of their sum; a tie only if every one is a tie."""
    known = labels[labels != NONE]
    total = int((1 - known).sum())
    if total != 0:
        return _from_sign(int(np.sign(total)))
    return 1 if len(known) == len(labels) else NONE


def all_labels(a: np.ndarray, b: np.ndarray, same_kind: bool) -> np.ndarray:
    """Labels [criteria, then dimensions, then overall] of one pair of versions of the same clip.

    Where both are damaged in different ways, a dimension is labelled only if all its criteria are,
    and the overall verdict is not: nobody said which damage weighs more.
    """
    criteria = criteria_labels(a, b, same_kind)
    mixed = bool(np.any(a > 0) and np.any(b > 0)) and not same_kind
    dimensions = []
    for d in range(len(DIMENSIONS)):
        mine = criteria[(np.array(DIMENSION_OF) == d) & _SEEN]
        dimensions.append(NONE if mixed and np.any(mine == NONE) else rule(mine))
    overall = NONE if mixed else rule(np.array(dimensions))
    return np.array([*criteria, *dimensions, overall])


def training_labels(a: np.ndarray, b: np.ndarray, same_kind: bool, harms: tuple[tuple[str, ...], tuple[str, ...]]) -> np.ndarray:
    """`all_labels`, and what else holds by construction: `harms` names the dimensions that each side's damage harms
    beside its criterion's; and damage alone never makes a clip the better one, on any dimension or overall.
    """
    labels = all_labels(a, b, same_kind)
    damaged_a, damaged_b = bool(np.any(a > 0)), bool(np.any(b > 0))
    if damaged_a == damaged_b:
        return labels
    for name in harms[0 if damaged_a else 1]:
        labels[len(CRITERIA) + DIMENSIONS.index(name)] = 2 if damaged_a else 0
    verdicts = labels[len(CRITERIA):]
    verdicts[verdicts == NONE] = B_NOT_WORSE if damaged_a else A_NOT_WORSE
    return labels
