"""The inputs and outputs of a Keras model."""

from __future__ import annotations

from typing import Any

import numpy as np

from .keras_layer import dims
from .keras_library import OfKeras

__all__ = ["EndsOfKeras"]

ROWS = 2  # of the zeros that a model is called on to see its layers


class EndsOfKeras(OfKeras):
    """By the symbolic tensors; of a model that has none by the shapes that it was built with."""

    @property
    def input_names(self) -> list[str]:
        names = [tensor.name for tensor in self._symbolic("inputs")]
        return names or ["input"]

    @property
    def input_keys(self) -> list[str]:
        """By which keys a dict of data has the inputs: a model may be made of a dict of its own."""
        struct = self._inputs_struct
        # Keras lists the inputs of a dict in the order of its keys
        return sorted(struct) if isinstance(struct, dict) else self.input_names

    def packed(self, tensors: list[Any]) -> Any:
        """Tensors in the order of the inputs as the model is called on them."""
        if isinstance(self._inputs_struct, dict) and len(tensors) == len(self._inputs_struct):
            return dict(zip(self.input_keys, tensors, strict=True))
        return tensors[0] if len(tensors) == 1 else list(tensors)

    @property
    def _inputs_struct(self) -> Any:
        """What a functional model was made of: a tensor, a list or a dict of them."""
        return getattr(getattr(self.model, "_functional", None) or self.model, "_inputs_struct", None)

    @property
    def output_names(self) -> list[str]:
        graph = getattr(self.model, "_functional", None) or self.model
        return list(getattr(graph, "output_names", None) or ["output"])

    @property
    def input_types(self) -> list[str]:
        tensors = self._symbolic("inputs")
        known = [self.type_name(tensor) for tensor in tensors]
        return known or ["float32"] * len(self._known_shapes() or [()])

    @property
    def input_shapes(self) -> list[tuple]:
        return self._known_shapes() or []

    @property
    def output_shapes(self) -> list[Any]:
        """The shape of each output, its batch axis first; empty where that is not known."""
        return [dims(tensor.shape) for tensor in self._symbolic("outputs")]

    @property
    def ends(self) -> list[Any]:
        return self._symbolic("outputs")

    def zeros(self) -> list[np.ndarray] | None:
        """A few rows that the model takes; None where nobody knows what it takes."""
        shapes = self._known_shapes()
        if shapes is None:
            return None
        sizes = [tuple(size or 1 for size in shape[1:]) for shape in shapes]
        return [np.zeros((ROWS, *size), dtype) for size, dtype in zip(sizes, self.input_types, strict=True)]

    def _known_shapes(self) -> list[tuple] | None:
        """The shapes of the inputs; None of a model that was never called."""
        if self._symbolic("inputs"):
            return [dims(tensor.shape) for tensor in self._symbolic("inputs")]
        built = self._built_shapes()
        if built is None:
            return None
        return [dims(built)] if not isinstance(built[0], (list, tuple)) else [dims(shape) for shape in built]

    def _built_shapes(self) -> Any:
        known = getattr(self.model, "_build_shapes_dict", None) or {}
        shapes = list(known.values())
        return shapes[0] if len(shapes) == 1 else shapes or None

    def _symbolic(self, which: str) -> list[Any]:
        """The symbolic inputs or outputs; empty where there are none."""
        graph = getattr(self.model, "_functional", None) or self.model
        try:
            found = getattr(graph, which)
        except (AttributeError, ValueError):  # not built yet
            return []
        return self.flat(found) if found is not None else []
