"""The backend's own code inside a layer: run with real tensors, recorded as one operation."""
from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

from ..errors import BackendError
from . import runtime
from .registry import Op
from .tensor import NativeSignal, Tensor

__all__ = ["call_with_native"]


def native(*tensors):
    """The backend's own code, whole."""


def call_with_native(function: Callable[[Sequence], Any], inputs: Sequence[Tensor]) -> Any:
    """`function(inputs)` on symbolic tensors, whether it uses K ops only or the backend's own code too.

    Args:
        function: takes the list of inputs (symbolic or native alike), gives a tensor or a list of them.
        inputs: symbolic tensors.
    """
    try:
        return _listening_to_pytensor(function, inputs)
    except NativeSignal as signal:
        wanted = {"tensorflow": "tensorflow", "pytensor": "theano"}[signal.library]
        if runtime.backend() != wanted:
            raise BackendError(f"this code uses {signal.library} itself, but the backend is {runtime.backend()}.",
                               f'Call K.use("{wanted}"), or write it with K functions.') from None
        return _record(function, inputs)


def _listening_to_pytensor(function: Callable, inputs: Sequence[Tensor]) -> Any:
    """`function(inputs)`; PyTensor signals only once the runtime is loaded, which is done when the function uses it."""
    was_loaded = runtime.is_loaded("theano")
    try:
        return function(inputs)
    except Exception:
        if was_loaded or "pytensor" not in sys.modules or runtime.backend() != "theano":
            raise
        runtime.active()
    return function(inputs)


def _record(function: Callable, inputs: Sequence[Tensor]) -> Any:
    active = runtime.active()
    shapes, dtypes, read, several = active.trace_native(function, inputs)

    def lowering(library, *values):
        given, extra = values[:len(inputs)], values[len(inputs):]
        with runtime.values_in_progress(dict(zip(read, extra, strict=True)).get):
            return function(list(given))

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
    return op.record(tensors, tuple(range(len(tensors))), {})
