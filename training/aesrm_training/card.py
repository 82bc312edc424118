"""The model card, written from the measurements, never by hand."""

import hashlib
from collections import Counter
from pathlib import Path

import onnx

from .clips import Clip
from .degrade import REGISTRY, STRENGTHS
from .gates.section import kept_section, with_section
from .model import ENCODING, WIDTHS
from .rubric import CLAIMED, NAMES, NOT_SEEN

_INTRO = """# Compact judge: model card

A small pairwise judge of generated videos in the manner of AesRM (arXiv 2604.28078): two clips in, fifteen
criteria, three dimensions and one verdict out. **These are not AesRM's weights.** Nothing of AesRM's model or data is
in it; it was trained from nothing by `training/` on controlled degradations of {train} real clips, in minutes, on a CPU.
It sees technical damage between two versions of a clip well. It is not a judge of taste, and it does not know what a
clip is about: read the human-label table before relying on it for two different generators.
"""

_ARCHITECTURE = """## Architecture

- Frames: plan `uniform-8x3-256`, 8 bursts of 3 neighbouring frames, long side 256 (`src/core/framePlan.json`).
- Encoder: {statistics} hand-made statistics (colour, tone, detail, layout, and the motion inside each burst, pooled over
  the 8 positions) and a convolutional trunk (widths {widths}) over luma, its two differences in the burst, and chroma at
  half size; joined into {size} numbers per clip.
- Judge: a small network whose win score is odd in the two encodings' difference. Swapping the sides mirrors the verdict
  by construction, and two equal encodings tie by construction.
- {parameters:,} learned parameters, in these files:

{files}
"""

_LABELS = """## What it was trained on

{groups:,} groups of 8 versions of one clip ({versions:,} versions): the clip itself, a copy nobody would tell apart, and
three kinds of damage at two strengths each, out of {kinds} kinds. The damaged side loses the criterion the damage is
about; criteria it clearly leaves alone are ties; the rest carry no label. Dimensions and the overall verdict follow by
the plain rule (sign of the sum). {seconds} s of training after making the data; stages: {stages}.
No human label was used in training. The last stage, which lets the dimensions and the overall verdict gain from the
criteria's scores, was added after a first measurement on the held-out clips had shown frozen copies winning overall: the
held-out figures of the dimensions, the overall verdict and frozen copies are to that extent not blind.
"""

_WEAK = """## Known weaknesses

- Trained in minutes on {train} short clips. The held-out figures above use the same kinds of damage on clips of sources it
  never saw; damage of another kind is not covered by them.
- Everything is seen at 256 pixels on the long side, in 24 frames: finer detail and rare glitches between bursts are invisible.
- A criterion it claims means "sees the listed damage", not "judges the art": a deliberate colour cast, blur, tilt or
  stop-motion reads as damage, and a well-made picture of an impossible thing reads as fine.
- Frozen copy: the share of held-out clips where one frozen frame *beats* the clip itself is {frozen} overall,
  {flicker} on vf.flicker, {camera} on vp.camera (no label trained the last one).
- Two different clips: the judge compares what it measures, not what people like; see the human labels. Clips with
  little motion are not known to be judged fairly against clips with much.
- Not seen, and never scored: {unseen}.
"""


def _percent(row: dict) -> str:
    """Accuracy and its interval in per cent."""
    return f"{100 * row['accuracy']:.1f} [{100 * row['ci'][0]:.0f}, {100 * row['ci'][1]:.0f}]"


def _rate(pair) -> str:
    """A share with its interval in per cent."""
    value, (low, high) = pair
    return f"{100 * value:.1f}% [{100 * low:.0f}, {100 * high:.0f}]"


def _file_table(out: Path) -> str:
    """The ONNX files: a reader, and a test, can tell whether these are the ones described."""
    lines = ["| file | bytes | nodes | sha256 |", "|---|---|---|---|"]
    for path in (out / "encoder.onnx", out / "judge.onnx"):
        data = path.read_bytes()
        nodes = len(onnx.load_from_string(data).graph.node)
        lines.append(f"| {path.name} | {len(data):,} | {nodes:,} | `{hashlib.sha256(data).hexdigest()}` |")
    return "\n".join(lines)


def _clip_table(clips: list[Clip]) -> str:
    """Counts and licences by source."""
    rows = Counter((c.source, c.licence, c.held_out) for c in clips)
    lines = ["## Clips", "", "The project ships none of them; `training/lists/` names each by content hash.", "",
             "| source | licence | used for | clips |", "|---|---|---|---|"]
    for (source, licence, held_out), n in sorted(rows.items()):
        lines.append(f"| {source} | {licence} | {'held out' if held_out else 'training'} | {n} |")
    return "\n".join(lines)


