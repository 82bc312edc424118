"""Verdicts that people gave on training clips: the policy's reward from outside. Few as they are, they are labels of two
different clips, which nothing made by construction is."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from .clips import Clip
from .human import COMPARED, read_pairs
from .labels import NONE, OUTPUTS
from .session import Session
from .views import Window, version

_LABEL = {"A": 0, "tie": 1, "B": 2}


@dataclass
class People:
    """Statistics [C, S] of whole clips, pairs [P, 2] of their numbers, labels [P, outputs] of which one is known."""

    stats: torch.Tensor
    pairs: torch.Tensor
    labels: torch.Tensor

    def __len__(self) -> int:
        return len(self.pairs)


def _label(row: dict) -> np.ndarray:
    """Labels [outputs] of one verdict."""
    out = np.full(OUTPUTS, NONE, np.int64)
    out[COMPARED[row["aspect"]][1]] = _LABEL[row["preferred"]]
    return out


def make(root: Path, clips: list[Clip], extractor: Path) -> People | None:
    """The verdicts of people on clips that weights may be learned from; None where there is none."""
    known = {c.name: c for c in clips if c.trains}
    rows = [r for r in read_pairs(root, known, tuple(_LABEL)) if r["label_kind"].startswith("human")]
    if not rows:
        return None
    names = sorted({r[side] for r in rows for side in "ab"})
    with Session(extractor, 1) as session:
        stats = [session.run(frames=version(known[n], Window.whole(known[n].frames().shape), None, 0, 0, None))["stats"] for n in names]
    pairs = [[names.index(r["a"]), names.index(r["b"])] for r in rows]
    return People(torch.from_numpy(np.concatenate(stats)), torch.tensor(pairs), torch.from_numpy(np.stack([_label(r) for r in rows])))
