"""The lasting picture that a widget leaves in the notebook: an output of its own that needs no kernel and no script.

It is a separate output because a notebook reopened without a kernel shows nothing else of a widget's own output. It is
updated by its display id, so that the update lands in the right cell from whichever thread it comes. A page that was
loaded since does not know that id: there the view puts the picture in (`frontend/shared/lasting.js`), which it tells by
`metadata.kerasnb`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .front_end import in_kernel, running_cell, takes_updates

__all__ = ["Picture", "Snapshot"]


@dataclass(frozen=True)
class Picture:
    """Deterministic text, and beside it a PNG (bytes) or an SVG (text) where there is something to draw."""

    text: str
    png: bytes | None = None
    svg: str | None = None
    width: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)  # by MIME type: what a program can read out of the notebook

    def bundle(self) -> dict[str, Any]:
        """The picture by MIME type, as a display takes it."""
        images = {"image/png": self.png, "image/svg+xml": self.svg}
        return {kind: image for kind, image in images.items() if image} | {"text/plain": self.text} | dict(self.data)

    def metadata(self) -> dict[str, Any]:
        """How wide a PNG is drawn, in pixels."""
        return {"image/png": {"width": self.width}} if self.png and self.width else {}

    def as_json(self) -> dict[str, Any]:
        """The bundle as a notebook file stores it."""
        return {
            kind: base64.b64encode(data).decode() if isinstance(data, bytes) else data
            for kind, data in self.bundle().items()
        }

    @property
    def digest(self) -> str:
        """Eight letters that differ where pictures do."""
        return hashlib.sha256(json.dumps(self.as_json(), sort_keys=True).encode()).hexdigest()[:8]


@dataclass
class Snapshot:
    """One picture in the notebook, shown beneath its widget; later ones replace it.

    Programs that run cells one after the other need not replace anything (nbval does not). There a picture stays as it
    was shown, and one that waits for a result is shown when the result is there, in the cell that waited for it.

    Attributes:
        owner: the id of the widget, as its view knows it.
        tell: called with each new picture that a view may have to put in.
        is_waiting: whether it was not shown yet, because its result was still to come.
    """

    display_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    owner: str = ""
    tell: Callable[[Picture], None] = lambda picture: None
    is_shown: bool = False
    is_replaceable: bool = True
    is_waiting: bool = False
    picture: Picture | None = None
    _cell: str | None = None

    def show(self, picture: Picture, is_final: bool = True) -> None:
        """Put the picture into the running cell; one that is not final only where it can be replaced."""
        self.picture, self.is_shown, self.is_replaceable = picture, True, takes_updates()
        self._cell = running_cell()
        self.is_waiting = not (is_final or self.is_replaceable)
        if not self.is_waiting:
            self._publish(self.display_id if self.is_replaceable else None)
            self._tell()

    def update(self, picture: Picture) -> None:
        """Replace the picture wherever it is shown; may be called from any thread."""
        self.picture = picture
        if self.is_shown and self.is_replaceable:
            self._publish(self.display_id, update=True)
        if self.is_shown:
            self._tell()

    def show_result(self, picture: Picture) -> None:
        """Show the result in the running cell, which waited for it, unless it is there already."""
        is_here = self.is_shown and self.is_replaceable and self._cell == running_cell()
        self.picture, self.is_waiting = picture, False
        if not is_here:
            # without an id: nbclient would replace all that have the same one, and this one is to stay as it is
            self._publish(None)

    def about(self, picture: Picture) -> dict[str, Any]:
        """The metadata of the output, by which the view knows it."""
        return picture.metadata() | {"kerasnb": {"picture_of": self.owner, "digest": picture.digest}}

    def _tell(self) -> None:
        if self.picture is not None and in_kernel():
            self.tell(self.picture)

    def _publish(self, display_id: str | None, update: bool = False) -> None:
        if self.picture is None or not in_kernel():
            return
        from IPython.core.display_functions import publish_display_data

        # marked without an id, too: where a server runs the cells for a page, its view may have to replace it
        transient = {"display_id": display_id} if display_id else {}
        publish_display_data(self.picture.bundle(), self.about(self.picture), transient=transient, update=update)
