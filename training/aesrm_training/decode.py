"""Decoding clips through the product's ffmpeg filter, and re-encoding them at source as codec damage."""

import itertools
import json
import re
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from .degrade.ops import at
from .paths import FFMPEG
from .plan import PLAN

#: Encoder arguments by codec, and the values that follow the last for weak, middle and strong damage, at the clip's own size.
CODECS = {
    "x264": (["-c:v", "libx264", "-preset", "veryfast", "-crf"], (36, 42, 49)),
    "mpeg4": (["-bf", "0", "-c:v", "mpeg4", "-q:v"], (10, 18, 31)),
}
#: Of a longer clip, no more than this is looked at.
SECONDS = 8.0
#: Variants that change nothing of a clip's quality: re-encoded at visually lossless quality, two small crops.
HARMLESS_CROPS = {"crop-centre": "crop=iw*0.99:ih*0.99", "crop-corner": "crop=iw*0.985:ih*0.985:0:0"}
RECODED = "recoded"
#: 4:2:0 needs even sides.
SUBSAMPLED = ["-vf", "crop=trunc(iw/2)*2:trunc(ih/2)*2,format=yuv420p"]
#: The usual constant rate factor for visually lossless.
LOSSLESS_LOOKING = [*SUBSAMPLED, "-c:v", "libx264", "-preset", "veryfast", "-crf", "17"]


def _frame_size(log: str) -> tuple[int, int]:
    """Width and height of the output stream named in ffmpeg's log."""
    output = log[log.index("Output #0"):]
    found = re.search(r"Video: rawvideo.*?, (\d+)x(\d+)", output)
    if not found:
        raise ValueError("ffmpeg named no output size")
    return int(found[1]), int(found[2])


def decode(path: Path, seconds: float | None = None, first: str = "") -> np.ndarray:
    """All frames of a clip at the plan's scale: uint8 [n, H, W, 3]; the ffmpeg filter `first` comes before the plan's."""
    limit = [] if seconds is None else ["-t", str(seconds)]
    run = subprocess.run(
        [FFMPEG, "-hide_banner", "-nostdin", "-threads", "1", "-i", str(path), *limit, "-map", "0:v:0",
         "-vf", f"{first},{PLAN['filter']}" if first else PLAN["filter"], "-fps_mode", "passthrough", "-f", "rawvideo", "pipe:1"],
        capture_output=True, check=True)
    width, height = _frame_size(run.stderr.decode("utf-8", "replace"))
    return np.frombuffer(run.stdout, np.uint8).reshape(-1, height, width, 3)


def source_size(path: Path) -> tuple[int, int]:
    """Width and height of a clip's own pictures."""
    run = subprocess.run([FFMPEG, "-hide_banner", "-nostdin", "-i", str(path), "-map", "0:v:0", "-frames:v", "1",
                          "-f", "rawvideo", "pipe:1"], capture_output=True, check=True)
    return _frame_size(run.stderr.decode("utf-8", "replace"))


def recode(path: Path, out: Path, arguments: list[str], seconds: float | None = None) -> Path:
    """Writes the clip to `out`, at its own size, with ffmpeg's output `arguments`; returns `out`."""
    limit = [] if seconds is None else ["-t", str(seconds)]
    subprocess.run([FFMPEG, "-hide_banner", "-nostdin", "-loglevel", "error", "-y", "-threads", "1", "-i", str(path), *limit,
                    "-map", "0:v:0", "-fps_mode", "passthrough", "-threads", "1", *arguments, str(out)], check=True)
    return out


def reencode(path: Path, codec: str, strength: float, folder: Path, seconds: float | None = None) -> Path:
    """The clip re-encoded at its own size with codec damage of a strength of 0..2."""
    arguments, levels = CODECS[codec]
    return recode(path, folder / "damaged.mkv", [*SUBSAMPLED, *arguments, str(round(at(strength, *levels)))], seconds)


def variant_name(codec: str, strength: float) -> str:
    """The cache's name for a clip damaged by `codec` at `strength`."""
    return f"{codec}-{strength:g}"


def cache_clip(path: Path, folder: Path, strengths: tuple[float, ...], seconds: float = SECONDS) -> None:
    """Writes `clean.npy`, the harmless variants and one `<codec>-<strength>.npy` per codec damage into `folder`, once."""
    if (folder / "done.json").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    clean = decode(path, seconds)
    np.save(folder / "clean.npy", clean)
    for name, crop in HARMLESS_CROPS.items():
        np.save(folder / f"{name}.npy", decode(path, seconds, crop))
    with tempfile.TemporaryDirectory() as scratch:
        coded = recode(path, Path(scratch) / "coded.mp4", LOSSLESS_LOOKING, seconds)
        np.save(folder / f"{RECODED}.npy", decode(coded))
        for codec, strength in itertools.product(CODECS, strengths):
            damaged = decode(reencode(path, codec, strength, Path(scratch), seconds))
            np.save(folder / f"{variant_name(codec, strength)}.npy", damaged)
    (folder / "done.json").write_text(json.dumps({"frames": len(clean)}))
