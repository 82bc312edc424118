"""Reference numbers for the benchmark's statistics, from numpy, scipy and textbook definitions alone.

Made with Python 3.11, numpy 2.4 and scipy 1.17: `python make_goldens.py > goldens.json` in this folder, then prettier.
The labels and both judges' probabilities are made up here and stored beside the numbers. The bootstrap draws anew with
numpy's generator, 100,000 times: the product's own draws agree with it but for chance. Score intervals are the roots of
(p - x)^2 = z^2 x (1 - x) / n, searched for.
"""
import json
import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm, t as student

rng = np.random.default_rng(20261125)
DRAWS = 100_000


def world(source, groups, largest, skill):
    rows = []
    for g in range(groups):
        ease = rng.normal()
        for _ in range(rng.integers(1, largest + 1)):
            label = int(rng.choice([1, 0, -1], p=[.4, .25, .35]))
            row = {"source": source, "group": f"prompt {g}", "label": label, "p": []}
            for s in skill:
                lean = s * label + 0.6 * ease * label + rng.normal()
                x = np.exp([lean, 0.3 * rng.normal(), -lean])
                a, tie = np.round(x[:2] / x.sum(), 6)
                row["p"].append([float(a), float(tie), float(round(1 - a - tie, 6))])
            rows.append(row)
    return rows


def sign_right(row, judge):
    a, _, b = row["p"][judge]
    return 0.5 if a == b else float((a > b) == (row["label"] == 1))


def call_right(row, judge):
    a, tie, b = row["p"][judge]
    call = 1 if a > b and a > tie else -1 if b > a and b > tie else 0
    return float(call == row["label"])


def observed(rows, right):
    return [(right(row), row["group"]) for row in rows]


def drawn(observations):
    names = sorted({g for _, g in observations})
    sums = np.array([sum(v for v, g in observations if g == name) for name in names])
    counts = np.array([sum(1 for _, g in observations if g == name) for name in names])
    picks = rng.integers(0, len(names), size=(DRAWS, len(names)))
    ratios = sums[picks].sum(axis=1) / counts[picks].sum(axis=1)
    n = len(names)
    return sums.sum() / counts.sum(), n, ratios.var(ddof=1) * n / (n - 1)


def score(p, n, z):
    inside = lambda x: (p - x) ** 2 - z ** 2 * x * (1 - x) / n
    return [brentq(inside, 0, p), brentq(inside, p, 1)]


def share(sources):
    parts = [drawn(s) for s in sources]
    value = float(np.mean([v for v, _, _ in parts]))
    groups = sum(n for _, n, _ in parts)
    variance = sum(v for _, _, v in parts) / len(parts) ** 2
    middle = (value * groups + .5) / (groups + 1)
    plain = middle * (1 - middle)
    ratio = (variance * groups ** 2 + plain) / (groups * value * (1 - value) + plain)
    z = norm.ppf(.975)
    z += (1 - min(ratio, 1 / ratio)) * (student.ppf(.975, groups - 1) - z)
    return {"value": value, "interval": score(value, groups / ratio, z)}


def difference(sources):
    parts = [drawn(s) for s in sources]
    value = float(np.mean([v for v, _, _ in parts]))
    groups = sum(n for _, n, _ in parts)
    half = student.ppf(.975, groups - len(parts)) * np.sqrt(sum(v for _, _, v in parts)) / len(parts)
    return {"value": value, "interval": [value - half, value + half]}


def calibrated(rows):
    margins = np.array([r["p"][0][0] - r["p"][0][2] for r in rows])
    labels = np.array([r["label"] for r in rows])
    best = (-1, 0)
    for threshold in sorted({0.0, *np.abs(margins)}):
        calls = np.where(np.abs(margins) <= threshold, 0, np.sign(margins))
        accuracy = np.mean(calls == labels)
        if accuracy > best[0]:
            best = (float(accuracy), float(threshold))
    return {"accuracy": best[0], "threshold": best[1]}


def ece(rows):
    confidence = np.array([max(r["p"][0]) for r in rows])
    right = np.array([call_right(r, 0) for r in rows])
    order = np.argsort(confidence, kind="stable")
    bins = [b for b in np.array_split(order, 15)]
    return {
        "error": float(sum(len(b) / len(rows) * abs(right[b].mean() - confidence[b].mean()) for b in bins)),
        "bins": [[len(b), float(confidence[b].mean()), float(right[b].mean())] for b in bins],
    }


one, two = world("one", 40, 6, (0.8, 0.4)), world("two", 25, 5, (0.5, 0.5))
decisive = lambda rows: [r for r in rows if r["label"]]
paired = lambda rows, right: [(right(r, 0) - right(r, 1), r["group"]) for r in rows]
first = lambda right: lambda row: right(row, 0)
print(json.dumps({
    "labels": one + two,
    "withoutTies": [share([observed(decisive(s), first(sign_right))]) for s in (one, two)],
    "withTies": [share([observed(s, first(call_right))]) for s in (one, two)],
    "mean": {
        "withoutTies": share([observed(decisive(s), first(sign_right)) for s in (one, two)]),
        "withTies": share([observed(s, first(call_right)) for s in (one, two)]),
    },
    "calibrated": [calibrated(s) for s in (one, two)],
    "calibration": ece(one + two),
    "difference": {
        "withoutTies": difference([paired(decisive(one), sign_right)]),
        "withTies": difference([paired(one, call_right)]),
        "mean": difference([paired(decisive(s), sign_right) for s in (one, two)]),
    },
}))
