"""The curves of a training as a standalone SVG of at most 20 KiB, written in a millisecond and without matplotlib."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as Xml

from .history import Best, Run, best_epoch, metric_title
from .numbers import three_decimals
from .ticks import epoch_ticks, even_ticks, log_ticks, tick_text

__all__ = ["WIDTH", "comparison_svg", "history_svg"]

WIDTH, HEIGHT = 960, 250
INK, MUTED, LINE, PAPER = "#212121", "#575757", "#dedede", "#ffffff"
TRAIN, VALIDATION, EARLIER = "#176dc1", "#a8590b", "#949494"
# of runs side by side: Okabe and Ito, Color Universal Design (2008), which every eye tells apart
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")
SANS = "system-ui, 'Segoe UI', 'Liberation Sans', Arial, sans-serif"
MARK = "kerasnb-curves"  # by it the style sheet of the widgets knows the picture of a live curve (`lasting.css`)
LEFT, TOP, RIGHT, BOTTOM = 44, 30, 12, 24  # px between a chart's frame and its axes
MOST_POINTS = 240  # of one curve: more would be finer than a pixel in half the width
FINE = 2  # parts of a pixel in which curves are written, as whole numbers
DASHES = {VALIDATION: "5 2.5"}
MARKS_ROOM = 20  # px below the charts for the words of marks
MOST_MARKS, TOLD_MARKS = 40, 3


Curve = tuple[str, str, list[float]]  # colour, label, a value for each epoch


@dataclass(frozen=True)
class _Axes:
    """One chart's place on the page, and what its axes reach over."""

    x: float
    width: float
    epochs: int
    low: float
    high: float
    is_log: bool

    def across(self, epoch: float) -> float:
        last = max(self.epochs, 2)
        return self.x + LEFT + (epoch - 1) / (last - 1) * (self.width - LEFT - RIGHT)

    def down(self, value: float) -> float:
        share = (self._scaled(value) - self._scaled(self.low)) / (self._scaled(self.high) - self._scaled(self.low))
        return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM)

    def _scaled(self, value: float) -> float:
        return math.log10(value) if self.is_log else value


def history_svg(run: Run, earlier: Run | None = None, title: str = "") -> str:
    """Loss on a log axis beside the first metric; the best epoch is dotted, an earlier run grey.

    Where learning rate or frozen layers changed there is a flag; the newest changes are told below.
    """
    svg, best = _page(title, HEIGHT + MARKS_ROOM * bool(run.marks)), best_epoch(run)
    svg.set("class", MARK)
    for axes, name, curves in _charts(svg, run, lambda name: _curves(name, run, earlier)):
        _legend(svg, axes, [(colour, label) for colour, label, _ in curves])
        if best is not None:
            _mark_best(svg, axes, name, run, best)
        _mark_changes(svg, axes, run)
    if run.marks:
        _tell_changes(svg, run)
    return Xml.tostring(svg, encoding="unicode")


def comparison_svg(named: dict[str, Run], title: str = "") -> str:
    """Loss beside the first metric of several runs, a colour for each; validation curves where a run has them."""
    svg = _page(title)

    def curves_of(name: str) -> list[Curve]:
        found = [(label, run.logs.get("val_" + name) or run.logs.get(name)) for label, run in named.items()]
        return [(COLOURS[at % len(COLOURS)], label, values) for at, (label, values) in enumerate(found) if values]

    for axes, _, curves in _charts(svg, next(iter(named.values())), curves_of):
        _legend(svg, axes, [(colour, label) for colour, label, _ in curves])
    return Xml.tostring(svg, encoding="unicode")


def _page(title: str, height: int = HEIGHT) -> Xml.Element:
    svg = Xml.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            # no width of its own: a page that is narrower would cut it off
            "style": f"max-width:{WIDTH}px",
            "viewBox": f"0 0 {WIDTH} {height}",
            "role": "img",
            "font-family": SANS,
            "font-size": "11",
            "fill": MUTED,
        },
    )
    Xml.SubElement(svg, "title").text = title
    Xml.SubElement(svg, "rect", {"width": "100%", "height": "100%", "rx": "4", "fill": PAPER})
    return svg


