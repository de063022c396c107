"""Which view a thing has, by the module that its class comes from: no library is loaded to ask."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from ..engine.container import Container
from ..errors import ArgumentError
from .keras_model import KerasModelView
from .of_kerasnb import KerasnbView
from .tf_keras_model import TfKerasModelView
from .view import ModelView

__all__ = ["has_view", "is_foreign", "view_of"]

_known: WeakKeyDictionary[Any, ModelView] = WeakKeyDictionary()
# library of a class -> the view of its models
_FOREIGN: dict[str, Callable[[Any], ModelView]] = {"keras": KerasModelView, "tf_keras": TfKerasModelView}
_VIEWS = (KerasnbView, KerasModelView)
# 3.4 has variables that are no numbers; before it there is no `keras.tree` and no `StatelessScope`
_OLDEST = (3, 5)


def has_view(thing: Any) -> bool:
    """Whether it is a model that can be looked at."""
    return isinstance(thing, _VIEWS) or _is_own(thing) or is_foreign(thing)


def is_foreign(thing: Any) -> bool:
    """Whether it is a model of another library."""
    return _library(thing) is not None


def view_of(thing: Any) -> Any:
    """The view of a model; a view is its own.

    Raises:
        ArgumentError: it is no model of a library that is known here, or of a release of it that is too old.
    """
    if isinstance(thing, _VIEWS):
        return thing
    if _is_own(thing):
        return KerasnbView(thing)
    library = _library(thing)
    if library is None:
        raise ArgumentError(
            f"there is no view of a {type(thing).__name__}.", "Give a model of kerasnb or of Keras (keras.Model)."
        )
    view = _known.get(thing)
    if view is None:
        _check_release(library)
        view = _known[thing] = _FOREIGN[library](thing)
    return view


def _is_own(thing: Any) -> bool:
    """Whether it is a model of kerasnb, or answers as one: it has layers, and a fit that can be steered."""
    return isinstance(thing, Container) or (hasattr(thing, "layers") and hasattr(thing, "control"))


def _library(thing: Any) -> str | None:
    """The library of whose model class it is."""
    if not (hasattr(thing, "layers") and hasattr(thing, "fit")):
        return None
    roots = (cls.__module__.partition(".")[0] for cls in type(thing).__mro__)
    return next((root for root in roots if root in _FOREIGN), None)


def _check_release(library: str) -> None:
    version = str(getattr(sys.modules[library], "__version__", ""))
    found = re.match(r"(\d+)\.(\d+)", version)
    if library == "keras" and found is not None and (int(found[1]), int(found[2])) < _OLDEST:
        raise ArgumentError(
            f"kerasnb looks into models of Keras {'.'.join(map(str, _OLDEST))} and later; this one is of {version}.",
            'Install a newer one (pip install "keras>=3.5"), or save the model there: kerasnb reads its file.',
        )
