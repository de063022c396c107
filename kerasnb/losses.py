"""The later path of `objectives`."""

from .objectives import *  # noqa: F403
from .objectives import __all__  # noqa: F401
