"""Sets of samples on disk, reduced to statistics."""

import hashlib
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

import numpy as np
import torch

from ..clips import Clip
from ..dataset import prepare, side_by_side
from ..extract import Extractor
from .samples import Sample, edited, rendered, still

#: The samplers that a set takes in turn.
TRAINING_MIX = (rendered, edited, rendered, edited, rendered, still, rendered, edited)
RENDERED_ONLY = (rendered,)
REAL_ONLY = (edited, still, edited, edited)

#: What a sample's file holds.
_KEPT = ("stats", "labels", "difference")
#: The modules that decide what a sample is.
_DECIDES = ("camera", "concepts", "edits", "grade", "render", "samples", "scene", "shapes", "store", "texture")


@dataclass(frozen=True)
class Collection:
    """A set of samples: where it lies, its seed, its samplers in turn, and the real clips they use."""

    folder: Path
    seed: int
    samplers: tuple[Callable, ...]
    clips: tuple[Clip, ...] = ()

    def sample(self, number: int) -> Sample:
        """Sample `number`; the same for the same seed, number and clips."""
        return self.samplers[number % len(self.samplers)](self.seed, number, self.clips)

    def path(self, number: int) -> Path:
        """Where sample `number` is kept."""
        return self.folder / f"sample-{number:06d}.npz"

    def files(self, count: int) -> list[Path]:
        """The first `count` samples, as far as they were made."""
        return [p for p in map(self.path, range(count)) if p.exists()]


@dataclass
class Samples:
    """Samples in memory: for each the statistics [V, S], labels [V, C], difference [C]."""

    stats: list[torch.Tensor] = field(default_factory=list)
    labels: list[torch.Tensor] = field(default_factory=list)
    differences: list[torch.Tensor] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.stats)


def load(paths: list[Path]) -> Samples:
    """Reads samples in the order given."""
    out = Samples()
    for path in paths:
        with np.load(path) as z:
            for kept, name in zip((out.stats, out.labels, out.differences), _KEPT):
                kept.append(torch.from_numpy(z[name]))
    return out


def _work(collection: Collection, worker: int, workers: int, count: int, deadline: float) -> None:
    """One process's share of a collection, one file each."""
    torch.set_num_threads(1)
    extractor = Extractor(collection.folder / "extractor.onnx", threads=1)
    for number in range(worker, count, workers):
        if collection.path(number).exists():
            continue
        if time.time() > deadline:
            return
        _keep(collection, number, extractor, collection.folder / f"unfinished-{worker}.npz")


def _keep(collection: Collection, number: int, extractor: Extractor, unfinished: Path) -> None:
    """Makes and keeps one sample."""
    sample = collection.sample(number)
    stats = np.stack([extractor(frames) for frames in sample.frames])
    np.savez(unfinished, **dict(zip(_KEPT, (stats, sample.labels, sample.difference))))
    os.replace(unfinished, collection.path(number))


def _recipe() -> str:
    """Hash of the code that decides what a sample is: another renderer must not go on in an old folder."""
    code = b"".join((Path(__file__).parent / f"{name}.py").read_bytes() for name in _DECIDES)
    return hashlib.sha256(code).hexdigest()


def generate(collection: Collection, count: int, minutes: float, workers: int) -> Samples:
    """Makes up to `count` samples, stopping after `minutes`, and reads them; what is there already is kept."""
    prepare(collection.folder, list(collection.clips), collection.seed, recipe=_recipe())
    deadline = time.time() + 60 * minutes
    side_by_side(_work, [(collection, w, workers, count, deadline) for w in range(workers)])
    return load(collection.files(count))
