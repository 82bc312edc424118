"""The card in short: it tells what the gates found, and no more."""

import json
import tempfile
import unittest
from pathlib import Path

from aesrm_training.gates.foreign import MODEL
from aesrm_training.gates.short import MANIFEST, keep_short, short_form


def copy(name: str, overall: float, passed: bool) -> dict:
    """How often a harmful copy wins, overall and (half as often) on fidelity."""
    wins = {"VF": {"value": overall / 2}, "overall": {"value": overall}}
    return {"copy": name, "harms": ["VF"], "gated": True, "wins": wins, "passed": passed}


def found(copies: list[dict], labels: list[dict], changes: list[dict] = []) -> dict:
    """What the sentences are made from."""
    return {"unseenStrengths": {"mean": 0.97, "criteria": {"a": {}, "b": {}}}, "behaviour": {"copies": copies}, "labels": labels,
            "robustness": {"rows": changes}}


def change(name: str, share: float, passed: bool) -> dict:
    """How many sure overall winners a harmless change changes."""
    return {"change": name, "outputs": {"overall": {"share": share}}, "passed": passed}


def labels(kind: str, value: float) -> dict:
    return {"labelKind": kind, "aspect": "static_quality", "source": "some/ratings", "judges": {MODEL: {"value": value, "pairs": 42}}}


class Short(unittest.TestCase):
    def test_copies_that_win_too_often_are_named_by_their_worst_verdict_the_worst_first(self):
        said = short_form(found([copy("frozen", 0.16, False), copy("slowed", 0.31, False), copy("grey", 0.02, True)], []))
        self.assertIn("share that wins: slowed 31%, frozen 16%.", said[-1])
        self.assertNotIn("grey", said[-1])

    def test_where_none_does_it_says_so(self):
        said = short_form(found([copy("frozen", 0.06, True)], []))
        self.assertIn("(frozen) none wins overall, or on the dimension that it harms, in more than 10%.", said[-1])

    def test_a_copy_without_a_gate_is_named_where_it_wins_often(self):
        ungated = {**copy("sharpened", 0.3, False), "gated": False}
        said = short_form(found([copy("frozen", 0.06, True), ungated], []))
        self.assertIn("in more than 10%. Copies that may be no worse win in more than 10%: sharpened 30%.", said[-1])
        self.assertIn("slowed 31%. Copies that may", short_form(found([copy("slowed", 0.31, False), ungated], []))[-1])
        self.assertNotIn("sharpened", short_form(found([copy("frozen", 0.06, True), {**copy("sharpened", 0.09, True), "gated": False}], []))[-1])

    def test_harmless_changes_are_spoken_of_where_they_change_too_many_winners(self):
        rows = [change("cropped", 0.021, False), change("cropped", 0.028, False), change("shifted", 0.014, True)]
        self.assertEqual(short_form(found([], [], rows))[-1],
                         "Changes that do no harm change more than 2% of its sure winners: cropped (2.8%).")
        self.assertEqual(short_form(found([], [], rows[2:])), short_form(found([], [])))
        self.assertEqual(short_form(found([], [], [{**rows[0], "outputs": {"overall": {"share": None}}}])), short_form(found([], [])))

    def test_people_are_told_apart_from_claims(self):
        said = " ".join(short_form(found([], [labels("human_rating_3_annotators", 0.52), labels("method_claim", 0.9)])))
        self.assertIn("52% on still quality (42 pairs of some/ratings)", said)
        self.assertNotIn("90%", said)
        self.assertEqual(len(short_form(found([], []))), 3)

    def test_a_measure_that_agrees_more_is_named(self):
        rated = labels("human_rating_3_annotators", 0.52)
        rated["judges"] |= {"always A": {"value": 0.5, "pairs": 42}, "sharpness": {"value": 0.71, "pairs": 42}}
        self.assertIn("(42 pairs of some/ratings; sharpness alone 71%)", " ".join(short_form(found([], [rated]))))
        rated["judges"]["sharpness"]["value"] = 0.4
        self.assertIn("(42 pairs of some/ratings)", " ".join(short_form(found([], [rated]))))

    def test_the_manifest_keeps_everything_else(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / MANIFEST
            path.write_text(json.dumps({"id": "compact", "short": ["old"]}), encoding="utf-8")
            keep_short(Path(folder), found([], []))
            manifest = json.loads(path.read_text(encoding="utf-8"))
        self.assertEqual(manifest["id"], "compact")
        self.assertEqual(manifest["short"], short_form(found([], [])))


if __name__ == "__main__":
    unittest.main()
