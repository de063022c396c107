"""A model written as text, one layer a line, read without running any of it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ....engine.layer import Layer
from ....errors import ArgumentError, KerasnbError, unknown_name
from ..document.arguments import read_arguments
from ..document.edits import unique_name
from ..document.graph import Graph, LayerSpec
from ..document.registry import layer_class
from ..document.values import Call, parse, resolve, shorten
from .opening import spec_of

__all__ = ["graph_of_lines", "layer_of_line"]

_LINE = re.compile(
    r"(?:(?P<name>[A-Za-z_][\w.-]*)\s*=\s*)?"  # a name
    r"(?P<call>[A-Za-z_]\w*\s*(?:\(.*\))?)"  # a class, with arguments or without
    r"(?:\s*<\s*(?P<sources>[\w.\-\s,]+))?"  # what it reads
)
_VARIABLE = re.compile(r"\{\s*([A-Za-z_]\w*)\s*\}")  # IPython puts its value there
_INPUTS = ("Input", "InputLayer")


@dataclass(frozen=True)
class _Line:
    """One line that says something."""

    number: int
    text: str

    def refused(self, message: Any, advice: str = "") -> ArgumentError:
        return ArgumentError(f"line {self.number}, {shorten(self.text)!r}: {message}", advice)


def graph_of_lines(text: str, input_shape: tuple | None = None) -> Graph:
    """The graph that a text describes, a layer a line.

        Input(8, 8, 1)
        conv = Conv2D(16, 3, activation=relu)
        Flatten
        left = Dense(32)
        right = Dense(32) < flatten_1
        Concatenate < left, right
        Dense(10, activation=softmax)

    Each line is a class, with arguments where it needs some, in either spelling. By the name before it, later lines can
    read it; `<` says what a layer reads, where that is not the line before. `#` begins a comment.

    Args:
        input_shape: of one sample, for a text that does not begin with an Input.

    Raises:
        ArgumentError: a line that cannot be read; it says which, and what is wrong.
    """
    graph = Graph()
    for line in _lines(text):
        graph = _with(graph, line, input_shape)
    if not graph.layers:
        raise ArgumentError("there is no layer in it.", "Write one a line, as Input(8, 8, 1), Flatten, Dense(10).")
    return graph


def layer_of_line(text: str) -> LayerSpec:
    """The layer of one line, as `Dense(32, activation=relu)`, without a name.

    Raises:
        ArgumentError: it cannot be read.
    """
    line = _Line(1, text.strip())
    return spec_of(_layer(line, _call_of(line, line.text)))


def _lines(text: str) -> Iterator[_Line]:
    for number, line in enumerate(text.splitlines(), start=1):
        said = _without_comment(line).strip()
        if said:
            yield _Line(number, said)


def _without_comment(line: str) -> str:
    quote = ""
    for place, letter in enumerate(line):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter == "#":
            return line[:place]
    return line


def _with(graph: Graph, line: _Line, input_shape: tuple | None) -> Graph:
    found = _LINE.fullmatch(line.text)
    if found is None:
        raise line.refused("this is no layer.", "Write a class, as Dense(32), with name = before it or < source after.")
    call = _call_of(line, found["call"])
    is_input = call.function in _INPUTS
    layer = None if is_input else _layer(line, call)
    if not graph.layers and layer is not None:
        graph = Graph((LayerSpec("input_1", "InputLayer", _first_input(line, layer, input_shape)),))
    spec = _input_spec(line, call) if layer is None else spec_of(layer)
    name = found["name"] or unique_name(graph, spec.class_name)
    if name in graph:
        raise line.refused(f'"{name}" is the name of an earlier line.', "Choose another one.")
    sources = [] if is_input else _sources(graph, line, found["sources"])
    connections = tuple((source, name) for source in sources)
    return Graph((*graph.layers, spec.changed(name=name)), (*graph.connections, *connections))


def _call_of(line: _Line, text: str) -> Call:
    try:
        read = parse(text)
    except KerasnbError as error:
        # IPython leaves the whole line as it is for one that it does not find
        missing = [name for name in _VARIABLE.findall(text) if name not in vars(sys.modules["__main__"])]
        if missing:
            raise line.refused(
                f'there is no variable "{missing[0]}".', "Run the cell that sets it, or write the value itself."
            ) from None
        raise line.refused(error) from None
    return read if isinstance(read, Call) else Call(str(read))


def _input_spec(line: _Line, call: Call) -> LayerSpec:
    sizes = call.positional
    named = dict(call.named)
    shape = named.pop("shape", sizes[0] if len(sizes) == 1 and isinstance(sizes[0], tuple | list) else sizes)
    arguments: dict[str, Any] = {"input_shape": tuple(shape) if isinstance(shape, tuple | list) else (shape,)}
    if "dtype" in named:
        arguments["input_dtype"] = named.pop("dtype")
    if named or not arguments["input_shape"]:
        raise line.refused("an Input takes the shape of one sample, and dtype.", "For example Input(20, dtype=int32).")
    return LayerSpec("", "InputLayer", arguments)


def _first_input(line: _Line, layer: Layer, input_shape: tuple | None) -> dict[str, Any]:
    """The input of a text that begins with another layer: what that says by `input_shape` or so, else what is known."""
    said = getattr(layer, "batch_input_shape", None)
    if said is None or (None in said[1:] and input_shape is not None):
        said = None if input_shape is None else (None, *input_shape)
    if said is None:
        raise line.refused("the shape of a sample is not known.", "Begin with a line such as Input(8, 8, 1).")
    arguments: dict[str, Any] = {"input_shape": tuple(said[1:])} if said[0] is None else {"batch_input_shape": said}
    dtype = getattr(layer, "input_dtype", None)
    return arguments if dtype in (None, "float32") else {**arguments, "input_dtype": dtype}


def _layer(line: _Line, call: Call) -> Layer:
    try:
        layer = resolve(_with_function(call))
    except (KerasnbError, TypeError, ValueError) as error:
        raise line.refused(error) from None
    if not isinstance(layer, Layer):
        raise line.refused(f"{call.function} is no layer.", "Write a layer class, such as Dense(32).")
    return layer


def _with_function(call: Call) -> Call:
    """A Lambda with the notebook's function of that name."""
    if call.function != "Lambda":
        return call
    given = dict(call.named)
    function = given.pop("function", call.positional[0] if call.positional else "")
    read = read_arguments(layer_class("Lambda"), {"function": function})
    return Call("Lambda", (read["function"], *call.positional[1:]), tuple(given.items()))


def _sources(graph: Graph, line: _Line, said: str | None) -> list[str]:
    if said is None:
        return [graph.layers[-1].name]
    sources = [name.strip() for name in said.split(",") if name.strip()]
    for name in sources:
        if name not in graph:
            raise line.refused(unknown_name("earlier line is called", name, graph.names))
    return sources
