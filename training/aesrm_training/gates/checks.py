"""The gates that need no label from outside: mirror, calibration, behaviour, robustness.

A judge is a function from encodings a, b [N, D] to probabilities [N, 19, 3] of (A, tie, B): criteria, dimensions,
overall. Pairs whose label is known by construction are (a clip, a degraded version of it).
"""

from typing import Callable

import numpy as np

from ..degrade import BY_NAME, UNSEEN_STRENGTHS
from ..labels import NONE, all_labels
from ..rubric import CLAIMED, CRITERIA, DIMENSIONS
from .copies import HARMLESS, HARMS
from .encodings import Encoded
from .shares import share

Judge = Callable[[np.ndarray, np.ndarray], np.ndarray]

MIN_MEAN_RIGHT = 0.85
MIN_RIGHT = 0.70
MIN_CLAIMED = 13
MIN_TIES = 0.80
MAX_COPY_WINS = 0.10
MAX_CHANGED_WINNERS = 0.02
SURE = 0.6
MAX_CALIBRATION_ERROR = 0.05
MIN_CALIBRATION_PAIRS = 2000
BINS = 15

#: Outputs by name; a criterion that the model does not speak of is none of them.
OUTPUTS = {**{c: CRITERIA.index(c) for c in CLAIMED}, **{d: len(CRITERIA) + i for i, d in enumerate(DIMENSIONS)}, "overall": -1}
VERDICTS = {name: OUTPUTS[name] for name in (*DIMENSIONS, "overall")}


