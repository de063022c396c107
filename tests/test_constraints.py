"""What weights are turned into after each update."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import constraints
from kerasnb.layers import Dense, Input

W = np.array([[3.0, -0.1], [4.0, 0.2]], "float32")
LENGTHS = np.linalg.norm(W, axis=0)


def _constrained(constraint):
    return K.eval(constraint(K.variable(W)))


def test_max_norm_shortens_what_is_too_long(backend):
    np.testing.assert_allclose(_constrained(constraints.maxnorm(2)), W * np.minimum(LENGTHS, 2) / LENGTHS, rtol=1e-5)


def test_non_neg_takes_negative_values_away(backend):
    np.testing.assert_array_equal(_constrained(constraints.nonneg()), np.maximum(W, 0))


def test_unit_norm_gives_every_column_length_one(backend):
    np.testing.assert_allclose(np.linalg.norm(_constrained(constraints.unitnorm()), axis=0), 1, rtol=1e-5)


def test_min_max_norm_moves_part_of_the_way(backend):
    value = _constrained(constraints.MinMaxNorm(low=1.0, high=2.0, rate=0.5))
    np.testing.assert_allclose(np.linalg.norm(value, axis=0), (LENGTHS + np.clip(LENGTHS, 1, 2)) / 2, rtol=1e-5)


@pytest.mark.parametrize("given", ["maxnorm", "MaxNorm", {"name": "MaxNorm", "m": 2, "axis": 0}])
def test_names_and_configs_make_a_constraint(given):
    assert constraints.get(given).get_config() == {"name": "MaxNorm", "m": 2, "axis": 0}


def test_later_names_of_arguments_are_taken():
    assert constraints.max_norm(max_value=3).m == 3
    assert constraints.MinMaxNorm(min_value=0.1, max_value=0.9).get_config()["high"] == 0.9


def test_a_layer_keeps_constraints_by_weight():
    layer = Dense(2, W_constraint="nonneg", b_constraint="maxnorm")
    layer(Input((2,)))
    assert {weight.name.rpartition("_")[2]: type(one).__name__ for weight, one in layer.constraints.items()} == {
        "W": "NonNeg",
        "b": "MaxNorm",
    }
