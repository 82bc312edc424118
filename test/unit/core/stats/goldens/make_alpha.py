"""Krippendorff's alpha, ordinal, from NLTK with the metric written from its definition.

Debian: apt-get install python3-nltk; then, in this folder, `/usr/bin/python3 make_alpha.py > goldens-alpha.json`.
Made with Python 3.11 and NLTK 3.8. The worked example's value is Krippendorff's own (Computing Krippendorff's
Alpha-Reliability, 2011, section E: 4 observers, 12 units, missing data; 0.815 by hand there).
"""
import json
import random
from collections import Counter
from nltk.metrics.agreement import AnnotationTask


def alpha(units):
    """units: by unit the answers given; missing ones are left out."""
    counts = Counter(x for unit in units if len(unit) > 1 for x in unit)

    def distance(c, k):
        low, high = min(c, k), max(c, k)
        between = sum(n for g, n in counts.items() if low <= g <= high)
        return (between - (counts[low] + counts[high]) / 2) ** 2

    data = [(f"coder{i}", f"unit{u}", x) for u, unit in enumerate(units) if len(unit) > 1 for i, x in enumerate(unit)]
    return AnnotationTask(data=data, distance=distance).alpha()


observers = [  # None: missing; answers 1..5
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
example = [[x - 1 for x in unit if x is not None] for unit in zip(*observers)]

rng = random.Random(5)


def votes(pairs, people, missing, noise):
    made = []
    for _ in range(pairs):
        truth = rng.choice([0, 0, 1, 2, 2, 2])
        made.append([rng.choice([0, 1, 2]) if rng.random() < noise else truth
                     for _ in range(people) if rng.random() >= missing])
    return made


cases = [{"levels": 5, "published": 0.815, "units": example}]
for args in [(30, 2, 0, 0.3), (40, 3, 0.4, 0.5), (12, 5, 0.2, 1.0), (200, 4, 0.6, 0.1)]:
    cases.append({"levels": 3, "units": votes(*args)})
print(json.dumps([{**case, "alpha": alpha(case["units"])} for case in cases]))
