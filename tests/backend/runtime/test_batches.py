"""Many steps in one call: the same numbers as one step after the other."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.backend.runtime import chosen

X = np.random.RandomState(0).uniform(-1, 1, (24, 3)).astype("float32")
ROWS = np.random.RandomState(1).permutation(24).reshape(6, 4)


def training(dropped=0.0):
    """A train step with momentum, dropout and a count of iterations; its variables."""
    x = K.placeholder((None, 3))
    weights, speed, count = K.variable(np.ones((3, 2))), K.zeros((3, 2)), K.variable(0, dtype="int64")
    loss = K.mean(K.square(K.dropout(K.dot(x, weights), dropped, seed=2) - 1))
    (slope,) = K.gradients(loss, [weights])
    faster = speed * 0.9 - slope * 0.1
    updates = [(speed, faster), (weights, weights + faster), (count, count + 1)]
    return K.function([x], [loss, K.sum(x, axis=1)], updates), [weights, speed, count]


@pytest.mark.parametrize("patience", [0, 100])  # before XLA compiles all steps of a call together, on TensorFlow
@pytest.mark.parametrize("dropped", [0.0, 0.5])
def test_many_steps_in_one_call_give_the_numbers_of_single_steps(dropped, patience, backend):
    step, variables = training(dropped)
    singly = [step([X[rows]]) for rows in ROWS]
    expected = K.batch_get_value(variables)

    many, variables = training(dropped)
    loop = chosen.active().compile_batches(many.program(0))
    loop.capacity, loop.patience = 5, patience
    data = loop.hold([X])
    parts = [loop(data, ROWS[:4]), loop(data, ROWS[4:5]), loop(data, ROWS[5:])]
    for place, outputs in enumerate(zip(*singly, strict=True)):
        np.testing.assert_allclose(np.concatenate([part[place] for part in parts]), outputs, rtol=1e-5, atol=1e-6)
    for found, value in zip(K.batch_get_value(variables), expected, strict=True):
        np.testing.assert_allclose(found, value, rtol=1e-5, atol=1e-6)


def test_weights_set_between_calls_are_used_by_the_next(backend):
    step, (weights, *_) = training()
    loop = chosen.active().compile_batches(step.program(0))
    data = loop.hold([X])
    first = loop(data, ROWS[:1])[0]
    weights.set_value(np.full((3, 2), 100.0))
    assert loop(data, ROWS[:1])[0] > 100 * first


@pytest.mark.parametrize("uses_convolution", [False, True])
def test_programs_with_convolutions_run_in_batches_too(uses_convolution, backend):
    x = K.placeholder((None, 3))
    images = K.reshape(x, (-1, 1, 3, 1))
    result = K.conv2d(images, K.ones((1, 2, 1, 1)), dim_ordering="tf") if uses_convolution else images
    total = K.variable(0.0)
    loop = chosen.active().compile_batches(
        K.function([x], [K.sum(result)], [(total, total + K.sum(result))]).program(0)
    )
    loop.capacity = 6
    sums = loop(loop.hold([X]), ROWS)[0]
    np.testing.assert_allclose(sums.sum(), K.get_value(total), rtol=1e-5)
    assert sums.shape == (6,)
