"""Golden values: what torch says of made-up clips, so that any runtime can be held to it without torch."""

import json
from pathlib import Path

import numpy as np
import torch

from .atomic.describe import TOLD, Describer
from .model import Encoder, Verdict
from .plan import FRAMES
from .session import Session
from .train import Nets

#: How far another runtime may be off, against the largest of the values compared where that is above 1.
TOLERANCE = 1e-4
#: Of an encoding, the first number and every so many after it are kept: some of every network.
EVERY = 16
OUTPUTS = ("criteria", "dimensions", "overall")

#: Inputs of the golden values: name, height, width and factors of `(x*X + y*Y + f*F + c*C) mod 256`.
GOLDEN_INPUTS = [
    {"name": "diagonal", "height": 48, "width": 64, "x": 7, "y": 13, "f": 29, "c": 53},
    {"name": "slow", "height": 48, "width": 64, "x": 2, "y": 3, "f": 1, "c": 17},
    # of a size that clips come to: a smaller still of few shades is rounding alone, and no two runtimes round alike
    {"name": "still", "height": 144, "width": 256, "x": 5, "y": 1, "f": 0, "c": 0},
    {"name": "flattest", "height": 8, "width": 256, "x": 1, "y": 9, "f": 3, "c": 80},
    {"name": "narrowest", "height": 256, "width": 8, "x": 11, "y": 1, "f": 2, "c": 80},
]
_PAIRS = (("diagonal", "slow"), ("slow", "still"), ("still", "still"), ("flattest", "narrowest"))


def golden_frames(spec: dict) -> np.ndarray:
    """The uint8 frames [24, H, W, 3] that a golden input describes."""
    f, y, x, c = np.meshgrid(np.arange(FRAMES), np.arange(spec["height"]), np.arange(spec["width"]), np.arange(3), indexing="ij")
    return ((x * spec["x"] + y * spec["y"] + f * spec["f"] + c * spec["c"]) % 256).astype(np.uint8)


def distance(got, want) -> float:
    """The largest difference, against the largest value wanted where that is above 1; infinite where there are more values
    than wanted, or fewer."""
    got, want = np.asarray(got, np.float64), np.asarray(want, np.float64)
    if got.shape != want.shape:
        return float("inf")
    return float(np.abs(got - want).max() / max(1.0, np.abs(want).max()))


@torch.no_grad()
def golden_values(nets: Nets, describer: Describer) -> dict:
    """The document that goldens.json holds."""
    encoder, verdict = Encoder(nets.head, describer).eval(), Verdict(nets.judge).eval()
    codes = {s["name"]: encoder(torch.from_numpy(golden_frames(s))) for s in GOLDEN_INPUTS}
    pairs = [{"a": a, "b": b, **{n: _short(v[0]) for n, v in zip(OUTPUTS, verdict(codes[a], codes[b]))}} for a, b in _PAIRS]
    return {
        "about": "frames[f,y,x,c] = (x*X + y*Y + f*F + c*C) mod 256, uint8 [24, height, width, 3]; the tolerance is "
                 "against the largest of an input's or a pair's values where that is above 1",
        "from": f"torch {torch.__version__}",
        "tolerance": TOLERANCE,
        "every": EVERY,
        "inputs": [{**s, "encoding": _short(codes[s["name"]][0, :-TOLD:EVERY]),
                    "told": _short(codes[s["name"]][0, -TOLD:])} for s in GOLDEN_INPUTS],
        "pairs": pairs,
    }


def _short(values: torch.Tensor) -> list:
    """Numbers of six decimals."""
    return [_short(v) if v.dim() else round(v.item(), 6) for v in values]


def disagreement(model: Path, goldens: dict) -> float:
    """The largest distance of the ONNX files in `model` from golden values."""
    with Session(model / "encoder.onnx", 1) as encoder, Session(model / "judge.onnx", 1) as judge:
        codes = {s["name"]: encoder.run(frames=golden_frames(s))["encoding"] for s in goldens["inputs"]}
        off = [distance(codes[s["name"]][0, :-TOLD:goldens["every"]], s["encoding"]) for s in goldens["inputs"]]
        off += [distance(codes[s["name"]][0, -TOLD:], s["told"]) for s in goldens["inputs"]]
        for pair in goldens["pairs"]:
            said = judge.run(a=codes[pair["a"]], b=codes[pair["b"]])
            off += [distance(said[n][0], pair[n]) for n in OUTPUTS]
    return max(off)


def write_goldens(nets: Nets, describer: Describer, out: Path) -> None:
    """Writes goldens.json beside the ONNX files; refuses files that do not say what torch says."""
    goldens = golden_values(nets, describer)
    off = disagreement(out, goldens)
    if off > TOLERANCE:
        raise ValueError(f"the exported model is {off:.1e} off torch; {TOLERANCE:.0e} is allowed")
    print(f"onnxruntime-node and torch agree to {off:.1e}")
    (out / "goldens.json").write_text(json.dumps(goldens, indent=1) + "\n", encoding="utf-8")
