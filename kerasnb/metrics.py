"""Metrics by name: functions, and objects as later Keras makes them."""

from __future__ import annotations

from . import metric_classes, metric_functions
from .carried import carry
from .metric_functions import *  # noqa: F403
from .metric_functions import MAE, MAPE, MSE, MSLE, accuracy  # noqa: F401
from .metric_functions import __all__ as _functions
from .utils.custom_objects import named_thing, registry

__all__ = [*_functions, "get"]


def get(identifier):
    """The metric of this name or configuration (or the function, or metric as later Keras makes it, itself).

    Raises:
        UnknownNameError: there is none.
    """
    return named_thing(identifier, "metric", [metric_functions], metric_classes, metric_classes.Metric, [__name__])


def __getattr__(name: str):
    """The classes that later Keras has here."""
    if name in metric_classes.__all__:
        return getattr(metric_classes, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


serialize, deserialize = registry(get)
carry(__name__)
_OWN = frozenset(globals())
