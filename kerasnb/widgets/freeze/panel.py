"""The Freeze panel: a padlock for each layer, and proof that what is frozen stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import traitlets

from ...errors import unknown_name
from ...report.freezing import ancestors, fingerprints, freeze_each_layer, freeze_state, verify
from ...report.numbers import count, shape_text
from ..base.door import check_model
from ..base.lasting import LastingWidget, bundle
from ..base.model_events import announce, listen
from ..base.model_name import model_title
from ..base.snapshot import Picture
from ..fit.job import refuse_while_training

__all__ = ["FreezePanel"]


class FreezePanel(LastingWidget):
    """Freezes and thaws layers of a model; a compiled model is compiled again by itself, its optimizer's state kept.

    Args:
        model: any model. Layers without parameters have no padlock.
    """

    _esm, _css = bundle("freeze").values()

    title = traitlets.Unicode().tag(sync=True)
    rows: Any = traitlets.List(help="One dict for each layer.").tag(sync=True)
    totals = traitlets.Dict().tag(sync=True)
    status = traitlets.Dict(help="{'text': ..., 'unchanged': bool}").tag(sync=True)
    selected = traitlets.Unicode(help="Name of the layer that has the focus.").tag(sync=True)

    def __init__(self, model: Any):
        check_model("FreezePanel", model)
        super().__init__(title=model_title(model))
        self.model = model
        self._prints: dict = {}
        self._refresh()
        self._remember()
        self.on_msg(self._on_message)
        listen(model, self._on_model_event)

    def freeze(self, *names: str) -> None:
        """Freeze the named layers."""
        self._set(names, trainable=False)

    def unfreeze(self, *names: str) -> None:
        """Let the named layers train."""
        self._set(names, trainable=True)

    def freeze_up_to(self, name: str) -> None:
        """Freeze the named layer and every layer that it is computed from."""
        self._layer(name)
        self._set(ancestors(self.model, name), trainable=False)

    def unfreeze_all(self) -> None:
        """Let every layer train."""
        self._set([layer.name for layer in self.model.layers], trainable=True)

    def verify(self) -> bool:
        """Whether the frozen weights are bit for bit those of the moment they were frozen; the panel says so too."""
        verification = verify(self._prints, fingerprints(self.model))
        self.status = {"text": verification.text(), "unchanged": verification.unchanged}
        self.leave_picture()
        return verification.unchanged

    def describe(self) -> str:
        frozen = [row["name"] for row in self.rows if row["frozen"]]
        return f"{self.title}: {count(self.totals['trainable'])} trainable, {count(self.totals['frozen'])} frozen" + (
            f" ({', '.join(frozen)})" if frozen else ""
        )

    def picture(self) -> Picture:
        width = max((len(row["name"]) for row in self.rows), default=0)
        lines = [
            f"  {'frozen' if row['frozen'] else '      '}  {row['name']:<{width}}  {row['count']:>11}"
            for row in self.rows
            if row["params"]
        ]
        return Picture("\n".join([self.describe(), *lines, self.status.get("text", "")]).rstrip())

    def _set(self, names: Any, trainable: bool) -> None:
        layers = [self._layer(name) for name in names]
        refuse_while_training(self.model)
        if trainable:
            freeze_each_layer(self.model)
        changed = [layer for layer in layers if layer.trainable != trainable and layer.weights]
        if not changed:
            return
        for layer in changed:
            layer.trainable = trainable
        if self.model.is_compiled:
            self.model.recompile()
        self._remember()
        announce(self.model, "freezing")
        self.status = {"text": self._done_text(), "unchanged": True}

    def _done_text(self) -> str:
        done = "compiled again; the optimizer's state is kept" if self.model.is_compiled else "takes effect at compile"
        return ". ".join(filter(None, [done, freeze_state(self.model).remark]))

    def _layer(self, name: str) -> Any:
        named = {layer.name: layer for layer in self.model.layers}
        if name not in named:
            raise unknown_name(f'layer of model "{self.title}" is called', name, named)
        return named[name]

    def _remember(self) -> None:
        """Keep the fingerprints of what was frozen before, and take those of what is frozen now."""
        now = fingerprints(self.model)
        self._prints = {name: self._prints.get(name, found) for name, found in now.items()}

    def _refresh(self) -> None:
        state = freeze_state(self.model)
        self.rows = [
            {**asdict(row), "output_shape": shape_text(row.output_shape), "count": count(row.params)}
            for row in state.rows
        ]
        self.totals = {"trainable": state.trainable, "frozen": state.frozen}

    def _on_model_event(self, what: str) -> None:
        self.error = {}  # that it was training, for one, is over now
        if what == "freezing":
            self._refresh()
            self._remember()
            self.leave_picture()
        elif self._prints:
            self.verify()

    def _on_message(self, _: Any, message: dict, buffers: list) -> None:
        actions: dict[str, Callable[..., Any]] = {
            "freeze": self.freeze,
            "unfreeze": self.unfreeze,
            "up_to": self.freeze_up_to,
            "unfreeze_all": self.unfreeze_all,
            "verify": self.verify,
            "close_error": lambda: None,
        }
        names = [message["layer"]] if "layer" in message else []
        try:
            actions[message["kind"]](*names)
            self.error = {}
        except Exception as error:  # noqa: BLE001  shown in the panel's own strip; the panel stays usable
            self.show_error(error)
