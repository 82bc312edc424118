"""The tiny Qwen3-VL: features of several depths (DeepStack), time stamps before the slices of a clip."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import Qwen3VLConfig, Qwen3VLForConditionalGeneration
from transformers.models.qwen3_vl.processing_qwen3_vl import Qwen3VLProcessor
from transformers.vision_utils import _interpolation_axis_taps_weights

from . import graphs, qwen2
from .qwen2 import CHAT_TEMPLATE, SPECIALS, mark_ids  # noqa: F401  (a family's own, unless it says otherwise)
from .tiny import randomise

NAME, WIDTH, HEIGHT, QUANTISED = "tiny-qwen3-vl", 96, 64, False
SEED = 23
HIDDEN, DEEP = 32, [0]


def configuration(tokenizer: Tokenizer) -> dict:
    bos, eos = tokenizer.token_to_id("<|endoftext|>"), tokenizer.token_to_id("<|im_end|>")
    return {
        "architectures": ["Qwen3VLForConditionalGeneration"], "model_type": "qwen3_vl", "tie_word_embeddings": False,
        "bos_token_id": bos, "eos_token_id": eos, **mark_ids(tokenizer),
        "text_config": {
            "model_type": "qwen3_vl_text", "vocab_size": tokenizer.get_vocab_size(), "hidden_size": HIDDEN, "intermediate_size": 64,
            "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 16, "hidden_act": "silu",
            "max_position_embeddings": 4096, "rms_norm_eps": 1e-6, "rope_theta": 10000.0, "bos_token_id": bos, "eos_token_id": eos,
            "rope_scaling": {"rope_type": "default", "mrope_interleaved": True, "mrope_section": [4, 2, 2]},
        },
        "vision_config": {"model_type": "qwen3_vl", "depth": 2, "hidden_size": 32, "out_hidden_size": HIDDEN, "intermediate_size": 48,
                          "num_heads": 2, "in_channels": 3, "patch_size": 16, "spatial_merge_size": 2, "temporal_patch_size": 2,
                          "num_position_embeddings": 36, "deepstack_visual_indexes": DEEP, "hidden_act": "gelu_pytorch_tanh"},
    }


def build_model(config: dict, tokenizer: Tokenizer) -> Qwen3VLForConditionalGeneration:
    torch.manual_seed(SEED)
    model = Qwen3VLForConditionalGeneration._from_config(Qwen3VLConfig(**config), attn_implementation="eager").eval()
    randomise(model, [tokenizer.token_to_id(s) for s in SPECIALS], ".visual.", (0.2, 0.45))
    return model


def files(config: dict) -> dict[str, dict]:
    return qwen2.files(config, 16, {"size": {"shortest_edge": 4096, "longest_edge": 65536}})


class Embedding(torch.nn.Module):
    """Of a token; room for the deeper features of a picture behind it, zero where there is none."""

    def __init__(self, embed_tokens: torch.nn.Module) -> None:
        super().__init__()
        self.embed_tokens = embed_tokens

    def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.pad(self.embed_tokens(input_ids), (0, HIDDEN * len(DEEP)))


class Vision(torch.nn.Module):
    """The vision tower; behind the features of a patch stand those of the lesser depths."""

    def __init__(self, model: Qwen3VLForConditionalGeneration) -> None:
        super().__init__()
        self.visual = model.model.visual

    def forward(self, pixel_values: torch.Tensor, grid_thw: torch.Tensor) -> torch.Tensor:
        visual = self.visual
        group, h, w, height, width = graphs.places(pixel_values, grid_thw, visual.spatial_merge_size)
        mask = graphs.apart(group)
        side = visual.num_grid_per_side
        (rows, row_weights), (columns, column_weights) = (
            _interpolation_axis_taps_weights(at, size, side, visual.interpolation_mode, visual.interpolation_align_corners)
            for at, size in ((h, height), (w, width)))
        indices = (rows[:, :, None] * side + columns[:, None, :]).flatten(1)
        weights = (row_weights[:, :, None] * column_weights[:, None, :]).flatten(1)
        hidden = visual.patch_embed(pixel_values) + (visual.pos_embed(indices) * weights[:, :, None]).sum(1)
        cos, sin = visual.rotary_pos_emb(hidden, torch.stack([h, w], 1))
        deeper = []
        for i, layer in enumerate(visual.blocks):
            hidden = hidden + graphs.attend(layer.attn, layer.norm1(hidden), mask, cos, sin)
            hidden = hidden + layer.mlp(layer.norm2(hidden))
            if i in DEEP:
                deeper.append(visual.deepstack_merger_list[DEEP.index(i)](hidden))
        return torch.cat([visual.merger(hidden), *deeper], -1)


class Decoder(graphs.Decoder):
    """The language model, which takes the deeper features from behind the embeddings."""

    def run(self, embeds, mask, position_ids, cache):
        text = self.language_model
        hidden, *deeper = embeds.split(HIDDEN, -1)
        turned = text.rotary_emb(hidden, position_ids)
        for i, layer in enumerate(text.layers):
            hidden = layer(hidden, attention_mask=mask, past_key_values=cache, position_embeddings=turned)
            if i < len(deeper):
                hidden = hidden + deeper[i]
        return text.norm(hidden)


def export(model: Qwen3VLForConditionalGeneration, out: Path) -> None:
    grid = torch.tensor([[2, 4, 6], [1, 4, 4]])
    graphs.to_onnx(Vision(model), (torch.randn(int(grid.prod(-1).sum()), 1536), grid), ["pixel_values", "image_grid_thw"], ["image_features"],
                   {"pixel_values": {0: "patches"}, "image_grid_thw": {0: "images"}, "image_features": {0: "features"}},
                   out / "vision_encoder.onnx")
    text = model.model.language_model
    graphs.export_text(text, model.lm_head, model.config.text_config, out, 3, Decoder, Embedding(text.embed_tokens), 1 + len(DEEP))


def prepare(model, tokenizer: Tokenizer, text: str, shots: list[tuple[np.ndarray, list[float]]], folder: Path) -> tuple[str, dict, torch.Tensor]:
    """As the original does it: several frames are a video, with the original's own time stamps; a lone one is an image."""
    marks = SimpleNamespace(video_processor=SimpleNamespace(merge_size=2, temporal_patch_size=2), video_token="<|video_pad|>",
                            vision_start_token="<|vision_start|>", vision_end_token="<|vision_end|>")
    marks._calculate_timestamps = lambda *args: Qwen3VLProcessor._calculate_timestamps(marks, *args)
    images, videos, words = [], [], []
    for frames, times in shots:
        pixels, grid = qwen2.pixel_values(frames, folder)
        if len(frames) == 1:
            images.append((pixels, grid))
            words.append("<|vision_start|>" + "<|image_pad|>" * (grid[1] * grid[2] // 4) + "<|vision_end|>")
        else:
            videos.append((pixels, grid))
            told = {"video_grid_thw": np.array([grid]), "video_metadata": [SimpleNamespace(fps=1.0, frames_indices=list(times))]}
            words.append(Qwen3VLProcessor.replace_video_token(marks, told, 0))
    for told in words:
        text = text.replace("<|vision_start|><|image_pad|><|vision_end|>", told.replace("<|", "<!"), 1)
    text = text.replace("<!", "<|")
    ids = torch.tensor([tokenizer.encode(text, add_special_tokens=False).ids])
    kinds = (ids == model.config.image_token_id).int() + 2 * (ids == model.config.video_token_id).int()
    inputs: dict = {"mm_token_type_ids": kinds}
    for seen, (pixels_name, grid_name) in ((images, ("pixel_values", "image_grid_thw")), (videos, ("pixel_values_videos", "video_grid_thw"))):
        if seen:
            inputs[pixels_name], inputs[grid_name] = torch.cat([p for p, _ in seen]), torch.tensor([g for _, g in seen])
    seen = images or videos
    with torch.no_grad():
        features = torch.cat(model.model.get_image_features(torch.cat([p for p, _ in seen]), torch.tensor([g for _, g in seen])).pooler_output)
    return text, inputs, features
