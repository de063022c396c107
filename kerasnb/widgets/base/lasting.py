"""A widget that leaves a lasting picture beneath itself and says in one stable phrase what it is."""

from __future__ import annotations

import functools
import sys
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import traitlets

from ...errors import BusyError
from .front_end import in_kernel, in_marimo
from .receiving import Receiving
from .snapshot import Picture, Snapshot
from .superseded import made_here

__all__ = ["LastingWidget", "bundle"]

STATIC = Path(__file__).parents[1] / "static"


class _TextFile(traitlets.Unicode):
    """The text of a file, read when a widget asks for it: `make docs` looks at the classes where no bundle was made."""

    default_value = traitlets.Undefined  # type: ignore[assignment]  # so that the text is asked for

    def __init__(self, path: Path):
        self.path = path
        super().__init__()

    def make_dynamic_default(self) -> str:
        return _text_of(self.path)


@functools.cache
def _text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def bundle(name: str) -> dict[str, traitlets.Unicode]:
    """The two files that esbuild makes of `NAME.entry.jsx`, as traits.

    As paths anywidget would watch them for each widget, with a callback that holds the widget for ever.
    """
    files = {"_esm": STATIC / f"{name}.js", "_css": STATIC / f"{name}.css"}
    return {key: _TextFile(file).tag(sync=True) for key, file in files.items()}


class LastingWidget(Receiving):
    """An anywidget whose display is two outputs: the live widget, then its lasting picture.

    A subclass says what it is in `describe()` and draws its picture in `picture()`. In the browser the live widget
    hides the picture next to it, so that it is seen only where the widget cannot be.
    """

    error = traitlets.Dict(help="What went wrong: {'message': ..., 'field': ...}, or empty.").tag(sync=True)
    lasting = traitlets.Dict(help="Which picture belongs beneath this widget; empty before there is one.").tag(
        sync=True
    )

    def __init__(self, **traits: Any):
        self.snapshot = Snapshot()
        self._views: set[str] = set()
        self._is_about_training = False
        super().__init__(**traits)
        self.snapshot.owner = self.model_id or ""
        self.snapshot.tell = _telling(weakref.ref(self))
        self.on_msg(self._receive)
        made_here(self)

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
        self._is_about_training = isinstance(error, BusyError)

    def forget_training(self) -> None:
        """Close the error strip where it says that something has to wait for a training, which is over."""
        if self._is_about_training:
            self._is_about_training, self.error = False, {}

    def _handle_custom_msg(self, content: Any, buffers: list) -> None:
        # what a view says of itself is no step of the user's, so no widget's own handler sees it
        if isinstance(content, dict) and "view" in content:
            self._on_view(content)
        else:
            super()._handle_custom_msg(content, buffers)

    @property
    def has_view(self) -> bool:
        """Whether a page shows this widget, so that somebody can see it and click."""
        return bool(self._views)

    def _on_view(self, message: dict) -> None:
        kind, page = message["view"], str(message.get("page", ""))
        if kind == "open":
            self._views.add(page)
        elif kind == "close":
            self._views.discard(page)
        elif kind == "ping":
            self.send({"view": "pong"})
        elif kind == "picture" and self.snapshot.picture is not None:
            picture = self.snapshot.picture
            output = {"data": picture.as_json(), "metadata": self.snapshot.about(picture)}
            self.send({"view": "picture", "page": page, **output})

    def _repr_mimebundle_(self, **options: Any) -> Any:
        made = super()._repr_mimebundle_(**options)
        data = made[0] if isinstance(made, tuple) else made
        if data and in_kernel():
            # it stays in the notebook as it is: what changes belongs into the picture
            data["text/plain"] = f"{type(self).__name__}({self.describe().partition(':')[0]})"
        return made

    def refuse(self, error: BaseException) -> None:
        self.show_error(error, next(iter(getattr(error, "arguments", ())), ""))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.describe()})"

    def _ipython_display_(self) -> None:
        self.show_view()
        self.snapshot.show(self.picture(), is_final=self.has_result)

    def show_view(self) -> None:
        """Show the live widget in the running cell, without its picture."""
        if in_marimo():
            return sys.modules["marimo"].output.append(self)
        from IPython.core.display_functions import publish_display_data

        made = self._repr_mimebundle_()
        data, metadata = made if isinstance(made, tuple) else (made, {})
        publish_display_data(data, metadata)


def _telling(widget: weakref.ref) -> Callable[[Picture], None]:
    """Sets the trait `lasting`, holding the widget weakly: a timer that draws its picture must not keep it alive."""

    def tell(picture: Picture) -> None:
        if (alive := widget()) is not None:
            alive.lasting = {"of": alive.snapshot.owner, "digest": picture.digest}

    return tell


def error_text(error: BaseException) -> str:
    """`ShapeError: Dense "dense_2": ...`: the class of an error and all it says."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
