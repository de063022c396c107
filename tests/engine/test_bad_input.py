"""Every mistake gets an error that says who, what and what to do, and leaves the model as it was."""

import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.callbacks import LambdaCallback
from kerasnb.errors import (
    ArgumentError,
    BackendError,
    DataError,
    GraphError,
    KerasnbError,
    NotCompiledError,
    ShapeError,
    UnknownNameError,
    WeightsError,
)
from kerasnb.layers import Activation, Convolution2D, Dense, Input, merge
from kerasnb.models import Model, Sequential, model_from_config

X, Y = np.random.RandomState(0).rand(12, 4), np.eye(3)[np.arange(12) % 3]


@pytest.fixture
def model():
    made = Sequential([Dense(3, input_shape=(4,), activation="softmax")], name="mine")
    made.compile("sgd", "categorical_crossentropy", metrics=["accuracy"])
    return made


@pytest.fixture
def labelled():
    made = Sequential([Dense(3, input_shape=(4,), activation="softmax")], name="mine")
    made.compile("sgd", "sparse_categorical_crossentropy")
    return made


@pytest.fixture
def two_ended():
    a, b = Input((4,), name="a"), Input((2,), name="b")
    made = Model([a, b], [Dense(1, name="c")(a), Dense(1, name="d")(b)], name="wide")
    made.compile("sgd", "mse")
    return made


def refuses(model, attempt, kind, *parts):
    """The attempt raises this error with these words, and the model is as it was."""
    before, arguments = model.get_weights(), model.compile_arguments
    with pytest.raises(kind) as error:
        attempt()
    for part in parts:
        assert part in str(error.value), f"{part!r} is not in: {error.value}"
    assert all(map(np.array_equal, before, model.get_weights())) and not model.control.is_running
    assert model.compile_arguments is arguments


# ---- data


def test_input_of_a_wrong_shape_is_refused(model):
    refuses(
        model,
        lambda: model.fit(X[:, :3], Y, verbose=0),
        DataError,
        'fit of "mine": input "dense_input_1"',
        "needs shape (None, 4), got (12, 3)",
        "Change the data",
    )


def test_images_instead_of_rows_get_the_reshape_that_fits(model):
    refuses(model, lambda: model.predict(X.reshape(12, 2, 2)), DataError, "got (12, 2, 2)", "x.reshape((-1, 4))")


def test_targets_of_a_wrong_shape_are_refused(model):
    refuses(
        model,
        lambda: model.fit(X, Y[:, :2], verbose=0),
        DataError,
        'target "dense_1"',
        "needs shape (None, 3), got (12, 2)",
    )


def test_class_numbers_for_one_hot_targets_get_the_remedy(model):
    refuses(
        model,
        lambda: model.fit(X, Y.argmax(1), verbose=0),
        DataError,
        "sparse_categorical_crossentropy",
        "to_categorical(y, 3)",
    )


def test_one_hot_targets_for_class_numbers_are_refused(labelled):
    refuses(labelled, lambda: labelled.fit(X, Y, verbose=0), DataError, "needs shape (None, 1), got (12, 3)", "argmax")


def test_different_numbers_of_samples_are_refused(model):
    refuses(
        model,
        lambda: model.fit(X, Y[:7], verbose=0),
        DataError,
        "different numbers of samples",
        "inputs: 12; targets: 7",
        "Each sample needs its target",
    )


def test_sample_weights_of_another_length_are_refused(model):
    refuses(
        model,
        lambda: model.fit(X, Y, sample_weight=np.ones(5), verbose=0),
        DataError,
        "sample_weight has shape (5,)",
        "one weight for each sample",
    )


def test_nan_in_the_data_is_refused_with_the_first_place(model):
    x = X.copy()
    x[3, 1] = x[7, 0] = np.nan
    refuses(
        model,
        lambda: model.fit(x, Y, verbose=0),
        DataError,
        '"dense_input_1" has NaN in 2 of 12 samples, the first at index 3',
        "np.nan_to_num(x)",
    )
    refuses(model, lambda: model.train_on_batch(X, np.full_like(Y, np.nan)), DataError, '"dense_1" has NaN in 12 of 12')


def test_nan_in_validation_data_is_refused_before_training(model):
    refuses(model, lambda: model.fit(X, Y, validation_data=(X * np.nan, Y), verbose=0), DataError, "validation", "NaN")


def test_infinities_are_no_nan(model):
    x = X.copy()
    x[0, 0], x[1, 0] = np.inf, -np.inf
    refuses(model, lambda: model.evaluate(x, Y, verbose=0), DataError, "infinity in 2 of 12 samples")


@pytest.mark.parametrize("labels, got", [(np.arange(12) % 4, "from 0 to 3"), (np.arange(12) % 3 - 1, "from -1 to 1")])
def test_labels_out_of_range_are_refused(labelled, labels, got):
    refuses(
        labelled,
        lambda: labelled.fit(X, labels, verbose=0),
        DataError,
        f'labels for output "dense_1" go {got}',
        "3 classes (0 to 2)",
        "umber the classes from 0",
    )


