"""Inputs of the model that were described wrongly: with the batch in their shape, without a batch size, with holes."""

from __future__ import annotations

from collections.abc import Iterator

from .. import edits
from ..graph import Graph, LayerSpec
from .case import Candidate, Case

__all__ = ["batch_in_the_shape", "batch_size", "one_of_several", "sizes_unknown"]

_BATCH = 32
_MANY = 100  # samples; few sequences are longer


def one_of_several(case: Case) -> Iterator[list[Candidate]]:
    """Several inputs joined before a layer that reads one, or the first of them alone."""
    if not case.joins and len(case.sources) > 1:
        yield [(f"{join}() before it", _joined(case, join)) for join in ("Concatenate", "Add")]
        yield [(f"read {case.sources[0]} only", _without(case, case.sources[1:]))]


def _joined(case: Case, class_name: str) -> Graph:
    first, *others = case.sources
    join = LayerSpec(edits.unique_name(case.graph, class_name), class_name)
    graph = edits.add(_without(case, others), join, first, case.name)
    for source in others:
        if (source, join.name) not in graph.connections:
            graph = edits.connect(graph, source, join.name)
    return graph


def _without(case: Case, sources: list[str]) -> Graph:
    graph = case.graph
    for source in sources:
        graph = edits.disconnect(graph, source, case.name)
    return graph


def batch_in_the_shape(case: Case) -> Iterator[list[Candidate]]:
    """The shape of one sample, where somebody gave that of all of them."""
    for source in case.sources:
        shape = case.graph[source].arguments.get("input_shape")
        if case.graph[source].is_input and shape and len(shape) > 1 and (shape[0] is None or _counts_samples(shape)):
            yield [case.set(case.parts(source)[0], input_shape=shape[1:])]


def _counts_samples(shape: tuple) -> bool:
    return None not in shape and shape[0] > max(_MANY, *shape[1:])


def batch_size(case: Case) -> Iterator[list[Candidate]]:
    """A number of samples for a layer that keeps its state from batch to batch."""
    stateful = any("stateful" in part.arguments for part in case.parts(case.name))
    inputs = [spec for spec in case.graph if spec.is_input and case.graph.reaches(spec.name, case.name)]
    if stateful and len(inputs) == 1 and inputs[0].arguments.get("input_shape"):
        part = case.parts(inputs[0].name)[0]
        shape = part.arguments["input_shape"]
        others = {name: value for name, value in part.arguments.items() if name != "input_shape"}
        changed = {**others, "batch_input_shape": (_BATCH, *shape)}
        yield [(f"batch size {_BATCH} in {part.name}", edits.change(case.graph, part.name, arguments=changed))]


def sizes_unknown(case: Case) -> Iterator[list[Candidate]]:
    """One value for each feature, where the sizes of pictures or sequences are open."""
    if case.class_name == "Flatten" and case.sizes and None in case.sizes[0] and case.sizes[0][-1] is not None:
        axes = len(case.sizes[0]) - 1
        if 1 <= axes <= 3:
            yield [case.replace(f"GlobalAveragePooling{axes}D")]
            yield [case.replace(f"GlobalMaxPooling{axes}D")]
    if case.class_name.startswith("LocallyConnected") and case.sizes and None in case.sizes[0]:
        whole = case.class_name.replace("LocallyConnected", "Convolution")
        yield [(f"{whole} instead", edits.change(case.graph, case.name, class_name=whole))]
