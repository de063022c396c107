"""Keras 1's path to initializations."""

from .carried import carry
from .initial_values import *  # noqa: F403
from .initial_values import __all__ as _functions
from .initializers import get, make_variable

__all__ = [*_functions, "get", "make_variable"]


carry(__name__)
