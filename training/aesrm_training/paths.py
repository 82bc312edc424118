"""Where this package finds the repository's own files and its cache."""

import hashlib
import os
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
CORE = REPO / "src" / "core"
TRAINING = REPO / "training"
LISTS = TRAINING / "lists"
FFMPEG = os.environ.get("FFMPEG_BIN") or "ffmpeg"


def cache_of(plan: bytes) -> Path:
    """The cache's folder for the frame plan whose file's content is given: what came of other frames is never taken up."""
    cache = Path(os.environ.get("AESRM_TRAINING_CACHE") or TRAINING / ".cache")
    return cache / hashlib.sha256(plan).hexdigest()[:8]


CACHE = cache_of((CORE / "framePlan.json").read_bytes())
