"""The later path of where data enters a model."""

from ..carried import carry
from .topology import Input, InputLayer

__all__ = ["Input", "InputLayer"]


carry(__name__)
