"""The tiny Qwen2-VL, and what the later Qwen-VL share with it."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from tokenizers import Tokenizer
from transformers import Qwen2VLConfig, Qwen2VLForConditionalGeneration
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil

from . import graphs
from .tiny import randomise

NAME, WIDTH, HEIGHT, QUANTISED = "tiny-qwen2-vl", 84, 56, True
SEED = 20
SPECIALS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|vision_pad|>", "<|image_pad|>",
            "<|video_pad|>"]
LAYERS, HEADS, KV_HEADS, HIDDEN = 2, 4, 2, 64

# What the published Qwen2-VL models carry, without their counting of pictures.
CHAT_TEMPLATE = (
    "{% for message in messages %}{% if loop.first and message['role'] != 'system' %}<|im_start|>system\n"
    "You are a helpful assistant.<|im_end|>\n{% endif %}<|im_start|>{{ message['role'] }}\n"
    "{% if message['content'] is string %}{{ message['content'] }}<|im_end|>\n{% else %}"
    "{% for content in message['content'] %}{% if content['type'] == 'image' %}<|vision_start|><|image_pad|><|vision_end|>"
    "{% elif 'text' in content %}{{ content['text'] }}{% endif %}{% endfor %}<|im_end|>\n{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def mark_ids(tokenizer: Tokenizer) -> dict:
    ids = {s: tokenizer.token_to_id(s) for s in SPECIALS}
    return {"image_token_id": ids["<|image_pad|>"], "video_token_id": ids["<|video_pad|>"],
            "vision_start_token_id": ids["<|vision_start|>"], "vision_end_token_id": ids["<|vision_end|>"]}


def configuration(tokenizer: Tokenizer) -> dict:
    """config.json, flat: transformers.js looks for the decoder's sizes at the top."""
    ids = {s: tokenizer.token_to_id(s) for s in SPECIALS}
    return {
        "architectures": ["Qwen2VLForConditionalGeneration"], "model_type": "qwen2_vl", "vocab_size": tokenizer.get_vocab_size(),
        "hidden_size": HIDDEN, "intermediate_size": 128, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS,
        "num_key_value_heads": KV_HEADS, "hidden_act": "silu", "max_position_embeddings": 4096, "rms_norm_eps": 1e-6,
        "rope_theta": 10000.0, "rope_scaling": {"type": "mrope", "mrope_section": [2, 3, 3]}, "tie_word_embeddings": False,
        "use_sliding_window": False, "bos_token_id": ids["<|endoftext|>"], "eos_token_id": ids["<|im_end|>"], **mark_ids(tokenizer),
        "vision_token_id": ids["<|vision_pad|>"],
        "vision_config": {"model_type": "qwen2_vl", "depth": 2, "embed_dim": 64, "hidden_size": HIDDEN, "num_heads": 4, "mlp_ratio": 2,
                          "in_channels": 3, "patch_size": 14, "spatial_merge_size": 2, "temporal_patch_size": 2},
    }


def build_model(config: dict, tokenizer: Tokenizer) -> Qwen2VLForConditionalGeneration:
    torch.manual_seed(SEED)
    model = Qwen2VLForConditionalGeneration._from_config(Qwen2VLConfig(**config), attn_implementation="eager").eval()
    randomise(model, [tokenizer.token_to_id(s) for s in SPECIALS], ".visual.")
    return model


def files(config: dict, patch: int = 14, sizes: dict | None = None) -> dict[str, dict]:
    """The small files of a Qwen-VL."""
    return {
        "config": config,
        "preprocessor_config": {
            "image_processor_type": "Qwen2VLImageProcessor", "processor_class": "Qwen2VLProcessor", "do_resize": True, "do_rescale": True,
            "do_normalize": True, "do_convert_rgb": True, "rescale_factor": 1 / 255, "resample": 3,
            "image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711],
            **(sizes or {"min_pixels": 3136, "max_pixels": 50176}), "patch_size": patch, "temporal_patch_size": 2, "merge_size": 2,
        },
        "tokenizer_config": {"tokenizer_class": "Qwen2Tokenizer", "model_max_length": 4096, "eos_token": "<|im_end|>",
                             "pad_token": "<|endoftext|>", "chat_template": CHAT_TEMPLATE, "clean_up_tokenization_spaces": False},
        "generation_config": {"bos_token_id": config["bos_token_id"], "eos_token_id": [config["eos_token_id"], config["bos_token_id"]],
                              "pad_token_id": config["bos_token_id"], "do_sample": True, "top_k": 1, "top_p": 0.001,
                              "temperature": 0.01},
    }


