"""Slopes where an op has a kink, or has to choose among equal values: TensorFlow's, on both backends."""

import numpy as np

from kerasnb import activations
from kerasnb import backend as K
from kerasnb.layers import ELU, LeakyReLU, PReLU, ReLU, SReLU, ThresholdedReLU

ZERO = [-1.0, -0.0, 0.0, 1.0]

# what is computed, at which places, the slopes there
KINKS = {
    "relu": (K.relu, ZERO, [0, 0, 0, 1]),
    "relu with a slope": (lambda x: K.relu(x, 0.25), ZERO, [0.25, 0.25, 0.25, 1]),
    "relu with a slope above 1": (lambda x: K.relu(x, 2.0), ZERO, [2, 2, 2, 1]),
    "relu to 6": (lambda x: K.relu(x, max_value=6.0), [-1, 0, 5, 6, 7], [0, 0, 1, 1, 0]),
    "relu with a slope to 6": (lambda x: K.relu(x, 0.25, 6.0), [-1, 0, 5, 6, 7], [0.25, 0.25, 1, 1, 0]),
    "relu from 2 to 6": (lambda x: K.relu(x, 0.25, 6.0, threshold=2.0), [1, 2, 3, 6, 7], [0.25, 1, 1, 1, 0]),
    "relu6": (activations.relu6, [-1, 0, 5, 6, 7], [0, 0, 1, 1, 0]),
    "leaky_relu": (activations.leaky_relu, ZERO, [0.2, 0.2, 0.2, 1]),
    "elu": (K.elu, [-0.0, 0.0, 1.0], [1, 1, 1]),
    "elu to -2": (lambda x: K.elu(x, 2.0), [-0.0, 0.0, 1.0], [2, 2, 1]),
    "selu": (activations.selu, [0.0, 1.0], [1.0507009873554805 * 1.6732632423543772, 1.0507009873554805]),
    "hard_sigmoid": (K.hard_sigmoid, [-3, -2.5, 0, 2.5, 3], [0, 0.2, 0.2, 0.2, 0]),
    "softsign": (K.softsign, ZERO, [0.25, 1, 1, 0.25]),
    "abs": (K.abs, ZERO, [-1, 0, 0, 1]),
    "sign": (K.sign, ZERO, [0, 0, 0, 0]),
    "round": (K.round, [0.5, 1.5], [0, 0]),
    "sqrt": (K.sqrt, [-4, 0, 4], [0, np.inf, 0.25]),
    "clip": (lambda x: K.clip(x, -1.0, 1.0), [-2, -1, 0, 1, 2], [0, 1, 1, 1, 0]),
    "clip above": (lambda x: K.clip(x, None, 1.0), [0, 1, 2], [1, 1, 0]),
    "maximum with a number": (lambda x: K.maximum(x, 1.0), [0, 1, 2], [0, 1, 1]),
    "maximum of a number": (lambda x: K.maximum(1.0, x), [0, 1, 2], [0, 0, 1]),
    "minimum with a number": (lambda x: K.minimum(x, 1.0), [0, 1, 2], [1, 1, 0]),
    "minimum of a number": (lambda x: K.minimum(1.0, x), [0, 1, 2], [1, 0, 0]),
    "maximum with itself": (lambda x: K.maximum(x, x), [0, 1], [1, 1]),
    "power of a negative number": (lambda x: K.pow(K.constant([-2.0, 0.0, 2.0]), x), [2, 2, 2], [0, 0, 4 * np.log(2)]),
    "logistic loss": (lambda x: K.binary_crossentropy(x, K.constant([0.0, 1.0]), True), [0, 0], [0.5, -0.5]),
    "softplus": (K.softplus, [-100, 0, 100], [0, 0.5, 1]),
}

