"""Making training groups: versions of one clip, reduced to statistics and trunk inputs, in shards on disk."""

import hashlib
import json
import os
import shutil
import time
from multiprocessing import Process
from pathlib import Path
from typing import Callable

import numpy as np
import torch

from .clips import Clip
from .degrade import REGISTRY
from .extract import Extractor, extractor_file
from .rubric import CRITERIA, NOT_SEEN
from .views import Window, near_copy, version

KINDS = 3
CLEAN, NEAR = -1, -2
#: What a folder of groups was made from.
MADE_FROM = "made-from.json"


def group_files(folder: Path, groups: int) -> list[Path]:
    """The first `groups` groups, as far as they were made."""
    return [path for g in range(groups) if (path := folder / f"group-{g:05d}.npz").exists()]


def _untouched() -> np.ndarray:
    """Severities of a version with no damage."""
    s = np.zeros(len(CRITERIA), np.float32)
    s[[CRITERIA.index(c) for c in NOT_SEEN]] = np.nan
    return s


def make_group(clip: Clip, seed: list[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Eight versions of one clip: frames [8, 24, H, W, 3], severities [8, criteria], kinds [8]."""
    rng = np.random.default_rng(seed)
    window = Window.random(clip.frames().shape, rng)
    look_seed = int(rng.integers(2**31))
    clean = version(clip, window, None, 0, 0, look_seed)
    frames, severities, kinds = [clean, near_copy(clean, int(rng.integers(2**31)))], [_untouched()] * 2, [CLEAN, NEAR]
    by_criterion = {c: [i for i, d in enumerate(REGISTRY) if d.worse == c] for c in {d.worse for d in REGISTRY}}
    for criterion in rng.choice(sorted(by_criterion), KINDS, replace=False):
        kind = int(rng.choice(by_criterion[criterion]))
        damage, damage_seed = REGISTRY[kind], int(rng.integers(2**31))
        for strength in sorted(rng.choice(3, 2, replace=False)):
            frames.append(version(clip, window, damage, int(strength), damage_seed, look_seed))
            severities.append(damage.severity(int(strength)))
            kinds.append(kind)
    return np.stack(frames), np.stack(severities), np.array(kinds)


def _work(clips: list[Clip], out: Path, worker: int, workers: int, groups: int, seed: int, deadline: float) -> None:
    """One process's share of the groups, one file each."""
    torch.set_num_threads(1)
    extractor = Extractor(out / "extractor.onnx", threads=1)
    for g in range(worker, groups, workers):
        path = out / f"group-{g:05d}.npz"
        if path.exists():
            continue
        if time.time() > deadline:
            return
        order = np.random.default_rng([seed, g // len(clips)]).permutation(len(clips))
        frames, severities, kinds = make_group(clips[order[g % len(clips)]], [seed, g])
        pairs = [extractor(f) for f in frames]
        stats = np.stack([p[0] for p in pairs])
        maps = np.stack([p[1] for p in pairs])
        unfinished = out / f"unfinished-{worker}.npz"
        np.savez(unfinished, stats=stats, maps=maps, severities=severities, kinds=kinds)
        os.replace(unfinished, path)


def prepare(out: Path, clips: list[Clip], seed: int, **more: str) -> None:
    """Empties `out` of what was made from anything else (`more` names what else counts), and puts the extractor there."""
    extractor = extractor_file()
    made_from = json.dumps({"seed": seed, "extractor": hashlib.sha256(extractor).hexdigest(),
                            "clips": [c.sha256 for c in clips], **more})
    told = out / MADE_FROM
    if not (told.exists() and told.read_text(encoding="utf-8") == made_from):
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
        (out / "extractor.onnx").write_bytes(extractor)
        told.write_text(made_from, encoding="utf-8")


def generate(clips: list[Clip], out: Path, groups: int, seed: int = 1, minutes: float = 12, workers: int = 2) -> int:
    """Writes up to `groups` groups of the training clips into `out`; stops after `minutes`. Returns how many.

    What is there from the same clips, seed and statistics is kept.
    """
    assert not any(c.held_out for c in clips)
    prepare(out, clips, seed)
    deadline = time.time() + 60 * minutes
    side_by_side(_work, [(clips, out, w, workers, groups, seed, deadline) for w in range(workers)])
    return len(group_files(out, groups))


def side_by_side(work: Callable, jobs: list[tuple]) -> None:
    """Runs `work` in a process for each job's arguments. Raises RuntimeError if one fails."""
    processes = [Process(target=work, args=job) for job in jobs]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        if process.exitcode:
            raise RuntimeError("a generating process failed")
