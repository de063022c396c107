"""A graph of records as SVG without Graphviz: boxes in our own layout, and arrows, in each of Graphviz's directions."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterable, Sequence
from xml.etree import ElementTree as Xml

from ..errors import ArgumentError
from .graph_layout import Cell, Layout, Point, arrange
from .records import FONT_SIZE, Field, record

__all__ = ["DIRECTIONS", "record_svg"]

_MARGIN, _COLUMN_GAP, _ROW_GAP, _ARROW = 4, 24, 36, (8, 4)  # points
_NAME = r'("(?:[^"\\]|\\.)*"|\w+)'
# what `node` and `edge` of the package graphviz write, with no attribute but a label
_NODE = re.compile(rf"\s*{_NAME}(?: \[label={_NAME}\])?\s*", re.DOTALL)
_EDGE = re.compile(rf"\s*{_NAME} -> {_NAME}\s*")
# rankdir -> where a point stands, given its places across and along the flow, and how long the flow is
DIRECTIONS: dict[str, Callable[[float, float, float], tuple[float, float]]] = {
    "TB": lambda across, along, length: (across, along),
    "BT": lambda across, along, length: (across, length - along),
    "LR": lambda across, along, length: (along, across),
    "RL": lambda across, along, length: (length - along, across),
}


def record_svg(statements: Iterable[str], rankdir: str = "TB") -> str:
    """The drawing of a graph.

    Args:
        statements: the lines of its source that make nodes and edges.
        rankdir: 'TB' from top to bottom, 'LR' from left to right, 'BT' or 'RL'.

    Raises:
        ArgumentError: a direction or a statement that only Graphviz itself knows.
    """
    if rankdir not in DIRECTIONS:
        raise ArgumentError(
            f'rankdir must be one of {", ".join(DIRECTIONS)}; it is "{rankdir}".', arguments=("rankdir",)
        )
    is_upright = rankdir in ("TB", "BT")
    labels, edges = _read(statements)
    # as in Graphviz, the fields of a record turn with the graph
    boxes = {name: record(label, is_level=is_upright) for name, label in labels.items()}
    width, height = (max((box.size[side] for box in boxes.values()), default=0) for side in (0, 1))
    across, along = (width, height) if is_upright else (height, width)
    layout = arrange(list(boxes), edges, Cell(across, along, _COLUMN_GAP, _ROW_GAP))
    return _drawing(boxes, layout, (width, height), rankdir)


def _read(statements: Iterable[str]) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Labels of the nodes, and the edges."""
    labels: dict[str, str] = {}
    edges: list[tuple[str, str]] = []
    for statement in statements:
        if edge := _EDGE.fullmatch(statement):
            source, target = map(_unquoted, edge.groups())
            labels.setdefault(source, source)
            labels.setdefault(target, target)
            edges.append((source, target))
        elif node := _NODE.fullmatch(statement):
            labels[_unquoted(node[1])] = _unquoted(node[2] or node[1])
        else:
            raise ArgumentError(
                f"without Graphviz only boxes and arrows between them can be drawn; here is {statement.strip()}",
                "Leave it out, or install Graphviz: https://graphviz.org/download",
            )
    return labels, edges


def _unquoted(name: str) -> str:
    return name[1:-1].replace('\\"', '"') if name.startswith('"') else name


def _drawing(boxes: dict[str, Field], layout: Layout, size: tuple[int, int], rankdir: str) -> str:
    place = DIRECTIONS[rankdir]

    def placed(point: Point) -> tuple[float, float]:
        x, y = place(*point, layout.height)
        return x + _MARGIN, y + _MARGIN

    extent = (layout.width, layout.height) if rankdir in ("TB", "BT") else (layout.height, layout.width)
    svg = _page(*(length + 2 * _MARGIN for length in extent))
    lines = Xml.SubElement(svg, "g", {"fill": "none", "stroke": "black"})
    heads = Xml.SubElement(svg, "g", {"fill": "black"})
    for (source, target), wire in layout.wires.items():
        points = wire.points if source == target else _slanted(wire.points)
        _arrow(lines, heads, [placed(point) for point in points])
    across, along = size if rankdir in ("TB", "BT") else size[::-1]
    for name, box in boxes.items():
        a, b = layout.positions[name]
        (left, top), (right, bottom) = placed((a, b)), placed((a + across, b + along))
        _box(svg, box, (min(left, right), min(top, bottom)), size)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(svg, encoding="unicode")


def _slanted(points: Sequence[Point]) -> list[Point]:
    """The wire with slants for its level legs, which wires of several layers share, so that each can be followed."""
    half = _ROW_GAP // 2 if points[-1][1] > points[0][1] else -_ROW_GAP // 2
    slanted = list(points[:1])
    for here, following in itertools.pairwise(points):
        if here[1] == following[1]:
            slanted += [(here[0], here[1] - half), (following[0], following[1] + half)]
    slanted.append(points[-1])
    return [point for point, _ in itertools.groupby(slanted)]


def _page(width: float, height: float) -> Xml.Element:
    svg = Xml.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "width": f"{width:g}pt",
            "height": f"{height:g}pt",
            "viewBox": f"0 0 {width:g} {height:g}",
            "font-family": "Arial, Helvetica, sans-serif",
            "font-size": str(FONT_SIZE),
        },
    )
    # the page behind may be dark
    Xml.SubElement(svg, "rect", {"width": "100%", "height": "100%", "fill": "white"})
    return svg


def _arrow(lines: Xml.Element, heads: Xml.Element, points: list[tuple[float, float]]) -> None:
    (tip_x, tip_y), (from_x, from_y) = points[-1], points[-2]
    length = math.dist(points[-1], points[-2])
    ahead_x, ahead_y = (tip_x - from_x) / length, (tip_y - from_y) / length
    long, half = _ARROW
    base_x, base_y = tip_x - long * ahead_x, tip_y - long * ahead_y
    corners = [
        (tip_x, tip_y),
        (base_x - half * ahead_y, base_y + half * ahead_x),
        (base_x + half * ahead_y, base_y - half * ahead_x),
    ]
    Xml.SubElement(lines, "polyline", {"points": _coordinates([*points[:-1], (base_x, base_y)])})
    Xml.SubElement(heads, "polygon", {"points": _coordinates(corners)})


def _coordinates(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:.6g},{y:.6g}" for x, y in points)


def _box(svg: Xml.Element, box: Field, corner: tuple[float, float], size: tuple[int, int]) -> None:
    group = Xml.SubElement(svg, "g")
    for text, x, y, width, height in box.places(*corner, *size):
        outline = {"x": f"{x:g}", "y": f"{y:g}", "width": f"{width:g}", "height": f"{height:g}"}
        Xml.SubElement(group, "rect", {**outline, "fill": "none", "stroke": "black"})
        lines = text.split("\n")
        for row, line in enumerate(lines):
            # from the middle of the field; letters hang a third of their size below the line they stand on
            base = y + height / 2 + (row - (len(lines) - 1) / 2) * 1.2 * FONT_SIZE + FONT_SIZE / 3
            place = {"x": f"{x + width / 2:g}", "y": f"{base:g}", "text-anchor": "middle"}
            Xml.SubElement(group, "text", place).text = line
