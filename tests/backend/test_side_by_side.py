"""K.tensorflow_backend and K.theano_backend in one process, and the other paths of Keras 1's backend package."""

import subprocess
import sys
import threading

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.backend import common
from kerasnb.backend import tensorflow_backend as KTF
from kerasnb.backend import theano_backend as KTH

X = np.random.RandomState(1).uniform(-1, 1, (2, 5, 4, 3)).astype("float32")
KERNEL = np.random.RandomState(2).uniform(-1, 1, (2, 2, 3, 2)).astype("float32")


def test_each_namespace_computes_on_its_own_backend(backend):
    assert (KTF.backend(), KTH.backend(), K.backend()) == ("tensorflow", "theano", backend)
    assert K.theano_backend is KTH and K.tensorflow_backend is KTF
    slid = KTF.eval(KTF.conv2d(KTF.variable(X), KTF.variable(KERNEL)))
    flipped = KTH.eval(KTH.conv2d(KTH.variable(X), KTH.variable(KERNEL)))
    assert abs(slid - flipped).max() > 0.1
    np.testing.assert_allclose(
        flipped, KTF.eval(KTF.conv2d(KTF.variable(X), KTF.variable(KERNEL[::-1, ::-1]))), atol=1e-5
    )


def test_function_keeps_the_backend_of_its_namespace(backend):
    x = KTH.placeholder((None, 5, 4, 3))
    run = KTH.function([x], [KTH.conv2d(x, KTH.variable(KERNEL))])
    expected = KTH.eval(KTH.conv2d(KTH.variable(X), KTH.variable(KERNEL)))
    np.testing.assert_allclose(run([X])[0], expected, atol=1e-6)


def test_one_variable_updated_by_both_backends_in_turn():
    count = K.variable(1.0)
    add = KTF.function([], [count], updates=[(count, count + 1)])
    double = KTH.function([], [count], updates=[(count, count * 2)])
    assert [float(step([])[0]) for step in (add, double, add, double)] == [1, 2, 4, 5]
    assert KTF.get_value(count) == KTH.get_value(count) == 10


def test_gradients_follow_the_rule_of_their_backend():
    x, other = K.variable(1.0), K.variable(1.0)
    assert KTF.gradients(x * 2, [other]) == [None]
    with pytest.raises(ValueError, match="disconnected input"):
        KTH.gradients(x * 2, [other])


def test_arrays_are_computed_by_the_namespace_that_is_asked():
    np.testing.assert_allclose(KTF.conv2d(X, KERNEL[::-1, ::-1]), KTH.conv2d(X, KERNEL), atol=1e-5)


def test_rnn_steps_may_use_the_namespace_too():
    def last(B):
        weights = B.variable(KERNEL[0, 0, :, :1] * np.ones(3, "float32"))
        step = lambda x, states: (B.dot(x, weights) + states[0], [B.dot(x, weights)])  # noqa: E731
        return B.eval(B.rnn(step, B.variable(X[0]), [B.zeros((5, 3))])[0])

    np.testing.assert_allclose(last(KTF), last(KTH), atol=1e-5)


def test_backend_in_force_is_that_of_the_thread():
    seen = []
    inner = threading.Thread(target=lambda: seen.append(K.backend()))

    def step(row):
        if not seen:
            inner.start()
            inner.join(10)
        return row

    before = K.backend()
    K.use("tensorflow")
    KTH.map_fn(step, X[0, 0])
    K.use(before)
    assert seen == ["tensorflow"]


def test_importing_them_loads_no_library():
    code = "import sys; from kerasnb.backend import theano_backend, tensorflow_backend; theano_backend.dot"
    code += "; from kerasnb.backend.tensorflow_backend import *; dot"
    code += "; print({'tensorflow', 'pytensor'} & {*sys.modules})"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "set()"


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'convolve_in_5d'"):
        KTF.convolve_in_5d  # noqa: B018


def test_library_itself_is_there_where_the_backend_is(backend):
    assert K._BACKEND == backend
    assert hasattr(K, "tf") == (backend == "tensorflow") and hasattr(K, "T") == (backend == "theano")
    assert KTF.tf.__name__ == "tensorflow" and KTH.theano.__name__ == "pytensor"
    assert KTH.th_sparse_module.__name__ == "pytensor.sparse"


def test_common_has_the_settings():
    assert (common.floatx(), common.image_dim_ordering(), common.epsilon()) == ("float32", "tf", K.epsilon())
    common.set_image_data_format("channels_first")
    assert (K.image_dim_ordering(), K.image_data_format()) == ("th", "channels_first")
    assert common.cast_to_floatx([1, 2]).dtype == "float32"
