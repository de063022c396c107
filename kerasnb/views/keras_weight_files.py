"""Files of weights by Keras's own `save_weights`, with the epoch that they are of."""

from __future__ import annotations

import contextlib
import os
import warnings
from typing import Any

from ..engine.files.moments import EPOCH
from ..errors import FileError
from ..utils.hdf5 import hdf5_library
from ..utils.writing import whole_file

__all__ = ["load_weights", "save_weights"]

ENDING = ".weights.h5"  # by which Keras knows what is asked for
_LEFT_OUT = "Skipping variable loading for optimizer"


def save_weights(model: Any, path: Any, epoch: int, has_state: bool) -> None:
    """Write the weights of now, and the optimizer's state; whole or not at all.

    Raises:
        FileError: it cannot be written.
    """
    with whole_file(path) as temporary:
        written = temporary + ENDING
        try:
            model.save_weights(written)
            with hdf5_library().File(written, "r+") as file:
                file.attrs[EPOCH] = epoch
                if not has_state and "optimizer" in file:
                    del file["optimizer"]
            os.replace(written, temporary)
        except (KeyError, TypeError, ValueError) as error:  # of a layer that says itself what is written of it
            raise FileError(f'the weights of "{model.name}" cannot be written: {error}') from error
        finally:
            with contextlib.suppress(OSError):
                os.remove(written)


def load_weights(model: Any, path: Any) -> bool:
    """Give the model the weights of a file, and its optimizer the state that fits it.

    Returns:
        Whether there was such a state.

    Raises:
        Exception: whatever Keras says of a file that does not fit; part of it may have been loaded.
    """
    optimizer = getattr(model, "optimizer", None)
    if hasattr(optimizer, "build") and not getattr(optimizer, "built", False):
        optimizer.build(model.trainable_variables)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        model.load_weights(path)
    with hdf5_library().File(path, "r") as file:
        is_there = "optimizer" in file
    return optimizer is not None and is_there and not any(_LEFT_OUT in str(each.message) for each in said)
