"""A widget that follows a subject: it shows the model as it is now, whatever made it so."""

from __future__ import annotations

import sys
from typing import Any

from ...workspace import Subject, here
from ...workspace.listeners import Change
from .lasting import LastingWidget

__all__ = ["Following"]


class Following(LastingWidget):
    """Holds a `subject`, and shows each of its changes by `on_subject`.

    Every figure on screen is read from the model at that moment, none is remembered.
    """

    subject: Subject

    def follow_subject(self, subject: Subject, first: bool = False) -> None:
        """Show this subject from now on; `first` before widgets that need the new model, which takes time."""
        self.subject = subject
        subject.on_change(self._on_change, first)
        look_after_cells()

    @property
    def model(self) -> Any:
        """The model as it is now."""
        return self.subject.model

    def on_subject(self, change: Change) -> None:
        """Show what was changed."""
        raise NotImplementedError

    def _on_change(self, change: Change) -> None:
        if not self.subject.is_training:
            self.forget_training()
        try:
            self.on_subject(change)
        except Exception as error:  # noqa: BLE001  shown in the widget's own strip; whoever made the change has made it
            self.show_error(error)

    def __repr__(self) -> str:
        self.subject.look()
        return super().__repr__()

    def _ipython_display_(self) -> None:
        self.subject.look()
        super()._ipython_display_()


def look_after_cells() -> None:
    """From now on, what a cell does to a model is seen when the cell is over."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    # once for a kernel, however many widgets there are: a look goes through all models
    if shell is not None and _look not in shell.events.callbacks["post_run_cell"]:
        shell.events.register("post_run_cell", _look)


def _look(_: Any = None) -> None:
    here.look()
