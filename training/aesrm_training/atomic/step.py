"""The command line's step: make the samples, train, report."""

import json
from pathlib import Path

import torch

from ..clips import Clip, cache_clips, read_clips
from ..dataset import MADE_FROM
from ..paths import CACHE
from ..train import Checkpoint, Stage
from .report import measure, table
from .store import RENDERED_ONLY, REAL_ONLY, TRAINING_MIX, Collection, generate
from .train import STAGES, train

#: Seeds of the held-out sets lie this far from the training set's.
_APART = 1_000_000
#: A held-out set is this part of the training set.
_HELD_OUT_PART = 5
ROOT = CACHE / "atomic"


def collections(clips: list[Clip], seed: int) -> dict[str, Collection]:
    """The training set, and the two held-out ones: scenes of other seeds, edits of clips of other sources."""
    seen, unseen = (tuple(c for c in clips if c.held_out == held_out) for held_out in (False, True))
    return {"training": Collection(ROOT / "training", seed, TRAINING_MIX, seen),
            "held-out seeds": Collection(ROOT / "seeds", seed + _APART, RENDERED_ONLY),
            "held-out sources": Collection(ROOT / "sources", seed + 2 * _APART, REAL_ONLY, unseen)}


def run(clips_folder: Path, samples: int, minutes: float, epochs: int, seed: int,
        workers: int) -> dict[str, list[dict]]:
    """Makes what is missing, trains what is not trained, prints the report and keeps it in the cache."""
    clips = read_clips(clips_folder)
    cache_clips(clips_folder, clips, workers)
    sets = collections(clips, seed)
    data = {name: generate(c, samples if name == "training" else max(1, samples // _HELD_OUT_PART), minutes, workers)
            for name, c in sets.items()}
    print(", ".join(f"{len(d)} {name} samples" for name, d in data.items()), flush=True)
    stages = [Stage(s.name, s.with_trunk, epochs or s.epochs, s.rate, s.minutes) for s in STAGES]
    made_from = (sets["training"].folder / MADE_FROM).read_text(encoding="utf-8")
    key = {"samples": len(data["training"]), "madeFrom": made_from, "seed": seed, "epochs": [s.epochs for s in stages]}
    nets = train(data["training"], seed, stages, workers, Checkpoint(ROOT / "nets.pt", key))
    torch.set_num_threads(workers)
    report = {name: measure(nets, data[name], stages[-1].with_trunk) for name in sets if name != "training"}
    (ROOT / "report.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    for name, rows in report.items():
        print(table(name, rows))
    return report
