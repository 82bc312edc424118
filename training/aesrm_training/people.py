"""Verdicts that people gave on training clips: labels of the cold start, and the policy's reward from outside. Few as they are,
they are labels of two different clips, which nothing made by construction is."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from .clips import Clip
from .human import read_pairs
from .labels import NONE, OUTPUTS
from .rubric import CRITERIA, DIMENSIONS
from .session import Session
from .views import Window, version

_LABEL = {"A": 0, "tie": 1, "B": 2}
#: Which output an aspect's label is of. Motion is no dimension's own: it speaks of the verdict on the whole.
_FIDELITY, _OVERALL = len(CRITERIA) + DIMENSIONS.index("VF"), OUTPUTS - 1
_OUTPUT_OF = {"static_quality": _FIDELITY, "visual_quality": _FIDELITY, "temporal_quality": _OVERALL, "motion_quality": _OVERALL,
              "overall": _OVERALL}


@dataclass
class People:
    """Statistics [C, S] of whole clips, pairs [P, 2] of their numbers, labels [P, outputs] of which one is known."""

    stats: torch.Tensor
    pairs: torch.Tensor
    labels: torch.Tensor

    def __len__(self) -> int:
        return len(self.pairs)

    def key(self) -> str:
        """Hash of all of it: what was learned from other labels must not be taken up."""
        return hashlib.sha256(b"".join(t.cpu().numpy().tobytes() for t in (self.stats, self.pairs, self.labels))).hexdigest()


def _label(row: dict) -> np.ndarray:
    """Labels [outputs] of one verdict."""
    out = np.full(OUTPUTS, NONE, np.int64)
    out[_OUTPUT_OF[row["aspect"]]] = _LABEL[row["preferred"]]
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
