"""Every gate can be passed and can be failed: judges made for it on encodings made for it, and copies of real pictures."""

import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import numpy as np

from aesrm_training import clips as clips_module
from aesrm_training.clips import cache_clips, read_clips
from aesrm_training.degrade.ops import LUMA
from aesrm_training.degrade import UNSEEN_STRENGTHS, planned
from aesrm_training.gates import checks
from aesrm_training.gates.confidence import of_people
from aesrm_training.gates.copies import HARMLESS, HARMS, grey, harmful, harmless, letterboxed
from aesrm_training.gates.encodings import Encoded, encode_clip, encode_clips
from aesrm_training.gates.measures import frame_change, laplacian_variance, measure_frames
from aesrm_training.labels import OUTPUTS
from aesrm_training.plan import constant_rate_indices
from aesrm_training.rubric import CLAIMED, CRITERIA
from tests.miniature import make_clips

UNGATED = "sharpened by a fixed amount"


def judge_of(slope: float, bias: float = 0.0):
    """A judge of one-number encodings: the larger one is better, the surer the larger the gap; `bias` favours A."""

    def judge(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        gap = slope * (a - b)[:, 0] + bias
        scores = np.stack([gap, np.full(len(gap), 1.0), -gap], -1)
        p = np.exp(scores - scores.max(-1, keepdims=True))
        return np.repeat((p / p.sum(-1, keepdims=True))[:, None], OUTPUTS, 1)

    return judge


def made_up(count: int, harmed: float = -1.0, changed: float = 0.0) -> list[Encoded]:
    """Clips of one-number encodings: the clip at its number, degraded ones a step below, copies off by what is asked."""
    out = []
    for n in range(count):
        numbers = {("clean",): 0.0, ("near copy",): 0.0}
        numbers |= {("degraded", d.name, k): -1.0 for d, k in planned(n)}
        numbers |= {("unseen", d.name, k): -1.0 for d, k in planned(n, UNSEEN_STRENGTHS)}
        numbers |= {("harmful", h.name, k): harmed for h in HARMS for k in h.strengths}
        numbers |= {("harmless", name): changed for name in HARMLESS}
        out.append(Encoded(f"clip {n}", {v: np.array([n + x], np.float32) for v, x in numbers.items()}, 0.0, {}))
    return out


class GatesOnMadeUpEncodings(unittest.TestCase):
    def test_mirror_fails_for_a_judge_that_favours_a_side(self):
        clips = made_up(4)
        good = checks.mirror(judge_of(5), clips)
        self.assertTrue(good["passed"])
        self.assertEqual(good["pairs"], 6 + sum(1 + len(planned(n)) for n in range(4)))
        self.assertEqual(good["verdicts"], good["pairs"] * (len(CLAIMED) + 4))
        bad = checks.mirror(judge_of(5, bias=4), clips)
        self.assertFalse(bad["passed"])
        # near copies: equal encodings, and A wins from either side
        self.assertEqual(bad["changed"], 4 * (len(CLAIMED) + 4))

    def test_unseen_strengths_fail_for_a_judge_that_sees_nothing_or_prefers_the_damage_and_for_one_that_never_ties(self):
        clips = made_up(5)
        good = checks.unseen_strengths(judge_of(5), clips)
        self.assertTrue(good["passed"])
        self.assertEqual((good["mean"], good["ties"]["value"]), (1.0, 1.0))
        self.assertEqual({row["pairs"] for row in good["criteria"].values()}, {5 * len(UNSEEN_STRENGTHS)})
        self.assertEqual(checks.unseen_strengths(judge_of(-5), clips)["mean"], 0.0)
        self.assertFalse(checks.unseen_strengths(judge_of(0), clips)["passed"])
        self.assertFalse(checks.unseen_strengths(judge_of(5), made_up(5, changed=-1.0))["ties"]["value"] == 1.0)

    def test_calibration_fails_for_overconfidence_and_for_too_few_pairs(self):
        clips = made_up(50)
        sure = checks.calibration(judge_of(12), clips, 1)
        self.assertGreaterEqual(sure["outputs"]["overall"]["pairs"], checks.MIN_CALIBRATION_PAIRS)
        # the judge is right wherever it was sure; the 50 ties alone are at p(tie) = e / (e + 2)
        self.assertTrue(sure["passed"])
        wrong = checks.calibration(judge_of(-12), clips, 1)
        self.assertFalse(wrong["passed"])
        self.assertGreater(wrong["outputs"]["overall"]["error"], 0.9)
        self.assertFalse(checks.calibration(judge_of(12), clips[:4], 1)["passed"])

    def test_reliability_is_the_gap_between_said_and_seen(self):
        p = np.tile([0.8, 0.1, 0.1], (1500, 1))
        labels = np.tile([0, 0, 0, 0, 2], 300)
        even = checks.reliability(p, labels)
        self.assertEqual([b["pairs"] for b in even["bins"]], [100] * checks.BINS)
        self.assertAlmostEqual(even["error"], 0, places=6)
        self.assertAlmostEqual(checks.reliability(p, np.full(1500, 2))["error"], 0.8, places=6)

    def test_labels_of_criteria_a_degradation_leaves_open_do_not_count(self):
        out = checks.calibration(judge_of(5), made_up(3), 1)["outputs"]
        pairs = out["overall"]["pairs"]
        self.assertLess(out["criteria"]["pairs"], pairs * len(CLAIMED))
        self.assertGreater(out["criteria"]["pairs"], pairs)

    def test_behaviour_fails_where_copies_win_and_only_there(self):
        self.assertTrue(checks.behaviour(judge_of(5), made_up(10))["passed"])
        self.assertFalse(checks.behaviour(judge_of(5), made_up(10, harmed=1))["passed"])
        # two of ten clips: above a tenth
        some = checks.behaviour(judge_of(5), made_up(8) + made_up(2, harmed=1))
        self.assertEqual({c["passed"] for c in some["copies"]}, {False})
        self.assertEqual(some["copies"][0]["wins"]["overall"]["value"], 0.2)
        # an equal copy wins nothing
        self.assertEqual(checks.behaviour(judge_of(5), made_up(10, harmed=0))["copies"][0]["wins"]["overall"]["value"], 0)

    def test_a_copy_without_a_gate_fails_nothing(self):
        clips = made_up(10)
        for clip in clips:
            for version in clip.codes:
                if version[:2] == ("harmful", UNGATED):
                    clip.codes[version] = clip.codes["clean",] + 1
        found = checks.behaviour(judge_of(5), clips)
        self.assertEqual([(c["copy"], c["gated"]) for c in found["copies"] if not c["passed"]], [(UNGATED, False)])
        self.assertTrue(found["passed"])

    def test_a_copy_that_never_won_still_has_an_interval(self):
        ci = checks.behaviour(judge_of(5), made_up(10))["copies"][0]["wins"]["overall"]["ci"]
        self.assertEqual(ci, [0.0, round(1 - 0.025 ** 0.1, 4)])

    def test_only_harmed_dimensions_and_overall_count(self):
        def judge(a, b):
            p = judge_of(5)(a, b)
            p[:, len(CRITERIA)] = p[:, len(CRITERIA), ::-1]  # VA says the opposite
            return p

        passed = {c["copy"]: c["passed"] for c in checks.behaviour(judge, made_up(10))["copies"]}
        self.assertEqual({n for n, p in passed.items() if not p}, {h.name for h in HARMS if "VA" in h.harms})

    def test_robustness_fails_where_a_harmless_change_turns_the_winner(self):
        self.assertTrue(checks.robustness(judge_of(5), made_up(6))["passed"])
        turned = checks.robustness(judge_of(5), made_up(6, changed=-2))
        worse = [r for r in turned["rows"] if r["pairs"].startswith("a clip")]
        self.assertEqual({r["outputs"]["overall"]["share"] for r in worse}, {1.0})
        # both sides moved alike: nothing turns
        self.assertEqual({r["passed"] for r in turned["rows"] if "both" in r["pairs"]}, {True})

    def test_an_unsure_winner_may_change_and_no_sure_winner_is_no_pass(self):
        row = checks.robustness(judge_of(0.1), made_up(3, changed=-9))["rows"][0]
        self.assertEqual(row["outputs"]["overall"], {"pairs": 0, "changed": 0, "share": None})
        self.assertFalse(row["passed"])


class PeoplesPairs(unittest.TestCase):
    def test_confidence_stands_beside_how_often_it_is_right_by_aspect_and_ties_count(self):
        rows = ["a,b,preferred,aspect,label_kind,source,group",
                *(f"clip {a},clip {b},{wanted},{aspect},{kind},s,g" for a, b, wanted, aspect, kind in (
                    (3, 0, "A", "static_quality", "human_rating"), (0, 3, "A", "static_quality", "human_rating"),
                    (2, 2, "tie", "static_quality", "human_rating"), (3, 0, "A", "temporal_quality", "human_rating"),
                    (0, 3, "A", "static_quality", "method_claim"), (3, 9, "A", "static_quality", "human_rating")))]
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "pairs.csv").write_text("\n".join(rows), encoding="utf-8")
            found = of_people(judge_of(5), Path(folder), [SimpleNamespace(name=f"clip {n}") for n in range(10)], made_up(4))
        still, motion = found
        self.assertEqual((still["aspect"], still["output"], still["pairs"], still["ties"]), ("static_quality", "VF", 3, 1))
        self.assertAlmostEqual(still["right"], 2 / 3, 3)
        self.assertGreater(still["confidence"], 0.75)
        # every pair is a bin of its own: two are as sure as they are right, one is sure and wrong
        self.assertAlmostEqual(still["error"], (1 + 1 - np.e / (np.e + 2)) / 3, 3)
        self.assertEqual((motion["output"], motion["pairs"], motion["right"]), ("mean of VF and VP", 1, 1.0))


