"""Where this package finds the repository's own files and its cache."""

import os
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
CORE = REPO / "src" / "core"
TRAINING = REPO / "training"
LISTS = TRAINING / "lists"
CACHE = Path(os.environ.get("AESRM_TRAINING_CACHE") or TRAINING / ".cache")
FFMPEG = os.environ.get("FFMPEG_BIN") or "ffmpeg"
