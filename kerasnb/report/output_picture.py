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


def output_figure(shown: Presentation, title: str) -> Figure:
    """Maps as tiles on one scale, series as a strip or lines, vectors as bars."""
    from matplotlib.figure import Figure

    wide = shown.kind != "maps" or len(shown.values) == 1
    rows = 1 if wide else -(-min(len(shown.values), MOST_TILES) // ACROSS)
    height = 2.2 if wide else 0.4 + 0.66 * rows
    figure = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor="white", layout="constrained")
    figure.suptitle(title, x=0.005, ha="left", fontsize=9, color=INK)
    (_tiles if shown.kind == "maps" and not wide else _flat)(figure, shown)
    return figure


def output_png(shown: Presentation, title: str) -> bytes:
    """The picture as PNG bytes."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure, buffer = output_figure(shown, title), io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(buffer, format="png", dpi=1.5 * DPI, metadata={"Software": None})
    return buffer.getvalue()


def output_svg(shown: Presentation, title: str) -> str:
    """The picture as SVG, its words as text."""
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    figure, buffer = output_figure(shown, title), io.StringIO()
    FigureCanvasSVG(figure)
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "kerasnb"}):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def _tiles(figure: Figure, shown: Presentation) -> None:
    tiles = shown.values[:MOST_TILES]
    mosaic = _mosaic(tiles)
    scaled = scale(shown.values)
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


def _flat(figure: Figure, shown: Presentation) -> None:
    axis: Axes = figure.add_subplot()
    values = shown.values
    if shown.kind in ("bars", "numbers"):
        axis.bar(np.arange(len(values)), np.nan_to_num(values), color=BAR, width=0.8 if len(values) < 200 else 1.0)
    elif shown.kind == "lines":
        axis.plot(values.T, linewidth=1.2)
    else:
        scaled: Any = scale(values)
        axis.imshow(
            values[0] if values.ndim == 3 else values,
            aspect="auto",
            cmap=_colours(scaled.signed),
            vmin=scaled.low,
            vmax=scaled.high or 1,
            interpolation="nearest",
        )
    axis.spines[:].set_visible(False)
    axis.tick_params(labelsize=8, labelcolor=MUTED, length=0)


def _colours(signed: bool) -> Any:
    from matplotlib.colors import LinearSegmentedColormap

    if not signed:
        return "gray"
    return LinearSegmentedColormap.from_list("cold_warm", ["#176dc1", "#f7f7f7", "#b85c08"])
