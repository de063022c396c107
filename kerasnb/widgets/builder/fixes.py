"""Edits offered at a layer that breaks: likely ones are tried, and only those that work are offered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from . import edits
from .evaluation import Evaluator, Result
from .fields import fields_of
from .graph import Graph, LayerSpec
from .registry import layer_class
from .values import Call, write

__all__ = ["Fix", "fixes_for"]

_OFFERS = 4
_WINDOWS = (
    ("kernel", ("nb_row", "nb_col")),
    ("pool_size", ("pool_size",)),
    ("filter_length", ("filter_length",)),
    ("pool_length", ("pool_length",)),
    ("kernel", ("kernel_dim1", "kernel_dim2", "kernel_dim3")),
)

Candidate = tuple[str, Graph]


@dataclass(frozen=True)
class Fix:
    """One edit: its name in code words, the graph it makes, and the shape the broken layer then gives."""

    label: str
    graph: Graph
    shape: tuple | None


def fixes_for(graph: Graph, name: str, results: Mapping[str, Result], evaluator: Evaluator) -> list[Fix]:
    """Up to four edits after which the layer works; those that make the whole model work come first."""
    found: list[tuple[bool, Fix]] = []
    for alternatives in _candidates(graph, graph[name], results):
        for label, candidate in alternatives:
            after = evaluator.evaluate(candidate)
            if _helps(name, results, after):
                whole = all(result.is_ok for result in after.values())
                found.append((whole, Fix(label, candidate, after[name].output.shape if name in after else None)))
                break
    found.sort(key=lambda pair: not pair[0])
    return [fix for _, fix in found[:_OFFERS]]


def _helps(name: str, before: Mapping[str, Result], after: Mapping[str, Result]) -> bool:
    breaks = any(before[other].is_ok and after[other].has_failed for other in before if other in after)
    return not breaks and (name not in after or after[name].is_ok)


def _candidates(graph: Graph, spec: LayerSpec, results: Mapping[str, Result]) -> Iterator[list[Candidate]]:
    """Groups of edits; of each group only the first that works is offered."""
    names = {field.name for field in fields_of(layer_class(spec.class_name))}
    if spec.is_input or not graph.inputs_of(spec.name):
        yield from _connections(graph, spec)
    else:
        yield from _other_arguments(graph, spec, names)
        yield from _smaller_windows(graph, spec)
        yield from _sequences_upstream(graph, spec)
        yield from _layers_before(graph, spec, results[spec.name])
        yield from _without_neighbour(graph, spec)
    if not spec.is_input or len(graph) > 1:
        yield [(f"remove {spec.name}", edits.remove(graph, spec.name))]


def _connections(graph: Graph, spec: LayerSpec) -> Iterator[list[Candidate]]:
    for other in graph.ordered:
        if spec.is_input and not other.is_input and not graph.inputs_of(other.name):
            yield [(f"connect to {other.name}", edits.connect(graph, spec.name, other.name))]
        elif not spec.is_input and other.name in graph.ends and not graph.reaches(spec.name, other.name):
            yield [(f"connect {other.name}", edits.connect(graph, other.name, spec.name))]


def _other_arguments(graph: Graph, spec: LayerSpec, names: set[str]) -> Iterator[list[Candidate]]:
    if "border_mode" in names and spec.arguments.get("border_mode", "valid") != "same":
        yield [_with(graph, spec, "border_mode='same'", border_mode="same")]
    if spec.class_name == "Merge":
        yield [_concatenated(graph, spec, axis) for axis in (None, 1, 2, 3)]
    if "target_shape" in names:
        yield [_with(graph, spec, "target_shape=(-1,)", target_shape=(-1,))]


def _concatenated(graph: Graph, spec: LayerSpec, axis: int | None) -> Candidate:
    extra = {} if axis is None else {"concat_axis": axis}
    return _with(
        graph,
        spec,
        "mode='concat'" + "".join(f", concat_axis={value}" for value in extra.values()),
        mode="concat",
        **extra,
    )


def _smaller_windows(graph: Graph, spec: LayerSpec) -> Iterator[list[Candidate]]:
    """The largest window that fits its input, found by trying."""
    defaults = {field.name: field.default for field in fields_of(layer_class(spec.class_name))}
    for word, arguments in _WINDOWS:
        if all(name in spec.arguments or isinstance(defaults.get(name), int | tuple) for name in arguments):
            now = [spec.arguments.get(name, defaults[name]) for name in arguments]
            yield [_window(graph, spec, word, arguments, now, limit) for limit in range(_largest(now) - 1, 0, -1)]


def _largest(now: list) -> int:
    return max(now[0] if isinstance(now[0], tuple) else now)


def _window(graph: Graph, spec: LayerSpec, word: str, arguments: tuple, now: list, limit: int) -> Candidate:
    smaller = tuple(min(size, limit) for size in (now[0] if isinstance(now[0], tuple) else now))
    values = {arguments[0]: smaller} if isinstance(now[0], tuple) else dict(zip(arguments, smaller, strict=True))
    return _with(graph, spec, f"{word} {'x'.join(map(str, smaller))}", **values)


def _sequences_upstream(graph: Graph, spec: LayerSpec) -> Iterator[list[Candidate]]:
    for source in graph.inputs_of(spec.name):
        above = graph[source]
        has_flag = any(field.name == "return_sequences" for field in fields_of(layer_class(above.class_name)))
        if has_flag and not above.arguments.get("return_sequences"):
            yield [_with(graph, above, f"return_sequences=True in {source}", return_sequences=True)]


def _layers_before(graph: Graph, spec: LayerSpec, result: Result) -> Iterator[list[Candidate]]:
    """One layer that turns the input into what this one reads, or a wrapper around this one."""
    sizes = result.inputs[0].shape[1:] if result.inputs else ()
    if edits.takes_many(spec.class_name) or not sizes:
        return
    source = graph.inputs_of(spec.name)[0]
    if len(sizes) > 1:
        yield [_inserted(graph, source, spec, "Flatten", {})]
    yield [_inserted(graph, source, spec, "Reshape", {"target_shape": target}) for target in _reshapes(sizes)]
    if len(sizes) > 1 and spec.class_name not in ("TimeDistributed", "Bidirectional"):
        inner = Call(spec.class_name, (), tuple(spec.arguments.items()))
        wrapped = edits.change(graph, spec.name, class_name="TimeDistributed", arguments={"layer": inner})
        yield [(f"TimeDistributed({spec.class_name})", wrapped)]


def _reshapes(sizes: tuple) -> list[tuple]:
    """The last two axes joined, or one axis more at the end."""
    if None in sizes:
        return []
    joined = [(*sizes[:-2], sizes[-2] * sizes[-1])] if len(sizes) > 2 else []
    return [*joined, (*sizes, 1)]


def _without_neighbour(graph: Graph, spec: LayerSpec) -> Iterator[list[Candidate]]:
    for source in graph.inputs_of(spec.name):
        if not graph[source].is_input:
            yield [(f"remove {source}", edits.remove(graph, source))]


def _with(graph: Graph, spec: LayerSpec, label: str, **arguments) -> Candidate:
    return label, edits.change(graph, spec.name, arguments={**spec.arguments, **arguments})


def _inserted(graph: Graph, source: str, spec: LayerSpec, class_name: str, arguments: dict) -> Candidate:
    new = LayerSpec(edits.unique_name(graph, class_name), class_name, arguments)
    inner = ", ".join(write(value) for value in arguments.values())
    return f"{class_name}({inner}) before it", edits.add(graph, new, source, spec.name)
