"""The gates' baselines, and the step on the command line: the shipped files through the product's ONNX Runtime."""

import json
import shutil
import tempfile
import unittest
from pathlib import Path

import numpy as np

from aesrm_training.gates.baselines import leave_one_source_out, logistic, measured
from aesrm_training.gates.encodings import model_hashes
from aesrm_training.gates.section import GATES_FILE, TITLE, kept_section, section, with_section
from aesrm_training.gates.shares import against, share
from aesrm_training.paths import REPO
from tests.miniature import cache_in, make_clips, run

SHIPPED = REPO / "models" / "compact"


def labelled(source: str, count: int, sharper_wins: bool) -> tuple[list[dict], dict]:
    """Pairs of a source whose label follows sharpness, or its opposite; sides in turn; and the clips' measures."""
    rng, pairs, measures = np.random.default_rng(len(source)), [], {}
    for n in range(count):
        names = [f"{source} {n} {side}" for side in "ab"]
        for i, name in enumerate(names):
            sharp = float((n + i) % 2)
            measures[name] = {"sharpness": sharp, "change": rng.normal(), "size": 1.0, "length": 1.0}
        first_sharper = measures[names[0]]["sharpness"] > measures[names[1]]["sharpness"]
        pairs.append({"a": names[0], "b": names[1], "source": source, "preferred": "A" if first_sharper == sharper_wins else "B"})
    return pairs, measures


