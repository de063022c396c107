"""Functions of floats take whole numbers as the default float type; constants take the float type of the tensors."""

import numpy as np
import pytest

from kerasnb import activations
from kerasnb import backend as K
from kerasnb.errors import ArgumentError
from kerasnb.layers import ELU, Activation, Dense, Input, Lambda, LeakyReLU
from kerasnb.models import Model

WHOLE = np.array([[1, 2, 4]], "int32")
NAMES = "exp log sqrt sin cos tanh sigmoid softmax softplus softsign elu hard_sigmoid mean var std logsumexp".split()
FUNCTIONS = {name: getattr(K, name) for name in NAMES}
FUNCTIONS |= {
    f"activation {name}": getattr(activations, name)
    for name in "selu exponential swish mish log_softmax leaky_relu softmax".split()
}
FUNCTIONS |= {
    "relu with a slope": lambda x: K.relu(K.cast(x, "int32") - 3, 0.25),
    "relu to a fraction": lambda x: K.relu(x, max_value=1.5),
    "clip to fractions": lambda x: K.clip(x, 1e-7, np.inf),
    "l2_normalize": lambda x: K.l2_normalize(x, -1),
    "divide": lambda x: x / 3,
    "root": lambda x: x**0.5,
    "dropout": lambda x: K.dropout(x, 0.0),
    "logistic loss": lambda x: K.binary_crossentropy(x, x, from_logits=True),
    "crossentropy": lambda x: K.categorical_crossentropy(x, x),
    "mean pooling": lambda x: K.pool2d(K.reshape(x, (1, 1, 3, 1)), (1, 2), (1, 1), "same", "tf", "avg"),
    "largest pooling": lambda x: K.pool2d(K.reshape(x, (1, 1, 3, 1)), (1, 2), (1, 1), "same", "tf", "max"),
    "convolution": lambda x: K.conv2d(K.reshape(x, (1, 1, 3, 1)), K.ones((1, 1, 1, 2)), (1, 1), "same", "tf"),
    "batch_normalization": lambda x: K.batch_normalization(x, *map(K.constant, (1.0, 2.0, 0.0, 1.0))),
    "minus an array": lambda x: x - np.array([0.5, 1.5, 2.5]),
    "maximum with a list": lambda x: K.maximum(x, [0.5, 1.5, 2.5]),
    "switch to a fraction": lambda x: K.switch(K.greater(x, 1), x, 0.5),
    "LeakyReLU": LeakyReLU(0.25),
    "ELU": ELU(),
    "Activation": Activation("sigmoid"),
}
KEPT = {name: getattr(K, name) for name in "abs negative square sign round relu max sum".split()}
KEPT |= {"clip": lambda x: K.clip(x, 2, 3.0), "power": lambda x: x**2, "relu6": activations.relu6}


def computed(functions, dtype):
    """What each function gives of whole numbers, from one compiled function."""
    x = Input(batch_shape=(1, 3), dtype=dtype)
    outputs = [function(x) for function in functions.values()]
    values = K.function([x], outputs)([WHOLE])
    assert {value.dtype.name for value in values} == {K.dtype(output) for output in outputs}
    return dict(zip(functions, values, strict=True))


@pytest.mark.parametrize("dtype", ["int32", "uint8"])
def test_functions_of_floats_take_whole_numbers(dtype, backend):
    of_whole, of_floats = computed(FUNCTIONS, dtype), computed(FUNCTIONS, "float32")
    assert {value.dtype.name for value in of_whole.values()} == {"float32"}
    for name, value in of_whole.items():
        np.testing.assert_allclose(value, of_floats[name], rtol=1e-6, err_msg=name)


def test_functions_that_keep_whole_numbers_whole(backend):
    of_whole, of_floats = computed(KEPT, "int32"), computed(KEPT, "float32")
    assert {value.dtype.name for value in of_whole.values()} == {"int32"}
    for name, value in of_whole.items():
        np.testing.assert_array_equal(value, of_floats[name], name)


def test_functions_of_floats_take_truths_and_arrays(backend):
    truth = K.placeholder((2,), dtype="bool")
    np.testing.assert_allclose(K.function([truth], [K.exp(truth)])([[True, False]])[0], [np.e, 1], rtol=1e-6)
    np.testing.assert_allclose(K.exp(np.array([0, 1])), [1, np.e], rtol=1e-6)
    assert K.dtype(K.log(2)) == "float32"


def test_negative_powers_of_whole_numbers_are_refused():
    with pytest.raises(ArgumentError, match="whole numbers"):
        K.placeholder((2,), dtype="int32") ** -1


def test_in_top_k_takes_predictions_of_any_kind(backend):
    for dtype in ("int32", "float64"):
        inputs = [K.placeholder((2, 3), dtype=dtype), K.placeholder((2,), dtype="int32")]
        found = K.function(inputs, [K.in_top_k(*inputs, 1)])([[[1, 2, 2], [3, 2, 1]], [2, 1]])
        assert found[0].tolist() == [True, False]


CONSTANTS = {
    "a root": lambda x: x / np.sqrt(8),
    "an array": lambda x: x - np.array([103.9, 116.8, 123.7]),
    "an array first": lambda x: np.array([103.9, 116.8, 123.7]) - x,
    "an array of one number": lambda x: x * np.array(0.5),
    "an array for K": lambda x: K.maximum(np.zeros((1, 3)), x),
    "a list": lambda x: x + [0.5, 1.5, 2.5],
    "a switch": lambda x: K.switch(K.greater(x, 0), x, np.zeros((1, 3))),
    "a bound": lambda x: K.clip(x, np.array([0.0, 0.1, 0.2]), np.float64(2.0)),
    "a concatenation": lambda x: K.concatenate([x, np.zeros((1, 3))], axis=0)[:1],
    "a product": lambda x: K.dot(x, np.eye(3)),
}


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("name", CONSTANTS)
def test_constants_take_the_float_type_of_the_tensor(name, dtype):
    assert K.dtype(CONSTANTS[name](K.placeholder((1, 3), dtype=dtype))) == dtype


def test_constants_in_a_lambda_go_on_into_a_layer(backend):
    x = Input((3,))
    scaled = Lambda(lambda v: (v - np.array([103.9, 116.8, 123.7])) / np.sqrt(8))(x)
    net = Model(x, Dense(1, init="one")(scaled))
    expected = (np.ones(3) - [103.9, 116.8, 123.7]).sum() / np.sqrt(8)
    np.testing.assert_allclose(net.predict(np.ones((1, 3))), [[expected]], rtol=1e-5)


def test_whole_tensors_and_arrays_of_fractions_give_the_default_float_type():
    assert K.dtype(K.placeholder((3,), dtype="uint8") - np.array([103.9, 116.8, 123.7])) == "float32"
