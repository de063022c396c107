"""A `Subject`: what widgets and magics hold in place of a model object, which is another one after each edit."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from .. import backend as K
from ..engine.statistics import statistics_rule
from ..errors import ArgumentError, BusyError
from ..report.freezing import freeze_each_layer
from ..views import is_foreign, view_of
from .choosing import chosen_layers
from .document_model import Document, DocumentModel, layers_by_path, set_flags
from .fingerprint import FITTED, Fingerprint
from .fit_mark import FitMark
from .flags import changed_flags
from .fresh import FreshStart
from .listeners import Change, Listeners
from .titles import is_made_up, model_title

__all__ = ["Subject"]

Outcome = TypeVar("Outcome")


class Subject:
    """One model under one identity: as it is now, its document if it can be edited, who listens, what trains it.

    Every answer takes in first what a cell did to the model meanwhile (`model.add`, `pop`, `trainable = ...`,
    `compile`, `fit`, `train_on_batch`, `set_weights`, `load_weights`).

    Args:
        model: the model as it is.
        document: what it is edited by; may come later (`open`).
        name: the variable it goes by.
        on_model: called as `on_model(subject, old, new)` when another model object takes the place of the last one.
        shown: a model that cannot be run, with layers that kerasnb does not have; its document is made of it, and the
            first whole model takes its weights.
    """

    def __init__(
        self,
        model: Any = None,
        document: Document | None = None,
        name: str = "",
        on_model: Callable[[Subject, Any, Any], None] = lambda subject, old, new: None,
        shown: Any = None,
    ):
        self.name = name or ("" if model is None else model_title(model))
        self._shown = shown
        self._lock = threading.RLock()
        self._model = model
        self._edited: DocumentModel | None = None
        self._on_model = on_model
        self._version, self._note = 0, ""
        self._listeners: Listeners[Change] = Listeners()
        self._at_epoch_ends: Listeners[Subject] = Listeners()
        self._fit_mark = FitMark()
        self._job: weakref.ref | None = None
        self._is_changing = False
        self._apart: Exception | None = None
        self._fresh: FreshStart | None = None
        self._print = None if model is None else Fingerprint.of(model)
        if document is not None:
            self.open(lambda _: document)

    # ---- answers

    @property
    def model(self) -> Any:
        """The model as it last fitted together, made anew if it has to be; None before the first time."""
        self.look()
        with self._lock:
            if self._edited is not None and self._edited.is_outdated and not self.is_training:
                self._replace()
            return self._model

    @property
    def view(self) -> Any:
        """What reports ask of the model as it is now; None where there is none yet."""
        model = self.model
        return None if model is None else view_of(model)

    @property
    def document(self) -> Any:
        """What it is edited by; None where no Builder was opened."""
        self.look()
        return self._edited.document if self._edited is not None else None

    @property
    def version(self) -> int:
        """Grows with each change."""
        self.look()
        return self._version

    @property
    def note(self) -> str:
        """What the last change was: "add dense_3"."""
        self.look()
        return self._note

    @property
    def title(self) -> str:
        """The model's own name; where Keras made that up, the variable's."""
        if self._model is not None:
            return model_title(self._model, self.name)
        return self._edited.document.name if self._edited is not None else self.name

    @property
    def changed_since_fit(self) -> str:
        """What was done to the model since it was last trained, "" for nothing."""
        self.look()
        return self._fit_mark.text(self._model, self._edited)

    @property
    def job(self) -> Any:
        """The last fit in a thread of its own, as long as anybody keeps it."""
        return self._job() if self._job is not None else None

    @property
    def is_training(self) -> bool:
        """Whether it trains, or is compiled for it, at this moment."""
        job = self.job
        if job is not None and job.is_running:
            return True
        return self._model is not None and bool(view_of(self._model).control.is_running)

    def on_change(self, method: Callable[[Change], None], first: bool = False) -> None:
        """Call the bound `method` with each `Change`, as long as its object lives; `first` before the others."""
        self._listeners.add(method, first)

    def on_epoch_end(self, method: Callable[[Subject], None]) -> None:
        """Call the bound `method` with the subject at each epoch's end of a panel's fit, in the thread that trains.

        What is slow there slows the training down, and what it raises ends it.
        """
        self._at_epoch_ends.add(method)

    # ---- changes

    def change(self, act: Callable[[], Outcome], note: str = "") -> Outcome:
        """The door through which everything goes that changes the model; refused wholly while it trains.

        Args:
            act: makes the change or raises, all or nothing; usually an edit of the document.
            note: what it is, where the document does not say so.

        Raises:
            BusyError: it trains; nothing was changed.
        """
        self.look()
        with self._lock:
            self.refuse_while_training()
            revision = self._edited.document.revision if self._edited is not None else 0
            self._is_changing = True
            try:
                outcome = act()
            finally:
                self._is_changing = False
                made = self._settled(revision, note)
        self._tell(made)
        return outcome

    def edit(self, act: Callable[[], Outcome], note: str = "") -> Outcome:
        """A change of the document; refused as well where it could not follow what a cell did to the model."""
        self.look()
        if self._apart is not None:
            raise ArgumentError(
                f'a cell changed model "{self.title}" into one that cannot be edited: {self._apart}',
                "Take that back in a cell.",
            )
        return self.change(act, note)

    def refuse_while_training(self) -> None:
        """Raise a BusyError where the model trains, or is being compiled for it, at this moment."""
        if self.is_training:
            raise BusyError(f'model "{self.title}" is training.', "Stop that fit, or wait until it is done.")

    def freeze(self, names: Iterable[str], trainable: bool = False) -> None:
        """Freeze layers that have weights, or let them learn again.

        A compiled model is compiled again, its optimizer's state kept.

        Args:
            names: of layers, or patterns of names: `conv*`.

        Raises:
            UnknownNameError: a layer that the model does not have, or a pattern that matches none.
            ArgumentError: a pattern that matches only layers without weights.
        """
        names = list(names)
        self.change(lambda: self._set_flags(names, trainable))

    def set_frozen_statistics(self, rule: str) -> None:
        """Say whether running averages of frozen layers go on moving; see `K.set_frozen_statistics`.

        It holds for all models of this program: for this one at once, for others from their next compile on.

        Raises:
            UnknownNameError: no such rule.
        """
        self.change(lambda: self._set_statistics(rule))

    def rename(self, name: str) -> None:
        """Give the model another name."""
        self.change(lambda: self._rename(name), f"rename to {name}")

    def open(self, make: Callable[[Any], Document]) -> Document:
        """The document, made of the model by `make` where there is none yet."""
        with self._lock:
            if self._edited is None:
                if self._model is not None and is_foreign(self._model):
                    raise ArgumentError(
                        f'"{self.title}" is a model of Keras, whose layers are not edited in place.',
                        "Edit a copy, with the same weights: net = kerasnb.views.as_kerasnb(model).",
                    )
                begins_as = self._model if self._model is not None else self._shown
                document = make(begins_as)
                if self._model is not None and is_made_up(self._model.name):
                    document.name = self.title
                self._edited = DocumentModel(document, begins_as)
                document.on_change(self._on_document)
        return self._edited.document

    # ---- training

    def begin(self, job: Any) -> None:
        """Take the job that is about to train the model.

        Raises:
            BusyError: it trains already.
        """
        with self._lock:
            self.refuse_while_training()
            self._job = weakref.ref(job)

    def epoch_ended(self) -> None:
        """An epoch of the job is over."""
        self._at_epoch_ends.tell(self)

    def fitted(self) -> None:
        """A fit is over: its weights are others, and it is as it was fitted."""
        with self._lock:
            self._fit_mark.set(self._model, self._edited)
        self.weights_set(FITTED)

    def weights_set(self, note: str) -> None:
        """The weights are others now."""
        with self._lock:
            self._print = Fingerprint.of(self._model)
            made = [self._changed("weights", note)]
            if self._edited is not None and self._edited.is_behind:
                made += self._settled(self._edited.document.revision - 1, "")
        self._tell(made)

    @property
    def fresh(self) -> FreshStart | None:
        """The last fresh start, which can be taken back; None where there was none, or the layers are others now."""
        self.look()
        return self._fresh

    def begin_anew(self) -> FreshStart:
        """Give the model first weights, as a new one has, and let its optimizer begin anew; what is frozen stays.

        Raises:
            BusyError: it trains; nothing was changed.
            ArgumentError: there is nothing to be given new weights, or the model cannot be made once more.
        """
        made = self.change(lambda: FreshStart(self._model), "new weights")
        self._fresh = made
        self._fit_mark.set_weights("new weights")
        self.weights_set("new weights")
        return made

    def take_back_fresh_start(self) -> None:
        """Give the model the weights that it had before the last fresh start, and its optimizer what it knew.

        Raises:
            BusyError: it trains; nothing was changed.
            ArgumentError: there is nothing to take back.
            WeightsError: it has other layers since; nothing was changed.
        """
        fresh = self.fresh
        if fresh is None:
            raise ArgumentError(f'model "{self.title}" was given no new weights that could be taken back.')
        self.change(fresh.take_back, "former weights")
        self._fresh = None
        self._fit_mark.set_weights("")
        self.weights_set("former weights")

    # ---- inside

    def look(self) -> None:
        """Take in what a cell did to the model; costs microseconds where it did nothing."""
        with self._lock:
            if self._is_changing or self._model is None or self.is_training:
                return
            now = Fingerprint.of(self._model)
            assert self._print is not None  # as there is a model
            found = now.since(self._print)
            self._print = now
            if found and self._edited is not None and not self._edited.is_outdated:
                self._take(found, now)
            if found.get("weights") == FITTED:
                self._fit_mark.set(self._model, self._edited)
            elif "weights" in found:
                self._fit_mark.set_weights(found["weights"])
            made = [self._changed(what, note) for what, note in found.items()]
        self._tell(made)

    def _take(self, found: dict[str, str], now: Fingerprint) -> None:
        """Let the document follow what a cell did."""
        assert self._edited is not None
        self._is_changing = True
        try:
            if "layers" in found:
                self._edited.take(found["layers"])
                self._apart = None
            elif "freezing" in found and self._apart is None:
                self._edited.take(found["freezing"], {path: flag for _, path, flag in now.flags[1:]})
            if "name" in found:
                self._edited.document.rename_model(now.name)
        except Exception as error:  # noqa: BLE001  a layer of the user's own may raise anything when it is described
            self._apart = error
        finally:
            self._is_changing = False

    def _on_document(self) -> None:
        """The document was edited by itself, past the door: the model follows, after training where it trains."""
        with self._lock:
            if self._is_changing or self.is_training:
                return
            assert self._edited is not None
            made = self._settled(self._edited.document.revision - 1, "")
        self._tell(made)

    def _settled(self, revision: int, note: str) -> list[Change]:
        """What was changed, now that the model follows the document as far as it can without being built."""
        edited = self._edited
        found: dict[str, str] = {}
        if edited is not None and edited.document.revision != revision:
            note = note or edited.document.undo_label or ""
            found = {edited.follow_canvas(): note}
        if self._model is not None:
            now = Fingerprint.of(self._model)
            assert self._print is not None
            found = {**{what: note or words for what, words in now.since(self._print).items()}, **found}
            self._print = now
            if "freezing" in found:
                found.pop("compile", None)  # which only followed it
        elif note and not found:
            found = {"name": note}
        return [self._changed(what, words) for what, words in found.items()]

    def _changed(self, what: str, note: str) -> Change:
        self._version, self._note = self._version + 1, note
        if what in ("layers", "freezing"):
            self._fit_mark.add(note)
        if what == "layers":
            self._fresh = None
        return Change(what, note, self._version)

    def _tell(self, made: list[Change]) -> None:
        # not with the lock held: who listens asks for the model, and may do so in another thread
        for change in made:
            self._listeners.tell(change)

    def _replace(self) -> None:
        assert self._edited is not None
        old, self._model = self._model, self._edited.build()
        self._print = Fingerprint.of(self._model)
        self._on_model(self, old, self._model)

    def _set_statistics(self, rule: str) -> None:
        if self._model is not None and is_foreign(self._model):
            raise ArgumentError(
                "Keras itself keeps the running averages of frozen layers as they are; there is no rule to choose.",
                "Let the layer train if its averages are to move.",
            )
        before = K.frozen_statistics()
        K.set_frozen_statistics(rule)
        # of a model that was compiled under another rule it is asked again, though K has it already
        if self._model is None or not self._model.is_compiled or statistics_rule(self._model) == rule:
            return
        try:
            self._model.recompile()
        except BaseException:
            K.set_frozen_statistics(before)
            raise

    def _set_flags(self, names: list[str], trainable: bool) -> None:
        layers = self._layers_by_path()
        document = self._edited.document if self._edited is not None and self._apart is None else None
        held: dict[str, bool] = dict(document.flags) if document is not None else {}
        made_anew = {path for path in layers if held and "/" in path and path not in held}
        for name in made_anew.intersection(names):
            outer = name.partition("/")[0]
            raise ArgumentError(f'"{name}" is made anew by each edit of "{outer}".', f'Freeze "{outer}" as a whole.')
        layers = {path: layer for path, layer in layers.items() if path not in made_anew}
        flags = held | {path: layer.trainable for path, layer in layers.items()}
        empty = {path for path, layer in layers.items() if not layer.weights}
        names = chosen_layers(names, flags, self.title, flags.keys() - empty)
        if trainable and self._model is not None:
            freeze_each_layer(self._model)
            flags |= {path: layer.trainable for path, layer in layers.items()}
        wanted = changed_flags(flags, [name for name in names if name not in empty], trainable)
        wanted = {path: flag for path, flag in wanted.items() if path not in empty}
        set_flags(self._model, list(dict.fromkeys(layers[path] for path in wanted if path in layers)))
        if document is not None:
            document.set_flags({path: flag for path, flag in wanted.items() if path in held})

    def _layers_by_path(self) -> dict[str, Any]:
        """The layers of the model that is there and those inside them, by their paths on the canvas."""
        if self._edited is not None and self._model is not None:
            return self._edited.layers_by_path()
        return layers_by_path(self._model) if self._model is not None else {}

    def _rename(self, name: str) -> None:
        if self._edited is not None:
            self._edited.document.rename_model(name)
            name = self._edited.document.name
        if self._model is not None:
            view_of(self._model).name = name
