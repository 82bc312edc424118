"""Making training groups: versions of one clip, reduced to statistics, in shards on disk."""

import hashlib
import json
import os
import shutil
import time
from dataclasses import dataclass, replace
from multiprocessing import Process
from pathlib import Path
from typing import Callable

import numpy as np
import torch

from .clips import Clip
from .decode import HARMLESS_CROPS, RECODED
from .degrade import BY_NAME, REGISTRY, TRAINED_STRENGTHS
from .extract import Extractor, extractor_file
from .plan import constant_rate_indices
from .rubric import CRITERIA, NOT_SEEN
from .views import Look, Window, near_copy, show, version

KINDS = 3
CLEAN, NEAR, TEMPO = -1, -2, -3
#: What a judge of measures takes for the better clip: less motion, crisper edges, stronger or no colour, fewer details.
FOOLING = ("frozen", "slowed", "halo", "oversaturate", "desaturate", "bars", "blur")
#: Those of them that win most where the clip itself is noisy or soft.
HARDEST = ("frozen", "slowed", "halo", "oversaturate")
#: One group in so many is of a worn clip.
WORN = 3
#: Damage that changes no frame by more than this, in grey levels, says nothing.
IMPERCEPTIBLE = 0.5
#: What a folder of groups was made from.
MADE_FROM = "made-from.json"


def group_files(folder: Path, groups: int) -> list[Path]:
    """The first `groups` groups, as far as they were made."""
    return [path for g in range(groups) if (path := folder / f"group-{g:05d}.npz").exists()]


def clip_of_group(group: int, clips: int, seed: int) -> int:
    """Number of the clip that a group is made of: every clip once, in random order, then every clip again."""
    return int(np.random.default_rng([seed, group // clips]).permutation(clips)[group % clips])


def clips_of_groups(files: list[Path]) -> list[int]:
    """Numbers of the clips that the groups in `files` were made of."""
    made_from = json.loads((files[0].parent / MADE_FROM).read_text(encoding="utf-8"))
    return [clip_of_group(int(f.stem.split("-")[1]), len(made_from["clips"]), made_from["seed"]) for f in files]


def untouched() -> np.ndarray:
    """Severities of a version with no damage."""
    s = np.zeros(len(CRITERIA), np.float32)
    s[[CRITERIA.index(c) for c in NOT_SEEN]] = np.nan
    return s


def _tempo() -> np.ndarray:
    """Severities of the same clip at another speed: neither better nor worse where its motion plays no part."""
    s = untouched()
    s[[CRITERIA.index(c) for c in ("vf.structure", "vf.texture", "vf.flicker", "vp.camera")]] = np.nan
    return s


@dataclass
class _Group:
    """A group's versions as they come together."""

    frames: list[np.ndarray]
    severities: list[np.ndarray]
    kinds: list[int]

    def add(self, frames: np.ndarray, severity: np.ndarray, kind: int) -> None:
        """Takes a version in; damage that nobody can see is no damage, nor is it none."""
        if kind >= 0 and _change(self.frames[0], frames) < IMPERCEPTIBLE:
            return
        self.frames.append(frames)
        self.severities.append(severity)
        self.kinds.append(kind)


def _change(a: np.ndarray, b: np.ndarray) -> float:
    """The largest mean difference of two versions' frames, grey levels."""
    return float(np.abs(a[:, ::2, ::2].astype(np.int16) - b[:, ::2, ::2]).mean((1, 2, 3)).max())


def a_frame_later(frames: np.ndarray, count: int) -> np.ndarray:
    """A window's frame numbers [n] in a clip of `count` frames, each a frame later; at the clip's end the last is held for one
    more. A frame that is held at an end is no matter of quality either, and what it does to motion's statistics is learned."""
    return np.minimum(frames + 1, count - 1)


def _harmless(clip: Clip, window: Window, rng: np.random.Generator, seen_as: Look) -> np.ndarray:
    """A version that differs in nothing that is quality: re-encoded, cropped a little, or a frame later."""
    kind = str(rng.choice([RECODED, *HARMLESS_CROPS, "later"]))
    if kind != "later":
        return version(clip, window, None, 0, 0, seen_as, variant=kind)
    return version(clip, replace(window, frames=a_frame_later(window.frames, len(clip.frames()))), None, 0, 0, seen_as)


def make_group(clip: Clip, seed: int, number: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Up to thirteen versions of group `number`'s clip: frames [V, 24, H, W, 3], severities [V, criteria], kinds [V].

    The clip, a near copy, a harmless version, at times another tempo; three kinds of damage at two strengths; and
    one kind that judges of measures are easily fooled by, of a worn clip two more of the hardest.
    """
    rng = np.random.default_rng([seed, number])
    window = Window.random(clip.frames().shape, rng)
    seen_as = Look(int(rng.integers(2**31)), number % WORN == 0)
    shown = show(clip, "clean", window, constant_rate_indices(len(window.frames)), seen_as)
    clean = version(clip, window, None, 0, 0, seen_as, clean=shown)
    group = _Group([clean], [untouched()], [CLEAN])
    group.add(near_copy(clean, int(rng.integers(2**31))), untouched(), NEAR)
    group.add(_harmless(clip, window, rng, seen_as), untouched(), NEAR)
    if len(window.frames) >= 24 and rng.random() < 0.5:
        group.add(version(clip, replace(window, frames=window.frames[::2]), None, 0, 0, seen_as), _tempo(), TEMPO)
    by_criterion = {c: [d for d in REGISTRY if d.worse == c] for c in {d.worse for d in REGISTRY}}
    jobs = [(d.name, int(k)) for criterion in rng.choice(sorted(by_criterion), KINDS, replace=False)
            for d in [by_criterion[criterion][rng.integers(len(by_criterion[criterion]))]]
            for k in sorted(rng.choice(TRAINED_STRENGTHS, 2, replace=False))]
    jobs.append((str(rng.choice(FOOLING)), int(rng.choice(TRAINED_STRENGTHS))))
    if seen_as.is_worn:
        jobs += [(str(name), int(rng.choice(TRAINED_STRENGTHS))) for name in rng.choice(HARDEST, 2, replace=False)]
    seeds = {name: int(rng.integers(2**31)) for name, _ in jobs}
    for name, k in dict.fromkeys(jobs):
        damage = BY_NAME[name]
        group.add(version(clip, window, damage, k, seeds[name], seen_as, clean=shown), damage.severity(k), REGISTRY.index(damage))
    return np.stack(group.frames), np.stack(group.severities), np.array(group.kinds)


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
        frames, severities, kinds = make_group(clips[clip_of_group(g, len(clips), seed)], seed, g)
        stats = np.stack([extractor(f) for f in frames])
        unfinished = out / f"unfinished-{worker}.npz"
        np.savez(unfinished, stats=stats, severities=severities, kinds=kinds)
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


def recipe() -> str:
    """Hash of the code that decides what a group is: changed damage must not go on in an old folder."""
    here = Path(__file__).parent
    files = [*(here / f"{name}.py" for name in ("dataset", "views", "decode", "plan")), *sorted((here / "degrade").glob("*.py"))]
    return hashlib.sha256(b"".join(p.read_bytes() for p in files)).hexdigest()


def generate(clips: list[Clip], out: Path, groups: int, seed: int = 1, minutes: float = 12, workers: int = 2) -> int:
    """Writes up to `groups` groups of the training clips into `out`; stops after `minutes`. Returns how many.

    What is there from the same clips, seed and statistics is kept.
    """
    if any(c.held_out for c in clips):
        raise ValueError("a held-out clip is in no training set")
    prepare(out, clips, seed, recipe=recipe())
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
