"""The last layer that suits targets, and the one that a model has."""

import numpy as np
import pytest

from kerasnb.errors import ArgumentError, DataError
from kerasnb.layers import Activation, Dense, Input
from kerasnb.models import Model, Sequential
from kerasnb.report.advice.heads import head_for, suited_head
from kerasnb.report.advice.present_head import is_cut, present_head

LABELS = np.arange(10) % 5
ONE_HOT = np.eye(4)[[0, 1, 2, 3]]
SEVERAL = np.array([[1, 1, 0], [0, 0, 0]])
AMOUNTS = np.array([[0.5, 7.0], [1.5, -3.0]])


@pytest.mark.parametrize(
    "y, units, activation, loss",
    [
        (LABELS, 5, "softmax", "sparse_categorical_crossentropy"),
        (ONE_HOT, 4, "softmax", "categorical_crossentropy"),
        (np.array([0, 1, 1]), 1, "sigmoid", "binary_crossentropy"),
        (SEVERAL, 3, "sigmoid", "binary_crossentropy"),
        (AMOUNTS, 2, "linear", "mse"),
    ],
)
def test_targets_say_units_activation_and_loss(y, units, activation, loss):
    head = head_for(y)
    assert (head.units, head.activation, head.loss) == (units, activation, loss)


@pytest.mark.parametrize("y, units", [(LABELS, 7), (np.array([0, 1]), 2)])
def test_more_classes_than_the_targets_show_may_be_asked_for(y, units):
    assert suited_head(units, y=y).activation == "softmax"


@pytest.mark.parametrize(
    "y, units, activation",
    [
        (LABELS, 3, "softmax"),
        (LABELS, 5, "linear"),
        (ONE_HOT, 3, None),
        (SEVERAL, 3, "softmax"),
        (AMOUNTS, 2, "softmax"),
        (AMOUNTS, 2, "sigmoid"),
        (AMOUNTS, 1, None),
        (np.array([0, 1]), 1, "softmax"),
    ],
)
def test_a_head_that_does_not_fit_the_targets_is_refused_with_one_that_does(y, units, activation):
    with pytest.raises(DataError, match="does not fit the targets.*\nWrite units="):
        suited_head(units, activation, y)


@pytest.mark.parametrize("units, activation", [(0, None), (2.5, None), (None, None), (3, "relu"), (1, "softmax")])
def test_units_and_activations_that_cannot_be_are_refused(units, activation):
    with pytest.raises(ArgumentError):
        suited_head(units, activation)


def test_the_head_is_the_last_layer_with_weights_and_what_follows():
    model = Sequential([Dense(3, input_shape=(4,)), Dense(2, name="last"), Activation("softmax", name="soft")])
    assert present_head(model) == ["last", "soft"] and not is_cut(model)


def test_a_model_with_two_outputs_has_no_one_head():
    start = Input((4,))
    model = Model(start, [Dense(2, name="one")(start), Dense(2, name="two")(start)])
    with pytest.raises(ArgumentError, match='2 outputs: "one", "two"'):
        present_head(model)
