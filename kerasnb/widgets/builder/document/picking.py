"""A box for one of several outputs of a layer; it stands on the canvas, and never in a model."""

from __future__ import annotations

from typing import Any

from ....engine.layer import Layer
from ....errors import GraphError

__all__ = ["PickOutput", "is_pick", "several_outputs"]


class PickOutput(Layer):
    """One output of a layer that gives several.

    Args:
        index: which, from 0.
    """

    def __init__(self, index: int = 0, **kwargs: Any):
        self.index = index
        super().__init__(**kwargs)

    def get_config(self) -> dict:
        return {**super().get_config(), "index": self.index}


def is_pick(spec: Any) -> bool:
    """Whether the described layer is such a box."""
    return spec.class_name == PickOutput.__name__


def several_outputs(count: int) -> GraphError:
    """That somebody must say which output of a layer is meant."""
    return GraphError(
        f"gives {count} outputs; other layers read one.", f"Put PickOutput(0) to PickOutput({count - 1}) after it."
    )
