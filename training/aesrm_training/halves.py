"""Weights in 16 bits: rounded once networks are trained, and kept so in files, at half the size.

A session widens them as it opens, so that everything is computed in 32 bits and nothing runs otherwise.
"""

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper

#: Initialisers of fewer numbers are not worth an operator.
_WORTH_IT = 1024


@torch.no_grad()
def round_weights(module: torch.nn.Module) -> None:
    """Rounds the weights of products to numbers that 16 bits hold; what is added or scales stays."""
    for weights in module.parameters():
        if weights.dim() > 1:
            weights.copy_(weights.half().float())


def in_halves(file: bytes) -> bytes:
    """The ONNX file with large initialisers in 16 bits where 16 bits hold them exactly; it means the same to the last bit."""
    model, casts = onnx.load_from_string(file), []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.data_type != onnx.TensorProto.FLOAT or values.size < _WORTH_IT:
            continue
        with np.errstate(over="ignore"):
            halves = values.astype(np.float16)
        if np.array_equal(halves.astype(np.float32), values):
            name = tensor.name
            tensor.CopyFrom(numpy_helper.from_array(halves, f"{name}.half"))
            casts.append(helper.make_node("Cast", [f"{name}.half"], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    onnx.checker.check_model(model)
    return model.SerializeToString()
