"""The model card's section on the gates, from gates.json and nothing else."""

import json
import re
from pathlib import Path

from ..degrade.fidelity import HALOS
from ..rubric import DIMENSIONS
from .checks import (MAX_CALIBRATION_ERROR, MAX_CHANGED_WINNERS, MAX_COPY_WINS, MIN_CALIBRATION_PAIRS, MIN_CLAIMED,
                     MIN_MEAN_RIGHT, MIN_RIGHT, MIN_TIES, SURE, VERDICTS)
from .encodings import model_hashes
from .foreign import MATCHED, MODEL

GATES_FILE = "gates.json"
TITLE = "## Gates"
_WHY = ["Where a single measure does better on two different clips, the likely reason is what the model learned from: damage to one",
        "clip, where more sharpness than the clip's own or less motion is a fault. Between generators a sharper picture or a steadier",
        "embedding is often simply the better made clip, and hardly a label here taught the model that."]
_ONE_SOURCE = "All labels of people here are from one source ({source}): of others nothing is known."
_CHANCE = {"above": "better than chance", "below": "worse than chance", "not distinguishable": "not distinguishable from chance",
           "too few": "too few groups to say"}
_AGAINST = {"above": "better", "below": "worse", "not distinguishable": "not distinguishable", "too few": "too few groups to say"}


def _word(passed: bool) -> str:
    return "pass" if passed else "**fail**"


def _percent(row: dict) -> str:
    """A share with its interval in per cent."""
    return f"{100 * row['value']:.1f} [{100 * row['ci'][0]:.0f}, {100 * row['ci'][1]:.0f}]"


def _summary(found: dict) -> list[str]:
    """One line per gate."""
    mirror, calibration = found["mirror"], found["calibration"]
    overall = calibration["outputs"]["overall"]
    failed = {name: [r[key] for r in found[name][rows] if not r["passed"] and r.get("gated", True)]
              for name, rows, key in (("behaviour", "copies", "copy"), ("robustness", "rows", "change"))}
    told = {name: f"fails: {', '.join(dict.fromkeys(v))}" if v else "all hold" for name, v in failed.items()}
    unseen = found["unseenStrengths"]
    lowest = min(unseen["criteria"], key=lambda c: unseen["criteria"][c]["value"])
    return [
        "| gate | threshold | measured | |", "|---|---|---|---|",
        f"| unseen strengths | right in {MIN_MEAN_RIGHT:.0%} on average over at least {MIN_CLAIMED} criteria, none under "
        f"{MIN_RIGHT:.0%}; ties in {MIN_TIES:.0%} where there is nothing to see | {100 * unseen['mean']:.1f}% over "
        f"{len(unseen['criteria'])}, lowest {100 * unseen['criteria'][lowest]['value']:.1f}% ({lowest}); ties "
        f"{100 * unseen['ties']['value']:.1f}% | {_word(unseen['passed'])} |",
        f"| mirror | 0 verdicts change with the sides swapped | {mirror['changed']} of {mirror['verdicts']:,}, over "
        f"{mirror['pairs']:,} pairs | {_word(mirror['passed'])} |",
        f"| calibration | error at most {MAX_CALIBRATION_ERROR}, at least {MIN_CALIBRATION_PAIRS:,} pairs | {overall['error']:.3f} on "
        f"{overall['pairs']:,} pairs | {_word(calibration['passed'])} |",
        f"| behaviour | a harmful copy wins in at most {MAX_COPY_WINS:.0%} | {told['behaviour']} | {_word(found['behaviour']['passed'])} |",
        f"| robustness | a harmless change changes at most {MAX_CHANGED_WINNERS:.0%} of sure winners | {told['robustness']} | "
        f"{_word(found['robustness']['passed'])} |",
    ]


def _unseen(found: dict) -> list[str]:
    """Damage at strengths that no training pair has."""
    between = " and ".join(f"{s:g}" for s in found["strengths"])
    lines = ["### Unseen strengths", "",
             f"Held-out clips beside versions damaged at the strengths {between}, where training knows 0, 1 and 2: per cent of pairs",
             "where the clip has the larger probability on the damaged criterion, ties aside; 95% interval over clips.", "",
             "| criterion | right | pairs |", "|---|---|---|"]
    return lines + [f"| {c} | {_percent(row)} | {row['pairs']} |" for c, row in found["criteria"].items()]