def test_labels_between_whole_numbers_are_refused(labelled):
    refuses(
        labelled,
        lambda: labelled.fit(X, np.full(12, 0.5), verbose=0),
        DataError,
        'labels for output "dense_1"',
        "0.5",
        "whole numbers",
    )


@pytest.mark.parametrize("x", [np.array([["a"] * 4] * 12), np.array([[None] * 4] * 12), X * 1j])
def test_what_is_no_number_is_refused(model, x):
    refuses(model, lambda: model.fit(x, Y, verbose=0), DataError, 'input "dense_input_1"', "numbers", "astype")


def test_samples_of_different_sizes_are_refused(model):
    refuses(model, lambda: model.predict([[1, 2, 3, 4], [1, 2]]), DataError, "different sizes", "pad_sequences")


def test_no_samples_are_refused(model):
    refuses(model, lambda: model.fit(X[:0], Y[:0], verbose=0), DataError, 'fit of "mine"', "no samples")
    refuses(model, lambda: model.evaluate(X[:0], Y[:0], verbose=0), DataError, "no samples")
    refuses(model, lambda: model.predict(X[:0]), DataError, "no samples")


def test_a_forgotten_array_is_refused_by_name(two_ended):
    refuses(two_ended, lambda: two_ended.predict(X), DataError, "needs 2 arrays (a, b), got one ndarray", "list")
    refuses(two_ended, lambda: two_ended.predict([X]), DataError, "needs 2 arrays (a, b), got 1")
    refuses(two_ended, lambda: two_ended.predict({"a": X, "bee": X}), DataError, 'nothing given for "b"', "['a', 'b']")
    refuses(two_ended, lambda: two_ended.predict([X, None]), DataError, '"b" is None')


def test_validation_data_that_is_no_pair_is_refused(model):
    refuses(model, lambda: model.fit(X, Y, validation_data=X, verbose=0), DataError, "(x, y) or (x, y, sample_weight)")


@pytest.mark.parametrize("split", [1, 1.5, -0.1, 0.999])
def test_a_validation_split_that_leaves_nothing_is_refused(model, split):
    refuses(
        model, lambda: model.fit(X, Y, validation_split=split, verbose=0), DataError, "validation_split", str(split)
    )


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"batch_size": 0}, "batch_size must be a whole number of 1 or more, got 0"),
        ({"batch_size": 2.5}, "got 2.5"),
        ({"batch_size": "32"}, "got '32'"),
        ({"nb_epoch": 1.5}, "nb_epoch must be a whole number"),
        ({"shuffle": "rows"}, "shuffle must be True, False or 'batch', got 'rows'"),
    ],
)
def test_arguments_of_fit_that_cannot_be_are_refused(model, arguments, words):
    refuses(model, lambda: model.fit(X, Y, verbose=0, **arguments), KerasnbError, words)


def test_a_batch_size_of_nothing_is_refused_everywhere(model):
    refuses(model, lambda: model.evaluate(X, Y, batch_size=0, verbose=0), DataError, "batch_size")
    refuses(model, lambda: model.predict(X, batch_size=-3), DataError, "batch_size", "-3")


def test_a_missing_argument_is_pythons_own_error(model):
    refuses(model, lambda: model.fit(X), TypeError, "'y'")
    with pytest.raises(TypeError, match="output_dim"):
        Dense()


# ---- compile


def test_an_unknown_loss_is_refused(model):
    refuses(
        model,
        lambda: model.compile("sgd", "categorical_crosentropy"),
        UnknownNameError,
        'no objective "categorical_crosentropy"',
        'Did you mean "categorical_crossentropy"',
    )


def test_an_unknown_optimizer_is_refused(model):
    refuses(model, lambda: model.compile("rmsprob", "mse"), UnknownNameError, 'no optimizer "rmsprob"', '"rmsprop"')


def test_an_unknown_metric_is_refused(model):
    refuses(
        model,
        lambda: model.compile("sgd", "mse", metrics=["acuracy"]),
        UnknownNameError,
        'no metric "acuracy"',
        'Did you mean "accuracy"',
    )


def test_no_loss_and_too_few_losses_are_refused(model, two_ended):
    refuses(model, lambda: model.compile("sgd", None), ArgumentError, "compile needs a loss", 'loss="mse"')
    refuses(two_ended, lambda: two_ended.compile("sgd", ["mse"]), ArgumentError, "loss needs 2 entries", "['c', 'd']")
    refuses(two_ended, lambda: two_ended.compile("sgd", {"c": "mse"}), ArgumentError, "no loss for output 'd'")
    refuses(two_ended, lambda: two_ended.compile("sgd", {"c": "mse", "dd": "mse"}), UnknownNameError, '"dd"', '"d"')
    refuses(two_ended, lambda: two_ended.compile("sgd", "mse", metrics={"e": ["acc"]}), UnknownNameError, '"e"')


