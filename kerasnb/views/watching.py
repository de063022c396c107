"""What the layers of a model give while it is called once, seen from the inside of that call."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

__all__ = ["Watch"]


class Watch:
    """Inside, each call of these layers in this thread is seen; others go on as ever.

    The library looks `call` up on the layer, so one that lies on the object itself comes first. It is put there past
    the library's own setter, which would track it, and taken away again.

    Args:
        layers: layers or operations of the library.
        change: gives what a layer is to give in the place of its output: `change(layer, which call, output)`.
    """

    def __init__(self, layers: Iterable[Any], change: Callable[[Any, int, Any], Any] | None = None):
        self.layers = list(layers)
        self.change = change
        self.given: dict[int, list[Any]] = {id(layer): [] for layer in self.layers}
        self.taken: dict[int, list[Any]] = {id(layer): [] for layer in self.layers}
        self.order: list[Any] = []  # as they were done first

    def __enter__(self) -> Watch:
        _lock.acquire()
        self._thread = threading.get_ident()
        self._own = {id(layer): vars(layer)[_run(layer)] for layer in self.layers if _run(layer) in vars(layer)}
        for layer in self.layers:
            vars(layer)[_run(layer)] = self._seen(layer, getattr(layer, _run(layer)))
        return self

    def __exit__(self, *_: Any) -> None:
        for layer in self.layers:
            vars(layer).pop(_run(layer), None)
            if id(layer) in self._own:
                vars(layer)[_run(layer)] = self._own[id(layer)]
        _lock.release()

    def outputs(self, layer: Any) -> list[Any]:
        """What each call of a layer gave."""
        return self.given[id(layer)]

    def inputs(self, layer: Any) -> list[Any]:
        """The first argument of each call of a layer."""
        return self.taken[id(layer)]

    def _seen(self, layer: Any, call: Callable) -> Callable:
        def seen(*args: Any, **kwargs: Any) -> Any:
            output = call(*args, **kwargs)
            if threading.get_ident() != self._thread:  # a training that goes on meanwhile
                return output
            given = self.given[id(layer)]
            if not given:
                self.order.append(layer)
            if self.change is not None:
                output = self.change(layer, len(given), output)
            given.append(output)
            self.taken[id(layer)].append(args[0] if args else next(iter(kwargs.values()), None))
            return output

        return seen


def _run(layer: Any) -> str:
    """The method that computes a layer's output: a quantized one has its own."""
    is_quantized = getattr(getattr(layer, "dtype_policy", None), "quantization_mode", None) is not None
    return "quantized_call" if is_quantized and hasattr(layer, "quantized_call") else "call"


# two watches of one layer at once would take each other's away
_lock = threading.RLock()
