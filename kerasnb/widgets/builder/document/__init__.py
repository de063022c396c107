"""The document: a model as a value, edits, forms, and what is wrong with a layer and would mend it."""

from __future__ import annotations

from ....carried import lazily

__all__ = ["Document"]

lazily(__name__, {"Document": (f"{__name__}.document", "Document")})
