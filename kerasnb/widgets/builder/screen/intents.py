"""What the front end may ask of a Builder: one entry per message type, each checked in Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .... import backend as K
from ....errors import ArgumentError

__all__ = ["INTENTS", "Intent"]

Message = Mapping[str, Any]
Builder = Any  # the widget, which imports this module


def _add(builder: Builder, message: Message) -> None:
    builder.add(message["class_name"], message.get("after"), message.get("before"), bool(message.get("branch")))


class Intent(dict):
    """A message; what it leaves out is refused in words."""

    def __missing__(self, key: str) -> Any:
        raise ArgumentError(f'a step of type "{self.get("type")}" needs "{key}".')


def _backend(builder: Builder, message: Message) -> None:
    K.use(message["name"])
    builder._draw()


INTENTS: dict[str, Callable[[Builder, Message], Any]] = {
    "add": _add,
    "connect": lambda builder, message: builder.connect(message["source"], message["target"]),
    "disconnect": lambda builder, message: builder.disconnect(message["source"], message["target"]),
    "remove": lambda builder, message: builder.remove(message["name"]),
    "rename": lambda builder, message: builder.rename(message["name"], message["new_name"]),
    "set": lambda builder, message: builder.set(message["name"], **{message["argument"]: message["value"]}),
    "replace": lambda builder, message: builder.replace(message["name"], message["class_name"]),
    "trainable": lambda builder, message: builder.freeze(message["name"], not message["trainable"]),
    "fix": lambda builder, message: builder.fix(message["name"], message["index"]),
    "undo": lambda builder, message: builder.undo(),
    "redo": lambda builder, message: builder.redo(),
    "name": lambda builder, message: builder.rename_model(message["name"]),
    "backend": _backend,
}
