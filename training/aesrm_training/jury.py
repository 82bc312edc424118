"""Training a jury: members from different seeds, each through all stages, joined and calibrated."""

import hashlib
from pathlib import Path

import torch

from . import validation
from .dataset import MADE_FROM, clips_of_groups, group_files, side_by_side
from .device import CPU, moved
from .halves import round_weights
from .kinship import Kinship, fit_apart, fit_soft
from .model import ENCODING
from .rubric import CRITERIA
from .people import People
from .train import PEOPLE_WEIGHT, Checkpoint, Groups, Nets, Stage, load_groups, train

MEMBERS = 4


def _member(groups: Groups, found: validation.Validation, seed: int, stages: list[Stage], path: Path, key: dict,
            initial: dict | None, device: torch.device) -> None:
    """Trains one member on the device, as far as it is not trained; it is measured and calibrated on the CPU."""
    train(groups, seed, stages, Checkpoint(path, key), lambda nets: validation.measured(moved(nets, CPU), found), initial, device)


def _train_all(jobs: list[tuple], workers: int, device: torch.device) -> None:
    """Trains the members of the jobs: on the CPU so many side by side, each in a process of its own. On a GPU one after the
    other in this process: CUDA does not work in a process that was forked from one where it began."""
    if device.type != "cpu":
        for job in jobs:
            _member(*job, device)
        return
    for first in range(0, len(jobs), workers):
        side_by_side(_member, [(*job, device) for job in jobs[first : first + workers]])


def _mean(rows: list[dict]) -> dict:
    """One stage's record from those of all members: figures on average, the lowest criterion and the copy that wins most
    of the worst member."""
    out = {"stage": rows[0]["stage"], "steps": sum(r["steps"] for r in rows), "seconds": sum(r["seconds"] for r in rows)}
    said = [r["validation"] for r in rows]
    low, high = min(said, key=lambda v: v["lowestShare"]), max(said, key=lambda v: v["worstCopyShare"])
    worst = {**{k: low[k] for k in ("lowest", "lowestShare")}, **{k: high[k] for k in ("worstCopy", "worstCopyShare")}}
    out["validation"] = {k: worst[k] if k in worst else sum(v[k] for v in said) / len(said) for k in low}
    if "kept" in rows[0]:
        out["kept"] = sum(r["kept"] for r in rows)
    return out


def _end(saved: dict) -> dict:
    """What a network came to: its steps, and what the last stage that was kept said of the validation clips."""
    last = saved["stages"][-1]
    return {"steps": sum(s["steps"] for s in saved["stages"]), "validation": last["validation"] if last.get("kept", True) else last["before"]}


def _recipe() -> str:
    """Hash of the code that decides what is learned from groups: what another recipe learned must not be taken up."""
    here = Path(__file__).parent
    files = (here / f"{name}.py" for name in ("grpo", "labels", "model", "pairs", "people", "train", "unlabelled"))
    return hashlib.sha256(b"".join(p.read_bytes() for p in files)).hexdigest()[:16]


def _hold_back(nets: Nets, groups: Groups, clips: list[int], found: validation.Validation, seed: int) -> dict:
    """Fits and sets what holds verdicts on two different clips back; `clips` numbers each group's clip."""
    kinship = Kinship(ENCODING * len(nets.judge.members))
    with torch.no_grad():
        encodings = [nets.head(stats) for stats in groups.stats]
    right = fit_apart(kinship, encodings, clips, seed)
    with torch.no_grad():
        a, b = validation.two_clips(validation.encode(nets, found))
        share = fit_soft(kinship, nets.judge(a, b)[0][:, len(CRITERIA):])
    nets.judge.kinship = kinship
    return {"toldApart": round(right, 4), "winnersShare": round(share, 4)}


#: What networks begin with: its name, and the weights; None for random ones.
Initial = tuple[str, dict | None]


def train_jury(cache: Path, count: int, found: validation.Validation, by_people: People | None, seed: int, stages: list[Stage],
               members: int, workers: int, initial: Initial, other: Initial | None = None, device: torch.device = CPU) -> dict:
    """What is kept of a trained jury: `weights`, `members`, `statistics`, `key`, and the `record` for the card.

    `count` groups at most are read from `cache`; the members begin with `initial` and are trained on the device. A network that begins with `other`, from
    the first member's seed, is trained beside them to be compared with it, and is no part of the jury.
    """
    files = group_files(cache / "groups", count)
    groups = load_groups(files)
    groups.people = by_people
    key = {"groups": len(groups), "madeFrom": (cache / "groups" / MADE_FROM).read_text(encoding="utf-8"),
           "epochs": [s.epochs for s in stages], "initial": initial[0], "recipe": _recipe(),
           "people": by_people.key() if by_people else None}
    seeds = [seed + 100 * m for m in range(members)]
    paths = [cache / f"member-{m}.pt" for m in range(members)]
    jobs = [(groups, found, s, stages, path, {**key, "seed": s}, initial[1]) for s, path in zip(seeds, paths)]
    twin = cache / "twin.pt"
    if other:
        jobs.append((groups, found, seed, stages, twin, {**key, "seed": seed, "initial": other[0]}, other[1]))
    _train_all(jobs, workers, device)
    size, saved = groups.stats[0].shape[1], [torch.load(path) for path in paths]
    nets = Nets.joined([loaded(s["weights"], size, 1) for s in saved])
    round_weights(nets)
    sharp = validation.calibrate(nets, found)
    kinship = _hold_back(nets, groups, clips_of_groups(files), found, seed)
    joined = {"stage": "joined", "steps": 0, "seconds": 0, "validation": validation.measure(nets, found)}
    record = {"seed": seed, "stages": [*map(_mean, zip(*(s["stages"] for s in saved))), joined], "members": members, "calibration": sharp, "kinship": kinship,
              "statistics": size, "groups": len(groups), "versions": sum(map(len, groups.kinds)),
              "damaged": int(sum((kinds >= 0).sum() for kinds in groups.kinds)), "initial": key["initial"],
              "people": len(by_people) if by_people else 0, "peopleWeight": PEOPLE_WEIGHT,
              "parameters": sum(p.numel() for p in nets.parameters()),
              "devices": sorted({s["device"] for m in saved for s in m["stages"]})}
    if other:
        record["begun"] = [{"initial": name, **_end(torch.load(path))} for name, path in ((initial[0], paths[0]), (other[0], twin))]
    return {"weights": nets.state_dict(), "members": members, "statistics": size, "key": {**key, "seeds": seeds}, "record": record}


def loaded(weights: dict, statistics: int, members: int) -> Nets:
    """Networks with these weights."""
    nets = Nets(statistics, members)
    if "judge.kinship.weight" in weights:
        nets.judge.kinship = Kinship(ENCODING * members)
    nets.load_state_dict(weights)
    return nets.eval()
