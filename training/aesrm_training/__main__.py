"""Command line: the steps from a folder of clips to `models/compact`, one by one or all at once."""

import argparse
import json
import sys
from pathlib import Path

import torch

from .atomic import step as atomic
from .card import write_card
from .clips import cache_clips, read_clips, write_lists
from .dataset import MADE_FROM, generate, group_files
from .evaluate import degradation_rows, speed, summarise
from .export import write_manifest, write_onnx
from .gates import step as gates
from .goldens import write_goldens
from .human import human_agreement
from .paths import CACHE, REPO
from .train import STAGES, Checkpoint, Nets, Stage, load_groups, train


def decode_step(args) -> None:
    """Decode all clips and their codec-damaged variants into the cache; write the lists."""
    clips = read_clips(args.clips)
    write_lists(clips, args.lists)
    cache_clips(args.clips, clips, args.workers)
    print(f"{len(clips)} clips, {sum(c.held_out for c in clips)} held out")


def groups_step(args) -> None:
    """Make training groups from the cached training clips."""
    clips = [c for c in read_clips(args.clips) if not c.held_out]
    made = generate(clips, CACHE / "groups", args.groups, args.seed, args.minutes, args.workers)
    print(f"{made} groups")


def train_step(args) -> None:
    """Train on the groups; keeps the networks in the cache, stage by stage."""
    groups = load_groups(group_files(CACHE / "groups", args.groups))
    stages = [Stage(s.name, s.with_trunk, args.epochs or s.epochs, s.rate, s.minutes, s.freeze) for s in STAGES]
    made_from = (CACHE / "groups" / MADE_FROM).read_text(encoding="utf-8")
    key = {"groups": len(groups), "madeFrom": made_from, "seed": args.seed, "epochs": [s.epochs for s in stages]}
    train(groups, args.seed, stages, args.workers, Checkpoint(CACHE / "nets.pt", key))


def export_step(args) -> None:
    """Write the ONNX files, goldens and a manifest without measurements."""
    saved = torch.load(CACHE / "nets.pt")
    nets = Nets(saved["record"]["statistics"])
    nets.load_state_dict(saved["weights"])
    write_onnx(nets, args.out)
    write_goldens(nets, args.out)
    write_manifest(args.out, [])


def evaluate_step(args) -> None:
    """Measure the exported model; write the manifest's agreement rows and the model card."""
    clips = read_clips(args.clips)
    record = torch.load(CACHE / "nets.pt")["record"]
    timing = speed(args.out)
    result = summarise(degradation_rows(args.out, [c for c in clips if c.held_out], workers=args.workers))
    human = human_agreement(args.clips, args.out, clips)
    (CACHE / "evaluation.json").write_text(json.dumps({"degradation": result, "human": human, "speed": timing}, indent=1))
    write_manifest(args.out, agreement_rows(result, human))
    write_card(args.out, clips, record, result, human, timing)
    print(f"mean over claimed criteria {result['mean']:.3f}; {timing}")


def agreement_rows(result: dict, human: list[dict]) -> list[dict]:
    """The manifest's agreement: degradations per criterion, then foreign labels on unseen clips only."""
    rows = [{"set": "held-out degradations", "labelKind": "degradation", "aspect": name,
             **{k: row["all"][k] for k in ("pairs", "accuracy", "ci")}} for name, row in result["criteria"].items()]
    rows += [{"set": h["source"], "labelKind": h["labelKind"], "aspect": f"{h['aspect']} v {h['output']}",
              **{k: h[k] for k in ("pairs", "accuracy", "ci")}} for h in human if h["unseen"]]
    return rows


def atomic_step(args) -> None:
    """Stage 1: make samples of atomic concepts, train the encoder on them, report on held-out seeds and sources."""
    atomic.run(args.clips, args.samples, args.minutes, args.epochs, args.seed, args.workers)


def gates_step(args) -> None:
    """Measure the model in --out against its gates and its baselines, on held-out clips; writes gates.json and the card's section."""
    gates.run(args.clips, args.out, args.seed, args.workers)


def make_step(args) -> None:
    """Everything: decode, groups, train, export, evaluate, gates."""
    for step in (decode_step, groups_step, train_step, export_step, evaluate_step, gates_step):
        step(args)


STEPS = {"decode": decode_step, "groups": groups_step, "train": train_step, "export": export_step,
         "evaluate": evaluate_step, "gates": gates_step, "make": make_step, "atomic": atomic_step}


def main(argv: list[str]) -> int:
    """Parses the command line and runs one step."""
    parser = argparse.ArgumentParser(prog="python -m aesrm_training", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, step in STEPS.items():
        p = commands.add_parser(name, help=step.__doc__.strip(), description=step.__doc__)
        p.add_argument("--clips", type=Path, required=name not in ("train", "export"), help="folder with manifest.csv (and pairs.csv)")
        p.add_argument("--out", type=Path, default=REPO / "models" / "compact", help="where the model goes")
        p.add_argument("--lists", type=Path, default=None, help="where the clip lists go (default: training/lists)")
        p.add_argument("--groups", type=int, default=1323, help="how many groups to make at most")
        p.add_argument("--minutes", type=float, default=15, help="how long to make groups (atomic: each set of samples) at most")
        p.add_argument("--epochs", type=int, default=0, help="epochs of every stage (default: the stage's own)")
        p.add_argument("--seed", type=int, default=1)
        p.add_argument("--workers", type=int, default=2, help="processes, and threads of training")
    commands.choices["atomic"].add_argument("--samples", type=int, default=6000, help="how many training samples to make at most")
    args = parser.parse_args(argv)
    STEPS[args.command](args)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
