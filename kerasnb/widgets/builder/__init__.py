"""The Builder: a document in plain Python (`document`) and the widget that shows it (`widget`), loaded on demand."""

from __future__ import annotations

__all__ = ["Builder", "Document"]


def __getattr__(name: str) -> object:
    if name == "Builder":
        from .widget import Builder

        return Builder
    if name == "Document":
        from .document import Document

        return Document
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
