"""Where networks are trained: on a GPU (CUDA) where there is one, else on the CPU.

Everything random is drawn on the CPU and then moved, so that a GPU is given the same samples. What is kept on disk is always
on the CPU. MPS is not offered: which of the operations used it has, and whether twice the same comes out, nobody looked at.
"""

import copy
import os
from dataclasses import fields, is_dataclass, replace

import torch

CPU = torch.device("cpu")
NAMES = ("auto", "cpu", "cuda")
#: What is trained on where the command line does not say.
VARIABLE = "AESRM_TRAINING_DEVICE"


def wanted() -> str:
    """What the environment asks for."""
    return os.environ.get(VARIABLE) or "auto"


def choose(name: str) -> torch.device:
    """The device that a name asks for, made to compute the same every time as far as it can. Raises ValueError where it is
    not there."""
    if name not in NAMES:
        raise ValueError(f"{name!r} is no device to train on: --device and {VARIABLE} take {', '.join(NAMES)}")
    there = name != "cpu" and torch.cuda.is_available()
    if name == "cuda" and not there:
        built = "finds no GPU that it can use" if torch.version.cuda else "was built without CUDA"
        raise ValueError(f"CUDA was asked for, but this torch ({torch.__version__}) {built}. "
                         f"Give --device cpu or auto, or install a torch with CUDA and the GPU's driver.")
    if not there:
        return CPU
    _steady()
    return torch.device("cuda")


def _steady() -> None:
    """Has CUDA compute in the same order every time. What it cannot it warns of and does nevertheless: by torch's
    documentation NLLLoss would fail, which stage 1 needs."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.deterministic = True
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
    torch.use_deterministic_algorithms(True, warn_only=True)


def moved(what, device: torch.device):
    """Networks, or data with tensors in it, on a device: a copy, or itself where it is there already."""
    if isinstance(what, torch.Tensor):
        return what.to(device)
    if isinstance(what, torch.nn.Module):
        return what if next(what.parameters()).device.type == device.type else copy.deepcopy(what).to(device)
    if isinstance(what, list):
        return [moved(v, device) for v in what]
    if is_dataclass(what):
        return replace(what, **{f.name: moved(getattr(what, f.name), device) for f in fields(what)})
    return what
