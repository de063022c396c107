"""The backend's own code in losses, metrics, penalties and constraints; what it makes itself; where it cannot be."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.backend.graph.tensor import NativeSignal
from kerasnb.backend.native import call_with_native
from kerasnb.errors import ArgumentError, BackendError
from kerasnb.layers import Dense, Input, Lambda
from kerasnb.models import Model, Sequential

X = np.arange(6, dtype="float32").reshape(2, 3)
Y = X[:, :1]


@pytest.fixture
def lib(backend):
    """TensorFlow, or PyTensor with TensorFlow's names."""
    if backend == "tensorflow":
        import tensorflow as tf

        return tf
    import pytensor.tensor as pt

    class Library:
        square, exp, abs = staticmethod(pt.sqr), staticmethod(pt.exp), staticmethod(pt.abs)
        zeros, ones, tile = staticmethod(pt.zeros), staticmethod(pt.ones), staticmethod(pt.tile)

        @staticmethod
        def reduce_mean(x, axis=None):
            return pt.mean(x, axis=axis)

    return Library


def trained(**options):
    """The loss, and metrics if any, of a small model after a step, the same for equal options."""
    np.random.seed(3)
    of_compile = {"loss": "mse"} | {name: options.pop(name) for name in ("loss", "metrics") if name in options}
    model = Sequential([Dense(1, input_dim=3, **options)])
    model.compile("sgd", **of_compile)
    model.fit(X, Y, nb_epoch=1, verbose=0)
    return model.evaluate(X, Y, verbose=0)


def test_a_loss_of_the_backends_own_trains(lib):
    own = trained(loss=lambda true, guess: lib.reduce_mean(lib.square(guess - true), -1))
    np.testing.assert_allclose(own, trained(), rtol=1e-5)


def test_a_metric_of_the_backends_own_may_give_a_dict(lib):
    def errors(true, guess):
        return {"far": lib.reduce_mean(lib.abs(guess - true)), "wide": lib.reduce_mean(lib.square(guess - true))}

    _, *own = trained(metrics=[errors])
    np.testing.assert_allclose(own, trained(metrics=["mae", "mse"])[1:], rtol=1e-5)


def test_penalties_and_constraints_of_the_backends_own_count(lib):
    own = trained(
        W_regularizer=lambda w: lib.reduce_mean(lib.square(w)),
        activity_regularizer=lambda y: lib.reduce_mean(lib.square(y)),
        W_constraint=lambda w: lib.abs(w),
    )
    same = trained(
        W_regularizer=lambda w: K.mean(K.square(w)),
        activity_regularizer=lambda y: K.mean(K.square(y)),
        W_constraint=lambda w: K.abs(w),
    )
    np.testing.assert_allclose(own, same, rtol=1e-5)


def test_code_may_make_variables_and_random_numbers(lib):
    x = K.placeholder((2, 3))
    ones = call_with_native(lambda xs: lib.square(xs[0]) + lib.square(K.ones((1, 3))) + K.constant(1.0), [x])
    noisy = call_with_native(lambda xs: lib.square(xs[0]) + lib.square(K.random_uniform((3,))), [x])
    run = K.function([x], [ones, noisy])
    np.testing.assert_allclose(run([X])[0], X**2 + 2)
    assert not np.array_equal(run([X])[1], run([X])[1])


def test_code_may_take_its_input_from_around_it(lib):
    x = Input((3,))
    np.testing.assert_allclose(Model(x, Lambda(lambda _: lib.exp(x))(x)).predict(X), np.exp(X), rtol=1e-5)


def test_sizes_may_be_a_list_of_k_tensors_and_numbers(lib):
    x = Input((3,))
    zeros = Lambda(lambda x: lib.zeros([K.shape(x)[0], 2, 5]) + 1.0)(x)
    tiled = Lambda(lambda x: lib.tile(lib.ones([1, 2]), [K.shape(x)[0], 1]))(x)
    shapes = [one.shape for one in Model(x, [zeros, tiled]).predict(X)]
    assert shapes == [(2, 2, 5), (2, 2)]


