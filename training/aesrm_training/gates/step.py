"""The command line's step: encode the held-out clips, check every gate, write gates.json and the card's section."""

import json
from collections import Counter
from pathlib import Path

from ..clips import Clip, cache_clips, read_clips
from ..evaluate import Runner
from . import checks
from .confidence import of_people
from .encodings import Encoded, encode_clips, model_hashes
from .foreign import foreign_labels
from .section import GATES_FILE, section, with_section
from .short import keep_short


def report(judge: checks.Judge, root: Path, clips: list[Clip], encoded: list[Encoded], seed: int) -> dict:
    """Everything that gates.json says of a judge, but whose it is."""
    sources = Counter(c.source for c in clips if c.held_out)
    return {"seed": seed, "clips": len(encoded), "sources": dict(sorted(sources.items())),
            "unseenStrengths": checks.unseen_strengths(judge, encoded),
            "mirror": checks.mirror(judge, encoded), "calibration": checks.calibration(judge, encoded, seed),
            "behaviour": checks.behaviour(judge, encoded), "robustness": checks.robustness(judge, encoded),
            "labels": foreign_labels(judge, root, clips, encoded), "confidence": of_people(judge, root, clips, encoded)}


def run(root: Path, model: Path, seed: int, workers: int) -> dict:
    """Measures the model in `model` on the held-out clips under `root`; writes its gates.json, its card's section and the card in short."""
    clips = read_clips(root)
    held_out = [c for c in clips if c.held_out]
    cache_clips(root, held_out, workers)
    encoded = encode_clips(model, root, held_out, seed, workers)
    runner = Runner(model, workers)
    found = {"model": model_hashes(model), **report(runner.compare_all, root, clips, encoded, seed)}
    runner.close()
    (model / GATES_FILE).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    keep_short(model, found)
    card = model / "MODEL_CARD.md"
    text = section(found)
    card.write_text(with_section(card.read_text(encoding="utf-8") if card.exists() else "", text), encoding="utf-8")
    print(text)
    return found
