"""A fresh start: the same net with first weights, and the way back to those that it had."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..errors import ArgumentError
from ..runs.continuing import Continuation, continuation, go_on_from, start_anew
from ..runs.keeping import BIG, bytes_of_weights
from ..views import view_of

__all__ = ["FreshStart"]


class FreshStart:
    """Gives a model first weights, as a new one has; its optimizer begins anew, the next fit at its first epoch.

    What is frozen keeps its weights. `take_back` gives all back as it was; of a model of more than 100 MiB not what the
    optimizer knew.

    Attributes:
        kept: the frozen layers whose weights stayed.

    Raises:
        ArgumentError: everything is frozen, or has no weights; or the model cannot be made once more.
    """

    def __init__(self, model: Any):
        self._model, view = model, view_of(model)
        frozen = [part for part in view.parts() if part.frozen_by is not None and part.weights]
        self.kept = tuple(dict.fromkeys(part.frozen_by for part in frozen))
        stays = {weight for part in frozen for weight in part.weights}
        renewed = [weight not in stays for weight in view.weights]
        if not any(renewed):
            raise ArgumentError(f'model "{view.name}" has no weights that are not frozen.', "Unfreeze a layer first.")
        self._moment = view.moment(0, has_state=view.is_compiled and bytes_of_weights(model) <= BIG)
        self._continued: Continuation | None = continuation(model)
        self._put_optimizer_back: Callable[[], None] = view.begin_anew(renewed)
        start_anew(model)

    def take_back(self) -> None:
        """Give the model the weights that it had, and its optimizer what it knew.

        Raises:
            WeightsError: it has other layers since; nothing was changed.
        """
        self._moment.check()
        self._put_optimizer_back()
        self._moment.put_back()
        start_anew(self._model)
        if self._continued is not None:
            go_on_from(self._model, self._continued)
