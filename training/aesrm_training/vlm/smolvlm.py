"""The tiny SmolVLM: square pictures of one size, a clip as a list of pictures with their times."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
from PIL import Image
from tokenizers import Tokenizer
from transformers import Idefics3Config, Idefics3ForConditionalGeneration, SmolVLMConfig, SmolVLMForConditionalGeneration
from transformers.models.smolvlm import processing_smolvlm
from transformers.models.smolvlm.image_processing_pil_smolvlm import SmolVLMImageProcessorPil

from . import graphs
from .tiny import randomise

SIDE, PATCH, SCALE = 56, 14, 2
NAME, WIDTH, HEIGHT, QUANTISED = "tiny-smolvlm", SIDE, SIDE, False
SEED = 25
SPECIALS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<fake_token_around_image>", "<image>", "<global-img>", "<end_of_utterance>"]
TOKENS_OF_IMAGE = (SIDE // PATCH) ** 2 // SCALE**2
CHAT_TEMPLATE = processing_smolvlm.DEFAULT_CHAT_TEMPLATE
# The original takes numbers in words from the package num2words; these are all that are needed.
NUMBER_WORDS = {4: "four"}


def configuration(tokenizer: Tokenizer) -> dict:
    bos, eos = tokenizer.token_to_id("<|im_start|>"), tokenizer.token_to_id("<end_of_utterance>")
    return {
        "architectures": ["SmolVLMForConditionalGeneration"], "model_type": "smolvlm", "tie_word_embeddings": False, "scale_factor": SCALE,
        "image_token_id": tokenizer.token_to_id("<image>"), "bos_token_id": bos, "eos_token_id": eos,
        "pad_token_id": tokenizer.token_to_id("<|im_end|>"),
        "text_config": {"model_type": "llama", "vocab_size": tokenizer.get_vocab_size(), "hidden_size": 48, "intermediate_size": 96,
                        "num_hidden_layers": 2, "num_attention_heads": 3, "num_key_value_heads": 1, "head_dim": 16, "hidden_act": "silu",
                        "max_position_embeddings": 4096, "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "bos_token_id": bos,
                        "eos_token_id": eos, "pad_token_id": tokenizer.token_to_id("<|im_end|>")},
        "vision_config": {"model_type": "smolvlm_vision", "hidden_size": 48, "intermediate_size": 96, "num_hidden_layers": 2,
                          "num_attention_heads": 3, "num_channels": 3, "image_size": SIDE, "patch_size": PATCH,
                          "hidden_act": "gelu_pytorch_tanh", "layer_norm_eps": 1e-6},
    }


def build_model(config: dict, tokenizer: Tokenizer) -> SmolVLMForConditionalGeneration:
    torch.manual_seed(SEED)
    model = SmolVLMForConditionalGeneration._from_config(SmolVLMConfig(**config), attn_implementation="eager").eval()
    randomise(model, [tokenizer.token_to_id(s) for s in SPECIALS], "vision_model", (0.2, 0.4))
    return model


def older(model: SmolVLMForConditionalGeneration, config: dict) -> Idefics3ForConditionalGeneration:
    """The same weights in the architecture from which SmolVLM comes, and under whose name its first models go."""
    vision = {**config["vision_config"], "model_type": "idefics3_vision"}
    built = Idefics3ForConditionalGeneration._from_config(Idefics3Config(**{**config, "model_type": "idefics3", "vision_config": vision}),
                                                          attn_implementation="eager").eval()
    built.load_state_dict(model.state_dict())
    return built


def files(config: dict) -> dict[str, dict]:
    return {
        "config": config,
        "preprocessor_config": {
            "image_processor_type": "SmolVLMImageProcessor", "processor_class": "SmolVLMProcessor", "do_convert_rgb": True, "do_resize": True,
            "do_rescale": True, "do_normalize": True, "do_pad": True, "do_image_splitting": True, "rescale_factor": 1 / 255, "resample": 1,
            "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5], "size": {"longest_edge": 4 * SIDE},
            "max_image_size": {"longest_edge": SIDE},
        },
        "tokenizer_config": {"tokenizer_class": "GPT2Tokenizer", "model_max_length": 4096, "bos_token": "<|im_start|>",
                             "eos_token": "<end_of_utterance>", "pad_token": "<|im_end|>", "unk_token": "<|endoftext|>",
                             "chat_template": CHAT_TEMPLATE, "clean_up_tokenization_spaces": False},
        "generation_config": {"bos_token_id": config["bos_token_id"], "eos_token_id": config["eos_token_id"],
                              "pad_token_id": config["pad_token_id"]},
    }


class Vision(torch.nn.Module):
    """The vision tower over pictures without padding, which ours never have; the mask is for those that have some."""

    def __init__(self, model: SmolVLMForConditionalGeneration) -> None:
        super().__init__()
        self.vision, self.connector = model.model.vision_model, model.model.connector

    def forward(self, pixel_values: torch.Tensor, pixel_attention_mask: torch.Tensor) -> torch.Tensor:
        pictures = pixel_values.flatten(0, 1)
        seen = torch.nn.functional.max_pool2d(pixel_attention_mask.flatten(0, 1).float()[:, None], PATCH)[:, 0] > 0
        hidden = self.embed(pictures, seen)
        mask = torch.zeros((), dtype=torch.float32).masked_fill(~seen.flatten(1)[:, None, None, :], -1e9)
        for layer in self.vision.encoder.layers:
            hidden = layer(hidden, mask)
        return self.connector(self.vision.post_layernorm(hidden))

    def embed(self, pictures: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
        """The original's embeddings; it writes places through a mask, which does not trace with the right type."""
        embeddings = self.vision.embeddings
        side = embeddings.num_patches_per_side
        bounds = torch.arange(1 / side, 1.0, 1 / side)

        def buckets(count: torch.Tensor) -> torch.Tensor:
            parts = (torch.arange(side, dtype=torch.float32)[None] * (1.0 / count)[:, None]).clamp(max=1.0 - 1e-6)
            return (parts[:, :, None] >= bounds).sum(-1)

        rows, columns = buckets(seen[:, :, 0].sum(1)), buckets(seen[:, 0].sum(1))
        places = (rows[:, :, None] * side + columns[:, None]).flatten(1) * seen.flatten(1)
        return embeddings.patch_embedding(pictures).flatten(2).transpose(1, 2) + embeddings.position_embedding(places)


