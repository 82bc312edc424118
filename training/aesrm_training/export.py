"""Writing the model: two ONNX files and the manifest."""

import hashlib
import json
import re
from pathlib import Path

import torch

from .atomic.describe import TOLD, Describer
from .halves import in_halves
from .model import ENCODING, Encoder, Verdict
from .onnx_file import to_onnx
from .plan import FRAMES, PLAN
from .rubric import CLAIMED, CRITERIA
from .train import Nets

MODEL_ID = "compact"
VERSION = "0.5.0"
#: The scalers that frames come through, one after the other.
RESIZED_BY = ", then ".join(re.findall(r"flags=(\w+)", PLAN["filter"]))


def write_onnx(nets: Nets, describer: Describer, out: Path) -> None:
    """Exports encoder.onnx and judge.onnx."""
    out.mkdir(parents=True, exist_ok=True)
    nets.eval()
    describer.eval()
    frames = torch.randint(0, 255, (FRAMES, 48, 64, 3), dtype=torch.uint8)
    encoder = to_onnx(Encoder(nets.head, describer), (frames,), ["frames"], ["encoding"], {"frames": {1: "height", 2: "width"}})
    (out / "encoder.onnx").write_bytes(in_halves(encoder))
    batch = {0: "pairs"}
    names = ["criteria", "dimensions", "overall"]
    size = ENCODING * len(nets.head.members) + TOLD
    example = (torch.randn(3, size), torch.randn(3, size))
    judge = to_onnx(Verdict(nets.judge), example, ["a", "b"], names, {n: batch for n in ["a", "b", *names]})
    (out / "judge.onnx").write_bytes(in_halves(judge))


def _file(path: Path) -> dict:
    """A manifest's entry for one file."""
    data = path.read_bytes()
    return {"path": path.name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def write_manifest(out: Path, agreement: list[dict], concepts: dict) -> None:
    """Writes manifest.json for the files in `out`."""
    manifest = {
        "format": "aesrm.model/1", "id": MODEL_ID, "name": "Compact judge", "version": VERSION, "kind": "encoder-judge",
        "licence": "MIT", "plan": PLAN["id"], "encodingSize": concepts["from"] + TOLD, "concepts": concepts,
        "files": {"encoder": _file(out / "encoder.onnx"), "judge": _file(out / "judge.onnx")},
        "input": {"encoder": "frames", "a": "a", "b": "b", "dtype": "uint8", "layout": "FHWC", "colourMatrix": "auto",
                  "colourRange": "full", "resizeFilter": RESIZED_BY, "mean": [0, 0, 0], "std": [1, 1, 1]},
        "output": {"encoding": "encoding", "criteria": "criteria", "dimensions": "dimensions", "overall": "overall"},
        "criteria": CRITERIA, "claimed": CLAIMED, "agreement": agreement,
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
