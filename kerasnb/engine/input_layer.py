"""The later path of where data enters a model."""
from .topology import Input, InputLayer

__all__ = ["Input", "InputLayer"]
