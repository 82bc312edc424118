"""A collection of made-up clips, and the pipeline run on it as its users run it."""

import os
import subprocess
import sys
from pathlib import Path

from aesrm_training.clips import HELD_OUT_SOURCES, VALIDATION_SOURCES
from aesrm_training.paths import CACHE, FFMPEG, TRAINING

_SOURCES = {
    "bars.mp4": "testsrc=size=160x96:rate=12",
    "set.mp4": "mandelbrot=size=128x128:rate=12",
    "valid.mp4": "testsrc2=size=96x96:rate=12,hue=h=90",
    "held-bars.mp4": "smptebars=size=96x64:rate=12,rotate=t/3",
    "held-cells.mp4": "life=size=64x96:rate=12:mold=10:ratio=0.3:seed=4:death_color=#203080:life_color=#ffd060",
    "held-test.mp4": "testsrc2=size=128x72:rate=12",
    "held-rainbow.mp4": "gradients=size=96x96:rate=12:seed=5:speed=0.05",
}
_PAIRS = """a,b,preferred,aspect,label_kind,source,group
held-bars.mp4,held-cells.mp4,A,overall,human_pair,made up,1
bars.mp4,set.mp4,B,visual_quality,human_pair,made up,2
bars.mp4,set.mp4,tie,overall,human_pair,made up,2
set.mp4,bars.mp4,A,overall,method_claim,made up,3
bars.mp4,held-bars.mp4,A,overall,human_pair,made up,4
valid.mp4,set.mp4,A,overall,human_pair,made up,5
"""


def make_clips(root: Path) -> None:
    """Two clips to train on, one to validate with, four that are held out, and labels of each: two that people gave are of clips to train on."""
    sources = {"held": sorted(HELD_OUT_SOURCES)[0], "valid": sorted(VALIDATION_SOURCES)[0]}
    rows = ["file,model,source,licence"]
    for name, source in _SOURCES.items():
        subprocess.run([FFMPEG, "-loglevel", "error", "-f", "lavfi", "-i", source, "-frames:v", "24", "-pix_fmt", "yuv420p",
                        str(root / name)], check=True)
        rows.append(f"{name},made up,{sources.get(name.split('-')[0].split('.')[0], 'made up')},none")
    (root / "manifest.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (root / "pairs.csv").write_text(_PAIRS, encoding="utf-8")


def cache_in(root: Path) -> Path:
    """Where the pipeline keeps what it makes of the clips in `root`."""
    return root / "cache" / CACHE.name


def command(root: Path, step: str) -> tuple[list[str], dict]:
    """A step's command line on the clips in `root`, and the environment in which its cache lies there too."""
    environment = {**os.environ, "AESRM_TRAINING_CACHE": str(root / "cache"), "PYTHONWARNINGS": "ignore"}
    return [sys.executable, "-u", "-m", "aesrm_training", step, "--clips", str(root), "--out", str(root / "model"),
            "--lists", str(root / "lists"), "--groups", "14", "--epochs", "1", "--samples", "30", "--members", "2"], environment


def run(root: Path, step: str) -> str:
    """What a step prints."""
    arguments, environment = command(root, step)
    ended = subprocess.run(arguments, cwd=TRAINING, env=environment, capture_output=True, text=True)
    if ended.returncode != 0:
        raise AssertionError(f"{step} failed:\n{ended.stdout}{ended.stderr}")
    return ended.stdout
