"""What networks are trained on: how it is chosen, and that nothing is forgotten on the CPU when it is a GPU."""

import contextlib
import io
import json
import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import numpy as np
import torch

from aesrm_training import jury, kinship, validation
from aesrm_training.__main__ import main
from aesrm_training.atomic import describe
from aesrm_training.atomic.train import train as train_atomic
from aesrm_training.card import stage_table, trained_on
from aesrm_training.dataset import MADE_FROM
from aesrm_training.device import CPU, VARIABLE, choose, moved
from aesrm_training.labels import NONE, OUTPUTS
from aesrm_training.model import Dropout
from aesrm_training.people import People
from aesrm_training.train import Checkpoint, Groups, Nets, train
from tests.pretended import DEVICE, Pretending, WrongDevice
from tests.resuming import Killed, KilledAfter
from tests.test_atomic_learning import STAGES as ATOMIC_STAGES
from tests.test_atomic_learning import noise_samples
from tests.test_resume import STAGES, made_up_groups
from tests.test_validation import made_up as made_up_validation

_STATISTICS = 180


def labelled_groups() -> Groups:
    """Groups of noise, and what made-up people said of other clips."""
    groups, rng = made_up_groups(26), np.random.default_rng(5)
    labels = torch.full((3, OUTPUTS), NONE)
    labels[:, -1] = torch.tensor([0, 2, 1])
    stats = torch.from_numpy(rng.standard_normal((4, _STATISTICS), dtype=np.float32))
    groups.people = People(stats, torch.tensor([[0, 1], [2, 3], [1, 3]]), labels)
    return groups


class Chosen(unittest.TestCase):
    def said_without_cuda(self, *arguments: str) -> tuple[int, str]:
        """The exit code and the message of a command where torch finds no GPU."""
        told = io.StringIO()
        with mock.patch("torch.cuda.is_available", return_value=False), contextlib.redirect_stderr(told):
            with self.assertRaises(SystemExit) as ended:
                main(["train", "--clips", "/no/such/folder", *arguments])
        return ended.exception.code, told.getvalue()

    def test_cuda_that_is_not_there_is_an_error_in_plain_words_before_anything_is_done(self):
        code, told = self.said_without_cuda("--device", "cuda")
        self.assertEqual(code, 2)
        self.assertIn("CUDA was asked for", told)
        self.assertIn("--device cpu or auto", told)
        with mock.patch.dict(os.environ, {VARIABLE: "cuda"}):
            self.assertEqual(self.said_without_cuda(), (code, told))

    def test_a_name_of_no_device_in_the_environment_is_an_error_that_names_it(self):
        with mock.patch.dict(os.environ, {VARIABLE: "gpu"}):
            code, told = self.said_without_cuda()
        self.assertEqual(code, 2)
        self.assertIn(f"'gpu' is no device to train on: --device and {VARIABLE}", told)

    def test_auto_is_the_gpu_where_there_is_one_and_it_computes_in_one_order(self):
        was = torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark, torch.backends.cudnn.allow_tf32
        try:
            for there, wanted, name in ((False, "cpu", "auto"), (True, "cpu", "cpu"), (True, "cuda", "auto"), (True, "cuda", "cuda")):
                with mock.patch("torch.cuda.is_available", return_value=there), mock.patch.dict(os.environ):
                    self.assertEqual(choose(name), torch.device(wanted))
                    self.assertEqual(torch.are_deterministic_algorithms_enabled(), wanted == "cuda")
                    if wanted == "cuda":
                        self.assertTrue(torch.is_deterministic_algorithms_warn_only_enabled())
                        self.assertIn("CUBLAS_WORKSPACE_CONFIG", os.environ)
                torch.use_deterministic_algorithms(False)
        finally:
            torch.use_deterministic_algorithms(False)
            torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark, torch.backends.cudnn.allow_tf32 = was

    def test_the_card_says_what_it_was(self):
        self.assertEqual([trained_on({"devices": d}) for d in (["cpu"], ["cuda"], ["cpu", "cuda"])],
                         ["on a CPU", "on a GPU (CUDA)", "on a CPU and on a GPU (CUDA)"])


class ThePretendedDevice(unittest.TestCase):
    """That it refuses what a GPU refuses: without that, the tests below would show nothing."""

    def setUp(self):
        mode = Pretending()
        mode.__enter__()
        self.addCleanup(mode.__exit__, None, None, None)
        self.here = torch.arange(6.0).reshape(2, 3)
        self.there = self.here.to(DEVICE)

    def test_two_devices_in_one_operation_are_refused(self):
        here, there = self.here, self.there
        for name, wrong in {
            "sum": lambda: here + there, "product": lambda: there @ here.T, "cat": lambda: torch.cat([here, there]),
            "where": lambda: torch.where(there > 1, there, torch.zeros(())), "in place": lambda: here.mul_(there),
            "mask": lambda: here[there > 1], "gather": lambda: there.gather(1, torch.zeros(2, 1, dtype=torch.long)),
        }.items():
            with self.subTest(name), self.assertRaises(WrongDevice):
                wrong()
        with self.assertRaises((TypeError, RuntimeError)):
            there.numpy()

    def test_drawing_there_is_refused(self):
        for name, wrong in {
            "dropout": lambda: torch.nn.functional.dropout(self.there, 0.5), "made there": lambda: torch.rand(3, device=DEVICE),
            "generator": lambda: torch.multinomial(self.there + 1, 1, generator=torch.Generator()),
        }.items():
            with self.subTest(name), self.assertRaises(WrongDevice):
                wrong()

    def test_what_a_gpu_takes_is_taken_and_gives_the_same(self):
        weight = torch.ones(3, requires_grad=True)
        (self.there[torch.tensor([0, 0, 1])] * weight.to(DEVICE) * torch.tensor(2.0)).sum().backward()
        self.assertEqual(weight.grad.tolist(), [6.0, 12.0, 18.0])
        self.assertEqual(self.there.cpu().tolist(), self.here.tolist())


