"""How sure the judge is of pairs that people compared, beside how often it is right: ties count, theirs and the judge's."""

from pathlib import Path

import numpy as np

from ..clips import Clip
from ..human import COMPARED, read_pairs
from .checks import Judge, reliability
from .encodings import Encoded

_VERDICTS = ("A", "tie", "B")


def of_people(judge: Judge, root: Path, clips: list[Clip], encoded: list[Encoded]) -> list[dict]:
    """One entry per source and aspect of people's labels, ties among them, of held-out clips: the verdict's own probability
    on average, how often it is the label, and the calibration error."""
    by_name = {e.clip: e for e in encoded}
    rows = [r for r in read_pairs(root, {c.name: c for c in clips if c.name in by_name}, _VERDICTS)
            if r["label_kind"].startswith("human")]
    keys = [(r["source"], r["label_kind"], r["aspect"]) for r in rows]
    return [_entry(judge, [r for r, k in zip(rows, keys) if k == key], by_name) for key in sorted(set(keys))]


def _entry(judge: Judge, rows: list[dict], clips: dict[str, Encoded]) -> dict:
    """One set of labels of one aspect."""
    a, b = (np.stack([clips[r[side]].codes["clean",] for r in rows]) for side in "ab")
    output = COMPARED[rows[0]["aspect"]]
    p, labels = output.of(judge(a, b)), np.array([_VERDICTS.index(r["preferred"]) for r in rows])
    found = reliability(p, labels)
    first = rows[0]
    return {"source": first["source"], "labelKind": first["label_kind"], "aspect": first["aspect"], "output": output.name,
            "pairs": found["pairs"], "ties": int((labels == 1).sum()), "confidence": round(float(p.max(1).mean()), 4),
            "right": round(float((p.argmax(1) == labels).mean()), 4), "error": found["error"]}
