"""The model card, written from the measurements, never by hand."""

import hashlib
from collections import Counter
from pathlib import Path

import onnx

from .clips import Clip
from .cost import EVERYWHERE, NOT_CORE_ML, operations, operators
from .dataset import HARDEST, WORN
from .decode import SECONDS
from .degrade import REGISTRY, STRENGTHS
from .gates.section import kept_section, with_section
from .atomic.describe import TOLD
from .kinship import AT_MOST, TIE
from .model import ENCODING
from .plan import PLAN
from .rubric import CLAIMED, NAMES, NOT_SEEN
from .train import merit

_INTRO = """# Compact judge: model card

A small pairwise judge of generated videos in the manner of AesRM (arXiv 2604.28078): two clips in, fifteen
criteria, three dimensions and one verdict out. **These are not AesRM's weights.** Nothing of AesRM's model or data is
in it; it was trained from nothing by `training/` on controlled degradations of {train} real clips, {device}.
It sees technical damage between two versions of a clip well. It is not a judge of taste, and it does not know what a
clip is about: read the human-label table before relying on it for two different generators.
"""

_ARCHITECTURE = """## Architecture

- Frames: plan `{plan}`, 8 bursts of 3 neighbouring frames, long side 256 (`src/core/framePlan.json`).
- Encoder: {statistics} hand-made statistics (colour, tone, detail, layout, and the motion inside each burst, pooled over
  the 8 positions), and {members} small networks on them: {size} numbers per clip, and behind them {told} that tell of it in words.
- Judge: a small network whose win score is odd in the two encodings' difference. Swapping the sides mirrors the verdict
  by construction, and two equal encodings tie by construction. Frames that are repeated throughout count against a clip.
- Two different clips: which of them people like better is no matter of damage, and hardly a label here tells it. A linear
  classifier of the encodings, which tells {apart:.0%} of training pairs rightly apart into one clip and two, holds the verdicts
  (not the criteria) on two clips back: side and order stay, and as far as it is sure of two clips, a tie has {tie:.0%} and the
  winner {agrees:.0%} of the rest on average over pairs of validation clips, {most:.0%} at most. That is how often measures agree
  with people, and no measurement of this model. Where it takes two clips for versions of one, the verdict may be sure and wrong.
- {parameters:,} learned parameters, in these files:

{files}
"""

_COST = """## Cost and providers

- Floating point operations, counted from the graphs: {usual:.2f} billion a clip of 256x148, {largest:.2f} of the largest frames that the
  plan makes (256x256), {judge:.4f} a pair. Weights are kept in 16 bits and widened to 32 as a session opens: half the size, and
  no quicker, since nearly all of the time goes into measuring frames.
- Of the operators {everywhere} are among those that ONNX Runtime's CUDA, DirectML and WebGPU providers have, by its own tables. On
  WebGPU on a software device (SwiftShader) every node of the judge was placed on the device, and of the encoder every node but
  those that compute sizes; the answers were the processor's to 4e-4 of encodings up to 20, and to 1e-7 of probabilities. Core ML
  has not {not_core_ml}, and takes no 8-bit pictures: there parts fall back to the processor. No real GPU was tried.
"""

_REPRODUCE = """## Reproduce

    cd training
    python -m aesrm_training make --clips FOLDER --groups {groups} --members {members} --seed {seed}

makes these files from a folder of clips with `manifest.csv` and `pairs.csv`, step by step; what is done is not done again.
`training/README.md` says what it needs and what each step does, `training/lists/` which clips these were. Frames are read by
their number, at a constant rate, and of the first {seconds:g} seconds; the product reads by timestamps and to the end. For clips of a
constant rate within that time the two are the same frames.
"""

#: What networks were trained on, in words.
DEVICE = {"cpu": "on a CPU", "cuda": "on a GPU (CUDA)"}

#: What a cold start began with, in words.
INITIAL = {"none": "random weights", "atomic": "the weights of stage 1 (atomic concepts)"}

#: Kinds of damage whose names are no words.
_COPIES = {"halo": "over-sharpened", "oversaturate": "over-saturated"}

