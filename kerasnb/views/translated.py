"""A model of Keras as one of kerasnb, with its weights: what the Builder opens, and what code is written of."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from ..errors import ArgumentError, KerasnbError
from ..models import model_from_json
from .registry import is_foreign, view_of

__all__ = ["as_kerasnb"]


def as_kerasnb(model: Any) -> Any:
    """A model of kerasnb that computes the same, not compiled; the one that is given stays as it is.

    It goes through the doors that Keras 3's files go through, so it takes what they take.

    Raises:
        ArgumentError: it is no model of Keras 3, was never called, or has a layer that kerasnb does not have.
    """
    if not is_foreign(model) or view_of(model).library != "keras":
        raise ArgumentError(f"as_kerasnb needs a model of Keras 3, got {type(model).__name__}.")
    if not model.built:
        raise ArgumentError(f'model "{model.name}" has no weights yet.', "Call it on some samples first.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "of_keras.weights.h5"
        model.save_weights(path)
        try:
            made = model_from_json(model.to_json())
            made.load_weights(str(path))
        except KerasnbError as error:
            raise ArgumentError(
                f'model "{model.name}" of Keras cannot be made one of kerasnb: {error.message}',
                "Look at it as it is: %kerasnb graph, or the Inspector.",
            ) from error
    return made
