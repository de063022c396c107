"""Keras's path to layers, nodes and containers."""

from ..carried import carry
from .container import Container
from .inputs import Input, InputLayer
from .layer import InputSpec, Layer, object_list_uid
from .merge import Merge, merge
from .network import get_source_inputs
from .node import Node, to_list

Network = Container  # the later name

__all__ = [
    "InputSpec",
    "Node",
    "Layer",
    "InputLayer",
    "Merge",
    "Container",
    "Network",
    "to_list",
    "object_list_uid",
    "Input",
    "merge",
    "get_source_inputs",
]


carry(__name__)
