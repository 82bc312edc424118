"""Everything the gates need of one clip, computed once per model and kept: encodings of its versions, its measures."""

import hashlib
import json
import os
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import Pool
from pathlib import Path
from typing import Protocol

import numpy as np
import torch

from ..clips import Clip
from ..degrade import UNSEEN_STRENGTHS, planned
from ..evaluate import Runner
from ..paths import CACHE
from ..plan import BURST, FRAMES
from ..views import Window, near_copy, version
from .copies import HARMS, harmful, harmless
from .measures import measure_clip

_PACKAGE = Path(__file__).resolve().parents[1]
#: What is kept was made by these: with any of them changed, it is made anew.
_MADE_BY = ("clips.py", "decode.py", "evaluate.py", "plan.py", "views.py", "gates/copies.py", "gates/encodings.py",
            "gates/measures.py", *sorted(f"degrade/{p.name}" for p in (_PACKAGE / "degrade").glob("*.py")))


class Encoder(Protocol):
    """Turns the plan's frames uint8 [24, H, W, 3] into an encoding [1, D], of which the judge reads the first `judged`."""

    judged: int | None

    def encode(self, frames: np.ndarray) -> np.ndarray: ...


@dataclass(frozen=True)
class Encoded:
    """One held-out clip: encodings [D] by version, the step between its pictures' embeddings, its measures.

    Versions: ("clean",), ("near copy",), ("degraded", kind, strength),
    ("unseen", kind, strength), ("harmful", name, strength), ("harmless", name).
    """

    clip: str
    codes: dict[tuple, np.ndarray]
    embedding_step: float
    measures: dict[str, float]

    def save(self, path: Path) -> None:
        """Writes the file whole or not at all: a killed run leaves no half."""
        names = json.dumps({"clip": self.clip, "versions": list(self.codes), "step": self.embedding_step, "measures": self.measures})
        unfinished = path.with_suffix(f".{os.getpid()}.npz")
        np.savez(unfinished, names=names, codes=np.stack(list(self.codes.values())))
        os.replace(unfinished, path)

    @staticmethod
    def load(path: Path) -> "Encoded":
        """Reads what `save` wrote."""
        with np.load(path) as z:
            told, codes = json.loads(str(z["names"])), z["codes"]
        return Encoded(told["clip"], {tuple(v): c for v, c in zip(told["versions"], codes)}, told["step"], told["measures"])


def embedding_step(encoder: Encoder, frames: np.ndarray) -> float:
    """Mean distance of the encodings of successive pictures, each encoded as a still clip.

    The model embeds clips, not pictures; a picture shown for the whole clip is the nearest to its embedding.
    """
    pictures = frames[BURST // 2 :: BURST]
    codes = np.concatenate([encoder.encode(np.repeat(p[None], FRAMES, 0))[:, : encoder.judged] for p in pictures])
    return float(np.linalg.norm(np.diff(codes, axis=0), axis=1).mean())


def encode_clip(encoder: Encoder, clip: Clip, path: Path, number: int, seed: int) -> Encoded:
    """All versions of one clip whose frames are in the cache; `number` chooses its kinds of degradation, as in `evaluate`."""
    window = Window.whole(clip.frames().shape)
    clean = version(clip, window, None, 0, 0, None)
    codes = {("clean",): encoder.encode(clean)[0], ("near copy",): encoder.encode(near_copy(clean, seed))[0]}
    for d, strength in planned(number):
        codes["degraded", d.name, strength] = encoder.encode(version(clip, window, d, strength, seed + number, None))[0]
    for d, strength in planned(number, UNSEEN_STRENGTHS):
        codes["unseen", d.name, strength] = encoder.encode(version(clip, window, d, strength, seed + number, None))[0]
    for harm in HARMS:
        for strength in harm.strengths:
            codes["harmful", harm.name, strength] = encoder.encode(harmful(clip, harm, strength, seed + number))[0]
    for name, frames in harmless(clip, path).items():
        codes["harmless", name] = encoder.encode(frames)[0]
    return Encoded(clip.name, codes, embedding_step(encoder, clean), measure_clip(clip, path))


def model_hashes(model: Path) -> dict[str, str]:
    """SHA-256 of the model's files."""
    return {n: hashlib.sha256((model / f"{n}.onnx").read_bytes()).hexdigest() for n in ("encoder", "judge")}


def _cache(model: Path) -> Path:
    """Where this encoder's clips are kept, made by this code."""
    code = b"".join((_PACKAGE / name).read_bytes() for name in _MADE_BY)
    return CACHE / "gates" / f"{model_hashes(model)['encoder'][:16]}-{hashlib.sha256(code).hexdigest()[:8]}"


@lru_cache(maxsize=1)
def _runner(model: Path) -> Runner:
    """This process's runner."""
    return Runner(model)


def _encoded(job: tuple[int, Clip, Path, Path, int, Path]) -> Encoded:
    """One clip, from `cache` or into it."""
    number, clip, path, model, seed, cache = job
    kept = cache / f"{number}-{seed}-{clip.sha256[:16]}.npz"
    if not kept.exists():
        torch.set_num_threads(1)
        encode_clip(_runner(model), clip, path, number, seed).save(kept)
    return Encoded.load(kept)


def encode_clips(model: Path, root: Path, clips: list[Clip], seed: int, workers: int) -> list[Encoded]:
    """All clips, in order; only held-out clips are allowed. What was done before is not done again."""
    if not all(c.held_out for c in clips):
        raise ValueError("a clip that training may see is in no table")
    cache = _cache(model)
    cache.mkdir(parents=True, exist_ok=True)
    jobs = [(i, c, root / c.name, model, seed, cache) for i, c in enumerate(clips)]
    with Pool(workers) as pool:
        return list(pool.imap(_encoded, jobs))
