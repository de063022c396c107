"""A layer once more for another graph: weights and what is inside are shared, its connections are its own."""

from __future__ import annotations

import copy
from typing import Any

from .layer_list import LayerList
from .statistics import parts_of

__all__ = ["leaving_nothing", "twin_of"]


def twin_of(layer: Any) -> Any:
    """The layer again, to be called in a graph of its own.

    Calling the very same object would leave a node in it for each model that is made and tried, which keeps that
    model alive, and would take `layer.output` from the model that has it.
    """
    other = copy.copy(layer)
    own = {name: value.copy() for name, value in vars(layer).items() if type(value) in (list, dict)}
    vars(other).update(own, inbound_nodes=[], outbound_nodes=[])
    # what belongs to calls is the other's
    other._losses = [pair for pair in layer._losses if pair[0] is None]
    other._updates = [pair for pair in layer._updates if pair[0] is None]
    if layer.is_graph:
        layer.network  # noqa: B018 - a Sequential works it out when first asked
        other._network, other.built = layer.network, True
        other._layers = LayerList(other, list(layer.layers))
        other.inbound_nodes = [other._own_node()]
    return other


class leaving_nothing:
    """Inside, calls of the layer leave no penalties and updates in the layers that it holds."""

    def __init__(self, layer: Any):
        self._inside = [part.layer for part in parts_of(layer)]

    def __enter__(self) -> None:
        self._counts = [(len(one._losses), len(one._updates)) for one in self._inside]

    def __exit__(self, *_: Any) -> None:
        for one, (losses, updates) in zip(self._inside, self._counts, strict=True):
            del one._losses[losses:], one._updates[updates:]
