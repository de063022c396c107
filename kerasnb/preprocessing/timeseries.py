"""`TimeseriesGenerator`: windows of a series, each with what comes after it; it came with Keras 2."""

from __future__ import annotations

import numpy as np

from ..errors import ArgumentError, DataError
from ..utils.sequences import Sequence

__all__ = ["TimeseriesGenerator"]


class TimeseriesGenerator(Sequence):
    """Batches of windows `data[row - length : row : sampling_rate]`, each with `targets[row]`.

    Shape: `data` `(time, ...)` -> batches `(batch, length / sampling_rate, ...)`.

    Args:
        data: array or list, one row for each time.
        targets: as many rows.
        length: of a window, rows of `data`.
        sampling_rate: a window takes every so many rows.
        stride: rows from one window to the next.
        start_index: rows before this are not used.
        end_index: nor rows after this; by default the last one.
        shuffle: windows at random places instead of one after the other.
        reverse: the latest row of a window comes first.
        batch_size: windows a batch.

    Raises:
        DataError: data and targets are not as many, or there is no room for a window.
    """

    def __init__(
        self,
        data,
        targets,
        length,
        sampling_rate=1,
        stride=1,
        start_index=0,
        end_index=None,
        shuffle=False,
        reverse=False,
        batch_size=128,
    ):
        if len(data) != len(targets):
            raise DataError(f"TimeseriesGenerator: data has {len(data)} rows, targets {len(targets)}.")
        for name, value in {
            "length": length,
            "sampling_rate": sampling_rate,
            "stride": stride,
            "batch_size": batch_size,
        }.items():
            if not isinstance(value, int | np.integer) or value < 1:
                raise ArgumentError(
                    f"TimeseriesGenerator: {name} must be a whole number from 1, got {value!r}.", arguments=(name,)
                )
        self.data, self.targets = data, targets
        self.length, self.sampling_rate, self.stride = length, sampling_rate, stride
        self.start_index = start_index + length
        self.end_index = len(data) - 1 if end_index is None else end_index
        self.shuffle, self.reverse, self.batch_size = shuffle, reverse, batch_size
        if self.start_index > self.end_index:
            raise DataError(
                f"TimeseriesGenerator: no window of {length} rows with one after it is between rows {start_index} and "
                f"{self.end_index}.",
                "Give a smaller length.",
            )

    def __len__(self):
        """The number of batches in an epoch."""
        return -(-(self.end_index - self.start_index + 1) // (self.batch_size * self.stride))

    def __getitem__(self, index):
        rows = self._rows(index)
        windows = np.array([self.data[row - self.length : row : self.sampling_rate] for row in rows])
        return windows[:, ::-1] if self.reverse else windows, np.array([self.targets[row] for row in rows])

    def _rows(self, index):
        if self.shuffle:
            return np.random.randint(self.start_index, self.end_index + 1, size=self.batch_size)
        step = self.batch_size * self.stride
        first = self.start_index + step * index
        return np.arange(first, min(first + step, self.end_index + 1), self.stride)

    def get_config(self):
        """The arguments."""
        plain = ("length", "sampling_rate", "stride", "end_index", "shuffle", "reverse", "batch_size")
        rows = {"data": np.asarray(self.data).tolist(), "targets": np.asarray(self.targets).tolist()}
        return rows | {"start_index": self.start_index - self.length} | {name: getattr(self, name) for name in plain}