def _behaviour(found: dict) -> list[str]:
    """Harmful copies against their originals."""
    lines = ["### Behaviour", "",
             "Per cent of cases where the copy has the larger probability against its original, ties aside, every strength; 95%",
             "interval over clips; in brackets how often the verdict itself, ties counted, is the copy's. The gate holds for the",
             "dimensions that the copy harms (bold) and overall. An over-sharpened copy has halos: the unsharp mask's amount is",
             f"raised until the luma leaves its neighbourhood's range by at least {', '.join(f'{h:g}' for h in HALOS)} grey levels on",
             "average (weak, middle, strong), as the amounts 1, 2.2 and 4.5 do on the median training clip. By those amounts alone",
             "a soft clip loses its softness and shows no halo, which is no harm: such copies have a row, and no gate.", "",
             "| copy | " + " | ".join(VERDICTS) + " | |", "|---|" + "---|" * (len(VERDICTS) + 1)]
    for row in found["copies"]:
        cells = []
        for name, wins in row["wins"].items():
            text = f"{_percent(wins)} ({100 * wins['verdict']:.1f})"
            cells.append(f"**{text}**" if name in row["harms"] else text)
        lines.append(f"| {row['copy']} | {' | '.join(cells)} | {_word(row['passed']) if row['gated'] else 'no gate'} |")
    return lines


def _robustness(found: dict) -> list[str]:
    """Harmless changes."""
    lines = ["### Robustness", "",
             f"Per cent of pairs with a winner of p at least {SURE} whose winner is no longer the same (a tie counts as a change), and",
             "how many such pairs there are. The gate is on the overall verdict. Pairs of two clips are all pairs of held-out clips,",
             "also of different prompts. Of a clip and its degraded version only the clip is changed. Another container is Matroska with the very same pictures (FFV1).", "",
             "| change | pairs | " + " | ".join(VERDICTS) + " | |", "|---|---|" + "---|" * (len(VERDICTS) + 1)]
    for row in found["rows"]:
        cells = ["-" if o["share"] is None else f"{100 * o['share']:.1f} of {o['pairs']:,}" for o in row["outputs"].values()]
        lines.append(f"| {row['change']} | {row['pairs']} | {' | '.join(cells)} | {_word(row['passed'])} |")
    return [*lines, "", _dimensions_beyond(found["rows"])]


def _dimensions_beyond(rows: list[dict]) -> str:
    """Which dimensions a harmless change moves by more than the gate allows the overall verdict."""
    beyond = [(o["share"], name, r) for r in rows for name, o in r["outputs"].items()
              if name in DIMENSIONS and (o["share"] or 0) > MAX_CHANGED_WINNERS]
    if not beyond:
        return f"No dimension's winners change in more than {MAX_CHANGED_WINNERS:.0%} either."
    share, name, row = max(beyond, key=lambda b: b[0])
    return (f"The dimensions are less steady than the overall verdict: {len(beyond)} of their {len(rows) * len(DIMENSIONS)} shares {'is' if len(beyond) == 1 else 'are'} "
            f"above {MAX_CHANGED_WINNERS:.0%}, the largest {100 * share:.1f}% ({name}, {row['change']}, {row['pairs']}).")


def _calibration(found: dict) -> list[str]:
    """Calibration errors and the overall verdict's reliability."""
    outputs = found["outputs"]
    errors = ", ".join(f"{name} {o['error']:.3f} ({o['pairs']:,})" for name, o in outputs.items())
    lines = ["### Calibration", "",
             "Pairs of a held-out clip and a degraded or near copy of it, sides shuffled; the verdict's own probability against how",
             f"often it is right, bins of equal mass. Error (pairs): {errors}.", "",
             "| overall verdict's probability | right | pairs |", "|---|---|---|"]
    return lines + [f"| {b['confidence']:.3f} | {b['accuracy']:.3f} | {b['pairs']} |" for b in outputs["overall"]["bins"]]