def test_metrics_that_are_no_list_are_refused(model):
    refuses(model, lambda: model.compile("sgd", "mse", metrics="accuracy"), ArgumentError, 'metrics=["accuracy"]')


def test_a_loss_that_fails_leaves_the_model_compiled(model):
    def broken(y_true, y_pred):
        raise ZeroDivisionError("the user's own mistake")

    refuses(model, lambda: model.compile("sgd", broken), ZeroDivisionError, "own mistake")


def test_training_before_compiling_is_refused():
    model = Sequential([Dense(3, input_shape=(4,))])
    for attempt in (
        lambda: model.fit(X, Y),
        lambda: model.evaluate(X, Y),
        lambda: model.train_on_batch(X, Y),
        model.recompile,
    ):
        refuses(model, attempt, NotCompiledError, 'model "sequential_1"', 'model.compile(optimizer="adam", loss="mse")')


# ---- building


def test_an_unknown_layer_class_is_refused():
    with pytest.raises(UnknownNameError, match='no layer class "Dens"(.|\n)*Did you mean "Dense"'):
        model_from_config({"class_name": "Dens", "config": {}})


def test_unknown_names_in_a_layer_blame_the_argument():
    for make, argument, close in (
        (lambda: Dense(3, activation="rellu"), "activation", "relu"),
        (lambda: Dense(3, init="glorot"), "init", "glorot_"),
        (lambda: Dense(3, W_constraint="nonnegg"), "W_constraint", "nonneg"),
        (lambda: Activation("softmaks"), "activation", "softmax"),
    ):
        with pytest.raises(UnknownNameError, match=f'Did you mean "{close}') as error:
            make()
        assert error.value.arguments == (argument,)


def test_a_disconnected_graph_is_refused():
    a, b = Input((4,), name="a"), Input((4,), name="b")
    with pytest.raises(GraphError, match='needs tensor "b" \\(None, 4\\), which is not among the inputs \\["a"\\]'):
        Model(a, merge([a, b], mode="sum"))


def test_a_flat_input_for_a_convolution_is_refused(model):
    refuses(
        model,
        lambda: model.add(Convolution2D(8, 3, 3)),
        ShapeError,
        'Convolution2D "convolution2d_1"',
        "(batch, rows, cols, features)",
        "got (None, 3)",
        "Reshape(",
        "test_bad_input.py",
    )
    assert len(model.layers) == 1


def test_an_unknown_backend_is_refused_and_the_backend_stays():
    before = K.backend()
    with pytest.raises(BackendError, match='no backend "theeano"(.|\n)*Did you mean "theano"(.|\n)*K.use'):
        K.use("theeano")
    assert K.backend() == before


# ---- weights


def test_wrong_weights_are_refused_whole(model):
    W, b = model.get_weights()
    refuses(
        model,
        lambda: model.set_weights([W]),
        WeightsError,
        'Sequential "mine"',
        "needs 2 arrays, got 1",
        '"dense_1_b" (3,)',
    )
    refuses(model, lambda: model.set_weights([W + 1, b[:2]]), WeightsError, '"dense_1_b" has shape (3,)', "(2,)")
    refuses(model, lambda: model.set_weights([W + 1, "b"]), WeightsError, '"dense_1_b"')
    refuses(model, lambda: model.layers[0].set_weights([W.T, b]), WeightsError, 'Dense "dense_1"', "get_weights()")


# ---- while training


def test_a_callback_that_fails_at_once_leaves_the_weights(model):
    def broken(logs):
        raise ZeroDivisionError("the user's own mistake")

    refuses(
        model, lambda: model.fit(X, Y, verbose=0, callbacks=[LambdaCallback(on_train_begin=broken)]), ZeroDivisionError
    )
    assert model.fit(X, Y, nb_epoch=1, verbose=0).epoch == [0]


def test_what_is_no_callback_is_refused(model):
    refuses(model, lambda: model.fit(X, Y, verbose=0, callbacks=[print]), ArgumentError, "callbacks", "print")
    refuses(model, lambda: model.fit(X, Y, verbose=0, callbacks=LambdaCallback()), ArgumentError, "list")


def test_an_interrupt_of_the_process_ends_a_plain_training():
    program = """
import numpy as np
from kerasnb.callbacks import LambdaCallback
from kerasnb.layers import Dense
from kerasnb.models import Sequential
model = Sequential([Dense(3, input_shape=(4,))])
model.compile("sgd", "mse")
x, y = np.ones((64, 4)), np.ones((64, 3))
begun = LambdaCallback(on_epoch_end=lambda epoch, logs: print("begun", flush=True) if epoch == 0 else None)
try:
    model.fit(x, y, nb_epoch=10**9, verbose=0, callbacks=[begun])
except KeyboardInterrupt:
    print("interrupted", len(model.fit(x, y, nb_epoch=1, verbose=0).epoch), model.control.is_running)
"""
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
    ) as process:
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == "interrupted 1 False\n"
