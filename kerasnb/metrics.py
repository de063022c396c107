"""Metrics by name: functions, and objects as later Keras makes them."""

from __future__ import annotations

from . import later_loss_functions, loss_functions, metric_classes, metric_functions
from .carried import carry
from .errors import ArgumentError
from .metric_classes import means
from .metric_functions import *  # noqa: F403
from .metric_functions import MAE, MAPE, MSE, MSLE, accuracy  # noqa: F401
from .metric_functions import __all__ as _functions
from .utils.custom_objects import named_thing, registry
from .utils.foreign_objects import RENAMED, as_ours

__all__ = [*_functions, "get"]
# functions that Keras 3 has here too -> where they are
_LATER = {
    **dict.fromkeys(("binary_focal_crossentropy", "categorical_focal_crossentropy"), later_loss_functions),
    **dict.fromkeys(("categorical_hinge", "huber", "kl_divergence", "log_cosh"), loss_functions),
    **dict.fromkeys(("concordance_correlation", "pearson_correlation"), means),
}


def get(identifier):
    """The metric of this name or configuration (or the function, or metric as later Keras makes it, itself).

    Raises:
        UnknownNameError: there is none.
        ArgumentError: it is another Keras's, of a class that is not among ours.
    """
    # hinges of Keras 3 take 0 and 1 as well as -1 and 1
    functions = [later_loss_functions, metric_functions, loss_functions]
    identifier = as_ours(identifier, "metric", metric_classes, functions)
    if hasattr(identifier, "update_state") and not isinstance(identifier, metric_classes.Metric):
        raise ArgumentError(
            f"metric {type(identifier).__name__} keeps its figures in variables of another library.",
            "Give the name of one of ours or a function, such as metrics=['mae'].",
            arguments=("metrics",),
        )
    return named_thing(identifier, "metric", [metric_functions], metric_classes, metric_classes.Metric, [__name__])


def __getattr__(name: str):
    """The classes and functions that later Keras has here."""
    if name in metric_classes.__all__:
        return getattr(metric_classes, name)
    if name in _LATER:
        return getattr(_LATER[name], RENAMED.get(name, name))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


serialize, deserialize = registry(get)
carry(__name__)
_OWN = frozenset(globals())
