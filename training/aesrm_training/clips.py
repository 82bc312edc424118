"""The clips of a collection: identity, split into training and held-out, and the committed lists."""

import csv
import hashlib
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path

import numpy as np

from .decode import cache_clip
from .degrade import TRAINED_STRENGTHS, UNSEEN_STRENGTHS
from .paths import CACHE, LISTS

#: A clip of a source that is named here is held out of all training. Whole sources, so that no prompt is on both sides:
#: every human rating of FETV is unseen. A generator may be: ModelScope made 14 clips of FETV (ZeroScope, made from it, 14
#: more), and 47 of mcm's are by it or by students of it.
HELD_OUT_SOURCES = {"llyx97/FETV", "zai-org/CogVideo", "Debian python3-imageio 2.4.1"}

#: A source that no weight is learned from: calibration and the choice between stages go by it.
VALIDATION_SOURCES = {"TIGER-AI-Lab/VideoScore"}


@dataclass(frozen=True)
class Clip:
    """One clip: its name relative to the collection, its content's hash, and where it came from."""

    name: str
    sha256: str
    source: str
    generator: str
    licence: str

    @property
    def held_out(self) -> bool:
        """Whether no training may see this clip."""
        return self.source in HELD_OUT_SOURCES

    @property
    def validates(self) -> bool:
        """Whether training measures itself on this clip, and learns no weight from it."""
        return self.source in VALIDATION_SOURCES

    @property
    def trains(self) -> bool:
        """Whether weights may be learned from this clip."""
        return not self.held_out and not self.validates

    @property
    def folder(self) -> Path:
        """The clip's cache folder."""
        return CACHE / "clips" / self.sha256[:16]

    def frames(self, variant: str = "clean") -> np.ndarray:
        """Cached frames of the clip or of one codec-damaged variant: uint8 [n, H, W, 3]."""
        return np.load(self.folder / f"{variant}.npy", mmap_mode="r")


def strengths_of(clip: Clip) -> tuple[float, ...]:
    """The strengths of damage that are made of a clip: those that training knows, and of held-out clips those between."""
    return (*TRAINED_STRENGTHS, *UNSEEN_STRENGTHS) if clip.held_out else TRAINED_STRENGTHS


def read_clips(root: Path) -> list[Clip]:
    """The collection's clips in the order of its manifest.csv; a content that repeats counts once."""
    seen: dict[str, Clip] = {}
    with (root / "manifest.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            digest = hashlib.sha256((root / row["file"]).read_bytes()).hexdigest()
            clip = Clip(row["file"], digest, row["source"], row["model"], row["licence"])
            seen.setdefault(digest, clip)
    return list(seen.values())


def _cache(job: tuple[Path, Path, tuple[float, ...]]) -> None:
    cache_clip(*job)


def cache_clips(root: Path, clips: list[Clip], processes: int = 2) -> None:
    """Decodes every clip and its codec-damaged variants into the cache."""
    with Pool(processes) as pool:
        for _ in pool.imap_unordered(_cache, [(root / c.name, c.folder, strengths_of(c)) for c in clips], chunksize=2):
            pass


def write_lists(clips: list[Clip], folder: Path | None = None) -> None:
    """Writes train.txt, validation.txt and heldout.txt: `sha256  name`, one clip a line."""
    folder = folder or LISTS
    folder.mkdir(parents=True, exist_ok=True)
    for name, mine in (("train", "trains"), ("validation", "validates"), ("heldout", "held_out")):
        lines = sorted(f"{c.sha256}  {c.name}" for c in clips if getattr(c, mine))
        (folder / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
