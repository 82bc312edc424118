"""Measuring stage 1 on samples it never saw: accuracy, rank correlation and right signs per concept, beside chance."""

import numpy as np
import torch

from .concepts import CONCEPTS
from .model import PLACES, AtomicNets
from .store import Samples

#: Fewer known labels than this are not reported.
LEAST = 10
COIN = 0.5


def ranks(values: np.ndarray) -> np.ndarray:
    """Ranks [n], equal values at the mean of theirs."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return ((last - counts + last - 1) / 2)[places]


def rank_correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Spearman's coefficient; NaN where either never changes."""
    x, y = ranks(a), ranks(b)
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return float("nan")
    return float(np.corrcoef(x, y)[0, 1])


def _row(concept: str, measure: str, value: float, chance: float, n: int) -> dict:
    """One line of the report; n known labels."""
    return {"concept": concept, "measure": measure, "value": value, "chance": chance, "n": n}


def label_rows(outputs: np.ndarray, labels: np.ndarray) -> list[dict]:
    """Rows of every concept with enough known labels: outputs [N, OUTPUTS], labels [N, CONCEPTS].

    Chance is always saying the most frequent class, or a correlation of 0.
    """
    rows = []
    for i, (concept, place) in enumerate(zip(CONCEPTS, PLACES)):
        known = ~np.isnan(labels[:, i])
        said, true, n = outputs[known, place], labels[known, i], int(known.sum())
        if n < LEAST or np.ptp(true) == 0:
            continue
        if concept.is_class:
            most = float(np.unique(true, return_counts=True)[1].max()) / n
            rows.append(_row(concept.name, "accuracy", float((said.argmax(1) == true).mean()), most, n))
        else:
            rows.append(_row(concept.name, "rank correlation", rank_correlation(said[:, 0], true), 0.0, n))
    return rows


def difference_rows(more: np.ndarray, differences: np.ndarray) -> list[dict]:
    """Rows of what edits changed: outputs' differences [P, OUTPUTS], what was done [P, CONCEPTS]; chance: coin, 0."""
    rows = []
    for i, (concept, place) in enumerate(zip(CONCEPTS, PLACES)):
        changed = np.nan_to_num(differences[:, i]) != 0
        said, done, n = more[changed, place.start], differences[changed, i], int(changed.sum())
        if concept.is_class or n < LEAST:
            continue
        right = float((np.sign(said) == np.sign(done)).mean())
        rows.append(_row(concept.name, "right sign of an edit", right, COIN, n))
        if np.ptp(done) > 0:
            rows.append(_row(concept.name, "rank correlation of an edit", rank_correlation(said, done), 0.0, n))
    return rows


def rows(said: list[np.ndarray], samples: Samples) -> list[dict]:
    """All rows of a set of samples, of which `said` holds each one's outputs [V, OUTPUTS]."""
    pairs = [(s[1] - s[0], d.numpy()) for s, d in zip(said, samples.differences) if len(s) == 2]
    found = label_rows(np.concatenate(said), torch.cat(samples.labels).numpy())
    return found + (difference_rows(*(np.stack(v) for v in zip(*pairs))) if pairs else [])


@torch.no_grad()
def measure(nets: AtomicNets, samples: Samples) -> list[dict]:
    """All rows of what the networks say of a set of samples."""
    return rows([nets(samples, [i]).numpy() for i in range(len(samples))], samples)


def table(title: str, rows: list[dict]) -> str:
    """The rows as text."""
    lines = [f"{title}", f"  {'concept':18} {'measure':28} {'value':>6} {'chance':>6} {'n':>6}"]
    lines += [f"  {r['concept']:18} {r['measure']:28} {r['value']:6.2f} {r['chance']:6.2f} {r['n']:6d}" for r in rows]
    return "\n".join(lines)
