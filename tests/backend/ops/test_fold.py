"""map_fn, foldl, foldr: a function over the slices of tensors."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.errors import ShapeError

X = np.random.RandomState(2).uniform(0.5, 1.5, (6, 3)).astype("float32")


def test_map_fn_gives_the_function_of_each_slice(backend):
    np.testing.assert_allclose(K.eval(K.map_fn(K.sum, X)), X.sum(axis=1), rtol=1e-5)


def test_map_fn_knows_its_shape_before_a_function_runs():
    x = K.placeholder((None, 3))
    assert K.map_fn(K.sum, x).shape == (None,)
    assert K.map_fn(lambda row: K.expand_dims(row), x).shape == (None, 3, 1)


def test_map_fn_takes_slices_of_several_tensors_together_or_apart(backend):
    x, y = K.placeholder((None, 3)), K.placeholder((None, 2))
    together = K.map_fn(lambda pair: K.sum(pair[0]) * pair[1][0], [x, y])
    apart = K.map_fn(lambda a, b: K.sum(a) * b[0], [x, y])
    for found in K.function([x, y], [together, apart])([X, X[:, :2]]):
        np.testing.assert_allclose(found, X.sum(axis=1) * X[:, 0], rtol=1e-5)


def test_map_fn_gives_a_list_where_the_function_does(backend):
    low, high = K.map_fn(lambda row: [K.min(row), K.max(row)], K.variable(X))
    np.testing.assert_allclose(K.eval(high - low), X.max(1) - X.min(1), rtol=1e-5)


def test_map_fn_has_derivatives(backend):
    x, w = K.variable(X), K.variable(np.ones(3))
    loss = K.sum(K.map_fn(lambda row: K.sum(K.square(row * w)), x))
    np.testing.assert_allclose(K.eval(K.gradients(loss, [w])[0]), 2 * np.square(X).sum(0), rtol=1e-5)


def test_foldl_joins_from_the_first_slice_and_foldr_from_the_last(backend):
    def join(so_far, row):
        return so_far * 2 + row

    from_first, from_last = np.zeros(3), np.zeros(3)
    for low, high in zip(X, X[::-1], strict=True):
        from_first, from_last = from_first * 2 + low, from_last * 2 + high
    np.testing.assert_allclose(K.eval(K.foldl(join, X)), from_first, rtol=1e-5)
    np.testing.assert_allclose(K.eval(K.foldr(join, X)), from_last, rtol=1e-5)


def test_fold_begins_with_the_initializer(backend):
    found = K.foldl(lambda so_far, row: so_far * row, X, initializer=np.full(3, 2.0, "float32"))
    np.testing.assert_allclose(K.eval(found), 2 * X.prod(axis=0), rtol=1e-5)


def test_fold_over_an_unknown_number_of_slices(backend):
    x = K.placeholder((None, 3))
    total = K.function([x], [K.foldl(lambda a, b: a + b, x)])
    for count in (1, 4):
        np.testing.assert_allclose(total([X[:count]])[0], X[:count].sum(axis=0), rtol=1e-5)


def test_fold_of_a_scalar_is_refused():
    with pytest.raises(ShapeError, match="foldl needs a tensor with a first axis"):
        K.foldl(lambda a, b: a + b, K.placeholder(()))


def test_folds_over_constants_of_whole_numbers(backend):
    numbers = np.array([3, 1, 2])
    assert K.eval(K.foldl(K.maximum, numbers)) == 3
    assert K.eval(K.map_fn(lambda one: one > 1, numbers)).tolist() == [True, False, True]


def test_loops_inside_a_mapped_function(backend):
    x = K.placeholder((None, 4, 3))
    total = K.map_fn(lambda rows: K.foldl(lambda a, b: a + b, rows), x)
    given = np.stack([X[:4], X[2:]])
    np.testing.assert_allclose(K.function([x], [total])([given])[0], given.sum(axis=1), rtol=1e-5)
