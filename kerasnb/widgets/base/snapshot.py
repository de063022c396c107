"""The lasting picture that a widget leaves in the notebook: an output of its own that needs no kernel and no script.

It is a separate output because a notebook reopened without a kernel shows nothing else of a widget's own output. It is
updated by its display id, so that the update lands in the right cell from whichever thread it comes.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from .front_end import in_kernel, takes_updates

__all__ = ["Picture", "Snapshot"]


@dataclass(frozen=True)
class Picture:
    """Deterministic text, and beside it a PNG (bytes) or an SVG (text) where there is something to draw."""

    text: str
    png: bytes | None = None
    svg: str | None = None
    width: int | None = None

    def bundle(self) -> dict[str, Any]:
        images = {"image/png": self.png, "image/svg+xml": self.svg}
        return {kind: image for kind, image in images.items() if image} | {"text/plain": self.text}

    def metadata(self) -> dict[str, Any]:
        return {"image/png": {"width": self.width}} if self.png and self.width else {}


@dataclass
class Snapshot:
    """One picture in the notebook, shown beneath its widget; later ones replace it.

    Programs that run cells one after the other need not replace anything (nbval does not). There a picture stays as it
    was shown, and one that waits for a result is shown when the result is there, in the cell that gave it.
    """

    display_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    is_shown: bool = False
    is_replaceable: bool = True
    picture: Picture | None = None

    def show(self, picture: Picture, is_final: bool = True) -> None:
        """Put the picture into the running cell; one that is not final only where it can be replaced."""
        self.picture, self.is_shown, self.is_replaceable = picture, True, takes_updates()
        if is_final or self.is_replaceable:
            self._publish(update=False)

    def update(self, picture: Picture) -> None:
        """Replace the picture wherever it is shown; may be called from any thread."""
        self.picture = picture
        if self.is_shown and self.is_replaceable:
            self._publish(update=True)

    def finish(self, picture: Picture) -> None:
        """Show the result: in the picture's place, or in the cell that waited for it."""
        self.picture = picture
        if self.is_shown:
            self._publish(update=self.is_replaceable)

    def _publish(self, update: bool) -> None:
        if self.picture is None or not in_kernel():
            return
        from IPython.core.display_functions import publish_display_data

        # without an id where a picture stays as it is: nbclient would replace all that have the same one
        transient = {"display_id": self.display_id} if self.is_replaceable else {}
        publish_display_data(self.picture.bundle(), self.picture.metadata(), transient=transient, update=update)
