"""Command line: the steps from a folder of clips to `models/compact`, one by one or all at once."""

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

import torch

from . import people, rehearsal, validation, wrong
from .atomic import step as atomic
from .atomic.describe import Describer
from .card import stage_table, write_card
from .clips import cache_clips, read_clips, write_lists
from .dataset import generate
from .device import NAMES, VARIABLE, choose, wanted
from .evaluate import degradation_rows, speed, summarise
from .export import write_manifest, write_onnx
from .gates import step as gates
from .goldens import write_goldens
from .human import agreement, said_of_labels
from .jury import MEMBERS, loaded, train_jury
from .paths import CACHE, REPO
from .train import STAGES, Nets


def decode_step(args) -> None:
    """Decode all clips and their codec-damaged variants into the cache; write the lists."""
    clips = read_clips(args.clips)
    write_lists(clips, args.lists)
    cache_clips(args.clips, clips, args.workers)
    print(f"{len(clips)} clips, {sum(c.held_out for c in clips)} held out")


def groups_step(args) -> None:
    """Make training groups from the cached training clips, and the validation set from the clips beside them."""
    clips = read_clips(args.clips)
    made = generate([c for c in clips if c.trains], CACHE / "groups", args.groups, args.seed, args.minutes, args.workers)
    found = validation_set(args)
    print(f"{made} groups, {sum(map(len, found.names))} versions to validate with")


def validation_set(args) -> validation.Validation:
    """The validation set, made as far as it is missing."""
    clips = [c for c in read_clips(args.clips) if c.validates]
    return validation.make(clips, CACHE / "validation", args.seed, args.workers)


def train_step(args) -> None:
    """Cold start and policy on the groups, for every member of the jury; keeps the networks in the cache, stage by stage."""
    stages = [replace(s, epochs=args.epochs or s.epochs) for s in STAGES]
    extractor = CACHE / "groups" / "extractor.onnx"
    learned = atomic.weights(extractor)
    if args.initial == "atomic" and learned is None:
        raise ValueError("stage 1 was not trained on these statistics: run the step atomic")
    begins = {"none": None} | ({"atomic": learned} if learned else {})
    initial = (args.initial, begins.pop(args.initial))
    by_people = people.make(args.clips, read_clips(args.clips), extractor)
    kept = train_jury(CACHE, args.groups, validation_set(args), by_people, args.seed, stages, args.members, args.workers,
                      initial, next(iter(begins.items()), None), args.device)
    torch.save(kept, CACHE / "nets.pt")
    print(stage_table(kept["record"]))


def rehearse_step(args) -> None:
    """Print how often harmful copies of validation clips win, as the clips are and as small ones and GIFs; part of no other step."""
    clips = [c for c in read_clips(args.clips) if c.validates]
    made = rehearsal.make(args.clips, clips, CACHE / "rehearsal", args.seed, args.workers)
    print(rehearsal.table(rehearsal.measure(trained()[1], made)))


def describe_step(args) -> None:
    """Fit what the encoding tells of a clip in words, on stage 1's samples; keeps it in the cache."""
    saved, nets = trained()
    kept, of = CACHE / "describer.pt", {**saved["key"], "samples": args.samples}
    if kept.exists() and torch.load(kept)["of"] == of:
        return
    report = atomic.describe(args.clips, nets, args.samples, args.minutes, args.epochs, args.seed, args.workers, args.device)
    torch.save({"of": of, **report}, kept)


def trained() -> tuple[dict, Nets]:
    """What the training step kept, and the networks."""
    saved = torch.load(CACHE / "nets.pt")
    return saved, loaded(saved["weights"], saved["statistics"], saved["members"])


def export_step(args) -> None:
    """Write the ONNX files, goldens and a manifest without measurements."""
    saved, nets = trained()
    described = torch.load(CACHE / "describer.pt")
    if any(described["of"].get(k) != v for k, v in saved["key"].items()):
        raise ValueError("the describer was fitted to other networks: run the step describe")
    describer = Describer(saved["statistics"])
    describer.load_state_dict(described["weights"])
    write_onnx(nets, describer, args.out)
    write_goldens(nets, describer, args.out)
    write_manifest(args.out, [], described["concepts"])


