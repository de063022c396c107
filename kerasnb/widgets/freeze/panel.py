"""The Freeze panel: a padlock for each layer, and proof that what is frozen stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import traitlets

from ...errors import ArgumentError, unknown_name
from ...report.averages import averages_state
from ...report.freezing import Verification, ancestors, freeze_state, is_in_force
from ...report.numbers import count, shape_text
from ...views import is_foreign
from ...workspace.listeners import Change
from ..base.door import whole_model
from ..base.following import Following
from ..base.front_end import is_watched
from ..base.lasting import bundle
from ..base.newest_work import NewestWork
from ..base.receiving import Intent
from ..base.snapshot import Picture
from .proof import LARGE, Proof, bytes_frozen
from .tuning import FineTuning

__all__ = ["FreezePanel"]


class FreezePanel(FineTuning, Following):
    """Freezes and thaws layers of a model; a compiled model is compiled again by itself, its optimizer's state kept.

    Args:
        model: any model, or a Builder whose model it follows. Layers without parameters have no padlock.
        y: targets that a new head is for, when the model is fine-tuned.
    """

    _esm, _css = bundle("freeze").values()

    title = traitlets.Unicode().tag(sync=True)
    rows: Any = traitlets.List(help="One dict for each layer.").tag(sync=True)
    totals = traitlets.Dict().tag(sync=True)
    status = traitlets.Dict(help="{'text': ..., 'unchanged': bool}").tag(sync=True)
    hashing = traitlets.Dict(help="While weights are hashed: {'done': ..., 'of': ...}, in layers.").tag(sync=True)
    selected = traitlets.Unicode(help="Name of the layer that has the focus.").tag(sync=True)
    averages = traitlets.Dict(help="Running averages: {'rule': ..., 'moves': ..., 'text': ...}").tag(sync=True)

    def __init__(self, model: Any, y: Any = None):
        self.y = y
        self.subject = subject = whole_model("FreezePanel", model)
        super().__init__(title=subject.title)
        self._proof, self._work = Proof(self._show_progress), NewestWork()
        self._refresh()
        self._remember()
        self.follow_subject(subject)

    def freeze(self, *names: str) -> None:
        """Freeze the named layers, or those whose names match a pattern: `conv*`."""
        self.subject.freeze(names)

    @property
    def facts(self) -> dict[str, Any]:
        """What `--json` tells: how many numbers learn, how many are frozen, in which layers."""
        state = freeze_state(self.model)
        return {"trainable": state.trainable, "frozen": state.frozen, "frozen_layers": state.frozen_layers}

    def unfreeze(self, *names: str) -> None:
        """Let the named layers train, or those whose names match a pattern."""
        self.subject.freeze(names, trainable=True)

    def freeze_up_to(self, name: str) -> None:
        """Freeze the named layer and every layer that it is computed from; it need not have weights itself."""
        model, known = self.model, [row["name"] for row in self.rows]
        if name not in known:
            raise unknown_name(f'layer of model "{self.title}" is called', name, known)
        before = ancestors(model, name)
        if not any(row["params"] for row in self.rows if row["name"] in before):
            raise ArgumentError(f'no layer up to "{name}" has weights.', "Choose a later one.")
        self.subject.freeze(before)

    def unfreeze_all(self) -> None:
        """Let every layer train."""
        self.subject.freeze([row["name"] for row in self.rows], trainable=True)

    def set_statistics(self, rule: str) -> None:
        """Let running averages of frozen layers `move` or `stay`; `auto` does as the model is spelt."""
        self.subject.set_frozen_statistics(rule)

    def verify(self) -> bool:
        """Whether the frozen weights are bit for bit those of the moment they were frozen; the panel says so too."""
        model, made = self.model, list[Verification]()
        self._hash(lambda: made.append(self._proof.compare(model)), 0)
        verification = made[0] if made else self._proof.compare(model)  # a click asked for something else meanwhile
        self._show(verification)
        return verification.unchanged

    def _verify_soon(self) -> None:
        """Compare, where that takes long in the background; until then nothing is said to be unchanged."""
        model, self.status = self.model, {}
        self._hash(lambda: self._show(self._proof.compare(model)), bytes_frozen(model))

    def _show(self, verification: Verification) -> None:
        self.status = {"text": verification.text(), "unchanged": verification.unchanged}
        if (error := verification.error()) is not None:
            self.show_error(error)
        self.leave_picture()

    def _hash(self, act: Callable[[], Any], size: int) -> None:
        """Do what hashes so many bytes: here, or in a thread where that is felt by somebody who watches."""
        self._work.ask(lambda: self._attempt(act), in_background=size > LARGE and is_watched(self.has_view))

    def _attempt(self, act: Callable[[], Any]) -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001  shown in the panel's own strip; it stays usable
            self.status = {"text": "not verified", "unchanged": False}
            self.show_error(error)
        self.hashing = {}

    def _show_progress(self, done: int, of: int) -> None:
        progress = {"done": done, "of": of}
        if self.hashing != progress:
            self.hashing = progress

    def describe(self) -> str:
        frozen = freeze_state(self.model).frozen_layers
        return f"{self.title}: {count(self.totals['trainable'])} trainable, {count(self.totals['frozen'])} frozen" + (
            f" ({', '.join(frozen)})" if frozen else ""
        )

    def picture(self) -> Picture:
        frozen = freeze_state(self.model).frozen_layers
        width = max((len(row["name"]) for row in self.rows), default=0)
        lines = [
            f"  {'frozen' if row['frozen'] else '      '}  {row['name']:<{width}}  {row['count']:>11}"
            for row in self.rows
            if row["params"] and (not row["depth"] or row["name"] in frozen)
        ]
        return Picture("\n".join([self.describe(), *lines, self.status.get("text", "")]).rstrip())

    def _done_text(self) -> str:
        model = self.model
        done = "compiled again; the optimizer's state is kept" if is_in_force(model) else "takes effect at compile"
        return ". ".join(filter(None, [done, freeze_state(model).remark]))

    def _remember(self) -> None:
        """Keep what was taken of what was frozen before, and take what is frozen now."""
        self._hash(self._proof.take, self._proof.note(self.model))

    def _refresh(self) -> None:
        state = freeze_state(self.model)
        self.rows = [
            {**asdict(row), "output_shape": shape_text(row.output_shape), "count": count(row.params)}
            for row in state.rows
        ]
        self.totals = {"trainable": state.trainable, "frozen": state.frozen}
        averages = averages_state(self.model)
        self.averages = {"rule": averages.rule, "moves": averages.moves, "text": averages.text()}
        if is_foreign(self.model):  # which settles it itself
            self.averages = {**self.averages, "is_fixed": True}
        self.show_head()

    def on_subject(self, change: Change) -> None:
        self.title, self.error = self.subject.title, {}  # that it was training, for one, is over now
        if change.what == "weights":
            if not self._proof.is_empty:
                self._verify_soon()
            return
        if change.what == "layers":
            self._proof.forget()  # those were other weights
        if change.what in ("layers", "freezing"):
            self._refresh()
            self._remember()
            self.status = {"text": self._done_text(), "unchanged": True} if change.what == "freezing" else {}
            self.leave_picture()

    def intents(self) -> Mapping[str, Callable[[Intent], Any]]:
        return {
            "freeze": lambda intent: self.freeze(intent.text("layer")),
            "unfreeze": lambda intent: self.unfreeze(intent.text("layer")),
            "up_to": lambda intent: self.freeze_up_to(intent.text("layer")),
            "unfreeze_all": lambda _: self.unfreeze_all(),
            "verify": lambda _: self._verify_soon(),
            "statistics": lambda intent: self.set_statistics(intent.text("rule")),
            "close_error": lambda _: None,
            **self.tuning_intents(),
        }

    def accept(self, intent: Intent) -> None:
        super().accept(intent)
        self.error = {}
