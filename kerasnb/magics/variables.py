"""The user's variables as the magics see them: which hold models, which arrays, and which follow a Builder."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable
from typing import Any

from IPython.core.error import UsageError

__all__ = ["Variables"]


class Variables:
    """The namespace of one shell.

    A name given to `%kerasnb build` stands for one `Subject` from then on, whatever objects its model is: whenever a
    cell starts, the variable holds the model as it last fitted together. A name that the user gives to something else
    is let go.
    """

    def __init__(self, shell: Any):
        self.shell = shell
        self._held: dict[str, Any] = {}  # name of a subject -> the model that was last put into its variable

    @property
    def names(self) -> dict[str, Any]:
        """The notebook's variables by name."""
        return self.shell.user_ns

    # ---- models

    def subject(self, name: str) -> Any:
        """The subject that a variable stands for; one that may have no model yet.

        Raises:
            UsageError: there is no such variable, or it holds something else.
        """
        from ..workspace import here, subject_of

        self.sync()
        if name in self._held:
            return here.named[name]
        value = self.names.get(name)
        if not _is_model(value) and not _has_subject(value):
            raise UsageError(self._no_model(name))
        return subject_of(value)

    def model(self, name: str) -> Any:
        """The model of a variable as it is now; that of a Builder where the variable holds one.

        Raises:
            UsageError: there is no such variable, it holds something else, or its Builder has no model yet.
        """
        return self.whole(name).model

    def whole(self, name: str) -> Any:
        """The subject of a variable that has a model.

        Raises:
            UsageError: as for `model`.
        """
        subject = self.subject(name)
        if subject.model is None:
            raise UsageError(f'"{name}" is no whole model yet: {_what_is_missing(subject.document)}')
        return subject

    def document(self, name: str) -> Any:
        """What the model of a variable is edited by; None where no Builder was opened, or there is no model."""
        self.sync()
        is_known = name in self._held or _is_model(self.names.get(name)) or _has_subject(self.names.get(name))
        return self.subject(name).document if is_known else None

    def editable(self, name: str) -> Any:
        """The subject of a variable, with a document to edit it by, whether a Builder was opened or not.

        Raises:
            UsageError: as for `subject`.
            GraphError: the model cannot be edited.
        """
        from ..widgets.builder import Document

        subject = self.subject(name)
        subject.open(Document.from_model)
        if name not in self._held and _is_model(self.names.get(name)):
            self.follow(name, subject)  # an edit makes another object, which the variable is to hold
        return subject

    def follow(self, name: str, subject: Any) -> None:
        """From now on the name stands for this subject, and the variable holds its model."""
        from ..workspace import here

        here.name(name, subject)
        self._held[name] = self.names.get(name)
        self.sync()

    def sync(self) -> None:
        """Put the models of named subjects into their variables."""
        for name in list(self._held):
            self._sync(name)

    def _sync(self, name: str) -> None:
        from ..workspace import here

        if self.names.get(name) is not self._held[name]:
            self._let_go(name)
        elif (model := here.named[name].model) is not None:
            self._held[name] = self.names[name] = model

    def _let_go(self, name: str) -> None:
        from ..workspace import here

        del self._held[name]
        here.forget(name)

    def close(self) -> None:
        """Let all names go."""
        for name in list(self._held):
            self._let_go(name)

    def on_cell(self, _: Any = None) -> None:
        """What IPython calls before each cell."""
        self.sync()

    def after_cell(self, _: Any = None) -> None:
        """What IPython calls after each cell: what it did to models is shown."""
        known = sys.modules.get("kerasnb.workspace")
        if known is not None:
            known.here.look()

    def model_names(self) -> list[str]:
        """Variables that name a model, those of empty Builders included."""
        held = {name for name, value in self.names.items() if _is_model(value) or _has_subject(value)}
        return sorted({name for name in held if not name.startswith("_")} | set(self._held))

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
            held, listed = self.names[name], _those("arrays", self.array_names())
            make = f"\nMake it one: {name} = np.array({name})" if isinstance(held, (list, tuple)) and held else ""
            raise UsageError(f'"{name}" holds no samples but {_kind_of(held)}; {listed}{make}')
        return self.names[name]

    def data(self, names: Any) -> Any:
        """What fit is given as `x`, `y` or validation data: of one variable, a list of them, or a dict by input.

        Raises:
            UsageError: there is no such variable, or it holds neither samples nor batches.
        """
        if isinstance(names, dict):
            return {part: self.array(name) for part, name in names.items()}
        if isinstance(names, list):
            return [self.array(name) for name in names]
        value = self.names.get(names)
        return value if self.is_batches(value) else self.array(names)

    def is_batches(self, value: Any) -> bool:
        """Whether it is a generator, a Sequence or a data set of batches."""
        from ..engine.feeding.datasets import are_batches

        return not _holds_samples(value) and are_batches(value)

    def callbacks(self, names: Iterable[str]) -> list[Any]:
        """The callbacks in these variables, each of which may hold a list.

        Raises:
            UsageError: there is no such variable, or it holds no callbacks.
        """
        from ..callbacks import Callback

        found = []
        for name in names:
            value = self.names.get(name)
            held = list(value) if isinstance(value, (list, tuple)) else [value]
            if not held or not all(isinstance(each, Callback) for each in held):
                raise UsageError(f'"{name}" holds no callbacks; make one, as {name} = EarlyStopping()')
            found += held
        return found

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
    if container is not None and isinstance(value, container.Container):
        return True
    if not any(cls.__module__.partition(".")[0] in ("keras", "tf_keras") for cls in type(value).__mro__):
        return False
    from ..views import is_foreign

    return is_foreign(value)


def _has_subject(value: Any) -> bool:
    """Whether it is a subject, or a Builder, which stands for its own."""
    subject, widget = (
        sys.modules.get(f"kerasnb.{name}") for name in ("workspace.subject", "widgets.builder.screen.widget")
    )
    is_subject = subject is not None and isinstance(value, subject.Subject)
    return is_subject or (widget is not None and isinstance(value, widget.Builder))


def _is_array(value: Any) -> bool:
    has_values = hasattr(value, "dtype") or hasattr(value, "dtypes")  # the latter: a table of pandas
    shape = getattr(value, "shape", None)  # the module numpy has one too: a function
    return has_values and hasattr(value, "__len__") and hasattr(shape, "__len__") and len(shape) > 0


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


def _what_is_missing(document: Any) -> str:
    return f"{document.obstacle}"
