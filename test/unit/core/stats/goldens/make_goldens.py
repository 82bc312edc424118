"""Reference numbers for the sweep's statistics, from scipy and textbook definitions alone.

Made with Python 3.11, numpy and scipy 1.17: `python make_goldens.py > goldens.json` in this folder, then prettier.
The Davidson fits maximise the penalised likelihood with a general optimiser, the likelihood written from probabilities.
"""
import json
import numpy as np
from scipy.optimize import brentq, minimize
from scipy.stats import binom, binomtest, gamma, norm, t as student

RIDGE = 0.1


def davidson(columns, pairs, ties):
    """pairs: (earlier, later, later wins, ties, earlier wins)."""
    def loss(x):
        theta, nu = x[:columns], np.exp(x[columns]) if ties else 0.0
        total = -RIDGE / 2 * np.sum(x ** 2)
        for a, b, up, even, down in pairs:
            pa, pb = np.exp(theta[a]), np.exp(theta[b])
            whole = pa + pb + nu * np.sqrt(pa * pb)
            total += up * np.log(pb / whole) + down * np.log(pa / whole)
            if even:
                total += even * np.log(nu * np.sqrt(pa * pb) / whole)
        return -total
    start = np.zeros(columns + (1 if ties else 0))
    found = minimize(loss, start, method="BFGS", options={"gtol": 1e-7})
    found = minimize(loss, found.x, method="Nelder-Mead",
                     options={"xatol": 1e-9, "fatol": 1e-13, "maxiter": 40000, "maxfev": 40000})
    found = minimize(loss, found.x, method="BFGS", options={"gtol": 1e-8})
    theta = found.x[:columns]
    return {"columns": columns, "pairs": pairs, "strengths": list(theta - theta.mean()),
            "ties": float(np.exp(found.x[columns])) if ties else 0.0}


def holm(p):
    order = np.argsort(p, kind="stable")
    adjusted = np.minimum(1, np.maximum.accumulate((len(p) - np.arange(len(p))) * np.array(p)[order]))
    back = np.empty(len(p))
    back[order] = adjusted
    return list(back)


def detectable(n, level):
    needed = next((k for k in range(n + 1) if binom.sf(k - 1, n, 0.5) <= level), None)
    share = None if needed is None else brentq(lambda q: binom.sf(needed - 1, n, q) - 0.8, 0.5, 1 - 1e-12)
    return {"n": n, "level": level, "share": share}


def rate(shares):
    """Wilson's interval on the effective number of prompts, Poisson's lower end (Brown, Cai, DasGupta) up to 3 wins."""
    x = np.array(shares, float)
    n, v = len(x), x.mean()
    middle = (x.sum() + 0.5) / (n + 1)
    ratio = min(1, (np.sum((x - v) ** 2) + middle * (1 - middle)) / (n * v * (1 - v) + middle * (1 - middle)))
    z, many = norm.ppf(0.975), n / ratio
    z += (1 - ratio) * (student.ppf(0.975, n - 1) - z)
    # The score interval's ends are where |v - p| = z * sqrt(p (1 - p) / many).
    score = lambda p: (v - p) ** 2 - z ** 2 * p * (1 - p) / many
    low = 0.0 if v == 0 else brentq(score, 0, v) if v < 1 else 1 / (1 + z ** 2 / many)
    high = 1.0 if v == 1 else brentq(score, v, 1) if v > 0 else 1 - 1 / (1 + z ** 2 / many)
    if 0 < v * many <= 3:
        low = min(low, gamma.ppf(0.05, v * many) / many)
    if 0 < (1 - v) * many <= 3:
        high = max(high, 1 - gamma.ppf(0.05, (1 - v) * many) / many)
    return {"shares": shares, "interval": [low, high]}


rng = np.random.default_rng(7)
mixed = [(a, b, *map(int, rng.multinomial(50, [0.3 + 0.08 * (b - a), 0.2, 0.5 - 0.08 * (b - a)])))
         for a in range(4) for b in range(a + 1, 4)]
decided = [(a, b, up, 0, 20 - up) for (a, b), up in zip([(0, 1), (0, 2), (1, 2)], [13, 16, 9])]
p = [0.001, 0.04, 0.012, 0.5, 0.012, 0.9]
print(json.dumps({
    "davidson": {
        "mixed": davidson(4, mixed, True),
        "decided": davidson(3, decided, False),
        "wonAll": davidson(2, [(0, 1, 50, 0, 0)], False),
        "allTies": davidson(2, [(0, 1, 0, 12, 0)], True),
    },
    "sign": [{"k": k, "n": n, "p": binomtest(k, n, 0.5, alternative="greater").pvalue}
             for k, n in [(5, 5), (8, 10), (20, 50), (35, 50), (50, 50), (130, 200)]],
    "holm": {"p": p, "adjusted": holm(p)},
    "detectable": [detectable(n, level) for n, level in [(5, 0.01), (20, 0.05), (50, 0.0025), (200, 0.0001)]],
    "wilson": [{"k": k, "n": n, "interval": list(binomtest(k, n).proportion_ci(method="wilson"))}
               for k, n in [(0, 8), (8, 8), (4, 8), (12, 20), (31, 50), (100, 120)]],
    "rates": [rate(shares) for shares in [
        [1] * 11 + [0] * 1, [1] * 49 + [0], [0] * 47 + [1] * 3, [1] * 19 + [0.5], [0.5] * 12,
        [0.25, 0.5, 0.5, 0.75, 0.25, 1, 0.5, 0.75, 0.5, 0.5], [1, 0, 0.5] * 7, [0.75] * 30 + [1] * 20]],
    "student": [{"freedom": v, "quantile": student.ppf(0.975, v)} for v in [7, 14, 49, 199]],
}, indent=1))