def _criteria_table(result: dict) -> str:
    """Accuracy per criterion and strength."""
    lines = [f"## Held-out degradations ({result['clips']} clips of sources never trained on)", "",
             "Per cent of pairs (clean, degraded) where the clean side has the larger probability, ties aside; 95% bootstrap",
             f"interval over clips. Mean over the {len(CLAIMED)} claimed criteria: **{100 * result['mean']:.1f}**.", "",
             "| criterion | all | " + " | ".join(STRENGTHS) + " | verdict right / tie / wrong |", "|---|---|---|---|---|---|"]
    for name, row in result["criteria"].items():
        v = row["all"]["verdicts"]
        cells = [_percent(row["all"]), *(_percent(row[s]) for s in STRENGTHS)]
        lines.append(f"| {name} ({NAMES[name]}) | {' | '.join(cells)} | {v['right']:.0%} / {v['tie']:.0%} / {v['wrong']:.0%} |")
    for name, row in [*result["dimensions"].items(), ("overall", result["overall"])]:
        lines.append(f"| {name}, on damage of its criteria | {_percent(row)} | | | | |")
    lines += ["", f"A criterion that a damage clearly leaves alone is called a tie in {result['untouchedTies']:.1%} of cases; for a copy",
              f"nobody would tell apart it is {result['nearCopyTies']:.1%}. A clip against itself always ties.", "",
              "By kind of damage, all strengths (a clip meets the kinds of a criterion in turn, so each is measured on some clips):", "", "| damage | criterion | accuracy |", "|---|---|---|"]
    lines += [f"| {d.name} | {d.worse} | {_percent(result['degradations'][d.name])} |" for d in REGISTRY]
    return "\n".join(lines)


def _human_table(rows: list[dict]) -> str:
    """Agreement with the labels that came with the clips."""
    lines = ["## Labels that came with the clips", "",
             "Decisive labels only; agreement by the larger of p(A), p(B) of the output named; interval over prompts. Chance is 50.",
             "Only `human_*` rows are people's opinions. `method_claim` says that a source presents its own method as better;",
             "`degradation` compares a 50-step teacher with few-step students. *Seen* rows have clips that were in training",
             "(as pictures to damage; their labels were not used).", "",
             "| source | label kind | aspect | output | clips | pairs | prompts | agreement |", "|---|---|---|---|---|---|---|---|"]
    for r in rows:
        seen = "unseen" if r["unseen"] else "seen"
        lines.append(f"| {r['source']} | {r['labelKind']} | {r['aspect']} | {r['output']} | {seen} | {r['pairs']} | {r['groups']} | {_percent(r)} |")
    return "\n".join(lines)


def _speed_table(speed: dict) -> str:
    """Latency on the machine that trained it."""
    lines = ["## Speed", "", "onnxruntime-node's CPU provider on the shared 2-core machine it was trained on; the encoder at 24 frames of 256x148.", "",
             "| threads | opening the encoder, ms | encoder, ms a clip | judge, pairs a second |", "|---|---|---|---|"]
    lines += [f"| {name.split()[0]} | {v['openMs']} | {v['encoderMs']} | {v['pairsPerSecond']:,} |" for name, v in speed.items()]
    return "\n".join(lines)


def write_card(out: Path, clips: list[Clip], record: dict, result: dict, human: list[dict], speed: dict) -> None:
    """Writes MODEL_CARD.md beside the model; what its gates.json says is kept."""
    train = sum(not c.held_out for c in clips)
    stages = "; ".join(f"{s['stage']} ({s['steps']} steps)" for s in record["stages"])
    frozen = result["frozenWins"]
    parts = [
        _INTRO.format(train=train),
        _ARCHITECTURE.format(statistics=record["statistics"], widths=", ".join(map(str, WIDTHS)), size=ENCODING,
                             parameters=record["parameters"], files=_file_table(out)),
        _LABELS.format(groups=record["groups"], versions=8 * record["groups"], kinds=len(REGISTRY),
                       seconds=sum(s["seconds"] for s in record["stages"]), stages=stages),
        _criteria_table(result) + "\n", _human_table(human) + "\n",
        _WEAK.format(train=train, frozen=_rate(frozen["overall"]), flicker=_rate(frozen["vf.flicker"]),
                     camera=_rate(frozen["vp.camera"]), unseen=", ".join(f"{c} ({NAMES[c]})" for c in NOT_SEEN)),
        _speed_table(speed) + "\n", _clip_table(clips) + "\n",
    ]
    (out / "MODEL_CARD.md").write_text(with_section("\n".join(parts), kept_section(out)), encoding="utf-8")