class Baselines(unittest.TestCase):
    def test_regression_is_told_nothing_of_the_source_it_is_measured_on(self):
        (p, m), (q, n) = labelled("one", 40, True), labelled("other", 40, False)
        scores = leave_one_source_out(p + q, m | n)
        wanted = np.array([1 if r["preferred"] == "A" else -1 for r in p + q])
        # what one source teaches is wrong for the other: every pair is missed, where its own labels would get all right
        self.assertEqual(float((np.sign(scores) == wanted).mean()), 0.0)
        self.assertTrue(np.isnan(leave_one_source_out(p, m)).all())

    def test_regression_finds_what_the_other_sources_agree_on(self):
        (p, m), (q, n) = labelled("one", 40, True), labelled("other", 40, True)
        wanted = np.array([1 if r["preferred"] == "A" else -1 for r in p + q])
        self.assertGreater(float((np.sign(leave_one_source_out(p + q, m | n)) == wanted).mean()), 0.9)

    def test_logistic_is_where_its_gradient_is_zero(self):
        rng = np.random.default_rng(2)
        x, y = rng.normal(size=(50, 3)), rng.integers(0, 2, 50).astype(float)
        w = logistic(x, y)
        np.testing.assert_allclose(x.T @ (1 / (1 + np.exp(-x @ w)) - y) + w, 0, atol=1e-6)

    def test_swapped_sides_give_the_opposite(self):
        (p, m), (q, n) = labelled("one", 20, True), labelled("other", 20, True)
        other = {"A": "B", "B": "A"}
        swapped = [{**r, "a": r["b"], "b": r["a"], "preferred": other[r["preferred"]]} for r in p + q]
        np.testing.assert_allclose(leave_one_source_out(p + q, m | n), -leave_one_source_out(swapped, m | n), atol=1e-9)
        for name, scores in measured(p, m).items():
            if name != "always A":
                np.testing.assert_array_equal(scores, -measured(swapped[: len(p)], m)[name])

    def test_each_measure_points_the_way_its_name_says(self):
        low, high = ({"size": v, "length": v, "sharpness": v, "change": v} for v in (0.0, 1.0))
        said = measured([{"a": "high", "b": "low"}], {"high": high, "low": low})
        self.assertEqual({n: float(np.sign(s[0])) for n, s in said.items()},
                         {"always A": 1, "resolution and length": 1, "Laplacian sharpness": 1, "less frame-to-frame change": -1})

    def test_chance_is_told_from_better_worse_and_too_few(self):
        groups = [str(i // 2) for i in range(40)]
        for hits, wanted in ((np.ones(40), "above"), (np.zeros(40), "below"), (np.arange(40) % 2.0, "not distinguishable")):
            self.assertEqual(against(share(hits, groups), 0.5), wanted)
        self.assertEqual(against(share(np.ones(40), ["one"] * 40), 0.5), "too few")


class Section(unittest.TestCase):
    def test_takes_the_place_of_its_old_self_and_leaves_the_rest(self):
        card = "# Card\n\ntext\n"
        one = with_section(card, f"{TITLE}\n\nfirst\n")
        self.assertEqual(one, f"# Card\n\ntext\n\n{TITLE}\n\nfirst\n")
        self.assertEqual(with_section(one + "\n## After\n\nend\n", f"{TITLE}\n\n### Part\n\nsecond\n"),
                         f"# Card\n\ntext\n\n{TITLE}\n\n### Part\n\nsecond\n\n## After\n\nend\n")
        self.assertEqual(with_section("", f"{TITLE}\n"), f"{TITLE}\n")
        self.assertEqual(with_section(card, ""), card)


class Step(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.root = Path(folder.name)
        cls.model = cls.root / "model"
        make_clips(cls.root)
        shutil.copytree(SHIPPED, cls.model)
        cls.printed = run(cls.root, "gates")
        cls.found = json.loads((cls.model / GATES_FILE).read_text(encoding="utf-8"))

    def test_every_gate_has_a_verdict_and_the_model_is_named(self):
        self.assertEqual(self.found["model"], model_hashes(SHIPPED))
        self.assertEqual(self.found["clips"], 4)
        self.assertEqual(sum(self.found["sources"].values()), 4)
        self.assertTrue(self.found["mirror"]["passed"])
        self.assertEqual(self.found["mirror"]["changed"], 0)
        # four clips are too few pairs
        self.assertFalse(self.found["calibration"]["passed"])
        for name in ("behaviour", "robustness"):
            self.assertIn(self.found[name]["passed"], (True, False))
        same = [r["outputs"]["overall"] for r in self.found["robustness"]["rows"] if r["change"] == "in another container"]
        self.assertEqual({o["changed"] for o in same}, {0})

    def test_labels_stand_beside_their_baselines(self):
        (labels,) = self.found["labels"]
        self.assertEqual((labels["source"], labels["pairs"]), ("made up", 1))
        self.assertEqual(labels["judges"]["always A"]["value"], 1.0)
        # there is no other source to learn from
        self.assertEqual(set(labels["judges"]), {"this model", "smaller embedding step", "always A", "resolution and length",
                                                 "Laplacian sharpness", "less frame-to-frame change"})
        self.assertEqual({j["chance"] for j in labels["judges"].values()}, {"too few"})

    def test_the_card_gains_the_section_that_the_file_gives_and_keeps_the_rest(self):
        text, card = section(self.found), (self.model / "MODEL_CARD.md").read_text(encoding="utf-8")
        self.assertIn(text.strip(), self.printed)
        self.assertEqual(card, with_section((SHIPPED / "MODEL_CARD.md").read_text(encoding="utf-8"), text))
        self.assertEqual(kept_section(self.model), text)

    def test_another_model_does_not_take_over_the_section(self):
        other = self.root / "other"
        other.mkdir()
        for name in ("encoder.onnx", GATES_FILE):
            shutil.copy(self.model / name, other)
        shutil.copy(self.model / "encoder.onnx", other / "judge.onnx")
        self.assertEqual(kept_section(other), "")

    def test_a_clip_that_is_missing_is_encoded_and_the_others_are_not_again(self):
        kept = sorted((cache_in(self.root) / "gates").rglob("*.npz"))
        self.assertEqual(len(kept), 4)
        kept[0].unlink()
        times = {p: p.stat().st_mtime_ns for p in kept[1:]}
        before = (self.model / GATES_FILE).read_bytes()
        run(self.root, "gates")
        self.assertTrue(kept[0].exists())
        self.assertEqual({p: p.stat().st_mtime_ns for p in kept[1:]}, times)
        self.assertEqual((self.model / GATES_FILE).read_bytes(), before)


if __name__ == "__main__":
    unittest.main()
