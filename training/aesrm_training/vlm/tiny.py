"""What the tiny models share: a byte-level tokenizer, random weights from a fixed seed, the files of the HF layout."""

import json
from pathlib import Path

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

ORDINARY = 369
CORPUS = [
    "You are a helpful assistant.", "system user assistant", "Which of the two videos is better, A or B, or is it a tie?",
    "Video A: Video B: the colour and the light of the video", "va vf vp overall: A B tie because the texture boils",
    '{"winner": "A", "score": 1, "reason": "sharper"}',
]


def build_tokenizer(specials: list[str]) -> Tokenizer:
    """Byte-level BPE of 369 tokens, then a family's special ones."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(vocab_size=ORDINARY, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(CORPUS * 4, trainer)
    if tokenizer.get_vocab_size() != ORDINARY:
        raise SystemExit(f"the tokenizer has {tokenizer.get_vocab_size()} ordinary tokens, {ORDINARY} were wanted")
    tokenizer.add_special_tokens([AddedToken(s, special=True, normalized=False) for s in specials])
    return tokenizer


def randomise(model: torch.nn.Module, specials: list[int], vision: str, stds: tuple[float, float] = (0.15, 0.35)) -> None:
    """Random weights, of one spread for the vision tower and another for the rest; the head's special rows are small, so that
    ordinary tokens win."""
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.dim() > 1:
                weight.normal_(0, stds[0] if vision in name else stds[1])
        for special in specials:
            model.lm_head.weight[special] *= 0.01


def write_files(out: Path, tokenizer: Tokenizer, files: dict[str, dict]) -> None:
    """All of the layout but the graphs."""
    for name, content in files.items():
        (out / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)
