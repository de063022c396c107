"""Keras's path to what models are made of."""

from .topology import Container, Input, InputLayer, InputSpec, Layer, Merge, Node, get_source_inputs, merge
from .training import Model

__all__ = [
    "Node",
    "Layer",
    "InputSpec",
    "InputLayer",
    "Input",
    "Merge",
    "merge",
    "Container",
    "Model",
    "get_source_inputs",
]
