"""Whole models in `.keras` archives: after the layers, their weights, how they were compiled, the optimizer's state."""

from __future__ import annotations

from typing import Any

from ....caller import warn_user
from ....errors import FileError, KerasnbError
from ....utils.damage import damage_named
from ..later.training import by_output
from ..training import compile_as_later, state_left_out
from .contents import Contents, opened_archive
from .state import read_archive_state
from .weights import read_archive_weights

__all__ = ["fill_from_archive", "load_archive_weights"]


def fill_from_archive(model: Any, contents: Contents, compile: bool) -> None:
    """Give the model that an archive describes its weights, and compile it as it was, to be trained on from there.

    Raises:
        FileError: the archive is damaged, or holds no model.
        UnknownNameError: it names something that only custom objects can know.
        WeightsError: its weights are not those of its layers.
    """
    if not hasattr(model, "load_weights"):
        raise FileError(f"{contents.name} holds a layer, {type(model).__name__}, and no model.")
    model.spelt_later = True
    found = read_archive_weights(model, contents.weights)
    if not compile:
        return
    described = contents.config.get("compile_config")
    if not described:
        warn_user(
            "the file does not say how the model was compiled, so it is not; call model.compile(...) before training.",
        )
        return
    described = by_output(described, contents.config)
    what = f"{contents.name}: its compile_config"
    compile_as_later(model, described.get("optimizer"), described, what, contents.version)
    model._step("train")  # the optimizer makes its state together with the step
    try:
        with damage_named("it", kind=FileError):
            read_archive_state(model, contents.weights, found)
    except KerasnbError as error:
        state_left_out(model, contents.name, error)


def load_archive_weights(model: Any, path: Any, by_name: bool) -> None:
    """Give a model the weights in an archive; all or nothing."""
    with opened_archive(path) as contents:
        read_archive_weights(model, contents.weights, by_name)
