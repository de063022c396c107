"""The files of CIFAR-10 and CIFAR-100.

Source: A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009.
"""

from __future__ import annotations

import numpy as np

from .. import backend as K
from ..errors import FileError
from .safe_files import read_pickles

__all__ = ["load_batch", "labelled"]


def load_batch(fpath, label_key="labels"):
    """The pictures and labels of one file: (data, labels).

    Shape: data `(samples, 3, 32, 32)` uint8, labels a list.

    Args:
        label_key: 'labels', or in CIFAR-100 'fine_labels' or 'coarse_labels'.

    Raises:
        FileError: the file is damaged or holds something else.
    """
    objects = read_pickles(fpath)
    try:
        stored = {_text(key): value for key, value in objects[0].items()}
        data = np.asarray(stored["data"])
        return data.reshape(len(data), 3, 32, 32), stored[label_key]
    except (IndexError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise FileError(f'"{fpath}" does not hold pictures with "{label_key}" ({error}).', "Remove it.") from error


def _text(key):
    return key.decode("latin1") if isinstance(key, bytes) else key


def labelled(x, y):
    """Pictures in the order of axes that is set, and labels of shape `(samples, 1)`."""
    x = x.transpose(0, 2, 3, 1) if K.image_dim_ordering() == "tf" else x
    return x, np.reshape(np.asarray(y, dtype="uint8"), (len(y), 1))