def _two_clips(clips: list[Encoded]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Every clip beside every other: numbers (i, j) [P, 2] and encodings a, b [P, D]."""
    pairs = np.array([(i, j) for i in range(len(clips)) for j in range(i)])
    codes = np.stack([c.codes["clean",] for c in clips])
    return pairs, codes[pairs[:, 0]], codes[pairs[:, 1]]


def _degraded(clip: Encoded) -> list[tuple]:
    """The versions of a clip whose label beside the clip itself is known."""
    return [v for v in clip.codes if v[0] in ("near copy", "degraded")]


def _known_pairs(clips: list[Encoded]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(clip, degraded version): numbers of the clips [P], encodings of both [P, D]."""
    rows = [(i, c.codes["clean",], c.codes[v]) for i, c in enumerate(clips) for v in _degraded(c)]
    numbers, clean, degraded = zip(*rows)
    return np.array(numbers), np.stack(clean), np.stack(degraded)


def _right(judge: Judge, clips: list[Encoded], criterion: str) -> dict:
    """How often the clip has the larger probability than its version damaged on a criterion at strengths never trained."""
    rows = [(c.clip, c.codes["clean",], code) for c in clips for v, code in c.codes.items()
            if v[0] == "unseen" and BY_NAME[v[1]].worse == criterion]
    groups, clean, damaged = zip(*rows)
    p = judge(np.stack(clean), np.stack(damaged))[:, OUTPUTS[criterion]]
    return share((p[:, 0] > p[:, 2]).astype(float), list(groups))


def _ties(judge: Judge, clips: list[Encoded]) -> dict:
    """How often claimed criteria and verdicts tie for a clip beside itself, its near copy and its lossless-looking copy."""
    versions = (("clean",), ("near copy",), ("harmless", HARMLESS[0]))
    rows = [(c.clip, c.codes["clean",], c.codes[v]) for c in clips for v in versions]
    groups, clean, copy = zip(*rows)
    tie = judge(np.stack(clean), np.stack(copy))[:, list(OUTPUTS.values())].argmax(-1) == 1
    return share(tie.mean(1), list(groups))


def unseen_strengths(judge: Judge, clips: list[Encoded]) -> dict:
    """Damage at strengths that no training pair has, by criterion, and ties where there is nothing to see."""
    criteria = {c: _right(judge, clips, c) for c in CLAIMED}
    values = [row["value"] for row in criteria.values()]
    ties, mean = _ties(judge, clips), round(float(np.mean(values)), 4)
    passed = len(values) >= MIN_CLAIMED and mean >= MIN_MEAN_RIGHT and min(values) >= MIN_RIGHT and ties["value"] >= MIN_TIES
    return {"strengths": list(UNSEEN_STRENGTHS), "criteria": criteria, "mean": mean, "ties": ties, "passed": passed}


def mirror(judge: Judge, clips: list[Encoded]) -> dict:
    """Verdicts that change with the sides swapped, over all pairs of clips and all degraded pairs."""
    (_, a, b), (_, clean, degraded) = _two_clips(clips), _known_pairs(clips)
    left, right = np.concatenate([a, clean]), np.concatenate([b, degraded])
    outputs = list(OUTPUTS.values())
    there, back = judge(left, right)[:, outputs], judge(right, left)[:, outputs, ::-1]
    changed = int((there.argmax(-1) != back.argmax(-1)).sum())
    return {"pairs": len(left), "verdicts": there.shape[0] * there.shape[1], "changed": changed,
            "largestDifference": float(np.abs(there - back).max()), "passed": changed == 0}


def _labels(clips: list[Encoded]) -> np.ndarray:
    """Labels [P, 19] of `_known_pairs`: the clip is A."""
    untouched = np.zeros(len(CRITERIA), np.float32)
    of = {v: all_labels(untouched, BY_NAME[v[1]].severity(v[2]) if v[0] == "degraded" else untouched, False)
          for c in clips for v in _degraded(c)}
    return np.stack([of[v] for c in clips for v in _degraded(c)])


def reliability(p: np.ndarray, labels: np.ndarray) -> dict:
    """Expected calibration error of verdicts p [N, 3] under labels [N], in bins of equal mass, and the bins."""
    sure, right = p.max(1), p.argmax(1) == labels
    bins = [{"pairs": len(b), "confidence": round(float(sure[b].mean()), 4), "accuracy": round(float(right[b].mean()), 4)}
            for b in np.array_split(np.argsort(sure, kind="stable"), BINS) if len(b)]
    error = sum(b["pairs"] * abs(b["confidence"] - b["accuracy"]) for b in bins) / len(p)
    return {"pairs": len(p), "error": round(error, 4), "bins": bins}


def calibration(judge: Judge, clips: list[Encoded], seed: int) -> dict:
    """Calibration on degraded pairs with shuffled sides: of the overall verdict, each dimension, all criteria together."""
    _, clean, degraded = _known_pairs(clips)
    labels = _labels(clips)
    swapped = np.random.default_rng(seed).random(len(clean)) < 0.5
    p = judge(np.where(swapped[:, None], degraded, clean), np.where(swapped[:, None], clean, degraded))
    labels = np.where(swapped[:, None] & (labels != NONE), 2 - labels, labels)
    parts = {name: [i] for name, i in VERDICTS.items()} | {"criteria": [OUTPUTS[c] for c in CLAIMED]}
    out = {}
    for name, outputs in parts.items():
        known = labels[:, outputs] != NONE
        out[name] = reliability(p[:, outputs][known], labels[:, outputs][known])
    overall = out["overall"]
    passed = overall["error"] <= MAX_CALIBRATION_ERROR and overall["pairs"] >= MIN_CALIBRATION_PAIRS
    return {"outputs": out, "passed": passed}


def _copy_wins(p: np.ndarray, groups: list[str]) -> dict:
    """How often the copy (B) has the larger probability, ties aside, and how often the verdict itself is the copy's."""
    return {**share((p[:, 2] > p[:, 0]).astype(float), groups), "verdict": round(float((p.argmax(1) == 2).mean()), 4)}


def behaviour(judge: Judge, clips: list[Encoded]) -> dict:
    """How often a harmful copy wins against its original, on each dimension and overall."""
    copies = []
    for harm in HARMS:
        rows = [(c.clip, c.codes["clean",], c.codes["harmful", harm.name, s]) for c in clips for s in harm.strengths]
        groups, clean, copy = zip(*rows)
        p = judge(np.stack(clean), np.stack(copy))
        wins = {name: _copy_wins(p[:, i], list(groups)) for name, i in VERDICTS.items()}
        passed = all(wins[name]["value"] <= MAX_COPY_WINS for name in (*harm.harms, "overall"))
        copies.append({"copy": harm.name, "harms": list(harm.harms), "gated": harm.gated, "wins": wins, "passed": passed})
    return {"copies": copies, "passed": all(c["passed"] for c in copies if c["gated"])}


def _changed(before: np.ndarray, after: np.ndarray) -> dict:
    """Of verdicts p [N, 3] that are sure of a winner: how many, and the share whose winner is no longer the same."""
    winner = before.argmax(1)
    sure = (winner != 1) & (before.max(1) >= SURE)
    pairs, changed = int(sure.sum()), int((after.argmax(1) != winner)[sure].sum())
    return {"pairs": pairs, "changed": changed, "share": round(changed / pairs, 4) if pairs else None}


def _harmless_rows(judge: Judge, clips: list[Encoded], name: str) -> list[dict]:
    """One harmless change of one side or of both, for two clips and for a clip beside its degraded version."""
    pairs, a, b = _two_clips(clips)
    numbers, clean, degraded = _known_pairs(clips)
    changed = np.stack([c.codes["harmless", name] for c in clips])
    rows = []
    for kind, left, right, after in (
        ("two clips, one changed", a, b, (changed[pairs[:, 0]], b)),
        ("two clips, both changed", a, b, (changed[pairs[:, 0]], changed[pairs[:, 1]])),
        ("a clip and its degraded version, the clip changed", clean, degraded, (changed[numbers], degraded)),
    ):
        before, then = judge(left, right), judge(*after)
        outputs = {o: _changed(before[:, i], then[:, i]) for o, i in VERDICTS.items()}
        share_changed = outputs["overall"]["share"]
        passed = share_changed is not None and share_changed <= MAX_CHANGED_WINNERS
        rows.append({"change": name, "pairs": kind, "outputs": outputs, "passed": passed})
    return rows


def robustness(judge: Judge, clips: list[Encoded]) -> dict:
    """How often a change that is none of quality changes a sure verdict's winner."""
    rows = [row for name in HARMLESS for row in _harmless_rows(judge, clips, name)]
    return {"rows": rows, "passed": all(r["passed"] for r in rows)}
