"""`BackupAndRestore`: a training that was cut off goes on where it was."""

from __future__ import annotations

import contextlib
import os

from ..caller import warn_user
from ..errors import ArgumentError, FileError, KerasnbError
from .base import Callback

__all__ = ["BackupAndRestore"]


class BackupAndRestore(Callback):
    """Keeps a training in a folder while it runs; the same program, run again after a crash, goes on from there.

    Kept are weights, the optimizer's state, the epoch and batch, the order of the samples and numpy's random numbers,
    so that a training goes on as if it had never ended; masks of dropout are drawn anew. History begins with the epoch
    that goes on. A fit on a generator goes on at the beginning of an epoch. The backup of a training that was stopped
    by hand stays.

    Args:
        backup_dir: the folder, for one training only; made when first needed.
        save_freq: 'epoch', or every so many batches, which lets fit run them one by one.
        double_checkpoint: whether the backup before the last is kept too, for when the last one is damaged.
        delete_checkpoint: whether the backup goes when the training is over.

    Raises:
        ArgumentError: there is no folder, or another `save_freq`.
    """

    def __init__(self, backup_dir, save_freq="epoch", double_checkpoint=False, delete_checkpoint=True):
        super().__init__()
        if not backup_dir:
            raise ArgumentError("BackupAndRestore: backup_dir is empty.", "Name a folder.", arguments=("backup_dir",))
        if save_freq != "epoch" and (isinstance(save_freq, bool) or not isinstance(save_freq, int) or save_freq < 1):
            raise ArgumentError(
                f"BackupAndRestore: save_freq must be 'epoch' or a number of batches, got {save_freq!r}.",
                "Write save_freq=100.",
                arguments=("save_freq",),
            )
        self.backup_dir, self.save_freq = os.fspath(backup_dir), save_freq
        self.double_checkpoint, self.delete_checkpoint = double_checkpoint, delete_checkpoint
        if save_freq != "epoch":
            self.__class__ = _EveryBatches

    @property
    def _files(self) -> list[str]:
        """The last backup, and the one before it."""
        return [os.path.join(self.backup_dir, name) for name in ("training.h5", "training_before.h5")]

    def on_train_begin(self, logs=None):
        last, before = self._files
        if not os.path.exists(last):
            return
        try:
            self.model.resume_training(last)
        except KerasnbError as error:
            if not os.path.exists(before):
                raise FileError(
                    f"BackupAndRestore cannot go on from {last}: {error.message}",
                    f"Delete the folder {self.backup_dir!r} to begin anew.",
                ) from error
            warn_user(f"BackupAndRestore goes on from the backup before the last: {error.message}")
            self.model.resume_training(before)

    def on_epoch_end(self, epoch, logs=None):
        if self.save_freq == "epoch":
            self._keep(epoch + 1, 0)

    def on_train_end(self, logs=None):
        if not self.delete_checkpoint or self.model.control.stopped:
            return
        for path in self._files:
            with contextlib.suppress(FileNotFoundError):
                os.remove(path)
        with contextlib.suppress(OSError):  # there is more in it, or there never was a folder
            os.rmdir(self.backup_dir)

    def _keep(self, epoch: int, batch: int) -> None:
        os.makedirs(self.backup_dir, exist_ok=True)
        last, before = self._files
        if self.double_checkpoint and os.path.exists(last):
            os.replace(last, before)
        self.model.save_training(last, epoch, batch)


class _EveryBatches(BackupAndRestore):
    """One that looks at each batch."""

    _epoch = _since = 0

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch

    def on_batch_end(self, batch, logs=None):
        self._since += 1
        if self._since >= self.save_freq:
            self._since = 0
            self._keep(self._epoch, batch + 1)
