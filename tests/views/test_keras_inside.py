"""What the views of Keras models take from inside Keras 3: a release that moves it fails here, by its name."""

import keras
import numpy as np
import pytest

from kerasnb.errors import ArgumentError
from kerasnb.views import view_of
from tests.views.keras_models import CLASSES, ROWS, Subclassed, chain, nested


def trained():
    model = chain()
    model.compile("adam", "sparse_categorical_crossentropy", run_eagerly=True)
    model.fit(ROWS, CLASSES, verbose=0)
    return model


def called():
    model = Subclassed()
    model(np.asarray(ROWS))
    return model


# what has it -> the names that are read from it
INSIDE = {
    "a Sequential": (chain, ["_functional"]),
    "its graph": (lambda: chain()._functional, ["_nodes_by_depth", "operations", "_inputs_struct", "output_names"]),
    "a functional model": (nested, ["_nodes_by_depth", "operations", "_inputs_struct"]),
    "a model whose call is code": (called, ["_build_shapes_dict", "_flatten_layers"]),
    "a model that was trained": (trained, ["_compile_config", "train_function", "compiled"]),
    "an optimizer": (lambda: trained().optimizer, ["_learning_rate", "_trainable_variables", "built", "iterations"]),
    "a node": (lambda: nested()._nodes_by_depth[0][0], ["operation", "parent_nodes", "outputs", "input_tensors"]),
    "a layer": (lambda: chain().layers[0], ["_flatten_layers", "call", "quantized_call", "dtype_policy"]),
    "a dtype policy": (lambda: chain().layers[0].dtype_policy, ["quantization_mode"]),
    "the library": (lambda: keras, ["StatelessScope", "tree", "ops", "saving"]),
}


@pytest.mark.parametrize("what", INSIDE)
def test_keras_has_inside_what_the_views_read(what):
    make, names = INSIDE[what]
    thing = make()
    lost = [name for name in names if not hasattr(thing, name)]
    assert not lost, f"Keras {keras.__version__}: {what} has no {', '.join(lost)}, which kerasnb/views reads."


def test_a_release_that_is_too_old_to_look_into_is_refused_with_a_way_out(monkeypatch):
    model = chain()
    monkeypatch.setattr(keras, "__version__", "3.0.5")
    with pytest.raises(
        ArgumentError, match="models of Keras 3.5 and later; this one is of 3.0.5.\n.*kerasnb reads its"
    ):
        view_of(model)
