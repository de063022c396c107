"""The callback with which a Fit panel ends a training early: a stop asked before it began, a loss that is no number."""

from __future__ import annotations

import math
from collections.abc import Callable

from ...callbacks import Callback

__all__ = ["FitGuard"]


class FitGuard(Callback):
    """Stops training where `is_stop_asked()`, or where the loss becomes nan or infinite; `problem` then says so."""

    def __init__(self, is_stop_asked: Callable[[], bool]):
        super().__init__()
        self.is_stop_asked = is_stop_asked
        self.problem = ""
        self._epoch = 0

    def on_train_begin(self, logs: dict | None = None) -> None:
        # asked while fit was still preparing: its control forgets that when training begins
        if self.is_stop_asked():
            self.model.control.stop()

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        self._epoch = epoch

    def on_steps_end(self, batch: int, logs: dict | None = None) -> None:
        loss = float((logs or {}).get("loss", 0.0))
        if not math.isfinite(loss) and not self.problem:
            where = f"epoch {self._epoch + 1}, by batch {batch + 1}"
            self.problem = (
                f"loss became {loss} in {where}; training was stopped.\n"
                "The weights are of no use now. Try a smaller learning rate, clipnorm=1 in the "
                "optimizer, or look for extreme values in x and y; then build the model anew."
            )
            self.model.control.stop()
