"""How curves are drawn: over epochs or batches, on which axis, how smooth, what beside the loss."""

from __future__ import annotations

from typing import Any

from ...errors import ArgumentError, unknown_name

__all__ = ["VIEW", "read_view"]

VIEW = {"axis": "epoch", "log": True, "smoothing": 0.0, "metric": ""}
AXES = ("epoch", "batch")
SMOOTHEST = 0.99


def read_view(name: str, value: Any) -> Any:
    """A value of a view, as a person or the browser gives it.

    Raises:
        ArgumentError: it cannot be that.
    """
    if name not in VIEW:
        raise unknown_name("choice for curves is called", name, VIEW)
    if name == "axis" and value not in AXES:
        raise unknown_name("axis is called", value, AXES)
    if name == "log" and not isinstance(value, bool):
        raise ArgumentError(f"log needs True or False, got {value!r}.")
    if name == "metric" and not isinstance(value, str):
        raise ArgumentError(f"metric needs the name of a metric, got {value!r}.")
    if name == "smoothing":
        return _smoothing(value)
    return value


def _smoothing(value: Any) -> float:
    try:
        share = float(value)
    except (TypeError, ValueError):
        share = -1.0
    if not 0 <= share <= SMOOTHEST:
        raise ArgumentError(f"smoothing needs a number from 0 to {SMOOTHEST}, got {value!r}.")
    return share