# equal values among which one is chosen
TIES = {
    "max": (lambda x: K.max(x, axis=-1), [[1, 1, 0], [2, 2, 2]], [[1 / 2, 1 / 2, 0], [1 / 3] * 3]),
    "max over all": (K.max, [[1, 2, 0], [2, 2, 2]], [[0, 1 / 4, 0], [1 / 4] * 3]),
    "max over axes": (lambda x: K.max(x, axis=[0, -1], keepdims=True), [[1, 2], [2, 0]], [[0, 1 / 2], [1 / 2, 0]]),
    "min": (lambda x: K.min(x, axis=-1), [[1, 1, 0], [2, 2, 2]], [[0, 0, 1], [1 / 3] * 3]),
    "min over all": (lambda x: K.min(x, keepdims=True), [[1, 2], [1, 1]], [[1 / 3, 0], [1 / 3, 1 / 3]]),
    "logsumexp": (lambda x: K.logsumexp(x, axis=-1), [[1, 1, 1]], [[1 / 3] * 3]),
    "cumprod": (lambda x: K.cumprod(x, 1), [[0, 3, 2], [2, 0, 0], [1, -2, 3]], [[10, 0, 0], [1, 2, 0], [-7, 4, -2]]),
    "prod": (lambda x: K.prod(x, axis=-1), [[0, 3, 2], [0, 0, 2]], [[6, 0, 0], [0, 0, 0]]),
}
FIRST_OF_FOUR = [[1, 0, 1, 0], [0, 0, 0, 0], [1, 0, 1, 0], [0, 0, 0, 0]]
FIRST_OF_OVERLAPPING = [[1, 1, 1, 0], [1, 1, 1, 0], [1, 1, 1, 0], [0, 0, 0, 0]]
POOLS = {  # arguments of pool2d for an image of ones, the slopes
    "tf": (((2, 2), (2, 2), "valid", "tf"), FIRST_OF_FOUR),
    "th": (((2, 2), (2, 2), "valid", "th"), FIRST_OF_FOUR),
    "overlapping": (((2, 2), (1, 1), "valid", "tf"), FIRST_OF_OVERLAPPING),
    "padded": (((3, 3), (3, 3), "same", "tf"), FIRST_OF_FOUR),
}
LAYERS = {
    "LeakyReLU": (lambda: LeakyReLU(0.25), ZERO, [0.25, 0.25, 0.25, 1]),
    "ELU": (lambda: ELU(2.0), [-0.0, 0.0, 1.0], [2, 2, 1]),
    "ThresholdedReLU": (lambda: ThresholdedReLU(1.0), [0, 1, 2], [0, 0, 1]),
    "PReLU": (lambda: PReLU(lambda shape, name=None: K.variable(np.full(shape, 0.25))), ZERO, [0.25, 0, 0, 1]),
    "ReLU": (lambda: ReLU(6.0, 0.25, 2.0), [1, 2, 3, 6, 7], [0.25, 1, 1, 1, 0]),
    "SReLU": (lambda: SReLU("zero", "zero", "one", "zero"), [-1, 0, 0.5, 1, 2], [0, 0, 1, 0, 0]),
}


def slopes_of(cases):
    """The slopes of all cases, from one compiled function."""
    places = [K.placeholder(np.shape(at)) for _, at, _ in cases]
    found = [K.gradients(K.sum(make(x)), x)[0] for (make, _, _), x in zip(cases, places, strict=True)]
    return K.function(places, found)([np.array(at, "float32") for _, at, _ in cases])


def check(cases):
    wrong = {
        name: got.tolist()
        for (name, (_, _, expected)), got in zip(cases.items(), slopes_of(cases.values()), strict=True)
        if not np.allclose(got, expected, rtol=1e-5, atol=1e-7)
    }
    assert not wrong


def test_slopes_at_kinks(backend):
    check(KINKS)


def test_equal_values_share_the_slope(backend):
    check(TIES)


def test_the_first_of_equal_values_in_a_window_has_the_slope(backend):
    def pooled(*arguments):
        added = (0, -1) if arguments[-1] == "tf" else (0, 0)
        return lambda x: K.pool2d(K.expand_dims(K.expand_dims(x, added[0]), added[1]), *arguments)

    check({name: (pooled(*given), np.ones((4, 4)), slopes) for name, (given, slopes) in POOLS.items()})


def test_slopes_of_layers_at_kinks(backend):
    check({name: (make(), [at], [slopes]) for name, (make, at, slopes) in LAYERS.items()})


def test_nan_stays_nan(backend):
    x = K.placeholder((2,))
    outputs = [K.relu(x), K.relu(x, 0.1), K.elu(x), K.hard_sigmoid(x), K.clip(x, 0.0, 1.0), K.softmax(x)]
    outputs += [K.max(x), K.min(x), K.maximum(x, 0.0), K.minimum(x, 0.0)]
    values = K.function([x], outputs)([[np.nan, 1.0]])
    assert [bool(np.isnan(value).any()) for value in values] == [True] * len(outputs)
