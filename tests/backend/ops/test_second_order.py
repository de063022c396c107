"""Gradients of gradients, through loops and convolutions too."""

import numpy as np

from kerasnb import backend as K

RANDOM = np.random.RandomState(0)
SERIES = RANDOM.rand(2, 3, 2).astype("float32")
MASK = np.array([[1, 0, 1], [1, 1, 0]], "float32")
IMAGES = RANDOM.rand(2, 5, 5, 2).astype("float32")


def penalty(output, x):
    """The square of the gradient, as in a gradient penalty."""
    return K.sum(K.square(K.gradients(K.sum(K.square(output)), [x])[0]))


def last_output(x, w, mask, unroll):
    def step(x, states):
        h = K.tanh(K.dot(x, w) + K.dot(states[0], w))
        return h, [h]

    return K.rnn(step, x, [K.zeros_like(x[:, 0])], mask=mask, unroll=unroll)[0]


def test_second_derivatives_through_a_loop_are_those_of_the_unrolled_one(backend):
    x, mask, w = K.placeholder((None, 3, 2)), K.placeholder((None, 3)), K.variable(RANDOM.rand(2, 2) * 0.3)
    found = [K.gradients(penalty(last_output(x, w, mask, unroll), x), [w])[0] for unroll in (False, True)]
    looped, unrolled = K.function([x, mask], found)([SERIES, MASK])
    np.testing.assert_allclose(looped, unrolled, rtol=1e-3, atol=1e-4)


def test_second_derivatives_through_a_convolution_are_finite_differences(backend):
    x, kernel = K.placeholder((None, 5, 5, 2)), K.variable(RANDOM.rand(3, 3, 2, 2) * 0.3)
    cost = penalty(K.tanh(K.conv2d(x, kernel, strides=(2, 1), border_mode="same")), x)
    run = K.function([x], [cost, *K.gradients(cost, [kernel])])
    slopes, start = run([IMAGES])[1], K.get_value(kernel)
    for place in ((0, 0, 0, 0), (1, 2, 1, 0), (2, 1, 0, 1)):
        sides = []
        for step in (0.01, -0.01):
            moved = start.copy()
            moved[place] += step
            K.set_value(kernel, moved)
            sides.append(float(run([IMAGES])[0]))
        np.testing.assert_allclose(slopes[place], (sides[0] - sides[1]) / 0.02, rtol=1e-2)
