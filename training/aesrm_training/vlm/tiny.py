"""The tiny Qwen2-VL: random weights from a fixed seed, a byte-level tokenizer, the configuration files of the HF layout."""

import json
from pathlib import Path

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import Qwen2VLConfig, Qwen2VLForConditionalGeneration

SEED = 20
SPECIALS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|vision_pad|>", "<|image_pad|>",
            "<|video_pad|>"]
ORDINARY = 369
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
CORPUS = [
    "You are a helpful assistant.", "system user assistant", "Which of the two videos is better, A or B, or is it a tie?",
    "Video A: Video B: the colour and the light of the video", "va vf vp overall: A B tie because the texture boils",
    '{"winner": "A", "score": 1, "reason": "sharper"}',
]


def build_tokenizer() -> Tokenizer:
    """Byte-level BPE of 369 tokens, then the eight special ones."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(vocab_size=ORDINARY, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(CORPUS * 4, trainer)
    if tokenizer.get_vocab_size() != ORDINARY:
        raise SystemExit(f"the tokenizer has {tokenizer.get_vocab_size()} ordinary tokens, {ORDINARY} were wanted")
    tokenizer.add_special_tokens([AddedToken(s, special=True, normalized=False) for s in SPECIALS])
    return tokenizer


def configuration(tokenizer: Tokenizer) -> dict:
    """config.json, flat: transformers.js looks for the decoder's sizes at the top."""
    ids = {s: tokenizer.token_to_id(s) for s in SPECIALS}
    return {
        "architectures": ["Qwen2VLForConditionalGeneration"], "model_type": "qwen2_vl", "vocab_size": tokenizer.get_vocab_size(),
        "hidden_size": HIDDEN, "intermediate_size": 128, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS,
        "num_key_value_heads": KV_HEADS, "hidden_act": "silu", "max_position_embeddings": 4096, "rms_norm_eps": 1e-6,
        "rope_theta": 10000.0, "rope_scaling": {"type": "mrope", "mrope_section": [2, 3, 3]}, "tie_word_embeddings": False,
        "use_sliding_window": False, "bos_token_id": ids["<|endoftext|>"], "eos_token_id": ids["<|im_end|>"],
        "image_token_id": ids["<|image_pad|>"], "video_token_id": ids["<|video_pad|>"],
        "vision_start_token_id": ids["<|vision_start|>"], "vision_end_token_id": ids["<|vision_end|>"],
        "vision_token_id": ids["<|vision_pad|>"],
        "vision_config": {"model_type": "qwen2_vl", "depth": 2, "embed_dim": 64, "hidden_size": HIDDEN, "num_heads": 4, "mlp_ratio": 2,
                          "in_channels": 3, "patch_size": 14, "spatial_merge_size": 2, "temporal_patch_size": 2},
    }


def build_model(config: dict, tokenizer: Tokenizer) -> Qwen2VLForConditionalGeneration:
    """Random weights; the head's special rows are small, so that ordinary tokens win."""
    torch.manual_seed(SEED)
    model = Qwen2VLForConditionalGeneration._from_config(Qwen2VLConfig(**config), attn_implementation="eager").eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.dim() > 1:
                weight.normal_(0, 0.15 if ".visual." in name else 0.35)
        for special in SPECIALS:
            model.lm_head.weight[tokenizer.token_to_id(special)] *= 0.01
    return model


def write_files(out: Path, config: dict, tokenizer: Tokenizer) -> None:
    """All of the layout but the graphs."""
    preprocessor = {
        "image_processor_type": "Qwen2VLImageProcessor", "processor_class": "Qwen2VLProcessor", "do_resize": True, "do_rescale": True,
        "do_normalize": True, "do_convert_rgb": True, "rescale_factor": 1 / 255, "resample": 3,
        "image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711],
        "min_pixels": 3136, "max_pixels": 50176, "patch_size": 14, "temporal_patch_size": 2, "merge_size": 2,
    }
    tokens = {"tokenizer_class": "Qwen2Tokenizer", "model_max_length": 4096, "eos_token": "<|im_end|>", "pad_token": "<|endoftext|>",
              "chat_template": CHAT_TEMPLATE, "clean_up_tokenization_spaces": False}
    generation = {"bos_token_id": config["bos_token_id"], "eos_token_id": [config["eos_token_id"], config["bos_token_id"]],
                  "pad_token_id": config["bos_token_id"], "do_sample": True, "top_k": 1, "top_p": 0.001, "temperature": 0.01}
    for name, content in {"config": config, "preprocessor_config": preprocessor, "tokenizer_config": tokens,
                          "generation_config": generation}.items():
        (out / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)
