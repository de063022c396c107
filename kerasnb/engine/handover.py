"""What a model keeps where it is made or compiled anew: weights by layer, optimizer state by weight, compile."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from .. import backend as K

__all__ = ["compile_again", "hand_over", "keep_weights", "renew_optimizer"]


def keep_weights(old: Any, new: Any, former: Mapping[str, str] | None = None) -> dict[Any, Any]:
    """Give layers of the new model the weights of the old ones of the same name, class and shapes.

    Args:
        former: under which name the old model has a layer that is called otherwise now.

    Returns:
        Old weight -> the new one that has its value.
    """
    known, former = {layer.name: layer for layer in _layers_of(old)}, former or {}
    kept: dict[Any, Any] = {}
    for layer in _layers_of(new):
        # a layer that took the name of a renamed one is another one
        name = former.get(layer.name, None if layer.name in former.values() else layer.name)
        source = known.get(name)
        if source is not None and layer.weights and _are_alike(source, layer):
            if layer.weights != source.weights:  # else they are shared
                layer.set_weights(source.get_weights())
            kept.update(zip(source.weights, layer.weights, strict=True))
    return kept


def _layers_of(model: Any) -> list[Any]:
    """Its layers, and those of a Sequential that it begins with, which are its own in the graph."""
    return list(dict.fromkeys([*model.network.layers, *model.layers]))


def hand_over(old: Any, new: Any, former: Mapping[str, str] | None = None) -> None:
    """Give the new model what still fits of the old one: weights, freezing of the whole, compile, optimizer state.

    The new model has an optimizer of its own, in the state of the old one; a weight that is new begins without.
    Where the old arguments of compile do not fit any more (a loss for an output that is gone), the new model is not
    compiled.
    """
    kept = keep_weights(old, new, former)
    new.trainable = old.trainable
    if not old.is_compiled:
        return
    optimizer = _copied(old.compile_arguments["optimizer"])
    slots_of = _kept(old.optimizer).items()
    state = {kept[weight]: K.batch_get_value(slots) for weight, slots in slots_of if weight in kept}
    try:
        new.compile(**{**old.compile_arguments, "optimizer": optimizer})
    except Exception:  # noqa: BLE001  a program's own loss or metric may raise anything where shapes are others
        return
    _keep(new.optimizer, {weight: list(map(K.variable, values)) for weight, values in state.items()})


def compile_again(model: Any, **arguments: Any) -> None:
    """Compile with other arguments; an optimizer of the same class goes on with what it knows of each weight.

    `compile` itself begins anew, as in Keras.

    Raises:
        ArgumentError: an argument that compile refuses; the model stays compiled as it was.
    """
    old = model.optimizer if model.is_compiled else None
    state = _kept(old)
    model.compile(**arguments)
    new = model.optimizer
    if old is None or type(new) is not type(old):
        return
    _keep(new, state)
    if new is not old and hasattr(new, "iterations"):
        K.set_value(new.iterations, K.get_value(old.iterations))


def renew_optimizer(model: Any) -> Callable[[], None]:
    """Compile with an optimizer of the same arguments and rate that knows nothing; returns what puts the old one back.

    Nothing is done to a model that is not compiled.
    """
    if not model.is_compiled:
        return lambda: None
    old, given = model.optimizer, model.compile_arguments
    state = _kept(old)
    model.compile(**{**given, "optimizer": type(old).from_config(old.get_config())})

    def put_back() -> None:
        model.compile(**{**given, "optimizer": old})
        _keep(old, state)

    return put_back


def _are_alike(one: Any, other: Any) -> bool:
    return type(one) is type(other) and _shapes(one) == _shapes(other)


def _shapes(layer: Any) -> list[tuple]:
    return [tuple(weight.shape) for weight in layer.weights]


def _kept(optimizer: Any) -> dict:
    """What an optimizer keeps for each weight; one that keeps it in a way of its own begins anew."""
    rule = getattr(optimizer, "inner", optimizer)
    return rule.kept() if hasattr(rule, "kept") else {}


def _keep(optimizer: Any, state: dict) -> None:
    if state:
        getattr(optimizer, "inner", optimizer).keep(state)


def _copied(optimizer: Any) -> Any:
    """The optimizer once more, learning rate and counters as they stand; itself where it cannot be copied."""
    try:
        return copy.deepcopy(optimizer)
    except (TypeError, NotImplementedError):
        return optimizer
