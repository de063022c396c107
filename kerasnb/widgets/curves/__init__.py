"""Curves of training while it goes on, for the Fit panel and for a blocking fit."""

from __future__ import annotations

from ...carried import lazily

__all__ = ["LiveHistory"]

lazily(__name__, {"LiveHistory": (f"{__name__}.live_history", "LiveHistory")})
