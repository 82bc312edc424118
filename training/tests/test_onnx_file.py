"""Folding keeps the meaning; running tells when the other end is gone."""

import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import nn

from aesrm_training.halves import in_halves, round_weights
from aesrm_training.onnx_file import to_onnx
from aesrm_training.session import Session


class Floor(nn.Module):
    """A floor under a root, a constant to fold, and a flattening."""

    def forward(self, x):
        return (x.flatten(1) + 1e-8).sqrt() * torch.arange(4.0).sum()


class OnnxFile(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "floor.onnx"
        self.path.write_bytes(to_onnx(Floor(), (torch.zeros(2, 3, 1, 1),), ["x"], ["y"], {"x": {0: "n"}}))

    def test_a_small_constant_is_not_taken_for_nothing(self):
        with Session(self.path, 1) as session:
            for n in (1, 5):
                said = session.run(x=np.zeros((n, 3, 1, 1), np.float32))["y"]
                self.assertEqual(said.shape, (n, 3))
                np.testing.assert_allclose(said, 6e-4, rtol=1e-5)

    def test_constants_are_folded_into_standard_operators(self):
        model = onnx.load(self.path)
        self.assertEqual([n.op_type for n in model.graph.node], ["Reshape", "Add", "Sqrt", "Mul"])
        self.assertEqual([o.domain for o in model.opset_import], [""])

    def test_a_file_that_is_no_model_is_an_error_not_a_wait(self):
        broken = self.path.with_name("broken.onnx")
        broken.write_text("no model", encoding="utf-8")
        with self.assertRaisesRegex(RuntimeError, "broken.onnx"):
            Session(broken, 1)

    def test_inputs_that_do_not_fit_are_an_error_not_a_wait(self):
        with Session(self.path, 1) as session, self.assertRaisesRegex(RuntimeError, "floor.onnx"):
            session.run(z=np.zeros((1, 3, 1, 1), np.float32))


class Halves(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(3)
        self.layer = nn.Linear(64, 64)
        self.x = torch.randn(5, 64)

    def kept(self) -> tuple[bytes, np.ndarray]:
        """The layer's file, and what it says of x."""
        file = in_halves(to_onnx(self.layer, (self.x,), ["x"], ["y"], {"x": {0: "n"}}))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "layer.onnx"
            path.write_bytes(file)
            with Session(path, 1) as session:
                return file, session.run(x=self.x.numpy())["y"]

    def test_rounded_weights_are_kept_in_half_the_room_and_mean_the_same(self):
        before = self.layer.weight.detach().clone()
        whole, _ = self.kept()
        round_weights(self.layer)
        half, said = self.kept()
        self.assertLess(len(whole) - 2 * 64 * 64, len(half) + 300)
        self.assertGreater(len(whole) - 2 * 64 * 64, len(half) - 300)
        np.testing.assert_allclose(said, self.layer(self.x).detach().numpy(), atol=1e-6)
        self.assertLess(float((self.layer.weight - before).abs().max()), 1e-4)

    def test_weights_that_16_bits_do_not_hold_are_left_as_they_are(self):
        with torch.no_grad():
            self.layer.weight[0, 0] = 1e6
        _, said = self.kept()
        np.testing.assert_allclose(said, self.layer(self.x).detach().numpy(), rtol=1e-5, atol=1e-5)

    def test_what_is_added_is_not_rounded(self):
        bias = self.layer.bias.detach().clone()
        round_weights(self.layer)
        self.assertTrue(torch.equal(self.layer.bias, bias))


if __name__ == "__main__":
    unittest.main()
