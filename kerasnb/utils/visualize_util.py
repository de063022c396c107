"""Pictures of models: a box for each layer, an arrow for each connection."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from ..carried import carry
from ..engine.layer import Layer
from ..errors import ArgumentError, GraphError
from ..layers.wrappers import Wrapper

if TYPE_CHECKING:
    from ..report.dot_graph import DotGraph

__all__ = ["model_to_dot", "plot", "plot_model"]


def model_to_dot(model, show_shapes=False, show_layer_names=True, rankdir="TB") -> DotGraph:
    """The model as a graph of Graphviz; it draws itself in a notebook.

    Args:
        show_shapes: whether the boxes say the shapes of inputs and outputs.
        show_layer_names: whether they say the layers' names before their classes.
        rankdir: 'TB' from top to bottom, 'LR' from left to right.

    Raises:
        ImportError: the package graphviz is not installed.
    """
    graph = _new_graph(rankdir)
    network = model.network
    for layer in network.layers:
        graph.node(str(id(layer)), label=_label(layer, show_shapes, show_layer_names))
    for layer in network.layers:
        for node in layer.inbound_nodes:
            for tensor in node.input_tensors if node in network.node_set and node.inbound_layers else ():
                graph.edge(str(id(tensor._keras_history[0])), str(id(layer)))
    return graph


def plot(model, to_file="model.png", show_shapes=False, show_layer_names=True) -> None:
    """Draw the model into a file; what is drawn and the errors are `model_to_dot`'s.

    Args:
        to_file: its ending says the format: .png, .svg, or with Graphviz on the system another.
    """
    _write(model_to_dot(model, show_shapes, show_layer_names), to_file)


def plot_model(
    model, to_file="model.png", show_shapes=False, show_layer_names=True, rankdir="TB", expand_nested=False, dpi=96
) -> DotGraph:
    """`plot` under its later name; gives the graph, which draws itself in a notebook.

    Args:
        dpi: pixels an inch, of png.

    Raises:
        ArgumentError: `expand_nested`, which is not done here.
    """
    if expand_nested:
        raise ArgumentError(
            "plot_model: a model inside a model is one box here; expand_nested=True is not done.",
            "Draw the inner one by itself: plot_model(model.get_layer(name)).",
            arguments=("expand_nested",),
        )
    graph = model_to_dot(model, show_shapes, show_layer_names, rankdir)
    graph.dpi = dpi
    _write(graph, to_file)
    return graph


def _new_graph(rankdir: str) -> DotGraph:
    try:
        from ..report.dot_graph import DotGraph
    except ImportError as error:
        raise ImportError("pictures of models need the package graphviz.\nInstall it: pip install graphviz") from error
    return DotGraph(graph_attr={"rankdir": rankdir, "concentrate": "true"}, node_attr={"shape": "record"})


def _write(graph: DotGraph, to_file: str | os.PathLike) -> None:
    ending = os.path.splitext(os.fspath(to_file))[1][1:]
    graph.write(to_file, format=ending.lower() or "png")


def _label(layer: Layer, show_shapes: bool, show_layer_names: bool) -> str:
    """What the layer's box says: a record of Graphviz, `name: Class | input, output | shapes`."""
    name, kind = layer.name, type(layer).__name__
    if isinstance(layer, Wrapper):
        name, kind = f"{name}({layer.layer.name})", f"{kind}({type(layer.layer).__name__})"
    title = _escaped(f"{name}: {kind}" if show_layer_names else kind)
    if not show_shapes:
        return title
    return f"{title}\n|{{input:|output:}}|{{{{{_shape(layer, 'input_shape')}}}|{{{_shape(layer, 'output_shape')}}}}}"


def _shape(layer: Layer, attribute: str) -> str:
    try:
        return _escaped(str(getattr(layer, attribute)))
    except (AttributeError, GraphError):
        return "multiple"


def _escaped(text: Any) -> str:
    r"""The text with a backslash before what means something in a record."""
    return re.sub(r"([\\{}|<>])", r"\\\1", text)


carry(__name__)
