"""The whole chain in miniature, on clips made by ffmpeg: from decoding to the model card."""

import hashlib
import json
import shutil
import tempfile
import unittest
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import torch

from aesrm_training.atomic.describe import TOLD, TOLD_CLASSES, Describer
from aesrm_training.clips import read_clips
from aesrm_training.gates.copies import HARMS
from aesrm_training.goldens import TOLERANCE, disagreement, distance, golden_frames, write_goldens
from aesrm_training.jury import loaded
from aesrm_training.model import Encoder, Verdict
from aesrm_training.paths import REPO
from aesrm_training.rehearsal import CROPPED, LOOKS, make
from aesrm_training.session import Session
from aesrm_training.train import PEOPLE_WEIGHT
from tests.miniature import cache_in, make_clips, run

SHIPPED = REPO / "models" / "compact"


def contents(folder: Path) -> dict[str, str]:
    """The hash of every file under a folder."""
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()}


def operators(model: Path) -> Counter:
    """How often each operator stands in an ONNX file."""
    return Counter(f"{n.domain}:{n.op_type}" for n in onnx.load(model).graph.node)


class EndToEnd(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.root = Path(cls.folder.name)
        cls.model = cls.root / "model"
        make_clips(cls.root)
        cls.printed = run(cls.root, "make")
        saved = torch.load(cache_in(cls.root) / "nets.pt")
        cls.nets = loaded(saved["weights"], saved["statistics"], saved["members"])
        cls.describer = Describer(saved["statistics"])
        cls.describer.load_state_dict(torch.load(cache_in(cls.root) / "describer.pt")["weights"])
        cls.describer.eval()

    @property
    def size(self) -> int:
        """Numbers of an encoding."""
        return json.loads((self.model / "manifest.json").read_text(encoding="utf-8"))["encodingSize"]

    def test_an_encoding_ends_in_what_it_tells_of_the_clip_and_the_judge_does_not_read_that(self):
        concepts = json.loads((self.model / "manifest.json").read_text(encoding="utf-8"))["concepts"]
        self.assertEqual(concepts["from"] + TOLD, self.size)
        self.assertEqual([c["values"] for c in concepts["classes"]], [list(c.values) for c in TOLD_CLASSES])
        with Session(self.model / "encoder.onnx", 1) as e, Session(self.model / "judge.onnx", 1) as j:
            codes = [e.run(frames=golden_frames({"height": 60, "width": 100, "x": 3, "y": y, "f": 5, "c": 40}))["encoding"] for y in (1, 4)]
            at = concepts["from"]
            for c in concepts["classes"]:
                self.assertAlmostEqual(float(codes[0][0, at : at + len(c["values"])].sum()), 1.0, places=5)
                at += len(c["values"])
            other = np.concatenate([codes[1][:, : concepts["from"]], 9 + codes[1][:, concepts["from"]:]], 1)
            np.testing.assert_array_equal(j.run(a=codes[0], b=codes[1])["overall"], j.run(a=codes[0], b=other)["overall"])

    def test_every_stage_was_trained_and_the_model_is_whole(self):
        for stage in ("atomic", "cold start", "verdicts", "policy", "describe"):
            self.assertIn(f"{stage}: epoch 1/1", self.printed)
        self.assertEqual({p.name for p in self.model.iterdir()},
                         {"encoder.onnx", "judge.onnx", "goldens.json", "manifest.json", "gates.json", "MODEL_CARD.md"})

    def test_labels_that_people_gave_of_training_clips_alone_are_learned_from(self):
        record = torch.load(cache_in(self.root) / "nets.pt")["record"]
        self.assertEqual((record["people"], record["peopleWeight"]), (2, PEOPLE_WEIGHT))
        card = (self.model / "MODEL_CARD.md").read_text(encoding="utf-8")
        self.assertIn("2 labels that people gave\non training clips count in the stages before the policy, all together 2%", card)

    def test_what_stage_1s_weights_are_good_for_was_measured_on_a_network_of_this_run(self):
        record = torch.load(cache_in(self.root) / "nets.pt")["record"]
        random, learned = record["begun"]
        self.assertEqual([random["initial"], learned["initial"]], ["none", "atomic"])
        self.assertEqual(random["steps"], learned["steps"])
        twin, first = (torch.load(cache_in(self.root) / f"{name}.pt") for name in ("twin", "member-0"))
        self.assertEqual({**twin["key"], "initial": "none"}, first["key"])
        card = (self.model / "MODEL_CARD.md").read_text(encoding="utf-8")
        for begun in ("| begun with |", "| random weights |", "| the weights of stage 1 (atomic concepts) |"):
            self.assertIn(begun, card)

    def test_harmful_copies_are_rehearsed_on_validation_clips_once(self):
        rows = [line.strip("| ").split(" | ") for line in run(self.root, "rehearse").strip().splitlines()]
        self.assertEqual(rows[0], list(LOOKS))
        self.assertEqual([row[0] for row in rows[2:]], [*(harm.name for harm in HARMS), CROPPED])
        shares = [float(share) for row in rows[2:] for share in row[1:]]
        self.assertEqual(len(shares), (len(HARMS) + 1) * len(LOOKS))
        self.assertTrue(all(0 <= share <= 100 for share in shares))
        folder = cache_in(self.root) / "rehearsal"
        times = {p: p.stat().st_mtime_ns for p in folder.iterdir()}
        run(self.root, "rehearse")
        self.assertEqual({p: p.stat().st_mtime_ns for p in folder.iterdir()}, times)

    def test_a_rehearsal_refuses_a_held_out_clip(self):
        with self.assertRaisesRegex(ValueError, "validation sources"):
            make(self.root, read_clips(self.root), self.root / "none", 1, 1)

    def test_manifest_and_card_name_the_files_by_hash(self):
        manifest = json.loads((self.model / "manifest.json").read_text(encoding="utf-8"))
        card = (self.model / "MODEL_CARD.md").read_text(encoding="utf-8")
        for entry in manifest["files"].values():
            data = (self.model / entry["path"]).read_bytes()
            self.assertEqual((entry["sha256"], entry["bytes"]), (hashlib.sha256(data).hexdigest(), len(data)))
            self.assertIn(entry["sha256"], card)
        self.assertIn("held-out degradations", {row["set"] for row in manifest["agreement"]})
        self.assertEqual([row["pairs"] for row in manifest["agreement"] if row["set"] == "made up"], [1])

    def test_onnx_and_torch_say_the_same_of_a_clip(self):
        encoder, verdict = Encoder(self.nets.head, self.describer).eval(), Verdict(self.nets.judge).eval()
        frames = golden_frames({"height": 60, "width": 100, "x": 3, "y": 2, "f": 5, "c": 40}) // 2 + 64
        code = encoder(torch.from_numpy(frames)).detach()
        other = code + 2 * torch.randn(code.shape, generator=torch.Generator().manual_seed(1))
        wanted = [v.detach().numpy() for v in verdict(code, other)]
        with Session(self.model / "encoder.onnx", 1) as e, Session(self.model / "judge.onnx", 1) as j:
            self.assertLess(distance(e.run(frames=frames)["encoding"], code.numpy()), TOLERANCE)
            said = j.run(a=code.numpy(), b=other.numpy())
        for name, want in zip(("criteria", "dimensions", "overall"), wanted):
            self.assertLess(distance(said[name], want), TOLERANCE)

    def test_goldens_tell_this_model_from_another(self):
        goldens = json.loads((self.model / "goldens.json").read_text(encoding="utf-8"))
        self.assertLess(disagreement(self.model, goldens), TOLERANCE)
        self.assertGreater(disagreement(SHIPPED, goldens), 100 * TOLERANCE)

    def test_files_that_do_not_say_what_torch_says_are_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("encoder.onnx", "judge.onnx"):
                shutil.copy(SHIPPED / name, folder)
            with self.assertRaisesRegex(ValueError, "off torch"):
                write_goldens(self.nets, self.describer, Path(folder))
            self.assertFalse((Path(folder) / "goldens.json").exists())

    def test_swapping_the_sides_mirrors_the_verdict_to_the_last_bit(self):
        rng = np.random.default_rng(1)
        a, b = (2 * rng.standard_normal((200, self.size), dtype=np.float32) for _ in range(2))
        with Session(self.model / "judge.onnx", 1) as judge:
            forward, back = judge.run(a=a, b=b), judge.run(a=b, b=a)
        for name in forward:
            np.testing.assert_array_equal(forward[name], back[name][..., ::-1])

    def test_the_graphs_have_no_operator_that_the_shipped_ones_lack_and_hardly_more_nodes(self):
        for name in ("encoder.onnx", "judge.onnx"):
            mine, shipped = operators(self.model / name), operators(SHIPPED / name)
            self.assertLessEqual(set(mine), set(shipped), name)
            self.assertLessEqual(sum(mine.values()), 1.05 * sum(shipped.values()), name)

    def test_a_second_run_does_nothing_again(self):
        before = contents(cache_in(self.root) / "groups") | contents(self.model)
        times = {p: p.stat().st_mtime_ns for p in cache_in(self.root).rglob("*.np[yz]")}
        rows = {p: p.stat().st_mtime_ns for p in (cache_in(self.root) / "evaluation").rglob("*.json")}
        self.assertEqual(len(rows), 4)
        printed = run(self.root, "make")
        self.assertNotIn("epoch", printed)
        for p, then in (times | rows).items():
            self.assertEqual(p.stat().st_mtime_ns, then, p)
        # the manifest is written anew, and the card with the speeds measured anew
        after = contents(cache_in(self.root) / "groups") | contents(self.model)
        self.assertEqual({k for k in after if after[k] != before.get(k)}, {"MODEL_CARD.md"})


if __name__ == "__main__":
    unittest.main()
