"""The tiny Qwen2.5-VL: windows in the vision tower, a part of config.json for the text; the rest as in Qwen2-VL."""

from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

from . import graphs, qwen2
from .qwen2 import CHAT_TEMPLATE, SPECIALS, files, mark_ids, prepare  # noqa: F401  (a family's own, unless it says otherwise)
from .tiny import randomise

# Three by two merged patches and windows of two by two: several windows, one of them not full.
NAME, WIDTH, HEIGHT, QUANTISED = "tiny-qwen2.5-vl", 84, 56, False
SEED = 22


def configuration(tokenizer: Tokenizer) -> dict:
    bos, eos = tokenizer.token_to_id("<|endoftext|>"), tokenizer.token_to_id("<|im_end|>")
    return {
        "architectures": ["Qwen2_5_VLForConditionalGeneration"], "model_type": "qwen2_5_vl", "tie_word_embeddings": False,
        "bos_token_id": bos, "eos_token_id": eos, **mark_ids(tokenizer),
        "text_config": {
            "model_type": "qwen2_5_vl_text", "vocab_size": tokenizer.get_vocab_size(), "hidden_size": 32, "intermediate_size": 64,
            "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1, "hidden_act": "silu",
            "max_position_embeddings": 4096, "rms_norm_eps": 1e-6, "rope_theta": 10000.0,
            "rope_scaling": {"type": "mrope", "mrope_section": [2, 3, 3]}, "use_sliding_window": False, "bos_token_id": bos,
            "eos_token_id": eos,
        },
        "vision_config": {"model_type": "qwen2_5_vl", "depth": 2, "hidden_size": 32, "out_hidden_size": 32, "intermediate_size": 48,
                          "num_heads": 2, "in_channels": 3, "patch_size": 14, "spatial_merge_size": 2, "temporal_patch_size": 2,
                          "window_size": 56, "fullatt_block_indexes": [1], "tokens_per_second": 4, "hidden_act": "silu"},
    }


def build_model(config: dict, tokenizer: Tokenizer) -> Qwen2_5_VLForConditionalGeneration:
    torch.manual_seed(SEED)
    model = Qwen2_5_VLForConditionalGeneration._from_config(Qwen2_5_VLConfig(**config), attn_implementation="eager").eval()
    randomise(model, [tokenizer.token_to_id(s) for s in SPECIALS], ".visual.", (0.2, 0.45))
    return model


class Vision(torch.nn.Module):
    """The vision tower without loops; patches stay where they are, a mask says which window they see."""

    def __init__(self, model: Qwen2_5_VLForConditionalGeneration) -> None:
        super().__init__()
        self.visual = model.model.visual

    def forward(self, pixel_values: torch.Tensor, grid_thw: torch.Tensor) -> torch.Tensor:
        visual = self.visual
        side = visual.window_size // visual.patch_size
        group, h, w = graphs.places(pixel_values, grid_thw, visual.spatial_merge_size)[:3]
        everywhere, in_window = graphs.apart(group), graphs.apart((group * 4096 + h // side) * 4096 + w // side)
        hidden = visual.patch_embed(pixel_values)
        cos, sin = visual.rotary_pos_emb(hidden, torch.stack([h, w], 1))
        for i, layer in enumerate(visual.blocks):
            mask = everywhere if i in visual.fullatt_block_indexes else in_window
            hidden = hidden + graphs.attend(layer.attn, layer.norm1(hidden), mask, cos, sin)
            hidden = hidden + layer.mlp(layer.norm2(hidden))
        return visual.merger(hidden)


def export(model: Qwen2_5_VLForConditionalGeneration, out: Path) -> None:
    qwen2.export(model, out, Vision, "image_grid_thw")
