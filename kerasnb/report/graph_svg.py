"""A model's graph as a standalone SVG, with no system program and in colours that hold on light and dark pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as Xml

from ..views import view_of
from .graph_layout import HEIGHT, WIDTH, Layout, Wire, arrange
from .numbers import count, shape_text

__all__ = ["DrawnLayer", "graph_svg", "model_svg"]

# the page behind may be light or dark: cards bring their own white, wires stand out from both (3:1 or more)
_PAPER, _GREY, _INK, _SECONDARY, _LINE = "#ffffff", "#e4e4e4", "#212121", "#575757", "#858585"
_ALARM = "#b3261e"
_FAMILIES = {
    "core": "#76828f",
    "convolutional": "#3f7fd0",
    "pooling": "#1d938a",
    "recurrent": "#9a68c4",
    "attention": "#b5523b",
    "merge": "#c0782a",
    "normalization": "#6a9436",
    "advanced_activations": "#cb5d84",
    "embeddings": "#a58320",
    "wrappers": "#6d7bc9",
    "noise": "#b26a58",
    "images": "#4a86a8",
}
_SANS = "system-ui, 'Segoe UI', 'Liberation Sans', Arial, sans-serif"
_MONO = "Menlo, Consolas, 'DejaVu Sans Mono', monospace"
_LOCK = "M2.5 5h7v5h-7zM4 5V3.5a2 2 0 0 1 4 0V5"
_MARGIN, _PADDING, _CORNER = 2, 8, 4
_BOLD_WIDTH, _MONO_WIDTH = 7.0, 6.7  # px of an average letter, enough to see whether a name fits


@dataclass(frozen=True)
class DrawnLayer:
    """What one card of the drawing says."""

    name: str
    class_name: str
    family: str
    shape: tuple | list | None
    params: int
    is_frozen: bool = False
    is_grey: bool = False  # shown, but not to be edited
    trouble: str = ""  # why there is no shape, in place of shape and count
    is_broken: bool = False  # the trouble is its own, and not that of a layer before it


def graph_svg(layers: Sequence[DrawnLayer], layout: Layout, title: str) -> str:
    """The drawing of laid out layers; `title` is what a screen reader says of it."""
    width, height = layout.width + 2 * _MARGIN, layout.height + 2 * _MARGIN
    svg = Xml.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "width": str(width),
            "height": str(height),
            "role": "img",
            "viewBox": f"{-_MARGIN} {-_MARGIN} {width} {height}",
            "font-family": _SANS,
            "fill": _INK,
        },
    )
    Xml.SubElement(svg, "title").text = title
    wires = Xml.SubElement(svg, "g", {"fill": "none", "stroke": _LINE, "stroke-width": "1.3"})
    for wire in layout.wires.values():
        Xml.SubElement(wires, "path", {"d": _path(wire)})
    for layer in layers:
        _card(svg, layer, *layout.positions[layer.name])
    return Xml.tostring(svg, encoding="unicode")


def model_svg(model: Any) -> str:
    """The drawing of a whole model."""
    view = view_of(model)
    rows = view.rows()
    layers = [
        DrawnLayer(row.name, row.class_name, row.family, row.output_shape, row.params, not row.trainable)
        for row in rows
    ]
    edges = [(source, row.name) for row in rows for source in dict.fromkeys(row.inbound)]
    params = count(sum(row.params for row in rows))
    return graph_svg(
        layers, arrange([row.name for row in rows], edges), f"{view.name}: {len(rows)} layers, {params} parameters"
    )


def _card(svg: Xml.Element, layer: DrawnLayer, x: int, y: int) -> None:
    card = Xml.SubElement(svg, "g", {"transform": f"translate({x} {y})"})
    Xml.SubElement(
        card,
        "rect",
        {
            "x": "0.5",
            "y": "0.5",
            "width": str(WIDTH - 1),
            "height": str(HEIGHT - 1),
            "rx": str(_CORNER),
            "fill": _GREY if layer.is_grey else _PAPER,
            "stroke": _ALARM if layer.is_broken else _LINE,
        },
    )
    Xml.SubElement(
        card,
        "rect",
        {
            "x": str(_PADDING),
            "y": "10",
            "width": "8",
            "height": "8",
            "rx": "1",
            "fill": _FAMILIES.get(layer.family, _FAMILIES["core"]),
        },
    )
    _text(card, 22, 18, layer.class_name, {"font-size": "12", "font-weight": "600"})
    end = WIDTH - _PADDING - (15 if layer.is_frozen else 0)
    _text(
        card,
        end,
        18,
        _fitting_name(layer, end),
        {"font-size": "11", "font-family": _MONO, "fill": _SECONDARY, "text-anchor": "end"},
    )
    if layer.is_frozen:
        lock = Xml.SubElement(
            card,
            "path",
            {
                "d": _LOCK,
                "transform": f"translate({WIDTH - _PADDING - 11} 8)",
                "fill": "none",
                "stroke": _SECONDARY,
                "stroke-width": "1.2",
            },
        )
        Xml.SubElement(lock, "title").text = "frozen"
    if layer.trouble:
        fill = _ALARM if layer.is_broken else _SECONDARY
        _text(card, _PADDING, 36, layer.trouble, {"font-size": "11", "fill": fill})
        return
    _text(card, _PADDING, 36, shape_text(layer.shape), {"font-size": "11", "font-family": _MONO})
    counted = f"{count(layer.params)} params" if layer.params else "no params"
    _text(card, WIDTH - _PADDING, 36, counted, {"font-size": "11", "fill": _SECONDARY, "text-anchor": "end"})


def _text(parent: Xml.Element, x: int, y: int, text: str, style: dict[str, str]) -> None:
    Xml.SubElement(parent, "text", {"x": str(x), "y": str(y), **style}).text = text


def _fitting_name(layer: DrawnLayer, end: int) -> str:
    room = int((end - 28 - _BOLD_WIDTH * len(layer.class_name)) / _MONO_WIDTH)
    return layer.name if len(layer.name) <= room else f"{layer.name[: max(room - 1, 1)]}\u2026"


def _path(wire: Wire) -> str:
    """Level and upright legs with small round corners."""
    points = wire.points
    path = f"M{points[0][0]} {points[0][1]}"
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        into, out = _towards(here, before), _towards(here, after)
        path += f"L{into[0]:g} {into[1]:g}Q{here[0]} {here[1]} {out[0]:g} {out[1]:g}"
    return f"{path}L{points[-1][0]} {points[-1][1]}"


def _towards(start: tuple[int, int], end: tuple[int, int]) -> tuple[float, float]:
    length = abs(end[0] - start[0]) + abs(end[1] - start[1])
    part = min(_CORNER, length / 2) / length if length else 0
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part