def _charts(
    svg: Xml.Element, run: Run, curves_of: Callable[[str], list[Curve]]
) -> Iterator[tuple[_Axes, str, list[Curve]]]:
    """Draw the curves of the loss beside those of the run's first metric; gives each chart's axes, name and curves."""
    names = ["loss"] + ([run.metric] if run.metric in run.logs else [])
    width = WIDTH / len(names)
    for at, name in enumerate(names):
        curves = curves_of(name)
        shown = [value for _, _, values in curves for value in values if math.isfinite(value)]
        is_log = name == "loss" and bool(shown) and min(shown) > 0
        longest = max([run.epochs, *(len(values) for _, _, values in curves)])
        axes = _Axes(at * width, width, longest, *_reach(shown, is_log), is_log)
        _frame(svg, axes, "Loss, log scale" if is_log else metric_title(name))
        for colour, _, values in curves:
            _curve(svg, axes, colour, values)
        yield axes, name, curves


def _curves(name: str, run: Run, earlier: Run | None) -> list[Curve]:
    before = (earlier.logs.get("val_" + name) or earlier.logs.get(name)) if earlier else None
    curves = [
        (EARLIER, f"run {earlier.number}" if earlier else "", before),
        (TRAIN, "train", run.logs.get(name)),
        (VALIDATION, "validation", run.logs.get("val_" + name)),
    ]
    return [(colour, label, values) for colour, label, values in curves if values]


def _reach(shown: list[float], is_log: bool) -> tuple[float, float]:
    """The lowest and highest value of an axis, with a little room."""
    if not shown:
        return 0.0, 1.0
    low, high = min(shown), max(shown)
    if is_log:
        return (low * 0.7, high * 1.4) if low == high else (low * 0.88, high * 1.14)
    is_flat = high - low <= 1e-6 * abs(high)  # what is left are the last digits of float32
    room = ((abs(high) or 1.0) if is_flat else high - low) * 0.06
    return low - room, high + room


def _frame(svg: Xml.Element, axes: _Axes, title: str) -> None:
    for tick in (log_ticks if axes.is_log else even_ticks)(axes.low, axes.high):
        y = f"{axes.down(tick):.1f}"
        ends = {"x1": f"{axes.x + LEFT:g}", "x2": f"{axes.x + axes.width - RIGHT:g}", "y1": y, "y2": y}
        Xml.SubElement(svg, "line", {**ends, "stroke": LINE})
        _text(svg, axes.x + LEFT - 6, axes.down(tick) + 4, tick_text(tick), {"text-anchor": "end"})
    for epoch in epoch_ticks(max(axes.epochs, 1)):
        _text(svg, axes.across(epoch), HEIGHT - 8, str(epoch), {"text-anchor": "middle"})
    _text(svg, axes.x + LEFT, 17, title, {"font-size": "12", "font-weight": "600", "fill": INK})


def _legend(svg: Xml.Element, axes: _Axes, keys: list[tuple[str, str]]) -> None:
    end = axes.x + axes.width - RIGHT
    for colour, label in reversed(keys):
        _text(svg, end, 17, label, {"text-anchor": "end"})
        end -= 6 * len(label) + 8
        Xml.SubElement(svg, "path", {"d": f"M{end - 18:g} 13h18", **_stroke(colour)})
        end -= 32


def _curve(svg: Xml.Element, axes: _Axes, colour: str, values: list[float]) -> None:
    points = [
        (round(FINE * axes.across(epoch)), round(FINE * axes.down(value))) if math.isfinite(value) else None
        for epoch, value in _thinned(values)
    ]
    known = [point for point in points if point is not None]
    if len(known) == 1:
        x, y = known[0]
        Xml.SubElement(svg, "circle", {"cx": f"{x / FINE:g}", "cy": f"{y / FINE:g}", "r": "3", "fill": colour})
    elif known:
        scaled = {"transform": f"scale({1 / FINE:g})", "stroke-linejoin": "round"}
        Xml.SubElement(svg, "path", {"d": "".join(_steps(points)), **scaled, **_stroke(colour, FINE)})


