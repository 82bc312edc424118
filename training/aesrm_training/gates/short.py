"""The card in short: sentences that are shown beside every verdict, from the gates and nothing else."""

import json
from pathlib import Path

from .checks import MAX_COPY_WINS
from .foreign import MODEL

MANIFEST = "manifest.json"
_ASPECTS = {"static_quality": "still quality", "temporal_quality": "motion quality"}


def _people(labels: list[dict]) -> str:
    """How far it agrees with people about clips that it never saw, where people rated them."""
    rows = [r for r in labels if r["labelKind"].startswith("human")]
    told = [f"{100 * r['judges'][MODEL]['value']:.0f}% on {_ASPECTS.get(r['aspect'], r['aspect'])} "
            f"({r['judges'][MODEL]['pairs']} pairs of {r['source']}{_better(r['judges'])})" for r in rows]
    return f"With people's ratings of generators it never saw it agrees in {' and '.join(told)}; a coin would in 50%." if told else ""


def _better(judges: dict[str, dict]) -> str:
    """The baseline that agrees most, where it does so more than the model."""
    name, row = max(judges.items(), key=lambda item: item[1]["value"])
    return "" if row["value"] <= judges[MODEL]["value"] else f"; {name} alone {100 * row['value']:.0f}%"


def _copies(copies: list[dict]) -> str:
    """Which harmful copies win too often, of those that a gate is about."""
    copies = [c for c in copies if c["gated"]]
    worst = {c["copy"]: max(c["wins"][name]["value"] for name in (*c["harms"], "overall")) for c in copies if not c["passed"]}
    if not worst:
        names = ", ".join(c["copy"] for c in copies)
        return f"Of copies that are worse than the clip itself ({names}) none wins in more than {MAX_COPY_WINS:.0%}."
    told = ", ".join(f"{name} {100 * value:.0f}%" for name, value in sorted(worst.items(), key=lambda row: -row[1]))
    return f"It is fooled too often by copies that are worse than the clip itself: share that wins: {told}."


def short_form(found: dict) -> list[str]:
    """The sentences, from what gates.json says."""
    unseen = found["unseenStrengths"]
    said = [
        f"Sees technical damage: between a clip and its damaged copy right in {100 * unseen['mean']:.0f}% over "
        f"{len(unseen['criteria'])} criteria, on clips and at strengths it never saw.",
        _people(found["labels"]),
        "Cannot see what a clip shows: meaning, text, anatomy, physics, story, or whether a prompt was followed.",
        _copies(found["behaviour"]["copies"]),
    ]
    return [sentence for sentence in said if sentence]


def keep_short(model: Path, found: dict) -> None:
    """Puts the sentences into the manifest in `model`."""
    path = model / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**manifest, "short": short_form(found)}, indent=2) + "\n", encoding="utf-8")
