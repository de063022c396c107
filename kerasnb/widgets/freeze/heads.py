"""The head of a model, as edits of a graph: which layers it is, the graph without it, and with another one."""

from __future__ import annotations

from typing import Any

from ...errors import ArgumentError, unknown_name
from ...report.advice.heads import Head
from ...report.advice.present_head import present_head
from ..builder.document import edits
from ..builder.document.document import Document
from ..builder.document.evaluation import Evaluator
from ..builder.document.graph import Graph, LayerSpec

__all__ = ["head_of", "with_head", "without_head"]

_POOLED = {3: "GlobalAveragePooling1D", 4: "GlobalAveragePooling2D", 5: "GlobalAveragePooling3D"}


def head_of(document: Document, model: Any, at: str | None = None) -> list[str]:
    """The layers of the head, in the order of the data: the last one with weights and those after it.

    Args:
        model: made of the document.
        at: where it begins instead; all that is computed from that layer belongs to it.

    Raises:
        ArgumentError: there is no such layer, or it is not one end that hangs by one layer.
    """
    graph = document.graph
    if not document.is_good:
        raise ArgumentError(
            f'model "{document.name}" does not fit together at this moment.', "Mend it in its Builder first."
        )
    begins = present_head(model)[0] if at is None else at
    if begins not in graph:
        raise unknown_name(f'layer of model "{document.name}" is called', begins, graph.names)
    if graph[begins].is_input:
        raise ArgumentError(f'"{begins}" is the input; a head begins after it.', "Choose a later layer.")
    head = [spec.name for spec in graph.ordered if graph.reaches(begins, spec.name)]
    _check_hangs_by_one(graph, head, begins)
    return head


def without_head(graph: Graph, head: list[str]) -> Graph:
    """The graph up to the head."""
    for name in reversed(head):
        graph = edits.remove(graph, name)
    return graph


def with_head(graph: Graph, head: Head, former: Graph, target_axes: int = 0) -> tuple[Graph, str]:
    """The graph with a new last layer, and its name; maps and series are averaged first.

    Args:
        former: the graph whose names are taken: a layer of the same name would be handed over its weights.
        target_axes: of a sample's targets; a series of targets is answered step by step.
    """
    (end,) = graph.ends
    output = Evaluator().evaluate(graph)[end].output
    assert output is not None
    axes = len(output.shape)
    if axes in _POOLED and not (axes == 3 and target_axes == 2):
        graph, end = _added(graph, former, _POOLED[axes], end)
    arguments: dict[str, Any] = {"output_dim": head.units}
    if head.activation != "linear":
        arguments["activation"] = head.activation
    return _added(graph, former, "Dense", end, arguments)


def _added(
    graph: Graph, former: Graph, class_name: str, after: str, arguments: dict[str, Any] | None = None
) -> tuple[Graph, str]:
    names = Graph((*former.layers, *(spec for spec in graph.layers if spec.name not in former)))
    name = edits.unique_name(names, class_name)
    return edits.add(graph, LayerSpec(name, class_name, arguments or {}), after), name


def _check_hangs_by_one(graph: Graph, head: list[str], begins: str) -> None:
    left = without_head(graph, head)
    if len(left.ends) != 1 or left[left.ends[0]].is_input:
        ends = [name for name in left.ends if not left[name].is_input]
        listed = ", ".join(f'"{name}"' for name in ends) or "no layer"
        raise ArgumentError(
            f'cutting at "{begins}" leaves {len(ends)} open ends: {listed}.',
            "Cut at a layer through which everything passes.",
        )
