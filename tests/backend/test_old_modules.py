"""Modules of TensorFlow 1 that programs for Keras reach for inside K."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.layers import Input, Lambda

ROWS = np.array([[1, 2, 3], [4, 0, 6]], "float32")


def _value(function):
    x = Input((3,))
    return K.function([x], [Lambda(function)(x)])([ROWS])[0]


def _sums_by_a_loop(x):
    """As programs that find objects in pictures ignore boxes: a loop over samples that writes into an array."""
    samples = K.shape(x)[0]
    sums = K.tensor_array_ops.TensorArray(K.dtype(x), size=1, dynamic_size=True)

    def body(at, sums):
        return at + 1, sums.write(at, K.sum(K.tf.boolean_mask(x[at], x[at] > 0)))

    _, sums = K.control_flow_ops.while_loop(lambda at, *_: at < samples, body, [0, sums])
    return K.expand_dims(sums.stack())


def test_a_loop_of_tensorflow_runs_over_tensors_of_k(on_tensorflow):
    np.testing.assert_allclose(_value(_sums_by_a_loop), [[6], [10]])


def test_such_modules_are_found_in_one_another_and_in_one_backend_s_module(on_tensorflow):
    x = _value(lambda x: K.control_flow_ops.math_ops.reduce_sum(x, axis=-1, keep_dims=True))
    np.testing.assert_allclose(x, [[6], [10]])
    assert K.tensorflow_backend.ctc.ctc_loss is K.tf.compat.v1.nn.ctc_loss


def test_what_is_not_passed_on_names_what_to_write(on_tensorflow):
    with pytest.raises(AttributeError, match="K.moving_averages was TensorFlow 1's own.*\n.*K.moving_average_update"):
        K.moving_averages  # noqa: B018
    with pytest.raises(AttributeError, match="control_flow_ops.with_dependencies was .*; TensorFlow 2"):
        K.control_flow_ops.with_dependencies  # noqa: B018
    assert not hasattr(K, "device_lib")


def test_on_theano_they_are_tensorflow_s():
    with pytest.raises(AttributeError, match="K.control_flow_ops is tensorflow's own; the backend is theano"):
        K.theano_backend.control_flow_ops  # noqa: B018
