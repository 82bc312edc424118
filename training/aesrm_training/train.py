"""Training: the head and judge on statistics alone, then everything together, then the verdicts' mixing."""

import copy
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

import numpy as np
import torch

from .extract import maps_to_float
from .model import Head, Judge, Trunk, probabilities
from .pairs import far_pairs, group_pairs, loss


@dataclass
class Groups:
    """All training groups in memory, and each group's labelled pairs."""

    stats: list[torch.Tensor]
    maps: list[torch.Tensor]
    severities: list[np.ndarray]
    pairs: list[tuple[np.ndarray, np.ndarray]]
    vectors: list[torch.Tensor] = field(default_factory=list)  # the trunk's, once it is frozen

    def __len__(self) -> int:
        return len(self.stats)


def load_groups(paths: list[Path]) -> Groups:
    """Reads groups in the order given."""
    out = Groups([], [], [], [])
    for path in paths:
        with np.load(path) as z:
            out.stats.append(torch.from_numpy(z["stats"]))
            out.maps.append(torch.from_numpy(z["maps"]))
            out.severities.append(z["severities"])
            out.pairs.append(group_pairs(z["severities"], z["kinds"]))
    return out


class Nets(torch.nn.Module):
    """What is learned: trunk, head, judge."""

    def __init__(self, statistics: int):
        super().__init__()
        self.trunk = Trunk()
        self.head = Head(statistics, self.trunk.size)
        self.judge = Judge()

    def normalise(self, stats: list[torch.Tensor]) -> None:
        """Bakes the training set's centre and scale of every statistic into the head."""
        everything = torch.cat(stats)
        self.head.centre.copy_(everything.mean(0))
        self.head.scale.copy_(everything.std(0).clamp(min=1e-3))

    def encode(self, groups: Groups, chosen: np.ndarray, with_trunk: bool) -> torch.Tensor:
        """Encodings [sum of versions, D] of the chosen groups."""
        stats = torch.cat([groups.stats[g] for g in chosen])
        if groups.vectors:
            return self.head(stats, torch.cat([groups.vectors[g] for g in chosen]))
        if not with_trunk:
            return self.head(stats, torch.zeros(len(stats), self.trunk.size))
        vectors = [self.trunk(maps_to_float(groups.maps[g]).flatten(0, 1)) for g in chosen]
        return self.head(stats, torch.cat(vectors))

    @torch.no_grad()
    def freeze_trunk(self, groups: Groups) -> None:
        """Computes the trunk's vector of every version once, and switches the verdicts' mixing on."""
        self.trunk.eval()
        groups.vectors = [self.trunk(maps_to_float(m).flatten(0, 1)) for m in groups.maps]
        self.judge.mixing.fill_(1.0)


def batch_loss(nets: Nets, groups: Groups, chosen: np.ndarray, rng: np.random.Generator, with_trunk: bool) -> torch.Tensor:
    """Loss over all pairs inside the chosen groups, plus some across them."""
    encodings = nets.encode(groups, chosen, with_trunk)
    severities = [groups.severities[g] for g in chosen]
    offsets = np.cumsum([0, *(len(s) for s in severities)])
    indices = [groups.pairs[g][0] + offsets[i] for i, g in enumerate(chosen)]
    labels = [groups.pairs[g][1] for g in chosen]
    far, far_labels = far_pairs(np.concatenate(severities), rng, 12 * len(chosen))

    def score(pairs: np.ndarray, wanted: np.ndarray) -> torch.Tensor:
        i, j = torch.from_numpy(pairs).T
        return loss(probabilities(*nets.judge(encodings[i], encodings[j])), torch.from_numpy(wanted))

    total = score(np.concatenate(indices), np.concatenate(labels))
    return total + 0.3 * score(far, far_labels) if len(far) else total


@dataclass
class Stage:
    """One stage of training."""

    name: str
    with_trunk: bool
    epochs: int
    rate: float
    minutes: float
    freeze: bool = False


STAGES = [Stage("statistics", False, 25, 2e-3, 5), Stage("together", True, 1, 1e-3, 12),
          Stage("verdicts", True, 8, 1e-3, 5, freeze=True)]


def run_stage(nets: Nets, groups: Groups, stage: Stage, seed: int, batch: int = 12) -> dict:
    """Trains one stage on the groups; returns what was done."""
    rng = np.random.default_rng(seed)
    if stage.freeze:
        nets.freeze_trunk(groups)
    return descend(nets, stage, len(groups), batch, rng, lambda chosen: batch_loss(nets, groups, chosen, rng, stage.with_trunk))


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
        if time.time() - started > 60 * stage.minutes:
            break
    if average is not None:
        nets.load_state_dict(average)
    nets.eval()
    return {"stage": stage.name, "steps": done, "loss": float(np.mean(losses)), "seconds": round(time.time() - started)}


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
        """Keeps the networks, what was done, and where the random numbers stand."""
        record = {"statistics": len(nets.head.centre), "stages": records, "parameters": sum(p.numel() for p in nets.parameters()),
                  **self.key}
        unfinished = self.path.with_suffix(".unfinished")
        torch.save({"weights": nets.state_dict(), "random": torch.get_rng_state(), "key": self.key, "record": record}, unfinished)
        os.replace(unfinished, self.path)

    def restore(self, nets: torch.nn.Module) -> list[dict]:
        """Loads the networks; what was done to them, which is nothing where there is no file of this key."""
        saved = torch.load(self.path) if self.path.exists() else {"key": None}
        if saved["key"] != self.key:
            return []
        nets.load_state_dict(saved["weights"])
        torch.set_rng_state(saved["random"])
        return saved["record"]["stages"]


def train(groups: Groups, seed: int, stages: list[Stage], threads: int, checkpoint: Checkpoint) -> Nets:
    """The networks trained over the stages; goes on behind the last stage that `checkpoint` holds."""
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    nets = Nets(groups.stats[0].shape[1])
    nets.normalise(groups.stats)
    through_stages(nets, stages, checkpoint, lambda stage, i: run_stage(nets, groups, stage, seed + i))
    return nets


def through_stages(nets: torch.nn.Module, stages: list[Stage], checkpoint: Checkpoint, run: Callable[[Stage, int], dict]) -> None:
    """Runs the stages (each with its number) that `checkpoint` does not hold, and keeps each when it is done."""
    records = checkpoint.restore(nets)
    for i, stage in list(enumerate(stages))[len(records):]:
        records.append(run(stage, i))
        checkpoint.save(nets, records)
