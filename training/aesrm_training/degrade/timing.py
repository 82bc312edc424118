"""Degradations of timing: which source frame each frame shows. (indices [n] into the clip, rng, strength, see `at`)."""

import numpy as np

from .ops import at


def duplicated(n, rng, k):
    """Some frames repeat the one before, at random places."""
    source = np.arange(n)
    for i in range(1, n):
        if rng.random() < at(k, 0.2, 0.38, 0.6):
            source[i] = source[i - 1]
    return source


def dropped(n, rng, k):
    """Stutter: frames held, then jumped over."""
    source = np.arange(n)
    hold = round(at(k, 2, 3, 5))
    i = int(rng.integers(0, hold))
    while i < n:
        source[i : i + hold] = min(n - 1, i + int(rng.integers(0, hold)))
        i += hold + int(rng.integers(0, 3))
    return source


def slowed(n, rng, k):
    """Every frame shown 2, 3 or 4 times."""
    start = int(rng.integers(0, max(1, n - int(n / (k + 2)))))
    return np.minimum(start + (np.arange(n) / (k + 2)).astype(np.int64), n - 1)


def frozen(n, rng, k):
    """One frame for the whole clip."""
    return np.full(n, int(rng.integers(0, n)))
