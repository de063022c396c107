"""A training as it stands, in one file: weights, the optimizer's state, how far it came, numpy's random numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..fitting.progress import Progress
from .hdf5 import dataset, reading, subgroup, values_of, writing
from .training import read_state, write_state

__all__ = ["read_backup", "write_backup"]

_WEIGHTS = "model_weights"


def write_backup(model: Any, filepath: Any, progress: Progress) -> None:
    """Write it; the file is whole or the former one stays."""
    with writing(filepath) as file:
        model.save_weights_to_hdf5_group(file.create_group(_WEIGHTS))
        if getattr(model.optimizer, "weights", None):
            write_state(model, file)
        file.attrs["epoch"], file.attrs["batch"] = progress.epoch, progress.batch
        if progress.order is not None:
            file.create_dataset("order", data=progress.order)
        _, keys, *rest = np.random.get_state()
        file.create_dataset("random", data=np.asarray(keys))
        file.attrs["random"] = np.asarray(rest, "float64")


def read_backup(model: Any, filepath: Any) -> None:
    """Give the model what the file holds; its next fit, or the one that begins now, goes on from there.

    Raises:
        FileError: it is damaged; nothing was changed.
        WeightsError: it is of another model; nothing was changed.
    """
    with reading(filepath) as file:
        order = values_of(dataset(file, "order")).astype("int64") if "order" in file else None
        progress = Progress(int(file.attrs["epoch"]), int(file.attrs["batch"]), order)
        place, has_gauss, gauss = file.attrs["random"]
        random = ("MT19937", values_of(dataset(file, "random")), int(place), int(has_gauss), float(gauss))
        weights = subgroup(file, _WEIGHTS)
        model.load_weights_from_hdf5_group(weights)
        read_state(model, file, weights)
    np.random.set_state(random)
    model.resumption = progress
