"""The model in any file of Keras, to be shown: what kerasnb does not have has a stand-in, so nothing runs it."""

from __future__ import annotations

import os
from typing import Any

from ..caller import warn_user
from ..errors import WeightsError
from .files.archive.contents import is_archive, opened_archive
from .files.hdf5 import file_name, read_text, reading, subgroup
from .files.standing_in import fill_from_group, fill_from_places, model_with_stand_ins
from .saving import model_config

__all__ = ["fill_to_show", "load_to_show"]


def load_to_show(path: str | os.PathLike) -> Any:
    """The model in a file, with stand-ins, not compiled; layers that kerasnb has get their weights.

    Raises:
        FileError: it is missing, damaged, or holds no model.
        ArgumentError: nothing of the model can be shown.
    """
    if is_archive(path):
        with opened_archive(path) as contents:
            model = model_with_stand_ins(contents.config, contents.version, contents.name)
            _fill(contents.name, fill_from_places, model, contents.weights)
        return model
    with reading(path) as file:
        version = read_text(file, "keras_version") or "1"
        model = model_with_stand_ins(model_config(file), version, file_name(file))
        _fill(file_name(file), fill_from_group, model, subgroup(file, "model_weights"))
    return model


def fill_to_show(model: Any, path: str | os.PathLike, what: str) -> None:
    """Give such a model the weights in a file of Keras 3's.

    Args:
        what: whose weights they are, for a warning.
    """
    with reading(path) as file:
        _fill(what, fill_from_places, model, file)


def _fill(what: str, fill: Any, model: Any, source: Any) -> None:
    """Weights that do not fit are left out: to show a model takes none."""
    try:
        fill(model, source)
    except WeightsError as error:
        warn_user(f"{what}: shown without its weights. {error}")
