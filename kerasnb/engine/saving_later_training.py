"""How Keras 2 and later say a model was compiled, and their optimizers' states, in Keras 1.2's form."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..errors import ArgumentError, WeightsError
from .saving_later import counts, from_later
from .saving_slots import layout

__all__ = ["optimizer_config", "function_names", "metrics_by_output", "optimizer_state"]

# arguments without a counterpart in Keras 1.2, where their value changes nothing
_NEUTRAL: dict[str, tuple] = {
    "name": (),
    "jit_compile": (),
    "is_legacy_optimizer": (),
    "ema_momentum": (),
    "ema_overwrite_frequency": (),
    "amsgrad": (False,),
    "centered": (False,),
    "use_ema": (False,),
    "weight_decay": (None, 0),
    "clipnorm": (None,),
    "clipvalue": (None,),
    "global_clipnorm": (None,),
    "loss_scale_factor": (None,),
    "gradient_accumulation_steps": (None,),
    "initial_accumulator_value": (0,),
}


def optimizer_config(described: dict) -> dict:
    """`{"class_name": ..., "config": ...}` of a later optimizer, without what changes nothing."""
    name = described["class_name"].rsplit(">", 1)[-1]
    config = {key: value for key, value in described["config"].items() if not _says_nothing(key, value)}
    if name == "RMSprop" and not config.get("momentum"):
        config.pop("momentum", None)
    if config.get("epsilon", 0) is None:
        del config["epsilon"]
    return {"class_name": name, "config": config}


def _says_nothing(name: str, value: Any) -> bool:
    return name in _NEUTRAL and (not _NEUTRAL[name] or value in _NEUTRAL[name])


def function_names(described: Any) -> Any:
    """A loss or metrics by the names of their functions, where later Keras writes objects."""
    if isinstance(described, list | tuple):
        inner = [function_names(one) for one in described]
        return inner[0] if len(inner) == 1 and isinstance(inner[0], list) else inner
    if not isinstance(described, dict):
        return described
    if "class_name" not in described:
        return {name: function_names(one) for name, one in described.items()}
    config = described.get("config") or {}
    for name in ("from_logits", "label_smoothing"):
        if isinstance(config, dict) and config.get(name):
            raise ArgumentError(f'{described["class_name"]} has {name}={config[name]}, which there is not here.',
                                "Load the model alone, compile=False, and compile it with a function of your own.")
    if isinstance(config, str):  # a function, as Keras 3 writes it
        return config
    named = config.get("fn") or (config.get("name") if "Metric" in described["class_name"] else None)
    return named if isinstance(named, str) else _function_of(described["class_name"])


def metrics_by_output(metrics: Any, output_names: Sequence[str]) -> Any:
    """Metrics as compile takes them: a list for all outputs or a dict, where later Keras has a list of lists."""
    is_nested = isinstance(metrics, list) and any(isinstance(one, list) for one in metrics)
    if not is_nested or len(metrics) != len(output_names):
        return metrics
    listed = [[one] if isinstance(one, str) else one for one in metrics]
    return {name: one for name, one in zip(output_names, listed, strict=True) if one}


def _function_of(class_name: str) -> str:
    """'MeanSquaredError' -> 'mean_squared_error'."""
    return re.sub(r"(?<!^)([A-Z])", r"_\1", class_name).lower()


def optimizer_state(model: Any, values: Sequence[np.ndarray], turn: Callable) -> list[np.ndarray]:
    """The state of Keras 2's optimizer in the order in which the model's own keeps it.

    Keras 2 lists weights layer by layer, with all gates in one; Keras 1.2 sorts them by name.

    Args:
        turn: what turns a kernel over for the backend in use.

    Raises:
        WeightsError: it is of another optimizer or model.
    """
    layers = [layer for layer in dict.fromkeys(model._weighted_layers) if layer.weights]
    trained, own = model._collected_trainable_weights, model.optimizer.weights
    first, slots = layout(model)
    groups = _slots(values, first, slots, sum(counts(layer)[0] for layer in layers))
    if groups is None:  # it keeps nothing for each weight
        return [*values[:first], *(np.zeros(weight.shape) for weight in own[first:])]
    by_weight = [_by_weight(layers, group, turn) for group in groups]
    return [*values[:first], *(found.get(weight) for found in by_weight for weight in trained)]


def _slots(values: Sequence, first: int, slots: int, count: int) -> list[list] | None:
    """What a file keeps for each weight: a group for each kind; None if nothing.

    Keras 2 begins with the count of steps and lists one kind after the other; Keras 3 begins with the count and the
    learning rate and lists all kinds weight by weight.
    """
    scalars = next((place for place, value in enumerate(values) if np.ndim(value)), len(values))
    rest = list(values[scalars:])
    if not rest:
        return None
    if len(rest) < slots * count:
        raise WeightsError(f"the file has {len(rest)} arrays, {slots * count} are needed.")
    if scalars > max(first, 1):
        return [rest[slot : slots * count : slots] for slot in range(slots)]
    return [rest[slot * count : (slot + 1) * count] for slot in range(slots)]


def _by_weight(layers: Sequence[Any], values: list, turn: Callable) -> dict:
    """The arrays of one slot by weight; what is not trained gets stand-ins that nobody reads."""
    found = {}
    for layer in layers:
        trainable, other = counts(layer)
        mine, values = values[:trainable], values[trainable:]
        if trainable:
            pairs = from_later(layer, [*mine, *(np.zeros(12) for _ in range(other))]) or []
            found.update((weight, turn(layer, weight, value)) for weight, value in pairs if value.shape == weight.shape)
    return found