class TheSameThere(unittest.TestCase):
    """Whole trainings on a device where a tensor that is left behind is an error, to the CPU's weights."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def assert_same(self, trained) -> None:
        """`trained`, called with a device and a checkpoint, gives the same weights on both, and keeps them on the CPU."""
        mode, kept = Pretending(), []
        with contextlib.redirect_stdout(io.StringIO()):
            for name, device, time in (("here", CPU, contextlib.nullcontext()), ("there", DEVICE, mode)):
                checkpoint = Checkpoint(self.root / f"{name}.pt", {"seed": 1})
                with time:
                    kept.append(trained(device, checkpoint).state_dict())
                if checkpoint.path.exists():
                    kept.append(torch.load(checkpoint.path)["weights"])
        self.assertGreater(mode.used, 1000)
        for weights in kept[1:]:
            self.assert_equal(kept[0], weights)

    def assert_equal(self, wanted: dict, got: dict) -> None:
        """The same weights, on the CPU."""
        self.assertEqual(list(wanted), list(got))
        for name, value in wanted.items():
            self.assertIs(type(got[name]), torch.Tensor, name)
            self.assertTrue(torch.equal(value, got[name]), name)

    def test_the_cold_start_the_verdicts_and_the_policy(self):
        groups, found = labelled_groups(), made_up_validation()
        self.assert_same(lambda device, checkpoint: train(
            groups, 1, STAGES, checkpoint, lambda nets: validation.measured(moved(nets, CPU), found), None, device))

    def test_stage_1(self):
        samples = noise_samples()
        self.assert_same(lambda device, checkpoint: train_atomic(samples, 1, ATOMIC_STAGES, checkpoint, device))

    def test_the_describer(self):
        torch.manual_seed(2)
        nets, samples = Nets(_STATISTICS, 2).eval(), noise_samples()
        self.assert_same(lambda device, _: describe.fit(nets, samples, 1, 2, device))

    def test_what_was_begun_there_goes_on_here(self):
        groups, measured = labelled_groups(), lambda nets: dict.fromkeys(
            ("criteria", "overall", "harmlessTies", "foolingWins", "changedWinners"), 0.5)
        path = self.root / "begun.pt"
        with contextlib.redirect_stdout(io.StringIO()):
            whole = train(groups, 1, STAGES, Checkpoint(self.root / "whole.pt", {"seed": 1}), measured)
            with Pretending(), self.assertRaises(Killed):
                train(groups, 1, STAGES, KilledAfter(path, {"seed": 1}, 1), measured, None, DEVICE)
            resumed = train(groups, 1, STAGES, Checkpoint(path, {"seed": 1}), measured)
        self.assert_equal(whole.state_dict(), resumed.state_dict())
        self.assertEqual([s["device"] for s in torch.load(path)["stages"]], [DEVICE.type, "cpu", "cpu"])

    def jury(self, device: torch.device) -> dict:
        """What is kept of a jury that is trained on made-up groups, in a cache of its own."""
        cache = self.root / device.type
        (cache / "groups").mkdir(parents=True)
        groups = labelled_groups()
        for g, (stats, severities, kinds) in enumerate(zip(groups.stats, groups.severities, groups.kinds)):
            np.savez(cache / "groups" / f"group-{g:05d}.npz", stats=stats.numpy(), severities=severities, kinds=kinds)
        (cache / "groups" / MADE_FROM).write_text(json.dumps({"clips": ["a", "b", "c"], "seed": 1}), encoding="utf-8")
        return jury.train_jury(cache, len(groups), made_up_validation(), groups.people, 1, STAGES, 2, 2, ("none", None), None, device)

    def test_a_jury_whose_members_are_trained_in_this_process_there_and_in_their_own_here(self):
        with contextlib.redirect_stdout(io.StringIO()), mock.patch.object(kinship, "_STEPS", 5):
            here = self.jury(CPU)
            with Pretending(), mock.patch.object(jury, "side_by_side", side_effect=AssertionError("forked with a GPU in use")):
                there = self.jury(DEVICE)
        self.assert_equal(here["weights"], there["weights"])
        self.assertEqual(here["key"], there["key"])
        self.assertEqual((here["record"]["devices"], there["record"]["devices"]), (["cpu"], [DEVICE.type]))
        self.assertEqual(stage_table(here["record"]), stage_table(there["record"]))
        for member in ("member-0.pt", "member-1.pt"):
            self.assert_equal(*(torch.load(self.root / device.type / member)["weights"] for device in (CPU, DEVICE)))


class OnTheCpu(unittest.TestCase):
    def test_dropout_is_torchs_own_to_the_last_bit(self):
        for shape in ((7, 180), (1, 5), (3, 1024)):
            x, said = torch.randn(shape, generator=torch.Generator().manual_seed(1)).requires_grad_(), []
            for layer in (torch.nn.Dropout(0.15), Dropout(0.15)):
                torch.manual_seed(4)
                y = layer(x)
                said.append((y, *torch.autograd.grad((y * y).sum(), x), torch.get_rng_state()))
            for mine, theirs in zip(*said):
                self.assertTrue(torch.equal(mine, theirs))
        self.assertIs(Dropout(0.5).eval()(x), x)

    def test_nothing_is_copied_there(self):
        nets, groups = Nets(_STATISTICS), labelled_groups()
        self.assertIs(moved(nets, CPU), nets)
        self.assertEqual([s.data_ptr() for s in moved(groups, CPU).stats], [s.data_ptr() for s in groups.stats])


if __name__ == "__main__":
    unittest.main()
