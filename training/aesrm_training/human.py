"""Agreement with the labels that come with the clips: people's, methods' claims, few-step students. Never merged."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .clips import Clip
from .evaluate import Runner, interval
from .rubric import CRITERIA, DIMENSIONS
from .views import Window, version


@dataclass(frozen=True)
class Output:
    """What of a verdict a label's aspect is held against: of more than one output the mean of the probabilities."""

    name: str
    indices: tuple[int, ...]

    def of(self, p: np.ndarray) -> np.ndarray:
        """Of probabilities [..., outputs, 3] those that count [..., 3]."""
        return p[..., list(self.indices), :].mean(-2)


_DIMENSION = {d: len(CRITERIA) + i for i, d in enumerate(DIMENSIONS)}
_FIDELITY = Output("VF", (_DIMENSION["VF"],))
#: Between texture and flicker on one hand and the camera on the other.
_MOTION = Output("mean of VF and VP", (_DIMENSION["VF"], _DIMENSION["VP"]))
#: The product's own map from aspects to outputs (`src/core/bench/aspects.ts`), of the aspects that came with the clips.
COMPARED = {
    "static_quality": _FIDELITY,
    "visual_quality": _FIDELITY,
    "temporal_quality": _MOTION,
    "motion_quality": _MOTION,
    "overall": Output("overall", (len(CRITERIA) + len(DIMENSIONS),)),
}


def read_pairs(root: Path, clips: dict[str, Clip], preferred: tuple[str, ...] = ("A", "B")) -> list[dict]:
    """Pairs of an aspect we compare, between two known clips; none where no labels came with the clips."""
    if not (root / "pairs.csv").exists():
        return []
    with (root / "pairs.csv").open(encoding="utf-8", newline="") as handle:
        rows = [r for r in csv.DictReader(handle) if r["aspect"] in COMPARED and r["preferred"] in preferred]
    return [r for r in rows if r["a"] in clips and r["b"] in clips]


def said_of_labels(root: Path, model: Path, clips: list[Clip]) -> list[dict]:
    """One row per decisive label of two clips that no training saw: what the output that it is compared with says."""
    by_name = {c.name: c for c in clips if c.held_out}
    pairs = read_pairs(root, by_name)
    runner, codes = Runner(model, threads=2), {}
    for name in sorted({n for r in pairs for n in (r["a"], r["b"])}):
        clip = by_name[name]
        codes[name] = runner.encode(version(clip, Window.whole(clip.frames().shape), None, 0, 0, None))
    out = []
    for r in pairs:
        output = COMPARED[r["aspect"]]
        p = [round(float(v), 4) for v in output.of(runner.compare(codes[r["a"]], codes[r["b"]]))]
        out.append({"source": r["source"], "labelKind": r["label_kind"], "aspect": r["aspect"], "output": output.name,
                    "group": r["group"], "a": r["a"], "b": r["b"], "preferred": r["preferred"], "p": p})
    runner.close()
    return out


def agreement(said: list[dict]) -> list[dict]:
    """One row per source, label kind and aspect."""
    buckets: dict[tuple, list] = {}
    for r in said:
        right = float((r["p"][0] > r["p"][2]) == (r["preferred"] == "A"))
        buckets.setdefault(tuple(r[k] for k in ("source", "labelKind", "aspect", "output")), []).append((right, r["group"]))
    out = []
    for (source, kind, aspect, output), hits in sorted(buckets.items()):
        accuracy, ci = interval(np.array([h[0] for h in hits]), [h[1] for h in hits])
        out.append({"source": source, "labelKind": kind, "aspect": aspect, "output": output,
                    "pairs": len(hits), "groups": len({h[1] for h in hits}), "accuracy": accuracy, "ci": ci})
    return out
