"""ONNX through the product's own runtime: a Node process with onnxruntime-node serves one model."""

import contextlib
import json
import struct
import subprocess
from pathlib import Path

import numpy as np

from .paths import REPO

BRIDGE = ["node", str(REPO / "scripts" / "onnx-session.mjs")]


class Session:
    """One model on the CPU with a fixed number of threads; ends its process when closed or collected."""

    def __init__(self, model: Path, threads: int):
        self._model = model
        self._node = subprocess.Popen([*BRIDGE, "run", str(model), str(threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.opening_ms = self._answer()[0]
        self.ms = 0.0  # the last run's time, without the way to the process and back

    def run(self, **inputs: np.ndarray) -> dict[str, np.ndarray]:
        """The outputs for inputs by name (uint8 or float32)."""
        header = json.dumps([{"name": n, "type": v.dtype.name, "dims": v.shape} for n, v in inputs.items()]).encode()
        try:
            for part in (struct.pack("<I", len(header)), header, *(np.ascontiguousarray(v).tobytes() for v in inputs.values())):
                self._node.stdin.write(part)
            self._node.stdin.flush()
        except BrokenPipeError as error:
            raise self._gone() from error
        self.ms, outputs = self._answer()
        return outputs

    def close(self) -> None:
        """Ends the process: it stops at the end of its input."""
        with contextlib.suppress(BrokenPipeError):
            self._node.stdin.close()
        self._node.stdout.close()
        self._node.wait()

    def _answer(self) -> tuple[float, dict[str, np.ndarray]]:
        header = json.loads(self._take(struct.unpack("<I", self._take(4))[0]))
        outputs = {}
        for o in header["outputs"]:
            kind = np.dtype(o["type"])
            outputs[o["name"]] = np.frombuffer(self._take(int(np.prod(o["dims"])) * kind.itemsize), kind).reshape(o["dims"])
        return header["ms"], outputs

    def _take(self, length: int) -> bytes:
        data = self._node.stdout.read(length)
        if len(data) < length:
            raise self._gone()
        return data

    def _gone(self) -> RuntimeError:
        return RuntimeError(f"onnxruntime-node ended while serving {self._model}; it says why above")

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def __del__(self):
        if hasattr(self, "_node") and not self._node.stdin.closed:
            self.close()
