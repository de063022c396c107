"""The Inspector, and what it sends to the browser: small dictionaries with pixels as bytes."""

from __future__ import annotations

from ...carried import lazily

__all__ = ["Inspector"]

lazily(__name__, {"Inspector": (f"{__name__}.panel", "Inspector")})
