"""The later path of most callbacks."""

from . import *  # noqa: F403
from . import __all__  # noqa: F401
