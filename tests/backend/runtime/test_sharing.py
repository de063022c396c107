"""What is compiled once serves every program of the same structure, and keeps no model alive."""

import gc
import weakref

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.backend.plans import plan
from kerasnb.backend.runtime import chosen
from kerasnb.backend.runtime.shared import Shared
from kerasnb.errors import BackendError
from kerasnb.layers import LSTM, Add, Dense, Dropout, Flatten, Input, Reshape
from kerasnb.models import Sequential

X = np.random.RandomState(0).rand(64, 4).astype("float32")
Y = X[:, :1]


def small_model(size=5):
    model = Sequential([Dense(size, input_shape=(4,)), Dropout(0.2), Dense(1)])
    model.compile("adam", "mse")
    return model


def fit(model):
    return model.fit(X, Y, nb_epoch=2, batch_size=16, verbose=0).history["loss"]


@pytest.fixture
def made(backend):
    """A function that says how many programs were compiled since it was last asked."""
    shared = chosen.active().shared
    before = shared.made

    def since():
        nonlocal before
        count, before = shared.made - before, shared.made
        return count

    return since


def test_second_model_of_the_same_structure_compiles_nothing(made):
    fit(small_model(7))
    assert made() > 0
    second = small_model(7)
    losses = fit(second)
    assert losses[1] < losses[0]
    second.predict(X[:4])
    made()
    small_model(7).predict(X[:4])
    assert made() == 0


def test_models_that_share_keep_weights_of_their_own(backend):
    one, other = small_model(), small_model()
    before = other.get_weights()
    fit(one)
    assert not np.array_equal(one.get_weights()[0], before[0])
    np.testing.assert_array_equal(other.get_weights()[0], before[0])
    other.set_weights(one.get_weights())
    np.testing.assert_allclose(one.predict(X), other.predict(X), rtol=1e-6)


def test_models_that_share_drop_other_units(backend):
    patterns = []
    for _ in range(2):
        x = K.placeholder((4, 50))
        patterns.append(K.function([x, K.learning_phase()], [K.in_train_phase(K.dropout(x, 0.5), x)]))
    first, second = (pattern([np.ones((4, 50)), 1])[0] for pattern in patterns)
    assert not np.array_equal(first, second)


def test_refit_after_unfreezing_and_a_changed_learning_rate_compile_nothing(made):
    model = small_model(9)
    fit(model)
    model.layers[0].trainable = False
    model.recompile()
    fit(model)
    made()
    model.layers[0].trainable = True
    model.recompile()
    K.set_value(model.optimizer.lr, 0.1)
    fit(model)
    assert made() == 0


def test_programs_with_other_numbers_in_them_are_compiled_apart(backend):
    x = K.placeholder((2,))
    values = [K.function([x], [x * factor + K.constant([factor, 0])])([np.ones(2)])[0] for factor in (2.0, 3.0)]
    np.testing.assert_array_equal(values, [[4, 2], [6, 3]])


def test_function_with_the_users_own_code_is_not_shared(backend):
    from kerasnb.layers import Input, Lambda
    from kerasnb.models import Model

    library = chosen.active().library
    values = []
    for factor in (2.0, 3.0):
        x = Input((3,))
        values.append(Model(x, Lambda(lambda x, factor=factor: library.exp(x) * factor)(x)).predict(np.zeros((1, 3))))
    np.testing.assert_array_equal(np.ravel(values), [2, 2, 2, 3, 3, 3])


@pytest.mark.parametrize("make", [lambda: Dense(11), lambda: LSTM(3, return_sequences=True)], ids=["dense", "loop"])
def test_dead_model_goes_though_its_compiled_functions_are_kept(backend, make):
    model = Sequential([Reshape((1, 4), input_shape=(4,)), make(), Flatten(), Dense(1)])
    model.compile("adam", "mse")
    fit(model)
    model.predict(X)
    gone = [weakref.ref(model), weakref.ref(model.layers[1].weights[0]), weakref.ref(model.optimizer)]
    del model
    gc.collect()
    assert [one() for one in gone] == [None, None, None]


def test_what_was_not_used_for_longest_goes_first():
    shared = Shared(limit=2)
    for key in ("a", "b", "a", "c"):
        shared.get(key, lambda key=key: key.upper())
    assert shared.get("a", lambda: "anew") == ("A", False)
    assert shared.get("b", lambda: "anew") == ("anew", True)
    assert shared.get(None, lambda: "never kept") == ("never kept", True)
    assert (len(shared), shared.made) == (2, 5)


def test_step_called_often_is_compiled_anew_by_xla_once_where_it_was_not(made, backend, monkeypatch):
    monkeypatch.setattr(plan, "_PATIENCE_IF_SMALL", 32)
    model = Sequential([Dense(13, input_shape=(4,)), Dense(1)])
    model.compile("sgd", "mse")
    first = model.train_on_batch(X, Y)
    assert made() == 1
    for _ in range(40):
        last = model.train_on_batch(X, Y)
    assert (made(), last < first) == (backend == "tensorflow", True)


def test_inputs_given_twice_are_not_taken_for_others(backend):
    x, y = K.placeholder(()), K.placeholder(())
    given = [1.0, 5.0, 9.0]
    assert [K.function([x, x, y], [end])(given)[0] for end in (x - y, y - x, x - x)] == [-4.0, 4.0, 0.0]


def test_a_variable_given_as_an_input_is_not_taken_for_its_own_value(backend):
    for reads_input, expected in ((True, 3.0), (False, 11.0)):
        v, p = K.variable(10.0), K.placeholder(())
        K.function([v if reads_input else p], [], [(v, v + 1)])([2.0])
        assert K.get_value(v) == expected


def test_one_of_several_results_can_be_given(backend):
    x = K.placeholder((4,))
    first, second = K.split(x, 2)
    total = K.function([first, x], [first + second])([[10.0, 20.0], [1.0, 2.0, 3.0, 4.0]])[0]
    np.testing.assert_array_equal(total, [13, 24])


@pytest.mark.parametrize("is_loop", [False, True], ids=["one step", "many steps"])
def test_error_in_a_shared_program_names_the_layer_of_the_model_that_runs(is_loop, backend):
    for name in ("mine", "yours"):
        inputs = [Input((None, 2)), Input((None, 2))]
        total = Add(name=name)(inputs)
        step = K.function(inputs, [K.sum(total * 3, axis=(1, 2))])
        arrays = [np.zeros((4, 3, 2), "float32"), np.zeros((4, 5, 2), "float32")]
        with pytest.raises(BackendError, match=rf'layer "{name}".*test_sharing.py:\d+'):
            if is_loop:
                loop = chosen.active().compile_batches(step.program(0))
                loop(loop.hold(arrays), np.array([[0, 1], [2, 3]]))
            else:
                step(arrays)
