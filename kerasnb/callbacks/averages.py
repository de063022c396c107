"""`SwapEMAWeights`: running means of the weights in their place, where they are looked at."""

from __future__ import annotations

from .. import backend as K
from ..errors import ArgumentError
from .base import Callback

__all__ = ["SwapEMAWeights"]


class SwapEMAWeights(Callback):
    """Puts the running means that an optimizer with `use_ema=True` keeps into the model while it is tested.

    Training goes on with the weights themselves. After the training the model has the means, as with `use_ema` alone.

    Args:
        swap_on_epoch: exchange them at the end of each epoch instead, until the next one begins: callbacks after this
            one, such as ModelCheckpoint, then see the means.

    Raises:
        ArgumentError: (when training begins) the optimizer keeps no means.
    """

    def __init__(self, swap_on_epoch=False):
        super().__init__()
        self.swap_on_epoch = swap_on_epoch
        self._are_means = False

    def on_train_begin(self, logs=None):
        self._are_means = False
        self._check()

    def on_epoch_begin(self, epoch, logs=None):
        self._have_means(False)

    def on_epoch_end(self, epoch, logs=None):
        self._have_means(self.swap_on_epoch)

    def on_test_begin(self, logs=None):
        self._check()
        self._have_means(True)

    def on_test_end(self, logs=None):
        self._have_means(False)

    def on_predict_begin(self, logs=None):
        self._check()
        self._have_means(True)

    def on_predict_end(self, logs=None):
        self._have_means(False)

    def on_train_end(self, logs=None):
        # fit then gives the model its means
        self._have_means(False)

    def on_train_failed(self, error):
        self._have_means(False)

    def _check(self) -> None:
        optimizer = self.model.optimizer
        if not getattr(optimizer, "use_ema", False):
            raise ArgumentError(
                f"SwapEMAWeights: {type(optimizer).__name__} keeps no running means of the weights.",
                f"Write optimizer={type(optimizer).__name__}(use_ema=True).",
            )

    def _have_means(self, wanted: bool) -> None:
        """Exchange weights and means where the model has the other ones."""
        means = self.model.optimizer.averages
        if wanted == self._are_means or not means:
            return
        both = [*means, *means.values()]
        values = K.batch_get_value(both)
        K.batch_set_value(zip(both, [*values[len(means) :], *values[: len(means)]], strict=True))
        self._are_means = wanted
