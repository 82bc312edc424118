"""The validation set: clips that no weight is learned from, whole, beside their damaged and harmless versions.

Calibration is fitted on it, and stages are compared by it. It is made like the held-out set's versions, but of other clips.
"""

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from .clips import Clip
from .dataset import FOOLING, prepare, recipe, side_by_side, untouched
from .decode import HARMLESS_CROPS, RECODED
from .degrade import BY_NAME, STRENGTHS, TRAINED_STRENGTHS, planned
from .extract import Extractor
from .labels import NONE, A_NOT_WORSE, training_labels
from .logits import probabilities
from .rubric import CLAIMED, CRITERIA, DIMENSION_OF, DIMENSIONS
from .train import Nets
from .views import Look, Window, near_copy, version

LATER = "a frame later"
HARMLESS = (RECODED, *HARMLESS_CROPS, LATER)
#: From this probability on a winner is a sure one.
SURE = 0.6
_CLAIMED = [CRITERIA.index(c) for c in CLAIMED]


def versions(clip: Clip, number: int, seed: int, seen_as: Look | None) -> list[tuple[str, float, np.ndarray]]:
    """(name, strength, frames [24, H, W, 3]) of a clip's versions: clean, harmless, near copy, damaged."""
    window = Window.whole(clip.frames().shape)
    clean = version(clip, window, None, 0, 0, seen_as)
    stored = [(name, 0, version(clip, window, None, 0, 0, seen_as, variant=name)) for name in HARMLESS if name != LATER]
    # a clip of one frame has none to be shifted by
    later = version(clip, replace(window, frames=window.frames[min(1, len(window.frames) - 1):]), None, 0, 0, seen_as)
    out = [("clean", 0, clean), *stored, (LATER, 0, later), ("near copy", 0, near_copy(clean, seed + number))]
    fooling = [(name, k) for name in FOOLING for k in (TRAINED_STRENGTHS if BY_NAME[name].graded else [len(STRENGTHS) - 1])]
    damages = dict.fromkeys([*((d.name, k) for d, k in planned(number)), *fooling])
    return out + [(name, k, version(clip, window, BY_NAME[name], k, seed + number, seen_as)) for name, k in damages]


def _work(jobs: list[tuple[int, Clip, bool]], out: Path, seed: int) -> None:
    """Makes some clips' files, as the clips are or worn."""
    torch.set_num_threads(1)
    extractor = Extractor(out / "extractor.onnx", threads=1)
    for number, clip, is_worn in jobs:
        path = _file(out, clip, is_worn)
        if path.exists():
            continue
        names, strengths, frames = zip(*versions(clip, number, seed, Look(seed + number, True) if is_worn else None))
        stats = np.stack([extractor(f) for f in frames])
        unfinished = path.with_suffix(f".{os.getpid()}.npz")
        np.savez(unfinished, stats=stats, names=np.array(names), strengths=np.array(strengths, np.float32))
        os.replace(unfinished, path)


def _file(out: Path, clip: Clip, is_worn: bool) -> Path:
    return out / f"{clip.sha256[:16]}{'-worn' if is_worn else ''}.npz"


@dataclass
class Validation:
    """Statistics [V, S] of every clip's versions, names [V], and labels [V, outputs] of (clean, version): of all clips as
    they are, then of all of them worn."""

    stats: list[torch.Tensor]
    names: list[list[str]]
    labels: list[torch.Tensor]


def _labels(name: str, strength: float) -> np.ndarray:
    """Labels [outputs] of a clean clip (A) beside its version (B)."""
    damage = BY_NAME.get(name)
    severity = damage.severity(strength) if damage else untouched()
    return training_labels(untouched(), severity, False, ((), damage.harms if damage else ()))


