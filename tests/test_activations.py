"""Activations by name, by function, and on values."""

import inspect
import warnings

import numpy as np
import pytest
import scipy.special

from kerasnb import activations
from kerasnb import backend as K
from kerasnb.errors import ShapeError, UnknownNameError

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import keras
    import tensorflow as tf


def _threshold(x):
    """What sparsemax takes off: (Martins and Astudillo 2016), with what is left adding up to 1."""
    ranked = -np.sort(-x, -1)
    means = (np.cumsum(ranked, -1) - 1) / np.arange(1, x.shape[-1] + 1)
    last = (ranked > means).sum(-1, keepdims=True) - 1
    return np.take_along_axis(means, last, -1)


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
    "selu": lambda x: 1.05070098 * np.where(x > 0, x, 1.67326324 * np.expm1(x)),
    "exponential": np.exp,
    "swish": lambda x: x / (1 + np.exp(-x)),
    "silu": lambda x: x / (1 + np.exp(-x)),
    "relu6": lambda x: np.clip(x, 0, 6),
    "mish": lambda x: x * np.tanh(np.log1p(np.exp(x))),
    "log_softmax": lambda x: x - np.log(np.exp(x).sum(-1, keepdims=True)),
    "leaky_relu": lambda x: np.where(x > 0, x, 0.2 * x),
    "gelu": lambda x: 0.5 * x * (1 + scipy.special.erf(x / np.sqrt(2))),
    "sparsemax": lambda x: np.maximum(x - _threshold(x), 0),
}
# those that Keras 3 has too, with other arguments (the results of its sparsemax, in 3.15, do not add up to 1)
KERAS3 = {
    **dict.fromkeys(activations.__all__, {}),
    "threshold": {"threshold": 0.4, "default_value": -0.3},
    "relu": {"negative_slope": 0.1, "max_value": 1.5, "threshold": 0.2},
    "celu": {"alpha": 0.7},
    "glu": {"axis": 1},
    "hard_shrink": {"threshold": 0.7},
}
for name in ("get", "hard_sigmoid", "hard_sigmoid_later", "hard_swish", "swish", "sparsemax"):
    del KERAS3[name]


def test_every_activation_is_its_formula(backend):
    x = K.placeholder((None, 4))
    values = K.function([x], [activations.get(name)(x) for name in FORMULAS])([X])
    for value, formula in zip(values, FORMULAS.values(), strict=True):
        np.testing.assert_allclose(value, formula(X), rtol=1e-5, atol=1e-6)


def test_values_and_slopes_are_those_of_keras_3(backend):
    ours = KERAS3 | {"hard_sigmoid_later": {}}
    arrays = np.random.RandomState(0).uniform(-2, 2, (4, 6)).astype("float32")
    x = K.placeholder((None, 6))
    made = [activations.get(name)(x, **options) for name, options in ours.items()]
    slopes = [K.gradients(K.sum(K.square(one)), [x])[0] for one in made]
    values = K.function([x], [*made, *slopes])([arrays])
    given = tf.constant(arrays)
    for place, (name, options) in enumerate(ours.items()):
        with tf.GradientTape() as tape:
            tape.watch(given)
            wanted = getattr(keras.activations, name.removesuffix("_later"))(given, **options)
            loss = tf.reduce_sum(wanted**2)
        np.testing.assert_allclose(values[place], wanted, atol=1e-5, rtol=1e-5, err_msg=name)
        np.testing.assert_allclose(
            values[len(ours) + place], tape.gradient(loss, given), atol=1e-4, rtol=1e-4, err_msg=name
        )


def test_gelu_by_tanh_is_near_the_exact_one(backend):
    x = K.placeholder((None, 4))
    near, exact = K.function([x], [activations.gelu(x, approximate=True), activations.gelu(x)])([X])
    assert 1e-5 < abs(near - exact).max() < 1e-3


def test_softmax_refuses_a_tensor_without_samples():
    with pytest.raises(ShapeError, match="needs \\(batch, ..., features\\)"):
        activations.softmax(K.placeholder((3,)))


def test_none_is_linear_and_functions_stay_themselves():
    assert activations.get(None) is activations.linear
    assert activations.get(np.tanh) is np.tanh


def test_an_unknown_name_offers_a_close_one():
    with pytest.raises(UnknownNameError, match='Did you mean "relu"'):
        activations.get("rleu")


def test_every_activation_has_a_formula_here_or_is_compared_with_keras_3():
    assert set(activations.__all__) - {"get", "hard_sigmoid_later", "hard_swish"} == set(FORMULAS) | set(KERAS3)
    assert set(dir(keras.activations)) & {"serialize", "get"} and set(KERAS3) <= set(dir(keras.activations))


def test_softmax_along_another_axis_takes_images(backend):
    x = K.placeholder((None, 2, 2, 3))
    value = K.function([x], [activations.softmax(x, axis=1)])([np.ones((1, 2, 2, 3))])[0]
    np.testing.assert_allclose(value, 0.5)
    with pytest.raises(TypeError, match="softmax has no argument 'axes'"):
        activations.softmax(x, axes=1)


def test_relu_takes_its_slope_by_the_later_name(backend):
    assert K.eval(activations.relu(K.variable(np.array([-2.0, 1.0])), negative_slope=0.5)).tolist() == [-1, 1]
    assert list(inspect.signature(activations.relu).parameters) == ["x", "alpha", "max_value"]
    assert list(inspect.signature(activations.softmax).parameters) == ["x"]
