"""The ONNX graphs of the HF layout, traced from the Python original, and their copies with smaller weights."""

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn
from transformers.cache_utils import DynamicCache

OPSET = 18
PAST = 5


def places(patches: torch.Tensor, grid_thw: torch.Tensor, merge: int) -> tuple[torch.Tensor, ...]:
    """Of each patch: its temporal slice, row and column, and the rows and columns of its picture. Counted, so that any grid traces."""
    patch = torch.arange(patches.shape[0])
    ends = grid_thw.prod(-1).cumsum(0)
    image = (patch[:, None] >= ends[None, :]).sum(1)
    start = torch.cat([torch.zeros(1, dtype=torch.int64), ends])[image]
    height, width = grid_thw[image, 1], grid_thw[image, 2]
    slice_, at = (patch - start) // (height * width), (patch - start) % (height * width)
    # Within a slice patches go block by block of merge x merge.
    block, inner = at // merge**2, at % merge**2
    h = block // (width // merge) * merge + inner // merge
    w = block % (width // merge) * merge + inner % merge
    return image * 4096 + slice_, h, w, height, width


def apart(group: torch.Tensor) -> torch.Tensor:
    """The mask under which patches of different groups do not see each other."""
    return torch.zeros((), dtype=torch.float32).masked_fill(group[:, None] != group[None, :], -1e9)


def attend(attn: nn.Module, x: torch.Tensor, mask: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    from transformers.models.qwen2_vl.modeling_qwen2_vl import apply_rotary_pos_emb_vision
    q, k, v = attn.qkv(x).reshape(-1, 3, attn.num_heads, attn.head_dim).permute(1, 0, 2, 3).unbind(0)
    q, k = apply_rotary_pos_emb_vision(q, k, cos, sin)
    q, k, v = (t.transpose(0, 1) for t in (q, k, v))
    weights = torch.softmax(q @ k.transpose(1, 2) * attn.scaling + mask, -1)
    return attn.proj((weights @ v).transpose(0, 1).reshape(-1, attn.dim))


class Decoder(nn.Module):
    """The language model with its cache as inputs and outputs."""

    def __init__(self, language_model: nn.Module, lm_head: nn.Module, layers: int) -> None:
        super().__init__()
        self.language_model, self.lm_head, self.layers = language_model, lm_head, layers

    def forward(self, inputs_embeds, attention_mask, position_ids, num_logits_to_keep, *past):
        cache = DynamicCache()
        for i in range(self.layers):
            cache.update(past[2 * i], past[2 * i + 1], i)
        length, total = inputs_embeds.shape[1], attention_mask.shape[1]
        query = torch.arange(length)[:, None] + (total - length)
        seen = (torch.arange(total)[None, :] <= query)[None, None] & (attention_mask[:, None, None, :] > 0)
        mask = torch.zeros((), dtype=torch.float32).masked_fill(~seen, -1e9)
        hidden = self.run(inputs_embeds, mask, position_ids, cache)
        keep = torch.where(num_logits_to_keep == 0, torch.as_tensor(length), num_logits_to_keep)
        logits = self.lm_head(hidden[:, torch.as_tensor(length) - keep:])
        return logits, *(t for layer in cache.layers for t in (layer.keys, layer.values))

    def run(self, embeds: torch.Tensor, mask: torch.Tensor, position_ids: torch.Tensor, cache: DynamicCache) -> torch.Tensor:
        return self.language_model(inputs_embeds=embeds, attention_mask={"full_attention": mask}, position_ids=position_ids,
                                   past_key_values=cache, use_cache=True).last_hidden_state


def export_text(language_model, lm_head, text, out: Path, positions: int, decoder=Decoder, embed=None, width: int = 1) -> None:
    """Writes embed_tokens.onnx and decoder_model_merged.onnx. positions: axes of position_ids, 1 has no axis of its own; width:
    how many times as wide as the model an embedding is."""
    head = getattr(text, "head_dim", None) or text.hidden_size // text.num_attention_heads
    batch = {0: "batch_size", 1: "sequence_length"}
    to_onnx(embed or language_model.embed_tokens, (torch.zeros(1, 7, dtype=torch.int64),), ["input_ids"], ["inputs_embeds"],
            {"input_ids": batch, "inputs_embeds": batch}, out / "embed_tokens.onnx")
    names = [f"{i}.{part}" for i in range(text.num_hidden_layers) for part in ("key", "value")]
    past = [torch.randn(1, text.num_key_value_heads, PAST, head) for _ in names]
    ids = torch.arange(PAST, PAST + 7)[None]
    example = (torch.randn(1, 7, text.hidden_size * width), torch.ones(1, PAST + 7, dtype=torch.int64),
               ids if positions == 1 else torch.zeros(positions, 1, 7, dtype=torch.int64), torch.tensor(1), *past)
    axes = {"inputs_embeds": batch, "attention_mask": {0: "batch_size", 1: "total_sequence_length"},
            "position_ids": batch if positions == 1 else {1: "batch_size", 2: "sequence_length"}, "logits": {0: "batch_size", 1: "kept"},
            **{f"past_key_values.{n}": {0: "batch_size", 2: "past_sequence_length"} for n in names},
            **{f"present.{n}": {0: "batch_size", 2: "total_sequence_length"} for n in names}}
    to_onnx(decoder(language_model, lm_head, text.num_hidden_layers), example,
            ["inputs_embeds", "attention_mask", "position_ids", "num_logits_to_keep", *(f"past_key_values.{n}" for n in names)],
            ["logits", *(f"present.{n}" for n in names)], axes, out / "decoder_model_merged.onnx")


def to_onnx(module, example, inputs, outputs, axes, path: Path) -> None:
    with torch.no_grad():
        torch.onnx.export(module, example, str(path), input_names=inputs, output_names=outputs, dynamic_axes=axes, opset_version=OPSET,
                          dynamo=False)


def quantise_all(out: Path) -> None:
    """Copies of all graphs with weights of eight bits (_quantized)."""
    for path in sorted(out.glob("*.onnx")):
        if not path.stem.endswith("_quantized"):
            quantise(path, path.with_name(f"{path.stem}_quantized.onnx"))


def quantise(source: Path, target: Path) -> None:
    """The same graph with its larger weights kept as int8 and a scale per row or column; arithmetic stays float32."""
    model = onnx.load(str(source))
    nodes, added = [], []
    for weight in list(model.graph.initializer):
        values = numpy_helper.to_array(weight)
        if weight.data_type != TensorProto.FLOAT or values.ndim < 2:
            continue
        # Rows of an embedding or a convolution, columns of a matrix: what one output value is made of.
        axis = 1 if any(n.op_type == "MatMul" and weight.name in n.input for n in model.graph.node) else 0
        others = tuple(i for i in range(values.ndim) if i != axis)
        scale = np.maximum(np.abs(values).max(axis=others) / 127, 1e-12).astype(np.float32)
        shape = [-1 if i == axis else 1 for i in range(values.ndim)]
        whole = np.clip(np.round(values / scale.reshape(shape)), -127, 127).astype(np.int8)
        name = weight.name
        added += [numpy_helper.from_array(whole, f"{name}_q"), numpy_helper.from_array(scale, f"{name}_scale")]
        nodes.append(helper.make_node("DequantizeLinear", [f"{name}_q", f"{name}_scale"], [name], axis=axis))
        model.graph.initializer.remove(weight)
    nodes += list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    model.graph.initializer.extend(added)
    onnx.checker.check_model(model)
    onnx.save(model, str(target))
