"""Edits made by hand outlive the kernel: kept beside the notebook, brought back where the Builder's cell runs again.

What a cell does by code it does again when it runs again, so that is not brought back: the edits belong to the model as
it was when the Builder was first shown, and return to a Builder that is shown with that same model.
"""

from __future__ import annotations

import hashlib
import json
import time
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from ... import home
from ...errors import FileError, KerasnbError
from ..base.front_end import is_click, takes_updates
from .document.document import Document
from .document.graph import Graph
from .document.storing import as_data, graph_from, read_data

__all__ = ["MIME", "Keeping", "keeping_of"]

FORMAT, VERSION = "kerasnb-edits", 1
MIME = "application/vnd.kerasnb.edits+json"
FOLDER = "models"


class Keeping:
    """The kept edits of one document, whichever Builders show it.

    Args:
        document: is listened to.
        by_hand: whether the edit that is being made comes from a click.
    """

    def __init__(self, document: Document, by_hand: Callable[[], bool] = lambda: is_click()):
        # weakly: the document holds who listens to it
        self._held, self._by_hand = weakref.ref(document), by_hand
        self._begun: dict[str, Any] | None = None  # the document as it was first shown
        self._first: Graph | None = None
        self._is_by_hand = self._is_by_code = self._has_written = self._is_bringing = False
        self._waiting: Mapping[str, Any] | None = None
        self._file = self._saved = ""  # its name, and when the last edit was made
        self._kept: tuple[tuple, dict[str, Any]] | None = None  # of which state, and what is kept of it
        self.note = ""  # what was brought back, or why it could not be kept
        document.on_change(self._on_change)

    @property
    def _document(self) -> Document:
        document = self._held()
        assert document is not None
        return document

    @property
    def is_waiting(self) -> bool:
        """Whether there are edits that only `bring_back` shows."""
        return self._waiting is not None

    def shown(self, is_on: bool | None = None) -> None:
        """Take the document as where the edits begin, and bring back those that began there before.

        Edits among which some were made by code, in later cells, wait for `bring_back`: those cells may run again.

        Args:
            is_on: False keeps nothing; None keeps where a front end can show and click.
        """
        if self._begun is not None or not (takes_updates() if is_on is None else is_on):
            return
        self._begun, self._first = as_data(self._document), self._document.graph
        self._file = _file_name(self._begun)
        try:
            kept = self._found()
            if kept is not None and kept.get("by_code"):
                self._waiting = kept
                self.note = f"Edits of {kept.get('saved')} are kept, some made by code."
            elif kept is not None:
                self._bring_back(kept)
        except KerasnbError as error:
            # the file stays as it is until somebody edits; then a copy of it does
            self.note = f"Kept edits could not be brought back: {error} The next edit keeps that file as {home.BACKUP}."

    def bring_back(self) -> bool:
        """Bring back the edits that wait; returns whether there were any."""
        kept = self._waiting
        if kept is not None:
            self._bring_back(kept)
            self._waiting = None
        return kept is not None

    def _on_change(self) -> None:
        """Keep the document as it is now."""
        if self._begun is None or self._is_bringing:
            return
        by_hand = self._by_hand()
        self._is_by_hand |= by_hand
        self._is_by_code |= not by_hand
        if not self._is_by_hand:
            return
        self._saved = time.strftime("%Y-%m-%d %H:%M")
        if by_hand:
            self.note = ""
        folder = home.folder(FOLDER)
        if folder is None:
            return
        try:
            # what was there before this Builder's first edit is somebody else's, and stays as a copy
            home.write_text(folder / self._file, json.dumps(self.data(), indent=1), not self._has_written)
            self._has_written = True
        except FileError as error:
            self.note = f"Edits are not kept: {error}"

    def data(self) -> dict[str, Any] | None:
        """What is kept, made once for each edit; None where nothing was edited by hand."""
        if not self._is_by_hand:
            return None
        state = self._document.revision, self._document.name, self._is_by_code, self._saved
        if self._kept is None or self._kept[0] != state:
            kept = {
                "format": FORMAT,
                "version": VERSION,
                "saved": self._saved,
                "by_code": self._is_by_code,
                "begun": self._begun,
                "document": as_data(self._document),
            }
            self._kept = state, kept
        return self._kept[1]

    # ---- inside

    def _found(self) -> Mapping[str, Any] | None:
        """The edits kept for this beginning: in their own file, else in the notebook."""
        top = home.home()
        path = top / FOLDER / self._file if top is not None else None
        if path is not None and path.is_file():
            with_name = f'"{path}"'
            try:
                text = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise FileError(f"{with_name} cannot be read ({error}).", "Take its copy, .bak.") from None
            return read_data(text, with_name, FORMAT, VERSION)
        return next((kept for kept in _in_notebook(home.notebook()) if kept.get("begun") == self._begun), None)

    def _bring_back(self, kept: Mapping[str, Any]) -> None:
        graph = graph_from(kept.get("document"), "the kept model", self._first)
        when = str(kept.get("saved", ""))
        before, self._is_bringing = self.note, True
        self.note = f"Edits of {when} are back; Undo takes them away."  # which is drawn with the edits
        try:
            self._document.restore(graph, f"restore the edits of {when}")
            self._document.rename_model(str(kept["document"].get("name")))
        except BaseException:
            self.note = before
            raise
        finally:
            self._is_bringing = False
        self._is_by_hand, self._is_by_code, self._saved = True, bool(kept.get("by_code")), when


_keepings: WeakKeyDictionary[Document, Keeping] = WeakKeyDictionary()


def keeping_of(document: Document) -> Keeping:
    """The one that keeps this document."""
    known = _keepings.get(document)
    if known is None:
        known = _keepings[document] = Keeping(document)
    return known


def _file_name(begun: Mapping[str, Any]) -> str:
    """A name for the edits that begin there: other beginnings have other ones."""
    text = json.dumps(begun, sort_keys=True)
    return f"{str(begun['name'])[:60]}-{hashlib.sha256(text.encode()).hexdigest()[:10]}.json"


def _in_notebook(path: Path | None) -> list[Mapping[str, Any]]:
    """All edits that lasting outputs of a notebook hold: it was sent without the folder beside it."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8")) if path is not None else {}
        outputs = [output for cell in notebook.get("cells", ()) for output in cell.get("outputs", ())]
        held = [output.get("data", {}).get(MIME) for output in outputs]
    except (OSError, ValueError, AttributeError, TypeError, RecursionError):
        return []
    return [each for each in held if isinstance(each, Mapping) and each.get("version") == VERSION]
