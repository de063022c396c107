"""`DotGraph`: a graph in Graphviz's language, with the methods that pydot's graphs have."""

from __future__ import annotations

import os
from typing import Any

import graphviz

from ..utils.downloads import written_whole
from .dot_rendering import render
from .record_svg import record_svg

__all__ = ["DotGraph"]


class DotGraph(graphviz.Digraph):
    """A directed graph of `graphviz`, which also knows pydot's `create`, `write`, `to_string`, `create_png` ...

    It draws itself in a notebook; no program must be on the system for svg and png of records joined by arrows.
    """

    dpi = 96  # pixels an inch, of png

    def create(self, prog: str | list | None = None, format: str = "raw", encoding: str | None = None) -> bytes:
        """The picture as a file's content.

        Args:
            prog: the layout, by default 'dot'.
            format: 'svg', 'png' or, with Graphviz on the system, another; 'raw' gives the source.
        """
        name = prog[0] if isinstance(prog, list | tuple) else prog
        return render(self.source, self._own_svg, format, name or self.engine, self.dpi)

    def _own_svg(self) -> str:
        return record_svg(self.body, self.graph_attr.get("rankdir", "TB"))

    def write(self, path, prog: str | list | None = None, format: str = "raw", encoding: str | None = None) -> bool:
        """Write the picture to a file, whole or not at all; gives True."""
        picture = self.create(prog, format)
        with written_whole(os.fspath(path)) as file:
            file.write(picture)
        return True

    def to_string(self) -> str:
        """The source."""
        return self.source

    def set(self, name: str, value: Any) -> None:
        """Give the whole graph an attribute, such as `rankdir`."""
        self.graph_attr[name] = str(value)

    def pipe(
        self, format=None, renderer=None, formatter=None, neato_no_op=None, quiet=False, *, engine=None, encoding=None
    ):
        """The picture as a file's content, or as text in an encoding."""
        picture = self.create(engine, format or self.format)
        return picture if encoding is None else picture.decode(encoding)

    def __getattr__(self, name: str) -> Any:
        verb, _, format = name.partition("_")
        if verb not in ("create", "write") or not format:
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
        method: Any = self.create if verb == "create" else self.write
        return lambda *args, **kwargs: method(*args, format=format, **kwargs)
