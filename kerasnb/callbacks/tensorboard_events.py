"""Event files as TensorBoard reads them: scalars, histograms, images and graphs."""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import struct
import time
import zlib
from collections.abc import Iterable
from typing import Any

import numpy as np

from ..errors import BackendError, FileError
from ..utils.writing import said_by_name

__all__ = ["EventWriter", "scalar", "histogram", "images", "Buckets"]

_FILES = itertools.count()
_MOST_IMAGES = 3  # of one weight, as TensorFlow's summaries have it


def _summaries() -> Any:
    """TensorBoard's own messages; only its package is needed, not TensorFlow."""
    try:
        from tensorboard.compat.proto import summary_pb2
    except ImportError:
        missing = "TensorBoard needs the package tensorboard."
        raise BackendError(missing, "Install it: pip install tensorboard.") from None
    return summary_pb2


class EventWriter:
    """Writes one event file.

    Args:
        folder: where; made if it is not there.
    """

    def __init__(self, folder: str):
        _summaries()
        from tensorboard.summary.writer.record_writer import RecordWriter

        with said_by_name(folder):
            os.makedirs(folder, exist_ok=True)
        name = f"events.out.tfevents.{int(time.time()):010d}.{socket.gethostname()}.{os.getpid()}.{next(_FILES)}"
        self.path = os.path.join(folder, name)
        with said_by_name(self.path):
            self._records = RecordWriter(open(self.path, "wb"))
        self._write(file_version="brain.Event:2")
        self.flush()

    def _write(self, **content: Any) -> None:
        from tensorboard.compat.proto.event_pb2 import Event

        with said_by_name(self.path):
            self._records.write(Event(wall_time=time.time(), **content).SerializeToString())

    def add_summary(self, summary: Any, global_step: int | None = None) -> None:
        """Write a Summary message, or the values of one."""
        if not hasattr(summary, "SerializeToString"):
            summary = _summaries().Summary(value=list(summary))
        self._write(step=int(global_step or 0), summary=summary)

    def add_graph(self, graph: Any) -> None:
        """Write a GraphDef message."""
        self._write(graph_def=graph.SerializeToString())

    def flush(self) -> None:
        """Bring what was added to the disk.

        Raises:
            FileError: it cannot be written.
        """
        with said_by_name(self.path):
            self._records.flush()

    def close(self) -> None:
        """Finish the file; closing again does nothing."""
        if not self._records.closed:
            with said_by_name(self.path):
                self._records.close()

    def __del__(self):
        with contextlib.suppress(FileError):
            if hasattr(self, "_records"):
                self.close()


def scalar(tag: str, value: Any) -> Any:
    """A summary value for one number."""
    return _summaries().Summary.Value(tag=tag, simple_value=float(value))


class Buckets:
    """Counts of values in buckets that grow by a tenth, as TensorFlow's histograms have them."""

    def __init__(self):
        powers = 1e-12 * 1.1 ** np.arange(774)
        self.limits = np.concatenate([-powers[::-1], [0.0], powers])
        self.counts = np.zeros(len(self.limits) + 1)
        self.values: list[tuple] = []

    def add(self, array: Any) -> None:
        """Count the values of an array; NaN and infinity are left out."""
        values = np.asarray(array, dtype="float64").ravel()
        values = values[np.isfinite(values)]
        if values.size:
            self.counts += np.bincount(np.searchsorted(self.limits, values, side="left"), minlength=len(self.counts))
            self.values.append((values.min(), values.max(), values.size, values.sum(), np.square(values).sum()))

    def message(self) -> Any:
        """The counts from the first bucket that is not empty to the last."""
        if not self.values:
            return _summaries().HistogramProto(bucket_limit=[0.0], bucket=[0.0])
        low, high, number, total, squares = zip(*self.values, strict=True)
        used = np.flatnonzero(self.counts)
        limits = np.append(self.limits, np.finfo("float64").max)
        part = slice(used[0], used[-1] + 1)
        return _summaries().HistogramProto(
            min=min(low),
            max=max(high),
            num=sum(number),
            sum=sum(total),
            sum_squares=sum(squares),
            bucket_limit=limits[part].tolist(),
            bucket=self.counts[part].tolist(),
        )


def histogram(tag: str, arrays: Iterable) -> Any:
    """A summary value for how the values of all the arrays are spread."""
    buckets = Buckets()
    for array in arrays:
        buckets.add(array)
    return _summaries().Summary.Value(tag=tag, histo=buckets.message())


def images(tag: str, weight: np.ndarray) -> list:
    """Summary values for a weight as grey pictures: a vector is a line, a kernel has one picture for each filter."""
    pictures = _pictures(weight)
    made = []
    for number, picture in enumerate(pictures):
        image = _summaries().Summary.Image(
            height=picture.shape[0], width=picture.shape[1], colorspace=1, encoded_image_string=_png(picture)
        )
        name = f"{tag}/image" if len(pictures) == 1 else f"{tag}/image/{number}"
        made.append(_summaries().Summary.Value(tag=name, image=image))
    return made


def _pictures(weight: np.ndarray) -> list[np.ndarray]:
    weight = np.squeeze(np.asarray(weight, dtype="float64"))
    if weight.ndim < 2:
        return [_grey(np.atleast_2d(weight))]
    if weight.ndim == 2:
        return [_grey(weight.T if weight.shape[0] > weight.shape[1] else weight)]
    planes = weight.reshape((*weight.shape[:2], -1))
    return [_grey(planes[:, :, number]) for number in range(min(planes.shape[2], _MOST_IMAGES))]


def _grey(values: np.ndarray) -> np.ndarray:
    """0 to 255: from 0 up if nothing is negative, else with 0 in the middle."""
    values = np.nan_to_num(values, posinf=0.0, neginf=0.0)
    largest = np.abs(values).max() if values.size else 0.0
    scaled = values / largest if largest else values
    return np.round(scaled * 255 if values.min(initial=0) >= 0 else 127.5 + scaled * 127.5).astype("uint8")


def _png(grey: np.ndarray) -> bytes:
    rows = b"".join(b"\0" + row.tobytes() for row in grey)
    header = struct.pack(">IIBBBBB", grey.shape[1], grey.shape[0], 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body
