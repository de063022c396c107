"""K.rnn against a loop in numpy: masked, backwards, unrolled, with gradients."""

import numpy as np
import pytest

from kerasnb import backend as K

_random = np.random.RandomState(5)
X = _random.uniform(-1, 1, (3, 4, 2)).astype("float32")
W = _random.uniform(-1, 1, (2, 5)).astype("float32")
U = _random.uniform(-1, 1, (5, 5)).astype("float32")
MASK = np.array([[1, 1, 1, 1], [1, 0, 1, 0], [0, 1, 1, 1]], "float32")
OPTIONS = [
    {},
    {"unroll": True},
    {"go_backwards": True},
    {"mask": MASK},
    {"mask": MASK, "unroll": True},
    {"mask": MASK, "go_backwards": True},
]


def in_numpy(x, w, u, mask=None, go_backwards=False, unroll=False):
    """Last output, outputs and last state of `h = tanh(x . W + h . U)`."""
    order = range(x.shape[1])[::-1] if go_backwards else range(x.shape[1])
    h, outputs = np.zeros((len(x), 5)), []
    for time in order:
        new = np.tanh(x[:, time] @ w + h @ u)
        h = new if mask is None else np.where(mask[:, time : time + 1] > 0, new, h)
        outputs.append(h)
    return h, np.stack(outputs, 1), h


def symbolic(steps=4, **options):
    x, w, u = K.placeholder((None, steps, 2)), K.variable(W), K.variable(U)
    mask = options.pop("mask", None)
    masks = [] if mask is None else [K.placeholder((None, steps))]

    def step(x, states):
        h = K.tanh(K.dot(x, w) + K.dot(states[0], u))
        return h, [h]

    start = K.tile(K.sum(K.zeros_like(x), axis=(1, 2), keepdims=False)[:, None], (1, 5))
    last, outputs, states = K.rnn(step, x, [start], mask=masks[0] if masks else None, **options)
    return [x, *masks], [last, outputs, states[0]], [w, u]


@pytest.mark.parametrize("options", OPTIONS, ids=lambda options: "-".join(options) or "plain")
def test_rnn_is_the_loop_in_numpy(options, backend):
    inputs, results, weights = symbolic(**options)
    factor = np.arange(1, 6, dtype="float32")
    loss = K.sum(results[1] * K.constant(factor))
    *values, by_w, by_u = K.function(inputs, results + K.gradients(loss, weights))(
        [X, *([MASK] if "mask" in options else [])]
    )
    for value, expected in zip(values, in_numpy(X, W, U, **options), strict=True):
        np.testing.assert_allclose(value, expected, rtol=1e-5, atol=1e-5)

    def total(w, u):
        return (in_numpy(X.astype("float64"), w, u, **options)[1] * factor).sum()

    for found, place in ((by_w, 0), (by_u, 1)):
        np.testing.assert_allclose(found, slopes(total, [W, U], place), rtol=1e-3, atol=1e-3)


def slopes(function, arrays, place):
    arrays = [array.astype("float64") for array in arrays]
    found = np.zeros_like(arrays[place])
    for index in np.ndindex(found.shape):
        sides = []
        for step in (1e-5, -1e-5):
            moved = [array.copy() for array in arrays]
            moved[place][index] += step
            sides.append(function(*moved))
        found[index] = (sides[0] - sides[1]) / 2e-5
    return found


def test_rnn_declares_its_shapes(backend):
    _, (last, outputs, state), _ = symbolic()
    assert [tuple(one.shape) for one in (last, outputs, state)] == [(None, 5), (None, 4, 5), (None, 5)]


def test_rnn_takes_a_time_axis_of_any_length(backend):
    inputs, results, _ = symbolic(steps=None)
    run = K.function(inputs, results)
    assert [run([X[:, :steps]])[1].shape for steps in (2, 4)] == [(3, 2, 5), (3, 4, 5)]


def test_unrolling_needs_a_known_time_axis():
    with pytest.raises(ValueError, match="known time axis"):
        symbolic(steps=None, unroll=True)


def test_rnn_gives_constants_to_every_step(backend):
    x, shift = K.placeholder((None, 4, 2)), K.variable(np.array([10.0, 20.0]))
    _, outputs, _ = K.rnn(lambda x, states: (x + states[0], []), x, [], constants=[shift])
    np.testing.assert_allclose(K.function([x], [outputs])([X])[0], X + [10, 20], rtol=1e-6)


def test_two_states_keep_their_order(backend):
    x = K.placeholder((None, 4, 2))

    def step(x, states):
        return states[0] + states[1], [states[1], states[0] + x]

    zero = K.zeros_like(x[:, 0])
    _, _, (a, b) = K.rnn(step, x, [zero, zero + 1])
    found = K.function([x], [a, b])([X])
    h, c = np.zeros((3, 2)), np.ones((3, 2))
    for time in range(4):
        h, c = c, h + X[:, time]
    np.testing.assert_allclose(found, [h, c], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("unroll", [False, True])
def test_masked_first_step_gives_zeros_or_on_tensorflow_the_first_state(unroll, backend):
    x, start = K.variable(X), K.variable(np.ones((3, 2)))
    step = lambda x, states: (x + states[0], [x + states[0]])  # noqa: E731
    mask = K.variable([[0, 1, 1, 1], [0, 0, 1, 1], [1, 0, 1, 0]])
    _, outputs, _ = K.rnn(step, x, [start], mask=mask, unroll=unroll)
    found = K.eval(outputs)
    np.testing.assert_allclose(found[:2, 0], backend == "tensorflow" and not unroll)
    np.testing.assert_allclose(found[0, 1], X[0, 1] + 1, rtol=1e-5)


def test_masked_steps_without_states_repeat_the_output_before(backend):
    _, outputs, _ = K.rnn(lambda x, states: (x * 2, []), K.variable(X), [], mask=K.variable(MASK))
    expected = X * 2
    expected[1, 1], expected[1, 3], expected[2, 0] = expected[1, 0], expected[1, 2], 0
    np.testing.assert_allclose(K.eval(outputs), expected, rtol=1e-5)
