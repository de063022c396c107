"""Calls of layers inside the call of a layer: masks, penalties and updates, and weights that nobody holds."""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Iterator, Sequence
from typing import Any

from ..backend.graph.tensor import Tensor, Variable
from ..caller import warn_user

__all__ = ["everything_in", "Call", "calling", "current_call", "gathering", "adopt_graph", "borrowed", "warn_of_lost"]

_current: contextvars.ContextVar[Call | None] = contextvars.ContextVar("call", default=None)


def everything_in(layer: Any) -> list:
    """The layers inside a layer and those inside them, each once; models are whole."""
    found: dict = {}
    waiting = list(layer.inner_layers)
    while waiting:
        one = waiting.pop(0)
        if one not in found:
            found[one] = None
            waiting += one.inner_layers
    return list(found)


# ---- while it is called


class Call:
    """A call of a layer that is going on: its inputs with their masks, and the call around it."""

    def __init__(self, layer: Any, tensors: Sequence[Tensor], masks: Sequence, outer: Call | None):
        self.layer, self.tensors, self.masks, self.outer = layer, tensors, masks, outer

    def is_given(self, tensor: Any) -> bool:
        """Whether the tensor is an input of this call or of one around it."""
        return any(one is tensor for one in self.tensors) or (self.outer is not None and self.outer.is_given(tensor))

    def mask_of(self, tensor: Any) -> Any:
        """The mask that came with an input or with the output of a layer inside; None without."""
        for one, mask in zip(self.tensors, self.masks, strict=True):
            if one is tensor:
                return mask
        return self.outer.mask_of(tensor) if self.outer else getattr(tensor, "_keras_mask", None)


def current_call() -> Call | None:
    """The innermost call that is going on."""
    return _current.get()


@contextlib.contextmanager
def calling(layer: Any, tensors: Sequence[Tensor], masks: Sequence) -> Iterator[None]:
    """Inside, the layer is called on these tensors; what its layers penalize and update is its own."""
    outer = _current.get()
    token = _current.set(Call(layer, tensors, masks, outer))
    if outer is not None:
        outer.layer.calls_inside.add(layer)
    try:
        with gathering(layer, tensors):
            yield
    finally:
        _current.reset(token)


@contextlib.contextmanager
def gathering(layer: Any, tensors: Sequence[Tensor]) -> Iterator[None]:
    """What the inner layers penalize and update inside belongs to this call of the layer, too."""
    before = {one: (len(one._losses), len(one._updates)) for one in everything_in(layer)}
    yield
    losses: dict[int, Any] = {}
    updates: dict[int, tuple] = {}
    for one in everything_in(layer):
        first_loss, first_update = before.get(one, (0, 0))
        losses |= {id(loss): loss for key, loss in one._losses[first_loss:] if key}
        updates |= {id(pair[0]): pair for key, pair in one._updates[first_update:] if key and isinstance(pair, tuple)}
    layer.add_loss([loss for loss in losses.values() if isinstance(loss, Tensor)], tensors)
    layer.add_update([pair for pair in updates.values() if isinstance(pair[1], Tensor)], tensors)


def adopt_graph(layer: Any, output: Tensor, inputs: Sequence[Tensor]) -> None:
    """Have a layer whose own `__call__` put other layers into the graph, and not itself, hold those it put there."""
    put: dict = {}
    waiting = [output]
    while waiting:
        tensor = waiting.pop()
        if any(tensor is one for one in inputs):
            continue
        by, node, _ = tensor._keras_history
        put.pop(by, None)
        put[by] = None
        waiting += by.inbound_nodes[node].input_tensors
    if layer in put:
        return
    layer.graph_put = list(reversed(put))
    layer.calls_inside.update(layer.graph_put)
    layer.built = True


# ---- weights of layers that nobody holds


def borrowed(layer: Any, outputs: Sequence[Tensor], inputs: Sequence[Tensor]) -> dict[Variable, None]:
    """The weights that a call of the layer used, although they are those of layers that it does not hold."""
    own = {id(weight) for weight in layer.weights}
    return {
        weight: None
        for weight in _variables_between(outputs, inputs)
        if hasattr(weight, "owner") and id(weight) not in own
    }


def _variables_between(outputs: Sequence[Tensor], inputs: Sequence[Tensor]) -> dict[Variable, None]:
    found: dict[Variable, None] = {}
    done = {id(one) for one in inputs}
    waiting = list(outputs)
    while waiting:
        tensor = waiting.pop()
        if id(tensor) in done:
            continue
        done.add(id(tensor))
        if isinstance(tensor, Variable):
            found[tensor] = None
        elif tensor.operation is not None:
            waiting += tensor.operation.inputs
    return found


def warn_of_lost(name: str, layers: Sequence) -> None:
    """Say which weights a model of these layers uses that are not its own."""
    using = [one for layer in layers for one in [layer, *everything_in(layer)] if one.weights_borrowed]
    if not using:
        return
    own = {id(weight) for layer in layers for weight in layer.weights}
    lost = {weight.owner: layer for layer in using for weight in layer.weights_borrowed if id(weight) not in own}
    for (kind, owner), layer in lost.items():
        warn_user(
            f'{kind} "{owner}" is used inside {type(layer).__name__} "{layer.name}", but is no layer of "{name}": '
            "its weights are neither counted, trained, frozen nor saved with it. Call it in the graph, or hold it in a "
            "layer of your own: self.inner = ... in __init__."
        )
