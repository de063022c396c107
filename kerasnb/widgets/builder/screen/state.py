"""The document as the front end draws it: plain JSON, every number and name worked out here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ....report.graph_layout import Edge, Layout, Point, arrange
from ....report.numbers import count, shape_text
from ....views import family_of
from ..document.document import Document
from ..document.evaluation import Result
from ..document.fields import fields_of
from ..document.graph import LayerSpec
from ..document.making import MissingArgument
from ..document.registry import class_of
from ..document.standing import is_stand_in, told
from .blocks import block_state
from .figures import counts_beside, layer_count, layers_text, table_figures, totals
from .grouping import Group, box_of
from .palette import field_text

__all__ = ["document_state", "code_state", "layout_of"]


def document_state(document: Document, layout: Layout, groups: Sequence[Group] = ()) -> dict[str, Any]:
    """Everything the canvas, the table, the form and the status line show of a document.

    Args:
        layout: where layers stand, and the boxes of folded groups.
        groups: blocks that repeat.
    """
    graph, results = document.graph, document.results
    total = sum(result.params for result in results.values())
    boxes = box_of(groups)
    return {
        "revision": document.revision,
        "name": document.name,
        "nodes": [
            _node(document, graph[name], result, layout.positions[boxes.get(name, name)], total)
            | {"box": boxes.get(name, "")}
            for name, result in results.items()
        ],
        "edges": _edges(document, layout, boxes),
        "blocks": [block_state(document, layout, group) for group in groups],
        "totals": totals(document),
        "table": table_figures(document),
        "status": _status(document),
        "first_error": next(iter(document.failed), None),
        "undo": document.undo_label,
        "redo": document.redo_label,
    }


def _node(document: Document, spec: LayerSpec, result: Result, place: Point, total: int) -> dict[str, Any]:
    shape = _shape(result)
    frozen = not spec.trainable and not spec.is_input
    error = result.error
    x, y = place
    return {
        "name": spec.name,
        "class_name": spec.class_name,
        "family": family_of(class_of(spec)),
        "x": x,
        "y": y,
        "status": result.status,
        "shape": shape,
        "live": spec.live is not None,
        "shares": spec.shares or "",
        "is_read": bool(document.graph.outputs_of(spec.name)),
        "remark": _remark(spec),
        "frozen": frozen,
        "can_freeze": (result.params > 0 or frozen) and not is_stand_in(spec),
        "counts": counts_beside(result.params, shape, "shared" if spec.shares else "no params"),
        "note": _note(result),
        "params": count(result.params) if result.is_ok else "?",
        "share": result.params / total if total else 0,
        "multiply_adds": count(result.multiply_adds) if result.is_ok else "?",
        "flow": _flow(spec, result, shape),
        "detail": _detail(spec, result),
        "label": _spoken(spec, result, shape, frozen),
        "values": {
            field.name: field_text(field, spec.arguments[field.name])
            for field in (fields_of(class_of(spec)) if spec.live is None else ())
            if field.name in spec.arguments
        },
        "message": error.message if error else "",
        "advice": error.advice if error else "",
        "is_unset": isinstance(error, MissingArgument),
        "blamed": list(error.arguments) if error else [],
        "fixes": [
            {"label": fix.label, "shape": shape_text(fix.shape) if fix.shape else ""}
            for fix in (document.fixes(spec.name) if error else [])
        ],
    }


def _shape(result: Result) -> str:
    """The shape that a layer gives; of several outputs, each."""
    return " + ".join(shape_text(signal.shape) for signal in result.output.each) if result.output else "?"


def _remark(spec: LayerSpec) -> str:
    """What sets the box apart from one that a form describes."""
    if spec.shares:
        return f"The same layer as {spec.shares}, called again: both have its weights and arguments."
    if spec.live is None:
        return ""
    if is_stand_in(spec):
        return f"{told(spec)} Shown as it is; what stands around it can be edited."
    inside = [flag for path, flag in spec.inside.items() if "/" not in path]
    frozen = sum(not flag for flag in spec.inside.values())
    count_of = f"{layers_text(len(inside))} inside" + (f", {frozen} of them frozen" if frozen else "")
    within = f"{count_of}. " if inside else ""
    return f"{within}Shown as it is: no arguments describe it, so they cannot be changed here."


def _note(result: Result) -> str:
    if result.is_ok:
        return ""
    if isinstance(result.error, MissingArgument):
        return f"needs {' and '.join(result.error.arguments)}"
    return "no output shape" if result.has_failed else f"waiting for {result.waits_for}"


def _flow(spec: LayerSpec, result: Result, shape: str) -> str:
    inputs = ", ".join(shape_text(signal.shape) for signal in result.inputs)
    return shape if spec.is_input else f"{inputs or '?'} → {shape}"


def _detail(spec: LayerSpec, result: Result) -> str:
    if result.is_waiting:
        return f"waiting for {result.waits_for}"
    if result.has_failed:
        return "no output shape, so no totals"
    adds = f", {count(result.multiply_adds)} multiply-adds" if result.multiply_adds else ""
    own = f"the weights of {spec.shares}" if spec.shares else "no parameters"
    return f"{count(result.params)} parameters{adds}" if result.params else own


def _spoken(spec: LayerSpec, result: Result, shape: str, frozen: bool) -> str:
    """The layer as a screen reader says it."""
    who = f"{spec.class_name} {spec.name}"
    if result.error is not None:
        return f"{who}, error: {result.error.message}"
    if result.is_waiting:
        return f"{who}, waiting for {result.waits_for}"
    return f"{who}, output {shape}, {count(result.params)} parameters{', frozen' if frozen else ''}"


def _edges(document: Document, layout: Layout, boxes: Mapping[str, str]) -> list[dict[str, Any]]:
    """The wires between what is drawn, each with the connections that it stands for."""
    drawn: dict[Edge, list[Edge]] = {}
    for source, target in document.graph.connections:
        ends = boxes.get(source, source), boxes.get(target, target)
        if ends[0] != ends[1]:
            drawn.setdefault(ends, []).append((source, target))
    return [_edge(ends, pairs, document.results, layout) for ends, pairs in drawn.items()]


def _edge(ends: Edge, pairs: list[Edge], results: Mapping[str, Result], layout: Layout) -> dict[str, Any]:
    wire = layout.wires[ends]
    return {
        "source": ends[0],
        "target": ends[1],
        "connections": [list(pair) for pair in pairs],
        "status": results[pairs[0][1]].status,
        "points": [list(point) for point in wire.points],
        "middle": list(wire.middle),
    }


def _status(document: Document) -> dict[str, Any]:
    frozen = sum(
        not spec.trainable and not spec.shares and document.results[spec.name].params > 0 for spec in document.graph
    )
    aside = layers_text(layer_count(document)) + (f", {frozen} frozen" if frozen else "")
    if not document.failed:
        missing = len(document.stand_ins)
        text = "all shapes known" if document.is_good else "Add a first layer: press / or choose one on the left"
        if missing:
            text = f"{layers_text(missing)} that kerasnb does not have: shown, not built"
        return {"failed": False, "icon": "check" if document.is_good else "wait", "text": text, "aside": aside}
    waiting = sum(result.is_waiting for result in document.results.values())
    error = document.results[document.failed[0]].error
    assert error is not None  # as each has that failed
    return {
        "failed": not isinstance(error, MissingArgument),
        "icon": "wait",
        "text": f"{error.who}{error.message}",
        "aside": f"{layers_text(waiting)} waiting" if waiting else aside,
    }


def code_state(document: Document) -> dict[str, str]:
    """The Code tab: the last whole model in each style, and a note where the canvas is further."""
    note = ""
    if document.failed:
        note = (
            f"The last whole model; {document.failed[0]} does not fit yet."
            if document.good
            else f"{document.failed[0]} does not fit yet, so this code will not run."
        )
    elif document.stand_ins:
        names = ", ".join(spec.name for spec in document.stand_ins)
        note = f"kerasnb does not have {names}: " + (
            "this is the last whole model." if document.good else "those lines cannot be written, so this will not run."
        )
    return {style: document.to_code(style, last_good=True) for style in ("keras1", "keras2")} | {"note": note}


def layout_of(document: Document) -> Layout:
    """Where the document's layers stand."""
    return arrange(document.graph.names, document.graph.connections)
