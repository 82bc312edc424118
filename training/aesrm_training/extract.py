"""The statistics as an ONNX session: making training data runs the same graph as the product, several times faster
than torch runs the module."""

from pathlib import Path

import numpy as np
import torch
from torch import nn

from .onnx_file import to_onnx
from .session import Session
from .statistics import Statistics


class Normalised(nn.Module):
    """uint8 frames [24, H, W, 3] in, statistics out."""

    def __init__(self):
        super().__init__()
        self.statistics = Statistics()

    def forward(self, frames):
        return self.statistics(frames.permute(0, 3, 1, 2).to(torch.float32) / 255)


def extractor_file() -> bytes:
    """The statistics as an ONNX file."""
    example = torch.randint(0, 255, (24, 48, 64, 3), dtype=torch.uint8)
    return to_onnx(Normalised(), (example,), ["frames"], ["stats"], {"frames": {1: "h", 2: "w"}})


class Extractor:
    """Frames uint8 [24, H, W, 3] to statistics float32 [S]."""

    def __init__(self, model: Path, threads: int):
        self.session = Session(model, threads)

    def __call__(self, frames: np.ndarray) -> np.ndarray:
        return self.session.run(frames=frames)["stats"][0]
