"""Callbacks of Keras 3 that reach deep into its models, as ours of the same name."""

from __future__ import annotations

from typing import Any

from ..utils.foreign_objects import is_of_keras, kin_of
from .averages import SwapEMAWeights
from .backup import BackupAndRestore

__all__ = ["as_ours"]

# those that reach into parts of Keras 3's models and optimizers which ours do not have
_OURS = {
    "BackupAndRestore": lambda one: BackupAndRestore(
        one.backup_dir, one.save_freq, one.double_checkpoint, one.delete_checkpoint
    ),
    "SwapEMAWeights": lambda one: SwapEMAWeights(one.swap_on_epoch),
}

_UP = "acc auc precision recall f1 iou cosine_similarity top_k r2".split()


def as_ours(callback: Any) -> Any:
    """Ours in place of a callback of Keras 3's that could not do its work on our models; any other as it is."""
    make = _OURS.get(type(callback).__name__) if is_of_keras(callback) else None
    if make is not None:
        return make(callback)
    if kin_of(callback) and getattr(callback, "mode", None) == "auto":
        # Keras 3 asks its own metrics which way is better
        goes_up = any(part in callback.monitor for part in _UP)
        callback.mode = "max" if goes_up else "min"
    return callback
