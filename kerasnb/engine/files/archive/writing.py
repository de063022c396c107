"""Models and weights of ours written as Keras 3 keeps them."""

from __future__ import annotations

import io
import json
import time
import zipfile
from typing import Any

import numpy as np

from .... import backend as K
from ....backend.graph.tensor import Variable
from ....utils.hdf5 import created, hdf5_library
from ....utils.writing import whole_file
from ..hdf5 import write_text
from ..later.export import own_to_later, parts_to_later
from .compiled import described_training, has_rate_in_state
from .contents import CONFIG, METADATA, WEIGHTS
from .graphs import described_model, plain_numbers
from .places import numbered, places
from .state import STATE, gathered, later_axis, mean_axis, own_kind, slot_order, slot_variables, spread

__all__ = ["write_archive", "write_archive_weights", "written_version"]

# the Keras whose form it has; earlier ones from 3.0 on read it too
_VERSION = "3.15.1"


def write_archive(model: Any, path: Any, include_optimizer: bool = True) -> None:
    """Write a `.keras` archive; the file is replaced only once the new one is whole.

    Raises:
        ArgumentError: Keras 3 has no such layer, argument, optimizer or loss; no file was touched.
        FileError: it cannot be written.
    """
    config = described_model(model)
    is_compiled = include_optimizer and bool(getattr(model, "compile_arguments", None))
    if is_compiled:
        config["compile_config"] = described_training(model)
    described = json.dumps(plain_numbers(config))
    metadata = json.dumps(
        {"keras_version": _VERSION, "date_saved": time.strftime("%Y-%m-%d@%H:%M:%S"), "writer": "kerasnb"}
    )
    weights = io.BytesIO()
    with hdf5_library().File(weights, "w") as file:
        _write(model, file, is_compiled)
    with whole_file(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        archive.writestr(METADATA, metadata)
        archive.writestr(CONFIG, described)
        archive.writestr(WEIGHTS, weights.getvalue())


def write_archive_weights(model: Any, path: Any) -> None:
    """Write a `.weights.h5`, with the state of the optimizer that a compiled model has.

    Raises:
        FileError: it cannot be written.
    """
    with created(path) as file:
        _write(model, file, bool(getattr(model, "compile_arguments", None)))


def written_version() -> str:
    """The Keras whose form the archives have."""
    return _VERSION


def _write(model: Any, file: Any, has_state: bool) -> None:
    own = list(places(model))
    values = _values([weight for place in own for weight in place.weights])
    write_text(file.require_group("vars"), "name", model.name)  # without it Keras 3.5 reads nothing
    for layer, path in zip(model.layers, numbered(model.layers, "layers/"), strict=True):
        write_text(file.require_group(f"{path}/vars"), "name", layer.name)
    for place in own:
        group = file.require_group(place.path)
        for number, (_, array) in enumerate(own_to_later(place.layer, place.weights, values.__getitem__)):
            group.create_dataset(str(number), data=array)
    if has_state:
        _write_state(model, file, own)


def _values(variables: list[Variable]) -> dict[Variable, np.ndarray]:
    return dict(zip(variables, K.batch_get_value(variables), strict=True))


def _write_state(model: Any, file: Any, own: list) -> None:
    optimizer = model.optimizer
    if not getattr(optimizer, "weights", None):
        return
    model._step("train")  # after a recompile: the optimizer fits its state to what is trained now
    arrays: list = [np.int64(_batches(optimizer))]
    if has_rate_in_state(optimizer):
        arrays.append(np.float32(K.get_value(optimizer.lr)))
    variables = slot_variables(optimizer, set(model._collected_trainable_weights))
    values = _values([slot for slots in variables.values() for slot in slots])
    layer_of = {weight: place.layer for place in own for weight in place.weights}
    for parts, kind in slot_order(optimizer, own, variables):
        layer = layer_of[parts[0]]
        kind = own_kind(optimizer, layer, kind)
        axis = mean_axis(optimizer, kind)
        kept = {weight: values[variables[weight][kind]] for weight in parts}
        if axis is None:
            arrays.append(parts_to_later(layer, parts, kept.__getitem__))
        else:
            means = {weight: spread(value, axis, K.int_shape(weight)) for weight, value in kept.items()}
            arrays.append(gathered(parts_to_later(layer, parts, means.__getitem__), later_axis(layer, axis)))
    if hasattr(optimizer, "m_schedule"):
        arrays.append(np.float32(K.get_value(optimizer.m_schedule)))
    group = file.create_group(f"{STATE}/vars")
    for number, array in enumerate(arrays):
        group.create_dataset(str(number), data=array)


def _batches(optimizer: Any) -> float:
    """How many batches there were, as Keras 3 counts; where gradients gather, a step is made of several."""
    steps = getattr(optimizer, "iterations", None)
    count = 0.0 if steps is None else round(float(K.get_value(steps)))
    if not optimizer.gradient_accumulation_steps:
        return count
    return count * optimizer.gradient_accumulation_steps + float(K.get_value(optimizer.gathered_batches))
