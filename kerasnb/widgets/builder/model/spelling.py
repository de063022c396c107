"""Layers of Keras 1.2 in the words of Keras 2 and 3, for code that is written for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....spelling.later import LATER_CALLS, LATER_CLASSES, LATER_INITIALIZERS, MERGES
from ....spelling.names import NAMES, VALUES
from ..document.either_spelling import KERNELS
from ..document.fields import fields_of, named_arguments
from ..document.registry import is_layer, layer_class
from ..document.values import Call

__all__ = ["later_layer", "later_names", "later_value"]

_DROPPED = {"consume_less", "forget_bias_init", "input_length", "input_dim"}
_DROPPED |= {"averages_when_frozen", "leaves_masked_out"}  # Keras 3 always is so
# Keras 3 gives these no default
_POOLS: dict[str, Any] = {"AveragePooling1D": 2, "AveragePooling2D": (2, 2), "AveragePooling3D": (2, 2, 2)}


def later_names(class_name: str) -> dict[str, str]:
    """Keras 1.2's name of each argument that has another one later -> that one."""
    table = {earlier: later for later, earlier in {**NAMES["Layer"], **NAMES.get(class_name, {})}.items()}
    fields = {field.name for field in fields_of(layer_class(class_name))}
    sizes = next((names for names in KERNELS if fields.issuperset(names)), ())
    return {**table, **dict.fromkeys(sizes, "kernel_size")}


def later_layer(class_name: str, arguments: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The later class and its arguments.

    >>> later_layer("Convolution2D", {"nb_filter": 16, "nb_row": 3, "nb_col": 3, "border_mode": "same"})
    ('Conv2D', {'filters': 16, 'kernel_size': (3, 3), 'padding': 'same'})
    """
    if class_name == "Merge":
        return _later_merge(arguments)
    table = {earlier: later for later, earlier in {**NAMES["Layer"], **NAMES.get(class_name, {})}.items()}
    later: dict[str, Any] = {}
    for name, value in _joined_kernels(arguments).items():
        keeps = class_name == "Embedding" and name == "input_dim"
        follows = name == "output_shape" and value is None
        if (name not in _DROPPED or keeps) and not (class_name == "BatchNormalization" and name == "mode" or follows):
            later[table.get(name, name)] = later_value(name, value)
    later.update(_changed_defaults(class_name, later))
    return LATER_CLASSES.get(class_name, class_name), later


def later_value(name: str, value: Any) -> Any:
    """A value in the later words."""
    if isinstance(value, Call) and is_layer(value.function):
        class_name, arguments = later_layer(value.function, named_arguments(value))
        return Call(class_name, (), tuple(arguments.items()))
    if isinstance(value, list):  # of cells
        return [later_value(name, one) for one in value]
    if isinstance(value, Call):
        return Call(LATER_CALLS.get(value.function, value.function), value.positional, value.named)
    if name in VALUES:
        return next((later for later, earlier in VALUES[name].items() if earlier == value), value)
    if name == "init" or name.endswith("_init"):
        return LATER_INITIALIZERS.get(value, value) if isinstance(value, str) else value
    return value


def _joined_kernels(arguments: Mapping[str, Any]) -> dict[str, Any]:
    for names in KERNELS:
        if all(name in arguments for name in names):
            size = tuple(arguments[name] for name in names)
            joined = {
                ("kernel_size" if name == names[0] else name): size if name == names[0] else value
                for name, value in arguments.items()
            }
            return {name: value for name, value in joined.items() if name not in names}
    return dict(arguments)


def _changed_defaults(class_name: str, later: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments that must be written because the later default differs from Keras 1.2's."""
    changed = {}
    if class_name in ("LSTM", "GRU"):
        changed["recurrent_activation"] = later.get("recurrent_activation", "hard_sigmoid")
    if class_name in _POOLS:
        changed["pool_size"] = later.get("pool_size", _POOLS[class_name])
    if class_name in ("GRU", "GRUCell"):
        changed["reset_after"] = later.get("reset_after", False)
    return changed


def _later_merge(arguments: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    mode = arguments.get("mode", "sum")
    later: dict[str, Any] = {}
    if mode == "concat" and arguments.get("concat_axis", -1) != -1:
        later["axis"] = arguments["concat_axis"]
    if mode in ("dot", "cos"):
        later["axes"] = arguments.get("dot_axes", -1)
    if mode == "cos":
        later["normalize"] = True
    return MERGES.get(mode, "Merge"), later
