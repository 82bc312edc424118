"""Labels that people gave: which are taken, and that stage 2 learns from them as much as they are given to count."""

import contextlib
import io
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import numpy as np
import torch

from aesrm_training import train as training
from aesrm_training.labels import NONE, OUTPUTS
from aesrm_training.logits import probabilities
from aesrm_training.rubric import CRITERIA, DIMENSIONS
from aesrm_training.people import People, make
from aesrm_training.train import Checkpoint, Nets, Stage, train
from tests.test_resume import made_up_groups

_STATISTICS = 180


def said_of_one_pair(winner: int) -> People:
    """A pair of clips of noise, and which of them somebody took overall: 0 the first, 2 the second."""
    labels = torch.full((1, OUTPUTS), NONE)
    labels[0, -1] = winner
    stats = np.random.default_rng(5).standard_normal((2, _STATISTICS), dtype=np.float32)
    return People(torch.from_numpy(stats), torch.tensor([[0, 1]]), labels)


def grey(name: str) -> int:
    """Of the clip with this name."""
    return sum(map(ord, name)) % 256


class Made(unittest.TestCase):
    """From a table of labels: which are taken, and of what."""

    ROWS = [("one.mp4", "two.mp4", "B", "visual_quality", "human_pair"), ("two.mp4", "one.mp4", "tie", "motion_quality", "human_rating"),
            ("one.mp4", "two.mp4", "A", "overall", "method_claim"), ("one.mp4", "held.mp4", "A", "overall", "human_pair"),
            ("one.mp4", "valid.mp4", "A", "overall", "human_pair")]

    def made(self, rows: list[tuple]) -> People | None:
        """What is made of these rows; a clip's only statistic is its grey."""
        clips = []
        for name in ("one.mp4", "two.mp4", "held.mp4", "valid.mp4"):
            pictures = np.full((3, 8, 8, 3), grey(name), np.uint8)
            clips.append(SimpleNamespace(name=name, trains=name in ("one.mp4", "two.mp4"), frames=lambda variant="clean", p=pictures: p))
        session = mock.MagicMock()
        session.__enter__.return_value.run.side_effect = lambda frames: {"stats": np.full((1, 1), frames[0, 0, 0, 0], np.float32)}
        with tempfile.TemporaryDirectory() as folder, mock.patch("aesrm_training.people.Session", return_value=session):
            table = ["a,b,preferred,aspect,label_kind", *map(",".join, rows)]
            (Path(folder) / "pairs.csv").write_text("\n".join(table), encoding="utf-8")
            return make(Path(folder), clips, Path(folder) / "extractor.onnx")

    def test_labels_of_people_on_training_clips_with_their_sides_and_outputs(self):
        people = self.made(self.ROWS)
        one, two = grey("one.mp4"), grey("two.mp4")
        self.assertEqual(people.stats[people.pairs].squeeze(-1).tolist(), [[one, two], [two, one]])
        known = [[(i, int(v)) for i, v in enumerate(row) if v != NONE] for row in people.labels]
        self.assertEqual(known, [[(len(CRITERIA) + DIMENSIONS.index("VF"), 2)], [(OUTPUTS - 1, 1)]])

    def test_none_where_nobody_gave_any(self):
        self.assertIsNone(self.made(self.ROWS[2:]))

    def test_another_label_has_another_key(self):
        self.assertEqual(said_of_one_pair(0).key(), said_of_one_pair(0).key())
        self.assertNotEqual(said_of_one_pair(0).key(), said_of_one_pair(2).key())


class ColdStart(unittest.TestCase):
    def trained(self, people: People) -> Nets:
        """Networks after the cold start, of groups of noise and of what people said."""
        groups = made_up_groups(26)
        groups.people = people
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
            return train(groups, 1, [Stage("cold start", 12, 1e-3)], Checkpoint(Path(folder) / "nets.pt", {"seed": 1}), lambda nets: {})

    def first_wins(self, nets: Nets) -> float:
        """The probability that the first clip of the pair is the better overall."""
        with torch.no_grad():
            encodings = nets.head(said_of_one_pair(0).stats)
            return float(probabilities(*nets.judge(encodings[:1], encodings[1:]))[0, -1, 0])

    def apart(self) -> float:
        """How much likelier the first clip wins where people took it than where they took the second."""
        first, second = (self.first_wins(self.trained(said_of_one_pair(winner))) for winner in (0, 2))
        return first - second

    def test_a_verdict_that_people_gave_is_learned_and_counts_by_its_weight(self):
        shipped = self.apart()
        self.assertGreater(shipped, 0)
        with mock.patch.object(training, "PEOPLE_WEIGHT", 1.0):
            self.assertGreater(self.apart(), shipped)
        with mock.patch.object(training, "PEOPLE_WEIGHT", 0.0):
            self.assertEqual(self.apart(), 0)


if __name__ == "__main__":
    unittest.main()
