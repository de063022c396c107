"""Boxes of layers that kerasnb does not have: how they are told, and why nothing is built of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ....engine.stand_in import StandIn
from ....errors import GraphError

__all__ = ["is_stand_in", "standing_in", "told"]

_MOST_NAMED = 4


def is_stand_in(spec: Any) -> bool:
    """Whether the described layer is such a box."""
    return isinstance(spec.live, StandIn)


def told(spec: Any) -> str:
    """What is known of such a layer: what it is, why kerasnb does not have it, what it weighs."""
    layer = spec.live
    size = "" if layer.size is None else f" It has {layer.size:,} parameters." if layer.size else " It has no weights."
    shape = "" if any(one.gives for one in layer.seen) else " Which shape it gives is not told."
    return f"{spec.class_name} of Keras: {layer.reason.rstrip('.')}.{size}{shape}"


def standing_in(specs: Sequence[Any]) -> GraphError | None:
    """That no model can be made of them; None where there are none."""
    if not specs:
        return None
    named = [f'"{spec.name}" ({spec.class_name})' for spec in specs[:_MOST_NAMED]]
    more = len(specs) - len(named)
    listed = ", ".join(named) + (f" and {more} more" if more else "")
    return GraphError(
        f"{listed} cannot be built or trained by kerasnb: {specs[0].live.reason.rstrip('.')}.",
        "Put a layer of kerasnb in its place, or remove it. Keras itself trains its model as it is.",
    )
