"""What the Python original answers: ids, features, tokens, first logits, for a pair of clips and for the pair swapped."""

import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from transformers import Qwen2VLForConditionalGeneration
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil

from .tiny import CHAT_TEMPLATE

FRAMES, WIDTH, HEIGHT = 4, 84, 56
TOKENS = 20
# Smallest difference between the best two logits at which a token counts as certain.
LEAST_GAP = 1e-3
MESSAGES = [
    {"role": "system", "content": "You are a helpful assistant."},
    {"role": "user", "content": [{"type": "text", "text": "Video A: "}, {"type": "image", "clip": 0}, {"type": "text", "text": "\nVideo B: "},
                                 {"type": "image", "clip": 1}, {"type": "text", "text": "\nWhich is better?"}]},
]


def made_up_clips() -> np.ndarray:
    """Two clips, uint8 [2, FRAMES, HEIGHT, WIDTH, 3]: moving gradients with some noise."""
    noise = np.random.default_rng(7).integers(0, 40, (2, FRAMES, HEIGHT, WIDTH, 3))
    c, t, y, x, rgb = np.meshgrid(*(np.arange(n) for n in (2, FRAMES, HEIGHT, WIDTH, 3)), indexing="ij")
    return ((x * (2 + c) + y * (3 - c) + t * 11 * (1 + c) + rgb * 37 + noise) % 256).astype(np.uint8)


def pixel_values(frames: np.ndarray, folder: Path) -> tuple[torch.Tensor, list[int]]:
    """Patches of one clip by the original image processor, two frames to a temporal slice, and the grid [t, h, w]."""
    processor = Qwen2VLImageProcessorPil.from_pretrained(str(folder))
    single = [processor([Image.fromarray(f)], return_tensors="pt") for f in frames]
    _, h, w = single[0]["image_grid_thw"][0].tolist()
    # A lone frame fills both places of its slice; of each pair the first place is taken from one, the second from the other.
    places = [s["pixel_values"].reshape(h * w, 3, 2, -1)[:, :, 0] for s in single]
    slices = [torch.stack([places[i], places[i + 1]], 2).reshape(h * w, -1) for i in range(0, len(places), 2)]
    return torch.cat(slices), [len(slices), h, w]


def answer(model: Qwen2VLForConditionalGeneration, tokenizer, clips: np.ndarray, folder: Path) -> dict:
    """Greedy generation over MESSAGES with these two clips."""
    from jinja2 import Template
    parts = [pixel_values(clip, folder) for clip in clips]
    grid = torch.tensor([g for _, g in parts])
    text = Template(CHAT_TEMPLATE, keep_trailing_newline=True).render(messages=MESSAGES, add_generation_prompt=True)
    for _, (t, h, w) in parts:
        text = text.replace("<|image_pad|>", "<|hole|>" * (t * h * w // 4), 1)
    text = text.replace("<|hole|>", "<|image_pad|>")
    ids = torch.tensor([tokenizer.encode(text, add_special_tokens=False).ids])
    image = model.config.image_token_id
    pixels = torch.cat([p for p, _ in parts])
    with torch.no_grad():
        features = torch.cat(model.model.get_image_features(pixels, grid).pooler_output)
        made = model.generate(input_ids=ids, attention_mask=torch.ones_like(ids), pixel_values=pixels, image_grid_thw=grid,
                              mm_token_type_ids=(ids == image).int(), max_new_tokens=TOKENS, do_sample=False, top_k=None, top_p=None,
                              temperature=None, return_dict_in_generate=True, output_logits=True)
    tokens = made.sequences[0, ids.shape[1]:].tolist()
    logits = torch.stack(made.logits)[:, 0].double()
    best = logits.topk(2).values
    gap = float((best[:, 0] - best[:, 1]).min())
    if gap < LEAST_GAP:
        raise SystemExit(f"the best two logits are {gap:.1e} apart: choose another seed")
    logprobs = logits.log_softmax(-1)
    return {"prompt": text, "ids": ids[0].tolist(), "grid": grid.tolist(), "tokens": tokens, "text": tokenizer.decode(tokens, skip_special_tokens=True),
            "gap": gap, "firstLogprobs": [round(v, 6) for v in logprobs[0].tolist()],
            "chosenLogprobs": [round(float(logprobs[i, t]), 6) for i, t in enumerate(tokens)],
            "features": [round(v, 5) for v in features[:: max(1, len(features) // 8), ::16].flatten().tolist()]}


def write(model: Qwen2VLForConditionalGeneration, tokenizer, out: Path) -> None:
    """goldens.json and frames.rgb (both clips, frame by frame)."""
    clips = made_up_clips()
    (out / "frames.rgb").write_bytes(clips.tobytes())
    import transformers
    goldens = {"original": f"transformers {transformers.__version__}, torch {torch.__version__}", "frames": FRAMES, "width": WIDTH,
               "height": HEIGHT, "messages": MESSAGES, "ab": answer(model, tokenizer, clips, out),
               "ba": answer(model, tokenizer, clips[::-1], out)}
    if goldens["ab"]["tokens"] == goldens["ba"]["tokens"]:
        raise SystemExit("swapped clips give the same answer: choose another seed")
    (out / "goldens.json").write_text(json.dumps(goldens) + "\n", encoding="utf-8")
