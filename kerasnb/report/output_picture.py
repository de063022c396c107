"""What a layer gives for one sample as a matplotlib picture, drawn without pyplot so that any thread may do it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from .presentation import Presentation, scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["output_figure", "output_png", "output_svg"]

INK, MUTED, BAR = "#212121", "#575757", "#176dc1"
ACROSS, MOST_TILES = 16, 64
WIDTH, DPI = 9.6, 100


Part = tuple[Presentation, str]


def output_figure(shown: Presentation, title: str, *others: Part) -> Figure:
    """Maps as tiles on one scale, series as a strip or lines, vectors as bars.

    Args:
        others: what is drawn below it, each with its title. Where all are of one shape they are on one scale.
    """
    from matplotlib.figure import Figure

    parts = [(shown, title), *others]
    heights = [_height(shown) for shown, _ in parts]
    figure = Figure(figsize=(WIDTH, sum(heights)), dpi=DPI, facecolor="white", layout="constrained")
    places = figure.subfigures(len(parts), 1, height_ratios=heights, squeeze=False)[:, 0] if parts[1:] else [figure]
    span = _common_span([shown for shown, _ in parts])
    for place, (shown, title) in zip(places, parts, strict=True):
        place.suptitle(title, x=0.005, ha="left", fontsize=9, color=INK)
        (_flat if _is_wide(shown) else _tiles)(place, shown, span)
    return figure


def _is_wide(shown: Presentation) -> bool:
    return shown.kind != "maps" or len(shown.values) == 1


def _height(shown: Presentation) -> float:
    """In inches."""
    return 2.2 if _is_wide(shown) else 0.4 + 0.66 * -(-min(len(shown.values), MOST_TILES) // ACROSS)


def _common_span(several: list[Presentation]) -> tuple[float, float] | None:
    """The lowest and the highest value of all, where they can be compared; None where each is on its own."""
    if len({(shown.kind, shown.values.shape) for shown in several}) > 1:
        return None
    finite = np.nan_to_num([shown.values for shown in several], nan=0.0, posinf=0.0, neginf=0.0)
    return (float(finite.min()), float(finite.max())) if finite.size else None


def output_png(shown: Presentation, title: str, *others: Part) -> bytes:
    """The picture as PNG bytes."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure, buffer = output_figure(shown, title, *others), io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(buffer, format="png", dpi=1.5 * DPI, metadata={"Software": None})
    return buffer.getvalue()


def output_svg(shown: Presentation, title: str, *others: Part) -> str:
    """The picture as SVG, its words as text."""
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    figure, buffer = output_figure(shown, title, *others), io.StringIO()
    FigureCanvasSVG(figure)
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "kerasnb"}):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def _tiles(figure: Any, shown: Presentation, span: tuple[float, float] | None) -> None:
    tiles = shown.values[:MOST_TILES]
    mosaic = _mosaic(tiles)
    scaled = scale(shown.values, span)
    axis = figure.add_subplot()
    axis.imshow(mosaic, cmap=_colours(scaled.signed), vmin=scaled.low, vmax=scaled.high or 1, interpolation="nearest")
    axis.set_axis_off()


def _mosaic(tiles: np.ndarray) -> np.ma.MaskedArray:
    units, rows, cols = tiles.shape
    across = min(ACROSS, units)
    down = -(-units // across)
    gap = max(1, cols // 10)
    # zeros under the mask: memory as it was found would make matplotlib warn of overflow now and then
    canvas = np.ma.array(np.zeros((down * (rows + gap) - gap, across * (cols + gap) - gap), "float32"), mask=True)
    for at, tile in enumerate(tiles):
        top, left = at // across * (rows + gap), at % across * (cols + gap)
        canvas[top : top + rows, left : left + cols] = tile
    return canvas


def _flat(figure: Any, shown: Presentation, span: tuple[float, float] | None) -> None:
    axis: Axes = figure.add_subplot()
    values = shown.values
    if shown.kind in ("bars", "numbers"):
        axis.bar(np.arange(len(values)), np.nan_to_num(values), color=BAR, width=0.8 if len(values) < 200 else 1.0)
    elif shown.kind == "lines":
        axis.plot(values.T, linewidth=1.2)
    else:
        scaled: Any = scale(values, span)
        axis.imshow(
            values[0] if values.ndim == 3 else values,
            aspect="equal" if values.ndim == 3 else "auto",  # a picture keeps its proportions, a strip fills the width
            cmap=_colours(scaled.signed),
            vmin=scaled.low,
            vmax=scaled.high or 1,
            interpolation="nearest",
        )
        axis.set_anchor("W")
    if span is not None and shown.kind in ("bars", "numbers", "lines"):
        margin = 0.05 * (span[1] - span[0] or 1.0)
        axis.set_ylim(min(0.0, span[0] - margin), max(0.0, span[1] + margin))
    axis.spines[:].set_visible(False)
    axis.tick_params(labelsize=8, labelcolor=MUTED, length=0)


def _colours(signed: bool) -> Any:
    from matplotlib.colors import LinearSegmentedColormap

    if not signed:
        return "gray"
    return LinearSegmentedColormap.from_list("cold_warm", ["#176dc1", "#f7f7f7", "#b85c08"])
