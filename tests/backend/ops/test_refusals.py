"""What K's functions refuse, with the sizes and values that came."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.errors import ArgumentError, ShapeError, UnknownNameError

X = K.placeholder((2, 3))


@pytest.mark.parametrize(
    ("use", "error", "says"),
    [
        (lambda: K.zeros((None, 3)), ShapeError, r"known sizes, got \(None, 3\)(.|\n)*K.zeros_like"),
        (lambda: K.cast(X, "flot32"), UnknownNameError, 'no dtype "flot32"(.|\n)*"float32"'),
        (lambda: K.placeholder((2,), dtype="int23"), UnknownNameError, 'no dtype "int23"'),
        (lambda: K.squeeze(X, 1), ShapeError, r"axis 1 of \(2, 3\) has 3"),
        (lambda: K.tile(X, (1, 2, 3)), ShapeError, "3 numbers for the 2 axes"),
        (lambda: K.switch(K.placeholder((3,)), X, X), ShapeError, r"condition \(3,\) does not choose"),
        (lambda: K.gather(K.placeholder(()), [0]), ShapeError, "got a scalar"),
        (lambda: K.one_hot(X, 0), ArgumentError, "at least one class, got 0"),
        (lambda: K.rnn(lambda x, states: (x, []), K.placeholder((3,)), []), ShapeError, r"\(batch, time, ...\)"),
        (lambda: K.placeholder((None, 2, 3), sparse=True), ShapeError, "a sparse placeholder has two axes"),
        (lambda: K.bias_add(X, K.placeholder((1, 1, 3))), ShapeError, "a bias of 1 or 1 axes"),
        (lambda: K.resize_images(X, 2, 2, "tf", interpolation="cubic"), ArgumentError, "no interpolation 'cubic'"),
        (lambda: K.pattern_broadcast(X, (True,)), ShapeError, "1 truth values for the 2 axes"),
    ],
)
def test_refusal_says_what_came(use, error, says):
    with pytest.raises(error, match=says):
        use()


def test_dtypes_of_numpy_are_taken_as_names():
    kinds = [K.cast(X, kind).dtype for kind in (np.float64, np.dtype("int8"), float, bool)]
    assert kinds == ["float64", "int8", "float64", "bool"]
    assert K.variable(1, dtype=np.int32).dtype == K.placeholder((1,), dtype=np.int32).dtype == "int32"


def test_switch_between_whole_numbers_and_fractions_gives_fractions(backend):
    found = K.eval(K.switch(K.variable([1, 0]), K.variable([1, 2], dtype="int32"), K.variable([0.5, 1.5])))
    np.testing.assert_array_equal(found, [1, 1.5])
