"""Optimizers by name, by configuration, and from optimizers of other libraries."""

from __future__ import annotations

from typing import Any

from ..errors import ArgumentError
from ..utils.brief import brief
from ..utils.custom_objects import CustomObjectScope, get_custom_objects, get_from_module
from .base import Optimizer
from .foreign import as_ours, is_foreign
from .later import NEUTRAL, check_number
from .meanings import CLASSES, is_later_config, meaning_of

__all__ = ["get", "optimizer_from_config", "serialize", "deserialize"]


def optimizer_from_config(config: dict, custom_objects: dict | None = None) -> Optimizer:
    """The optimizer that `{"class_name": ..., "config": ...}` describes.

    One of TensorFlow's or Keras 3's optimizers is given as the one of ours that means the same.

    Raises:
        UnknownNameError: no optimizer of that name.
        ArgumentError: this is no config of an optimizer, or one of a later Keras that none of ours does.
    """
    name, settings = _checked(config)
    own = {one.lower(): cls for one, cls in (get_custom_objects() | (custom_objects or {})).items()}
    cls = own.get(name.lower())
    if cls is None and is_later_config(settings):
        cls, settings = meaning_of(name, settings)
    known = {one.lower(): each for one, each in CLASSES.items()}
    cls = cls or known.get(name.lower()) or get_from_module(name, CLASSES, "optimizer")
    if cls in CLASSES.values():
        _check_settings(name, settings)
    with CustomObjectScope(custom_objects):  # a learning rate schedule may be one of them
        return cls.from_config(settings)


def _checked(config: Any) -> tuple[str, dict]:
    """Class and settings."""
    settings = config.get("config") if isinstance(config, dict) else None
    if not isinstance(settings, dict) or not isinstance(config.get("class_name"), str):
        raise ArgumentError(
            f"an optimizer's config is {{'class_name': ..., 'config': {{...}}}}, got {brief(config)}.",
            "Such a config is what optimizers.serialize writes.",
            arguments=("optimizer",),
        )
    return config["class_name"].rsplit(">", 1)[-1], settings


def _check_settings(name: str, settings: dict) -> None:
    """Settings are numbers; but for those that change nothing."""
    for key, value in settings.items():
        is_rate = key in ("lr", "learning_rate") and isinstance(value, dict)
        is_list = key == "exclude_layers" and isinstance(value, list)
        if value is not None and key not in NEUTRAL and not is_rate and not is_list:
            check_number(name, key, value)


deserialize = optimizer_from_config


def serialize(optimizer: Optimizer) -> dict:
    """Class and config of an optimizer, as `deserialize` takes it."""
    return {"class_name": type(optimizer).__name__, "config": optimizer.get_config()}


def get(identifier: Any, kwargs: dict | None = None) -> Optimizer:
    """The optimizer of this name with its defaults, or the optimizer itself.

    Args:
        identifier: a name; an optimizer of kerasnb or its class; a dict `{"class_name": ..., "config": ...}`; an
            optimizer of Keras 3, `tf.keras` or `tf.compat.v1.train` that means the same as one of kerasnb.
        kwargs: arguments, for a name.

    Raises:
        UnknownNameError: there is none of this name.
        ArgumentError: it is no optimizer, or one of another library that means something else.
    """
    if isinstance(identifier, Optimizer):
        return identifier
    if isinstance(identifier, dict):
        return optimizer_from_config(identifier)
    if isinstance(identifier, type):
        return identifier()
    if is_foreign(identifier):
        return as_ours(identifier)
    lower = {name.lower(): cls for name, cls in CLASSES.items()}
    name = identifier.lower() if isinstance(identifier, str) and identifier not in get_custom_objects() else identifier
    found = get_from_module(name, lower, "optimizer", instantiate=True, kwargs=kwargs)
    if not hasattr(found, "get_updates"):
        raise ArgumentError(
            f"{identifier!r} is no optimizer.",
            'Pass a name such as "adam", or kerasnb.optimizers.Adam().',
            arguments=("optimizer",),
        )
    return found
