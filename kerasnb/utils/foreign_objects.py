"""Losses, metrics, penalties, first values and constraints of Keras 3 and tf_keras, as ours of the same name."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any

from .. import backend as K
from ..backend.native import runs_code_of
from ..errors import ArgumentError

__all__ = [
    "RENAMED",
    "arguments_of",
    "as_ours",
    "each_as_ours",
    "is_of_keras",
    "kin_of",
    "ours_or_native",
]

_PACKAGE = __name__.partition(".")[0]
_LIBRARIES = ("keras", "tf_keras")

# functions of later Keras that have another name here
RENAMED = {"huber": "huber_loss", "kl_divergence": "kullback_leibler_divergence", "log_cosh": "logcosh"}


def _library(owner: Any) -> str:
    return str(getattr(owner, "__module__", "")).split(".")[0]


def is_of_keras(thing: Any) -> bool:
    """Whether it is a function of Keras 3 or tf_keras, or an object of a class that is theirs; nothing is imported."""
    return _library(thing if inspect.isfunction(thing) else type(thing)) in _LIBRARIES


def kin_of(thing: Any) -> str:
    """The library that it comes from, or that its class was derived from; '' for what has nothing to do with them."""
    owners = [thing] if inspect.isfunction(thing) else type(thing).__mro__
    return next((_library(owner) for owner in owners if _library(owner) in _LIBRARIES), "")


def ours_or_native(thing: Any, kind: str, known: Container[str]) -> Any:
    """The configuration of ours that means the same as a thing of another Keras; what is none of theirs, as it is.

    What we have nothing of that name for is given back too, where its code runs inside our functions.

    Args:
        kind: what it is called in messages.
        known: names of our classes.

    Raises:
        ArgumentError: we have none, and its code is for another backend.
    """
    if not kin_of(thing):
        return thing
    name = type(thing).__name__
    if is_of_keras(thing) and name in known:
        return {"class_name": name, "config": arguments_of(thing)}
    check_runs_here(thing, kind)
    return thing


def arguments_of(thing: Any) -> dict[str, Any]:
    """What it was made with. Some of Keras 3's leave an option out of their configuration: Huber its delta."""
    config = dict(thing.get_config()) | dict(getattr(thing, "_fn_kwargs", None) or {})
    # figures are computed in floatx here
    return {key: value for key, value in config.items() if value is not None and key not in ("dtype", "fn")}


def by_difference(thing: Any) -> dict[str, Any]:
    """The arguments that are not the usual ones of its class, and its name: ours may not have all that theirs have."""
    usual = {name: one.default for name, one in inspect.signature(type(thing).__init__).parameters.items()}
    given = {key: value for key, value in arguments_of(thing).items() if usual.get(key, inspect._empty) != value}
    return given | {"name": thing.name}


def check_runs_here(thing: Any, kind: str) -> None:
    """Refuse what another Keras computes by a library that is not the backend's.

    Raises:
        ArgumentError: it does.
    """
    library = kin_of(thing)
    theirs = sys.modules[library].backend.backend() if library == "keras" else "tensorflow"
    if runs_code_of(theirs):
        return
    name = getattr(thing, "__name__", type(thing).__name__)
    raise ArgumentError(
        f"{kind} {name} of {library} computes with {theirs}, which does not run inside kerasnb on {K.backend()}, and "
        "kerasnb has none that computes the same.",
        f"Write it with K functions, or use {library} on TensorFlow and call K.use('tensorflow').",
        arguments=(kind,),
    )


def as_ours(thing: Any, kind: str, classes: Any, functions: Sequence[Any]) -> Any:
    """Our loss or metric, or function, for one of another Keras; what is none of theirs, or runs here, as it is.

    Args:
        kind: what it is called in messages.
        classes, functions: the modules that have ours.

    Raises:
        ArgumentError: we have none, and its code is for another backend; or ours lacks an option that it was given.
    """
    if not kin_of(thing):
        return thing
    if is_of_keras(thing):
        ours = _function_of(thing, functions) if inspect.isfunction(thing) else _object_of(thing, classes)
        if ours is not None:
            return ours
    check_runs_here(thing, kind)
    return thing


def _function_of(function: Any, modules: Sequence[Any]) -> Any:
    name = RENAMED.get(function.__name__, function.__name__)
    found = (getattr(module, name, None) for module in modules)
    return next((one for one in found if getattr(one, "__module__", "").startswith(_PACKAGE)), None)


def _object_of(thing: Any, classes: Any) -> Any:
    cls = getattr(classes, type(thing).__name__, None)
    return None if cls is None or hasattr(thing, "fn") and not is_of_keras(thing.fn) else cls(**by_difference(thing))


def each_as_ours(given: Any, as_ours: Callable[[Any], Any]) -> Any:
    """What compile is given, with each thing of another Keras as ours, in lists and dictionaries too."""
    if isinstance(given, Mapping):
        return {name: each_as_ours(one, as_ours) for name, one in given.items()}
    if isinstance(given, list | tuple):
        return type(given)(each_as_ours(one, as_ours) for one in given)
    return as_ours(given) if kin_of(given) else given
