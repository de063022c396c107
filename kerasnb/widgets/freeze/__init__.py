"""The Freeze panel."""

from __future__ import annotations

from ...carried import lazily

__all__ = ["FreezePanel"]

lazily(__name__, {"FreezePanel": (f"{__name__}.panel", "FreezePanel")})
