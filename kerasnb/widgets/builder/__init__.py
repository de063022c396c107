"""The Builder: a document in plain Python and the widget that shows it, each loaded on demand."""

from __future__ import annotations

from ...carried import lazily

__all__ = ["Builder", "Document"]

_HOMES = {"Builder": "screen.widget", "Document": "document.document"}
lazily(__name__, {name: (f"{__name__}.{home}", name) for name, home in _HOMES.items()})
