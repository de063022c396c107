"""A layer, operation or weight of Keras as reports know one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["KerasLayer", "KerasWeight", "dims", "shapes_of"]


class KerasWeight:
    """A variable under the name that it has in a layer; equal to any other view of the same variable."""

    def __init__(self, variable: Any, name: str):
        self.variable, self.name = variable, name

    @property
    def shape(self) -> tuple[int, ...]:
        return dims(self.variable.shape)

    writes = 0  # of an assignment Keras keeps no count

    def peek(self) -> np.ndarray:
        """Its value now."""
        return np.asarray(self.variable.numpy())

    @property
    def dtype(self) -> str:
        """Its name."""
        return str(getattr(self.variable.dtype, "name", self.variable.dtype))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, KerasWeight) and other.variable is self.variable

    def __hash__(self) -> int:
        return id(self.variable)


class KerasLayer:
    """A layer, or an operator step such as `x + 1`, which has neither weights nor a flag.

    Args:
        layer: the object of Keras.
        call: which of its calls is looked at, from 0.
        shapes: gives the shapes of a call, input and output; None where they are not known.
    """

    def __init__(self, layer: Any, call: int, shapes: Callable[[Any, int], tuple[Any, Any]]):
        self.layer, self.call, self._shapes = layer, call, shapes
        self.name = layer.name

    # what reports ask of classes is about the layer's own
    @property
    def viewed_class(self) -> type:
        """The class of the layer itself."""
        return type(self.layer)

    @property
    def is_step(self) -> bool:
        """Whether it is no layer but an operation between layers."""
        return not hasattr(self.layer, "trainable_weights")

    @property
    def is_model(self) -> bool:
        """Whether it is a model, which can be opened."""
        return hasattr(self.layer, "compile") and hasattr(self.layer, "fit")

    @property
    def layers(self) -> list[Any]:
        """The layers of a model."""
        return list(self.layer.layers)

    @property
    def trainable(self) -> bool:
        """Keras's flag; True for a step, which has none."""
        return bool(getattr(self.layer, "trainable", True))

    @trainable.setter
    def trainable(self, flag: bool) -> None:
        self.layer.trainable = flag

    @property
    def built(self) -> bool:
        """Whether it has its weights; True for a step, which has none."""
        return bool(getattr(self.layer, "built", True))

    @property
    def dim_ordering(self) -> str:
        """`th` where channels come first."""
        return "th" if getattr(self.layer, "data_format", None) == "channels_first" else "tf"

    @property
    def weights(self) -> list[KerasWeight]:
        return self._viewed("weights")

    @property
    def trainable_weights(self) -> list[KerasWeight]:
        return self._viewed("trainable_weights")

    @property
    def own_weights(self) -> list[KerasWeight]:
        """Without those of the layers in it."""
        if self.is_step:
            return []
        inside = {id(each) for layer in layers_inside(self.layer) for each in layer.weights}
        return [weight for weight in self.weights if id(weight.variable) not in inside]

    @property
    def input_shape(self) -> Any:
        return self._shapes(self.layer, self.call)[0]

    @property
    def output_shape(self) -> Any:
        return self._shapes(self.layer, self.call)[1]

    def count_params(self) -> int:
        return sum(int(np.prod(weight.shape)) for weight in dict.fromkeys(self.weights))

    def get_weights(self) -> list[np.ndarray]:
        return self.layer.get_weights() if not self.is_step else []

    def get_config(self) -> dict[str, Any]:
        """Empty where the class does not tell it."""
        try:
            return dict(self.layer.get_config())
        except Exception:  # noqa: BLE001  a class of the user's own may raise anything; there is nothing to show then
            return {}

    def _viewed(self, which: str) -> list[KerasWeight]:
        return [KerasWeight(each, weight_name(each, self.name)) for each in getattr(self.layer, which, ())]


def layers_inside(layer: Any) -> list[Any]:
    """The layers that stand directly in one."""
    if hasattr(layer, "_flatten_layers"):
        return list(layer._flatten_layers(include_self=False, recursive=False))
    return []


def weight_name(variable: Any, layer: str) -> str:
    """The name of a variable without that of the layer: `kernel`, `forward_lstm/lstm_cell/kernel`."""
    path = (getattr(variable, "path", None) or variable.name).partition(":")[0]
    before, mark, name = f"/{path}".rpartition(f"/{layer}/")
    return name if mark else path.rpartition("/")[2]


def dims(shape: Any) -> tuple:
    """A shape as a tuple; None for sizes not known."""
    return tuple(None if size is None else int(size) for size in shape)


def shapes_of(tensors: Any) -> Any:
    """The shape of a tensor, or of several in a list; None for what is none."""
    if hasattr(tensors, "shape"):
        return dims(tensors.shape)
    if isinstance(tensors, dict):
        tensors = list(tensors.values())
    if isinstance(tensors, (list, tuple)):
        found = [shapes_of(each) for each in tensors if hasattr(each, "shape")]
        return found[0] if len(found) == 1 else found or None
    return None
