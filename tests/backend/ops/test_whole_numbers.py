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


TRUTHS = np.array([[True, False, True]])
COUNTED = {
    "sum of two": (lambda x: x + x, [[2, 0, 2]]),
    "twice": (lambda x: x * 2, [[2, 0, 2]]),
    "half": (lambda x: x / 2, [[0.5, 0, 0.5]]),
    "rest": (lambda x: 1 - x, [[0, 1, 0]]),
    "minus": (lambda x: -x, [[-1, 0, -1]]),
    "cumsum": (lambda x: K.cumsum(x, 1), [[1, 1, 2]]),
    "dot": (lambda x: K.dot(x, K.transpose(x)), [[2]]),
    "batch_dot": (lambda x: K.batch_dot(x, x, 1), [[2]]),
    "max": (lambda x: K.max(x, 1), [1]),
    "remainder": (lambda x: x % 2, [[1, 0, 1]]),
    "above": (lambda x: x > 0, TRUTHS),
}


def given(functions, values):
    """What each of the functions gives of these values."""
    x = K.placeholder(values.shape, dtype=values.dtype.name)
    return K.function([x], [function(x) for function, _ in functions.values()])([values])


def test_truths_are_counted_not_combined_by_or(backend):
    for name, value in zip(COUNTED, given(COUNTED, TRUTHS), strict=True):
        np.testing.assert_array_equal(value, COUNTED[name][1], name)


@pytest.mark.parametrize("dtype", ["uint8", "int16"])
def test_numbers_of_few_bits_are_counted_without_overflow(dtype, backend):
    values = np.array([200, 100, 7], dtype)
    functions = {
        "minus 128": (lambda x: x - 128, [72, -28, -121]),
        "times 1000": (lambda x: x * 1000, [200_000, 100_000, 7_000]),
        "sum": (lambda x: K.sum(x * x), 50_049),
        "product": (K.prod, 140_000),
        "sum along": (K.cumsum, [200, 300, 307]),
        "above 70000": (lambda x: x > 70_000, [False] * 3),
        "equals 456": (lambda x: K.equal(x, 456), [False] * 3),
        "clipped": (lambda x: K.clip(x, -5, 150), [150, 100, 7]),
        "chosen": (lambda x: K.switch(x > 50, x, -1), [200, 100, -1]),
    }
    for name, value in zip(functions, given(functions, values), strict=True):
        np.testing.assert_array_equal(value, functions[name][1], name)


def test_a_number_beyond_the_dtype_widens_it(backend):
    x = K.placeholder((1,), dtype="int32")
    assert K.function([x], [x + 2**40, x < 2**40])([np.array([1], "int32")]) == [[2**40 + 1], [True]]


@pytest.mark.parametrize("phase, expected", [(0, [1.0, 2.0]), (1, [0.5, 1.0])])
def test_both_phases_give_one_dtype(phase, expected, backend):
    x = K.placeholder((2,), dtype="int32")
    either = K.in_train_phase(x * 0.5, x)
    value = K.function([x, K.learning_phase()], [either])([np.array([1, 2], "int32"), phase])[0]
    assert K.dtype(either) == value.dtype == "float32" and value.tolist() == expected
