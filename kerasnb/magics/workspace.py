"""The user's variables as the magics see them: which hold models, which arrays, and which follow a Builder."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from IPython.core.error import UsageError

__all__ = ["Workspace"]


@dataclass
class _Followed:
    """A Builder, and the model that was last taken from it into its variable."""

    builder: Any
    model: Any = None


class Workspace:
    """The namespace of one shell.

    A name given to `%kerasnb build` follows that Builder: whenever a cell starts, the variable holds the model as it
    last fitted together. A name that the user gives to something else is let go.
    """

    def __init__(self, shell: Any):
        self.shell = shell
        self._followed: dict[str, _Followed] = {}

    @property
    def names(self) -> dict[str, Any]:
        return self.shell.user_ns

    # ---- models

    def model(self, name: str) -> Any:
        """The model that a variable holds; a Builder's variable gives its model.

        Raises:
            UsageError: there is no such variable, it holds something else, or its Builder has no model yet.
        """
        builder = self.builder(name)
        value = builder.model if builder is not None else self.names.get(name)
        if builder is not None and value is None:
            raise UsageError(f'"{name}" is no whole model yet: {_what_is_missing(builder)}')
        if not _is_model(value):
            raise UsageError(self._no_model(name))
        return value

    def builder(self, name: str) -> Any:
        """The Builder that a variable follows or is; None where there is none."""
        self.sync()
        if name in self._followed:
            return self._followed[name].builder
        value = self.names.get(name)
        return value if _is_builder(value) else None

    def follow(self, name: str, builder: Any) -> None:
        """From now on the variable holds the Builder's model."""
        self._followed[name] = _Followed(builder, self.names.get(name))
        self.sync()

    def sync(self) -> None:
        """Put the models of Builders into their variables."""
        for name, followed in list(self._followed.items()):
            if self.names.get(name) is not followed.model:
                del self._followed[name]
            elif (model := followed.builder.model) is not None:
                followed.model = self.names[name] = model

    def on_cell(self, _: Any = None) -> None:
        """What IPython calls before each cell."""
        self.sync()

    def model_names(self) -> list[str]:
        """Variables that name a model, those of empty Builders included."""
        held = {name for name, value in self.names.items() if _is_model(value) or _is_builder(value)}
        return sorted({name for name in held if not name.startswith("_")} | set(self._followed))

    # ---- arrays

    def array(self, name: str) -> Any:
        """The value of a variable that holds samples.

        Raises:
            UsageError: there is no such variable, or it holds no samples.
        """
        if name not in self.names:
            raise UsageError(
                f'there is no variable "{name}"; {_those("arrays", self.array_names(), name)}\n'
                "Load some: %kerasnb data digits"
            )
        if not _holds_samples(self.names[name]):
            raise UsageError(
                f'"{name}" holds no samples but {_kind_of(self.names[name])}; ' + _those("arrays", self.array_names())
            )
        return self.names[name]

    def has(self, *names: str) -> bool:
        """Whether all of these variables hold samples."""
        return all(_holds_samples(self.names.get(name)) for name in names)

    def array_names(self) -> list[str]:
        """Variables that hold arrays."""
        return sorted(name for name, value in self.names.items() if not name.startswith("_") and _is_array(value))

    def _no_model(self, name: str) -> str:
        listed = _those("models", self.model_names(), name)
        if name in self.names:
            return f'"{name}" is no model but {_kind_of(self.names[name])}; {listed}'
        return f'there is no variable "{name}"; {listed}\nBuild one: %kerasnb build {name}'


def _is_model(value: Any) -> bool:
    # nothing can be a model before the module that makes them is loaded, and looking must not load it
    container = sys.modules.get("kerasnb.engine.container")
    return container is not None and isinstance(value, container.Container)


def _is_builder(value: Any) -> bool:
    widget = sys.modules.get("kerasnb.widgets.builder.screen.widget")
    return widget is not None and isinstance(value, widget.Builder)


def _is_array(value: Any) -> bool:
    return len(getattr(value, "shape", ()) or ()) > 0 and hasattr(value, "dtype") and hasattr(value, "__len__")


def _holds_samples(value: Any) -> bool:
    several = isinstance(value, (list, tuple)) and len(value) > 0
    return all(_is_array(part) for part in value) if several else _is_array(value)


def _kind_of(value: Any) -> str:
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _those(kind: str, known: Iterable[str], name: str = "") -> str:
    known = list(known)
    if not known:
        return f"there are no {kind} yet."
    close = difflib.get_close_matches(name, known, n=1) if name else []
    asks = f' Did you mean "{close[0]}"?' if close else ""
    return f"{kind} here: {', '.join(known)}.{asks}"


def _what_is_missing(builder: Any) -> str:
    failed = builder.document.failed
    if failed:
        error = builder.document.results[failed[0]].error
        return f"{error}"
    return "its Builder has no layers.\nAdd one there: press / and choose."
