"""Callbacks: hooks into training.

A module's `__all__` says which callbacks it has; a new module has its one line here.
"""

from ..carried import carry
from .averages import *
from .backup import *
from .base import *
from .checkpoints import *
from .csv_logger import *
from .monitors import *
from .plateau import *
from .records import *
from .remote import *
from .tensorboard import *

__all__ = [name for name, value in globals().items() if isinstance(value, type)]


carry(__name__)