class Vision(torch.nn.Module):
    """The vision tower without loops over the clips."""

    def __init__(self, model: Qwen2VLForConditionalGeneration) -> None:
        super().__init__()
        self.visual = model.model.visual

    def forward(self, pixel_values: torch.Tensor, grid_thw: torch.Tensor) -> torch.Tensor:
        visual = self.visual
        group, h, w = graphs.places(pixel_values, grid_thw, visual.spatial_merge_size)[:3]
        mask = graphs.apart(group)
        hidden = visual.patch_embed(pixel_values)
        cos, sin = visual.rotary_pos_emb(hidden, torch.stack([h, w], 1))
        for layer in visual.blocks:
            hidden = hidden + graphs.attend(layer.attn, layer.norm1(hidden), mask, cos, sin)
            hidden = hidden + layer.mlp(layer.norm2(hidden))
        return visual.merger(hidden)


def export(model: Qwen2VLForConditionalGeneration, out: Path, vision=Vision, grid_name: str = "grid_thw") -> None:
    grid = torch.tensor([[2, 4, 6], [1, 4, 4]])
    patch = 3 * 2 * model.config.vision_config.patch_size ** 2
    graphs.to_onnx(vision(model), (torch.randn(int(grid.prod(-1).sum()), patch), grid), ["pixel_values", grid_name], ["image_features"],
                   {"pixel_values": {0: "patches"}, grid_name: {0: "images"}, "image_features": {0: "features"}}, out / "vision_encoder.onnx")
    graphs.export_text(model.model.language_model, model.lm_head, model.config.text_config, out, positions=3)


def pixel_values(frames: np.ndarray, folder: Path) -> tuple[torch.Tensor, list[int]]:
    """Patches of one clip by the original image processor, two frames to a temporal slice, and the grid [t, h, w]."""
    processor = Qwen2VLImageProcessorPil.from_pretrained(str(folder))
    single = [processor([Image.fromarray(f)], return_tensors="pt") for f in frames]
    _, h, w = single[0]["image_grid_thw"][0].tolist()
    if len(single) == 1:
        return single[0]["pixel_values"], [1, h, w]
    # A lone frame fills both places of its slice; of each pair the first place is taken from one, the second from the other.
    places = [s["pixel_values"].reshape(h * w, 3, 2, -1)[:, :, 0] for s in single]
    slices = [torch.stack([places[i], places[i + 1]], 2).reshape(h * w, -1) for i in range(0, len(places), 2)]
    return torch.cat(slices), [len(slices), h, w]


def prepare(model, tokenizer: Tokenizer, text: str, shots: list[tuple[np.ndarray, list[float]]], folder: Path) -> tuple[str, dict, torch.Tensor]:
    """The whole prompt, what the model is called with beside its ids, and its image features."""
    parts = [pixel_values(frames, folder) for frames, _ in shots]
    grid = torch.tensor([g for _, g in parts])
    for _, (t, h, w) in parts:
        text = text.replace("<|image_pad|>", "<|hole|>" * (t * h * w // 4), 1)
    text = text.replace("<|hole|>", "<|image_pad|>")
    ids = torch.tensor([tokenizer.encode(text, add_special_tokens=False).ids])
    pixels = torch.cat([p for p, _ in parts])
    with torch.no_grad():
        features = torch.cat(model.model.get_image_features(pixels, grid).pooler_output)
    kinds = (ids == model.config.image_token_id).int()
    return text, {"pixel_values": pixels, "image_grid_thw": grid, "mm_token_type_ids": kinds}, features