def evaluate_step(args) -> None:
    """Measure the exported model; write the manifest's agreement rows and the model card."""
    clips = read_clips(args.clips)
    saved, described = torch.load(CACHE / "nets.pt"), torch.load(CACHE / "describer.pt")
    timing = speed(args.out)
    rows = degradation_rows(args.out, [c for c in clips if c.held_out], workers=args.workers)
    said = said_of_labels(args.clips, args.out, clips)
    result, human = summarise(rows), agreement(said)
    (CACHE / "evaluation.json").write_text(json.dumps({"degradation": result, "human": human, "speed": timing}, indent=1))
    write_manifest(args.out, agreement_rows(result, human), described["concepts"])
    write_card(args.out, clips, saved["record"], result, human, timing, described["report"],
               atomic.learned(CACHE / "groups" / "extractor.onnx"), wrong.section(wrong.of_damage(rows, clips), wrong.of_people(said)))
    print(f"mean over claimed criteria {result['mean']:.3f}; {timing}")


def agreement_rows(result: dict, human: list[dict]) -> list[dict]:
    """The manifest's agreement: degradations per criterion, then foreign labels on unseen clips only."""
    rows = [{"set": "held-out degradations", "labelKind": "degradation", "aspect": name,
             **{k: row["all"][k] for k in ("pairs", "accuracy", "ci")}} for name, row in result["criteria"].items()]
    rows += [{"set": h["source"], "labelKind": h["labelKind"], "aspect": f"{h['aspect']} v {h['output']}",
              **{k: h[k] for k in ("pairs", "accuracy", "ci")}} for h in human]
    return rows


def atomic_step(args) -> None:
    """Stage 1: make samples of atomic concepts, train the encoder on them, report on held-out seeds and sources."""
    atomic.run(args.clips, args.samples, args.minutes, args.epochs, args.seed, args.workers, args.device)


def gates_step(args) -> None:
    """Measure the model in --out against its gates and its baselines, on held-out clips; writes gates.json and the card's section."""
    gates.run(args.clips, args.out, args.seed, args.workers)


def make_step(args) -> None:
    """Everything: decode, atomic, groups, train, describe, export, evaluate, gates."""
    for step in (decode_step, atomic_step, groups_step, train_step, describe_step, export_step, evaluate_step, gates_step):
        step(args)


STEPS = {"decode": decode_step, "atomic": atomic_step, "groups": groups_step, "train": train_step, "rehearse": rehearse_step,
         "describe": describe_step, "export": export_step, "evaluate": evaluate_step, "gates": gates_step, "make": make_step}

_WHERE = f"""The steps atomic, train and describe (and make with them) train on a GPU with CUDA where torch finds one, else on the
CPU. --device cpu, or {VARIABLE}=cpu, keeps them on the CPU; --device cuda ends with an error where there is no such GPU.
Everything else is done on the CPU."""


def main(argv: list[str]) -> int:
    """Parses the command line and runs one step."""
    parser = argparse.ArgumentParser(prog="python -m aesrm_training", description=__doc__, epilog=_WHERE)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, step in STEPS.items():
        p = commands.add_parser(name, help=step.__doc__.strip(), description=step.__doc__)
        p.add_argument("--clips", type=Path, required=name != "export", help="folder with manifest.csv (and pairs.csv)")
        p.add_argument("--out", type=Path, default=REPO / "models" / "compact", help="where the model goes")
        p.add_argument("--lists", type=Path, default=None, help="where the clip lists go (default: training/lists)")
        p.add_argument("--groups", type=int, default=4000, help="how many groups to make at most")
        p.add_argument("--minutes", type=float, default=60, help="how long to make groups (atomic: each set of samples) at most")
        p.add_argument("--epochs", type=int, default=0, help="epochs of every stage (default: the stage's own)")
        p.add_argument("--seed", type=int, default=1)
        p.add_argument("--workers", type=int, default=2, help="processes side by side; on a GPU networks are trained one after the other")
        p.add_argument("--samples", type=int, default=2400, help="how many training samples of atomic concepts to make at most")
        p.add_argument("--members", type=int, default=MEMBERS, help="how many networks are trained apart and joined")
        p.add_argument("--initial", choices=("atomic", "none"), default="none", help="what the cold start begins with")
        p.add_argument("--device", choices=NAMES, default=wanted(),
                       help="what networks are trained on (default: %(default)s); python -m aesrm_training --help explains it")
    args = parser.parse_args(argv)
    try:
        args.device = choose(args.device)
    except ValueError as error:
        parser.exit(2, f"{error}\n")
    STEPS[args.command](args)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
