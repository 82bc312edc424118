"""The validation set: clips that no weight is learned from, whole, beside their damaged and harmless versions.

Calibration is fitted on it, and stages are compared by it. It is made like the held-out set's versions, but of other clips.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from .clips import Clip
from .dataset import FOOLING, prepare, recipe, side_by_side, untouched
from .decode import HARMLESS_CROPS, RECODED
from .degrade import BY_NAME, STRENGTHS, planned
from .extract import Extractor
from .labels import NONE, A_NOT_WORSE, training_labels
from .model import probabilities
from .rubric import CLAIMED, CRITERIA
from .train import Nets
from .views import Window, near_copy, version

HARMLESS = (RECODED, *HARMLESS_CROPS)
_CLAIMED = [CRITERIA.index(c) for c in CLAIMED]


def versions(clip: Clip, number: int, seed: int) -> list[tuple[str, float, np.ndarray]]:
    """(name, strength, frames [24, H, W, 3]) of a clip's versions: clean, harmless, near copy, damaged."""
    window = Window.whole(clip.frames().shape)
    clean = version(clip, window, None, 0, 0, None)
    out = [("clean", 0, clean), *((name, 0, version(clip, window, None, 0, 0, None, variant=name)) for name in HARMLESS),
           ("near copy", 0, near_copy(clean, seed + number))]
    damages = dict.fromkeys([*((d.name, k) for d, k in planned(number)), *((name, len(STRENGTHS) - 1) for name in FOOLING)])
    return out + [(name, k, version(clip, window, BY_NAME[name], k, seed + number, None)) for name, k in damages]


def _work(jobs: list[tuple[int, Clip]], out: Path, seed: int) -> None:
    """Makes some clips' files."""
    torch.set_num_threads(1)
    extractor = Extractor(out / "extractor.onnx", threads=1)
    for number, clip in jobs:
        path = _file(out, clip)
        if path.exists():
            continue
        names, strengths, frames = zip(*versions(clip, number, seed))
        stats = np.stack([extractor(f) for f in frames])
        unfinished = path.with_suffix(f".{os.getpid()}.npz")
        np.savez(unfinished, stats=stats, names=np.array(names), strengths=np.array(strengths, np.float32))
        os.replace(unfinished, path)


def _file(out: Path, clip: Clip) -> Path:
    return out / f"{clip.sha256[:16]}.npz"


@dataclass
class Validation:
    """Statistics [V, S] of every clip's versions, names [V], and labels [V, outputs] of (clean, version)."""

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
    jobs = list(enumerate(clips))
    side_by_side(_work, [(jobs[w::workers], out, seed) for w in range(workers)])
    found = Validation([], [], [])
    for clip in clips:
        path = _file(out, clip)
        with np.load(path) as z:
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


def measure(nets: Nets, found: Validation) -> dict:
    """What a stage's networks know of the set: shares, each over all pairs that it speaks of."""
    codes = encode(nets, found)
    s, t, labels, names = _known(nets, found, codes)
    p = probabilities(s, t)
    right = (p[..., 0] > p[..., 2]).float()
    by_criterion = {c: float(right[labels[:, i] == 0, i].mean()) for c, i in zip(CLAIMED, _CLAIMED) if (labels[:, i] == 0).any()}
    harmless = torch.tensor([n not in BY_NAME for n in names])
    fooled = torch.tensor([n in FOOLING for n in names])
    known = (labels != NONE) & (labels < A_NOT_WORSE)
    picked = p.gather(-1, labels.clamp(0, 2).unsqueeze(-1)).squeeze(-1).clamp(min=1e-6)
    return {
        "criteria": round(float(np.mean(list(by_criterion.values()))), 4),
        "lowest": min(by_criterion, key=by_criterion.get), "lowestShare": round(min(by_criterion.values()), 4),
        "overall": round(float(right[labels[:, -1] == 0, -1].mean()), 4),
        "harmlessTies": round(float((p[harmless][:, _CLAIMED].argmax(-1) == 1).float().mean()), 4),
        "foolingWins": round(float((p[fooled, -1, 2] > p[fooled, -1, 0]).float().mean()), 4),
        "loss": round(float(-picked[known].log().mean()), 4),
        "changedWinners": round(_changed(nets, codes, found), 4),
    }


@torch.no_grad()
def _changed(nets: Nets, codes: list[torch.Tensor], found: Validation) -> float:
    """Share of sure overall winners between two clips that change when one side is re-encoded or cropped."""
    n, changed, sure = len(codes), 0, 0
    for i in range(n):
        for j in range(n):
            if i == j:
                continue
            at = [0, *(found.names[i].index(name) for name in HARMLESS)]
            p = probabilities(*nets.judge(codes[i][at], codes[j][:1].expand(len(at), -1)))[:, -1]
            winner = int(p[0].argmax())
            if winner != 1 and float(p[0].max()) >= 0.6:
                sure += len(at) - 1
                changed += int((p[1:].argmax(-1) != winner).sum())
    return changed / sure if sure else 0.0


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
