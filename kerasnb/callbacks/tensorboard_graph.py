"""A model's graph as TensorBoard draws it: a node for each layer."""

from __future__ import annotations

from typing import Any

__all__ = ["graph_of"]


def graph_of(model: Any) -> Any:
    """The GraphDef message: layers as nodes, with their class, what they read, and the shapes of their outputs."""
    from tensorboard.compat.proto.graph_pb2 import GraphDef
    from tensorboard.compat.proto.versions_pb2 import VersionDef

    graph = GraphDef(versions=VersionDef(producer=22))
    for layer in model.network.layers:
        node = graph.node.add(name=layer.name, op=type(layer).__name__)
        for name in _sources(layer, model.network):
            node.input.append(name)
        for shape in _output_shapes(layer, model.network):
            _add_shape(node.attr["_output_shapes"].list.shape.add(), shape)
    return graph


def _nodes(layer: Any, network: Any) -> list:
    """The layer's uses within this model; all of them if none is known to be."""
    nodes = [node for node in layer.inbound_nodes if all(one in network.layers for one in node.inbound_layers)]
    return nodes or list(layer.inbound_nodes)


def _sources(layer: Any, network: Any) -> list[str]:
    found = (source.name for node in _nodes(layer, network) for source in node.inbound_layers)
    return list(dict.fromkeys(found))


def _output_shapes(layer: Any, network: Any) -> list[tuple]:
    return [tuple(tensor._keras_shape) for node in _nodes(layer, network) for tensor in node.output_tensors]


def _add_shape(message: Any, shape: tuple) -> None:
    for size in shape:
        message.dim.add(size=-1 if size is None else int(size))
