"""A device that is not there: tensors that lie on the CPU and are treated as if they lay elsewhere.

They compute as on the CPU, to the same bits. What a GPU refuses is refused: two devices in one operation, values read as numpy's.
So is drawing there: from a generator of the CPU's a GPU refuses it, and else it gives other samples than the CPU.
The device goes by the name of "meta": torch built without CUDA lets no tensor be sent to "cuda".
"""

import torch
from torch.utils._python_dispatch import TorchDispatchMode

DEVICE = torch.device("meta")
_aten = torch.ops.aten
#: What may take tensors of two devices: copies, and a tensor there indexed by numbers here.
_COPIES = (_aten._to_copy.default, _aten.copy_.default)
_INDEXED = ("aten.index.", "aten.index_put", "aten._index_put_impl_", "aten._unsafe_index")
#: What takes a number here, a tensor without dimensions, beside tensors there.
_ELEMENTWISE = ("aten.add", "aten.sub", "aten.mul", "aten.div")
_DRAWS = ("bernoulli", "dropout", "exponential", "multinomial", "normal", "rand", "uniform")


class WrongDevice(AssertionError):
    """Something that would fail, or be drawn differently, on a GPU."""


class There(torch.Tensor):
    """A tensor on the pretended device; `here` is where its values are."""

    @staticmethod
    def __new__(cls, here: torch.Tensor):
        out = torch.Tensor._make_wrapper_subclass(cls, here.size(), strides=here.stride(), dtype=here.dtype, device=DEVICE,
                                                  storage_offset=here.storage_offset())
        out.here = here
        return out

    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        if func is torch.Tensor.new_tensor:  # torch makes no values on "meta"
            return torch.tensor(args[1], dtype=args[0].dtype).to(DEVICE)
        with torch._C.DisableTorchFunction():  # torch's own would make what has come back one of these again
            return func(*args, **(kwargs or {}))

    @classmethod
    def __torch_dispatch__(cls, func, types, args=(), kwargs=None):
        raise WrongDevice(f"{func} outside of the pretended device's time")

    def __repr__(self):
        return f"There({tuple(self.shape)})"


def _flat(values) -> list:
    """All arguments, those in lists too."""
    return [v for a in values for v in (_flat(a) if isinstance(a, (list, tuple)) else [a])]


def _here(value):
    """The values of what lies there."""
    if isinstance(value, (list, tuple)):
        return type(value)(_here(v) for v in value)
    return value.here if isinstance(value, There) else value


def _there(value):
    """Sends what an operation gave there."""
    if isinstance(value, (list, tuple)):
        return type(value)(_there(v) for v in value)
    return There(value) if isinstance(value, torch.Tensor) else value


def _check(func, args, kwargs) -> None:
    """Refuses what a GPU refuses, of an operation that takes or makes a tensor there."""
    name, given = str(func), _flat([*args, *kwargs.values()])
    if any(d in name for d in _DRAWS):
        raise WrongDevice(f"{name} draws on the device: not the CPU's samples")
    tensors = [v for v in given if isinstance(v, torch.Tensor)]
    if name.startswith(_INDEXED) and isinstance(args[0], There):
        tensors = [v for v in _flat([args[0], *args[2:]]) if isinstance(v, torch.Tensor)]
    if name.startswith(_ELEMENTWISE):
        tensors = [v for v in tensors if v.dim()]
    if len({isinstance(v, There) for v in tensors}) > 1:
        raise WrongDevice(f"{name} of two devices: {[('there' if isinstance(v, There) else 'here', tuple(v.shape)) for v in tensors]}")


class Pretending(TorchDispatchMode):
    """The time in which the device is there; `used` counts the operations done on it."""

    used = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        kwargs = dict(kwargs or {})
        given = [v for v in _flat([*args, *kwargs.values()]) if isinstance(v, torch.Tensor)]
        there, to = any(isinstance(v, There) for v in given), kwargs.get("device")
        if any(v.device.type == "meta" and not isinstance(v, There) for v in given):
            raise WrongDevice(f"{func} of a tensor without values")
        made_there = to is not None and torch.device(to) == DEVICE
        if (there or made_there) and func not in _COPIES:
            _check(func, args, kwargs)
        if to is not None:
            there, kwargs["device"] = made_there, "cpu"
        done = func(*_here(args), **{k: _here(v) for k, v in kwargs.items()})
        if func is _aten.copy_.default or (args and done is _here(args[0])):
            return args[0]
        self.used += there
        return _there(done) if there else done
