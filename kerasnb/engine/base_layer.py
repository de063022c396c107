"""The later path of what a layer is made of."""

from ..carried import carry
from .topology import InputSpec, Layer, Node

__all__ = ["InputSpec", "Layer", "Node"]


carry(__name__)
