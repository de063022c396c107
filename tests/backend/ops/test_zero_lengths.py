"""Tensors without a value in them go through ops and models like others."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.errors import GraphError
from kerasnb.layers import Cropping1D, Dense, Flatten, GlobalMaxPooling1D, TimeDistributed
from kerasnb.models import Sequential

ROWS, STEPS = np.ones((0, 3), "float32"), np.ones((2, 0, 3), "float32")
OPS = {
    "sum": (lambda x: K.sum(x, axis=0), ROWS, np.zeros(3)),
    "max": (lambda x: K.max(x, axis=0), ROWS, np.full(3, -np.inf)),
    "min": (lambda x: K.min(x, axis=0), ROWS, np.full(3, np.inf)),
    "softmax": (K.softmax, ROWS, ROWS),
    "reshape": (lambda x: K.reshape(x, (-1, 3)), ROWS, ROWS),
    "batch_flatten": (K.batch_flatten, STEPS, np.ones((2, 0))),
    "dot": (lambda x: K.dot(x, K.ones((3, 2))), STEPS, np.ones((2, 0, 2))),
    "padding": (lambda x: K.temporal_padding(x, 1), STEPS, np.zeros((2, 2, 3))),
    "concatenate": (lambda x: K.concatenate([x, x], axis=0), ROWS, ROWS),
    "gradients": (lambda x: K.gradients(K.sum(x * x), x)[0], ROWS, ROWS),
    "repeat_elements": (lambda x: K.repeat_elements(x, 2, 1), ROWS, np.ones((0, 6))),
}


@pytest.mark.parametrize("sizes_are_known", [True, False])
def test_ops_take_what_has_no_values(sizes_are_known, backend):
    inputs = [K.placeholder(x.shape if sizes_are_known else (None,) * x.ndim) for _, x, _ in OPS.values()]
    outputs = [op(x) for x, (op, _, _) in zip(inputs, OPS.values(), strict=True)]
    values = K.function(inputs, outputs)([x for _, x, _ in OPS.values()])
    for name, value, (_, _, expected) in zip(OPS, values, OPS.values(), strict=True):
        np.testing.assert_array_equal(value, expected, name)


def test_models_predict_what_has_no_values(backend):
    cropped = Sequential([Cropping1D((2, 2), input_shape=(4, 3))])
    assert cropped.predict(np.ones((5, 4, 3)), batch_size=2).shape == (5, 0, 3)
    cropped.add(TimeDistributed(Dense(2)))
    assert cropped.predict(np.ones((5, 4, 3))).shape == (5, 0, 2)
    cropped.add(Flatten())
    assert cropped.predict(np.ones((5, 4, 3))).shape == (5, 0)


def test_largest_of_no_steps_is_minus_infinity(backend):
    net = Sequential([Cropping1D((2, 2), input_shape=(4, 1)), GlobalMaxPooling1D()])
    assert net.predict(np.ones((1, 4, 1))).tolist() == [[-np.inf]]


def test_plain_numbers_are_kept_among_a_layers_updates():
    layer, x = Dense(1), K.placeholder((2, 2))
    layer.add_update(0, inputs=x)
    layer.add_update(1)
    assert (layer.get_updates_for(x), layer.get_updates_for(None), layer.updates) == ([0], [1], [0, 1])
    layer.updates = [2]
    assert layer.updates == [2]


@pytest.mark.parametrize("update", [0, (1, 2), K.placeholder(())], ids=["number", "pair of numbers", "tensor"])
def test_functions_refuse_updates_that_are_no_pairs(update):
    with pytest.raises(GraphError, match="pair"):
        K.function([], [], [update])
