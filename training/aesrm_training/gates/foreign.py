"""Labels that came with the clips, on held-out clips only: the judge beside its baselines, by source, kind and aspect."""

import json
from pathlib import Path

import numpy as np

from ..clips import Clip
from ..human import COMPARED, read_pairs
from ..paths import CACHE
from .baselines import leave_one_source_out, measured
from .checks import Judge
from .encodings import Encoded
from .measures import measure_clip
from .shares import against, difference, share

MODEL = "this model"
#: Two clips are matched in motion where the larger frame-to-frame change is at most this many times the smaller.
MATCHED = 1.5
CHANCE = 0.5


def _measures(root: Path, clips: list[Clip], known: dict[str, dict]) -> dict[str, dict]:
    """Measures of all clips by name: those known, and the others read from their files, kept in the cache."""
    kept = CACHE / "gates" / "measures.json"
    old = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    found = {c.sha256: old[c.sha256] if c.sha256 in old else measure_clip(c, root / c.name) for c in clips if c.name not in known}
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps({**old, **found}), encoding="utf-8")
    return known | {c.name: found[c.sha256] for c in clips if c.name not in known}


def _hits(scores: np.ndarray, pairs: list[dict]) -> np.ndarray:
    """1 where the score agrees with the label, 0 where it does not, a half where it is 0: a coin's word."""
    wanted = np.array([1 if r["preferred"] == "A" else -1 for r in pairs])
    return 0.5 + 0.5 * np.sign(scores) * wanted


def _scores(judge: Judge, pairs: list[dict], clips: dict[str, Encoded]) -> dict[str, np.ndarray]:
    """The judge's and the embedding step's scores [P]: of the output that the label's aspect is compared with."""
    a, b = (np.stack([clips[r[side]].codes["clean",] for r in pairs]) for side in "ab")
    said = np.stack([COMPARED[r["aspect"]].of(p) for r, p in zip(pairs, judge(a, b))])
    step = np.array([clips[r["b"]].embedding_step - clips[r["a"]].embedding_step for r in pairs])
    return {MODEL: said[:, 0] - said[:, 2], "smaller embedding step": step}


def _judged(hits: np.ndarray, matched: np.ndarray, mine: np.ndarray, groups: list[str]) -> dict:
    """One judge on one set of labels: agreement, the same on motion-matched pairs, the model minus it."""
    row = share(hits, groups)
    out = {**row, "chance": against(row, CHANCE), "matched": None}
    if matched.any():
        out["matched"] = share(hits[matched], [g for g, m in zip(groups, matched) if m])
        out["matched"]["chance"] = against(out["matched"], CHANCE)
    gap = difference(mine, hits, groups)
    return out | {"modelMinus": {**gap, "is": against(gap, 0.0)}}


def _set(pairs: list[dict], scores: dict[str, np.ndarray], measures: dict[str, dict]) -> dict:
    """One set of labels: every judge that could be made."""
    gap = np.array([abs(measures[r["a"]]["change"] - measures[r["b"]]["change"]) for r in pairs])
    matched, groups = gap <= np.log(MATCHED), [r["group"] for r in pairs]
    hits = {name: _hits(s, pairs) for name, s in scores.items() if not np.isnan(s).any()}
    judges = {name: _judged(h, matched, hits[MODEL], groups) for name, h in hits.items()}
    first = pairs[0]
    return {"source": first["source"], "labelKind": first["label_kind"], "aspect": first["aspect"],
            "output": COMPARED[first["aspect"]].name, "pairs": len(pairs), "groups": len(set(groups)), "judges": judges}


def foreign_labels(judge: Judge, root: Path, clips: list[Clip], encoded: list[Encoded]) -> list[dict]:
    """One entry per source, label kind and aspect whose clips are all held out.

    The regression alone learns from the other sources' pairs, training's clips among them, and is told nothing of the
    source that it is measured on.
    """
    by_name = {e.clip: e for e in encoded}
    pairs = read_pairs(root, {c.name: c for c in clips})
    named = {n for r in pairs for n in (r["a"], r["b"])}
    measures = _measures(root, [c for c in clips if c.name in named], {e.clip: e.measures for e in encoded})
    held_out = [r["a"] in by_name and r["b"] in by_name for r in pairs]
    learned = leave_one_source_out(pairs, measures)[held_out] if pairs else np.zeros(0)
    pairs = [r for r, out in zip(pairs, held_out) if out]
    if not pairs:
        return []
    scores = {**_scores(judge, pairs, by_name), **measured(pairs, measures), "regression on hand-made measures": learned}
    keys = [(r["source"], r["label_kind"], r["aspect"]) for r in pairs]
    sets = [[i for i, k in enumerate(keys) if k == key] for key in sorted(set(keys))]
    return [_set([pairs[i] for i in s], {n: v[s] for n, v in scores.items()}, measures) for s in sets]
