"""The backend's own code inside a function of symbolic tensors."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.backend.native import call_with_native
from kerasnb.backend.ops.elementwise import add
from kerasnb.backend.runtime import chosen
from kerasnb.errors import BackendError, ShapeError

X = np.arange(6, dtype="float32").reshape(2, 3) - 2
W = np.array([[1, 2], [0, 1], [3, 1]], "float32")


def tensorflow_code(tf, w):
    return {
        "matmul with a variable": (lambda x: tf.matmul(x, w), X @ W),
        "relu": (lambda x: tf.nn.relu(x), np.maximum(X, 0)),
        "sum of a K tensor and a native one": (lambda x: x + tf.ones(3), X + 1),
        "sum of a native tensor and a K one": (lambda x: tf.ones((3,)) + x, X + 1),
        "reshape by sizes": (lambda x: tf.reshape(x, (tf.shape(x)[0], 3, 1)), X[..., None]),
        "K reshapes by native sizes": (lambda x: K.reshape(x, (tf.shape(x)[0], 3, 1)), X[..., None]),
        "K reshapes by a native shape": (lambda x: K.reshape(tf.square(x), tf.shape(x)), X**2),
        "K fills a native size": (lambda x: K.zeros([tf.shape(x)[0], 3]) + x, X),
        "K tiles by a native number": (lambda x: K.tile(x[:1], [tf.shape(x)[0], 1]), X[[0, 0]]),
        "K counts up to a native number": (
            lambda x: x + K.cast(K.arange(0, tf.shape(x)[1]), "float32"),
            X + np.arange(3),
        ),
        "concat": (lambda x: tf.concat([x, x], 1), np.concatenate([X, X], 1)),
        "cast": (lambda x: tf.cast(x, "int32"), X.astype("int32")),
        "K after native": (lambda x: K.dot(tf.nn.relu(K.relu(x)), w), np.maximum(X, 0) @ W),
        "native after K": (lambda x: tf.square(K.sum(x, axis=1)), X.sum(1) ** 2),
        "slice": (lambda x: tf.nn.relu(x)[:, 1:], np.maximum(X, 0)[:, 1:]),
        "K op on variable and native": (lambda x: x * tf.reduce_sum(w), X * W.sum()),
        "K maps native code over unknown slices": (lambda x: K.map_fn(tf.square, tf.identity(x)), X**2),
        "K maps over known slices": (lambda x: K.map_fn(lambda one: K.sum(one) * 2, tf.transpose(x)), X.sum(0) * 2),
        "K folds known slices": (lambda x: K.foldl(lambda total, one: total + one, tf.transpose(x)), X.sum(1)),
        "K asks for the phase": (lambda x: K.in_train_phase(lambda: x * 3, tf.square(x)), X**2),
        "eager value": (lambda x: x * tf.constant([1.0, 2, 3]), X * [1, 2, 3]),
    }


def theano_code(pt, w):
    return {
        "dot with a variable": (lambda x: pt.dot(x, w), X @ W),
        "tanh": (lambda x: pt.tanh(x), np.tanh(X)),
        "sum of a K tensor and a native one": (lambda x: x + pt.ones(3, dtype="float32"), X + 1),
        "sum of a native tensor and a K one": (lambda x: pt.ones((3,), dtype="float32") + x, X + 1),
        "reshape by sizes": (lambda x: pt.reshape(x, (pt.shape(x)[0], 3, 1)), X[..., None]),
        "K reshapes by native sizes": (lambda x: K.reshape(x, (pt.shape(x)[0], 3, 1)), X[..., None]),
        "K reshapes by a native shape": (lambda x: K.reshape(pt.sqr(x), pt.shape(x)), X**2),
        "K fills a native size": (lambda x: K.zeros([pt.shape(x)[0], 3]) + x, X),
        "K tiles by a native number": (lambda x: K.tile(x[:1], [pt.shape(x)[0], 1]), X[[0, 0]]),
        "K counts up to a native number": (
            lambda x: x + K.cast(K.arange(0, pt.shape(x)[1]), "float32"),
            X + np.arange(3),
        ),
        "concatenate": (lambda x: pt.concatenate([x, x], axis=1), np.concatenate([X, X], 1)),
        "cast": (lambda x: pt.cast(x, "int32"), X.astype("int32")),
        "K after native": (lambda x: K.dot(pt.maximum(K.relu(x), 0), w), np.maximum(X, 0) @ W),
        "native after K": (lambda x: pt.sqr(K.sum(x, axis=1)), X.sum(1) ** 2),
        "slice": (lambda x: pt.tanh(x)[:, 1:], np.tanh(X)[:, 1:]),
        "K op on variable and native": (lambda x: x * pt.sum(w), X * W.sum()),
        "K maps over known slices": (lambda x: K.map_fn(lambda one: K.sum(one) * 2, pt.transpose(x)), X.sum(0) * 2),
        "K folds known slices": (lambda x: K.foldl(lambda total, one: total + one, pt.transpose(x)), X.sum(1)),
        "K asks for the phase": (lambda x: K.in_train_phase(lambda: x * 3, pt.sqr(x)), X**2),
        "switch": (lambda x: pt.switch(pt.gt(x, 0), x, 0.0), np.maximum(X, 0)),
        "scan": (lambda x: scan(pt, x), np.cumsum(X, 0)),
    }


def scan(pt, x):
    import pytensor

    return pytensor.scan(
        lambda row, total: total + row, sequences=x, outputs_info=pt.zeros(3, dtype="float32"), return_updates=False
    )


def code_for(backend, w):
    if backend == "tensorflow":
        import tensorflow as tf

        return tensorflow_code(tf, w)
    import pytensor.tensor as pt

    return theano_code(pt, w)


def test_native_code_is_recorded_and_computed(backend):
    x, w = K.placeholder((None, 3)), K.variable(W)
    cases = code_for(backend, w)
    tensors = {
        label: call_with_native(lambda inputs, code=code: code(inputs[0]), [x]) for label, (code, _) in cases.items()
    }
    values = K.function([x], list(tensors.values()))([X])
    for (label, (_, expected)), value in zip(cases.items(), values, strict=True):
        np.testing.assert_allclose(value, expected, rtol=1e-5, err_msg=label)
        assert len(tensors[label].shape) == expected.ndim and tensors[label].shape[1:] == expected.shape[1:], label


def test_gradients_flow_through_native_code_to_variables(backend):
    x, w = K.placeholder((None, 3)), K.variable(W)
    code, _ = next(iter(code_for(backend, w).values()))
    loss = K.sum(call_with_native(lambda inputs: code(inputs[0]), [x]))
    (slopes,) = K.function([x], K.gradients(loss, [w]))([X])
    np.testing.assert_allclose(slopes, np.repeat(X.sum(0)[:, None], 2, 1), rtol=1e-5)


def test_native_code_may_give_several_tensors(backend):
    x = K.placeholder((None, 3))
    square, _ = code_for(backend, K.variable(W))["native after K"]
    results = call_with_native(lambda inputs: [square(inputs[0]), square(inputs[0] * 2)], [x])
    one, two = K.function([x], results)([X])
    np.testing.assert_allclose(one * 4, two, rtol=1e-6)


def test_native_code_is_told_the_phase_in_each_run(backend):
    x = K.placeholder((None, 3))
    square, _ = code_for(backend, K.variable(W))["K asks for the phase"]
    run = K.function([x, K.learning_phase()], [call_with_native(lambda inputs: square(inputs[0]), [x])])
    np.testing.assert_allclose([run([X, 0])[0], run([X, 1])[0]], [X**2, X * 3])


def test_folds_of_native_slices_need_to_know_how_many(backend):
    x = K.placeholder((None, 3))
    native, _ = code_for(backend, K.variable(W))["K asks for the phase"]
    with pytest.raises(ShapeError, match=f"foldl needs a known first axis beside {backend}'s own code"):
        call_with_native(lambda inputs: K.foldl(lambda total, one: total + one, native(inputs[0])), [x])


def test_code_of_the_other_backend_is_refused_with_advice(backend):
    x = K.placeholder((None, 3))
    other = {"tensorflow": "theano", "theano": "tensorflow"}[backend]
    K.use(other)
    code = code_for(other, K.variable(W))["native after K"][0]
    K.function([x], [x])([X])  # loads it, so that its conversions signal
    K.use(backend)
    with pytest.raises(BackendError, match=f'the backend is {backend}.*\n.*K.use\\("{other}"\\)'):
        call_with_native(lambda inputs: code(inputs[0]), [x])


def test_plain_k_code_is_recorded_op_by_op(backend):
    x = K.placeholder((None, 3))
    y = call_with_native(lambda inputs: K.relu(inputs[0]), [x])
    assert y.operation.op.name == "_rectify"


def test_first_native_tensor_that_an_op_meets_loads_the_backend(backend, monkeypatch):
    native = chosen.active().constant(X)
    monkeypatch.setattr(chosen, "_runtimes", {})
    K.square(native)
    assert chosen.is_loaded(backend)


@pytest.mark.parametrize("wrong", [lambda x: 1 / 0, lambda x: K.dot(x, K.ones((4, 2)))], ids=["python", "shape"])
def test_errors_of_the_code_itself_come_through(wrong, backend):
    with pytest.raises((ZeroDivisionError, ValueError)):
        call_with_native(lambda inputs: wrong(inputs[0]), [K.placeholder((None, 3))])


def test_native_tensors_of_unknown_rank_and_numbers_are_added_as_ever():
    import tensorflow as tf

    unknown = [tf.TensorSpec(None, tf.float32), tf.TensorSpec((None,), tf.float32)]
    added = tf.function(lambda x, y: add(add(x, y), 1.0), input_signature=unknown)
    assert (added(tf.ones((2, 3)), tf.ones((1,))).numpy() == np.full((2, 3), 3)).all()
