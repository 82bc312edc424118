"""The card's section on mistakes: what counts as one, and which are shown."""

import unittest

import numpy as np

from aesrm_training.clips import Clip
from aesrm_training.labels import OUTPUTS
from aesrm_training.wrong import EXAMPLES, OF_A_KIND, of_damage, of_people, section

CLIPS = [Clip(f"c{i}.mp4", f"hash{i}", "a source", f"maker {i % 2}", "none") for i in range(20)]


def row(clip: int, damage: str, wins: float) -> dict:
    """What was said of a clip (A) beside its damaged version, which wins overall with this probability."""
    p = np.full((OUTPUTS, 3), 1 / 3)
    p[-1] = 1 - wins, 0.0, wins
    return {"clip": f"hash{clip}", "degradation": damage, "strength": 2, "p": p}


def said(group: str, p: tuple[float, float, float], preferred: str, kind: str = "human_rating") -> dict:
    """What was said of a label."""
    return {"a": "a.mp4", "b": "b.mp4", "group": group, "p": p, "preferred": preferred, "labelKind": kind,
            "aspect": "overall", "output": "overall", "source": "a source"}


class Wrong(unittest.TestCase):
    def test_a_mistake_is_the_damaged_side_with_the_larger_probability_and_the_surest_come_first(self):
        found = of_damage([row(0, "blur", 0.6), row(1, "halo", 0.9), row(2, "cast", 0.4), row(3, "near_copy", 0.9)], CLIPS)
        self.assertEqual([(e["clip"], e["damage"], e["strength"]) for e in found["examples"]],
                         [("c1.mp4", "halo", "strong"), ("c0.mp4", "blur", "strong")])
        self.assertEqual(found["kinds"], [("blur", 1.0, 1), ("halo", 1.0, 1), ("cast", 0.0, 1)])
        self.assertEqual(found["generators"], [("maker 1", 1.0, 1), ("maker 0", 0.5, 2)])

    def test_one_clip_and_one_kind_do_not_fill_the_table(self):
        same_clip = [row(0, d, 0.9) for d in ("blur", "halo", "cast")]
        same_kind = [row(i, "grain", 0.8) for i in range(1, 10)]
        others = [row(10 + i, d, 0.7) for i, d in enumerate(("tilt", "bars", "lens", "warp", "boil", "swim", "shake", "emptied"))]
        shown = of_damage(same_clip + same_kind + others, CLIPS)["examples"]
        self.assertEqual(len(shown), EXAMPLES)
        self.assertEqual(len({e["clip"] for e in shown}), EXAMPLES)
        self.assertEqual(sum(e["damage"] == "grain" for e in shown), OF_A_KIND)

    def test_of_people_only_labels_that_were_contradicted(self):
        rows = [said("1", (0.1, 0.1, 0.8), "A"), said("1", (0.3, 0.1, 0.6), "A"), said("2", (0.7, 0.1, 0.2), "B"),
                said("3", (0.7, 0.1, 0.2), "A"),
                said("5", (0.1, 0.1, 0.8), "A", kind="method_claim")]
        self.assertEqual([(r["group"], r["preferred"]) for r in of_people(rows)], [("1", "A"), ("2", "B")])

    def test_the_section_shows_what_was_found_and_leaves_out_what_was_not(self):
        damage = of_damage([row(1, "halo", 0.9)], CLIPS)
        text = section(damage, of_people([said("1", (0.1, 0.1, 0.8), "A")]))
        self.assertIn("| c1.mp4 | halo, strong | vf.sharpness | 0.10 | 0.00 | 0.90 |", text)
        self.assertIn("| a.mp4 | b.mp4 | overall (overall) | A | 0.10 | 0.10 | 0.80 |", text)
        self.assertNotIn("disagreements with people", section(damage, []))


if __name__ == "__main__":
    unittest.main()
