"""The whole chain on two synthetic clips made by ffmpeg: decode, groups, train, export."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from aesrm_training.paths import TRAINING

SOURCES = {"bars.mp4": "testsrc=size=160x96:rate=12:duration=2", "set.mp4": "mandelbrot=size=128x128:rate=12:end_pts=24"}


def make_clips(root: Path) -> None:
    """Two synthetic clips and their manifest.csv."""
    rows = ["file,model,prompt,width,height,frames,fps,source,commit,source_path,licence,note"]
    for name, source in SOURCES.items():
        subprocess.run(["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", source, "-frames:v", "24", "-pix_fmt", "yuv420p",
                        str(root / name)], check=True)
        rows.append(f"{name},synthetic,,,,,,synthetic,,,none,")
    (root / "manifest.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


class EndToEnd(unittest.TestCase):
    def test_trains_and_exports_from_synthetic_clips(self):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            make_clips(root)
            environment = {**os.environ, "AESRM_TRAINING_CACHE": str(root / "cache"), "PYTHONWARNINGS": "ignore"}
            for step in ("decode", "groups", "train", "export"):
                subprocess.run([sys.executable, "-m", "aesrm_training", step, "--clips", str(root), "--out", str(root / "model"),
                                "--lists", str(root / "lists"), "--groups", "4", "--epochs", "1"],
                               cwd=TRAINING, env=environment, check=True, capture_output=True)
            names = {p.name for p in (root / "model").iterdir()}
            self.assertEqual(names, {"encoder.onnx", "judge.onnx", "goldens.json", "manifest.json"})


if __name__ == "__main__":
    unittest.main()
