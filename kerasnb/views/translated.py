"""A model of Keras as one of kerasnb, with its weights: what the Builder opens, and what code is written of."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..engine.files.standing_in import Given, model_with_stand_ins
from ..engine.shown import fill_to_show
from ..errors import ArgumentError, KerasnbError
from ..models import model_from_json
from .keras_layer import dims
from .keras_structure import everything_in, has_graph
from .registry import is_foreign, view_of

__all__ = ["as_kerasnb", "as_shown"]


def as_kerasnb(model: Any) -> Any:
    """A model of kerasnb that computes the same, not compiled; the one that is given stays as it is.

    It goes through the doors that Keras 3's files go through, so it takes what they take.

    Raises:
        ArgumentError: it is no model of Keras 3, was never called, or has a layer that kerasnb does not have.
    """
    _check(model, "as_kerasnb")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "of_keras.weights.h5"
        model.save_weights(path)
        try:
            made = model_from_json(_described(model))
            made.load_weights(str(path))
        except KerasnbError as error:
            raise ArgumentError(
                f'model "{model.name}" of Keras cannot be made one of kerasnb: {error.message}',
                "Look at it as it is: %kerasnb graph, the Inspector, or Builder(model), which shows what it can.",
            ) from error
    return made


def _described(model: Any) -> str:
    try:
        text: str = model.to_json()
    except Exception as error:  # noqa: BLE001 - it asks layers of a program's own, which may raise anything
        raise ArgumentError(f"it does not say how it was made ({type(error).__name__}).") from error
    return text


def as_shown(model: Any) -> Any:
    """A model of kerasnb to be shown, not run: what kerasnb has with its weights, the rest as stand-ins with shapes.

    Raises:
        ArgumentError: it is no model of Keras 3, or was never called.
    """
    _check(model, "Builder")
    view = view_of(model)
    graph = _plain_graph(model)
    with _told_by_class(view.keras, everything_in(graph)):
        config = json.loads(graph.to_json()) if has_graph(graph) else {"class_name": type(model).__name__}
    what = f'model "{model.name}" of Keras'
    if has_graph(graph):
        ends = [(dims(tensor.shape), view.type_name(tensor)) for tensor in view.ends]
        made = model_with_stand_ins(config, view.keras.__version__, what, ends)
    else:
        reads = [((None, *shape[1:]), kind) for shape, kind in zip(view.input_shapes, view.input_types, strict=True)]
        made = model_with_stand_ins(config, view.keras.__version__, what, _ends_of(view), reads)
    made.name = model.name
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "of_keras.weights.h5"
        graph.save_weights(path)
        fill_to_show(made, path, what)
    return made


def _check(model: Any, who: str) -> None:
    if not is_foreign(model) or view_of(model).library != "keras":
        raise ArgumentError(f"{who} needs a model of Keras 3, got {type(model).__name__}.")
    if not model.built:
        raise ArgumentError(f'model "{model.name}" has no weights yet.', "Call it on some samples first.")


def _plain_graph(model: Any) -> Any:
    """The graph that a subclass of Keras's functional model has (KerasHub's models), as a plain one of its layers."""
    bases = {base.__name__: base for base in type(model).__mro__ if base.__module__.startswith("keras.src.models")}
    functional = bases.get("Functional")
    if functional is None or type(model) is functional or not has_graph(model):
        return model
    return functional(model.inputs, model.outputs, name=model.name)


@contextlib.contextmanager
def _told_by_class(keras: Any, layers: list[Any]) -> Iterator[None]:
    """Inside, layers that do not say how they were made say their name only, in place of an error."""
    mute: list[Any] = []
    try:
        for layer in reversed(layers):  # what stands in a model before the model
            if not _says_how(keras, layer):
                # on the object itself, past Keras's setter, which would track it
                vars(layer)["get_config"] = lambda layer=layer: {"name": layer.name}
                mute.append(layer)
        yield
    finally:
        for layer in mute:
            del vars(layer)["get_config"]


def _says_how(keras: Any, layer: Any) -> bool:
    try:
        json.dumps(keras.saving.serialize_keras_object(layer))
    except Exception:  # noqa: BLE001 - a program's own layer may raise anything when it is asked
        return False
    return True


def _ends_of(view: Any) -> list[Given]:
    """Shape and dtype of what a model without a graph gives, seen from a call on zeros."""
    zeros = view.zeros()
    if zeros is None:
        return []
    return [((None, *each.shape[1:]), str(each.dtype)) for each in view.outputs(zeros, 0)]
