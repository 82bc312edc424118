"""Stage 1: samples are functions of their seed, masked labels do not count, training resumes to the same weights."""

import dataclasses
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import numpy as np
import torch

from aesrm_training import clips as clips_module
from aesrm_training.atomic import samples as made
from aesrm_training.atomic.concepts import CONCEPTS, DAMAGE_LEVEL, INDEX, OUTPUTS, difference, record
from aesrm_training.atomic.edits import EDITS
from aesrm_training.atomic.model import PLACES, AtomicNets, difference_losses, label_losses
from aesrm_training.atomic.report import difference_rows, label_rows, rank_correlation
from aesrm_training.atomic.step import collections
from aesrm_training.atomic.store import Samples
from aesrm_training.atomic.train import train
from aesrm_training.clips import Clip
from aesrm_training.paths import TRAINING
from aesrm_training.train import Checkpoint, Stage
from tests.miniature import make_clips
from tests.resuming import ResumingCase
from tests.test_plan_and_degradations import moving_picture

STAGES = [Stage("one", 2, 1e-3), Stage("two", 1, 1e-3)]


class WithClips(unittest.TestCase):
    """Two made-up clips in a cache of their own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        patch = mock.patch.object(clips_module, "CACHE", self.root)
        patch.start()
        self.addCleanup(patch.stop)
        self.clips = tuple(Clip(f"{i}.mp4", f"{i}" * 64, "made up", "made up", "none") for i in range(2))
        for i, clip in enumerate(self.clips):
            clip.folder.mkdir(parents=True)
            pictures = moving_picture(24, 144, 192)
            np.save(clip.folder / "clean.npy", 255 - pictures if i else pictures)


class SamplesOfSeeds(WithClips):
    def test_a_sample_is_a_function_of_seed_and_number(self):
        for sampler in (made.rendered, made.edited, made.still):
            with self.subTest(sampler.__name__):
                one, again, other = (sampler(5, number, self.clips) for number in (3, 3, 4))
                for name in ("frames", "labels", "difference"):
                    np.testing.assert_array_equal(getattr(one, name), getattr(again, name))
                self.assertFalse(np.array_equal(one.frames, other.frames))

    def test_an_edit_of_a_real_clip_knows_a_difference_and_nothing_absolute(self):
        for number in range(12):
            sample = made.edited(2, number, self.clips)
            edit = next(e for e in EDITS if e.name == sample.made)
            self.assertEqual(sample.frames.shape[:2], (2, 24))
            self.assertTrue(np.isnan(sample.labels).all())
            changed = [CONCEPTS[i].name for i in np.flatnonzero(np.nan_to_num(sample.difference))]
            self.assertEqual(changed, [edit.changes])
            self.assertFalse(np.array_equal(sample.frames[0], sample.frames[1]))

    def test_no_edit_claims_to_leave_alone_what_it_changes(self):
        for edit in EDITS:
            self.assertNotIn(edit.changes, edit.leaves, edit.name)
            done = np.nan_to_num(difference(edit.difference(1.0)))
            self.assertEqual(np.flatnonzero(done).tolist(), [INDEX[edit.changes]])
        self.assertLessEqual(set(DAMAGE_LEVEL), {e.name for e in EDITS})

    def test_a_still_knows_its_camera_and_a_static_one_stands_still(self):
        seen = set()
        for number in range(24):
            sample = made.still(6, number, self.clips)
            move = CONCEPTS[INDEX["camera_move"]].values[int(sample.labels[0, INDEX["camera_move"]])]
            cut = sample.labels[0, INDEX["cut"]] == 1
            moved = int(np.abs(np.diff(sample.frames[0].astype(int), axis=0)).max()) > 0
            seen.add((move, cut))
            self.assertEqual(moved, move != "static" or cut, (number, move, cut))
            self.assertTrue(np.isnan(sample.labels[0, INDEX["composition"]]))
        self.assertTrue({("static", False), ("static", True), ("pan", False)} <= seen)

    def test_a_rendered_scene_without_damage_says_so_and_a_damaged_one_has_its_level(self):
        kinds = set()
        for number in range(30):
            labels = made.rendered(8, number).labels[0]
            kind = labels[INDEX["damage"]]
            if np.isnan(kind):
                self.assertEqual(labels[INDEX["cut"]], 1)
                continue
            name = CONCEPTS[INDEX["damage"]].values[int(kind)]
            kinds.add(name)
            levels = {level: labels[INDEX[level]] for level in DAMAGE_LEVEL.values()}
            raised = {level for level, value in levels.items() if value > 0}
            self.assertEqual(raised, {DAMAGE_LEVEL[name]} if name in DAMAGE_LEVEL else set())
        self.assertGreater(len(kinds), 4)

    def test_held_out_clips_are_in_no_training_set_and_training_clips_in_no_held_out_one(self):
        held = dataclasses.replace(self.clips[1], source=sorted(clips_module.HELD_OUT_SOURCES)[0])
        sets = collections([self.clips[0], held], 1)
        self.assertEqual([c.name for c in sets["training"].clips], ["0.mp4"])
        self.assertEqual([c.name for c in sets["held-out sources"].clips], ["1.mp4"])
        self.assertEqual(sets["held-out seeds"].clips, ())
        self.assertEqual(len({c.seed for c in sets.values()}), 3)


class Records(unittest.TestCase):
    def test_names_that_are_not_concepts_or_values_are_refused(self):
        with self.assertRaises(KeyError):
            record({"beauty": 1.0})
        with self.assertRaises(ValueError):
            record({"composition": "accidental"})
        with self.assertRaises(ValueError):
            difference({"composition": 1.0})


class Masking(unittest.TestCase):
    def setUp(self):
        self.outputs = torch.randn(6, OUTPUTS, generator=torch.Generator().manual_seed(1), requires_grad=True)
        rows = [record({"composition": "thirds", "pan": 0.5})] * 3 + [record({"blur": 2.0})] * 3
        self.labels = torch.from_numpy(np.stack(rows))

    def test_what_is_not_known_leaves_the_loss_and_its_gradient_untouched(self):
        torch.stack(label_losses(self.outputs, self.labels)).sum().backward()
        touched = torch.zeros(6, OUTPUTS, dtype=torch.bool)
        for name, rows in (("composition", slice(0, 3)), ("pan", slice(0, 3)), ("blur", slice(3, 6))):
            touched[rows, PLACES[INDEX[name]]] = True
        self.assertTrue((self.outputs.grad[~touched] == 0).all())
        self.assertTrue((self.outputs.grad[touched] != 0).all())

    def test_the_loss_is_as_if_the_unknown_were_not_there(self):
        (whole,) = label_losses(self.outputs, torch.from_numpy(np.stack([record({"pan": 1.0}), *[record({})] * 5])))
        (alone,) = label_losses(self.outputs[:1], torch.from_numpy(record({"pan": 1.0})[None]))
        self.assertEqual(whole.item(), alone.item())

    def test_a_difference_counts_by_its_sign_and_none_by_its_size(self):
        def of(seen: float, done: dict[str, float]) -> float:
            more = torch.zeros(1, OUTPUTS)
            more[0, PLACES[INDEX["noise"]]] = seen
            return float(sum(difference_losses(more, torch.from_numpy(difference(done)[None]))))

        self.assertLess(of(1.0, {"noise": 2.0}), of(-1.0, {"noise": 2.0}))
        self.assertEqual(of(1.0, {"noise": 0.0}), of(-1.0, {"noise": 0.0}))
        self.assertLess(of(0.1, {"noise": 0.0}), of(1.0, {"noise": 0.0}))
        self.assertEqual(of(1.0, {}), 0.0)


class Report(unittest.TestCase):
    def test_rank_correlation_counts_equal_values_as_equal(self):
        self.assertAlmostEqual(rank_correlation(np.array([1.0, 1, 2, 3]), np.array([5.0, 5, 6, 70])), 1.0)
        self.assertAlmostEqual(rank_correlation(np.array([1.0, 2, 3]), np.array([3.0, 2, 1])), -1.0)
        self.assertTrue(np.isnan(rank_correlation(np.ones(4), np.arange(4.0))))

    def test_a_perfect_answer_is_perfect_and_chance_is_the_most_frequent_class(self):
        labels = np.stack([record({"light_key": "low" if i < 9 else "high", "pan": float(i)}) for i in range(12)])
        outputs = np.zeros((12, OUTPUTS))
        outputs[:9, PLACES[INDEX["light_key"]].start] = 1
        outputs[9:, PLACES[INDEX["light_key"]].start + 1] = 1
        outputs[:, PLACES[INDEX["pan"]].start] = np.arange(12)
        key, pan = label_rows(outputs, labels)
        self.assertEqual((key["value"], key["chance"], key["n"]), (1.0, 0.75, 12))
        self.assertAlmostEqual(pan["value"], 1.0)
        sign, order = difference_rows(-outputs, np.stack([difference({"pan": float(i + 1)}) for i in range(12)]))
        self.assertEqual((sign["value"], sign["chance"]), (0.0, 0.5))
        self.assertAlmostEqual(order["value"], -1.0)


def noise_samples(count: int = 60, statistics: int = 180) -> Samples:
    """Samples of noise, some of one version and some of two."""
    rng, out = np.random.default_rng(3), Samples()
    for i in range(count):
        versions = 1 + i % 2
        out.stats.append(torch.from_numpy(rng.standard_normal((versions, statistics), dtype=np.float32)))
        known = {} if versions == 2 else {"pan": float(rng.normal()), "cut": "none"}
        out.labels.append(torch.from_numpy(np.stack([record(known)] * versions)))
        out.differences.append(torch.from_numpy(difference({"blur": 1.0, "pan": 0.0} if versions == 2 else {})))
    return out


class Resume(ResumingCase):
    def train(self, checkpoint: Checkpoint) -> AtomicNets:
        return train(noise_samples(), 1, STAGES, checkpoint)

    def test_goes_on_behind_the_first_stage_and_ends_the_same(self):
        self.assert_resumes_behind(1)


class Command(unittest.TestCase):
    def test_the_step_runs_in_miniature_and_a_second_time_makes_nothing_again(self):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            make_clips(root)
            environment = {**os.environ, "AESRM_TRAINING_CACHE": str(root / "cache"), "PYTHONWARNINGS": "ignore"}
            arguments = [sys.executable, "-u", "-m", "aesrm_training", "atomic", "--clips", str(root)]
            arguments += ["--samples", "60", "--epochs", "1"]
            first, second = (subprocess.run(arguments, cwd=TRAINING, env=environment, capture_output=True, text=True)
                             for _ in range(2))
            self.assertEqual((first.returncode, second.returncode), (0, 0), first.stderr + second.stderr)
            self.assertIn("60 training samples, 12 held-out seeds samples, 12 held-out sources samples", first.stdout)
            self.assertIn("atomic: epoch 1/1", first.stdout)
            self.assertNotIn("epoch", second.stdout)
            reports = [run.stdout[run.stdout.index("held-out seeds\n"):] for run in (first, second)]
            self.assertEqual(*reports)


if __name__ == "__main__":
    unittest.main()
