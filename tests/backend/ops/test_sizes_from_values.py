"""Sizes that follow from values: computed on both backends, by JAX op by op, and refused in words inside its loops."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.backend.native import call_with_native
from kerasnb.errors import BackendError

X = np.array([2, 1, 0, 1], "float32")


def largest(x):
    return K.cast(K.max(x), "int32")


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda x: x[: largest(x)], [2, 1]),
        (lambda x: x[largest(x) :], [0, 1]),
        (lambda x: K.arange(largest(x)), [0, 1]),
        (lambda x: K.reshape(x, (largest(x), -1)), [[2, 1], [0, 1]]),
        (lambda x: K.gradients(K.sum(K.square(x[: largest(x)])), [x])[0], [4, 2, 0, 0]),
    ],
    ids=["head", "tail", "range", "reshape", "gradient"],
)
def test_sizes_that_follow_from_values_are_computed(make, expected, backend):
    x = K.placeholder((None,))
    compute = K.function([x], [make(x)])
    assert compute([X])[0].tolist() == compute([X])[0].tolist() == expected


def test_masks_of_pytensor_are_computed():
    import pytensor.tensor as pt

    before = K.backend()
    K.use("theano")
    try:
        x = K.placeholder((None,))
        positive = call_with_native(lambda inputs: pt.as_tensor(inputs[0])[pt.gt(inputs[0], 0)], [x])
        assert K.function([x], [positive])([X])[0].tolist() == [2, 1, 1]
    finally:
        K.use(before)


def test_model_with_such_a_size_trains_alike_on_both_backends():
    from kerasnb.layers import Dense, Lambda
    from kerasnb.models import Sequential

    before, losses = K.backend(), []
    part = Lambda(lambda x: K.sum(x[:, : largest(x * 0 + 2)], axis=-1, keepdims=True), output_shape=(1,))
    for backend in ("tensorflow", "theano"):
        K.use(backend)
        np.random.seed(1)
        model = Sequential([Dense(3, input_dim=3), part])
        model.compile("sgd", "mse")
        history = [model.train_on_batch(np.ones((4, 3)), np.ones((4, 1))) for _ in range(2)]
        if backend == "theano":  # TensorFlow's compiler would warn
            model.fit(np.ones((10, 3)), np.ones((10, 1)), batch_size=4, nb_epoch=1, verbose=0)
        losses.append(history)
    K.use(before)
    np.testing.assert_allclose(*losses, rtol=1e-5)


def test_in_a_loop_of_theano_they_are_refused_with_op_and_line():
    before = K.backend()
    K.use("theano")

    def step(x, states):
        total = states[0] + K.sum(x[:, : largest(x)], axis=-1, keepdims=True)
        return total, [total]

    try:
        x = K.placeholder((2, 4, 3))
        last = K.rnn(step, x, [K.zeros((2, 1))])[0]
        with pytest.raises(BackendError, match=r"op _getitem .*from_values.py:\d+.*depends on values.*\n.*mask"):
            K.function([x], [last])([np.ones((2, 4, 3))])
    finally:
        K.use(before)
