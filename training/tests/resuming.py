"""Training that is killed between its stages, and goes on."""

import contextlib
import io
import tempfile
import unittest
from pathlib import Path

import torch

from aesrm_training.train import Checkpoint


class Killed(Exception):
    """Stands for the end of the process."""


class KilledAfter(Checkpoint):
    """A checkpoint in whose process nothing happens after so many stages."""

    def __init__(self, path: Path, key: dict, stages: int):
        super().__init__(path, key)
        self.stages = stages

    def save(self, nets: torch.nn.Module, records: list[dict]) -> None:
        super().save(nets, records)
        if len(records) == self.stages:
            raise Killed


class ResumingCase(unittest.TestCase):
    """A test case of one way to train, which `trained` does quietly."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def train(self, checkpoint: Checkpoint) -> torch.nn.Module:
        """Trains the same networks on the same data every time."""
        raise NotImplementedError

    def trained(self, checkpoint: Checkpoint) -> dict:
        """The weights after all stages."""
        with contextlib.redirect_stdout(io.StringIO()):
            return self.train(checkpoint).state_dict()

    def assert_resumes_behind(self, stages: int) -> None:
        """Killed behind so many stages, it ends with the weights of training that was not disturbed."""
        undisturbed = self.trained(Checkpoint(self.root / "whole.pt", {"seed": 1}))
        path = self.root / f"killed-{stages}.pt"
        with self.assertRaises(Killed):
            self.trained(KilledAfter(path, {"seed": 1}, stages))
        half = torch.load(path)["weights"]
        self.assertTrue(any((half[n] != undisturbed[n]).any() for n in half))
        resumed = self.trained(Checkpoint(path, {"seed": 1}))
        for name, value in undisturbed.items():
            self.assertTrue(torch.equal(resumed[name], value), name)
