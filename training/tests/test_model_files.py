"""The committed model: hashes, mirror symmetry, ties, odd sizes, goldens, lists."""

import hashlib
import json
import unittest

import numpy as np

from aesrm_training.evaluate import Runner
from aesrm_training.gates.section import kept_section
from aesrm_training.goldens import disagreement
from aesrm_training.paths import LISTS, REPO
from aesrm_training.rubric import CLAIMED, CRITERIA

MODEL = REPO / "models" / "compact"


class ModelFiles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.manifest = json.loads((MODEL / "manifest.json").read_text(encoding="utf-8"))
        cls.goldens = json.loads((MODEL / "goldens.json").read_text(encoding="utf-8"))
        cls.runner = Runner(MODEL)
        cls.addClassCleanup(cls.runner.close)

    def encodings(self, n: int, seed: int) -> np.ndarray:
        """Encodings about as large as real ones."""
        return (2 * np.random.default_rng(seed).standard_normal((n, self.manifest["encodingSize"]))).astype(np.float32)

    def test_hashes_and_sizes_match_the_manifest_and_the_card(self):
        total, card = 0, (MODEL / "MODEL_CARD.md").read_text(encoding="utf-8")
        for entry in self.manifest["files"].values():
            data = (MODEL / entry["path"]).read_bytes()
            total += len(data)
            self.assertEqual(entry["sha256"], hashlib.sha256(data).hexdigest())
            self.assertEqual(entry["bytes"], len(data))
            self.assertIn(entry["sha256"], card)
        self.assertLessEqual(total, 10_000_000)

    def test_the_card_says_of_the_gates_what_was_measured_for_these_files(self):
        text, card = kept_section(MODEL), (MODEL / "MODEL_CARD.md").read_text(encoding="utf-8")
        self.assertNotEqual(text, "", "gates.json is of other files")
        self.assertIn(text, card)

    def test_manifest_names_the_rubric_and_at_least_thirteen_claims(self):
        self.assertEqual(self.manifest["criteria"], CRITERIA)
        self.assertEqual(self.manifest["claimed"], CLAIMED)
        self.assertGreaterEqual(len(CLAIMED), 13)

    def test_swapping_the_sides_mirrors_the_verdict(self):
        for n in (1, 7, 300):
            a, b = self.encodings(n, 1), self.encodings(n, 2)
            p = self.runner.compare_all(a, b)
            self.assertLess(np.abs(p - self.runner.compare_all(b, a)[..., ::-1]).max(), 1e-6)
            self.assertLess(np.abs(p.sum(-1) - 1).max(), 1e-5)

    def test_a_clip_against_itself_ties_everywhere(self):
        a = self.encodings(50, 3)
        p = self.runner.compare_all(a, a)
        self.assertTrue((p.argmax(-1) == 1).all())
        np.testing.assert_array_equal(p[..., 0], p[..., 2])

    def test_any_plan_size_is_encoded(self):
        rng = np.random.default_rng(4)
        for h, w in ((8, 256), (256, 8), (8, 8), (10, 14), (146, 256)):
            code = self.runner.encode(rng.integers(0, 256, (24, h, w, 3), dtype=np.uint8))
            self.assertEqual(code.shape, (1, self.manifest["encodingSize"]))
            self.assertTrue(np.isfinite(code).all())

    def test_goldens_hold(self):
        self.assertLess(disagreement(MODEL, self.goldens), self.goldens["tolerance"])

    def test_no_clip_is_both_trained_on_and_held_out(self):
        train, held = ({line.split()[0] for line in (LISTS / f"{n}.txt").read_text(encoding="utf-8").splitlines()}
                       for n in ("train", "heldout"))
        self.assertFalse(train & held)
        self.assertGreaterEqual(len(held), 0.25 * (len(train) + len(held)))


if __name__ == "__main__":
    unittest.main()
