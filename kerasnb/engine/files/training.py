"""How a saved model was compiled, and the state of its optimizer."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from ... import backend as K
from ... import metrics, objectives, optimizers
from ...caller import warn_user
from ...errors import FileError, KerasnbError, WeightsError
from ...utils.custom_objects import get_custom_objects
from ...utils.damage import damage_named, read_json
from ..statistics import parts_of
from .configs import plain
from .hdf5 import dataset, file_name, read_text, subgroup, values_of, write_text
from .later.accuracy import accuracy_by_width
from .later.state import take_later_state
from .later.training import by_output, function_names, metrics_by_output
from .later.versions import divides_penalties, is_of_tensorflow
from .later.weights import is_later, version_of
from .slots import in_order_of, places
from .weights import Values, read_arrays, write_arrays

__all__ = [
    "compile_as",
    "compile_as_later",
    "state_left_out",
    "counters",
    "read_state",
    "read_training",
    "write_state",
    "write_training",
]

_STATE = "optimizer_weights"

# what a step changes besides the state of each weight, and Keras does not list among the optimizer's weights
_COUNTERS = ("iterations", "m_schedule", "gathered_batches")

_ALONE = "Load the model alone: compile=False."

# our own addition to a file, which Keras does not read
_PLACES = "kerasnb_places"


def write_training(model: Any, file: Any) -> None:
    """The arguments of compile, and the optimizer's state once there is one."""
    arguments = model.compile_arguments
    optimizer = arguments["optimizer"]
    try:
        config = {"class_name": type(optimizer).__name__, "config": optimizer.get_config()}
    except (AttributeError, NotImplementedError):
        warn_user(
            f"{type(optimizer).__name__} has no get_config, so the model was saved as if it were not "
            "compiled; compile it again after loading.",
        )
        return
    described = {name: arguments[name] for name in ("loss", "metrics", "sample_weight_mode", "loss_weights")}
    if arguments.get("weighted_metrics"):
        described["weighted_metrics"] = arguments["weighted_metrics"]
    write_text(file, "training_config", json.dumps(plain({"optimizer_config": config, **described})))
    if getattr(optimizer, "weights", None):
        model._step("train")  # after a recompile: the optimizer fits its state to what is trained now
        write_state(model, file)


def write_state(model: Any, file: Any, values: Values = K.batch_get_value) -> None:
    """The state of the model's optimizer, as a group of its own.

    Args:
        values: what gives the arrays of listed variables, by default those that they have now.
    """
    group = file.create_group(_STATE)
    write_arrays(group, model.optimizer.weights, values)
    group.create_dataset(_PLACES, data=np.asarray(places(model), dtype="int64"))
    for name, counter in counters(model.optimizer).items():
        group.attrs[name] = values([counter])[0]


def read_state(model: Any, file: Any, weights: Any) -> bool:
    """Give the model's optimizer the state in a file; False where there is none.

    Args:
        weights: the group of the model's weights in the same file.
    """
    if _STATE not in file:
        return False
    _read_state(model, subgroup(file, _STATE), weights)
    return True


def counters(optimizer: Any) -> dict[str, Any]:
    """The optimizer's counters that are not among its weights."""
    found = {name: getattr(optimizer, name, None) for name in _COUNTERS}
    listed = set(optimizer.weights)
    return {name: one for name, one in found.items() if isinstance(one, K.Variable) and one not in listed}


def read_training(model: Any, file: Any) -> None:
    """Compile the model as it was when saved, and give its optimizer the saved state.

    Raises:
        UnknownNameError: a loss, metric or optimizer that only custom_objects can know.
    """
    config = _training_config(file)
    if config is None:
        warn_user(
            "the file does not say how the model was compiled, so it is not; call model.compile(...) before training.",
        )
        return
    weights = subgroup(file, "model_weights")
    what = f"{file_name(file)}: its training_config"
    if is_later(weights):
        described = by_output(config, _model_config(file))
        compile_as_later(model, config["optimizer_config"], described, what, version_of(weights))
    else:
        with _advised(), damage_named(what, _ALONE, FileError):
            compile_as(model, config["optimizer_config"], config)
    read_state(model, file, weights)


def compile_as_later(model: Any, optimizer: Any, config: dict, what: str, version: str) -> None:
    """Compile a model as a file of later Keras says.

    Args:
        what: the part of the file that says it, for errors.
        version: of the Keras that wrote it.

    Raises:
        UnknownNameError: a loss, metric or optimizer that only custom objects can know.
    """
    with _advised(), damage_named(what, _ALONE, FileError):
        arguments = _as_earlier(config, model.output_names)
        compile_as(model, optimizer, accuracy_by_width(model, arguments) if is_of_tensorflow(version) else arguments)
    if divides_penalties(version):
        _remark_on_activity(model, what.partition(":")[0])


