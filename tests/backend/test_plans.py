"""Plans: what a program's operations and sizes say about how it is to be run, and that the runtimes obey."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.backend.plans import plan as plans
from kerasnb.errors import ArgumentError, NotCompiledError
from kerasnb.layers import (
    Conv1D,
    Conv2D,
    Dense,
    Embedding,
    Flatten,
    GlobalAveragePooling1D,
    GlobalMaxPooling1D,
    Input,
    concatenate,
)
from kerasnb.models import Model, Sequential
from kerasnb.optimizers import SGD, Adagrad, Adam, RMSprop

RANDOM = np.random.RandomState(0)
WORDS, LABELS = RANDOM.randint(0, 500, (96, 6)), RANDOM.randint(0, 3, (96, 1))
WORDS[:, 3] = WORDS[:, 2]  # a word that comes twice in a sample
TABLE, KERNEL = RANDOM.randn(500, 8).astype("float32"), RANDOM.randn(8, 3).astype("float32")


@pytest.fixture
def small_tables(monkeypatch):
    """Tables of these tests count as large ones, of which a batch picks little."""
    monkeypatch.setattr(plans, "_LARGE_TABLE", 100)
    monkeypatch.setattr(plans, "_TIMES_THE_WORDS", 1)


def compiled(optimizer, *layers):
    model = Sequential(layers)
    model.compile(optimizer, "sparse_categorical_crossentropy")
    return model


def bag_of_words(optimizer, **arguments):
    table = Embedding(500, 8, input_length=6, weights=[TABLE], **arguments)
    return compiled(
        optimizer, table, GlobalAveragePooling1D(), Dense(3, activation="softmax", weights=[KERNEL, [0] * 3])
    )


def chosen(model, about, kind="train"):
    return next(one.chosen for one in model.explain_plan(kind).choices if one.about.startswith(about))


def test_a_model_of_dense_layers_is_compiled_by_xla(on_tensorflow):
    model = compiled("adam", Dense(3, input_dim=4))
    assert [chosen(model, about) for about in ("compiler", "compiled after", "steps")] == ["XLA", "1024 steps", "512"]


def test_a_convolution_over_rows_and_columns_is_left_to_tensorflow(on_tensorflow):
    assert chosen(compiled("adam", Conv2D(2, 3, input_shape=(8, 8, 1)), Flatten(), Dense(3)), "compiler") == "kernels"


def test_a_convolution_along_time_is_compiled_by_xla_step_by_step(on_tensorflow):
    model = compiled("adam", Conv1D(2, 3, input_shape=(8, 2)), GlobalMaxPooling1D(), Dense(3))
    assert (chosen(model, "compiler"), chosen(model, "steps")) == ("XLA", "1")


def test_large_updates_beside_a_convolution_are_xlas_and_the_numbers_those_of_single_kernels(
    on_tensorflow, monkeypatch
):
    monkeypatch.setattr(plans, "_LARGE_UPDATE", 10)
    monkeypatch.setattr(plans, "_PATIENCE_IF_SMALL", 0)
    monkeypatch.setattr(plans, "_PATIENCE", 0)
    x, weights = np.random.rand(40, 6, 6, 1), []
    for smallest in (10, 10**9):
        monkeypatch.setattr(plans, "_LARGE_UPDATE", smallest)
        np.random.seed(0)
        model = compiled("adam", Conv2D(2, 3, input_shape=(6, 6, 1)), Flatten(), Dense(3, activation="softmax"))
        assert chosen(model, "compiler").startswith("kernels, large" if smallest == 10 else "kernels")
        model.fit(x, LABELS[:40], batch_size=8, nb_epoch=2, verbose=0, shuffle=False)
        weights.append([*model.get_weights(), *model.optimizer.get_weights()])
    for one, other in zip(*weights, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


def test_reasons_name_what_stands_in_the_way(on_tensorflow):
    (choice, *_) = compiled("adam", Conv2D(2, 3, input_shape=(8, 8, 1)), Flatten(), Dense(3)).explain_plan().choices
    assert choice.reason.startswith("XLA's conv2d takes")


def test_a_plan_shows_as_lines(backend):
    assert repr(compiled("adam", Dense(3, input_dim=4)).explain_plan()).startswith(f"on {backend}\n  compiler: ")


def test_a_predict_step_has_a_plan_before_compile(backend):
    assert chosen(Sequential([Dense(3, input_dim=4)]), "steps", "predict") == "512"


def test_a_train_step_has_none_before_compile():
    with pytest.raises(NotCompiledError, match="explain_plan needs a compiled model"):
        Sequential([Dense(3, input_dim=4)]).explain_plan()


def test_another_kind_of_step_is_refused():
    with pytest.raises(ArgumentError, match="train, test, predict, got 'tests'"):
        Sequential([Dense(3, input_dim=4)]).explain_plan("tests")


# ---- tables by rows

BY_ROWS = {
    "sgd": lambda: SGD(0.5),
    "sgd, clipped by value": lambda: SGD(0.5, clipvalue=0.001),
    "adagrad": lambda: Adagrad(0.1),
    "adagrad of keras 3": lambda: Adagrad(0.1, initial_accumulator_value=0.1, epsilon_under_root=True),
}


@pytest.mark.parametrize("make", BY_ROWS.values(), ids=BY_ROWS.keys())
def test_rows_of_a_batch_are_updated_to_the_numbers_of_the_whole_table(on_tensorflow, small_tables, monkeypatch, make):
    results = []
    for how in ("by rows", "whole"):
        monkeypatch.setattr(plans, "_LARGE_TABLE", 100 if how == "by rows" else 10**9)
        model = bag_of_words(make())
        assert len(model.explain_plan().tables) == (how == "by rows")
        model.fit(WORDS, LABELS, nb_epoch=3, verbose=0, shuffle=False)
        results.append([*model.get_weights(), *model.optimizer.get_weights()])
    for one, other in zip(*results, strict=True):
        np.testing.assert_array_equal(one, other)


WHOLE = {
    "adam": lambda: Adam(),
    "rmsprop": lambda: RMSprop(),
    "momentum": lambda: SGD(momentum=0.9),
    "clipnorm": lambda: SGD(clipnorm=1.0),
    "weight decay": lambda: SGD(weight_decay=0.1),
    "running mean": lambda: SGD(use_ema=True),
    "accumulation": lambda: SGD(gradient_accumulation_steps=2),
    "no epsilon": lambda: Adagrad(epsilon=0.0),
}


@pytest.mark.parametrize("make", WHOLE.values(), ids=WHOLE.keys())
def test_a_table_whose_other_rows_move_too_is_updated_as_a_whole(on_tensorflow, small_tables, make):
    assert chosen(bag_of_words(make()), "updates of") == "whole"


@pytest.mark.parametrize("arguments", [{"W_regularizer": "l2"}, {"W_constraint": "maxnorm"}, {"dropout": 0.5}])
def test_a_table_that_a_penalty_constraint_or_dropout_reads_is_updated_as_a_whole(
    on_tensorflow, small_tables, arguments
):
    assert not bag_of_words("sgd", **arguments).explain_plan().tables


def test_a_table_shared_by_two_inputs_gets_the_sum_of_both(on_tensorflow, small_tables, monkeypatch):
    results = []
    for largest in (100, 10**9):
        monkeypatch.setattr(plans, "_LARGE_TABLE", largest)
        table, inputs = Embedding(500, 8, weights=[TABLE]), [Input((6,)), Input((6,))]
        words = [GlobalAveragePooling1D()(table(one)) for one in inputs]
        dense = Dense(3, activation="softmax", weights=[np.vstack([KERNEL, KERNEL]), [0] * 3])
        model = Model(inputs, dense(concatenate(words)))
        model.compile("sgd", "sparse_categorical_crossentropy")
        assert len(model.explain_plan().tables) == (largest == 100)
        model.fit([WORDS, WORDS[::-1]], LABELS, verbose=0, shuffle=False)
        results.append(model.get_weights()[0])
    np.testing.assert_array_equal(*results)


def test_a_momentum_that_is_set_while_training_goes_on_with_the_last_batch_alone(on_tensorflow, small_tables):
    model = bag_of_words(SGD(0.5))
    for batch in (slice(0, 4), slice(4, 8)):
        model.train_on_batch(WORDS[batch], LABELS[batch])
    before = model.get_weights()[0]
    model.optimizer.momentum = 0.9
    model.train_on_batch(WORDS[8:12], LABELS[8:12])
    moved = np.flatnonzero((model.get_weights()[0] != before).any(axis=1))
    assert set(moved) == set(WORDS[4:12].ravel())


def test_velocities_that_a_step_by_rows_finds_are_emptied_as_by_the_whole_table(on_tensorflow, small_tables):
    model = bag_of_words(SGD(0.5))
    model.train_on_batch(WORDS[:4], LABELS[:4])
    velocity = next(one for one in model.optimizer.weights if K.int_shape(one) == (500, 8))
    for batch in (slice(4, 8), slice(8, 12)):
        K.set_value(velocity, np.ones((500, 8)))
        model.train_on_batch(WORDS[batch], LABELS[batch])
        assert set(np.flatnonzero(K.get_value(velocity).any(axis=1))) == set(WORDS[batch].ravel())


def test_a_step_by_rows_reads_no_whole_table(on_tensorflow, small_tables, monkeypatch):
    from kerasnb.backend.on_tensorflow import runtime

    read, wholly = runtime._read, []
    monkeypatch.setattr(runtime, "_read", lambda handle, variable: wholly.append(variable) or read(handle, variable))
    model = bag_of_words(Adagrad())
    model.train_on_batch(WORDS[:4], LABELS[:4])
    model.predict_on_batch(WORDS[:4])
    assert wholly and (500, 8) not in [tuple(variable.shape) for variable in wholly]
