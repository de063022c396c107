"""Operations in the graphs of Keras 3, such as `x * 2`, as configs of our layer for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ....errors import ArgumentError
from ...layer import LAYERS

__all__ = ["OPERATOR", "is_operation", "is_known_operation", "operation_as_layer"]

# our layer for them; its class has the operations that it knows
OPERATOR = "Operator"
_MODULES = ("keras.src.ops", "keras.ops")
# where Keras 3 has those of our operations that are not in its numpy module
_HOMES = {
    **dict.fromkeys(("Celu", "Elu", "Gelu", "HardSigmoid", "HardSilu", "LeakyRelu", "LogSigmoid"), "keras.src.ops.nn"),
    **dict.fromkeys(("LogSoftmax", "Normalize", "OneHot", "Relu", "Relu6", "Selu", "Sigmoid"), "keras.src.ops.nn"),
    **dict.fromkeys(("Silu", "Softmax", "Softplus", "Softsign"), "keras.src.ops.nn"),
    **dict.fromkeys(("Erf", "Logsumexp", "Rsqrt"), "keras.src.ops.math"),
    **dict.fromkeys(("Cast", "StopGradient"), "keras.src.ops.core"),
}


def is_operation(described: Any) -> bool:
    """Whether what a graph lists is no layer but an operation: some share their names with layers, such as Add."""
    if not isinstance(described, dict):
        return False
    if "module" in described:
        return str(described["module"]).startswith(_MODULES)
    # Keras 3's HDF5 tells no modules; that of a layer says whether it is trained (Cast has a dtype, too)
    config, calls = described.get("config"), described.get("inbound_nodes")
    is_called = isinstance(calls, list) and bool(calls) and isinstance(calls[0], dict)
    says_kind = isinstance(config, dict) and not config.keys().isdisjoint(("trainable", "layers"))
    return is_called and not says_kind and is_known_operation(described.get("class_name"))


def is_known_operation(name: Any) -> bool:
    """Whether our layer computes it."""
    return name in getattr(LAYERS.get(OPERATOR), "operations", ())


def operation_as_layer(described: dict, end: Callable[[dict], list]) -> dict:
    """The operation as a layer, called on the tensors among what it was given.

    Args:
        end: the layer, call and output that a tensor comes from.

    Raises:
        ArgumentError: it was called several times, with other things each.
    """
    settings = {name: one for name, one in described["config"].items() if name not in ("name", "trainable", "dtype")}
    calls = described.get("inbound_nodes") or []
    ends: list = []
    if len(calls) != 1:
        raise ArgumentError(f'operation "{described["name"]}" was called {len(calls)} times in the file, not once.')
    given = [_template(one, ends, end) for one in calls[0]["args"]]
    named = {name: one for name, one in (calls[0].get("kwargs") or {}).items() if one is not None}
    # our layer is called on a list: which tensor had which name would be lost
    if any(_holds_tensor(one) for one in named.values()):
        raise ArgumentError(f'operation "{described["name"]}" was given tensors by name, which is not read.')
    config = {
        "name": described["name"],
        "operation": described["class_name"],
        "given": given,
        "settings": {**settings, **named},
        "module": described.get("module", _HOMES.get(described["class_name"], f"{_MODULES[0]}.numpy")),
    }
    return {"class_name": OPERATOR, "config": config, "name": described["name"], "inbound_nodes": [ends]}


def _template(value: Any, ends: list, end: Callable[[dict], list]) -> Any:
    """What was given with a number for each tensor, whose ends are collected."""
    if isinstance(value, dict) and value.get("class_name") == "__keras_tensor__":
        ends.append(end(value))
        return {"tensor": len(ends) - 1}
    if isinstance(value, list):
        return [_template(one, ends, end) for one in value]
    return value


def _holds_tensor(value: Any) -> bool:
    return "__keras_tensor__" in str(value)
