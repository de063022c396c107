"""What optimizers of later Kerases mean, as classes and arguments of ours: one table for objects, configs and files."""

from __future__ import annotations

from typing import Any

from ..errors import ArgumentError
from . import later_rules, rules
from .base import Optimizer

__all__ = ["CLASSES", "is_later_config", "meaning_of", "no_counterpart"]

CLASSES: dict[str, type[Optimizer]] = {
    name: getattr(module, name) for module in (rules, later_rules) for name in module.__all__
}

# settings that only optimizers since TensorFlow 2.11 and Keras 3 have
_SINCE_2_11 = ("use_ema", "jit_compile", "ema_momentum", "loss_scale_factor", "is_legacy_optimizer")

# where None is no word for "the usual value"
_NONE_MEANS_NONE = ("rms_rate", "weight_decay")

# class -> the arguments with which ours does the same as Keras 3's, and as TensorFlow's own until 2.10 ("legacy")
_KERAS_3: dict[str, dict[str, Any]] = {
    "SGD": {},
    "RMSprop": {"epsilon_under_root": True},
    "Adagrad": {"epsilon_under_root": True, "initial_accumulator_value": 0.1},
    "Adadelta": {},
    "Adam": {},
    "Adamax": {},
    "Nadam": {"schedule_decay": 1.0},  # its momentum's schedule runs 250 times as fast
    **{name: {} for name in later_rules.__all__},
}
_LEGACY = {**dict.fromkeys(_KERAS_3, {}), "Adagrad": {"initial_accumulator_value": 0.1}}


def is_later_config(config: dict) -> bool:
    """Whether settings are those of TensorFlow's or Keras 3's optimizers, which have a name; Keras 2's do not."""
    return "lr" not in config and ("name" in config or any(key in config for key in _SINCE_2_11))


def meaning_of(name: str, config: dict) -> tuple[type[Optimizer], dict]:
    """Our class and its arguments for a later optimizer's class and settings.

    Raises:
        ArgumentError: none of ours does the same.
    """
    name = name.rsplit(">", 1)[-1]  # Custom>Adam
    inner = config.get("inner_optimizer")
    if name == "LossScaleOptimizer" and isinstance(inner, dict):  # for float16, whose gradients vanish otherwise
        return meaning_of(str(inner.get("class_name")), inner.get("config") or {})
    is_legacy = not any(config.get(key) is not None for key in _SINCE_2_11) or config.get("is_legacy_optimizer") is True
    arguments = (_LEGACY if is_legacy else _KERAS_3).get(name)
    if arguments is None:
        raise no_counterpart(name)
    given = {key: value for key, value in config.items() if value is not None or key in _NONE_MEANS_NONE}
    if name == "Nadam" and "decay" in given:
        given["schedule_decay"] = given.pop("decay")
    if "clipnorm" in given:
        given["local_clipnorm"] = given.pop("clipnorm")  # since TensorFlow 2 each gradient by itself
    return CLASSES[name], {**arguments, **given}


def no_counterpart(name: str) -> ArgumentError:
    """The refusal of an optimizer that computes what none of ours does."""
    return ArgumentError(
        f"{name} has no counterpart among kerasnb's optimizers.",
        f"Use one of {', '.join(CLASSES)}, or write a subclass of kerasnb.optimizers.Optimizer.",
        arguments=("optimizer",),
    )
