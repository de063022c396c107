"""Sparse tensors: scipy matrices in, the ops that take them, models that start from them."""

import numpy as np
import pytest
from scipy import sparse

from kerasnb import backend as K
from kerasnb.errors import ArgumentError, DataError, ShapeError
from kerasnb.layers import Dense, Input
from kerasnb.models import Model

MATRIX = sparse.random(24, 6, 0.3, format="csr", dtype="float32", random_state=1)
DENSE = MATRIX.toarray()
# values out of order, one written as 0, one place twice
UNTIDY = sparse.coo_matrix((np.array([0, 7, 2, 3, 1.0]), ([0, 2, 2, 3, 3], [4, 3, 2, 3, 3])), shape=(4, 5))
WEIGHTS = np.random.RandomState(3).uniform(-1, 1, (6, 4)).astype("float32")


def test_variable_of_a_scipy_matrix_is_sparse_and_evaluates_to_all_its_values(backend):
    x = K.variable(UNTIDY)
    assert K.is_sparse(x) and not K.is_sparse(K.variable(UNTIDY.toarray()))
    assert K.int_shape(x) == (4, 5)
    np.testing.assert_array_equal(K.eval(x), UNTIDY.toarray())
    np.testing.assert_array_equal(K.eval(K.to_dense(x)), UNTIDY.toarray())


def test_dot_of_a_sparse_matrix_and_a_dense_one(backend):
    found = K.dot(K.variable(MATRIX), K.variable(WEIGHTS))
    assert not K.is_sparse(found)
    np.testing.assert_allclose(K.eval(found), DENSE @ WEIGHTS, atol=1e-5)


def test_dot_with_the_sparse_matrix_second_is_refused():
    with pytest.raises(ShapeError, match="a sparse matrix and a dense one, in this order"):
        K.dot(K.placeholder((None, 24)), K.variable(MATRIX))


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_concatenation_of_sparse_tensors_is_sparse(axis, backend):
    found = K.concatenate([K.variable(MATRIX), K.variable(MATRIX * 2)], axis=axis)
    assert K.is_sparse(found)
    np.testing.assert_allclose(K.eval(found), np.concatenate([DENSE, DENSE * 2], axis))


def test_concatenation_with_a_dense_tensor_is_dense(backend):
    found = K.concatenate([K.variable(MATRIX), K.variable(DENSE)], axis=1)
    assert not K.is_sparse(found)
    np.testing.assert_allclose(K.eval(found), np.concatenate([DENSE, DENSE], 1))


def test_function_takes_scipy_matrices_and_arrays_for_a_sparse_placeholder(backend):
    x, w = K.placeholder((None, 6), sparse=True), K.variable(WEIGHTS)
    product = K.dot(x, w)
    run = K.function([x], [product, *K.gradients(K.sum(K.square(product)), [w])])
    for given in (MATRIX, MATRIX.tocoo(), DENSE):
        found, slopes = run([given])
        np.testing.assert_allclose(found, DENSE @ WEIGHTS, atol=1e-5)
        np.testing.assert_allclose(slopes, 2 * DENSE.T @ (DENSE @ WEIGHTS), atol=1e-4)


def test_sparse_tensor_among_the_outputs_comes_with_all_its_values(backend):
    x = K.placeholder((None, 5), sparse=True)
    values, sizes = K.function([x], [x, K.shape(x)])([UNTIDY])
    np.testing.assert_array_equal(values, UNTIDY.toarray())
    assert sizes.tolist() == [4, 5]


def test_op_that_takes_no_sparse_tensor_says_so():
    with pytest.raises(ArgumentError, match=r"K.exp takes no sparse tensor(.|\n)*K.to_dense"):
        K.exp(K.placeholder((None, 5), sparse=True))


def test_scipy_matrix_for_a_dense_placeholder_is_refused():
    x = K.placeholder((None, 6))
    with pytest.raises(DataError, match=r"is dense, got a sparse csr_matrix(.|\n)*x.toarray"):
        K.function([x], [x * 2])([MATRIX])


def sparse_model():
    x = Input((6,), sparse=True)
    model = Model(input=x, output=Dense(2)(Dense(4, activation="tanh")(x)))
    model.compile("sgd", "mse")
    return model


def test_model_learns_from_scipy_matrices_what_it_learns_from_their_values(backend):
    targets = np.random.RandomState(5).uniform(size=(24, 2))
    first, x = sparse_model(), Input((6,))
    second = Model(input=x, output=Dense(2)(Dense(4, activation="tanh")(x)))
    second.compile("sgd", "mse")
    second.set_weights(first.get_weights())
    losses = []
    for model, data in ((first, MATRIX), (second, DENSE)):
        np.random.seed(3)
        losses.append(model.fit(data, targets, batch_size=8, nb_epoch=2, validation_split=0.25, verbose=0).history)
    np.testing.assert_allclose(losses[0]["loss"], losses[1]["loss"], rtol=1e-5)
    np.testing.assert_allclose(losses[0]["val_loss"], losses[1]["val_loss"], rtol=1e-5)
    np.testing.assert_allclose(first.predict(MATRIX), second.predict(DENSE), atol=1e-5)
    assert first.evaluate(MATRIX, targets, verbose=0) == pytest.approx(second.evaluate(DENSE, targets, verbose=0))
    assert np.isfinite(first.train_on_batch(MATRIX[:4], targets[:4]))


def test_sparse_input_is_in_the_configuration():
    again = Model.from_config(sparse_model().get_config())
    assert K.is_sparse(again.input)
