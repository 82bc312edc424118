"""python -m aesrm_training.vlm [--out DIR] [FAMILY...]: makes the tiny vision-language models and their goldens."""

import argparse
from pathlib import Path

from ..paths import REPO
from . import goldens, graphs, qwen2, qwen25, qwen3, smolvlm, tiny

FAMILIES = {family.NAME: family for family in (qwen2, qwen25, qwen3, smolvlm)}


def make(family, out: Path) -> None:
    (out / "onnx").mkdir(parents=True, exist_ok=True)
    tokenizer = tiny.build_tokenizer(family.SPECIALS)
    config = family.configuration(tokenizer)
    model = family.build_model(config, tokenizer)
    tiny.write_files(out, tokenizer, family.files(config))
    family.export(model, out / "onnx")
    if family.QUANTISED:
        graphs.quantise_all(out / "onnx")
    older = family.older(model, config) if hasattr(family, "older") else None
    goldens.write(family, model, tokenizer, out, older)
    size = sum(f.stat().st_size for f in out.rglob("*") if f.is_file())
    print(f"{family.NAME}: {sum(p.numel() for p in model.parameters())} parameters, {size} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m aesrm_training.vlm", description=__doc__)
    parser.add_argument("--out", type=Path, default=REPO / "test" / "fixtures")
    parser.add_argument("families", nargs="*", choices=[[], *FAMILIES], default=[])
    args = parser.parse_args()
    for name in args.families or FAMILIES:
        make(FAMILIES[name], args.out / name)


main()
