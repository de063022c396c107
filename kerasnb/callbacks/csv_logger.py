"""A callback that writes a table of the epochs to a file."""

from __future__ import annotations

import contextlib
import csv
import io
import os
from collections.abc import Iterable

import numpy as np

from ..errors import FileError
from ..utils.writing import said_by_name
from .base import Callback

__all__ = ["CSVLogger"]


class CSVLogger(Callback):
    """Writes a row for each epoch: its number, and what is logged, in the order of names.

    The file is closed between rows, so that it can be read (and is whole) at any time.

    Args:
        filename: the file.
        separator: what stands between values.
        append: True goes on with a file that is there; False begins it anew.
    """

    keeps_unvalidated = True

    def __init__(self, filename, separator=",", append=False):
        super().__init__()
        self.filename = os.fspath(filename)
        self.sep = separator
        self.append = append
        self.keys = None

    def on_train_begin(self, logs=None):
        self.keys = None
        has_rows = self.append and os.path.exists(self.filename) and os.path.getsize(self.filename) > 0
        self.append_header = not has_rows
        with said_by_name(self.filename), open(self.filename, "a" if self.append else "w"):
            pass  # whether it can be written shows now, not after an epoch

    def on_epoch_end(self, epoch, logs=None):
        logs = logs or {}
        rows = io.StringIO(newline="")
        writer = csv.writer(rows, delimiter=self.sep, lineterminator="\n")
        if self.keys is None:
            self.keys = sorted(logs)
            if self.append_header:
                writer.writerow(["epoch", *self.keys])
        writer.writerow([epoch, *(_cell(logs.get(key, "NA")) for key in self.keys)])
        self._append(rows.getvalue())

    def _append(self, text: str) -> None:
        """Write whole rows, or none of them."""
        size = os.path.getsize(self.filename) if os.path.exists(self.filename) else 0
        try:
            with said_by_name(self.filename), open(self.filename, "a", newline="") as file:
                file.write(text)
        except FileError:
            with contextlib.suppress(OSError):
                os.truncate(self.filename, size)
            raise


def _cell(value):
    """The value as it stands in the table; of several, a list in brackets."""
    is_several = isinstance(value, Iterable) and not isinstance(value, str) and np.ndim(value) > 0
    return f'"[{", ".join(map(str, value))}]"' if is_several else value
