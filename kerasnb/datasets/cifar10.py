"""60,000 small colour pictures of 10 kinds of things."""

from __future__ import annotations

import os

import numpy as np

from ..carried import carry
from ..utils.data_utils import get_file
from .cifar import labelled, load_batch

__all__ = ["load_data"]

FOLDER = "cifar-10-batches-py"
ORIGIN = "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz"
TRAINING_FILES = 5


def load_data():
    """The pictures as `(x_train, y_train), (x_test, y_test)`.

    Shape: `x` `(samples, 32, 32, 3)` uint8 from 0 to 255, or `(samples, 3, 32, 32)` where `K.image_dim_ordering()`
    is 'th'; `y` `(samples, 1)` uint8 from 0 to 9.

    Raises:
        DownloadError: it could not be fetched.
        FileError: a file is damaged.
    """
    folder = get_file(FOLDER, origin=ORIGIN, untar=True)
    names = [f"data_batch_{number}" for number in range(1, TRAINING_FILES + 1)]
    batches = [load_batch(os.path.join(folder, name)) for name in names]
    x_train = np.concatenate([x for x, _ in batches])
    y_train = np.concatenate([y for _, y in batches])
    return labelled(x_train, y_train), labelled(*load_batch(os.path.join(folder, "test_batch")))


carry(__name__)
