"""What the front end may ask of a Builder: one entry per message type, each checked in Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .... import backend as K
from ....errors import ArgumentError, UnknownNameError
from ....workspace import here
from ...base.receiving import Intent

__all__ = ["INTENTS", "check_version"]

Builder = Any  # the widget, which imports this module


def check_version(intent: Intent, revision: int) -> None:
    """Refuse what was meant for another state of the document: sent twice, or overtaken by another Builder or a cell.

    A message without a version comes from a program, and means the document as it is.
    """
    if "version" not in intent:
        return
    version = intent.of_type("version", int)
    if version != revision:
        raise ArgumentError(
            f"nothing was done: this step was meant for version {version} of the model, which is at {revision} by now.",
            "Look at it, and do it again if it still makes sense.",
        )


def _check_layers(builder: Builder, intent: Intent) -> None:
    """Say in the same way of every layer that is gone that it is."""
    several = intent["names"] if isinstance(intent.get("names"), list) else []
    for name in (*(intent.get(key) for key in ("name", "after", "before", "source", "target")), *several):
        if isinstance(name, str) and name and name not in builder.document.graph:
            raise UnknownNameError(f'nothing was done: layer "{name}" is gone.', "There are the layers on the canvas.")


def _names(intent: Intent) -> list[str]:
    """The layers that are meant: one `name`, or several `names`."""
    if "names" not in intent:
        return [intent.text("name")]
    names = intent.of_type("names", list)
    if not names or not all(isinstance(name, str) for name in names):
        raise ArgumentError(f'a step of type "{intent.kind}" needs "names" of layers, got {names!r}.')
    return names


def _add(builder: Builder, intent: Intent) -> None:
    after, before = intent.get("after"), intent.get("before")
    arguments = intent.get("arguments") or {}
    if not isinstance(arguments, dict) or not all(isinstance(name, str) for name in arguments):
        raise ArgumentError(f"arguments of a layer are names with values, got {arguments!r}.")
    builder.add(intent.text("class_name"), after, before, bool(intent.get("branch")), **arguments)


def _backend(builder: Builder, intent: Intent) -> None:
    name = intent.text("name")
    builder.subject.change(lambda: K.use(name))
    here.look()
    builder._draw()


def _fix(builder: Builder, intent: Intent) -> None:
    name, index = intent.text("name"), intent.of_type("index", int)
    label = intent.get("label")
    offered = builder.document.fixes(name)
    if label is not None and 0 <= index < len(offered) and offered[index].label != label:
        raise ArgumentError(f'nothing was done: the fix "{label}" is not offered at "{name}" any more.')
    builder.fix(name, index)


def _at_layers(act: Callable[[Builder, Intent], Any]) -> Callable[[Builder, Intent], Any]:
    """A step at layers that must still be there."""

    def checked(builder: Builder, intent: Intent) -> None:
        _check_layers(builder, intent)
        act(builder, intent)

    return checked


def _trainable(builder: Builder, intent: Intent) -> None:
    builder.freeze(_names(intent), not intent.of_type("trainable", bool))


def _duplicate(builder: Builder, intent: Intent) -> None:
    builder.duplicate(*_names(intent), after=_place(intent, "after"), before=_place(intent, "before"))


def _move(builder: Builder, intent: Intent) -> None:
    builder.move(*_names(intent), after=intent.text("after"), before=_place(intent, "before"))


def _place(intent: Intent, key: str) -> str | None:
    return intent.text(key) if intent.get(key) is not None else None


def _again(builder: Builder, intent: Intent) -> None:
    name, after = intent.text("name"), intent.text("after")
    builder.call_again(name, after, _place(intent, "before"), bool(intent.get("branch")))


def _set(builder: Builder, intent: Intent) -> None:
    builder.set_argument(intent.text("name"), intent.text("argument"), intent["value"])


INTENTS: dict[str, Callable[[Builder, Intent], Any]] = {
    "add": _at_layers(_add),
    "connect": _at_layers(lambda builder, intent: builder.connect(intent.text("source"), intent.text("target"))),
    "disconnect": _at_layers(lambda builder, intent: builder.disconnect(intent.text("source"), intent.text("target"))),
    "remove": _at_layers(lambda builder, intent: builder.remove(*_names(intent))),
    "duplicate": _at_layers(_duplicate),
    "move": _at_layers(_move),
    "shift": _at_layers(lambda builder, intent: builder.shift(*_names(intent), by=intent.of_type("by", int))),
    "again": _at_layers(_again),
    "rename": _at_layers(lambda builder, intent: builder.rename(intent.text("name"), intent.text("new_name"))),
    "set": _at_layers(_set),
    "replace": _at_layers(lambda builder, intent: builder.replace(intent.text("name"), intent.text("class_name"))),
    "trainable": _at_layers(_trainable),
    "fix": _at_layers(_fix),
    "fold": _at_layers(lambda builder, intent: builder.fold(intent.text("name"), intent.of_type("folded", bool))),
    "undo": lambda builder, _: builder.undo(),
    "redo": lambda builder, _: builder.redo(),
    "name": lambda builder, intent: builder.rename_model(intent.text("name")),
    "backend": _backend,
    "bring_back": lambda builder, _: builder.bring_back(),
}
