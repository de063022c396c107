"""Activations by name, by function, and on values."""

import numpy as np
import pytest

from kerasnb import activations
from kerasnb import backend as K
from kerasnb.errors import ShapeError, UnknownNameError

X = np.linspace(-3, 3, 12).reshape(3, 4).astype("float32")
FORMULAS = {
    "softmax": lambda x: np.exp(x) / np.exp(x).sum(-1, keepdims=True),
    "elu": lambda x: np.where(x > 0, x, np.expm1(x)),
    "softplus": lambda x: np.log1p(np.exp(x)),
    "softsign": lambda x: x / (1 + np.abs(x)),
    "relu": lambda x: np.maximum(x, 0),
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "hard_sigmoid": lambda x: np.clip(0.2 * x + 0.5, 0, 1),
    "linear": lambda x: x,
}


def test_every_activation_is_its_formula(backend):
    x = K.placeholder((None, 4))
    values = K.function([x], [activations.get(name)(x) for name in FORMULAS])([X])
    for value, formula in zip(values, FORMULAS.values(), strict=True):
        np.testing.assert_allclose(value, formula(X), rtol=1e-5, atol=1e-6)


def test_softmax_refuses_images():
    with pytest.raises(ShapeError, match="needs \\(batch, features\\)"):
        activations.softmax(K.placeholder((None, 2, 2, 3)))


def test_none_is_linear_and_functions_stay_themselves():
    assert activations.get(None) is activations.linear
    assert activations.get(np.tanh) is np.tanh


def test_an_unknown_name_offers_a_close_one():
    with pytest.raises(UnknownNameError, match='Did you mean "relu"'):
        activations.get("rleu")