_LABELS = """## What it was trained on

{groups:,} groups of {group:.0f} versions of one clip on average, {versions:,} versions in all, {damaged:,} of them damaged: the clip itself, a copy
nobody would tell apart, a harmless version (re-encoded, cropped by at most 1.5%, a frame later), at times another tempo,
three kinds of damage at two strengths each, and one more kind that judges of measures are easily fooled by, out of {kinds}
kinds. One group in {worn} is of a worn clip (with noise or the dither of a small palette that is new in every picture, half of them softer),
with two more copies of the hardest kinds ({hardest}). What is learned from a group is moved a random part of the
way to another clip: damage must be seen wherever it is done. The damaged side loses the criterion the damage is about; criteria it clearly leaves alone are ties; the rest carry
no label. Dimensions and the overall verdict follow by the plain rule (sign of the sum), and damage alone never makes the
better clip. Of two different clips that nobody labelled, the verdicts (not the criteria) are drawn a little towards "either may
be the better". {people} labels that people gave
on training clips count in the stages before the policy, all together {share} of what the labels by construction do, and
rewarded the policy; no other was used. {validating} clips of {validation} taught no weight:
calibration and the choice between stages went by them. The kinds of damage that fool judges of measures (frozen, slowed,
over-sharpened, over-saturated, grey, with bars), the harmless versions and the worn clips were put in after the gates below had
shown on the held-out clips that an earlier model failed by them, most on noisy and soft clips such as GIFs, and so were the
weights that they have in the loss: the figures on behaviour and robustness are to that extent not blind. What an over-sharpened
copy is was defined anew for its gate, after version 0.3.0 had failed it (15.9% won) with copies made by a fixed amount of
sharpening. On the validation clips all five copies that won against it were weak ones of soft clips whose luma overshot by less
than 2.3 grey levels, and all 80 copies with more than that lost: such a copy is less soft and shows no halo, and calling it worse
is a false label. In the gate the amount is raised until a copy has halos; training's kind and the old figure stand beside it.
Pictures are scaled in two steps since version 0.3.0 had failed its gate on a crop of 1%. Eight models that are not shipped were
measured on the held-out clips as well. A jury of six on other statistics, a jury of five, two with another scaling and one with this
one failed there by crops, a frame's shift, over-sharpened or over-saturated copies; after the last of them, whose over-saturated
copies won in 11.6% and which changed 2.6% of sure winners by a frame's shift, copies and steadiness were given more weight, and more
groups were made. The sixth (0.4.0) held every gate, and had no label of people in the cold start; the seventh, with them, changed 2.3%
of sure winners by a frame's shift. The validation clips then showed what a shift did: at the ends of short clips the frame plan took a
frame twice, as if the clip repeated it, which it no longer does. The eighth, whose training had no harmless versions any more in which the last frame is held
for one more, changed 2.03% of the sure winners between clips and their damaged versions by a frame's shift; with such versions
again, other weights, and four networks instead of eight it is this one. Of so many looks the figures near their limits are flattered: a frame's shift of both clips lies at its limit here.
The weights were chosen on the validation clips, as they are and made small or into GIFs, but for that of grey copies, which was
lowered after over-saturated ones had won in 8.5% against the eighth model.

## Stages

{members} networks are trained apart, from different seeds, and their logits averaged. What each stage said of the validation
clips, calibrated, on average over the networks (*lowest*: of the worst of them), and at last all together: share of damaged
criteria seen (mean, lowest), overall verdicts right, harmless versions that tie, wins of copies that fool judges of
measures, overall or on a dimension that they harm (mean, and of the kind that does most), log loss over all known labels, sure winners that a harmless change changes;
of two different clips the share with a sure winner (*decided*) and criteria not called a tie (*said*, of {claimed}). The mean of
the shares that the gates are about (criteria, overall, harmless ties, 1 - fooled, 1 - winners changed) says whether a stage helps;
a network gives the policy up where it is lower after it. Calibration is fitted on the same clips before each measurement. The head
begins with {initial}.

{stages}

{begun}
"""