def _thinned(values: list[float]) -> Iterator[tuple[int, float]]:
    """Epochs (from 1) and values; of very many, the lowest and the highest of each stretch, so that no peak is lost."""
    size = math.ceil(len(values) / MOST_POINTS)
    if size == 1:
        yield from enumerate(values, 1)
        return
    for begin in range(0, len(values), 2 * size):
        stretch = [at for at in range(begin, min(begin + 2 * size, len(values))) if math.isfinite(values[at])]
        for at in sorted(
            {min(stretch, key=values.__getitem__), max(stretch, key=values.__getitem__)} if stretch else ()
        ):
            yield at + 1, values[at]


def _steps(points: list[tuple[int, int] | None]) -> Iterator[str]:
    """The path through the points as steps from one to the next; it begins anew after each that is unknown."""
    before = None
    for point in points:
        if point is not None and before is None:
            yield f"M{point[0]} {point[1]}"
        elif point is not None and before is not None:
            yield f"l{point[0] - before[0]} {point[1] - before[1]}"
        before = point


def _mark_best(svg: Xml.Element, axes: _Axes, name: str, run: Run, best: Best) -> None:
    is_validated = "val_" + name in run.logs
    value = run.logs["val_" + name if is_validated else name][best.epoch - 1]
    if not math.isfinite(value):
        return
    x, y, middle = axes.across(best.epoch), axes.down(value), (TOP + HEIGHT - BOTTOM) / 2
    dotted = {"stroke": INK, "stroke-width": "0.9", "stroke-dasharray": "1 2"}
    ends = {"x1": f"{x:.1f}", "x2": f"{x:.1f}", "y1": str(TOP), "y2": str(HEIGHT - BOTTOM)}
    Xml.SubElement(svg, "line", {**ends, **dotted})
    place = {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": "4", "stroke": PAPER, "stroke-width": "1.5"}
    Xml.SubElement(svg, "circle", {**place, "fill": VALIDATION if is_validated else TRAIN})
    is_late = best.epoch > (axes.epochs + 1) / 2
    # in the half that the point leaves free, with the paper's colour around the letters
    below = middle + (40 if y < middle else -40)
    halo = {"stroke": PAPER, "stroke-width": "4", "stroke-linejoin": "round", "paint-order": "stroke", "fill": INK}
    anchor = {"text-anchor": "end" if is_late else "start"}
    _text(svg, x + (-7 if is_late else 7), below, f"best: epoch {best.epoch}, {three_decimals(value)}", halo | anchor)


def _mark_changes(svg: Xml.Element, axes: _Axes, run: Run) -> None:
    """A thin line with a flag at each place; of very many every n-th, as in the live curve."""
    # a change before the first epoch, or in one that did not end, stands at its side: the axis begins and ends there
    last = max(axes.epochs, 1)
    places = sorted({f"{axes.across(min(max(mark.at, 1), last)):.0f}" for mark in run.marks}, key=int)
    places = places[:: math.ceil(len(places) / MOST_MARKS) or 1]
    if places:
        lines = "".join(f"M{x} {TOP}V{HEIGHT - BOTTOM}" for x in places)
        thin = {"fill": "none", "stroke": MUTED, "stroke-dasharray": "3 3", "opacity": "0.6"}
        Xml.SubElement(svg, "path", {"d": lines, **thin})
        Xml.SubElement(svg, "path", {"d": "".join(f"M{x} {TOP}m-4 0h8l-4 5z" for x in places)})


def _tell_changes(svg: Xml.Element, run: Run) -> None:
    told = [f"{mark.where}: {mark.text}" for mark in run.marks[-TOLD_MARKS:]]
    hidden = len(run.marks) - len(told)
    words = "; ".join([f"{hidden:,} more before"] * bool(hidden) + told)
    Xml.SubElement(svg, "path", {"d": f"M{LEFT} {HEIGHT + 2}m-4 0h8l-4 5z"})
    _text(svg, LEFT + 9, HEIGHT + 8, words, {})


def _stroke(colour: str, scale: int = 1) -> dict[str, str]:
    style = {"fill": "none", "stroke": colour, "stroke-width": f"{1.5 * scale:g}"}
    dashes = " ".join(f"{float(dash) * scale:g}" for dash in DASHES.get(colour, "").split())
    return style | ({"stroke-dasharray": dashes} if dashes else {})


def _text(svg: Xml.Element, x: float, y: float, text: str, style: dict[str, str]) -> None:
    Xml.SubElement(svg, "text", {"x": f"{x:.1f}", "y": f"{y:.1f}", **style}).text = text
