"""The frame plan: which frames of a clip the model looks at. One source: src/core/framePlan.json."""

import json

import numpy as np

from .paths import CORE

PLAN = json.loads((CORE / "framePlan.json").read_text(encoding="utf-8"))
SAMPLES, BURST = PLAN["samples"], PLAN["burst"]
FRAMES = SAMPLES * BURST


def plan_indices(pts: np.ndarray) -> np.ndarray:
    """Frame indices [samples * burst], sample-major, for timestamps `pts` [n] in seconds; bursts lie inside the clip."""
    n = len(pts)
    start = pts[0]
    interval = float(np.median(np.diff(pts))) if n > 1 else 1.0
    duration = float(pts[-1] - start) + interval
    targets = (np.arange(SAMPLES) + 0.5) / SAMPLES * duration
    centres = np.searchsorted(pts - start, targets, side="right") - 1
    half = BURST // 2
    if n >= BURST:
        # a frame that was taken twice would look like one that the clip repeats
        centres = np.clip(centres, half, n - BURST + half)
    return np.clip(centres[:, None] + np.arange(BURST) - half, 0, n - 1).reshape(-1)


def constant_rate_indices(n: int) -> np.ndarray:
    """The plan's indices for `n` frames at a constant rate."""
    return plan_indices(np.arange(n, dtype=np.float64))