def compile_as(model: Any, optimizer: dict, arguments: dict) -> None:
    """Compile a model with arguments as they stand in files: names, or classes with their configs.

    Raises:
        UnknownNameError: a loss, metric or optimizer that only custom objects can know.
    """
    described = {
        "loss": _made(arguments.get("loss"), objectives.made),
        **{name: _made(arguments.get(name), metrics.get) for name in ("metrics", "weighted_metrics")},
    }
    names = ("loss_weights", "sample_weight_mode")
    model.compile(
        optimizer=optimizers.optimizer_from_config(optimizer, get_custom_objects()),
        **described,
        **{name: arguments.get(name) for name in names},
    )


def _made(described: Any, make: Callable) -> Any:
    """A loss or metrics as compile takes them: objects where the file has a class and its arguments."""
    if isinstance(described, list):
        return [_made(one, make) for one in described]
    if not isinstance(described, dict):
        return described
    if described.keys() == {"class_name", "config"}:
        return make(described)
    return {name: _made(one, make) for name, one in described.items()}


def _remark_on_activity(model: Any, file: str) -> None:
    penalties = ((part.path, part.layer.activity_regularizer) for part in parts_of(model))
    names = [path for path, one in penalties if one is not None and type(one).__name__ != "PerSample"]
    if names:
        warn_user(
            f"{file}: the penalty on outputs of {', '.join(names[:6])} is divided by the size of "
            "the batch where the file comes from, and not here, as in Keras 1.2; divide its factors.",
        )


@contextlib.contextmanager
def _advised() -> Iterator[None]:
    """Inside, an error of kerasnb's says how to have the model all the same."""
    try:
        yield
    except KerasnbError as error:
        if _ALONE not in error.advice:
            error.advice = f"{error.advice}\n{_ALONE}".strip()
        raise


def _as_earlier(config: dict, output_names: list[str]) -> dict:
    return {
        **config,
        "loss": function_names(config.get("loss")),
        **{
            name: metrics_by_output(function_names(config.get(name), are_metrics=True), output_names)
            for name in ("metrics", "weighted_metrics")
        },
    }


def _model_config(file: Any) -> Any:
    return read_json(read_text(file, "model_config") or "{}", "its model_config cannot be read", _ALONE, FileError)


def _training_config(file: Any) -> dict | None:
    text = read_text(file, "training_config")
    if text is None:
        return None
    what = f"{file_name(file)}: its training_config"
    config = read_json(text, f"{what} cannot be read", _ALONE, FileError)
    with damage_named(what, _ALONE, FileError):
        return config if config["optimizer_config"]["class_name"] else None


def _read_state(model: Any, group: Any, weights: Any) -> None:
    model._step("train")  # the optimizer makes its state together with the step
    try:
        with damage_named("it", kind=FileError):
            if is_later(weights):
                take_later_state(model, group, weights)
            else:
                _take_state(model, group)
    except KerasnbError as error:
        state_left_out(model, file_name(group), error)


def state_left_out(model: Any, file: str, error: KerasnbError) -> None:
    """Say that an optimizer begins anew, since the state in a file does not fit."""
    warn_user(
        f"{file}: the optimizer's state does not fit, so {type(model.optimizer).__name__} starts anew "
        f"({error.message})",
    )


def _check_sizes(optimizer: Any, arrays: Sequence[Any]) -> None:
    """Before anything is read: a damaged file may declare any shape."""
    theirs, own = [sorted(tuple(one.shape) for one in listed) for listed in (arrays, optimizer.weights)]
    if arrays and theirs != own:
        raise WeightsError(f"the file has arrays of shapes {theirs[:9]}, {type(optimizer).__name__} keeps {own[:9]}.")


def _take_state(model: Any, group: Any) -> None:
    _check_sizes(model.optimizer, read_arrays(group))
    values = [values_of(one) for one in read_arrays(group)]
    if values and _PLACES in group:
        values = in_order_of(model, values, values_of(dataset(group, _PLACES)).tolist())
    if values:
        model.optimizer.set_weights(values)
    for name, counter in counters(model.optimizer).items():
        if name in group.attrs:
            K.set_value(counter, group.attrs[name])
    if hasattr(model.optimizer, "follow_schedule"):
        model.optimizer.follow_schedule()
