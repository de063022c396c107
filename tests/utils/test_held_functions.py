"""Functions in layers: what they held when the layer was made is what they mean, also through save and load."""
# ruff: noqa: B023 - loops that change what functions are bound to are what is tested

import functools
import math

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.engine.files.configs import plain
from kerasnb.errors import ArgumentError
from kerasnb.layers import Dense, Input, Lambda, merge
from kerasnb.models import Model, model_from_json
from kerasnb.utils.code_text import func_dump, trusted_code
from kerasnb.utils.held_functions import as_held

row = np.array([[1.0, 2.0, 3.0]])
factor, shift, calls = 2, np.array([1.0, 2.0, 3.0], "float32"), 0


def halved(x):
    return x / math.sqrt(4)


def shifted(x, sign=1, *, times=factor):
    return halved(x) * times + sign * shift


def countdown(x, n=3):
    return x if n == 0 else countdown(x + 1, n - 1)


def counted(x):
    global calls
    calls += 1
    return x


class Scaler:
    by = 3.0


scaler = Scaler()


def again(layer):
    """The layer as a file that is trusted brings it back."""
    with trusted_code():
        return Lambda.from_config(plain(layer.get_config()))


def test_lambdas_of_a_loop_keep_their_own_value_through_save_and_load(backend):
    x = Input((3,))
    model = Model(x, merge([Lambda(lambda t: t[:, j : j + 1] * (j + 1))(x) for j in range(3)], mode="concat"))
    for other in (model, model_from_json(model.to_json(), trust_code=True), Model.from_config(model.get_config())):
        assert other.predict(row).tolist() == [[1, 4, 9]]


def test_activations_initializations_penalties_and_constraints_of_a_loop_keep_their_own_value(backend):
    x, ones = Input((2,)), np.ones((1, 2))
    layers = [
        Dense(
            1,
            activation=lambda t: t * n,
            init=lambda shape, name=None: K.variable(np.ones(shape) * n, name=name),
            W_regularizer=lambda W: K.sum(W) * n,
            W_constraint=lambda W: W * 0 + 10 * n,
        )
        for n in (1, 2, 3)
    ]
    model = Model(x, [layer(x) for layer in layers])
    assert np.ravel(model.predict(ones)).tolist() == [2, 8, 18]
    model.compile("sgd", "mse")
    model.optimizer.lr = 0.0
    assert model.train_on_batch(ones, [[[2]], [[8]], [[18]]])[0] == 2 * (1 + 4 + 9)  # penalties alone
    assert [layer.get_weights()[0].tolist() for layer in layers] == [[[n], [n]] for n in (10, 20, 30)]


def test_a_global_name_of_a_loop_is_kept_too(monkeypatch):
    layer = Lambda(lambda x: x * factor)
    monkeypatch.setitem(globals(), "factor", 9)
    assert layer.function(1) == again(layer).function(1) == 2


def test_a_function_that_another_calls_is_kept_too():
    made = []
    for by in range(3):

        def helper(x):
            return x * by

        made.append(Lambda(lambda x: helper(x)))
    assert [layer.function(1) for layer in made] == [again(layer).function(1) for layer in made] == [0, 1, 2]


def test_an_array_keeps_the_values_it_had():
    weights = np.ones(2)
    layer = Lambda(lambda x: x * weights)
    weights[:] = 7
    assert layer.function(1).tolist() == again(layer).function(1).tolist() == [1, 1]


@pytest.mark.parametrize(
    "function",
    [halved, shifted, countdown, functools.partial(shifted, sign=-1), lambda x, scale=(1, 2): x * scale[1] + math.pi],
    ids=["module", "functions, arrays, defaults", "recursion", "partial", "lambda"],
)
def test_a_file_keeps_all_that_a_function_needs(function, monkeypatch):
    layer = Lambda(function)
    wanted = function(row)
    loaded = again(layer)
    monkeypatch.setitem(globals(), "shift", None)
    np.testing.assert_array_equal(layer.function(row), wanted)
    np.testing.assert_array_equal(loaded.function(row), wanted)


def test_functions_of_libraries_are_found_again_and_those_of_k_without_trust():
    assert Lambda.from_config(plain(Lambda(K.square).get_config())).function is K.square
    with pytest.raises(ArgumentError, match="'set_floatx', but does not hold its code"):
        Lambda.from_config(plain(Lambda(K.set_floatx).get_config()))
    config = plain(Lambda(math.sqrt).get_config())
    with pytest.raises(ArgumentError, match=r"'sqrt', but does not hold its code.\n.*trust_code=True \(math\)"):
        Lambda.from_config(config)
    assert again(Lambda(math.sqrt)).function is math.sqrt


def test_what_a_file_cannot_keep_is_asked_for_by_name():
    layer = Lambda(lambda x: x * scaler.by)
    with pytest.raises(ArgumentError, match='uses "scaler", a Scaler, which a file does not keep'):
        again(layer)
    config = plain(layer.get_config())
    model = Model(x := Input((3,)), layer(x))
    loaded = model_from_json(model.to_json(), custom_objects={"scaler": scaler}, trust_code=True)
    np.testing.assert_allclose(loaded.predict(row), 3 * row)
    assert config["function"][3]["names"]["scaler"]["type"] == "not kept"


def test_what_a_function_assigns_to_stays_shared():
    total = 0

    def adding(x):
        nonlocal total
        total += 1
        return x

    before = calls
    for function in (adding, counted):
        as_held(function)(1)
    assert total == 1 and calls == before + 1


def test_a_function_that_holds_nothing_is_itself():
    def plainly(x):
        return K.square(x)

    assert as_held(plainly) is plainly and as_held(K.square) is K.square and as_held(None) is None
    assert func_dump(plainly)[1:] == (None, None)
