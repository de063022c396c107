"""Losses that came with Keras 3, and what it lets one say of all of them, beside Keras 3's own values."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import losses
from kerasnb.layers import Activation
from kerasnb.models import Sequential, load_model

RANDOM = np.random.RandomState(0)
SHARES = RANDOM.dirichlet([1, 1, 1], 4).astype("float32")
LOGITS = RANDOM.normal(size=(4, 3)).astype("float32")
ONE_HOT = np.eye(3, dtype="float32")[[0, 2, 1, 1]]
CLASSES = np.array([[0.0], [2], [1], [1]], "float32")
ZEROS_AND_ONES = (RANDOM.uniform(size=(4, 3)) > 0.5).astype("float32")
TIMES = RANDOM.normal(size=(2, 6, 4)).astype("float32")
LABELS = np.array([[1.0, 3, 0], [2, 2, 1]], "float32")
UNIT = (LOGITS / np.linalg.norm(LOGITS, axis=1, keepdims=True)).astype("float32")

CASES = [
    ("BinaryFocalCrossentropy", {}, ZEROS_AND_ONES, SHARES),
    ("BinaryFocalCrossentropy", {"apply_class_balancing": True, "gamma": 1.0}, ZEROS_AND_ONES, SHARES),
    ("BinaryFocalCrossentropy", {"from_logits": True, "label_smoothing": 0.2}, ZEROS_AND_ONES, LOGITS),
    ("CategoricalFocalCrossentropy", {}, ONE_HOT, SHARES),
    ("CategoricalFocalCrossentropy", {"from_logits": True, "label_smoothing": 0.2, "alpha": 0.5}, ONE_HOT, LOGITS),
    ("CategoricalGeneralizedCrossEntropy", {"q": 0.7}, CLASSES[:, 0], SHARES),
    ("Circle", {"gamma": 8.0}, CLASSES[:, 0], UNIT),
    ("CTC", {}, LABELS, TIMES),
    ("Dice", {}, ZEROS_AND_ONES, SHARES),
    ("Dice", {"axis": -1}, ZEROS_AND_ONES, SHARES),
    ("Tversky", {"alpha": 0.3, "beta": 0.7}, ZEROS_AND_ONES, SHARES),
    ("SparseCategoricalCrossentropy", {"ignore_class": 1}, CLASSES, SHARES),
    ("CategoricalCrossentropy", {"axis": 1}, np.swapaxes([ONE_HOT], 1, 2), np.swapaxes([SHARES], 1, 2)),
    ("MeanSquaredError", {"reduction": "sum"}, ONE_HOT, LOGITS),
    ("MeanSquaredError", {"reduction": None}, ONE_HOT, LOGITS),
]


def by_keras(name, arguments, y, p, weights=None):
    import keras

    return np.asarray(getattr(keras.losses, name)(**arguments)(y, p, sample_weight=weights))


@pytest.mark.parametrize(("name", "arguments", "y", "p"), CASES)
def test_values_are_those_of_keras_3(backend, name, arguments, y, p):
    wanted = by_keras(name, arguments, y, p)
    if name == "Circle":  # Keras 3 leaves out what is 0, and divides by the number of the others
        wanted = np.asarray(by_keras(name, {**arguments, "reduction": None}, y, p)).mean()
    found = getattr(losses, name)(**arguments)(y, p)
    np.testing.assert_allclose(K.eval(found) if isinstance(found, K.Tensor) else found, wanted, rtol=2e-4, atol=1e-6)


def test_class_numbers_may_be_a_column(backend):
    loss = losses.CategoricalGeneralizedCrossEntropy()  # Keras 3 pairs each sample with each label then
    np.testing.assert_allclose(loss(CLASSES, SHARES), loss(CLASSES[:, 0], SHARES))


@pytest.mark.parametrize("reduction", ["sum", "mean_with_sample_weight"])
def test_a_model_reduces_as_it_is_told_and_its_file_says_so(backend, tmp_path, reduction):
    model = Sequential([Activation("linear", input_shape=(3,))])
    model.compile("sgd", losses.Huber(delta=0.5, reduction=reduction))
    weights = np.array([1.0, 0, 2, 0.5])
    wanted = by_keras("Huber", {"delta": 0.5, "reduction": reduction}, ONE_HOT, LOGITS, weights)
    plain = by_keras("Huber", {"delta": 0.5, "reduction": reduction}, ONE_HOT, LOGITS)
    model.save(tmp_path / "m.h5")
    for one in (model, load_model(tmp_path / "m.h5")):
        assert one.test_on_batch(LOGITS, ONE_HOT, sample_weight=weights) == pytest.approx(float(wanted), rel=1e-5)
        assert one.test_on_batch(LOGITS, ONE_HOT) == pytest.approx(float(plain), rel=1e-5)


@pytest.mark.parametrize("loss", ["dice", losses.Tversky(alpha=0.3, beta=0.7), "BinaryFocalCrossentropy"])
def test_a_model_trains_for_them(backend, loss):
    model = Sequential([Activation("sigmoid", input_shape=(3,))])
    model.compile("sgd", loss)
    assert 0 < model.test_on_batch(LOGITS, ZEROS_AND_ONES, sample_weight=np.ones(4)) < 1
