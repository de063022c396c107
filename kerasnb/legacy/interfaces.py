"""Decorators by which layers written for Keras 2 take Keras 1's arguments; kerasnb's layers take both without them."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable

from ..spelling.door import translate

__all__ = ["generate_legacy_interface"]


def generate_legacy_interface(
    allowed_positional_args=None, conversions=None, preprocessor=None, value_conversions=None, object_type="class"
) -> Callable:
    """A decorator: the function takes its arguments under earlier names too.

    Args:
        conversions: pairs (earlier name, the function's own).
    """
    names = dict(conversions or [])

    def decorate(function: Callable) -> Callable:
        @functools.wraps(function)
        def spelt(*args, **kwargs):
            return function(*args, **translate(names, kwargs, function.__name__))

        spelt._original_function = function
        spelt.__signature__ = inspect.signature(function)
        return spelt

    return decorate


def __getattr__(name: str) -> Callable:
    """`legacy_conv2d_support` and its like."""
    if name.startswith("legacy_") and name.endswith("_support"):
        return generate_legacy_interface()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
