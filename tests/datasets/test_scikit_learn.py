"""Tables and photographs of scikit-learn as training and test arrays."""

import sys

import numpy as np
import pytest

from kerasnb.datasets import scikit_learn
from kerasnb.errors import ArgumentError, BackendError, UnknownNameError

SHAPES = {"iris": (150, 4), "wine": (178, 13), "breast_cancer": (569, 30), "diabetes": (442, 10), "linnerud": (20, 3)}


@pytest.mark.parametrize("name", scikit_learn.NAMES)
def test_a_table_comes_whole_as_training_and_test(name):
    (x, y), (x_test, y_test) = scikit_learn.load_data(name, test_split=0.3)
    assert (len(x) + len(x_test), *x.shape[1:]) == SHAPES[name] and len(x_test) == round(0.3 * SHAPES[name][0])
    assert len(y) == len(x) and len(y_test) == len(x_test) and x.dtype == np.float32


def test_classes_are_whole_numbers_and_amounts_are_not():
    kinds = {name: scikit_learn.load_data(name)[0][1] for name in scikit_learn.NAMES}
    assert {name: str(y.dtype) for name, y in kinds.items()} == {
        "iris": "int64",
        "wine": "int64",
        "breast_cancer": "int64",
        "diabetes": "float32",
        "linnerud": "float32",
    }
    assert kinds["linnerud"].shape == (16, 3)


def test_values_are_as_they_were_measured():
    from sklearn.datasets import load_diabetes

    (x, _), _ = scikit_learn.load_data("diabetes", test_split=0, seed=None)
    np.testing.assert_allclose(x, load_diabetes(scaled=False).data, rtol=1e-6)


def test_photographs_are_from_zero_to_one():
    images = scikit_learn.load_images()
    assert images.shape == (2, 427, 640, 3) and 0 <= images.min() < 0.1 < 0.9 < images.max() <= 1


def test_another_name_or_fraction_is_refused():
    with pytest.raises(UnknownNameError, match='Did you mean "iris"'):
        scikit_learn.load_data("iriss")
    with pytest.raises(ArgumentError, match="fraction from 0 up to 1"):
        scikit_learn.load_data("iris", test_split=1)


def test_without_scikit_learn_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(BackendError, match=r"pip install \"kerasnb\[course\]\""):
        scikit_learn.load_data("iris")
