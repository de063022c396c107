"""The Builder: a model put together on a canvas, drawn from its document and told what the user means to do."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import traitlets

from .... import backend as K
from ....errors import ArgumentError, BusyError, KerasnbError
from ....home import write_text
from ....report.numbers import count
from ....workspace import here
from ....workspace.listeners import Change
from ...base.door import opened
from ...base.lasting import bundle, error_text
from ...base.quiet_update import QuietUpdate
from ...base.receiving import Intent
from ...base.snapshot import Picture
from ..document.document import Document
from ..document.storing import written
from ..files import opened_file
from ..keeping import MIME, Keeping, keeping_of
from .drawing import picture_of
from .figures import layer_count, layers_text
from .grouping import Group, Grouping, folded_layout
from .intents import INTENTS, check_version
from .palette import palette, schema
from .selecting import Selecting
from .state import code_state, document_state, layout_of

__all__ = ["Builder"]

_TITLES = {"tensorflow": "TensorFlow", "theano": "Theano"}
_PAUSE = 1.0  # seconds without a click, after which the backend is loaded


class Builder(Selecting):
    """Builds a model by clicking or by calls; every shape is known before a backend is loaded.

    >>> builder = Builder(input_shape=(8, 8, 1), name="digits_cnn")      # doctest: +SKIP
    >>> builder.add("Convolution2D", nb_filter=16, nb_row=3, nb_col=3)   # doctest: +SKIP
    'conv_1'
    >>> builder.model.output_shape                                       # doctest: +SKIP
    (None, 6, 6, 16)

    Args:
        model: a model to open; its weights are kept where a layer is not changed. Two Builders of one model share its
            document, and so does one that is given another widget of the model.
        input_shape: shape of one sample, for a new model.
        name: the model's name.
        input_dtype: dtype of the input, `int32` for words.
        save: False keeps no edits beside the notebook; left out, they are kept where somebody can click.
    """

    _esm, _css = bundle("builder").values()

    state = traitlets.Dict(help="What is drawn; made from the document.").tag(sync=True)
    palette: Any = traitlets.List(help="Layer classes by family.").tag(sync=True)
    schemas = traitlets.Dict(help="The forms of the layer classes in use.").tag(sync=True)
    sources = traitlets.Dict(help="The code in each style; written while its tab is open.").tag(sync=True)
    tab = traitlets.Enum(["Canvas", "Table", "Code"], "Canvas").tag(sync=True)

    def __init__(
        self,
        model: Any = None,
        input_shape: Sequence[int | None] | None = None,
        name: str | None = None,
        input_dtype: str | None = None,
        save: bool | None = None,
    ):
        self._save = save
        self._layouts: dict = {}
        self._folded_layouts: dict = {}
        self._refusals = 0
        self._refused: dict[str, Any] | None = None
        self._answered: Any = None
        if model is None:
            self.subject = here.begun(Document(input_shape, name or "model", input_dtype))
        else:
            self.subject = opened(model)
            self.subject.open(Document.from_model)
        self._grouping = Grouping(self.document)
        self._is_clicked = self._selects_new = self._is_drawn = False  # what the present edit is, and how far
        self._order = [spec.name for spec in self.document.graph.ordered]
        super().__init__(palette=palette(), selected=self.document.graph.ends[-1])
        self._pictures = QuietUpdate(self.snapshot)
        self._draw()
        self.follow_subject(self.subject, first=True)

    # ---- the model

    @property
    def document(self) -> Document:  # type: ignore[override]  # which the selection only reads
        """The model as data, with its history."""
        return self.subject.document

    @property
    def model(self) -> Any:
        """The model as it last fitted together; None before the first time.

        Unchanged layers keep their weights. A model that only had layers frozen or unfrozen stays the same object.

        Raises:
            GraphError: there is none, since layers on the canvas are none that kerasnb has.
        """
        model = self.subject.model
        if model is None and self.document.stand_ins:
            raise self._obstacle()
        return model

    def _obstacle(self) -> KerasnbError:
        obstacle = self.document.obstacle
        assert obstacle is not None  # as there is no whole model
        return obstacle

    def code(self, style: str = "keras1") -> str:
        """The model as plain Python: `keras1` for kerasnb, `keras2` for Keras 2 and 3."""
        return self.document.to_code(style)

    # ---- files

    @classmethod
    def from_file(cls, path: str | os.PathLike) -> Builder:
        """A Builder of what a file holds: a document that `save` wrote, or a saved model.

        Raises:
            FileError: it is missing, damaged, or neither.
        """
        return cls(opened_file(path))

    def save(self, path: str | os.PathLike) -> None:
        """Write the document to a file (JSON), whole or not at all; `Builder.from_file` reads it.

        Args:
            path: one that ends in `.keras` or `.h5` gets the model with its weights, as `model.save` writes it.

        Raises:
            FileError: it cannot be written.
            ArgumentError: Keras 3 has no such layer.
            KerasnbError: there is no whole model, of which only the document can be written.
        """
        if Path(path).suffix.lower() in (".keras", ".h5", ".hdf5"):
            if self.model is None:
                raise self._obstacle()
            self.model.save(os.fspath(path), overwrite=True)
        else:
            write_text(Path(path), written(self.document))

    def bring_back(self) -> bool:
        """Bring back edits of an earlier kernel that wait since code had a part in them; whether there were any."""
        return self._do(self.keeping.bring_back)

    @property
    def keeping(self) -> Keeping:
        """What keeps the edits that are made by hand."""
        return keeping_of(self.document)

    # ---- edits, the same as by clicking

    def add(
        self,
        class_name: str,
        after: str | None = None,
        before: str | None = None,
        branch: bool = False,
        name: str | None = None,
        **arguments: Any,
    ) -> str:
        """Add a layer after the selected one (or `after`) and return its name; see `Document.add`."""
        place = after or self.selected or None
        return self._edit_and_select(self.document.add, class_name, place, before, branch, name, **arguments)

    def connect(self, source: str, target: str) -> None:
        """Let `target` read `source`."""
        self._edit(self.document.connect, source, target)

    def disconnect(self, source: str, target: str) -> None:
        """Take one connection away."""
        self._edit(self.document.disconnect, source, target)

    def rename(self, name: str, new_name: str) -> None:
        """Give a layer another name."""
        self._edit(self.document.rename, name, new_name)

    def remove(self, *names: str) -> None:
        """Take layers away and join their neighbours, as one step."""
        self._edit(self.document.remove, *names)

    def duplicate(self, *names: str, after: str | None = None, before: str | None = None) -> list[str]:
        """Copy layers with the connections among them, as one step; see `Document.duplicate`."""
        return self._edit_and_select(self.document.duplicate, *names, after=after, before=before)

    def move(self, *names: str, after: str, before: str | None = None) -> None:
        """Take layers out of their line and put them in after another one, as one step."""
        self._edit(self.document.move, *names, after=after, before=before)

    def shift(self, *names: str, by: int) -> None:
        """Let layers change places with the next one in their line (`by` = 1) or the one before (-1), as one step."""
        self._edit(self.document.shift, *names, by=by)

    def call_again(self, name: str, after: str, before: str | None = None, branch: bool = False) -> str:
        """Call a layer once more, after another one, and return the name of the call: both share the weights."""
        return self._edit_and_select(self.document.call_again, name, after, before, branch)

    def set(self, name: str, **arguments: Any) -> None:
        """Give arguments of a layer other values."""
        self._edit(self.document.set_arguments, name, arguments)

    def set_argument(self, name: str, argument: str, value: Any) -> None:
        """Give one argument a value; text is read as a form's field."""
        self._edit(self.document.set_argument, name, argument, value)

    def replace(self, name: str, class_name: str, **arguments: Any) -> None:
        """Put a layer of another class in its place."""
        self._edit(self.document.replace, name, class_name, **arguments)

    def freeze(self, name: str | Sequence[str], frozen: bool = True) -> None:
        """Freeze a layer, or unfreeze it; the model that `model` gave follows at once.

        Args:
            name: of a layer, or a list of names, of which those that have weights are frozen in one step.
        """
        graph, results = self.document.graph, self.document.results
        if not isinstance(name, str):
            names = [each for each in name if each not in graph or results[graph[each].layer_name].params]
        else:
            names = [name]
        layers = [graph[each].layer_name if each in graph else each for each in names]
        self._do(partial(self.subject.freeze, layers, not frozen))

    def fix(self, name: str, index: int = 0) -> None:
        """Take one of the fixes offered at a layer that breaks."""
        offered = self.document.fixes(name)
        if type(index) is not int or not 0 <= index < len(offered):
            raise ArgumentError(f'"{name}" has {len(offered)} fixes, so there is none at index {index!r}.')
        self._edit(self.document.apply, offered[index])

    def fold(self, name: str, folded: bool = True) -> None:
        """Draw the repeated blocks that a layer belongs to as one box, or layer by layer; the model stays as it is."""
        self._grouping.fold(self.document, name, folded)
        self._refused = None
        self._draw()

    def rename_model(self, name: str) -> None:
        """Give the model another name."""
        self._do(partial(self.subject.rename, name))

    def undo(self) -> str | None:
        """Take the last step back; returns what it was."""
        return self._do(partial(self.subject.edit, self.document.undo, f"undo {self.document.undo_label}"))

    def redo(self) -> str | None:
        """Take an undone step again; returns what it was."""
        return self._do(partial(self.subject.edit, self.document.redo))

    def _edit(self, edit: Callable, *arguments: Any, **named: Any) -> Any:
        return self._do(partial(self.subject.edit, partial(edit, *arguments, **named)))

    def _edit_and_select(self, edit: Callable, *arguments: Any, **named: Any) -> Any:
        """An edit whose new layers are selected."""
        self._selects_new = True
        try:
            return self._edit(edit, *arguments, **named)
        finally:
            self._selects_new = False

    def _do(self, act: Callable[[], Any]) -> Any:
        """Change the subject; it is drawn as soon as this is told, before other widgets look at the new model."""
        refused, self._refused, self._is_drawn = self._refused, None, False
        try:
            outcome = act()
        except BaseException:
            self._refused = refused
            raise
        if not self._is_drawn:
            self._draw_anew()
        return outcome

    def on_subject(self, change: Change) -> None:
        self._draw_anew()
        self._is_drawn = True

    def _draw_anew(self) -> None:
        with self.hold_sync():
            before, self._order = self._order, [spec.name for spec in self.document.graph.ordered]
            self.reselect(before, self._selects_new)
            self._draw()

    # ---- the front end

    KIND = "type"

    def intents(self) -> Mapping[str, Callable[[Intent], Any]]:
        return {name: partial(intent, self) for name, intent in INTENTS.items()}

    def accept(self, intent: Intent) -> None:
        self._answered = intent.get("id")
        check_version(intent, self.document.revision)
        self._is_clicked = True
        K.preload(_PAUSE)
        try:
            super().accept(intent)
            if self.state["answered"] != self._answered:
                self._draw()
        finally:
            self._is_clicked = False

    def refuse(self, error: BaseException) -> None:
        """Show why something was not done; the document is as it was."""
        self._refusals += 1
        message = str(error) if isinstance(error, KerasnbError) else error_text(error)
        self._refused = {"serial": self._refusals, "message": message}
        self._is_about_training = isinstance(error, BusyError)
        self._draw()

    def forget_training(self) -> None:
        """As of every widget; the strip shows what was refused."""
        if self._is_about_training:
            self._is_about_training, self._refused = False, None

    def show_error(self, error: BaseException | str, field: str = "") -> None:
        self.refuse(error if isinstance(error, BaseException) else ArgumentError(error))

    def _draw(self) -> None:
        document = self.document
        used = {spec.class_name for spec in document.graph if spec.live is None} - set(self.schemas)
        with self.hold_sync():
            if used:
                self.schemas = {**self.schemas, **{name: schema(name) for name in sorted(used)}}
            self.sources = code_state(document)  # whichever tab is open: the Code tab is to work without a kernel, too
            self.tell_selection()
            groups = self._grouping.groups(document)
            self.state = {**document_state(document, self._canvas_layout(groups), groups), **self._answers()}
        if document.is_good:
            replace_picture = self._pictures.later if self._is_clicked else self._pictures.now
            replace_picture(self._drawing())

    def _answers(self) -> dict[str, Any]:
        """What came of the last step from the browser, and what may be chosen."""
        keeping = self.keeping
        kept = {"note": keeping.note, "waits": keeping.is_waiting}
        return {"refused": self._refused, "answered": self._answered, "backends": _backends(), "kept": kept}

    def _layout(self) -> Any:
        graph = self.document.graph
        key = tuple(graph.names), graph.connections
        if key not in self._layouts:
            self._layouts = {key: layout_of(self.document)}
        return self._layouts[key]

    def _canvas_layout(self, groups: Sequence[Group]) -> Any:
        folded = tuple(group.box for group in groups if group.is_folded)
        if not folded:
            return self._layout()
        key = tuple(self.document.graph.names), self.document.graph.connections, folded
        if key not in self._folded_layouts:
            self._folded_layouts = {key: folded_layout(self.document, groups)}
        return self._folded_layouts[key]

    # ---- what stays in the notebook

    def describe(self) -> str:
        """`digits_cnn: 10 layers, 7,210 parameters`."""
        document = self.document
        params = sum(result.params for result in document.results.values())
        partial = " so far" if document.failed else ""
        return f"{document.name}: {layers_text(layer_count(document))}, {count(params)} parameters{partial}"

    def picture(self) -> Picture:
        """The model as a drawing with its shapes, and as text."""
        return self._drawing()()

    def _drawing(self) -> Callable[[], Picture]:
        kept = self.keeping.data()
        return picture_of(self.document, self._layout(), self.describe(), {} if kept is None else {MIME: kept})

    def _ipython_display_(self) -> None:
        self._do(lambda: self.keeping.shown(self._save))
        super()._ipython_display_()
        K.preload(_PAUSE)  # somebody is about to build: the backend loads when they look at it first


def _backends() -> dict[str, Any]:
    installed = K.available_backends()
    choices = [[name, title if name in installed else f"{title} (not installed)"] for name, title in _TITLES.items()]
    return {"current": K.backend(), "choices": choices}
