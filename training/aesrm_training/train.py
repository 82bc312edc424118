"""Training: the cold start on labelled pairs, then with the verdicts' mixing, then the policy."""

import copy
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import numpy as np
import torch

from . import grpo
from .dataset import CLEAN, NEAR
from .device import CPU, moved
from .logits import probabilities
from .model import Head, Heads, Judge, Jury
from .pairs import far_pairs, group_pairs, loss, verdicts_weight
from .people import People
from .unlabelled import unlabelled_loss

FAR_WEIGHT = 0.3
#: How much the labels that people gave count, all together, in the stages before the policy beside those by construction: there
#: are few of them, and they are in every batch.
PEOPLE_WEIGHT = 0.02
#: How much of some clip's harmless change is added to every version that is learned from, at most.
JITTER = 1.5
#: How far all versions of a clip are moved towards another clip, at most: what damage does must hold wherever it is done.
ELSEWHERE = 0.5
#: Pairs of a batch that chains are drawn for, and how much what holds without labels counts beside the rewards.
POLICY_PAIRS = 256
POLICY_STEADY = 0.5


@dataclass
class Groups:
    """All training groups in memory, and each group's labelled pairs."""

    stats: list[torch.Tensor]
    severities: list[np.ndarray]
    kinds: list[np.ndarray]
    pairs: list[tuple[np.ndarray, np.ndarray]]
    people: People | None = None

    def __len__(self) -> int:
        return len(self.stats)

    def harmless_changes(self) -> torch.Tensor:
        """What harmless changes do to statistics [M, S]: every group's near versions less its clean one."""
        return torch.cat([s[k == NEAR] - s[k == CLEAN] for s, k in zip(self.stats, map(torch.from_numpy, self.kinds))])


def load_groups(paths: list[Path]) -> Groups:
    """Reads groups in the order given."""
    out = Groups([], [], [], [])
    for path in paths:
        with np.load(path) as z:
            out.stats.append(torch.from_numpy(z["stats"]))
            out.severities.append(z["severities"])
            out.kinds.append(z["kinds"])
            out.pairs.append(group_pairs(z["severities"], z["kinds"]))
    return out


class Nets(torch.nn.Module):
    """What is learned: heads and judges; one of each while they are trained, several side by side once they are."""

    def __init__(self, statistics: int, members: int = 1):
        super().__init__()
        self.head = Heads([Head(statistics) for _ in range(members)])
        self.judge = Jury([Judge() for _ in range(members)])

    @staticmethod
    def joined(nets: list["Nets"]) -> "Nets":
        """Networks of one member each, side by side; not yet calibrated."""
        out = Nets(len(nets[0].head.members[0].centre), 0)
        out.head.members.extend(n.head.members[0] for n in nets)
        out.judge.members.extend(n.judge.members[0] for n in nets)
        return out.eval()

    def mix(self) -> None:
        """From now on verdicts gain from their criteria's scores."""
        for judge in self.judge.members:
            judge.mixing.fill_(1.0)


class Jitter:
    """Changes what is learned from in ways that make no version better or worse."""

    def __init__(self, groups: Groups, rng: np.random.Generator):
        self.groups, self.changes, self.rng = groups, groups.harmless_changes(), rng

    def elsewhere(self, chosen: np.ndarray) -> torch.Tensor:
        """Statistics [sum of versions, S] of the chosen groups, each group's moved part of the way to another clip."""
        stats, rng = self.groups.stats, self.rng
        others = rng.integers(0, len(stats), len(chosen))
        return torch.cat([stats[g] + float(rng.uniform(0, ELSEWHERE)) * (stats[o][0] - stats[g][0]) for g, o in zip(chosen, others)])

    def __call__(self, stats: torch.Tensor) -> torch.Tensor:
        """Every version a little and at random changed, as harmless changes of other clips do."""
        which = torch.from_numpy(self.rng.integers(0, len(self.changes), len(stats)))
        size = torch.from_numpy(self.rng.uniform(0, JITTER, (len(stats), 1)).astype(np.float32))
        return stats + size.to(stats.device) * self.changes[which]


def batch_loss(nets: Nets, groups: Groups, chosen: np.ndarray, rng: np.random.Generator, jitter: Jitter) -> torch.Tensor:
    """Loss over all pairs inside the chosen groups, plus some across them and those that people compared."""
    encodings = nets.head(jitter(jitter.elsewhere(chosen)))
    device = encodings.device
    severities = [groups.severities[g] for g in chosen]
    offsets = np.cumsum([0, *(len(s) for s in severities)])
    far, far_labels = far_pairs(np.concatenate(severities), rng, 12 * len(chosen))

    def score(pairs: np.ndarray, wanted: np.ndarray, kinds: np.ndarray | None = None) -> torch.Tensor:
        i, j = torch.from_numpy(pairs).T.to(device)
        weight = 1.0 if kinds is None else verdicts_weight(kinds[pairs]).to(device)
        return loss(probabilities(*nets.judge(encodings[i], encodings[j])), torch.from_numpy(wanted).to(device), weight)

    total = score(*batch_pairs(groups, chosen, offsets), np.concatenate([groups.kinds[g] for g in chosen]))
    if len(far):
        total = total + FAR_WEIGHT * score(far, far_labels)
    if groups.people:
        total = total + PEOPLE_WEIGHT * people_loss(nets, groups.people)
    return total + unlabelled_loss(nets.judge, encodings, [groups.kinds[g] for g in chosen], offsets, rng)


