"""The small real data sets that come with scikit-learn, as arrays of training and test: nothing is downloaded.

Sources and licences are told by scikit-learn: `print(sklearn.datasets.load_wine().DESCR)`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import BackendError, unknown_name
from .splitting import Samples, train_and_test

__all__ = ["NAMES", "load_data", "load_images"]

# the tables in what they measure: a net learns from them once they are scaled, which is a lesson of its own
NAMES = ("iris", "wine", "breast_cancer", "diabetes", "linnerud")
_MORE: dict[str, dict[str, Any]] = {"diabetes": {"scaled": False}}


def load_data(name: str, test_split: float = 0.2, seed: int | None = 0) -> tuple[Samples, Samples]:
    """A table as `(x_train, y_train), (x_test, y_test)`, shuffled; values are as they were measured, not scaled.

    Shape: `x` `(samples, columns)` float32; `y` `(samples,)` int64 of iris, wine and breast_cancer, where it is the
    class, `(samples,)` float32 of diabetes, `(samples, 3)` float32 of linnerud.

    Args:
        name: one of `NAMES`.
        test_split: fraction 0 to 1 of the samples that is kept for testing.
        seed: of the shuffle; None leaves the samples in the file's order.

    Raises:
        UnknownNameError: there is no such table.
        ArgumentError: `test_split` leaves no sample to train on.
        BackendError: scikit-learn is not installed.
    """
    if name not in NAMES:
        raise unknown_name("data set", name, NAMES)
    x, y = getattr(_sets(name), f"load_{name}")(return_X_y=True, **_MORE.get(name, {}))
    is_class = y.dtype.kind in "iu"
    targets = y.astype("int64" if is_class else "float32")
    return train_and_test("scikit_learn.load_data", x.astype("float32"), targets, test_split, seed)


def load_images() -> np.ndarray:
    """Two photographs: a temple in China and a flower.

    Shape: `(2, 427, 640, 3)` float32 from 0 to 1.

    Raises:
        BackendError: scikit-learn is not installed.
    """
    return np.stack(_sets("sample_images").load_sample_images().images).astype("float32") / 255


def _sets(name: str) -> Any:
    try:
        from sklearn import datasets
    except ModuleNotFoundError as error:
        raise BackendError(
            f'the data set "{name}" comes with scikit-learn, which is not installed here.',
            'Install it: pip install "kerasnb[course]"',
        ) from error
    return datasets
