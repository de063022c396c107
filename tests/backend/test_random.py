"""Random ops: distribution, fresh numbers in every call and step, the same numbers from the same seed."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.errors import ArgumentError

X = np.ones((500, 8), "float32")


def drawn(tensor, times=2):
    draw = K.function([], [tensor])
    return [draw([])[0] for _ in range(times)]


def test_uniform_numbers_are_spread_over_their_range(backend):
    (numbers, _) = drawn(K.random_uniform((4000,), -1.0, 3.0, seed=1))
    assert -1 <= numbers.min() < -0.95 and 2.95 < numbers.max() < 3
    np.testing.assert_allclose([numbers.mean(), numbers.std()], [1, 4 / 12**0.5], atol=0.1)


def test_normal_numbers_have_their_mean_and_deviation(backend):
    (numbers, _) = drawn(K.random_normal((4000,), 2.0, 0.5, seed=1))
    np.testing.assert_allclose([numbers.mean(), numbers.std()], [2, 0.5], atol=0.05)


def test_binomial_numbers_are_1_as_often_as_asked(backend):
    (numbers, _) = drawn(K.random_binomial((4000,), 0.3, seed=1))
    assert set(numbers) == {0, 1} and abs(numbers.mean() - 0.3) < 0.05


def test_every_call_draws_other_numbers(backend):
    first, second = drawn(K.random_uniform((50,), seed=1))
    assert (first != second).all()


def test_the_same_seed_draws_the_same_series(backend):
    one, other = drawn(K.random_uniform((50,), seed=1)), drawn(K.random_uniform((50,), seed=1))
    np.testing.assert_array_equal(one, other)
    assert (one[0] != drawn(K.random_uniform((50,), seed=2))[0]).all()


def test_numpy_seed_fixes_ops_without_a_seed(backend):
    series = []
    for _ in range(2):
        np.random.seed(3)
        series.append(drawn(K.random_normal((50,))))
    np.testing.assert_array_equal(*series)


def test_two_ops_draw_different_numbers(backend):
    a, b = K.function([], [K.random_uniform((50,)), K.random_uniform((50,))])([])
    assert (a != b).all()


def test_dropout_zeroes_a_share_and_scales_the_rest(backend):
    x = K.placeholder((None, 8))
    (y,) = K.function([x], [K.dropout(x, 0.25, seed=1)])([X])
    assert abs((y == 0).mean() - 0.25) < 0.05
    np.testing.assert_allclose(y[y != 0], 4 / 3, rtol=1e-6)


def test_dropout_follows_each_batch_size(backend):
    x = K.placeholder((None, 8))
    drop = K.function([x], [K.dropout(x, 0.5)])
    assert [drop([X[:size]])[0].shape for size in (3, 5)] == [(3, 8), (5, 8)]


def test_dropout_shares_its_pattern_along_axes_of_noise_shape(backend):
    x = K.placeholder((None, 8))
    (y,) = K.function([x], [K.dropout(x, 0.5, noise_shape=(None, 1), seed=1)])([X])
    assert (y == y[:, :1]).all() and 0.4 < (y[:, 0] == 0).mean() < 0.6


def test_gradient_passes_only_where_values_were_kept(backend):
    x = K.placeholder((None, 8))
    y = K.dropout(x, 0.5, seed=1)
    values, slopes = K.function([x], [y, *K.gradients(K.sum(y), [x])])([X])
    np.testing.assert_array_equal(values, slopes)


@pytest.mark.parametrize("level", [-0.1, 1.0, 2])
def test_dropout_refuses_a_level_outside_0_to_1(level):
    with pytest.raises(ArgumentError, match=r"must be in \[0, 1\)"):
        K.dropout(K.placeholder((None, 8)), level)


def test_each_step_of_a_loop_draws_other_numbers(backend):
    x = K.placeholder((None, 6, 8))
    _, outputs, _ = K.rnn(lambda x, states: (K.random_uniform((4,)) + x[0, 0] * 0, []), x, [])
    run = K.function([x], [outputs])
    values = np.concatenate([run([np.ones((2, 6, 8))])[0].ravel() for _ in range(2)])
    assert len(set(values)) == len(values) == 48


def test_numbers_drawn_before_a_loop_stay_the_same_in_its_steps(backend):
    x = K.placeholder((None, 6, 8))
    pattern = K.random_uniform((8,))
    _, outputs, _ = K.rnn(lambda x, states: (x * 0 + states[0], []), x, [], constants=[pattern])
    (values,) = K.function([x], [outputs])([np.ones((2, 6, 8))])
    assert (values == values[0, 0]).all() and len(set(values[0, 0])) == 8


def test_truncated_normal_numbers_keep_within_two_deviations(backend):
    (numbers, _) = drawn(K.truncated_normal((4000,), 1.0, 0.5, seed=1))
    assert 0 <= numbers.min() < 0.1 and 1.9 < numbers.max() <= 2
    np.testing.assert_allclose([numbers.mean(), numbers.std()], [1, 0.44], atol=0.03)
