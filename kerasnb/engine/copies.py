"""Layers, models and optimizers as values that `copy.deepcopy` and `pickle` make anew, by what describes them.

A model is its configuration, weights, recurrent states, and, once compiled, the arguments of compile and the
optimizer's state; a layer by itself is its configuration and weights, without its connections.
"""

from __future__ import annotations

import copy
from typing import Any

from .. import backend as K
from ..errors import ArgumentError
from ..utils.portable import portable
from .files.slots import in_order_of, places
from .statistics import parts_of

__all__ = ["copied", "pickled"]


def copied(thing: Any, memo: dict) -> Any:
    """A layer or model like this one, for `copy.deepcopy`."""
    if id(thing) not in memo:
        state = _state(thing)
        state["compiled"] = copy.deepcopy(state["compiled"], memo)
        memo[id(thing)] = made = _made(type(thing), state)
        for part, other in zip(parts_of(thing), parts_of(made), strict=True):
            memo[id(part.layer)] = other.layer
    return memo[id(thing)]


def pickled(thing: Any) -> tuple:
    """What makes a layer or model like this one, for `pickle`."""
    return _made, (type(thing), portable(_state(thing)))


def _state(thing: Any) -> dict[str, Any]:
    parts = [part.layer for part in parts_of(thing)]
    return {
        "config": thing.get_config(),
        "name": thing.name,
        "flags": [_flags(layer) for layer in [thing, *parts]],
        "built_for": thing.built_for,
        "initial_weights": thing.initial_weights,
        "weights": [(weight.name, K.get_value(weight)) for weight in thing._weights_by_layer],
        "states": [[K.get_value(state) for state in _states(layer)] for layer in [thing, *parts]],
        "compiled": _compiled(thing),
    }


def _flags(layer: Any) -> dict[str, Any]:
    """What a configuration does not say of every kind of layer."""
    return {"name": layer.name, "trainable": layer.trainable, "spelt_later": layer.spelt_later}


def _states(layer: Any) -> list:
    return [state for state in layer.__dict__.get("states") or [] if isinstance(state, K.Variable)]


def _compiled(model: Any) -> dict[str, Any] | None:
    if not getattr(model, "compile_arguments", None):
        return None
    place_of = {weight: place for place, weight in enumerate(model._weights_by_layer)}
    kept = {
        place_of[weight]: K.batch_get_value(slots)
        for weight, slots in _rule(model).kept().items()
        if weight in place_of
    }
    own = None if kept or not model.optimizer.weights else model.optimizer.get_weights()
    return {
        "arguments": {**model.compile_arguments, "optimizer": model.optimizer},
        "trained": places(model),
        "kept": kept,
        "own": own,
    }


def _rule(model: Any) -> Any:
    """The optimizer of ours that makes the steps."""
    return getattr(model.optimizer, "inner", model.optimizer)


def _made(cls: type, state: dict[str, Any]) -> Any:
    is_model = hasattr(cls, "network")
    thing = _model(cls, state) if is_model else _layer(cls, state["config"])
    thing.initial_weights = state["initial_weights"]
    if not is_model and state["built_for"] is not None:
        _build(thing, state["built_for"])
    layers = [thing, *(part.layer for part in parts_of(thing))]
    for layer, flags, states in zip(layers, state["flags"], state["states"], strict=True):
        layer.__dict__.update({name: value for name, value in flags.items() if name != "trainable"})
        layer.trainable = flags["trainable"]
        K.batch_set_value(zip(_states(layer), states, strict=False))
    thing.set_weights([value for _, value in state["weights"]])
    for weight, (name, _) in zip(thing._weights_by_layer, state["weights"], strict=True):
        weight.name = name
    if state["compiled"] is not None:
        _compile(thing, state["compiled"])
    return thing


def _layer(cls: type[Any], config: dict) -> Any:
    try:
        return cls.from_config(copy.deepcopy(config))
    except TypeError as error:
        raise ArgumentError(
            f"{cls.__name__} cannot be copied: its get_config does not say how to make it "
            f"({error.__cause__ or error}).",
            "Give it a get_config with all arguments of its __init__.",
        ) from error


def _model(cls: type, state: dict[str, Any]) -> Any:
    """By the class of ours that it is derived from, whose way to be made is known."""
    base: Any = next(one for one in cls.__mro__ if one.__module__.split(".")[0] == __name__.split(".")[0])
    config = copy.deepcopy(state["config"])
    model = base.from_config({"name": state["name"], "layers": config} if isinstance(config, list) else config)
    model.__class__ = cls
    return model


def _build(layer: Any, shape: Any) -> None:
    shapes = shape if isinstance(shape, list) else [shape]
    stand_ins = [K.placeholder(shape=one, dtype=layer.input_dtype) for one in shapes]
    layer.ensure_built(stand_ins)
    if not all(inner.built for inner in layer.inner_layers):
        layer._tried(stand_ins)


def _compile(model: Any, compiled: dict[str, Any]) -> None:
    model.compile(**compiled["arguments"])
    weights = model._weights_by_layer
    model._collected_trainable_weights = [weights[place] for place in compiled["trained"]]
    kept = {weights[place]: list(map(K.variable, values)) for place, values in compiled["kept"].items()}
    if kept:
        _rule(model).keep(kept)
    if compiled["own"] is not None:  # an optimizer that keeps its state in a way of its own
        model._step("train")  # it is made together with the step
        model.optimizer.set_weights(in_order_of(model, compiled["own"], compiled["trained"]))