def _labels(sets: list[dict]) -> list[str]:
    """Foreign labels beside baselines."""
    lines = ["### Foreign labels beside baselines", ""]
    if not sets:
        return [*lines, "No label came with held-out clips."]
    lines += ["Held-out clips only; decisive labels; agreement in per cent with its 95% interval over groups (prompts); a judge that",
              f"cannot tell counts a half. Matched: pairs whose frame-to-frame change differs by at most a factor of {MATCHED}. The",
              "regression learned from the other sources' labels; the embedding step is of the model's own encodings of pictures",
              "shown as still clips; sharpness and change are measured at the model's own scale.", "",
              "| source, label kind, aspect (output), pairs | judge | agreement | against chance | this model against it | matched |",
              "|---|---|---|---|---|---|"]
    for s in sets:
        title = f"{s['source']}, {s['labelKind']}, {s['aspect']} ({s['output']}), {s['pairs']} over {s['groups']}"
        lines += [f"| {title} | {_judge_cells(name, row)} |" for name, row in s["judges"].items()]
    lost = any(row["modelMinus"]["is"] == "below" for s in sets for name, row in s["judges"].items() if name != MODEL)
    by_people = {s["source"] for s in sets if s["labelKind"].startswith("human")}
    alone = [_ONE_SOURCE.format(source=source) for source in by_people if len(by_people) == 1]
    return [*lines, "", *(_losses(s) for s in sets), *(["", *_WHY] if lost else []), *(["", *alone] if alone else [])]


def _losses(found: dict) -> str:
    """Which baselines a set of labels puts before the model, and which it cannot tell from it."""
    said = {how: ", ".join(name for name, row in found["judges"].items() if name != MODEL and row["modelMinus"]["is"] == how)
            for how in ("above", "below", "not distinguishable", "too few")}
    told = [f"{words} {said[how]}" for how, words in (("above", "beats"), ("below", "loses to"),
                                                      ("not distinguishable", "is not distinguishable from"),
                                                      ("too few", "has too few groups to be told from")) if said[how]]
    return f"- {found['source']}, {found['labelKind']}, {found['aspect']}: the model {'; '.join(told)}."


def _judge_cells(name: str, row: dict) -> str:
    """One judge's cells in the table of labels."""
    matched = row["matched"]
    cell = f"{_percent(matched)} of {matched['pairs']}, {_CHANCE[matched['chance']]}" if matched else "no pair"
    gap = "" if name == MODEL else f"{_AGAINST[row['modelMinus']['is']]} ({_percent(row['modelMinus'])})"
    return f"{name} | {_percent(row)} | {_CHANCE[row['chance']]} | {gap} | {cell}"


def _confidence(sets: list[dict]) -> list[str]:
    """The verdict's own probability beside how often people say the same."""
    lines = ["### Calibration on people's labels", ""]
    if not sets:
        return [*lines, "No label of people came with held-out clips."]
    lines += ["The same pairs with people's ties: the probability of the verdict (A, tie or B), on average, how often it is people's,",
              "and the calibration error in bins of equal mass, which so few pairs make look larger than it is.", "",
              "| source, label kind, aspect (output) | pairs | ties | probability | right | error |", "|---|---|---|---|---|---|"]
    surer = sum(s["confidence"] > s["right"] for s in sets)
    lines += [f"| {s['source']}, {s['labelKind']}, {s['aspect']} ({s['output']}) | {s['pairs']} | {s['ties']} | "
              f"{100 * s['confidence']:.1f} | {100 * s['right']:.1f} | {s['error']:.3f} |" for s in sets]
    return lines + ["", f"In {surer} of {len(sets)} rows it is surer than it is right."]


def section(found: dict) -> str:
    """The section as Markdown, from its title to a line end."""
    sources = ", ".join(f"{n} of {source}" for source, n in found["sources"].items())
    encoder, judge = (found["model"][n][:12] for n in ("encoder", "judge"))
    about = [TITLE, "", f"Measured by `python -m aesrm_training gates` on {found['clips']} clips of sources that training never saw",
             f"({sources}), seed {found['seed']}, for the encoder whose SHA-256 begins with `{encoder}` and the judge `{judge}`."]
    parts = [about, _summary(found), _unseen(found["unseenStrengths"]), _behaviour(found["behaviour"]), _robustness(found["robustness"]),
             _calibration(found["calibration"]), _labels(found["labels"]), _confidence(found["confidence"])]
    return "\n\n".join("\n".join(p) for p in parts) + "\n"


def with_section(card: str, text: str) -> str:
    """The card with this section in place of its old one, or at its end; an empty one leaves the card as it is."""
    if not text:
        return card
    old = re.search(rf"^{TITLE}\n.*?(?=^## |\Z)", card, re.DOTALL | re.MULTILINE)
    if not old:
        return f"{card.rstrip()}\n\n{text}" if card.strip() else text
    rest = card[old.end():]
    return card[: old.start()] + text + (f"\n{rest}" if rest else "")


def kept_section(model: Path) -> str:
    """The section of the gates.json beside a model; empty where there is none, or one of another model."""
    kept = model / GATES_FILE
    found = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {"model": None}
    return section(found) if found["model"] == model_hashes(model) else ""
