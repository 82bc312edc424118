"""What a judge of real pairs is compared with. A baseline scores a pair: positive means A, 0 means it cannot tell."""

import numpy as np

#: A pair is a row of pairs.csv; measures are those of `measures.measure_clip`, by clip.
Measures = dict[str, dict[str, float]]

#: Weight of the squared coefficients beside the summed loss, on standardised differences.
_RIDGE = 1.0
_STEPS = 50


def always_a(pairs: list[dict]) -> np.ndarray:
    """A, whatever the clips."""
    return np.ones(len(pairs))


def _gap(pairs: list[dict], score) -> np.ndarray:
    """Score of A minus score of B, of clips by name."""
    return np.array([score(r["a"]) - score(r["b"]) for r in pairs])


def measured(pairs: list[dict], measures: Measures) -> dict[str, np.ndarray]:
    """Scores [P] of the baselines that look at one measure."""
    return {
        "always A": always_a(pairs),
        "resolution and length": _gap(pairs, lambda c: measures[c]["size"] + measures[c]["length"]),
        "Laplacian sharpness": _gap(pairs, lambda c: measures[c]["sharpness"]),
        "less frame-to-frame change": _gap(pairs, lambda c: -measures[c]["change"]),
    }


def logistic(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Coefficients [F] without intercept, so that swapped sides give the opposite; x [N, F], y [N] of 0/1. Newton's method."""
    w = np.zeros(x.shape[1])
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (p - y) + _RIDGE * w
        step = np.linalg.solve((x.T * (p * (1 - p))) @ x + _RIDGE * np.eye(len(w)), gradient)
        w -= step
        if np.abs(step).max() < 1e-8:
            break
    return w


def leave_one_source_out(pairs: list[dict], measures: Measures) -> np.ndarray:
    """Logistic regression on differences of all measures: scores [P], each source by what the other sources' pairs teach.

    NaN where there is no other source.
    """
    names = sorted(next(iter(measures.values())))
    x = np.array([[measures[r["a"]][n] - measures[r["b"]][n] for n in names] for r in pairs])
    y = np.array([float(r["preferred"] == "A") for r in pairs])
    sources = np.array([r["source"] for r in pairs])
    out = np.full(len(pairs), np.nan)
    for source in np.unique(sources):
        rest = sources != source
        if rest.any():
            # no mean is taken off: it would favour a side
            scale = np.sqrt((x[rest] ** 2).mean(0)) + 1e-9
            out[~rest] = x[~rest] / scale @ logistic(x[rest] / scale, y[rest])
    return out
