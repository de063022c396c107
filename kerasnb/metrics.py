"""Metrics by name: functions, and objects as later Keras makes them."""

from __future__ import annotations

from typing import Any

from . import metric_classes, metric_functions
from .carried import carry
from .metric_functions import *  # noqa: F403
from .metric_functions import MAE, MAPE, MSE, MSLE, accuracy  # noqa: F401
from .metric_functions import __all__ as _functions
from .utils.custom_objects import get_from_module, put_into, registry

__all__ = [*_functions, "get"]

_HERE = metric_functions.__name__


def get(identifier):
    """The metric of this name or configuration (or the function, or metric as later Keras makes it, itself).

    Raises:
        UnknownNameError: there is none.
    """
    name = identifier.get("class_name") if isinstance(identifier, dict) else identifier
    is_class = isinstance(name, str) and name in metric_classes.__all__
    objects = vars(metric_classes) if is_class else _by_name()
    found = get_from_module(identifier, objects, "metric")
    return found() if isinstance(found, type) and issubclass(found, metric_classes.Metric) else found


def _by_name() -> dict[str, Any]:
    """The functions of this module, and what programs put into it: `keras.metrics.own = own`."""
    own = {name: one for name, one in vars(metric_functions).items() if getattr(one, "__module__", "") == _HERE}
    return own | put_into(__name__)


def __getattr__(name: str):
    """The classes that later Keras has here."""
    if name in metric_classes.__all__:
        return getattr(metric_classes, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


serialize, deserialize = registry(get)
carry(__name__)
_OWN = frozenset(globals())
