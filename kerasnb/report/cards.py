"""Everything worth knowing about one layer: its shapes, its changed arguments, its weights in figures."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..views import class_of, family_of
from .figures import Histogram, Statistics, histogram, statistics

__all__ = ["LayerCard", "WeightCard", "changed_arguments", "layer_card", "layer_phrase", "weight_cards"]

NOT_ARGUMENTS = {"name", "trainable", "batch_input_shape", "input_shape", "input_dtype", "input_dim", "input_length"}


@dataclass(frozen=True)
class WeightCard:
    """One weight array in figures; `values` are the array itself."""

    name: str
    shape: tuple[int, ...]
    trainable: bool
    statistics: Statistics
    histogram: Histogram
    values: np.ndarray


@dataclass(frozen=True)
class LayerCard:
    """A layer as people know it."""

    name: str
    class_name: str
    family: str
    input_shape: Any
    output_shape: Any
    params: int | None
    trainable: bool
    changed: dict[str, Any]
    phrase: str


def layer_card(layer: Any) -> LayerCard:
    """The card of a layer; reads no weights. What is not known before it is built is None."""
    changed = changed_arguments(layer)
    params = layer.count_params() if layer.built else None
    return LayerCard(
        layer.name,
        class_of(layer).__name__,
        family_of(class_of(layer)),
        _shape(layer, "input_shape"),
        _shape(layer, "output_shape"),
        params,
        layer.trainable,
        changed,
        layer_phrase(layer),
    )


def weight_cards(layer: Any) -> Iterator[WeightCard]:
    """One card for each of the layer's weights, in the order of `get_weights()`; each is read when it is asked for."""
    trained = set(layer.trainable_weights)
    for weight in layer.weights:
        yield _weight_card(weight, weight.peek(), weight in trained)


def changed_arguments(layer: Any) -> dict[str, Any]:
    """The constructor arguments that differ from their defaults, by name, as `get_config` tells them."""
    if _is_model(layer):
        return {}
    parameters = inspect.signature(class_of(layer).__init__).parameters
    defaults = {name: parameter.default for name, parameter in parameters.items()}
    return {
        name: value
        for name, value in layer.get_config().items()
        if name in defaults and name not in NOT_ARGUMENTS and not _same(value, defaults[name])
    }


def layer_phrase(layer: Any) -> str:
    """`Convolution2D 3x3, relu, frozen`: the class with what sets it apart."""
    config = {} if _is_model(layer) else layer.get_config()
    parts = [" ".join(filter(None, [class_of(layer).__name__, _window(config)]))]
    if isinstance(config.get("activation"), str) and config["activation"] != "linear":
        parts.append(config["activation"])
    if _is_model(layer):
        parts.append("1 layer" if len(layer.layers) == 1 else f"{len(layer.layers)} layers")
    if not layer.trainable and layer.weights:
        parts.append("frozen")
    return ", ".join(parts)


def _is_model(layer: Any) -> bool:
    return hasattr(layer, "network") or getattr(layer, "is_model", False)


def _window(config: dict) -> str:
    if "nb_row" in config and "nb_col" in config:
        return f"{config['nb_row']}x{config['nb_col']}"
    for name in ("pool_size", "kernel_size"):
        if isinstance(config.get(name), (tuple, list)):
            return "x".join(str(size) for size in config[name])
    return next(
        (str(config[name]) for name in ("p", "mode", "rate") if isinstance(config.get(name), (int, float, str))), ""
    )


def _weight_card(weight: Any, value: np.ndarray, trainable: bool) -> WeightCard:
    return WeightCard(str(weight.name), tuple(value.shape), trainable, statistics(value), histogram(value), value)


def _same(value: Any, default: Any) -> bool:
    if default is inspect.Parameter.empty:
        return False
    if isinstance(value, dict) and "class_name" in value and isinstance(default, str):  # as Keras 3 writes an object
        return value["class_name"].lower() == default.replace("_", "").lower()
    if value == "linear" and default is None:
        return True
    if isinstance(value, (tuple, list)) and isinstance(default, (tuple, list)):
        return list(value) == list(default)
    return bool(np.all(value == default)) if type(value) is type(default) or np.isscalar(default) else value is default


def _shape(layer: Any, name: str) -> Any:
    # a layer used twice has no single shape and says so with an error
    try:
        return getattr(layer, name)
    except (AttributeError, ValueError):
        return None
