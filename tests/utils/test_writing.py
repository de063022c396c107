"""Files on a full disk: a FileError from every door, the old file as it was; and what killed processes leave."""

import contextlib
import errno
import os
import resource
import signal
import subprocess
import sys

import numpy as np
import pytest

from kerasnb.callbacks import CSVLogger, ModelCheckpoint, TensorBoard
from kerasnb.errors import FileError, MissingFileError
from kerasnb.layers import Dense
from kerasnb.magics.results import Drawing
from kerasnb.models import Sequential
from kerasnb.preprocessing.image import ImageDataGenerator
from kerasnb.utils.io_utils import save_array
from kerasnb.utils.writing import whole_file


@contextlib.contextmanager
def full_disk(most):
    """Inside, no file can grow beyond so many bytes."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.fixture(scope="module")
def model():
    made = Sequential([Dense(100, input_shape=(100,)), Dense(1)])
    made.compile("adam", "mse")
    return made


def log_rows(model, path):
    logger = CSVLogger(str(path))
    logger.append = True
    logger.on_train_begin()
    for epoch in range(1000):
        logger.on_epoch_end(epoch, {"loss": 1.5})


def checkpoint(model, path):
    callback = ModelCheckpoint(str(path))
    callback.set_model(model)
    callback.on_epoch_end(0, {})


SAVERS = {
    "model": lambda model, path: model.save(path),
    "weights": lambda model, path: model.save_weights(path),
    "later weights": lambda model, path: model.save_weights(path, later=True),
    "checkpoint": checkpoint,
    "array": lambda model, path: save_array(np.zeros((100, 100)), path),
    "drawing": lambda model, path: Drawing("<svg>" * 2000, "").save(path),
}


@pytest.mark.parametrize("most", [0, 3000], ids=["nothing", "a part"])
@pytest.mark.parametrize("name", SAVERS)
def test_a_full_disk_is_said_by_name_and_leaves_the_old_file(name, most, model, tmp_path):
    path = tmp_path / "old"
    path.write_bytes(b"old")
    with full_disk(most), pytest.raises(FileError, match=r'old" cannot be written .File too large') as caught:
        SAVERS[name](model, path)
    assert caught.value.errno == errno.EFBIG and os.listdir(tmp_path) == ["old"] and path.read_bytes() == b"old"


def test_a_table_on_a_full_disk_ends_with_a_whole_row(model, tmp_path):
    with full_disk(3000), pytest.raises(FileError, match="log.csv"):
        log_rows(model, tmp_path / "log.csv")
    text = (tmp_path / "log.csv").read_text()
    assert text.startswith("epoch,loss\n0,1.5\n") and text.endswith(",1.5\n") and len(text) > 2900


def test_pictures_and_events_on_a_full_disk_are_said_by_name(model, tmp_path):
    pictures = ImageDataGenerator().flow(np.random.rand(2, 90, 90, 3), save_to_dir=str(tmp_path))
    with full_disk(1000), pytest.raises(FileError, match=r"_0_\d+.* cannot be written"):
        next(pictures)
    board = TensorBoard(str(tmp_path / "logs"), histogram_freq=1)
    with full_disk(10), pytest.raises(FileError, match="tfevents.* cannot be written"):
        board.set_model(model)


def test_a_folder_that_cannot_be_written_to_is_said_by_name(model, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(FileError, match="cannot be written"):
        TensorBoard(str(tmp_path / "file" / "logs")).set_model(model)
    with pytest.raises(MissingFileError, match="there is no folder"):
        save_array(np.zeros(3), tmp_path / "no" / "a.h5")
    with pytest.raises(FileError, match="cannot be written"):
        CSVLogger(str(tmp_path)).on_train_begin()


KILLED = """
import os, signal, sys
from kerasnb.utils.writing import whole_file
with whole_file(sys.argv[1]) as temporary:
    open(temporary, "w").write("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_next_save_removes_what_a_killed_process_left(tmp_path):
    (tmp_path / ".other.h5.txt").touch()
    for name in ("m.h5", "other.h5"):
        killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / name)], check=False)
        assert killed.returncode == -signal.SIGKILL
    with whole_file(tmp_path / "m.h5") as temporary, open(temporary, "w") as file:
        with whole_file(tmp_path / "m.h5") as second:  # another thread's: both are being written
            open(second, "w").close()
        file.write("whole")
    assert (tmp_path / "m.h5").read_text() == "whole"
    left = sorted(os.listdir(tmp_path))
    assert len(left) == 3 and left[0] == ".other.h5.txt" and left[1].endswith(".tmp") and left[2] == "m.h5"
