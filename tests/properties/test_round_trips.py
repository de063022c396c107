"""Random models there and back: by JSON, YAML, files and code, with the same outputs and the same steps."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kerasnb import backend as K
from kerasnb.errors import GraphError
from kerasnb.models import load_model, model_from_json, model_from_yaml
from kerasnb.widgets.builder.model.code import write_code
from kerasnb.widgets.builder.model.opening import graph_of

from .random_models import random_model

SEEDS = st.integers(0, 2**32)
FEW = settings(max_examples=300 if settings.get_current_profile_name() == "fuzz" else 3)
MORE = settings(max_examples=300 if settings.get_current_profile_name() == "fuzz" else 8)
# PyTensor raises Python's limit of recursion when it is imported
pytestmark = pytest.mark.filterwarnings("ignore:The recursion limit will not be reset")


def made(seed, **options):
    """A model with weights of its own, and what it gives for a batch."""
    generator = random.Random(seed)
    model, shape = random_model(generator, **options)
    numbers = np.random.RandomState(seed % 2**32)
    model.set_weights([numbers.uniform(0.1, 0.9, weight.shape) for weight in model.get_weights()])
    return model, numbers.rand(2, *shape).astype("float32")


def same(model, other, x):
    np.testing.assert_allclose(other.predict(x), model.predict(x), rtol=1e-4, atol=1e-5)
    assert [one.trainable for one in other.layers] == [one.trainable for one in model.layers]


@MORE
@given(seed=SEEDS)
def test_by_json_and_yaml(seed):
    model, x = made(seed)
    for read, text in ((model_from_json, model.to_json()), (model_from_yaml, model.to_yaml())):
        again = read(text)
        assert model_from_json(again.to_json()).to_json() == again.to_json()  # building adds what it has learnt
        again.set_weights(model.get_weights())
    same(model, again, x)


@given(seed=SEEDS)
def test_by_files_of_weights_whatever_is_frozen(seed, tmp_path):
    model, x = made(seed)
    again = model_from_json(model.to_json())
    for later in (False, True):
        model.save_weights(tmp_path / "w.h5", later=later)
        again.set_weights([0 * weight for weight in again.get_weights()])
        for layer in again.layers:
            layer.trainable = not layer.trainable
        again.load_weights(tmp_path / "w.h5")
        for mine, its in zip(model.get_weights(), again.get_weights(), strict=True):
            np.testing.assert_allclose(mine, its, rtol=1e-6)


@pytest.mark.parametrize("name", ["tensorflow", "theano"])
@FEW
@given(seed=SEEDS)
def test_by_files_of_models_that_are_trained_on(name, seed, tmp_path):
    before = K.backend()
    K.use(name)
    try:
        model, x = made(seed)
        model.compile(random.Random(seed).choice(("adam", "rmsprop", "nadam")), "mse")
        y = 0 * model.predict(x)
        if model.trainable_weights:
            model.train_on_batch(x, y)
        model.save(tmp_path / "m.h5")
        again = load_model(tmp_path / "m.h5")
        same(model, again, x)
        for one in (model, again):
            np.random.seed(0)
            one.test_on_batch(x, y)
        for mine, its in zip(model.optimizer.get_weights(), again.optimizer.get_weights(), strict=True):
            np.testing.assert_array_equal(mine, its)
    finally:
        K.use(before)


@MORE
@given(seed=SEEDS)
def test_by_code(seed):
    model, x = made(seed, has_models_inside=False)
    try:
        code = write_code(graph_of(model), "model")
    except GraphError:  # a layer used twice
        return
    names = {}
    exec(code, names)
    again = names["model"]
    again.set_weights(model.get_weights())
    np.testing.assert_allclose(again.predict(x), model.predict(x), rtol=1e-4, atol=1e-5)
