"""The library of a Keras model, and what it computes with."""

from __future__ import annotations

import sys
import weakref
from typing import Any

from ..backend.on_keras.running import Runner, runner_for
from ..errors import ArgumentError
from .view import OfModel

__all__ = ["OfKeras"]


class OfKeras(OfModel):
    """Asks the library itself, which is loaded since the model is of it.

    Args:
        model: held weakly: whoever shows the view holds it.
    """

    library, title = "keras", "Keras"

    def __init__(self, model: Any):
        self._model = weakref.ref(model)

    @property
    def model(self) -> Any:
        """The model.

        Raises:
            ArgumentError: nobody holds it any more.
        """
        model = self._model()
        if model is None:
            raise ArgumentError("the Keras model of this view is gone.", "Keep it in a variable.")
        return model

    @property
    def keras(self) -> Any:
        """The library, which is there since the model is of it."""
        return sys.modules[self.library]

    @property
    def backend(self) -> str:
        """What the library computes with."""
        return self.keras.backend.backend()

    @property
    def ops(self) -> Any:
        """The operations that gradients are scored with."""
        return self.keras.ops

    def flat(self, tensors: Any) -> list[Any]:
        """The tensors of any structure, in a row."""
        return self.keras.tree.flatten(tensors)

    def type_name(self, tensor: Any) -> str:
        """The name of its dtype."""
        return self.keras.backend.standardize_dtype(tensor.dtype)

    @property
    def runner(self) -> Runner:
        """What computes on Keras's own backend."""
        return runner_for(self.backend)
