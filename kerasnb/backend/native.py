"""The backend's own code inside a layer: run with real tensors, recorded as one operation."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any

from ..errors import BackendError
from . import config
from .graph.tensor import Constant, NativeSignal, Tensor, Variable, listening
from .ops.registry import Op
from .runtime import chosen, progress

__all__ = ["call_with_native", "runs_code_of", "with_native"]

_PACKAGE = __name__.partition(".")[0]
_BACKENDS = {library: backend for backend, library in config.LIBRARIES.items()}


def native(*tensors):
    """The backend's own code, whole."""


def call_with_native(function: Callable[[Sequence], Any], inputs: Sequence[Tensor]) -> Any:
    """`function(inputs)` on symbolic tensors, whether it uses K ops only or the backend's own code too.

    Args:
        function: takes the list of inputs (symbolic or native alike), gives a tensor or a list of them.
        inputs: symbolic tensors.
    """
    try:
        # K's ops record themselves; a tensor that another library asks for its values raises a NativeSignal
        with listening():
            return _listening_to_pytensor(function, inputs)
    except NativeSignal as signal:
        library = signal.library
    except Exception as error:
        raised_by = _library_that_raised(error)
        if raised_by is None:
            raise
        library = raised_by
    wanted = _BACKENDS[library]
    if chosen.backend() != wanted:
        raise BackendError(
            f"this code uses {library} itself, but the backend is {chosen.backend()}.",
            f'Call K.use("{wanted}"), or write it with K functions.',
        )
    return _record(function, inputs)


def _library_that_raised(error: Exception) -> str | None:
    """TensorFlow or PyTensor, if it raised the error in a call that is the program's own.

    TensorFlow's C++ looks into a list, such as the sizes `[K.shape(x)[0], 10]`, without a signal from a tensor in it;
    its loops ask a condition for its truth, which a tensor of ours refuses. PyTensor signals only to its own runtime.
    """
    steps = traceback.walk_tb(error.__traceback__)
    frames = [frame.f_globals.get("__name__", "").partition(".")[0] for frame, _ in steps]
    while frames[-1] in (_PACKAGE, "functools") and len(frames) > 1:
        frames.pop()
    library = frames[-1] if frames[-1] in _BACKENDS else None
    return library if library and frames[frames.index(library) - 1] != _PACKAGE else None


def _listening_to_pytensor(function: Callable, inputs: Sequence[Tensor]) -> Any:
    """`function(inputs)`; PyTensor signals only once the runtime is loaded, which is done when the function uses it."""
    was_loaded = chosen.is_loaded("theano")
    try:
        return function(inputs)
    except Exception:
        if was_loaded or "pytensor" not in sys.modules or chosen.backend() != "theano":
            raise
        chosen.active()
    return function(inputs)


def runs_code_of(library: str) -> bool:
    """Whether code written with this library, by its name in imports, may run inside functions now."""
    return _BACKENDS.get(library) == chosen.backend()


def with_native(function: Callable, *tensors: Tensor) -> Any:
    """`function(*tensors)`, a loss, a metric, a penalty or the like, which may be the backend's own code."""
    return call_with_native(lambda values: function(*values), tensors)


def _record(function: Callable, inputs: Sequence[Tensor]) -> Any:
    active = chosen.active()
    listed, names = _listed(function)
    shapes, dtypes, read, several = active.trace_native(listed, inputs)

    def lowering(library, *values):
        given, extra = values[: len(inputs)], values[len(inputs) :]
        with progress.values_in_progress(_Met(inputs, given, read, extra).value):
            return listed(list(given))

    # an op for this one use, whose shapes and types are those just traced; it is in no table, so programs with it
    # share nothing that is compiled (see `structure`)
    op = Op(
        native,
        lambda *_: list(shapes) if several else shapes[0],
        lambda *_: list(dtypes) if several else dtypes[0],
        "",
        False,
    )
    op.name = f"native {active.name} code"
    op.lowerings[active.name] = lowering
    tensors = [*inputs, *read]
    results = op.record(tensors, tuple(range(len(tensors))), {})
    return dict(zip(names, results, strict=True)) if names else results


def _listed(function: Callable[[Sequence], Any]) -> tuple[Callable[[Sequence], Any], list]:
    """The function with a list where it gives a dict, whose keys the list beside it holds after a call."""
    names: list = []

    def listed(values: Sequence) -> Any:
        result = function(values)
        names[:] = result if isinstance(result, dict) else []
        return list(result.values()) if isinstance(result, dict) else result

    return listed, names


class _Met:
    """Values of the symbolic tensors that the code meets besides its inputs.

    Those that it makes anew in each run, such as `K.zeros(...)`, are met in the same order as when it was traced.

    Args:
        inputs, given: its inputs and their values.
        read, extra: the tensors that it met when it was traced, and their values.
    """

    def __init__(self, inputs: Sequence[Tensor], given: Sequence, read: Sequence[Tensor], extra: Sequence):
        self.values = dict(zip([*inputs, *read], [*given, *extra], strict=True))
        self.waiting = list(read)

    def value(self, tensor: Tensor) -> Any:
        """The native value of a tensor."""
        if tensor in self.waiting:
            self.waiting.remove(tensor)
        if tensor not in self.values:
            self.values[tensor] = self._of_new(tensor)
        return self.values[tensor]

    def _of_new(self, tensor: Tensor) -> Any:
        for traced in self.waiting:
            if (type(traced), traced.shape, traced.dtype) == (type(tensor), tensor.shape, tensor.dtype):
                self.waiting.remove(traced)
                return self.values[traced]
        if isinstance(tensor, Variable | Constant):
            return chosen.active().constant(tensor.get_value() if isinstance(tensor, Variable) else tensor.value)
        raise BackendError(
            f"the backend's own code met {tensor!r}, which it did not when it was recorded.",
            "Make the tensor before the code, or let the code do the same in every run.",
        )
