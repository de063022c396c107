"""Where Keras 3's files keep each layer's weights: by class and place among its kind, never by a layer's name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ....backend.graph.tensor import Variable
from ....spelling.later import later_class, snake_case
from ...layer import Layer

__all__ = ["Place", "places", "numbered"]


# classes that Keras itself calls otherwise than its users do
_CLASSES = {"GroupQueryAttention": "GroupedQueryAttention"}
# layers that layers of Keras 3 hold in attributes with an underscore before the name, and have no other name for
_HIDDEN = {
    "MultiHeadAttention": {"gate_dense"},
    "GroupQueryAttention": {"query_dense", "key_dense", "value_dense", "gate_dense", "output_dense"},
}


class Place(NamedTuple):
    """A layer's own weights (not those of layers in it), and the group that has them.

    Args:
        is_trainable: whether neither the layer nor one around it is frozen.
    """

    layer: Layer
    weights: list[Variable]
    path: str
    is_trainable: bool


def places(layer: Layer, path: str = "", is_trainable: bool = True, seen: set[Layer] | None = None) -> Iterator[Place]:
    """Every layer inside with weights of its own, in the order of `get_weights()`; shared ones where first met."""
    seen = set() if seen is None else seen
    if layer in seen:
        return
    seen.add(layer)
    is_trainable = is_trainable and layer.trainable
    if layer.is_graph:
        inner = list(zip(numbered(layer.layers, f"{path}layers/"), layer.layers, strict=True))
        own: list[Variable] = []
    else:
        inner = [(_attribute_path(layer, one, path), one) for one in layer.inner_layers]
        theirs = {weight for one in layer.inner_layers for weight in one.weights}
        kept = {*layer._trainable_weights, *layer._non_trainable_weights}  # perhaps one of theirs, which is in both
        own = [weight for weight in layer.weights if weight in kept or weight not in theirs]
    if own:
        yield Place(layer, own, f"{path}{layer.folder_in_files}vars", is_trainable)
    for inner_path, one in inner:
        yield from places(one, f"{inner_path}/", is_trainable, seen)


def numbered(layers: list[Layer], path: str) -> list[str]:
    """The path of each layer of a list: its class, and its number among those of the class if it is not the first."""
    counts: dict[str, int] = {}
    found = []
    for layer in layers:
        name = snake_case(_CLASSES.get(later_class(layer), later_class(layer)))
        number = counts[name] = counts.get(name, -1) + 1
        found.append(f"{path}{name}_{number}" if number else f"{path}{name}")
    return found


def _attribute_path(layer: Layer, inner: Layer, path: str) -> str:
    """The path of a layer in another one: the attribute that holds it, then its place in a list."""
    for name, value in vars(layer).items():
        if value is inner:
            name = name.lstrip("_")
            return f"{path}{'_' * (name in _HIDDEN.get(type(layer).__name__, ()))}{name}"
        listed = _layers_in(value)
        if inner in listed:
            return numbered(listed, f"{path}{name.lstrip('_')}/")[listed.index(inner)]
    return f"{path}{snake_case(later_class(inner))}"


def _layers_in(value: Any) -> list[Layer]:
    values = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list | tuple) else []
    return [one for one in values if isinstance(one, Layer)]
