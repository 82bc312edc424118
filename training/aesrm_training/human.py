"""Agreement with the labels that come with the clips: people's, methods' claims, few-step students. Never merged."""

import csv
from pathlib import Path

import numpy as np

from .clips import Clip
from .evaluate import Runner, interval
from .rubric import CRITERIA
from .views import Window, version

#: Which of the judge's outputs is compared with a label's aspect: an interpretation, fixed before measuring.
COMPARED = {
    "static_quality": ("VF", len(CRITERIA) + 1),
    "visual_quality": ("VF", len(CRITERIA) + 1),
    "temporal_quality": ("overall", -1),
    "motion_quality": ("overall", -1),
    "overall": ("overall", -1),
}


def read_pairs(root: Path, clips: dict[str, Clip], preferred: tuple[str, ...] = ("A", "B")) -> list[dict]:
    """Pairs of an aspect we compare, between two known clips; none where no labels came with the clips."""
    if not (root / "pairs.csv").exists():
        return []
    with (root / "pairs.csv").open(encoding="utf-8", newline="") as handle:
        rows = [r for r in csv.DictReader(handle) if r["aspect"] in COMPARED and r["preferred"] in preferred]
    return [r for r in rows if r["a"] in clips and r["b"] in clips]


def said_of_labels(root: Path, model: Path, clips: list[Clip]) -> list[dict]:
    """One row per decisive label: what the output that it is compared with says, and whether no training saw the clips."""
    by_name = {c.name: c for c in clips}
    pairs = read_pairs(root, by_name)
    runner, codes = Runner(model, threads=2), {}
    for name in sorted({n for r in pairs for n in (r["a"], r["b"])}):
        clip = by_name[name]
        codes[name] = runner.encode(version(clip, Window.whole(clip.frames().shape), None, 0, 0, None))
    out = []
    for r in pairs:
        output, index = COMPARED[r["aspect"]]
        p = [round(float(v), 4) for v in runner.compare(codes[r["a"]], codes[r["b"]])[index]]
        out.append({"source": r["source"], "labelKind": r["label_kind"], "aspect": r["aspect"], "output": output, "group": r["group"],
                    "a": r["a"], "b": r["b"], "preferred": r["preferred"], "p": p,
                    "unseen": by_name[r["a"]].held_out and by_name[r["b"]].held_out})
    runner.close()
    return out


def agreement(said: list[dict]) -> list[dict]:
    """One row per source, label kind and aspect, apart for clips that were and were not trained on."""
    buckets: dict[tuple, list] = {}
    for r in said:
        right = float((r["p"][0] > r["p"][2]) == (r["preferred"] == "A"))
        buckets.setdefault(tuple(r[k] for k in ("source", "labelKind", "aspect", "output", "unseen")), []).append((right, r["group"]))
    out = []
    for (source, kind, aspect, output, unseen), hits in sorted(buckets.items()):
        accuracy, ci = interval(np.array([h[0] for h in hits]), [h[1] for h in hits])
        out.append({"source": source, "labelKind": kind, "aspect": aspect, "output": output, "unseen": unseen,
                    "pairs": len(hits), "groups": len({h[1] for h in hits}), "accuracy": accuracy, "ci": ci})
    return out
