"""The gradient of a TensorFlow loop, beside that of the same steps written out one by one."""

import numpy as np
import pytest

from kerasnb import backend as K

BATCH, TIME, FEATURES, SIZE = 3, 4, 2, 3
_random = np.random.RandomState(5)
X = _random.uniform(-1, 1, (BATCH, TIME, FEATURES)).astype("float32")
MASK = np.array([[1, 1, 0, 1], [0, 1, 1, 1], [1, 1, 1, 0]], "float32")


def matrix(rows, columns=SIZE):
    return K.variable(_random.uniform(-1, 1, (rows, columns)))


def gated(W, U, V):
    """A step with two products after each other, curves, and a matrix that it also uses as it is."""

    def step(x, states):
        h, c = states
        gate = K.sigmoid(K.dot(x, W) + K.dot(h, U))
        c = gate * c + K.tanh(K.dot(gate * h, V)) + K.sum(V)
        return K.tanh(c) * gate, [gate * c, c]

    return step


def matrix_of_the_step(W, U, V):
    """A step whose matrix depends on its input, so that nothing can be summed after the loop."""

    def step(x, states):
        h = K.tanh(K.dot(states[0], U * K.sum(x)) + K.dot(x, W))
        return h, [h, states[1] + K.dot(h, V)]

    return step


def loss_of(make_step, weights, x, unroll, mask=None):
    initial = [K.zeros_like(x[:, 0, :1]) + 0.1 * K.ones((1, SIZE))] * 2
    last, outputs, states = K.rnn(make_step(*weights), x, initial, mask=mask, unroll=unroll, input_length=TIME)
    return K.sum(K.square(last)) + K.sum(outputs * outputs) + K.sum(states[1])


@pytest.fixture
def tensorflow():
    K.use("tensorflow")


@pytest.mark.parametrize("make_step", [gated, matrix_of_the_step])
@pytest.mark.parametrize("mask", [None, MASK], ids=["", "masked"])
def test_loop_has_the_gradients_of_the_steps_written_out(tensorflow, make_step, mask):
    weights = [matrix(FEATURES), matrix(SIZE), matrix(SIZE)]
    x = K.placeholder((BATCH, TIME, FEATURES))
    masked = None if mask is None else K.variable(mask)
    found = []
    for unroll in (False, True):
        loss = loss_of(make_step, weights, x, unroll, masked)
        found.append(K.function([x], K.gradients(loss, [x, *weights]))([X]))
    for looped, unrolled in zip(*found, strict=True):
        np.testing.assert_allclose(looped, unrolled, rtol=1e-4, atol=1e-5)


def test_gradient_of_a_gradient_goes_through_the_loop(tensorflow):
    weights = [matrix(FEATURES), matrix(SIZE), matrix(SIZE)]
    x = K.placeholder((BATCH, TIME, FEATURES))
    found = []
    for unroll in (False, True):
        first = K.gradients(loss_of(gated, weights, x, unroll), [x])[0]
        penalty = K.sum(K.square(first))
        found.append(K.function([x], K.gradients(penalty, [x, *weights]))([X]))
    for looped, unrolled in zip(*found, strict=True):
        np.testing.assert_allclose(looped, unrolled, rtol=2e-3, atol=1e-3)


def test_loop_within_a_loop_has_the_gradients_of_the_steps_written_out(tensorflow):
    U = matrix(SIZE)
    x = K.placeholder((BATCH, TIME, 2, SIZE))
    found = []
    for unroll in (False, True):

        def inner(x, states):
            h = K.tanh(K.dot(states[0], U) + x)
            return h, [h]

        def outer(x, states, unroll=unroll):
            last, _, _ = K.rnn(inner, x, states, unroll=unroll, input_length=2)
            return last, [last]

        last, _, _ = K.rnn(outer, x, [K.zeros((BATCH, SIZE))], unroll=unroll, input_length=TIME)
        found.append(K.function([x], K.gradients(K.sum(last), [x, U]))([np.resize(X, (BATCH, TIME, 2, SIZE))]))
    for looped, unrolled in zip(*found, strict=True):
        np.testing.assert_allclose(looped, unrolled, rtol=1e-4, atol=1e-5)


def test_matrix_of_unknown_size_has_its_gradient(backend):
    x, w = K.placeholder((2, None, 3)), K.placeholder((None, None))
    last, _, _ = K.rnn(lambda now, states: (K.dot(now, w), []), x, [])
    steps, weights = np.arange(12.0).reshape(2, 2, 3), np.ones((3, 2))
    of_x, of_w = K.function([x, w], K.gradients(K.sum(last), [x, w]))([steps, weights])
    np.testing.assert_allclose(of_x, np.stack([np.zeros((2, 3)), np.full((2, 3), 2.0)], axis=1))
    np.testing.assert_allclose(of_w, np.repeat(steps[:, -1].sum(0)[:, None], 2, axis=1))


def test_steps_may_give_whole_numbers_and_truths(backend):
    x = K.placeholder((2, 3))
    sums, best, is_large = K.map_fn(lambda row: [K.sum(row * row), K.argmax(row), K.greater(row, 0)], x)
    values = np.array([[1.0, -2, 3], [4, 0, 1]])
    found = K.function([x], [best, is_large, *K.gradients(K.sum(sums), x)])([values])
    for value, expected in zip(found, [[2, 0], values > 0, 2 * values], strict=True):
        np.testing.assert_array_equal(value, expected)


def test_gradients_of_a_tensor_are_those_of_its_sum(backend):
    x = K.placeholder((2, 3))
    of_rows, of_all = K.function([x], K.gradients(K.sum(x * x, axis=1), x) + K.gradients(x * x, x))([np.ones((2, 3))])
    np.testing.assert_array_equal(of_rows, np.full((2, 3), 2.0))
    np.testing.assert_array_equal(of_all, of_rows)
