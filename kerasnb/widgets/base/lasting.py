"""A widget that leaves a lasting picture beneath itself and says in one stable phrase what it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from .snapshot import Picture, Snapshot

__all__ = ["LastingWidget", "bundle"]

STATIC = Path(__file__).parents[1] / "static"


def bundle(name: str) -> dict[str, traitlets.Unicode]:
    """The two files that esbuild makes of `NAME.entry.jsx`, as traits.

    As paths anywidget would watch them for each widget, with a callback that holds the widget for ever.
    """
    files = {"_esm": STATIC / f"{name}.js", "_css": STATIC / f"{name}.css"}
    return {key: traitlets.Unicode(file.read_text(encoding="utf-8")).tag(sync=True) for key, file in files.items()}


class LastingWidget(anywidget.AnyWidget):
    """An anywidget whose display is two outputs: the live widget, then its lasting picture.

    A subclass says what it is in `describe()` and draws its picture in `picture()`. In the browser the live widget
    hides the picture next to it, so that it is seen only where the widget cannot be.
    """

    error = traitlets.Dict(help="What went wrong: {'message': ..., 'field': ...}, or empty.").tag(sync=True)

    def __init__(self, **traits: Any):
        self.snapshot = Snapshot()
        super().__init__(**traits)

    def describe(self) -> str:
        """The widget's state in one phrase."""
        raise NotImplementedError

    def picture(self) -> Picture:
        """What a reader of the notebook sees when there is no kernel."""
        return Picture(repr(self))

    @property
    def has_result(self) -> bool:
        """Whether the picture shows already what it is there for."""
        return True

    def leave_picture(self) -> None:
        """Draw the picture anew where it is shown; it costs a tenth of a second, so not otherwise."""
        if self.snapshot.is_shown:
            self.snapshot.update(self.picture())

    def show_error(self, error: BaseException | str, field: str = "") -> None:
        """Put an error into the widget's error strip."""
        message = error if isinstance(error, str) else error_text(error)
        self.error = {"message": message, "field": field}

    def _handle_custom_msg(self, content: Any, buffers: list) -> None:
        # what a view says of itself is no step of the user's, so no widget's own handler sees it
        if isinstance(content, dict) and "view" in content:
            self._on_view(content)
        else:
            super()._handle_custom_msg(content, buffers)

    def _on_view(self, message: dict) -> None:
        if message["view"] == "ping":
            self.send({"view": "pong"})

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.describe()})"

    def _ipython_display_(self) -> None:
        from IPython.core.display_functions import publish_display_data

        made = self._repr_mimebundle_()
        data, metadata = made if isinstance(made, tuple) else (made, {})
        publish_display_data(data, metadata)
        self.snapshot.show(self.picture(), is_final=self.has_result)


def error_text(error: BaseException) -> str:
    """`ShapeError: Dense "dense_2": ...`: the class of an error and all it says."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
