"""What the Python original answers: ids, features, tokens, first logits, for a pair of clips, swapped, and its frames one by one."""

import json
from pathlib import Path

import numpy as np
import torch

FRAMES = 4
TOKENS = 20
# Smallest difference between the best two logits at which a token counts as certain.
LEAST_GAP = 1e-3
SYSTEM = {"role": "system", "content": "You are a helpful assistant."}
# A clip's frames follow each other without a word between.
MESSAGES = [
    SYSTEM,
    {"role": "user", "content": [{"type": "text", "text": "Video A: "}, {"type": "image", "clip": 0}, {"type": "text", "text": "\nVideo B: "},
                                 {"type": "image", "clip": 1}, {"type": "text", "text": "\nWhich is better?"}]},
]
# Each frame by itself, with words before it: as the judge is really asked.
APART = [
    SYSTEM,
    {"role": "user", "content": [part for clip in (0, 1) for frame in range(FRAMES) for part in
                                 ({"type": "text", "text": f"Video {'AB'[clip]} at {frame} s: "},
                                  {"type": "image", "clip": clip, "frame": frame})]
     + [{"type": "text", "text": "Which is better?"}]},
]


def made_up_clips(width: int, height: int) -> np.ndarray:
    """Two clips, uint8 [2, FRAMES, height, width, 3]: moving gradients with some noise."""
    noise = np.random.default_rng(7).integers(0, 40, (2, FRAMES, height, width, 3))
    c, t, y, x, rgb = np.meshgrid(*(np.arange(n) for n in (2, FRAMES, height, width, 3)), indexing="ij")
    return ((x * (2 + c) + y * (3 - c) + t * 11 * (1 + c) + rgb * 37 + noise) % 256).astype(np.uint8)


def answer(family, model, tokenizer, clips: np.ndarray, messages: list, folder: Path) -> dict:
    """Greedy generation over messages with these two clips."""
    from jinja2 import Template
    parts = [p for m in messages if not isinstance(m["content"], str) for p in m["content"] if p["type"] == "image"]
    shots = [(clips[p["clip"]][[p["frame"]]], [p["frame"]]) if "frame" in p else (clips[p["clip"]], list(range(FRAMES))) for p in parts]
    shown = family.turns(messages) if hasattr(family, "turns") else messages
    text = Template(family.CHAT_TEMPLATE, keep_trailing_newline=True).render(messages=shown, add_generation_prompt=True)
    text, inputs, features = family.prepare(model, tokenizer, text, shots, folder)
    ids = torch.tensor([tokenizer.encode(text, add_special_tokens=False).ids])
    with torch.no_grad():
        made = model.generate(input_ids=ids, attention_mask=torch.ones_like(ids), **inputs, max_new_tokens=TOKENS, do_sample=False, top_k=None,
                              top_p=None, temperature=None, return_dict_in_generate=True, output_logits=True)
    tokens = made.sequences[0, ids.shape[1]:].tolist()
    logits = torch.stack(made.logits)[:, 0].double()
    best = logits.topk(2).values
    gap = float((best[:, 0] - best[:, 1]).min())
    if gap < LEAST_GAP or len(tokens) < TOKENS:
        raise SystemExit(f"the best two logits are {gap:.1e} apart, {len(tokens)} tokens: choose another seed")
    logprobs = logits.log_softmax(-1)
    return {"prompt": text, "ids": ids[0].tolist(), **({"grid": inputs["image_grid_thw"].tolist()} if "image_grid_thw" in inputs else {}),
            "tokens": tokens, "text": tokenizer.decode(tokens, skip_special_tokens=True),
            "gap": gap, "firstLogprobs": [round(v, 6) for v in logprobs[0].tolist()],
            "chosenLogprobs": [round(float(logprobs[i, t]), 6) for i, t in enumerate(tokens)],
            "features": [round(v, 5) for v in features[:: max(1, len(features) // 8), ::16].flatten().tolist()]}


def write(family, model, tokenizer, out: Path, older=None) -> None:
    """goldens.json and frames.rgb (both clips, frame by frame). older: an architecture that must say the same."""
    clips = made_up_clips(family.WIDTH, family.HEIGHT)
    (out / "frames.rgb").write_bytes(clips.tobytes())
    import transformers
    goldens = {"original": f"transformers {transformers.__version__}, torch {torch.__version__}", "frames": FRAMES, "width": family.WIDTH,
               "height": family.HEIGHT, "messages": MESSAGES, "apartMessages": APART,
               "ab": answer(family, model, tokenizer, clips, MESSAGES, out),
               "ba": answer(family, model, tokenizer, clips[::-1], MESSAGES, out),
               "apart": answer(family, model, tokenizer, clips, APART, out)}
    if len({tuple(goldens[key]["tokens"]) for key in ("ab", "ba", "apart")}) < 3:
        raise SystemExit("two questions give the same answer: choose another seed")
    if older and any(answer(family, older, tokenizer, clips, asked, out)["tokens"] != goldens[key]["tokens"]
                     for key, asked in (("ab", MESSAGES), ("apart", APART))):
        raise SystemExit(f"{type(older).__name__} does not give the same answers")
    (out / "goldens.json").write_text(json.dumps(goldens) + "\n", encoding="utf-8")