class Motion:
    """An encoder whose encoding is one number of the frames: how much they move."""

    judged = None

    def encode(self, frames: np.ndarray) -> np.ndarray:
        return np.array([[frame_change(frames.astype(np.float32) / 255 @ LUMA)]], np.float32)


class CopiesOfClips(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.root = Path(folder.name)
        cache = mock.patch.object(clips_module, "CACHE", cls.root / "cache")
        cache.start()
        cls.addClassCleanup(cache.stop)
        make_clips(cls.root)
        cls.clips = read_clips(cls.root)
        cls.held_out = [c for c in cls.clips if c.held_out]
        cache_clips(cls.root, cls.held_out)

    def test_a_judge_that_prefers_stillness_fails_on_the_frozen_copy_and_one_that_prefers_motion_does_not(self):
        encoded = [encode_clip(Motion(), c, self.root / c.name, i, 1) for i, c in enumerate(self.held_out)]
        frozen = {}
        for name, slope in (("still", -1e4), ("moving", 1e4)):
            copies = checks.behaviour(judge_of(slope), encoded)["copies"]
            frozen[name] = next(c for c in copies if c["copy"] == "frozen")
        self.assertEqual((frozen["still"]["passed"], frozen["still"]["wins"]["overall"]["value"]), (False, 1.0))
        self.assertEqual((frozen["moving"]["passed"], frozen["moving"]["wins"]["overall"]["value"]), (True, 0.0))

    def test_copies_do_what_their_names_say(self):
        clip = self.held_out[0]
        made = {h.name: harmful(clip, h, h.strengths[-1], 1) for h in HARMS}
        clean = harmless(clip, self.root / clip.name)["in another container"]
        before, after = measure_frames(clean), {n: measure_frames(f) for n, f in made.items()}
        self.assertTrue((made["frozen"] == made["frozen"][:1]).all())
        self.assertLess(after["slowed"]["change"], before["change"])
        self.assertLess(after["blurred"]["sharpness"], before["sharpness"])
        self.assertGreater(after["over-sharpened"]["sharpness"], before["sharpness"])
        self.assertGreater(after[UNGATED]["sharpness"], before["sharpness"])
        self.assertGreaterEqual(after["over-saturated"]["saturation"], before["saturation"])
        self.assertEqual(after["grey"]["saturation"], 0)
        self.assertEqual(made["letterboxed"][:, :8].max(), 0)
        self.assertEqual({f.shape[0] for f in made.values()}, {24})

    def test_harmless_copies_are_what_they_were(self):
        clip = self.held_out[0]
        made = harmless(clip, self.root / clip.name)
        self.assertEqual(tuple(made), HARMLESS)
        clean = harmful(clip, next(h for h in HARMS if h.name == "letterboxed"), 2, 1)[:, 60:-60].astype(float)
        np.testing.assert_array_equal(made["in another container"][:, 60:-60], clean)
        self.assertLess(np.abs(made["re-encoded"][:, 60:-60] - clean).mean(), 3)
        self.assertTrue((made["re-encoded"][:, 60:-60] != clean).any())
        # its first picture is one further on than the clip's own
        start = constant_rate_indices(len(clip.frames()) - 1)[0] + 1
        np.testing.assert_array_equal(made["shifted by one frame"][0], clip.frames()[start])

    def test_a_clip_that_training_may_see_is_refused(self):
        with self.assertRaisesRegex(ValueError, "in no table"):
            encode_clips(self.root, self.root, self.clips, 1, 1)


class Measures(unittest.TestCase):
    def test_grey_and_letterboxed(self):
        frames = np.random.default_rng(1).integers(1, 256, (2, 32, 16, 3), dtype=np.uint8)
        self.assertTrue((grey(frames) == grey(frames)[..., :1]).all())
        boxed = letterboxed(frames)
        self.assertEqual((boxed[:, :4].max(), boxed[:, -4:].max()), (0, 0))
        np.testing.assert_array_equal(boxed[:, 4:-4], frames[:, 4:-4])

    def test_change_and_sharpness_against_figures_by_hand(self):
        still = np.zeros((24, 5, 5), np.float32)
        self.assertEqual((frame_change(still), laplacian_variance(still)), (0, 0))
        steps = still + np.tile([0, 0.5, 0], 8)[:, None, None]
        self.assertAlmostEqual(frame_change(steps), 0.5, places=6)
        # cuts between bursts are no change inside one
        self.assertEqual(frame_change(still + np.repeat(np.arange(8) % 2, 3)[:, None, None]), 0)
        point = np.zeros((1, 5, 5))
        point[0, 2, 2] = 1
        self.assertAlmostEqual(laplacian_variance(point), np.var([0, 1, 0, 1, -4, 1, 0, 1, 0]))


if __name__ == "__main__":
    unittest.main()
