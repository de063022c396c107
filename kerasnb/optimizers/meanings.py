"""What optimizers of later Kerases mean, as classes and arguments of ours: one table for objects, configs and files."""

from __future__ import annotations

from typing import Any

from ..errors import ArgumentError
from . import rules
from .base import Optimizer

__all__ = ["is_later_config", "meaning_of", "no_counterpart"]

# settings that only optimizers since TensorFlow 2.11 and Keras 3 have
_SINCE_2_11 = ("use_ema", "jit_compile", "ema_momentum", "loss_scale_factor", "is_legacy_optimizer")

# class -> the arguments with which ours does the same as Keras 3's, and as TensorFlow's own until 2.10 ("legacy")
_KERAS_3: dict[str, dict[str, Any]] = {
    "SGD": {},
    "RMSprop": {"epsilon_under_root": True},
    "Adagrad": {"epsilon_under_root": True, "initial_accumulator_value": 0.1},
    "Adadelta": {},
    "Adam": {},
    "Adamax": {},
    "Nadam": {"schedule_decay": 1.0},  # its momentum's schedule runs 250 times as fast
}
_LEGACY = {**dict.fromkeys(_KERAS_3, {}), "Adagrad": {"initial_accumulator_value": 0.1}}


def is_later_config(config: dict) -> bool:
    """Whether settings are those of TensorFlow's or Keras 3's optimizers, which have a name; Keras 2's do not."""
    return "name" in config or any(key in config for key in _SINCE_2_11)


def meaning_of(name: str, config: dict) -> tuple[type[Optimizer], dict]:
    """Our class and its arguments for a later optimizer's class and settings.

    Raises:
        ArgumentError: none of ours does the same.
    """
    name = name.rsplit(">", 1)[-1]  # Custom>Adam
    is_legacy = not any(config.get(key) is not None for key in _SINCE_2_11) or config.get("is_legacy_optimizer") is True
    arguments = (_LEGACY if is_legacy else _KERAS_3).get(name)
    if arguments is None:
        raise no_counterpart(name)
    _check_rate(name, config.get("learning_rate"))
    given = {key: value for key, value in config.items() if value is not None}
    if name == "Nadam" and "decay" in given:
        given["schedule_decay"] = given.pop("decay")
    if "clipnorm" in given:
        given["local_clipnorm"] = given.pop("clipnorm")  # since TensorFlow 2 each gradient by itself
    return getattr(rules, name), {**arguments, **given}


def _check_rate(name: str, rate: Any) -> None:
    if isinstance(rate, dict):
        raise ArgumentError(
            f"{name}: a learning rate schedule ({rate.get('class_name')}) cannot be taken over.",
            "Give a number, and use callbacks=[LearningRateScheduler(lambda epoch: ...)] in fit.",
            arguments=("optimizer",),
        )


def no_counterpart(name: str) -> ArgumentError:
    """The refusal of an optimizer that computes what none of ours does."""
    return ArgumentError(
        f"{name} has no counterpart among Keras 1.2's optimizers.",
        f"Use one of {', '.join(rules.__all__)}, or write a subclass of kerasnb.optimizers.Optimizer.",
        arguments=("optimizer",),
    )
