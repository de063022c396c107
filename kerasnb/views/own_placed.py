"""The layers of a model of kerasnb with those inside its models, each where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..engine.twins import twin_of
from .view import Placed

__all__ = ["before", "expression_of", "placed_calls", "placed_layers"]


def placed_layers(model: Any, layers: list | None = None) -> list[Placed]:
    """The model's layers (or these of them), what stands in a layer right after it."""
    return list(_placed(model.layers if layers is None else layers, "", 0, bool(model.trainable)))


def _placed(layers: list, before: str, depth: int, trains: bool) -> Iterator[Placed]:
    for layer in layers:
        path, learns = f"{before}{layer.name}", trains and bool(layer.trainable)
        inside = layers_in(layer)
        yield Placed(path, layer, depth, len(inside), learns)
        yield from _placed(inside, f"{path}/", depth + 1, learns)


def placed_calls(model: Any, layers: list) -> list[Placed]:
    """The same, but a layer that is called several times stands once for each call: `dense_1`, `dense_1 again`.

    Each is a twin with that call alone, so that shapes and outputs are those of the call.
    """
    found: list[Placed] = []
    for layer in layers:
        first, *inside = _placed([layer], "", 0, bool(model.trainable))
        calls = [node for node in layer.inbound_nodes if node in model.network.node_set]
        each = [layer] if len(calls) < 2 else [_with_call(layer, node) for node in calls]
        found += [first._replace(layer=each[0]), *inside]
        for number, twin in enumerate(each[1:], 2):
            path = f"{layer.name} again" + (f" {number}" if number > 2 else "")
            found.append(first._replace(path=path, layer=twin, inside=0))
    return found


def _with_call(layer: Any, node: Any) -> Any:
    twin = twin_of(layer)
    twin.inbound_nodes = [node]
    return twin


def layers_in(layer: Any) -> list:
    """The layers that stand in one that is opened: a model, or one that holds a model; its inputs left out."""
    if not opens(layer):
        return []
    inside = layer._weighted_layers if layer.is_graph else layer.inner_layers
    return [one for one in inside if type(one).__name__ != "InputLayer"]


def opens(layer: Any) -> bool:
    """Whether it is a model or holds one, so that people want to look inside."""
    return layer.is_graph or any(map(opens, layer.inner_layers))


def expression_of(model: Any, path: str, name: str = "model") -> str:
    """Code that gives the layer of a path: `model.get_layer('backbone').get_layer('conv_1')`."""
    code, holder = name, model
    while path:
        inside = holder.layers if holder.is_graph else layers_in(holder)
        layer = max((one for one in inside if f"{path}/".startswith(f"{one.name}/")), key=lambda one: len(one.name))
        is_wrapped = not holder.is_graph and getattr(holder, "layer", None) is layer
        code += ".layer" if is_wrapped else f".get_layer({layer.name!r})"
        holder, path = layer, path[len(layer.name) + 1 :]
    return code


def before(model: Any, path: str) -> list[str]:
    """The paths of the layers that this one is computed from, and its own, in the order of the model.

    Of one inside a model: what feeds that model, and in it those before.
    """
    inside = {layer.name: layer for layer in model.layers}
    if path not in inside:
        outer = max((other for other in inside if path.startswith(f"{other}/")), key=len)
        feeding = [other for other in before(model, outer) if other != outer]
        return [*feeding, *(f"{outer}/{inner}" for inner in _before_in(inside[outer], path[len(outer) + 1 :]))]
    needed, waiting = set(), [inside[path]]
    while waiting:
        layer = waiting.pop()
        if layer.name in needed:
            continue
        needed.add(layer.name)
        waiting += [source for node in layer.inbound_nodes for source in node.inbound_layers if source.name in inside]
    return [layer.name for layer in model.layers if layer.name in needed]


def _before_in(layer: Any, path: str) -> list[str]:
    """The paths in a layer up to this one; in a layer that is no model only what holds it."""
    if layer.is_graph:
        return before(layer, path)
    held = next(one for one in layers_in(layer) if f"{path}/".startswith(f"{one.name}/"))
    rest = path[len(held.name) + 1 :]
    return [f"{held.name}/{inner}" for inner in _before_in(held, rest)] if rest else [path]