_WEAK = """## Known weaknesses

- Trained on {train} short clips. The held-out figures above use the same kinds of damage on clips of sources it
  never saw; damage of another kind is not covered by them.
- Everything is seen at 256 pixels on the long side, in 24 frames: finer detail and rare glitches between bursts are invisible.
- It measures and does not recognise: what a clip shows, text, physics, anatomy, narrative, whether a prompt was followed,
  are all beyond it.
- A criterion it claims means "sees the listed damage", not "judges the art": a deliberate colour cast, blur, tilt, black
  and white or stop-motion reads as damage, and a well-made picture of an impossible thing reads as fine.
- Frozen copy: the share of held-out clips where one frozen frame *beats* the clip itself is {frozen} overall,
  {flicker} on vf.flicker, {camera} on vp.camera (no label trained the last one).
- Sources are held out, and not every generator is: of ModelScope, which made a quarter of FETV's clips (ZeroScope, made from it,
  another), training saw others, and clips of its students.
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


def _cost(out: Path) -> str:
    """What a run costs, and where it can run."""
    encoder, judge = (onnx.load(out / f"{name}.onnx") for name in ("encoder", "judge"))
    named = {*operators(encoder), *operators(judge)}
    usual, largest = (operations(encoder, height=h, width=256) / 1e9 for h in (148, 256))
    lacking = ", ".join(sorted(named - EVERYWHERE))
    everywhere = f"all but {lacking}" if lacking else f"all {len(named)}"
    return _COST.format(usual=usual, largest=largest, judge=operations(judge, pairs=1) / 1e9, everywhere=everywhere,
                        not_core_ml=", ".join(sorted(named & NOT_CORE_ML)))


def _clip_table(clips: list[Clip]) -> str:
    """Counts and licences by source."""
    rows = Counter((c.source, c.licence, "held out" if c.held_out else "validation" if c.validates else "training") for c in clips)
    lines = ["## Clips", "", "The project ships none of them; `training/lists/` names each by content hash.", "",
             "| source | licence | used for | clips |", "|---|---|---|---|"]
    lines += [f"| {source} | {licence} | {use} | {n} |" for (source, licence, use), n in sorted(rows.items())]
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
             "`degradation` compares a 50-step teacher with few-step students. Clips that were in training are in none.", "",
             "| source | label kind | aspect | output | pairs | prompts | agreement |", "|---|---|---|---|---|---|---|"]
    for r in rows:
        lines.append(f"| {r['source']} | {r['labelKind']} | {r['aspect']} | {r['output']} | {r['pairs']} | {r['groups']} | {_percent(r)} |")
    return "\n".join(lines)


def _speed_table(speed: dict) -> str:
    """Latency on the machine that trained it."""
    lines = ["## Speed", "", "onnxruntime-node's CPU provider on the shared 2-core machine it was trained on; the encoder at 24 frames of 256x148.", "",
             "| threads | opening the encoder, ms | encoder, ms a clip | judge, pairs a second |", "|---|---|---|---|"]
    lines += [f"| {name.split()[0]} | {v['openMs']} | {v['encoderMs']} | {v['pairsPerSecond']:,} |" for name, v in speed.items()]
    return "\n".join(lines)


def _stage_rows(first: str, rows: list[tuple[str, int, dict, str]]) -> str:
    """A table of what was measured on the validation clips: name, steps, figures, remark of each row."""
    lines = [f"| {first} | steps | criteria | lowest | overall | harmless ties | fooled | most | loss | winners changed | mean | decided | said | |",
             "|---|" + "---|" * 13]
    for name, steps, v, remark in rows:
        lines.append(f"| {name} | {steps:,} | {v['criteria']:.1%} | {v['lowestShare']:.1%} ({v['lowest']}) | {v['overall']:.1%} | "
                     f"{v['harmlessTies']:.1%} | {v['foolingWins']:.1%} | {v['worstCopyShare']:.1%} ({v['worstCopy']}) | {v['loss']:.3f} | "
                     f"{v['changedWinners']:.1%} | {merit(v):.1%} | {v['decided']:.0%} | {v['criteriaSaid']:.1f} | {remark} |")
    return "\n".join(lines)


def trained_on(record: dict) -> str:
    """What the networks were trained on, in words; a record of before there was a choice says nothing, and means the CPU."""
    return " and ".join(DEVICE[d] for d in record.get("devices", ["cpu"]))


def stage_table(record: dict) -> str:
    """What every stage was measured at, which were given up, and which did not help."""
    rows, before = [], None
    for s in record["stages"]:
        said = [] if before is None or merit(s["validation"]) > merit(before) else ["does not help"]
        said += [f"kept by {s['kept']} of {record['members']}"] if "kept" in s else []
        rows.append((s["stage"], s["steps"], s["validation"], ", ".join(said)))
        before = s["validation"]
    return _stage_rows("stage", rows)


def _begun_table(record: dict) -> str:
    """Whether stage 1's weights are of any use to the stages after it."""
    if "begun" not in record:
        return ("Stage 1 (atomic concepts) teaches what the encoding tells of a clip, below. Its weights as a beginning for the other\n"
                "stages were not compared with random ones in this run.")
    about = ("Stage 1 (atomic concepts) teaches what the encoding tells of a clip, below. Whether its weights are a better beginning for\n"
             "the other stages: one network of the same seed begun with each, after all stages, on the same validation clips.\n\n")
    return about + _stage_rows("begun with", [(INITIAL[b["initial"]], b["steps"], b["validation"], "") for b in record["begun"]])