def people_loss(nets: Nets, people: People) -> torch.Tensor:
    """Loss over the pairs that people compared, of the clips as they are."""
    encodings, (i, j) = nets.head(people.stats), people.pairs.T
    return loss(probabilities(*nets.judge(encodings[i], encodings[j])), people.labels)


def batch_pairs(groups: Groups, chosen: np.ndarray, offsets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All labelled pairs inside the chosen groups, whose versions begin at `offsets`: numbers [P, 2], labels [P, outputs]."""
    return (np.concatenate([groups.pairs[g][0] + offsets[i] for i, g in enumerate(chosen)]),
            np.concatenate([groups.pairs[g][1] for g in chosen]))


def policy_batch_loss(nets: Nets, reference: Nets, groups: Groups, chosen: np.ndarray, rng: np.random.Generator,
                      generator: torch.Generator, jitter: Jitter) -> torch.Tensor:
    """The policy's loss over some of the labelled pairs inside the chosen groups."""
    stats = jitter.elsewhere(chosen)
    encodings = nets.head(jitter(stats))
    with torch.no_grad():
        before = reference.head(stats)
    offsets = np.cumsum([0, *(len(groups.severities[g]) for g in chosen)])
    pairs, labels = batch_pairs(groups, chosen, offsets)
    some = rng.permutation(len(pairs))[:POLICY_PAIRS]
    device = encodings.device
    (i, j), wanted = torch.from_numpy(pairs[some]).T.to(device), torch.from_numpy(labels[some]).to(device)
    by_people = torch.zeros(len(some), device=device)
    if groups.people:
        people = groups.people
        i, j = (torch.cat([at, len(encodings) + side]) for at, side in zip((i, j), people.pairs.T))
        encodings, before = (torch.cat([e, n.head(people.stats)]) for n, e in ((nets, encodings), (reference, before)))
        wanted, by_people = torch.cat([wanted, people.labels]), torch.cat([by_people, torch.ones(len(people), device=device)])
    p, q = (probabilities(*n.judge(e[i], e[j])) for n, e in ((nets, encodings), (reference, before)))
    value = grpo.policy_loss(p, q.detach(), wanted, by_people, generator)
    kinds = [groups.kinds[g] for g in chosen]
    return value + POLICY_STEADY * unlabelled_loss(nets.judge, encodings, kinds, offsets, rng)


@dataclass
class Stage:
    """One stage of training."""

    name: str
    epochs: int
    rate: float
    mixing: bool = False
    policy: bool = False


STAGES = [Stage("cold start", 24, 2e-3), Stage("verdicts", 6, 1e-3, mixing=True),
          Stage("policy", 5, 3e-4, mixing=True, policy=True)]


#: Measures networks on clips that they do not learn from; the fields of a stage's record.
Measure = Callable[[Nets], dict]


def run_stage(nets: Nets, groups: Groups, stage: Stage, seed: int, measured: Measure, batch: int = 12) -> dict:
    """Trains one stage on the groups; returns what was done, and what `measured` says of it.

    A policy that does worse on clips that taught no weight than the networks before it is given up.
    """
    if not stage.policy:
        return {**learn(nets, groups, stage, seed, batch), "validation": measured(nets)}
    before, weights = measured(nets), copy.deepcopy(nets.state_dict())
    done = learn(nets, groups, stage, seed, batch)
    after = measured(nets)
    kept = merit(after) >= merit(before)
    if not kept:
        nets.load_state_dict(weights)
    return {**done, "before": before, "validation": after, "kept": kept}


def merit(said: dict) -> float:
    """What a stage is kept by: the mean of the shares that the gates are about."""
    wanted = said["criteria"], said["overall"], said["harmlessTies"], 1 - said["foolingWins"], 1 - said["changedWinners"]
    return sum(wanted) / len(wanted)


def learn(nets: Nets, groups: Groups, stage: Stage, seed: int, batch: int) -> dict:
    """Trains one stage on the groups; returns what was done."""
    rng = np.random.default_rng(seed)
    jitter = Jitter(groups, rng)
    if stage.mixing:
        nets.mix()
    if stage.policy:
        reference, generator = grpo.frozen(nets), torch.Generator().manual_seed(seed)
        return descend(nets, stage, len(groups), batch, rng,
                       lambda chosen: policy_batch_loss(nets, reference, groups, chosen, rng, generator, jitter))
    return descend(nets, stage, len(groups), batch, rng, lambda chosen: batch_loss(nets, groups, chosen, rng, jitter))


def descend(nets: torch.nn.Module, stage: Stage, count: int, batch: int, rng: np.random.Generator,
            loss_of: Callable[[np.ndarray], torch.Tensor]) -> dict:
    """Trains on `count` items, `batch` at a time, with a one-cycle rate; returns what was done.

    `loss_of` takes the items' numbers. Weights are averaged over the end.
    """
    optimiser = torch.optim.AdamW(nets.parameters(), lr=stage.rate, weight_decay=0.03)
    steps_per_epoch = max(1, count // batch)
    total = stage.epochs * steps_per_epoch
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, stage.rate, total_steps=total + 1, pct_start=0.15)
    started, done, losses, average = time.time(), 0, [], None
    for epoch in range(stage.epochs):
        nets.train()
        order = rng.permutation(count)
        losses.clear()
        for step in range(steps_per_epoch):
            chosen = order[step * batch : (step + 1) * batch]
            # no gradient, not one of zeros: what a stage leaves alone must not decay (torch 1.13 would zero it)
            optimiser.zero_grad(set_to_none=True)
            value = loss_of(chosen)
            value.backward()
            torch.nn.utils.clip_grad_norm_(nets.parameters(), 5.0)
            optimiser.step()
            schedule.step()
            losses.append(value.item())
            done += 1
            if done > 0.8 * total:
                average = _average(average, nets, 0.98)
        print(f"{stage.name}: epoch {epoch + 1}/{stage.epochs} loss {np.mean(losses):.4f} {time.time() - started:.0f} s", flush=True)
    if average is not None:
        nets.load_state_dict(average)
    nets.eval()
    return {"stage": stage.name, "steps": done, "loss": float(np.mean(losses)), "seconds": round(time.time() - started),
            "device": value.device.type}


def _average(average: dict | None, nets: torch.nn.Module, keep: float) -> dict:
    """Moving average of the weights."""
    state = nets.state_dict()
    if average is None:
        return copy.deepcopy(state)
    for name, value in state.items():
        if value.is_floating_point():
            average[name].mul_(keep).add_(value, alpha=1 - keep)
    return average


class Checkpoint:
    """A file with the networks after the last finished stage, good for a run with the same `key` only."""

    def __init__(self, path: Path, key: dict):
        self.path, self.key = path, key

    def save(self, nets: torch.nn.Module, records: list[dict]) -> None:
        """Keeps the networks, on the CPU; what was done; and where the random numbers stand."""
        unfinished = self.path.with_suffix(".unfinished")
        torch.save({"weights": moved(nets, CPU).state_dict(), "random": torch.get_rng_state(), "key": self.key, "stages": records}, unfinished)
        os.replace(unfinished, self.path)

    def restore(self, nets: torch.nn.Module) -> list[dict]:
        """Loads the networks; what was done to them, which is nothing where there is no file of this key."""
        saved = torch.load(self.path) if self.path.exists() else {"key": None}
        if saved["key"] != self.key:
            return []
        nets.load_state_dict(saved["weights"])
        torch.set_rng_state(saved["random"])
        return saved["stages"]


def train(groups: Groups, seed: int, stages: list[Stage], checkpoint: Checkpoint, measured: Measure,
          initial: dict | None = None, device: torch.device = CPU) -> Nets:
    """The networks trained over the stages on the device; goes on behind the last stage that `checkpoint` holds.

    `initial` is stage 1's weights, of which the head is taken, but for its scales: those are the groups'.
    """
    # on more threads the small products of these networks wait for each other
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    nets = Nets(groups.stats[0].shape[1])
    head = nets.head.members[0]
    if initial is not None:
        head.load_state_dict({k.removeprefix("head."): v for k, v in initial.items() if k.startswith("head.")})
    head.normalise(groups.stats)
    nets, groups = nets.to(device), moved(groups, device)
    through_stages(nets, stages, checkpoint, lambda stage, i: run_stage(nets, groups, stage, seed + i, measured))
    return nets.cpu()


def through_stages(nets: torch.nn.Module, stages: list[Stage], checkpoint: Checkpoint, run: Callable[[Stage, int], dict]) -> None:
    """Runs the stages (each with its number) that `checkpoint` does not hold, and keeps each when it is done."""
    records = checkpoint.restore(nets)
    for i, stage in list(enumerate(stages))[len(records):]:
        records.append(run(stage, i))
        checkpoint.save(nets, records)
