"""Initializers, penalties, constraints and activations of ours as Keras 3 writes them."""

from __future__ import annotations

from typing import Any

from .... import activations
from ....errors import ArgumentError
from ....spelling.later import LATER_INITIALIZERS
from ...layer import Layer
from ..later.configs import HARD_SIGMOID

__all__ = ["later_initializer", "later_regularizer", "later_constraint", "later_activation"]

# Keras 1.2's names of the arguments of constraints
_CONSTRAINTS: dict[str, dict[str, str]] = {
    "MaxNorm": {"m": "max_value"},
    "NonNeg": {},
    "UnitNorm": {},
    "MinMaxNorm": {"low": "min_value", "high": "max_value"},
}
_KNOWN_STARTS = ("glorot_", "he_", "lecun_", "random_", "truncated_", "variance_")
_KNOWN = {"zeros", "ones", "orthogonal", "identity", "constant"}


def _keras(module: str, class_name: str, config: dict) -> dict:
    return {"module": module, "class_name": class_name, "config": config, "registered_name": None}


def later_initializer(value: Any) -> Any:
    """The initializer by its name there; of what Keras 3 does not know its usual one: the weights are made already."""
    if isinstance(value, dict):
        name, config = value["class_name"], dict(value.get("config") or {})
        if name == "Orthogonal" and config.get("gain", 1.0) == 1.0 and config.get("seed") is None:
            return "orthogonal"  # which Keras 3.0 knows under another class
        return _keras("keras.initializers", name, config)
    name = LATER_INITIALIZERS.get(value, value) if isinstance(value, str) else None
    is_known = name is not None and (name in _KNOWN or name.startswith(_KNOWN_STARTS))
    return name if is_known else "glorot_uniform"


def _parts(value: Any) -> tuple[str, dict]:
    """Class and arguments, from either of the two forms of a config."""
    if "class_name" in value:
        return value["class_name"], dict(value.get("config") or {})
    return value.get("name", ""), {name: one for name, one in value.items() if name != "name"}


def later_regularizer(layer: Layer, value: Any) -> Any:
    """A penalty by its factors.

    Raises:
        ArgumentError: it is none of L1 and L2.
    """
    if value is None:
        return None
    name, config = _parts(value) if isinstance(value, dict) else (str(value), {})
    if name == "PerSample":  # as Keras 3 takes them anyway
        return later_regularizer(layer, config["regularizer"])
    if config.keys() <= {"l1", "l2", "l"} and config:
        return _keras("keras.regularizers", "L1L2", {kind: float(config.get(kind) or 0.0) for kind in ("l1", "l2")})
    if name == "OrthogonalRegularizer":
        return _keras("keras.regularizers", name, config)
    raise ArgumentError(
        f"the penalty {name or value!r} has no word in Keras 3, so the model cannot be written for it.",
        'Save it as HDF5: model.save("model.h5").',
    ).named(type(layer).__name__, layer.name)


def later_constraint(layer: Layer, value: Any) -> Any:
    """A constraint under Keras 3's names.

    Raises:
        ArgumentError: it is one of a program's own.
    """
    if value is None:
        return None
    name, config = _parts(value) if isinstance(value, dict) else (str(value), {})
    if name not in _CONSTRAINTS:
        raise ArgumentError(
            f"the constraint {name!r} has no word in Keras 3, so the model cannot be written for it.",
            'Save it as HDF5: model.save("model.h5").',
        ).named(type(layer).__name__, layer.name)
    return _keras("keras.constraints", name, {_CONSTRAINTS[name].get(key, key): one for key, one in config.items()})


def later_activation(layer: Layer, value: Any) -> Any:
    """An activation by its name, or as layers of Keras 3 that compute the same.

    Raises:
        ArgumentError: it is a function of a program's own.
    """
    if value is None or value == "hard_sigmoid_later":
        return value and "hard_sigmoid"
    if value == "hard_sigmoid":
        layers = [_keras("keras.layers", name, dict(config)) for name, config in HARD_SIGMOID]
        return _keras("keras", "Sequential", {"name": value, "layers": layers})
    if isinstance(value, str) and value in activations.__all__:
        return value
    raise ArgumentError(
        f"the activation {value!r} has no word in Keras 3, so the model cannot be written for it.",
        'Save it as HDF5: model.save("model.h5").',
    ).named(type(layer).__name__, layer.name)