class Decoder(graphs.Decoder):
    """The language model, a Llama."""

    def run(self, embeds, mask, position_ids, cache):
        return self.language_model(inputs_embeds=embeds, attention_mask=mask, position_ids=position_ids, past_key_values=cache,
                                   use_cache=True).last_hidden_state


def export(model: SmolVLMForConditionalGeneration, out: Path) -> None:
    example = (torch.randn(1, 3, 3, SIDE, SIDE), torch.ones(1, 3, SIDE, SIDE, dtype=torch.bool))
    axes = {0: "batch_size", 1: "num_images"}
    graphs.to_onnx(Vision(model), example, ["pixel_values", "pixel_attention_mask"], ["image_features"],
                   {"pixel_values": axes, "pixel_attention_mask": axes, "image_features": {0: "features"}}, out / "vision_encoder.onnx")
    graphs.export_text(model.model.text_model, model.lm_head, model.config.text_config, out, 1, Decoder)


def turns(messages: list) -> list:
    """As the original's template takes them: always parts, several frames as a video."""
    def part(p: dict) -> dict:
        return {"type": "video"} if p["type"] == "image" and "frame" not in p else p
    return [{"role": m["role"], "content": [{"type": "text", "text": m["content"]}] if isinstance(m["content"], str) else
             [part(p) for p in m["content"]]} for m in messages]


def prepare(model, tokenizer: Tokenizer, text: str, shots: list[tuple[np.ndarray, list[float]]], folder: Path) -> tuple[str, dict, torch.Tensor]:
    """As the original does it: several frames are a video, with the original's own words; a lone one is an image, not cut up."""
    processing_smolvlm.num2words = NUMBER_WORDS.__getitem__
    marks = SimpleNamespace(image_seq_len=TOKENS_OF_IMAGE, image_token="<image>", fake_image_token="<fake_token_around_image>",
                            global_image_token="<global-img>")
    for frames, times in shots:
        if len(frames) == 1:
            told = processing_smolvlm.get_image_prompt_string(0, 0, TOKENS_OF_IMAGE, marks.fake_image_token, marks.image_token,
                                                              marks.global_image_token)
            text = text.replace("<image>", told.replace("<", "\0"), 1)
        else:
            told = processing_smolvlm.SmolVLMProcessor.replace_video_token(
                marks, {"pixel_values": frames[None], "video_metadata": [SimpleNamespace(fps=1.0, timestamps=times, duration=None)]}, 0)
            text = text.replace("<video>", told.replace("<", "\0"), 1)
    text = text.replace("\0", "<")
    processor = SmolVLMImageProcessorPil.from_pretrained(str(folder))
    pictures = [Image.fromarray(frame) for frames, _ in shots for frame in frames]
    # The size that the published models have for videos; that for images is larger, for the sake of pictures that are cut up.
    seen = processor([pictures], do_image_splitting=False, size={"longest_edge": SIDE}, return_tensors="pt")
    inputs = {"pixel_values": seen["pixel_values"], "pixel_attention_mask": seen["pixel_attention_mask"]}
    with torch.no_grad():
        features = model.model.get_image_features(**inputs).pooler_output.flatten(0, 1)
    return text, inputs, features
