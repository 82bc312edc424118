"""Hand-made measures of a clip, for the baselines: what a judge must be better than."""

from pathlib import Path

import numpy as np

from ..clips import Clip
from ..decode import SECONDS, decode, source_size
from ..degrade.ops import LUMA
from ..plan import BURST, constant_rate_indices

#: Keeps logarithms finite; far below one grey level of 255.
_FLOOR = 1e-6


def laplacian_variance(y: np.ndarray) -> float:
    """Mean over pictures [n, H, W] of the variance of the Laplacian."""
    centre = y[:, 1:-1, 1:-1]
    laplacian = y[:, :-2, 1:-1] + y[:, 2:, 1:-1] + y[:, 1:-1, :-2] + y[:, 1:-1, 2:] - 4 * centre
    return float(laplacian.var((1, 2)).mean())


def frame_change(y: np.ndarray) -> float:
    """Mean absolute difference of neighbouring frames inside the bursts of luma [24, H, W]."""
    bursts = y.reshape(-1, BURST, *y.shape[1:])
    return float(np.abs(np.diff(bursts, axis=1)).mean())


def _colourfulness(rgb: np.ndarray) -> float:
    """Hasler and Suesstrunk 2003, of values in 0..1."""
    rg, yb = rgb[..., 0] - rgb[..., 1], (rgb[..., 0] + rgb[..., 1]) / 2 - rgb[..., 2]
    return float(np.hypot(rg.std(), yb.std()) + 0.3 * np.hypot(rg.mean(), yb.mean()))


def measure_frames(frames: np.ndarray) -> dict[str, float]:
    """Measures of the plan's frames uint8 [24, H, W, 3]; luma in 0..1."""
    rgb = frames.astype(np.float32) / 255
    y, centres = rgb @ LUMA, rgb[BURST // 2 :: BURST]
    levels = y.mean((1, 2))
    return {
        "sharpness": float(np.log(laplacian_variance(y[BURST // 2 :: BURST]) + _FLOOR)),
        "change": float(np.log(frame_change(y) + _FLOOR)),
        "brightness": float(y.mean()), "contrast": float(y.std((1, 2)).mean()),
        "dark": float((y < 0.05).mean()), "bright": float((y > 0.95).mean()),
        "saturation": float((centres.max(-1) - centres.min(-1)).mean()), "colourfulness": _colourfulness(centres),
        "unsteadiness": float(levels.std()),
    }


def measure_clip(clip: Clip, path: Path) -> dict[str, float]:
    """Measures of a clip, its size and length among them. Reads the file: no cache of its frames is needed."""
    frames = decode(path, SECONDS)
    width, height = source_size(path)
    return {**measure_frames(frames[constant_rate_indices(len(frames))]),
            "size": float(np.log(width * height)), "length": float(np.log(len(frames)))}
