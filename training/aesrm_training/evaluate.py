"""Measuring the exported model on degradations of held-out clips, and its speed."""

import hashlib
import json
import statistics
from functools import lru_cache
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import torch

from .clips import Clip
from .degrade import BY_NAME, REGISTRY, STRENGTHS, planned
from .paths import CACHE
from .rubric import CLAIMED, CRITERIA, DIMENSION_OF
from .session import Session
from .views import Window, near_copy, version


class Runner:
    """The exported encoder and judge on the CPU; `judged` is how much of an encoding the judge reads."""

    def __init__(self, model: Path, threads: int = 1):
        told = model / "manifest.json"
        concepts = json.loads(told.read_text(encoding="utf-8")).get("concepts") if told.exists() else None
        self.judged = concepts["from"] if concepts else None
        self.encoder, self.judge = (Session(model / f"{n}.onnx", threads) for n in ("encoder", "judge"))

    def encode(self, frames: np.ndarray) -> np.ndarray:
        """Encoding [1, D] of frames [24, H, W, 3]."""
        return self.encoder.run(frames=frames)["encoding"]

    def compare(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Probabilities [19, 3] of one pair of encodings: criteria, dimensions, overall."""
        return self.compare_all(a, b)[0]

    def compare_all(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Probabilities [N, 19, 3] of N pairs of encodings."""
        said = self.judge.run(a=a, b=b)
        return np.concatenate([said["criteria"], said["dimensions"], said["overall"][:, None]], 1)

    def close(self) -> None:
        """Ends both processes."""
        self.encoder.close()
        self.judge.close()


@lru_cache(maxsize=1)
def _runner(model: Path) -> Runner:
    """This process's runner."""
    return Runner(model)


def _clip_rows(job: tuple[int, Clip, Path, int, Path]) -> list[dict]:
    """One clip's rows: what the judge says of clean (A) v degraded (B); kept in `cache`, and read from there."""
    number, clip, model, seed, cache = job
    kept = cache / f"{number}-{seed}-{clip.sha256[:16]}.json"
    if not kept.exists():
        rows = [{**r, "p": r["p"].tolist()} for r in _measure(number, clip, _runner(model), seed)]
        kept.write_text(json.dumps(rows), encoding="utf-8")
    return [{**r, "p": np.array(r["p"])} for r in json.loads(kept.read_text(encoding="utf-8"))]


def _measure(number: int, clip: Clip, runner: Runner, seed: int) -> list[dict]:
    """One clip's rows, measured."""
    torch.set_num_threads(1)
    window = Window.whole(clip.frames().shape)
    clean_frames = version(clip, window, None, 0, 0, None)
    clean = runner.encode(clean_frames)
    copy = runner.compare(clean, runner.encode(near_copy(clean_frames, seed)))
    rows = [{"clip": clip.sha256, "degradation": "near_copy", "strength": 0, "p": copy}]
    for d, strength in planned(number):
        damaged = runner.encode(version(clip, window, d, strength, seed + number, None))
        rows.append({"clip": clip.sha256, "degradation": d.name, "strength": strength, "p": runner.compare(clean, damaged)})
    return rows


def degradation_rows(model: Path, clips: list[Clip], seed: int = 7, workers: int = 2) -> list[dict]:
    """All clips' rows; only held-out clips are allowed. Clips that this model was measured on before are not again."""
    assert all(c.held_out for c in clips)
    files = b"".join((model / f"{n}.onnx").read_bytes() for n in ("encoder", "judge"))
    cache = CACHE / "evaluation" / hashlib.sha256(files).hexdigest()[:16]
    cache.mkdir(parents=True, exist_ok=True)
    with Pool(workers) as pool:
        return [row for rows in pool.imap(_clip_rows, [(i, c, model, seed, cache) for i, c in enumerate(clips)]) for row in rows]


def interval(values: np.ndarray, groups: list[str], draws: int = 2000) -> tuple[float, list[float]]:
    """Mean and its 95% bootstrap interval over groups."""
    names = sorted(set(groups))
    place = {g: i for i, g in enumerate(names)}
    index = np.array([place[g] for g in groups])
    sums, counts = np.bincount(index, values, len(names)), np.bincount(index, minlength=len(names))
    draw = np.random.default_rng(0).integers(0, len(names), (draws, len(names)))
    means = sums[draw].sum(1) / counts[draw].sum(1)
    return round(float(np.mean(values)), 4), [round(float(v), 4) for v in np.percentile(means, [2.5, 97.5])]


def _right(rows: list[dict], output: int) -> np.ndarray:
    """1 where the clean side has the larger probability of winning."""
    return np.array([float(r["p"][output, 0] > r["p"][output, 2]) for r in rows])


def _summary(rows: list[dict], output: int) -> dict:
    """Accuracy of one output with its interval, and how often the verdict itself was clean, tie or degraded."""
    accuracy, ci = interval(_right(rows, output), [r["clip"] for r in rows])
    verdicts = np.array([r["p"][output].argmax() for r in rows])
    share = [round(float((verdicts == v).mean()), 4) for v in range(3)]
    return {"pairs": len(rows), "accuracy": accuracy, "ci": ci, "verdicts": dict(zip(("right", "tie", "wrong"), share))}


def summarise(rows: list[dict]) -> dict:
    """Tables by criterion and strength, by degradation, and the checks on ties and frozen copies."""
    damaged = [r for r in rows if r["degradation"] in BY_NAME]
    out: dict = {"criteria": {}, "degradations": {}}
    for criterion in CLAIMED:
        i = CRITERIA.index(criterion)
        mine = [r for r in damaged if BY_NAME[r["degradation"]].worse == criterion]
        out["criteria"][criterion] = {"all": _summary(mine, i), **{
            s: _summary([r for r in mine if r["strength"] == k], i) for k, s in enumerate(STRENGTHS)}}
    for d in REGISTRY:
        out["degradations"][d.name] = _summary([r for r in damaged if r["degradation"] == d.name], CRITERIA.index(d.worse))
    out["mean"] = round(float(np.mean([v["all"]["accuracy"] for v in out["criteria"].values()])), 4)
    out["overall"] = _summary(damaged, -1)
    out["dimensions"] = {name: _summary([r for r in damaged if DIMENSION_OF[CRITERIA.index(BY_NAME[r["degradation"]].worse)] == k],
                                        len(CRITERIA) + k) for k, name in enumerate(("VA", "VF", "VP"))}
    frozen = [r for r in damaged if r["degradation"] == "frozen"]
    wins = {"overall": -1, "vf.flicker": CRITERIA.index("vf.flicker"), "vp.camera": CRITERIA.index("vp.camera")}
    out["frozenWins"] = {name: interval(1 - _right(frozen, i), [r["clip"] for r in frozen]) for name, i in wins.items()}
    out["nearCopyTies"] = round(float(np.mean([r["p"][[CRITERIA.index(c) for c in CLAIMED]].argmax(1) == 1
                                               for r in rows if r["degradation"] == "near_copy"])), 4)
    out["untouchedTies"] = _untouched_ties(damaged)
    out["clips"] = len({r["clip"] for r in rows})
    return out


def _untouched_ties(rows: list[dict]) -> float:
    """How often a criterion that a degradation clearly leaves alone is called a tie."""
    hits = []
    for r in rows:
        severity = BY_NAME[r["degradation"]].severity(r["strength"])
        hits.extend((r["p"][: len(CRITERIA)].argmax(1) == 1)[severity == 0])
    return round(float(np.mean(hits)), 4)


def speed(model: Path) -> dict:
    """Median encoder milliseconds at 256 x 148 and judged pairs a second, and of opening a session, on one and two threads."""
    out = {}
    frames = np.random.default_rng(0).integers(0, 256, (24, 148, 256, 3), dtype=np.uint8)
    size = json.loads((model / "manifest.json").read_text(encoding="utf-8"))["encodingSize"]
    a, b = (np.random.default_rng(i).standard_normal((4096, size), dtype=np.float32) for i in (1, 2))
    for threads in (1, 2):
        opening = []
        for _ in range(5):
            with Session(model / "encoder.onnx", threads) as encoder:
                opening.append(encoder.opening_ms)
        with Session(model / "encoder.onnx", threads) as encoder, Session(model / "judge.onnx", threads) as judge:
            encode, compare = _times(encoder, frames=frames), _times(judge, a=a, b=b)
        out[f"{threads} threads"] = {"openMs": round(statistics.median(opening)), "encoderMs": round(encode, 1),
                                     "pairsPerSecond": round(1000 * len(a) / compare)}
    return out


def _times(session: Session, **inputs: np.ndarray) -> float:
    """Median milliseconds of a run, warmed up."""
    times = []
    for _ in range(25):
        session.run(**inputs)
        times.append(session.ms)
    return statistics.median(times[5:])
