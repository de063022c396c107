"""Files of Keras 3.15, 3.5, 3.0 and tf_keras 2.21: the same outputs, and the same next step of training."""

import warnings

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.engine.files.archive.places import places
from kerasnb.engine.files.later.weights import own_from_later
from kerasnb.engine.node import to_list
from kerasnb.models import load_model

from .written_files import Written, file, names

MODELS = names(".keras", ".h5")
WHOLE = [one for one in MODELS if not one[1].endswith(".weights.h5")]
# kernels, gates, cells, models in models: what the backends keep in ways of their own
ON_THEANO = ["cnn.keras_3_15.keras", "rnn.keras_3_15.keras", "nested.keras_3_5.keras", "cells.keras_3_15.keras"]


def outputs_of(model, written):
    return to_list(model.predict(written.given("x")))


def loaded(path, **options):
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "the file does not say how the model was compiled")
        return load_model(path, **options)


def check_outputs(file, tmp_path):
    written = Written(file, tmp_path)
    model = loaded(written.path, compile=False)
    for output, expected in zip(outputs_of(model, written), written.listed("y"), strict=True):
        np.testing.assert_allclose(output, expected, atol=1e-5)


@pytest.mark.parametrize("backend", ["tensorflow"], indirect=True)
@pytest.mark.parametrize("file", WHOLE, ids=[name for _, name in WHOLE])
def test_a_model_gives_what_it_gave_where_it_was_written(file, backend, tmp_path):
    check_outputs(file, tmp_path)


@pytest.mark.parametrize("backend", ["theano"], indirect=True)
@pytest.mark.parametrize("name", ON_THEANO)
def test_a_model_gives_the_same_on_theano(name, backend, tmp_path):
    check_outputs(file(name), tmp_path)


@pytest.mark.parametrize("backend", ["tensorflow"], indirect=True)
@pytest.mark.parametrize(
    "name",
    [
        "mlp.keras_3_15.keras",
        "lines.keras_3_15.keras",
        "cells.keras_3_15.keras",
        "branches.keras_3_15.keras",
        "nested.keras_3_5.keras",
        "frozen.keras_3_15.keras",
        "branches.tf_keras_2_21.h5",
    ],
)
def test_training_goes_on_with_the_step_that_came_next(name, backend, tmp_path):
    written = Written(file(name), tmp_path)
    model = load_model(written.path)
    model.train_on_batch(written.given("x"), written.given("t"))
    check_weights(model, written.listed("after"))


def check_weights(model, expected):
    """Each weight against those of Keras, which lists them as the files have them."""
    for place in places(model):
        count = len(own_values(place, expected))
        pairs = own_from_later(place.layer, place.weights, expected[:count])
        expected = expected[count:]
        for weight, value in pairs:
            np.testing.assert_allclose(K.get_value(weight), value, atol=2e-6)
    assert not expected


def own_values(place, values):
    """As many values as Keras keeps for a layer: gates that are parted here are one there."""
    sizes = np.cumsum([value.size for value in values])
    return values[: int(np.searchsorted(sizes, sum(np.prod(one.shape, dtype=int) for one in place.weights))) + 1]
