"""Writing the model: two ONNX files, the manifest, and golden values for other runtimes."""

import hashlib
import json
from pathlib import Path

import numpy as np
import torch

from .extract import session, to_onnx
from .model import ENCODING, Encoder, Verdict
from .plan import FRAMES, PLAN
from .rubric import CLAIMED, CRITERIA
from .train import Nets

MODEL_ID = "compact"
VERSION = "0.1.0"


def write_onnx(nets: Nets, out: Path) -> None:
    """Exports encoder.onnx and judge.onnx."""
    out.mkdir(parents=True, exist_ok=True)
    nets.eval()
    frames = torch.randint(0, 255, (FRAMES, 48, 64, 3), dtype=torch.uint8)
    encoder = to_onnx(Encoder(nets.trunk, nets.head), (frames,), ["frames"], ["encoding"], {"frames": {1: "height", 2: "width"}})
    (out / "encoder.onnx").write_bytes(encoder)
    batch = {0: "pairs"}
    names = ["criteria", "dimensions", "overall"]
    example = (torch.randn(3, ENCODING), torch.randn(3, ENCODING))
    judge = to_onnx(Verdict(nets.judge), example, ["a", "b"], names, {n: batch for n in ["a", "b", *names]})
    (out / "judge.onnx").write_bytes(judge)


def _file(path: Path) -> dict:
    """A manifest's entry for one file."""
    data = path.read_bytes()
    return {"path": path.name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def write_manifest(out: Path, agreement: list[dict]) -> None:
    """Writes manifest.json for the files in `out`."""
    manifest = {
        "format": "aesrm.model/1", "id": MODEL_ID, "name": "Compact judge", "version": VERSION, "kind": "encoder-judge",
        "licence": "MIT", "plan": PLAN["id"], "encodingSize": ENCODING,
        "files": {"encoder": _file(out / "encoder.onnx"), "judge": _file(out / "judge.onnx")},
        "input": {"encoder": "frames", "a": "a", "b": "b", "dtype": "uint8", "layout": "FHWC", "colourMatrix": "auto",
                  "colourRange": "full", "resizeFilter": "area", "mean": [0, 0, 0], "std": [1, 1, 1]},
        "output": {"encoding": "encoding", "criteria": "criteria", "dimensions": "dimensions", "overall": "overall"},
        "criteria": CRITERIA, "claimed": CLAIMED, "agreement": agreement,
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


#: Inputs of the golden values: name, height, width and factors of `(x*X + y*Y + f*F + c*C) mod 256`.
GOLDEN_INPUTS = [
    {"name": "diagonal", "height": 48, "width": 64, "x": 7, "y": 13, "f": 29, "c": 53},
    {"name": "slow", "height": 48, "width": 64, "x": 2, "y": 3, "f": 1, "c": 17},
    {"name": "still", "height": 40, "width": 24, "x": 5, "y": 1, "f": 0, "c": 0},
    {"name": "flattest", "height": 8, "width": 256, "x": 1, "y": 9, "f": 3, "c": 80},
    {"name": "narrowest", "height": 256, "width": 8, "x": 11, "y": 1, "f": 2, "c": 80},
]


def golden_frames(spec: dict) -> np.ndarray:
    """The uint8 frames [24, H, W, 3] that a golden input describes."""
    f, y, x, c = np.meshgrid(np.arange(FRAMES), np.arange(spec["height"]), np.arange(spec["width"]), np.arange(3), indexing="ij")
    return ((x * spec["x"] + y * spec["y"] + f * spec["f"] + c * spec["c"]) % 256).astype(np.uint8)


def write_goldens(out: Path) -> None:
    """Writes goldens.json with what onnxruntime's CPU provider gives for the golden inputs."""
    encoder, judge = (session((out / f"{n}.onnx").read_bytes(), 1) for n in ("encoder", "judge"))
    codes = {s["name"]: encoder.run(None, {"frames": golden_frames(s)})[0] for s in GOLDEN_INPUTS}
    rows = []
    for a, b in (("diagonal", "slow"), ("slow", "still"), ("still", "still"), ("flattest", "narrowest")):
        criteria, dimensions, overall = (v[0].round(6).tolist() for v in judge.run(None, {"a": codes[a], "b": codes[b]}))
        rows.append({"a": a, "b": b, "criteria": criteria, "dimensions": dimensions, "overall": overall})
    document = {
        "about": "frames[f,y,x,c] = (x*X + y*Y + f*F + c*C) mod 256, uint8 [24, height, width, 3]",
        "tolerance": {"encoding": 0.01, "probability": 0.01},
        "inputs": [{**s, "encoding8": codes[s["name"]][0, :8].round(6).tolist()} for s in GOLDEN_INPUTS],
        "pairs": rows,
    }
    (out / "goldens.json").write_text(json.dumps(_plain(document), indent=1) + "\n", encoding="utf-8")


def _plain(value):
    """Floats shortened to six decimals after the detour over float32."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return {k: _plain(v) for k, v in value.items()} if isinstance(value, dict) else value
