"""The card in short: sentences that are shown beside every verdict, from the gates and nothing else."""

import json
from pathlib import Path

from .checks import MAX_CHANGED_WINNERS, MAX_COPY_WINS
from .foreign import MODEL

MANIFEST = "manifest.json"
_ASPECTS = {"static_quality": "still quality", "temporal_quality": "motion quality"}


def _people(labels: list[dict]) -> str:
    """How far it agrees with people about clips that it never saw, where people rated them."""
    rows = [r for r in labels if r["labelKind"].startswith("human")]
    told = [f"{100 * r['judges'][MODEL]['value']:.0f}% on {_ASPECTS.get(r['aspect'], r['aspect'])} "
            f"({r['judges'][MODEL]['pairs']} pairs of {r['source']}{_better(r['judges'])})" for r in rows]
    return f"With people's ratings of clips of a source it never saw it agrees in {' and '.join(told)}; a coin would in 50%." if told else ""


def _better(judges: dict[str, dict]) -> str:
    """The baseline that agrees most, where it does so more than the model."""
    name, row = max(judges.items(), key=lambda item: item[1]["value"])
    return "" if row["value"] <= judges[MODEL]["value"] else f"; {name} alone {100 * row['value']:.0f}%"


def _copies(copies: list[dict]) -> str:
    """Which copies win too often: harmful ones, which a gate is about, and those of which it is no harm by itself."""
    gated = [c for c in copies if c["gated"]]
    failed, others = ([(c["copy"], _wins(c)) for c in rows] for rows in
                      ([c for c in gated if not c["passed"]], [c for c in copies if not c["gated"]]))
    if failed:
        said = f"It is fooled too often by copies that are worse than the clip itself: share that wins: {_told(failed)}."
    else:
        names = ", ".join(c["copy"] for c in gated)
        said = (f"Of copies that are worse than the clip itself ({names}) none wins overall, or on the dimension that it harms, in "
                f"more than {MAX_COPY_WINS:.0%}.")
    beyond = [row for row in others if row[1] > MAX_COPY_WINS]
    return f"{said} Copies that may be no worse win in more than {MAX_COPY_WINS:.0%}: {_told(beyond)}." if beyond else said


def _wins(copy: dict) -> float:
    """How often a copy wins, overall or on the dimension it harms, where it does so most."""
    return max(copy["wins"][name]["value"] for name in (*copy["harms"], "overall"))


def _told(copies: list[tuple[str, float]]) -> str:
    """Copies with the share that wins, the worst first."""
    return ", ".join(f"{name} {100 * value:.0f}%" for name, value in sorted(copies, key=lambda row: -row[1]))


def _unsteady(robustness: dict) -> str:
    """Which changes of no importance change too many sure winners; nothing where none does."""
    worst = {}
    for row in robustness["rows"]:
        share = row["outputs"]["overall"]["share"]
        if not row["passed"] and share is not None:
            worst[row["change"]] = max(worst.get(row["change"], 0.0), share)
    if not worst:
        return ""
    return (f"Changes that do no harm change more than {MAX_CHANGED_WINNERS:.0%} of its sure winners: "
            + ", ".join(f"{name} ({100 * share:.1f}%)" for name, share in worst.items()) + ".")


def short_form(found: dict) -> list[str]:
    """The sentences, from what gates.json says."""
    unseen = found["unseenStrengths"]
    said = [
        f"Sees technical damage: between a clip and its damaged copy right in {100 * unseen['mean']:.0f}% over "
        f"{len(unseen['criteria'])} criteria, on clips and at strengths it never saw.",
        _people(found["labels"]),
        "Cannot see what a clip shows: meaning, text, anatomy, physics, story, or whether a prompt was followed.",
        _copies(found["behaviour"]["copies"]),
        _unsteady(found["robustness"]),
    ]
    return [sentence for sentence in said if sentence]


def keep_short(model: Path, found: dict) -> None:
    """Puts the sentences into the manifest in `model`."""
    path = model / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**manifest, "short": short_form(found)}, indent=2) + "\n", encoding="utf-8")