def test_an_error_in_tensorflows_own_code_is_its_own(on_tensorflow):
    import tensorflow as tf

    with pytest.raises(ValueError, match="Cannot reshape"):
        Lambda(lambda x: tf.reshape(tf.ones([3]), [2]))(Input((3,)))


def test_a_loop_runs_over_the_backends_own_tensors(lib):
    def loops(x):
        begin = [lib.exp(x[:, 0]) * 0 + 1.0]
        own = K.rnn(lambda now, states: (lib.exp(now) + states[0], [states[0] + 1.0]), x, begin, go_backwards=True)
        masked = K.rnn(lambda now, states: (lib.exp(now), []), x, [], mask=K.greater(x[:, :, 0], 2))
        return [own[0], own[1], own[2][0], masked[0]]

    x = Input((3, 1))
    last, outputs, state, masked = K.function([x], call_with_native(lambda xs: loops(xs[0]), [x]))([X[..., None]])
    np.testing.assert_allclose(outputs[..., 0], np.exp(X[:, ::-1]) + [1, 2, 3], rtol=1e-5)
    np.testing.assert_allclose([last, state], [outputs[:, -1], np.full((2, 1), 4)], rtol=1e-5)
    np.testing.assert_allclose(masked[:, 0], [0, np.exp(5)], rtol=1e-5)


PLACES = {
    "nowhere": lambda lib, x: lib.exp(x),
    "a step": lambda lib, x: K.rnn(lambda now, states: (lib.exp(now), []), K.expand_dims(x), []),
    "a loop": lambda lib, x: K.map_fn(lambda row: lib.exp(row), x),
    "a choice": lambda lib, x: K.switch(K.greater(x, 0), lambda: lib.exp(x), lambda: x),
    "gradients": lambda lib, x: K.gradients(lib.reduce_mean(x), [x]),
}


@pytest.mark.parametrize("place", PLACES)
def test_outside_of_a_layer_the_backends_own_code_is_refused_in_words(place, lib):
    K.eval(K.zeros((1,)) + 1)  # whose backend is loaded
    with pytest.raises(BackendError, match="no value before a function runs"):
        PLACES[place](lib, K.placeholder((2, 3)))


def test_the_signal_is_raised_only_where_someone_waits_for_it():
    from kerasnb.backend.graph.tensor import listening, met_native

    assert isinstance(met_native("tensorflow"), BackendError)
    with listening():
        assert isinstance(met_native("tensorflow"), NativeSignal)


def test_metric_objects_that_keep_variables_of_their_own_are_refused():
    class Mean:
        def update_state(self, *given):
            raise AssertionError

    with pytest.raises(ArgumentError, match="Mean"):
        Sequential([Dense(1, input_dim=3)]).compile("sgd", "mse", metrics=[Mean()])


def test_losses_and_penalties_of_keras_3_are_taken(on_tensorflow):
    import keras  # TensorFlow brings it

    assert keras.backend.backend() == "tensorflow"
    own = trained(loss=keras.losses.MeanSquaredError(), W_regularizer=keras.regularizers.L2(0.5))
    np.testing.assert_allclose(own, trained(W_regularizer=lambda w: 0.5 * K.sum(K.square(w))), rtol=1e-5)


def test_code_of_tensorflows_may_hold_tensors_and_variables_of_its_own(on_tensorflow):
    import tensorflow as tf

    factor, shift = tf.constant(2.0), tf.Variable(1.0)
    model = Sequential([Lambda(lambda x: tf.add(x * factor, shift), input_shape=(3,))])
    np.testing.assert_allclose(model.predict(X), X * 2 + 1)
    shift.assign(3.0)
    np.testing.assert_allclose(model.predict(X), X * 2 + 3)
    trained(loss=lambda true, guess: factor * tf.reduce_mean(tf.square(guess - true), -1))
