"""The command line's step: make the samples, train, report."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import torch

from ..clips import Clip, cache_clips, read_clips
from ..dataset import MADE_FROM, group_files
from ..model import ENCODING
from ..paths import CACHE
from ..train import Checkpoint, Nets, load_groups
from . import describe as describing
from .report import measure, table
from .store import RENDERED_ONLY, REAL_ONLY, TRAINING_MIX, Collection, Samples, generate
from .train import STAGES, train

#: Seeds of the held-out sets lie this far from the training set's.
_APART = 1_000_000
#: A held-out set is this part of the training set.
_HELD_OUT_PART = 5
#: Groups whose clean clips say what counts as low or high of a level.
_LOOKED_AT = 400
ROOT = CACHE / "atomic"
NETS = ROOT / "nets.pt"
REPORT = ROOT / "report.json"


def collections(clips: list[Clip], seed: int) -> dict[str, Collection]:
    """The training set, and the two held-out ones: scenes of other seeds, edits of clips of other sources."""
    seen, unseen = tuple(c for c in clips if c.trains), tuple(c for c in clips if c.held_out)
    return {"training": Collection(ROOT / "training", seed, TRAINING_MIX, seen),
            "held-out seeds": Collection(ROOT / "seeds", seed + _APART, RENDERED_ONLY),
            "held-out sources": Collection(ROOT / "sources", seed + 2 * _APART, REAL_ONLY, unseen)}


def _made(clips_folder: Path, samples: int, minutes: float, seed: int, workers: int) -> tuple[dict, dict[str, Samples]]:
    """The collections and their samples, made as far as they are missing."""
    clips = read_clips(clips_folder)
    cache_clips(clips_folder, clips, workers)
    sets = collections(clips, seed)
    data = {name: generate(c, samples if name == "training" else max(1, samples // _HELD_OUT_PART), minutes, workers)
            for name, c in sets.items()}
    print(", ".join(f"{len(d)} {name} samples" for name, d in data.items()), flush=True)
    return sets, data


def run(clips_folder: Path, samples: int, minutes: float, epochs: int, seed: int, workers: int,
        device: torch.device) -> dict[str, list[dict]]:
    """Makes what is missing, trains on the device what is not trained, prints the report and keeps it in the cache."""
    sets, data = _made(clips_folder, samples, minutes, seed, workers)
    stages = [replace(s, epochs=epochs or s.epochs) for s in STAGES]
    made_from = (sets["training"].folder / MADE_FROM).read_text(encoding="utf-8")
    key = {"samples": len(data["training"]), "madeFrom": made_from, "seed": seed, "epochs": [s.epochs for s in stages],
           "recipe": _recipe()}
    nets = train(data["training"], seed, stages, Checkpoint(NETS, key), device)
    report = {name: measure(nets, data[name]) for name in sets if name != "training"}
    REPORT.write_text(json.dumps(report, indent=1), encoding="utf-8")
    for name, rows in report.items():
        print(table(name, rows))
    return report


def weights(extractor: Path) -> dict | None:
    """What stage 1 learned, by this code, from the statistics of `extractor`; None where it was not trained on those."""
    saved = torch.load(NETS) if NETS.exists() else None
    if saved is None or saved["key"].get("recipe") != _recipe():
        return None
    made_from = json.loads(saved["key"]["madeFrom"])
    return saved["weights"] if made_from["extractor"] == hashlib.sha256(extractor.read_bytes()).hexdigest() else None


def learned(extractor: Path) -> dict[str, list[dict]] | None:
    """What stage 1 was measured at, by set of samples; None where there are no `weights`."""
    return None if weights(extractor) is None else json.loads(REPORT.read_text(encoding="utf-8"))


def _recipe() -> str:
    """Hash of the code that decides what is learned from samples: what another recipe learned must not be taken up."""
    package = Path(__file__).parents[1]
    files = (package / f"{name}.py" for name in ("model", "atomic/concepts", "atomic/model", "atomic/train"))
    return hashlib.sha256(b"".join(p.read_bytes() for p in files)).hexdigest()[:16]


def describe(clips_folder: Path, nets: Nets, samples: int, minutes: float, epochs: int, seed: int, workers: int,
             device: torch.device) -> dict:
    """A describer for the networks, fitted on the device: its `weights`, the manifest's `concepts`, and the `report` on samples it never saw."""
    _, data = _made(clips_folder, samples, minutes, seed, workers)
    describer = describing.fit(nets, data["training"], seed, epochs, device)
    report = {name: describing.measure(nets, describer, d) for name, d in data.items() if name != "training"}
    for name, rows in report.items():
        print(table(name, rows))
    groups = load_groups(group_files(CACHE / "groups", _LOOKED_AT))
    stats = torch.cat([s[:1] for s in groups.stats])
    order = [report["held-out sources"], report["held-out seeds"]]
    return {"weights": describer.state_dict(), "report": report,
            "concepts": describing.manifest_entry(nets, describer, stats, ENCODING * len(nets.head.members), order)}