def make(clips: list[Clip], out: Path, seed: int, workers: int) -> Validation:
    """Makes what is missing of the set in `out`, and reads it."""
    if not clips or not all(c.validates for c in clips):
        raise ValueError("validation takes clips of validation sources, at least one")
    here = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    prepare(out, clips, seed, recipe=recipe() + here)
    jobs = [(number, clip, is_worn) for is_worn in (False, True) for number, clip in enumerate(clips)]
    side_by_side(_work, [(jobs[w::workers], out, seed) for w in range(workers)])
    found = Validation([], [], [])
    for _, clip, is_worn in jobs:
        with np.load(_file(out, clip, is_worn)) as z:
            names = [str(n) for n in z["names"]]
            found.stats.append(torch.from_numpy(z["stats"]))
            found.labels.append(torch.from_numpy(np.stack([_labels(n, float(k)) for n, k in zip(names, z["strengths"])])))
        found.names.append(names)
    return found


@torch.no_grad()
def encode(nets: Nets, found: Validation) -> list[torch.Tensor]:
    """Encodings [V, D] of every clip's versions."""
    nets.eval()
    return [nets.head(stats) for stats in found.stats]


@torch.no_grad()
def _known(nets: Nets, found: Validation, codes: list[torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, list[str]]:
    """Logits s, t [P, outputs] of (clean, version) for every version but the clean one, labels and names."""
    clean = torch.cat([c[:1].expand(len(c) - 1, -1) for c in codes])
    s, t = nets.judge(clean, torch.cat([c[1:] for c in codes]))
    return s, t, torch.cat([v[1:] for v in found.labels]), [n for names in found.names for n in names[1:]]


@torch.no_grad()
def measure(nets: Nets, found: Validation) -> dict:
    """What a stage's networks know of the set: shares, each over all pairs that it speaks of."""
    codes = encode(nets, found)
    s, t, labels, names = _known(nets, found, codes)
    p = probabilities(s, t)
    right = (p[..., 0] > p[..., 2]).float()
    by_criterion = {c: float(right[labels[:, i] == 0, i].mean()) for c, i in zip(CLAIMED, _CLAIMED) if (labels[:, i] == 0).any()}
    harmless = torch.tensor([n not in BY_NAME for n in names])
    copies = _copy_wins(p, names)
    known = (labels != NONE) & (labels < A_NOT_WORSE)
    picked = p.gather(-1, labels.clamp(0, 2).unsqueeze(-1)).squeeze(-1).clamp(min=1e-6)
    decided, said = _of_two_clips(nets, codes)
    return {
        "criteria": round(float(np.mean(list(by_criterion.values()))), 4),
        "lowest": min(by_criterion, key=by_criterion.get), "lowestShare": round(min(by_criterion.values()), 4),
        "overall": round(float(right[labels[:, -1] == 0, -1].mean()), 4),
        "harmlessTies": round(float((p[harmless][:, _CLAIMED].argmax(-1) == 1).float().mean()), 4),
        "foolingWins": round(float(np.mean(list(copies.values()))), 4),
        "worstCopy": max(copies, key=copies.get), "worstCopyShare": round(max(copies.values()), 4),
        "loss": round(float(-picked[known].log().mean()), 4),
        "changedWinners": round(_changed(nets, codes, found), 4),
        "decided": round(decided, 4), "criteriaSaid": round(said, 2),
    }


def _copy_wins(p: torch.Tensor, names: list[str]) -> dict[str, float]:
    """How often copies of each kind that fools judges of measures win, at all strengths: on the output where they do most,
    of the overall verdict and the dimensions that they harm."""
    out = {}
    for kind in FOOLING:
        damage = BY_NAME[kind]
        harmed = {DIMENSION_OF[CRITERIA.index(damage.worse)], *(DIMENSIONS.index(d) for d in damage.harms)}
        mine = p[torch.tensor([n == kind for n in names])][:, [*(len(CRITERIA) + d for d in sorted(harmed)), -1]]
        if len(mine):
            out[kind] = float((mine[..., 2] > mine[..., 0]).float().mean(0).max())
    return out


def _pairs_of_clips(codes: list[torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
    """Numbers of all pairs of two clips, each once."""
    return torch.tensor([(i, j) for i in range(len(codes)) for j in range(i)], dtype=torch.long).reshape(-1, 2).T


def two_clips(codes: list[torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
    """Encodings a, b [P, D] of all pairs of two clips."""
    i, j = _pairs_of_clips(codes)
    clean = torch.stack([c[0] for c in codes])
    return clean[i], clean[j]


def _of_two_clips(nets: Nets, codes: list[torch.Tensor]) -> tuple[float, float]:
    """Of pairs of different clips, whose label nobody knows: the share with a sure overall winner, and how many claimed
    criteria are not called a tie, on average."""
    if len(codes) < 2:
        return 0.0, 0.0
    p = probabilities(*nets.judge(*two_clips(codes)))
    return float(_sure(p[:, -1]).float().mean()), float((p[:, _CLAIMED].argmax(-1) != 1).sum(1).float().mean())


def _sure(p: torch.Tensor) -> torch.Tensor:
    """Whether probabilities [N, 3] are sure of a winner."""
    return (p.argmax(-1) != 1) & (p.max(-1)[0] >= SURE)


@torch.no_grad()
def _changed(nets: Nets, codes: list[torch.Tensor], found: Validation) -> float:
    """Share of sure overall winners that a harmless change changes: the mean of those between two clips with one side
    changed, with both, and between a clip and its damaged version with the clip changed."""
    i, j = _pairs_of_clips(codes)
    clean = torch.stack([c[0] for c in codes])
    hurt = [torch.tensor([k for k, n in enumerate(names) if n in BY_NAME]) for names in found.names]
    damaged = torch.cat([c[h] for c, h in zip(codes, hurt)])
    of = torch.cat([torch.full((len(h),), k) for k, h in enumerate(hurt)])
    counts = np.zeros((3, 2))
    for name in HARMLESS:
        changed = torch.stack([c[names.index(name)] for c, names in zip(codes, found.names)])
        cases = ((clean[i], clean[j], changed[i], clean[j]), (clean[i], clean[j], changed[i], changed[j]),
                 (clean[of], damaged, changed[of], damaged))
        for row, (a, b, a_then, b_then) in zip(counts, cases):
            before, then = (probabilities(*nets.judge(x, y))[:, -1] for x, y in ((a, b), (a_then, b_then)))
            sure = _sure(before)
            row += int((then.argmax(-1) != before.argmax(-1))[sure].sum()), int(sure.sum())
    return float(np.mean(counts[:, 0] / np.maximum(counts[:, 1], 1)))


def measured(nets: Nets, found: Validation) -> dict:
    """What `measure` says of networks that are calibrated first, as they would be shipped."""
    calibrate(nets, found)
    said = measure(nets, found)
    nets.judge.sharpness.fill_(1.0)
    nets.judge.tie_shift.zero_()
    return said


def calibrate(nets: Nets, found: Validation) -> dict:
    """Fits one sharpness and one shift of ties for each output, so that probabilities mean what they say; sets them.

    Each output's own logits are scaled, so no winner between the sides changes, only how sure it is, and ties.
    """
    nets.judge.sharpness.fill_(1.0)
    nets.judge.tie_shift.zero_()
    s, t, labels, _ = _known(nets, found, encode(nets, found))
    known = (labels != NONE) & (labels < A_NOT_WORSE)
    sharp = torch.zeros(s.shape[1], requires_grad=True)
    shift = torch.zeros(s.shape[1], requires_grad=True)
    optimiser = torch.optim.LBFGS([sharp, shift], max_iter=200, line_search_fn="strong_wolfe")

    def value() -> torch.Tensor:
        optimiser.zero_grad()
        p = probabilities(s * sharp.exp(), t * sharp.exp() + shift)
        picked = p.gather(-1, labels.clamp(0, 2).unsqueeze(-1)).squeeze(-1).clamp(min=1e-6)
        # drawn a little towards no change: few clips are a small sample
        loss = -(picked.log() * known).sum() / known.sum() + 1e-3 * (sharp**2 + shift**2).sum()
        loss.backward()
        return loss

    optimiser.step(value)
    with torch.no_grad():
        nets.judge.sharpness.copy_(sharp.exp())
        nets.judge.tie_shift.copy_(shift)
    return {"sharpness": [round(float(v), 3) for v in sharp.exp()], "tieShift": [round(float(v), 3) for v in shift]}
