"""The cache of decoded clips."""

import subprocess
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import numpy as np

from aesrm_training import decode
from aesrm_training.paths import FFMPEG
from aesrm_training.plan import PLAN


class Cached(unittest.TestCase):
    def test_a_clip_is_decoded_once_and_anew_for_another_filter(self):
        with tempfile.TemporaryDirectory() as folder:
            path, cache = Path(folder) / "clip.mkv", Path(folder) / "cache"
            subprocess.run([FFMPEG, "-loglevel", "error", "-f", "lavfi", "-i", "testsrc2=s=64x48:r=8:d=0.5", "-c:v", "ffv1", str(path)], check=True)
            decode.cache_clip(path, cache, ())
            first = (cache / "clean.npy").stat().st_mtime_ns
            decode.cache_clip(path, cache, ())
            self.assertEqual((cache / "clean.npy").stat().st_mtime_ns, first)
            with mock.patch.dict(decode.PLAN, filter=f"{PLAN['filter']},negate"):
                decode.cache_clip(path, cache, ())
            self.assertNotEqual((cache / "clean.npy").stat().st_mtime_ns, first)
            self.assertLess(abs(float(np.load(cache / "clean.npy").mean()) - (255 - float(decode.decode(path).mean()))), 3)


if __name__ == "__main__":
    unittest.main()
