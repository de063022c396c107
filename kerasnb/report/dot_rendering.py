"""Pictures of graphs: by Graphviz's `dot` where the system has it, else by our own layout."""

from __future__ import annotations

import functools
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable

from ..errors import ArgumentError

__all__ = ["render", "SOURCE_FORMATS"]

SOURCE_FORMATS = ("raw", "dot", "gv")
# Families without serifs, the likeliest to be on a system first.
FAMILIES = ("Arial", "Helvetica", "Liberation Sans", "DejaVu Sans", "Nimbus Sans", "FreeSans", "Noto Sans", "Roboto")


def render(source: str, own_svg: Callable[[], str], format: str, prog: str = "dot", dpi: int = 96) -> bytes:
    """The picture as a file's content.

    Args:
        source: the graph in Graphviz's language.
        own_svg: draws it where Graphviz is not on the system.
        format: 'svg' or 'png'; with Graphviz on the system, whatever it knows; 'raw' gives the source.
        prog: the layout: 'dot', or with Graphviz on the system 'neato' ...
        dpi: pixels an inch, of png.

    Raises:
        ArgumentError: the format or the layout needs Graphviz itself, which is not on the system.
        ImportError: the package that makes a png without Graphviz is not there.
    """
    if format in SOURCE_FORMATS:
        return source.encode()
    if shutil.which(prog):
        return _by_graphviz(source, format, prog, dpi)
    if format not in ("svg", "png"):
        raise _needs_graphviz(f'format "{format}"', prog, "Write .svg or .png", "format")
    if prog != "dot":
        raise _needs_graphviz(f'the layout "{prog}"', prog, 'Take "dot"', "prog")
    svg = own_svg()
    return svg.encode() if format == "svg" else _png(svg, dpi)


def _needs_graphviz(what: str, prog: str, instead: str, argument: str) -> ArgumentError:
    return ArgumentError(
        f'{what} needs Graphviz\'s program "{prog}", which is not on this system.',
        f"{instead}, or install it: https://graphviz.org/download",
        arguments=(argument,),
    )


def _by_graphviz(source: str, format: str, prog: str, dpi: int) -> bytes:
    scale = [f"-Gdpi={dpi}"] if format == "png" else []
    done = subprocess.run([prog, f"-T{format}", *scale], input=source.encode(), capture_output=True)
    if done.returncode:
        raise ArgumentError(f"{prog} could not draw this as {format}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def _png(svg: str, dpi: int) -> bytes:
    try:
        import resvg_py
    except ImportError as error:
        raise ImportError(
            "a png of a model needs Graphviz on the system, or the package resvg-py.\n"
            "Install it: pip install resvg-py; or write .svg, which needs neither."
        ) from error
    return resvg_py.svg_to_bytes(svg_string=svg, dpi=dpi, sans_serif_family=_family(), font_dirs=_font_folders())


@functools.cache
def _family() -> str:
    """The first family that letters can be drawn with: with a missing one, text is left out in silence."""
    import resvg_py

    def drawn(text: str, family: str) -> bytes:
        frame = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><text y="15" font-family="sans-serif">'
        probe = f"{frame}{text}</text></svg>"
        return resvg_py.svg_to_bytes(svg_string=probe, sans_serif_family=family, font_dirs=_font_folders())

    for family in FAMILIES:
        if drawn("x", family) != drawn("", family):
            return family
    raise ImportError(
        f"no font to write a png with; there must be one of {', '.join(FAMILIES)}.\n"
        "Install one, or matplotlib, which brings DejaVu; or write .svg, which needs none."
    )


@functools.cache
def _font_folders() -> list[str]:
    """Where matplotlib keeps the fonts that it brings."""
    spec = importlib.util.find_spec("matplotlib")
    folders = spec.submodule_search_locations or [] if spec else []
    return [os.path.join(folder, "mpl-data", "fonts", "ttf") for folder in folders]
