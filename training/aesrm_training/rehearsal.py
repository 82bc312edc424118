"""The gate on harmful copies, rehearsed on validation clips: as they are, and as what fails it first, small clips and GIFs.

Choices between variants of the training can go by it, and held-out clips need not be looked at.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from .clips import Clip
from .dataset import prepare, recipe, side_by_side
from .decode import HARMLESS_CROPS, SECONDS, decode
from .extract import Extractor
from .gates.copies import HARMS, harmful
from .logits import probabilities
from .rubric import CRITERIA, DIMENSIONS
from .train import Nets
from .views import Window, version

#: Sizes that older generators make, in turn.
SIZES = ((240, 240), (256, 256), (288, 160))
_SMALL = "scale={0}:{1}:force_original_aspect_ratio=decrease:force_divisible_by=2:flags=bicubic"
_GIF = _SMALL + ",format=rgb24,split[full][seen];[seen]palettegen[few];[full][few]paletteuse"
#: What is made of a clip before it is analysed: ffmpeg's filter, with width and height to be filled in.
LOOKS = {"as it is": "", "small": _SMALL, "GIF": _GIF, "GIF, ordered dither": f"{_GIF}=dither=bayer:bayer_scale=2"}
CLEAN, CROPPED = "clean", "cropped by 1%"


@dataclass(frozen=True)
class _Reduced:
    """Stands in for a clip: all its pictures [n, H, W, 3] at the plan's scale."""

    pictures: np.ndarray

    def frames(self, variant: str = CLEAN) -> np.ndarray:
        """The pictures; no variant of them was made."""
        return self.pictures


def _versions(path: Path, number: int, look: str, seed: int) -> list[tuple[str, np.ndarray]]:
    """(name, the plan's frames) of a clip with this look: clean, cropped, its harmful copies at every strength."""
    first = LOOKS[look].format(*SIZES[number % len(SIZES)])
    crop = HARMLESS_CROPS["crop-centre"]
    clean, cropped = (_Reduced(decode(path, SECONDS, f)) for f in (first, f"{first},{crop}" if first else crop))
    plain = [(name, version(c, Window.whole(c.pictures.shape), None, 0, 0, None)) for name, c in ((CLEAN, clean), (CROPPED, cropped))]
    return plain + [(harm.name, harmful(clean, harm, k, seed + number)) for harm in HARMS for k in harm.strengths]


def _work(jobs: list[tuple[int, Path, str, Path]], extractor: Path, seed: int) -> None:
    """Makes some files of statistics."""
    torch.set_num_threads(1)
    extract = Extractor(extractor, threads=1)
    for number, path, look, kept in jobs:
        if kept.exists():
            continue
        names, frames = zip(*_versions(path, number, look, seed))
        unfinished = kept.with_suffix(f".{os.getpid()}.npz")
        np.savez(unfinished, stats=np.stack([extract(f) for f in frames]), names=np.array(names))
        os.replace(unfinished, kept)


def make(root: Path, clips: list[Clip], out: Path, seed: int, workers: int) -> dict[str, list[tuple[list[str], torch.Tensor]]]:
    """By look, names and statistics [V, S] of every clip's versions; makes what is missing in `out`. Takes validation clips."""
    if not clips or not all(c.validates for c in clips):
        raise ValueError("a rehearsal takes clips of validation sources, at least one")
    here = Path(__file__)
    mine = hashlib.sha256(b"".join(p.read_bytes() for p in (here, here.parent / "gates" / "copies.py"))).hexdigest()
    prepare(out, clips, seed, recipe=recipe() + mine)
    jobs = [(i, root / c.name, look, out / f"{c.sha256[:16]}-{n}.npz") for n, look in enumerate(LOOKS) for i, c in enumerate(clips)]
    side_by_side(_work, [(jobs[w::workers], out / "extractor.onnx", seed) for w in range(workers)])
    made = {look: [] for look in LOOKS}
    for _, _, look, kept in jobs:
        with np.load(kept) as z:
            made[look].append(([str(n) for n in z["names"]], torch.from_numpy(z["stats"])))
    return made


@torch.no_grad()
def measure(nets: Nets, made: dict[str, list[tuple[list[str], torch.Tensor]]]) -> dict[str, dict[str, float]]:
    """By look, how often copies of each kind win, on the output where they do most of those that their gate is about; and
    how often a cropped clip does not tie with the clip."""
    nets.eval()
    return {look: {**{harm.name: _wins(nets, clips, harm) for harm in HARMS}, CROPPED: _untied(nets, clips)}
            for look, clips in made.items()}


def _against_clean(nets: Nets, clips: list[tuple[list[str], torch.Tensor]], name: str) -> torch.Tensor:
    """Probabilities [P, outputs, 3] of the clips (A) beside their versions of this name (B)."""
    out = []
    for names, stats in clips:
        codes = nets.head(stats)
        versions = codes[torch.tensor([n == name for n in names])]
        out.append(probabilities(*nets.judge(codes[:1].expand(len(versions), -1), versions)))
    return torch.cat(out)


def _wins(nets: Nets, clips: list[tuple[list[str], torch.Tensor]], harm) -> float:
    outputs = [*(len(CRITERIA) + DIMENSIONS.index(d) for d in harm.harms), -1]
    p = _against_clean(nets, clips, harm.name)[:, outputs]
    return float((p[..., 2] > p[..., 0]).float().mean(0).max())


def _untied(nets: Nets, clips: list[tuple[list[str], torch.Tensor]]) -> float:
    return float((_against_clean(nets, clips, CROPPED)[:, -1].argmax(-1) != 1).float().mean())


def table(found: dict[str, dict[str, float]]) -> str:
    """What was measured, as a table in per cent."""
    names = list(next(iter(found.values())))
    lines = ["| | " + " | ".join(found) + " |", "|---|" + "---|" * len(found)]
    return "\n".join(lines + [f"| {n} | {' | '.join(f'{100 * row[n]:.1f}' for row in found.values())} |" for n in names])
