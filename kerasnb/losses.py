"""The later path of `objectives`."""

from .carried import carry
from .objectives import *  # noqa: F403
from .objectives import __all__  # noqa: F401

carry(__name__)
