"""What a file costs is counted from its graph: on graphs whose count is known, and within what the shipped ones may take."""

import unittest

import onnx
from onnx import TensorProto, helper

from aesrm_training.cost import EVERYWHERE, operations, operators
from aesrm_training.paths import REPO


def model(nodes: list, inputs: dict[str, list], outputs: dict[str, list]) -> onnx.ModelProto:
    """A model of float inputs and outputs of these shapes."""
    values = [[helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in v.items()] for v in (inputs, outputs)]
    return helper.make_model(helper.make_graph(nodes, "g", *values), opset_imports=[helper.make_opsetid("", 17)])


class Cost(unittest.TestCase):
    def test_a_product_counts_two_and_a_reduction_what_it_takes(self):
        nodes = [helper.make_node("MatMul", ["a", "b"], ["c"]), helper.make_node("Relu", ["c"], ["d"]),
                 helper.make_node("ReduceMean", ["d"], ["e"], axes=[1], keepdims=0)]
        found = model(nodes, {"a": ["n", 3], "b": [3, 4]}, {"e": ["n"]})
        self.assertEqual(operations(found, n=5), 2 * 5 * 4 * 3 + 5 * 4 + 5 * 4)
        self.assertEqual(operations(found, n=10), 2 * operations(found, n=5))
        self.assertEqual(operators(found), ["MatMul", "ReduceMean", "Relu"])

    def test_a_convolution_counts_its_kernel(self):
        found = model([helper.make_node("Conv", ["x", "w"], ["y"])], {"x": [1, 3, 10], "w": [2, 3, 4]}, {"y": [1, 2, 7]})
        self.assertEqual(operations(found), 2 * 2 * 7 * 3 * 4)

    def test_a_shape_that_cannot_be_told_is_no_number(self):
        nodes = [helper.make_node("NonZero", ["x"], ["i"]), helper.make_node("Cast", ["i"], ["f"], to=TensorProto.FLOAT),
                 helper.make_node("Abs", ["f"], ["y"])]
        with self.assertRaisesRegex(ValueError, "is not known"):
            operations(model(nodes, {"x": [3]}, {"y": [1, "some"]}))

    def test_the_shipped_model_is_within_four_billion_for_the_largest_frames(self):
        shipped = REPO / "models" / "compact"
        self.assertLess(operations(onnx.load(shipped / "encoder.onnx"), height=256, width=256), 4e9)
        self.assertLess(operations(onnx.load(shipped / "judge.onnx"), pairs=1), 1e8)

    def test_the_shipped_model_has_no_operator_that_a_provider_lacks(self):
        for name in ("encoder", "judge"):
            self.assertEqual(set(operators(onnx.load(REPO / "models" / "compact" / f"{name}.onnx"))) - EVERYWHERE, set())


if __name__ == "__main__":
    unittest.main()
