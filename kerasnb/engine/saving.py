"""Whole models in HDF5 files: layers, weights, how they were compiled, and the optimizer's state."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Any

from ..errors import ArgumentError, FileError
from ..utils.custom_objects import custom_object_scope
from ..utils.damage import read_json
from ..utils.io_utils import ask_to_proceed_with_overwrite
from .files.archive.contents import is_archive, opened_archive
from .files.archive.model import fill_from_archive, load_archive_weights
from .files.archive.shards import is_list_of_shards, opened_shards
from .files.archive.weights import read_archive_weights
from .files.archive.writing import write_archive, write_archive_weights
from .files.configs import KERAS_VERSION, as_document, model_from_description
from .files.hdf5 import file_name, read_text, reading, subgroup, write_text, writing
from .files.later.export import write_later_weights
from .files.training import read_training, write_training
from .files.weights import holds_weights_of_keras_3, read_weights, read_weights_by_name, weights_group, write_weights
from .layer import Layer
from .statistics import is_spelt_later

__all__ = [
    "save_model",
    "load_model",
    "save_weights",
    "load_weights",
    "save_weights_to_hdf5_group",
    "load_weights_from_hdf5_group",
    "load_weights_from_hdf5_group_by_name",
]

_LISTED = "the list of layers"  # where errors would else name a model
_OWN_GROUPS = ("model_weights", "optimizer_weights")
# our own addition to a file, which Keras does not read: that a program was spelt as later Keras is
_SPELLING = "kerasnb_spelling"
_OWN_ATTRIBUTES = ("keras_version", "model_config", "training_config", _SPELLING)


def save_model(model, filepath, overwrite=True, include_optimizer=True) -> None:
    """Write a model to a file; the file is replaced only once the new one is whole.

    Args:
        filepath: a path, or an open HDF5 file or group. A path that ends in `.keras` becomes an archive of Keras 3; any
            other an HDF5 file in Keras 1.2's layout.
        overwrite: False asks before a file is replaced.
        include_optimizer: whether to write how it was compiled, too.

    Raises:
        MissingFileError: there is no such folder.
        ArgumentError: Keras 3 has no such layer, argument or optimizer; no file was touched.
    """
    if not _may_write(filepath, overwrite):
        return
    if _is_path(filepath) and _ending(filepath) == ".keras":
        write_archive(model, filepath, include_optimizer)
        return
    document = as_document(model)
    with writing(filepath) as file:
        _make_room(file)
        write_text(file, "keras_version", KERAS_VERSION)
        del document["keras_version"]
        write_text(file, "model_config", json.dumps(document))
        if is_spelt_later(model):
            write_text(file, _SPELLING, "later")
        model.save_weights_to_hdf5_group(file.create_group("model_weights"))
        if include_optimizer and getattr(model, "compile_arguments", None):
            write_training(model, file)


def _may_write(filepath: Any, overwrite: bool) -> bool:
    is_there = _is_path(filepath) and os.path.isfile(filepath)
    return overwrite or not is_there or ask_to_proceed_with_overwrite(filepath)


def _is_path(target: Any) -> bool:
    return isinstance(target, str | bytes | os.PathLike)


def _ending(path: Any) -> str:
    """What a path ends in, as Keras 3 tells by it what to write."""
    name = os.fsdecode(path).lower()
    return ".weights.h5" if name.endswith(".weights.h5") else os.path.splitext(name)[1]


def _make_room(file: Any) -> None:
    """Take an earlier model out of an open file."""
    for name in _OWN_GROUPS:
        if name in file:
            del file[name]
    for name in _OWN_ATTRIBUTES:
        if name in file.attrs:
            del file.attrs[name]


def load_model(filepath, custom_objects=None, compile=True, trust_code=False):
    """The model that `save_model` (or Keras 1, 2 or 3) wrote, compiled as it was, to be trained on from there.

    Args:
        filepath: a path (told by what is in the file, whatever it is called), or an open HDF5 file or group.
        custom_objects: your own layers, losses, metrics, optimizers and functions by name, for this call only.
        compile: whether to compile it, too.
        trust_code: run Python code that the file holds (of a Lambda or Merge); only for files whose origin you trust.

    Raises:
        MissingFileError: there is no such file.
        FileError: it holds no model, or is damaged.
        UnknownNameError: it names something that only custom_objects can know.
    """
    if _is_path(filepath) and is_archive(filepath):
        with opened_archive(filepath) as contents, custom_object_scope(custom_objects or {}):
            model: Any = model_from_description(
                contents.config, custom_objects, trust_code, contents.name, contents.version
            )
            fill_from_archive(model, contents, compile)
        return model
    with reading(filepath) as file, custom_object_scope(custom_objects or {}):
        version = read_text(file, "keras_version") or "1"
        is_later = read_text(file, _SPELLING) == "later"
        model = model_from_description(
            model_config(file), custom_objects, trust_code, file_name(file), version, drops_masks=is_later
        )
        model.spelt_later = model.spelt_later or is_later
        model.load_weights_from_hdf5_group(subgroup(file, "model_weights"))
        if compile:
            read_training(model, file)
    return model


def model_config(file: Any) -> dict:
    """The description of the model in an HDF5 file.

    Raises:
        FileError: there is none.
    """
    text = read_text(file, "model_config")
    if text is None:
        raise FileError(f"No model found in {file_name(file)}: it has no model_config.", _what_it_is(file))
    return read_json(text, f"{file_name(file)}: its model_config cannot be read", kind=FileError)


def _what_it_is(file: Any) -> str:
    if "layer_names" in file.attrs or "nb_layers" in file.attrs:
        return "It holds weights only: build the model, then model.load_weights(...)."
    if holds_weights_of_keras_3(file):
        return "It holds weights as Keras 3 writes them: build the model, then model.load_weights(...)."
    return "Files of models come from model.save."


def save_weights(model: Any, filepath, overwrite=True, later=False) -> None:
    """Write the weights of a model to an HDF5 file, in the layout of Keras 1.2 or a later one.

    A path that ends in `.weights.h5` gets the layout of Keras 3, which takes no other name.
    """
    if not _may_write(filepath, overwrite):
        return
    if _is_path(filepath) and _ending(filepath) == ".weights.h5":
        write_archive_weights(model, filepath)
        return
    with writing(filepath) as file:
        if later:
            write_later_weights(model._weighted_layers, file)
        else:
            model.save_weights_to_hdf5_group(file)


def load_weights(model: Any, filepath, by_name=False, skip_mismatch=False) -> None:
    """Give a model the weights of a file of weights or of a whole model; all or nothing but with `skip_mismatch`."""
    if skip_mismatch and not by_name:
        raise ArgumentError(
            "load_weights: skip_mismatch goes by names.", "Add by_name=True.", arguments=("skip_mismatch",)
        )
    if _is_path(filepath) and is_archive(filepath):
        load_archive_weights(model, filepath, by_name)
        return
    if _is_path(filepath) and is_list_of_shards(filepath):
        with opened_shards(filepath) as shards:
            read_archive_weights(model, shards, by_name)
        return
    with reading(filepath) as file:
        if holds_weights_of_keras_3(file):
            read_archive_weights(model, file, by_name)
            return
        group = weights_group(file)
        if by_name:
            model.load_weights_from_hdf5_group_by_name(group, skip_mismatch)
        else:
            model.load_weights_from_hdf5_group(group)


def save_weights_to_hdf5_group(f: Any, layers: Sequence[Layer]) -> None:
    """Write the weights of these layers into an open HDF5 file or group."""
    write_weights(layers, f)


def load_weights_from_hdf5_group(f: Any, layers: Sequence[Layer], reshape: bool = False) -> None:
    """Give these layers the weights in an open HDF5 file or group, in order; all or nothing.

    Raises:
        WeightsError: they do not fit.
    """
    read_weights(_LISTED, layers, f, by_name=False)


def load_weights_from_hdf5_group_by_name(
    f: Any, layers: Sequence[Layer], skip_mismatch: bool = False, reshape: bool = False
) -> None:
    """Give those of these layers that have a name in an open HDF5 file or group the weights there; all or nothing.

    Args:
        skip_mismatch: leave layers whose weights do not fit as they are, with a warning.

    Raises:
        WeightsError: they do not fit.
    """
    read_weights_by_name(_LISTED, layers, f, skip_mismatch)
