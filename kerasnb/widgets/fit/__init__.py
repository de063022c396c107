"""The Fit panel."""

from __future__ import annotations

from ...carried import lazily

__all__ = ["FitPanel"]

lazily(__name__, {"FitPanel": (f"{__name__}.panel", "FitPanel")})
