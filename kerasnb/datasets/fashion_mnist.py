"""70,000 pictures of clothes, 28 by 28 pixels, of 10 kinds; it came with Keras 2.

Source: H. Xiao, K. Rasul and R. Vollgraf, "Fashion-MNIST", 2017, arXiv:1708.07747.
"""

from __future__ import annotations

import gzip
import math
import os

import numpy as np

from ..errors import FileError
from ..utils.damage import check_unpacked_size
from ..utils.data_utils import get_file
from .safe_files import unreadable_named

__all__ = ["load_data"]

ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
FOLDER = os.path.join("datasets", "fashion-mnist")
# bytes before the values: a number that names the kind of file, then one for each size
KIND_BYTES, SIZE_BYTES = 4, 4


def load_data():
    """The pictures as `(x_train, y_train), (x_test, y_test)`.

    Shape: `x` `(samples, 28, 28)` uint8 from 0 to 255, `y` `(samples,)` uint8 from 0 to 9.

    Raises:
        DownloadError: it could not be fetched.
        FileError: a file is damaged.
    """
    return _part("train"), _part("t10k")


def _part(name):
    labels = _values(f"{name}-labels-idx1-ubyte.gz", 1)
    return _values(f"{name}-images-idx3-ubyte.gz", 3), labels


def _values(name, axes):
    """The bytes of a file of its format, IDX, of so many axes."""
    path = get_file(name, origin=ORIGIN + name, cache_subdir=FOLDER)
    with unreadable_named(path), gzip.open(path) as file:
        file.read(KIND_BYTES)
        shape = np.frombuffer(file.read(axes * SIZE_BYTES), ">u4").tolist()
        check_unpacked_size(path, math.prod(shape))
        values = np.frombuffer(file.read(math.prod(shape)), "uint8")
    if len(shape) != axes or len(values) != math.prod(shape):
        raise FileError(f'"{path}" is shorter than it says.', "Remove it.")
    return values.reshape(shape)
