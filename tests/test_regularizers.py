"""Penalties on weights and outputs."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import regularizers
from kerasnb.errors import ShapeError, UnknownNameError
from kerasnb.layers import ActivityRegularization, Dense, Input

W = np.array([[1.0, -2.0], [3.0, 0.5]], "float32")


def _penalty(regularizer):
    return float(K.eval(regularizer(K.variable(W))))


def test_l1_and_l2_are_sums(backend):
    assert _penalty(regularizers.l1(0.1)) == pytest.approx(0.65)
    assert _penalty(regularizers.l2(0.1)) == pytest.approx(1.425)
    assert _penalty(regularizers.l1l2(0.1, 0.1)) == pytest.approx(2.075)


def test_the_eigenvalue_penalty_is_the_largest_singular_value(backend):
    expected = 0.5 * np.linalg.svd(W)[1].max()
    assert _penalty(regularizers.EigenvalueRegularizer(0.5)) == pytest.approx(expected, rel=1e-3)


def test_the_eigenvalue_penalty_needs_a_matrix():
    with pytest.raises(ShapeError, match="needs a matrix"):
        regularizers.EigenvalueRegularizer(1)(K.placeholder((2, 2, 2)))


@pytest.mark.parametrize(
    "given",
    [
        "l2",
        {"name": "l2", "l": 0.01},
        {"name": "L1L2Regularizer", "l1": 0.0, "l2": 0.01},
        {"class_name": "L1L2", "config": {"l1": 0.0, "l2": 0.01}},
    ],
)
def test_names_and_configs_make_a_regularizer(given):
    assert regularizers.get(given).get_config() == {"name": "L1L2Regularizer", "l1": 0.0, "l2": 0.01}


def test_getting_one_from_a_config_leaves_the_config_as_it_was():
    config = {"name": "l1", "l": 0.3}
    regularizers.get(config)
    assert config == {"name": "l1", "l": 0.3}


def test_none_and_functions_stay_themselves():
    assert regularizers.get(None) is None
    assert regularizers.get(K.sum) is K.sum


def test_weight_penalties_belong_to_the_layer_and_activity_penalties_to_a_call():
    layer = Dense(2, W_regularizer="l2", activity_regularizer="l1")
    x = Input((3,))
    layer(x)
    assert len(layer.losses) == 2
    assert len(layer.get_losses_for(None)) == 1 and len(layer.get_losses_for(x)) == 1


def test_activity_regularization_sums_over_the_whole_batch(backend):
    layer = ActivityRegularization(l2=0.5)
    x = Input((2,))
    layer(x)
    (loss,) = K.function([x], layer.losses)([np.ones((3, 2))])
    assert loss == pytest.approx(3.0)


def test_an_unknown_name_lists_what_there_is():
    with pytest.raises(UnknownNameError, match='no regularizer "l3"'):
        regularizers.get("l3")