_TOLD = """## What it tells of a clip

Concepts whose truth is known by construction, on samples never trained on: rendered scenes of other seeds, and edits
and stills of held-out clips. Chance is always saying the most frequent class, a correlation of 0, or a coin."""
_LEARNED = """## What stage 1 learned

The same concepts, of the one network that stage 1 trains on them and nothing else; it is no part of the model."""


def _concept_table(about: str, report: dict[str, list[dict]]) -> str:
    """What a network was measured at of the concepts."""
    lines = [about, "", "| concept | samples | measure | value | chance | labels |", "|---|---|---|---|---|---|"]
    lines += [f"| {r['concept']} | {name} | {r['measure']} | {r['value']:.2f} | {r['chance']:.2f} | {r['n']} |"
              for name, rows in report.items() for r in rows]
    return "\n".join(lines)


def write_card(out: Path, clips: list[Clip], record: dict, result: dict, human: list[dict], speed: dict,
               concepts: dict[str, list[dict]], learned: dict[str, list[dict]] | None, wrong: str) -> None:
    """Writes MODEL_CARD.md beside the model; what its gates.json says is kept. `learned` is stage 1's own report, where there is one."""
    train = sum(c.trains for c in clips)
    validating = [c.source for c in clips if c.validates]
    frozen = result["frozenWins"]
    parts = [
        _INTRO.format(train=train, device=trained_on(record)),
        _ARCHITECTURE.format(plan=PLAN["id"], statistics=record["statistics"], size=ENCODING * record["members"],
                             members=record["members"], told=TOLD, parameters=record["parameters"],
                             apart=record["kinship"]["toldApart"], agrees=record["kinship"]["winnersShare"], most=AT_MOST, tie=TIE,
                             files=_file_table(out)),
        _LABELS.format(groups=record["groups"], group=record["versions"] / record["groups"], worn=WORN,
                       hardest=", ".join(_COPIES.get(name, name) for name in HARDEST), versions=record["versions"], damaged=record["damaged"], kinds=len(REGISTRY),
                       validating=len(validating), validation=" and ".join(sorted(set(validating))), stages=stage_table(record),
                       members=record["members"], people=record["people"], share=f"{record['peopleWeight']:.0%}", claimed=len(CLAIMED),
                       initial=INITIAL[record["initial"]], begun=_begun_table(record)),
        _criteria_table(result) + "\n", _human_table(human) + "\n", _concept_table(_TOLD, concepts) + "\n",
        *([_concept_table(_LEARNED, learned) + "\n"] if learned else []), wrong,
        _WEAK.format(train=train, frozen=_rate(frozen["overall"]), flicker=_rate(frozen["vf.flicker"]),
                     camera=_rate(frozen["vp.camera"]), unseen=", ".join(f"{c} ({NAMES[c]})" for c in NOT_SEEN)),
        _speed_table(speed) + "\n", _cost(out),
        _REPRODUCE.format(groups=record["groups"], members=record["members"], seed=record["seed"], seconds=SECONDS),
        _clip_table(clips) + "\n",
    ]
    (out / "MODEL_CARD.md").write_text(with_section("\n".join(parts), kept_section(out)), encoding="utf-8")
