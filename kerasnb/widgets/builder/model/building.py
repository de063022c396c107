"""Real models made from a graph."""

from __future__ import annotations

import contextlib
from typing import Any

from ....engine.twins import leaving_nothing
from ....layers import Input
from ....models import Model, Sequential
from ..document.edits import takes_many
from ..document.graph import Graph, LayerSpec
from ..document.making import make_layer
from ..document.picking import is_pick

__all__ = ["build_model", "is_sequential", "input_arguments"]


def build_model(graph: Graph, name: str) -> Any:
    """A new model of the graph: Sequential where it is a chain, functional otherwise."""
    make = _sequential if is_sequential(graph) else _functional
    with contextlib.ExitStack() as stack:
        # what calls add to layers inside live ones is the twin's by then; left there, it would keep every model alive
        for spec in graph:
            if spec.live is not None and not spec.shares:
                stack.enter_context(leaving_nothing(spec.live))
        return make(graph, name)


def _sequential(graph: Graph, name: str) -> Any:
    source, first, *rest = graph.ordered
    if first.live is not None:
        # it stands in other models, too, so it cannot carry an input of its own
        return Sequential([_input(source), make_layer(first), *map(make_layer, rest)], name=name)
    bottom = make_layer(first, input_arguments(first, source))
    # with the name and shape that the canvas shows, not those that Sequential would make up
    bottom.create_input_layer(_batch_shape(source), bottom.input_dtype, source.name)
    return Sequential([bottom, *map(make_layer, rest)], name=name)


def is_sequential(graph: Graph) -> bool:
    """Whether the graph can be written as a Sequential; an Embedding can begin one for plain rows of words only."""
    if not graph.is_chain:
        return False
    source, first, *_ = graph.ordered
    return first.class_name != "Embedding" or len(_batch_shape(source)) == 2  # (batch, time)


def input_arguments(spec: LayerSpec, source: LayerSpec) -> dict[str, Any]:
    """The input's arguments, as the first layer of a Sequential carries them; an Embedding has a word of its own."""
    if spec.class_name != "Embedding":
        return dict(source.arguments)
    length = _batch_shape(source)[1]
    return {} if length is None else {"input_length": length}


def _batch_shape(source: LayerSpec) -> tuple[int | None, ...]:
    given = source.arguments
    return tuple(given["batch_input_shape"]) if "batch_input_shape" in given else (None, *given.get("input_shape", ()))


def _functional(graph: Graph, name: str) -> Any:
    tensors: dict[str, Any] = {}
    layers: dict[str, Any] = {}
    for spec in graph.ordered:
        sources = [tensors[source] for source in graph.inputs_of(spec.name)]
        if spec.is_input:
            tensors[spec.name] = _input(spec)
        elif is_pick(spec):
            tensors[spec.name] = sources[0][spec.arguments.get("index", 0)]
        else:
            if spec.layer_name not in layers:
                layers[spec.layer_name] = make_layer(spec)
            read = sources if takes_many(spec) else sources[0]
            tensors[spec.name] = layers[spec.layer_name](read, **spec.called_with)
    inputs = [tensors[spec.name] for spec in graph.ordered if spec.is_input]
    outputs = [tensors[end] for end in graph.outputs]
    return Model(input=_one_or_list(inputs), output=_one_or_list(outputs), name=name)


def _input(spec: LayerSpec) -> Any:
    arguments = spec.arguments
    return Input(
        shape=arguments.get("input_shape"),
        batch_shape=arguments.get("batch_input_shape"),
        dtype=arguments.get("input_dtype"),
        name=spec.name,
    )


def _one_or_list(tensors: list) -> Any:
    return tensors[0] if len(tensors) == 1 else tensors
