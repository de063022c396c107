"""A document as text (JSON) and back: layers, arguments, connections; not its history. No code is run."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from typing import Any, NoReturn

import numpy as np

from ....engine.layer import Layer
from ....engine.stand_in import Seen, StandIn
from ....errors import ArgumentError, FileError
from .document import Document
from .graph import Graph, LayerSpec
from .standing import is_stand_in
from .values import Call, safe_repr

__all__ = ["FORMAT", "VERSION", "NotKept", "as_data", "graph_from", "read_data", "read_document", "written"]

FORMAT, VERSION = "kerasnb-document", 1
MOST_VALUES = 100_000
MOST_LETTERS = 50_000_000


class NotKept:
    """Stands for a value that no file can hold: a function that is not in the notebook, an object of somebody's own.

    The layer that needs it carries an error that says so; everything else of the document is there.
    """

    def __init__(self, said: str):
        self.__name__ = said

    def __call__(self, *_: Any, **__: Any) -> NoReturn:
        raise ArgumentError(
            f"{self.__name__} was not kept with the model, and is not in this notebook.",
            "Run the cell that defines it, then this one again.",
        )

    def __repr__(self) -> str:
        return self.__name__


class _NotKeptLayer(Layer):
    """Stands for a layer that no arguments describe, where nothing brings it back."""

    def call(self, x: Any, mask: Any = None) -> NoReturn:
        raise ArgumentError(
            "was not kept with the model: no arguments describe it.",
            "Run the cell that makes it, then the Builder's again, or put another layer in its place.",
        ).named("", self.name)


def written(document: Document) -> str:
    """The document's present state as text."""
    return json.dumps(as_data(document), indent=1, allow_nan=False)


def as_data(document: Document) -> dict[str, Any]:
    """The document's present state as what JSON can hold."""
    graph = document.graph
    return {
        "format": FORMAT,
        "version": VERSION,
        "name": document.name,
        "layers": [
            {
                "name": spec.name,
                "class": spec.class_name,
                "arguments": {name: _out(value) for name, value in spec.arguments.items()},
                "trainable": spec.trainable,
                **_beside(spec),
            }
            for spec in graph.layers
        ],
        "connections": [list(pair) for pair in graph.connections],
        **({"outputs": list(graph.marked)} if graph.marked else {}),
    }


def _beside(spec: LayerSpec) -> dict[str, Any]:
    """What few layers have; of one that no arguments describe, what it is called."""
    values = {
        "live": spec.live.name if spec.live is not None else None,
        "stands_in": _known_of(spec.live) if is_stand_in(spec) else None,
        "inside": dict(spec.inside),
        "shares": spec.shares,
        "reads_list": spec.reads_list,
        "called_with": {name: _out(value) for name, value in spec.called_with.items()},
    }
    return {name: value for name, value in values.items() if value}


def read_document(text: str, where: str = "the text") -> Document:
    """The document that `written` wrote.

    Args:
        where: what the text is, for an error.

    Raises:
        FileError: it is damaged, something else, or of a later release.
        UnknownNameError: it needs a layer class that is not there (a user's own: run the cell that defines it).
    """
    data = read_data(text, where, FORMAT, VERSION)
    return Document.from_graph(graph_from(data, where), str(data.get("name") or "model"))


def read_data(text: str, where: str, kind: str, version: int) -> Mapping[str, Any]:
    """JSON of a format of ours.

    Raises:
        FileError: it is damaged, something else, or of a later release.
    """
    if len(text) > MOST_LETTERS:
        raise FileError(f"{where} has {len(text):,} letters, more than any document.", "Is it another file?")
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        raise FileError(f"{where} is damaged: it is no JSON.", "Take an earlier copy of it.") from None
    if not isinstance(read, Mapping) or read.get("format") != kind:
        raise FileError(f"{where} holds no model of a Builder.", "Give a file that a Builder has saved.")
    found = read.get("version")
    if type(found) is not int or found > version:
        raise FileError(
            f"{where} is written in format {found!r}, this release of kerasnb reads up to {version}.",
            "Install a later release.",
        )
    return read


def graph_from(data: Any, where: str, shown: Graph | None = None) -> Graph:
    """The graph in what `as_data` gave.

    Args:
        where: what the data are, for an error.
        shown: a graph that has the layers that no file can hold: that of the model of which the document was made. One
            that is not there carries an error that says so.

    Raises:
        FileError: it is damaged.
    """
    try:
        return _graph(data, {spec.live.name: spec.live for spec in shown or () if spec.live is not None})
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, OverflowError) as error:
        raise FileError(f"{where} is damaged: {_said(error)}.", "Take an earlier copy of it.") from None


