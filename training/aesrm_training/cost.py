"""What one run of an ONNX file costs: operations counted from its graph, and the operators that a provider must have."""

import math

import onnx
from onnx import shape_inference

from .onnx_file import fold

#: Operators that ONNX Runtime's CUDA, DirectML and WebGPU providers all have for floating point numbers: its
#: docs/OperatorKernels.md of 2026, and what its WebGPU provider takes.
EVERYWHERE = frozenset("""Abs Add AveragePool Cast Clip Concat Conv Div Exp Gather Gemm Log MatMul Max Mul Neg Pow Range Reciprocal
ReduceMax ReduceMean ReduceMin ReduceSum Relu Reshape Shape Sigmoid Slice Softmax Split Sqrt Sub Tanh Transpose Unsqueeze""".split())
#: Those of them that its Core ML provider has not.
NOT_CORE_ML = frozenset(("Abs", "Log", "Neg", "Range"))
#: Operators that compute nothing of their inputs' values: views, copies, sizes.
_FREE = {"Reshape", "Slice", "Concat", "Split", "Gather", "Unsqueeze", "Transpose", "Shape", "Range", "Cast"}


def operators(model: onnx.ModelProto) -> list[str]:
    """Names of all operators, sorted."""
    return sorted({n.op_type for n in model.graph.node})


def operations(model: onnx.ModelProto, **sizes: int) -> int:
    """Floating point operations of one run, `sizes` being the free dimensions of its inputs: a product and a sum count two,
    any other operator one for each value it makes, a reduction one for each it takes.

    Raises ValueError where a shape cannot be told.
    """
    # with sizes given, what follows from them alone folds to constants, and every shape can be told
    graph = shape_inference.infer_shapes(onnx.load_from_string(fold(_sized(model, sizes).SerializeToString())), data_prop=True).graph
    shapes = {v.name: [d.dim_value for d in v.type.tensor_type.shape.dim] for v in (*graph.input, *graph.value_info, *graph.output)}
    shapes |= {i.name: list(i.dims) for i in graph.initializer}
    return sum(_of(node, shapes) for node in graph.node)


def _sized(model: onnx.ModelProto, sizes: dict[str, int]) -> onnx.ModelProto:
    """The model for inputs of these sizes only."""
    sized = onnx.ModelProto()
    sized.CopyFrom(model)
    for value in (*sized.graph.input, *sized.graph.output):
        for d in value.type.tensor_type.shape.dim:
            if d.dim_param in sizes:
                d.dim_value = sizes[d.dim_param]
    return sized


def _of(node: onnx.NodeProto, shapes: dict[str, list[int]]) -> int:
    """One node's operations."""
    if node.op_type in _FREE:
        return 0
    inputs, outputs = ([_known(n, shapes) for n in names if n] for names in (node.input, node.output))
    made = sum(math.prod(s) for s in outputs)
    if node.op_type == "MatMul":
        return 2 * made * inputs[0][-1]
    if node.op_type == "Gemm":
        across = any(a.name == "transA" and a.i for a in node.attribute)
        return 2 * made * inputs[0][0 if across else 1] + made
    if node.op_type == "Conv":
        return 2 * made * math.prod(inputs[1][1:])
    if node.op_type == "AveragePool":
        kernel = next(a.ints for a in node.attribute if a.name == "kernel_shape")
        return made * math.prod(kernel)
    return math.prod(inputs[0]) if node.op_type.startswith("Reduce") else made


def _known(name: str, shapes: dict[str, list[int]]) -> list[int]:
    shape = shapes.get(name)
    if shape is None or any(d <= 0 for d in shape):
        raise ValueError(f"the shape of {name} is not known: {shape}")
    return shape
