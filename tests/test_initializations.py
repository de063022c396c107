"""Where weights begin."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import initializations, initializers
from kerasnb.backend.graph import drawn
from kerasnb.errors import ShapeError, UnknownNameError
from kerasnb.layers import Convolution2D, Dense, Input

SHAPE = (100, 120)
DEVIATIONS = {
    "lecun_uniform": np.sqrt(1 / 100),
    "glorot_normal": np.sqrt(2 / 220),
    "glorot_uniform": np.sqrt(2 / 220),
    "he_normal": np.sqrt(2 / 100),
    "he_uniform": np.sqrt(2 / 100),
    "normal": 0.05,
    "uniform": 0.05 / np.sqrt(3),
}


@pytest.mark.parametrize("name", DEVIATIONS)
def test_random_weights_have_the_deviation_of_their_formula(name):
    value = K.get_value(initializations.get(name)(SHAPE))
    assert value.mean() == pytest.approx(0, abs=0.005)
    assert value.std() == pytest.approx(DEVIATIONS[name], rel=0.05)


def test_orthogonal_rows_have_length_scale():
    value = K.get_value(initializations.orthogonal((3, 5)))
    np.testing.assert_allclose(value @ value.T, 1.21 * np.eye(3), atol=1e-5)


def test_identity_zero_and_one():
    np.testing.assert_array_equal(K.get_value(initializations.identity((2, 2), scale=3)), 3 * np.eye(2))
    assert K.get_value(initializations.zero((2,))).tolist() == [0, 0]
    assert K.get_value(initializations.one((2,))).tolist() == [1, 1]


def test_identity_refuses_what_is_not_square():
    with pytest.raises(ShapeError, match="square matrix"):
        initializations.identity((2, 3))


@pytest.mark.parametrize(
    ("shape", "ordering", "fans"),
    [
        ((3, 4), "th", (3, 4)),
        ((8, 2, 3, 3), "th", (18, 72)),
        ((3, 3, 2, 8), "tf", (18, 72)),
        ((2, 3, 4, 5, 6), "tf", (120, 144)),
    ],
)
def test_fans_of_matrices_and_kernels(shape, ordering, fans):
    assert tuple(initializations.get_fans(shape, ordering)) == fans


def test_the_same_numpy_seed_gives_the_same_weights():
    values = []
    for _ in range(2):
        np.random.seed(4)
        values.append(K.get_value(initializations.glorot_uniform((3, 3))))
    np.testing.assert_array_equal(*values)


@pytest.mark.parametrize("kind", ["uniform", "normal"])
def test_weights_drawn_piece_by_piece_are_those_that_numpy_draws_at_once(kind, monkeypatch):
    monkeypatch.setattr(drawn, "_PIECE", 7)
    shape, random = (5, 3, 2), np.random.RandomState(3)
    variable = getattr(K, f"random_{kind}_variable")(shape, -0.1, 0.3, seed=3)
    expected = getattr(random, kind)(-0.1, 0.3, shape).astype("float32")
    np.testing.assert_array_equal(K.get_value(variable), expected)


def test_no_more_than_a_piece_is_drawn_as_float64():
    counts = []
    drawn.drawn(lambda count: counts.append(count) or np.zeros(count), (3, drawn._PIECE), "float32")
    assert counts == [drawn._PIECE] * 3


def test_initializer_objects_draw_what_numpy_draws_at_once(monkeypatch):
    monkeypatch.setattr(drawn, "_PIECE", 7)
    made = K.get_value(initializers.RandomNormal(0.5, 2.0, seed=9)((4, 5)))
    np.testing.assert_array_equal(made, np.random.RandomState(9).normal(0.5, 2.0, (4, 5)).astype("float32"))
    made = K.get_value(initializers.GlorotUniform(seed=9)((4, 5)))
    bound = np.sqrt(3 / 4.5)
    np.testing.assert_array_equal(made, np.random.RandomState(9).uniform(-bound, bound, (4, 5)).astype("float32"))
    made = K.get_value(initializers.VarianceScaling(3.0, distribution="truncated_normal", seed=9)((40, 5)))
    assert 0 < np.abs(made).max() <= 2 * np.sqrt(3 / 40) / 0.8796 + 1e-4


def test_a_function_of_the_shape_alone_initializes_a_layer():
    layer = Dense(2, init=lambda shape: np.full(shape, 7.0))
    layer(Input((3,)))
    assert (layer.get_weights()[0] == 7).all()


def test_a_function_in_the_style_of_keras_1_gets_shape_and_name():
    def mine(shape, name=None):
        return K.variable(np.full(shape, 2.0), name=name)

    layer = Convolution2D(2, 1, 1, init=mine, name="c")
    layer(Input((2, 2, 1)))
    assert (layer.get_weights()[0] == 2).all() and layer.W.name == "c_W"


def test_an_initializer_of_the_wrong_shape_is_refused():
    with pytest.raises(ShapeError, match="weight has \\(3, 2\\)"):
        Dense(2, init=lambda shape: np.zeros(5))(Input((3,)))


def test_later_initializers_are_objects_with_a_config():
    constant = initializers.Constant(3.0)
    assert (K.get_value(constant((2, 2))) == 3).all()
    assert (K.get_value(initializations.get(constant.get_config())((2,))) == 3).all()
    assert np.abs(K.get_value(initializers.TruncatedNormal(stddev=1.0)((500,)))).max() <= 2


def test_an_unknown_name_lists_what_there_is():
    with pytest.raises(UnknownNameError, match='Did you mean "glorot_uniform"'):
        initializations.get("glorot_unifrom")


@pytest.mark.parametrize("name", ["RandomNormal", "RandomUniform", "TruncatedNormal", "Constant", "Zeros", "Ones"])
def test_later_initializers_fill_a_shape_that_is_computed(name, backend):
    x = K.placeholder((None, 4))
    filled = K.function([x], [getattr(initializers, name)()(K.shape(x))])
    assert filled([np.ones((3, 4))])[0].shape == (3, 4)


def test_an_array_of_as_many_values_fills_a_constant_in_their_order():
    kernel = initializers.Constant(np.array([1.0, 2.0]))((2, 1))
    assert K.eval(kernel).tolist() == [[1], [2]]