def _spec(each: Mapping[str, Any], lives: Mapping[str, Any]) -> LayerSpec:
    live = _text(each["live"]) if "live" in each else None
    return LayerSpec(
        _text(each["name"]),
        _text(each["class"]),
        {_text(name): _in(value) for name, value in each["arguments"].items()},
        bool(each["trainable"]),
        live=None if live is None else lives.get(live) or _live(live, each),
        inside={_text(path): bool(flag) for path, flag in each.get("inside", {}).items()},
        shares=_text(each["shares"]) if "shares" in each else None,
        reads_list=bool(each.get("reads_list")),
        called_with={_text(name): _in(value) for name, value in each.get("called_with", {}).items()},
    )


def _known_of(layer: StandIn) -> dict[str, Any]:
    """All that there is of a layer that kerasnb does not have."""
    return {"reason": layer.reason, "seen": layer.seen, "size": layer.size}


def _live(name: str, each: Mapping[str, Any]) -> Layer:
    if "stands_in" not in each:
        return _NotKeptLayer(name=name)
    known = each["stands_in"]
    size = known["size"] if known["size"] is None else int(known["size"])
    seen = [Seen.read(one) for one in known["seen"]]
    return StandIn.of(_text(each["class"]), reason=_text(known["reason"]), seen=seen, size=size, name=name)


def _graph(read: Mapping[str, Any], lives: Mapping[str, Any]) -> Graph:
    layers = tuple(_spec(each, lives) for each in read["layers"])
    names = [spec.name for spec in layers]
    connections = tuple((_text(source), _text(target)) for source, target in read["connections"])
    graph = Graph(layers, connections, tuple(map(_text, read.get("outputs", ()))))
    if len(set(names)) != len(names) or not layers:
        raise ValueError("layers without names of their own")
    if not all(end in graph for pair in (*connections, graph.marked) for end in pair):
        raise ValueError("a connection to a layer that is not there")
    if not all(spec.shares is None or (spec.shares in graph and not graph[spec.shares].shares) for spec in layers):
        raise ValueError("another call of a layer that is not there")
    if len(graph.ordered) != len(names):
        raise ValueError("connections in a circle")
    return graph


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError(f"{safe_repr(value)} where a name belongs")
    return value


def _said(error: BaseException) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error) or type(error).__name__


# ---- values: what JSON has is written as it is, all else as an object with one key that names its kind


def _out(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"float": str(value)}
    if isinstance(value, list):
        return [_out(each) for each in value]
    if isinstance(value, tuple):
        return {"tuple": [_out(each) for each in value]}
    if isinstance(value, Call):
        named = {name: _out(each) for name, each in value.named}
        return {"call": value.function, "positional": [_out(each) for each in value.positional], "named": named}
    if isinstance(value, Mapping):
        return {"mapping": [[_out(key), _out(each)] for key, each in value.items()]}
    if isinstance(value, np.ndarray) and value.size <= MOST_VALUES and value.dtype.kind in "fiub":
        return {
            "array": [_out(each) for each in value.ravel().tolist()],
            "shape": value.shape,
            "dtype": str(value.dtype),
        }
    name = getattr(value, "__name__", None)
    if callable(value) and isinstance(name, str):
        return {"function": name}
    return {"not kept": safe_repr(value)}


def _in(value: Any) -> Any:
    if isinstance(value, list):
        return [_in(each) for each in value]
    if not isinstance(value, dict):
        return value
    kind = next(iter(value))
    held = value[kind]
    if kind == "tuple":
        return tuple(_in(each) for each in held)
    if kind == "call":
        named = tuple((_text(name), _in(each)) for name, each in value["named"].items())
        return Call(_text(held), tuple(_in(each) for each in value["positional"]), named)
    if kind == "mapping":
        return {_in(key): _in(each) for key, each in held}
    if kind == "array":
        return np.asarray([_in(each) for each in held], dtype=value["dtype"]).reshape(value["shape"])
    if kind == "float":
        return float(held)
    if kind == "function":
        # a function is named, never kept: what the notebook has under that name is meant
        found = vars(sys.modules["__main__"]).get(_text(held))
        return found if callable(found) else NotKept(held)
    if kind == "not kept":
        return NotKept(_text(held))
    raise ValueError(f"a value of an unknown kind, {safe_repr(kind)}")
