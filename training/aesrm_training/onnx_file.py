"""From a torch module to an ONNX file of few nodes, in the standard operators that every provider has."""

import inspect
import io
import subprocess
import tempfile
from pathlib import Path

import onnx
import torch
from onnx import helper
from torch import nn

from .session import BRIDGE

OPSET = 17
#: torch 2.9 and later export through another graph unless told not to; torch before 2.5 knows no such argument.
_TRACED = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}


def to_onnx(module: nn.Module, inputs: tuple, names_in: list[str], names_out: list[str], dynamic: dict) -> bytes:
    """Exports a module at the project's operator set, constants folded: a session opens faster on fewer nodes."""
    buffer = io.BytesIO()
    torch.onnx.export(module.eval(), inputs, buffer, input_names=names_in, output_names=names_out,
                      dynamic_axes=dynamic, opset_version=OPSET, **_TRACED)
    return fold(buffer.getvalue())


def fold(model: bytes) -> bytes:
    """ONNX Runtime's basic optimisation, which keeps the meaning and adds no operator of its own.

    onnxscript's optimiser is not used: it takes an added 1e-8 for nothing, and so changes the statistics.
    """
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder) / "before.onnx", Path(folder) / "after.onnx"
        before.write_bytes(model)
        subprocess.run([*BRIDGE, "fold", str(before), str(after)], check=True)
        folded = onnx.load(after)
    assert all(n.domain == "" for n in folded.graph.node)
    kept = [o for o in folded.opset_import if o.domain == ""]
    del folded.opset_import[:]
    folded.opset_import.extend(kept)
    _reshape_for_flatten(folded.graph)
    onnx.checker.check_model(folded)
    return folded.SerializeToString()


def _reshape_for_flatten(graph: onnx.GraphProto) -> None:
    """Not every provider has Flatten; all have Reshape."""
    name = "flat"
    flattens = [n for n in graph.node if n.op_type == "Flatten" and all(a.i == 1 for a in n.attribute)]
    for node in flattens:
        node.op_type = "Reshape"
        node.input.append(name)
        del node.attribute[:]
    if flattens:
        graph.initializer.append(helper.make_tensor(name, onnx.TensorProto.INT64, [2], [0, -1]))
