"""60,000 small colour pictures of 100 kinds of things, in 20 groups."""

from __future__ import annotations

import os

from ..carried import carry
from ..errors import unknown_name
from ..utils.data_utils import get_file
from .cifar import labelled, load_batch

__all__ = ["load_data"]

FOLDER = "cifar-100-python"
ORIGIN = "https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz"
LABEL_MODES = ("fine", "coarse")


def load_data(label_mode="fine"):
    """The pictures as `(x_train, y_train), (x_test, y_test)`.

    Shape: `x` `(samples, 32, 32, 3)` uint8 from 0 to 255, or `(samples, 3, 32, 32)` where `K.image_dim_ordering()`
    is 'th'; `y` `(samples, 1)` uint8.

    Args:
        label_mode: 'fine' for 100 kinds, 'coarse' for 20 groups.

    Raises:
        DownloadError: it could not be fetched.
        FileError: a file is damaged.
        UnknownNameError: there is no such mode.
    """
    if label_mode not in LABEL_MODES:
        raise unknown_name("label_mode", label_mode, LABEL_MODES)
    folder = get_file(FOLDER, origin=ORIGIN, untar=True)
    train, test = (load_batch(os.path.join(folder, name), f"{label_mode}_labels") for name in ("train", "test"))
    return labelled(*train), labelled(*test)


carry(__name__)
