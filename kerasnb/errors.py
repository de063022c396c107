"""The errors that kerasnb raises.

    KerasnbError
    ├── ShapeError         an input whose shape (or dtype) does not fit
    │   └── UnbuiltError       weights asked of a layer that has none yet (a RuntimeError too)
    ├── GraphError         a model whose tensors are not connected as they must be (a RuntimeError too, as in Keras)
    │   └── NodeError          an input or output that a layer does not have, or has several of (an AttributeError too)
    ├── ArgumentError      an argument that a layer or function cannot take
    │   ├── UnknownNameError   a name nobody knows; close ones are offered
    │   └── KindError          a thing of the wrong kind, such as a number where a layer belongs (a TypeError too)
    ├── WeightsError       arrays that do not fit a layer's weights
    ├── StatefulError      a recurrent state without a fixed batch size
    ├── DataError          arrays, labels or samples that do not fit the model
    │   ├── ClassWeightError   weights of classes that are none, or leave a class out (a KeyError too, as in Keras)
    │   └── GeneratorError     a generator of batches raised; of the class of its own error too
    ├── FileError          a file or folder that is missing, corrupt or cannot be written (an OSError, as in Keras)
    │   ├── DownloadError      a file that could not be fetched
    │   └── MissingFileError   no such file or folder (a FileNotFoundError too)
    ├── NotCompiledError   training asked of a model that was not compiled (a RuntimeError, as in Keras)
    ├── BusyError          a model that is training at this moment (a RuntimeError)
    ├── MachineError       a process that a model was trained on ended, hangs or failed (a RuntimeError)
    ├── DivergedError      a loss that is no number any more, where that is to be an error (a RuntimeError)
    └── BackendError       a backend that is missing, unknown or unable

All but the RuntimeErrors and OSErrors are ValueErrors too, which is what Keras 1.2 raises in their place.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Self

from .absent import found_absent

__all__ = [
    "KerasnbError",
    "ShapeError",
    "UnbuiltError",
    "GraphError",
    "NodeError",
    "ArgumentError",
    "UnknownNameError",
    "KindError",
    "WeightsError",
    "StatefulError",
    "DataError",
    "ClassWeightError",
    "GeneratorError",
    "FileError",
    "DownloadError",
    "MissingFileError",
    "NotCompiledError",
    "BusyError",
    "DivergedError",
    "MachineError",
    "BackendError",
    "absent_name",
    "unknown_name",
]


class KerasnbError(Exception):
    """An error that says who, what was expected and what came, and what to do.

    Args:
        message: the problem, with the real values in it.
        advice: what to do next; follows on a line of its own.
        layer: name of the layer it happened in, once known.
        arguments: names of the constructor arguments to blame.
    """

    def __init__(self, message: str, advice: str = "", *, layer: str | None = None, arguments: Sequence[str] = ()):
        super().__init__(message)
        self.message = message
        self.advice = advice
        self.layer = layer
        self.arguments = tuple(arguments)
        self.who = ""
        self.where = ""

    def named(self, class_name: str, name: str) -> Self:
        """Say which layer it happened in, unless that is known already."""
        if self.layer is None:
            self.layer = name
            self.who = f'{class_name} "{name}": '
        return self

    def located(self, where: str) -> Self:
        """Say on which line of the user's it happened, unless that is known already."""
        self.where = self.where or where
        return self

    def __str__(self) -> str:
        lines = [self.who + self.message, self.advice, f"At {self.where}" if self.where else ""]
        return "\n".join(line for line in lines if line)


class ShapeError(KerasnbError, ValueError):
    """An input whose shape or dtype does not fit."""


class UnbuiltError(ShapeError, RuntimeError):
    """Weights asked of a layer that has none yet."""


class GraphError(KerasnbError, ValueError, RuntimeError):
    """A model whose tensors are not connected as they must be."""


class NodeError(GraphError, AttributeError):
    """An input or output that a layer does not have, or has several of."""


class ArgumentError(KerasnbError, ValueError):
    """An argument that a layer or function cannot take."""


class UnknownNameError(ArgumentError):
    """A name that nobody knows."""


class KindError(ArgumentError, TypeError):
    """A thing of the wrong kind, such as a number where a layer belongs."""


class WeightsError(KerasnbError, ValueError):
    """Arrays that do not fit a layer's weights."""


class StatefulError(KerasnbError, ValueError):
    """A recurrent state without a fixed batch size."""


class DataError(KerasnbError, ValueError):
    """Arrays, labels or samples that do not fit the model."""


class ClassWeightError(DataError, KeyError):
    """Weights of classes that are none, or leave a class out."""


class GeneratorError(DataError):
    """A generator of batches raised; what is raised is of the class of its own error too."""


class FileError(KerasnbError, ValueError, OSError):
    """A file or folder that is missing, corrupt or cannot be written."""


class DownloadError(FileError):
    """A file that could not be fetched."""


class MissingFileError(FileError, FileNotFoundError):
    """No such file or folder."""


class NotCompiledError(KerasnbError, RuntimeError):
    """Training asked of a model that was not compiled."""


class BusyError(KerasnbError, RuntimeError):
    """A model that is training at this moment."""


class DivergedError(KerasnbError, RuntimeError):
    """A loss that is no number any more, where that is to be an error."""


class MachineError(KerasnbError, RuntimeError):
    """A process that a model was trained on ended, hangs or failed."""


class BackendError(KerasnbError, ValueError, ImportError):
    """A backend that is missing, unknown, or unable to do this."""


def unknown_name(kind: str, name: object, known: Iterable[str], advice: str = "") -> UnknownNameError:
    """The error for a name nobody knows, with the closest known ones, or what to do instead where Keras 3 has it."""
    absent = found_absent(kind, name)
    if absent is not None:
        return absent_name(absent[0], f"{absent[1]} {advice}".strip())
    known = sorted(known)
    close = difflib.get_close_matches(str(name), known, n=2, cutoff=0.6)
    asks = f" Did you mean {' or '.join(repr(word) for word in close)}?".replace("'", '"') if close else ""
    listed = ", ".join(f'"{word}"' for word in known) if len(known) <= 24 else f"{len(known)} others"
    return UnknownNameError(f'no {kind} "{name}"; there are {listed or "none"}.{asks}', advice)


def absent_name(name: object, instead: str) -> UnknownNameError:
    """The error for a name of Keras 3 that is not there."""
    return UnknownNameError(f"{name} is not there: it is a name of Keras 3 that kerasnb has not.", instead)
