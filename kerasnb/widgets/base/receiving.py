"""The door for what the browser says: what makes no sense is refused in words, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import anywidget

from ...errors import ArgumentError, unknown_name

__all__ = ["Intent", "Receiving"]


class Intent(dict):
    """A message; what it leaves out, or has of a wrong type, is refused in words."""

    kind = ""

    def __missing__(self, key: str) -> Any:
        raise ArgumentError(f'a step of type "{self.kind}" needs "{key}".')

    def of_type(self, key: str, wanted: type) -> Any:
        """The value of a key, which must be of that type."""
        value = self[key]
        if type(value) is not wanted:
            raise ArgumentError(f'a step of type "{self.kind}" needs "{key}" as {_NAMES[wanted]}, got {value!r}.')
        return value

    def text(self, key: str) -> str:
        """The value of a key, which must be text."""
        return self.of_type(key, str)


_NAMES: dict[type, str] = {str: "text", int: "a whole number", bool: "true or false", list: "a list"}


class Receiving(anywidget.AnyWidget):
    """A widget that listens to the browser. A subclass lists in `intents` what may be asked of it."""

    KIND: ClassVar[str] = "kind"  # the key under which a message says what it is

    def intents(self) -> Mapping[str, Callable[[Intent], Any]]:
        """What a message may ask for -> what does it."""
        return {}

    def refuse(self, error: BaseException) -> None:
        """Show why something was not done."""
        raise NotImplementedError

    def accept(self, intent: Intent) -> None:
        """Do what is asked."""
        self.intents()[intent.kind](intent)

    def _receive(self, _: Any, message: Any, __: Any) -> None:
        try:
            self.accept(self._read(message))
        except Exception as error:  # noqa: BLE001  shown in the widget's own strip; it stays usable
            self.refuse(error)

    def _read(self, message: Any) -> Intent:
        if not isinstance(message, Mapping):
            raise ArgumentError(f"a step is a set of names with values, got {message!r}.")
        intent = Intent(message)
        kind = message.get(self.KIND)
        known = self.intents()
        if not isinstance(kind, str) or kind not in known:
            raise unknown_name("step is called", kind, known)
        intent.kind = kind
        return intent

    def set_state(self, sync_data: Mapping[str, Any]) -> None:
        """Take traits from the browser, one by one; a value that it cannot have is refused, the old one sent back."""
        for name, value in sync_data.items():
            try:
                if name in self.keys:
                    # ipywidgets would check it only when it is there
                    from_json = self.trait_metadata(name, "from_json", self._trait_from_json)
                    self.traits()[name]._validate(self, from_json(value, self))
                super().set_state({name: value})
            except Exception as error:  # noqa: BLE001  shown in the widget's own strip; it stays usable
                self.refuse(error)
                self.send_state(name)
