"""Theano where JAX is not installed: PyTensor's own linkers give the same numbers."""

import importlib.util

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.backend.runtime import chosen
from kerasnb.errors import BackendError

from ..ops.samples import MORE_WINDOWED, WINDOWED
from ..ops.test_rnn import MASK, U, W, X, in_numpy, symbolic
from ..ops.test_samples import finite_differences, symbols, weights_for


@pytest.fixture
def without_jax(monkeypatch):
    """The Theano runtime as it is without JAX, in plain Python so that nothing is compiled."""
    from kerasnb.backend.on_theano.runtime import TheanoRuntime

    before = K.backend()
    monkeypatch.setitem(chosen._runtimes, "theano", TheanoRuntime("python"))
    K.use("theano")
    yield
    K.use(before)


def test_numba_is_chosen_where_jax_is_not_installed(monkeypatch):
    from kerasnb.backend.on_theano.runtime import TheanoRuntime

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert TheanoRuntime().linker == "numba"


@pytest.mark.parametrize("row", [row for row in WINDOWED + MORE_WINDOWED if "conv" in row.name], ids=str)
def test_convolution_and_its_derivatives_are_numpys(row, without_jax):
    inputs, output = symbols(row, batch_is_known=False)
    expected = row.reference("theano")(*row.inputs)
    loss = K.sum(output * K.constant(weights_for(expected.shape)))
    value, *slopes = K.function(inputs, [output, *K.gradients(loss, inputs)])(list(row.inputs))
    np.testing.assert_allclose(value, expected, rtol=1e-5, atol=1e-5)
    for place, slope in enumerate(slopes):
        by_steps = finite_differences(row.reference("theano"), row.inputs, place)
        np.testing.assert_allclose(slope, by_steps, rtol=2e-4, atol=2e-4)


@pytest.mark.parametrize("options", [{}, {"mask": MASK, "go_backwards": True}], ids=["plain", "masked backwards"])
def test_loops_are_numpys(options, without_jax):
    inputs, results, weights = symbolic(**options)
    values = K.function(inputs, [*results, *K.gradients(K.sum(results[0]), weights)])([X, MASK][: len(inputs)])
    for value, expected in zip(values, in_numpy(X, W, U, **options), strict=False):
        np.testing.assert_allclose(value, expected, rtol=1e-5, atol=1e-5)


def test_random_numbers_are_fresh_in_every_call_and_follow_their_seed(without_jax):
    drawn = K.function([], [K.random_normal((2000,), seed=4)])
    one, other = drawn([])[0], drawn([])[0]
    assert (one != other).all() and abs(one.mean()) < 0.1 and abs(one.std() - 1) < 0.1
    np.testing.assert_array_equal(one, K.function([], [K.random_normal((2000,), seed=4)])([])[0])


def test_updates_are_written_after_outputs(without_jax):
    count = K.variable(1.0)
    step = K.function([], [count * 1], updates=[(count, count + 1)])
    assert [float(step([])[0]) for _ in range(2)] == [1, 2]
    K.set_value(count, 7)
    assert step([])[0] == 7


def test_labels_for_which_there_is_no_path_are_refused(without_jax):
    kinds = [((1, 2), "int32"), ((1, 2, 4), "float32"), ((1, 1), "int32"), ((1, 1), "int32")]
    inputs = [K.placeholder(shape, dtype=kind) for shape, kind in kinds]
    with pytest.raises(BackendError, match="ctc_batch_cost got labels that do not fit"):
        K.function(inputs, [K.ctc_batch_cost(*inputs)])([[[1, 1]], np.full((1, 2, 4), 0.25), [[2]], [[2]]])


def test_largest_and_smallest_of_a_nan_are_nan_by_numba_too(monkeypatch):
    from kerasnb.backend.on_theano.runtime import TheanoRuntime

    before = K.backend()
    monkeypatch.setitem(chosen._runtimes, "theano", TheanoRuntime("numba"))
    K.use("theano")
    try:
        x = K.placeholder((2, 2))
        found = K.function([x], [K.max(x, axis=1), K.min(x, axis=1)])([[[np.nan, 1], [2, 3]]])
    finally:
        K.use(before)
    np.testing.assert_array_equal(found, [[np.nan, 3], [np.nan, 2]])
