"""What is written of a run when it begins: the model, how it is compiled, the data, the libraries."""

from __future__ import annotations

import platform
from importlib import metadata
from typing import Any

from .. import __version__
from .. import backend as K
from ..engine.files.configs import as_document, plain
from ..views import is_foreign, view_of
from .changes import frozen_names
from .data import describe_arrays

__all__ = ["describe_data", "describe_model", "describe_training", "versions"]

# a backend -> the packages whose versions tell
_PACKAGES = {"tensorflow": ("tensorflow", "tensorflow-cpu"), "theano": ("pytensor", "jax")}


def describe_model(model: Any) -> dict[str, Any]:
    """Name, parameters and configuration; of a model whose layers have no configuration, why there is none."""
    view = view_of(model)
    described = {
        "name": view.name,
        "library": view.library,
        "parameters": int(sum(layer.count_params() for layer in view.layers)),
        "weights": [list(weight.shape) for weight in view.weights],
    }
    if is_foreign(model):
        return described | {"configuration": None, "unknown": f"a model of {view.title}"}
    try:
        return described | {"configuration": as_document(model)}
    except Exception as error:  # noqa: BLE001  get_config may be the user's own; a fit must not fail for it
        return described | {"configuration": None, "unknown": f"{type(error).__name__}: {error}"}


def describe_training(model: Any) -> dict[str, Any]:
    """What compile was given: the optimizer with all its arguments, loss, metrics."""
    given = view_of(model).compile_arguments
    names = ("loss", "metrics", "loss_weights", "sample_weight_mode", "weighted_metrics")
    described = {name: plain(given[name]) for name in names if given.get(name)}
    frozen = list(frozen_names(model))
    return {"optimizer": _describe_optimizer(model.optimizer)} | described | ({"frozen": frozen} if frozen else {})


def describe_data(model: Any, training: Any, validation: Any) -> dict[str, Any]:
    """The arrays of training and validation; nothing where generators make them."""
    view = view_of(model)
    names = [*view.input_names, *view.output_names, *(f"{name} weights" for name in view.output_names)]
    parts = {"training": training, "validation": validation}
    return {part: describe_arrays(names, arrays) for part, arrays in parts.items() if isinstance(arrays, list)}


def versions() -> dict[str, str]:
    """Python and the libraries that computed."""
    found = {"python": platform.python_version(), "kerasnb": __version__}
    for package in ("numpy", *_PACKAGES.get(K.backend(), ())):
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def _describe_optimizer(optimizer: Any) -> dict[str, Any]:
    try:
        config = plain(optimizer.get_config())
    except (AttributeError, NotImplementedError):
        config = None
    return {"class_name": type(optimizer).__name__, "config": config}
