"""python -m aesrm_training.vlm [--out DIR]: makes the tiny Qwen2-VL and its goldens."""

import argparse
from pathlib import Path

from ..paths import REPO
from . import goldens, graphs, tiny


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m aesrm_training.vlm", description=__doc__)
    parser.add_argument("--out", type=Path, default=REPO / "test" / "fixtures" / "tiny-qwen2-vl")
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = tiny.build_tokenizer()
    config = tiny.configuration(tokenizer)
    model = tiny.build_model(config, tokenizer)
    tiny.write_files(out, config, tokenizer)
    graphs.export(model, out / "onnx")
    goldens.write(model, tokenizer, out)
    print(f"{sum(p.numel() for p in model.parameters())} parameters, {sum(f.stat().st_size for f in out.rglob('*') if f.is_file())} bytes")


main()
