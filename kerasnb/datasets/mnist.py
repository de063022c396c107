"""70,000 handwritten digits, 28 by 28 pixels.

Source: Y. LeCun, C. Cortes and C. Burges, "The MNIST database of handwritten digits", 1998.
"""

from __future__ import annotations

from ..carried import carry
from ..errors import FileError
from ..utils.data_utils import get_file
from .later_files import first_or_later
from .safe_files import read_arrays, read_pickles

__all__ = ["load_data"]

ORIGIN = "https://s3.amazonaws.com/img-datasets/mnist.pkl.gz"
LATER_NAME = "mnist.npz"
LATER_ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
LATER_HASH = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"


def load_data(path="mnist.pkl.gz"):
    """The digits as `(x_train, y_train), (x_test, y_test)`.

    Shape: `x` `(samples, 28, 28)` uint8 from 0 to 255, `y` `(samples,)` uint8 from 0 to 9.

    Args:
        path: name in the cache: a pickle (.pkl, .pkl.gz) as in Keras 1.2, or the later .npz.

    Raises:
        DownloadError: it could not be fetched.
        FileError: the file is damaged.
    """
    file = first_or_later(
        path,
        lambda: get_file(path, origin=ORIGIN),
        lambda name: get_file(name, origin=LATER_ORIGIN, file_hash=LATER_HASH),
        LATER_NAME,
    )
    return _of_arrays(file) if file.endswith(".npz") else _of_pickle(file)


def _of_arrays(file):
    stored = read_arrays(file)
    try:
        return (stored["x_train"], stored["y_train"]), (stored["x_test"], stored["y_test"])
    except KeyError as error:
        raise FileError(f'"{file}" has no array {error}; it has {sorted(stored)}.', "Remove it.") from error


def _of_pickle(file):
    objects = read_pickles(file)
    try:
        # some copies have a third part, for validation
        (x_train, y_train), *_, (x_test, y_test) = objects[0]
    except (IndexError, TypeError, ValueError) as error:
        raise FileError(f'"{file}" does not hold training and test digits.', "Remove it.") from error
    return (x_train, y_train), (x_test, y_test)


carry(__name__)
