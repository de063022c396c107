"""Random ops: distribution, fresh numbers in every call and step, the same numbers from the same seed."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.backend.plans.plan import KERNELS, XLA
from kerasnb.backend.runtime import chosen
from kerasnb.backend.runtime.machines import ALONE, Machines, together
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


def drawn_by_xla_and_without(tensor):
    """What TensorFlow gives for a tensor by its own kernels, and by XLA."""
    before = K.backend()
    K.use("tensorflow")
    try:
        step = chosen.active().compile(K.function([], [tensor]).program(0))
        given = chosen.active().constant(np.int64(5)), step.held.seeds, *step.held.handles
        return [step._compiled(form)(*given)[0].numpy() for form in (KERNELS, XLA)]
    finally:
        K.use(before)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_xla_draws_the_same_uniform_numbers_bit_by_bit(dtype):
    plain, compiled = drawn_by_xla_and_without(K.random_uniform((31, 5, 7), dtype=dtype, seed=-12))
    np.testing.assert_array_equal(plain, compiled)
    assert plain.dtype == dtype and plain.min() >= 0 and plain.max() < 1


def test_xla_drops_the_same_values():
    plain, compiled = drawn_by_xla_and_without(K.dropout(K.ones((40, 25)), 0.3, seed=4))
    np.testing.assert_array_equal(plain == 0, compiled == 0)
    assert abs((plain == 0).mean() - 0.3) < 0.05


@pytest.mark.parametrize("draw", [K.random_normal, K.truncated_normal])
def test_xla_draws_the_same_normal_numbers_but_for_rounding(draw):
    np.testing.assert_allclose(*drawn_by_xla_and_without(draw((999,), seed=4)), rtol=1e-5, atol=1e-6)


def test_neighbouring_numbers_calls_and_seeds_have_nothing_in_common(backend):
    series = [*drawn(K.random_uniform((10_000,), seed=1)), *drawn(K.random_uniform((10_000,), seed=2))]
    together = np.corrcoef([*series, np.roll(series[0], 1)]) - np.eye(5)
    assert abs(together).max() < 0.04  # four deviations
    for numbers in series:
        counts = np.histogram(numbers, 100, (0, 1))[0]
        assert 58 < ((counts - 100) ** 2 / 100).sum() < 150  # chi-square, 99 degrees of freedom


@pytest.mark.parametrize("dtype", ["float16", "float64"])
def test_every_distribution_comes_in_every_float(dtype, backend):
    draws = [K.random_uniform, K.random_normal, K.truncated_normal]
    for numbers, _ in [drawn(draw((9,), dtype=dtype, seed=1)) for draw in draws]:
        assert numbers.dtype == dtype and len(set(numbers)) > 7


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_machine_draws_its_part_of_what_one_draws_for_the_whole_batch(backend, dtype):
    def numbers(rows, machines=ALONE):
        x = K.placeholder((None, 7))
        shape = K.shape(x)
        drawn = [K.random_uniform(shape, dtype=dtype, seed=1), K.random_normal([shape[0], 3], dtype=dtype, seed=2)]
        drawn.append(K.random_uniform((1, shape[1]), seed=3))
        with together(machines):
            return K.function([x], drawn)([np.zeros((rows, 7))])

    uniform, normal, of_all = numbers(6)
    for rank in (0, 1):
        part = slice(3 * rank, 3 * rank + 3)
        own = numbers(3, Machines(parts=2, rank=rank))
        assert np.allclose(own[0], uniform[part], atol=1e-7) and np.allclose(own[1], normal[part], atol=1e-6)
        assert np.array_equal(own[2], of_all)
