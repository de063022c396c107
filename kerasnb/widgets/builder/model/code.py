"""The plain Python that builds a graph's model, in Keras 1.2's words or in later ones."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from ....errors import ArgumentError
from ..document.edits import takes_many
from ..document.fields import fields_of
from ..document.graph import Graph, LayerSpec
from ..document.registry import is_custom, layer_class
from ..document.values import Call, write
from .building import input_arguments, is_sequential
from .names import identifiers
from .spelling import later_layer

__all__ = ["write_code", "STYLES"]

STYLES = ("keras1", "keras2")
_LEADING: tuple[str, ...] = ("units", "filters", "kernel_size", "rate")  # what later code gives without a name
_REGULARIZERS = {"l1", "l2", "l1l2", "l1_l2", "activity_l1", "activity_l2", "activity_l1l2"}
_CONSTRAINTS = {"maxnorm", "nonneg", "unitnorm", "max_norm", "non_neg", "unit_norm", "MinMaxNorm"}


def write_code(graph: Graph, name: str, style: str = "keras1") -> str:
    """Code whose `model` equals the graph's: Sequential where it is a chain, functional otherwise."""
    if style not in STYLES:
        raise ArgumentError(f'no code style "{style}"; there are {" and ".join(STYLES)}.')
    if len(graph) < 2:
        return "# no layer yet"
    writer = _Writer(style)
    body = writer.sequential(graph, name) if is_sequential(graph) else writer.functional(graph, name)
    return "\n".join([*writer.imports(), "", *body])


class _Writer:
    """Writes one model and remembers which names it has used."""

    def __init__(self, style: str):
        self.is_later = style == "keras2"
        self.package = "keras" if self.is_later else "kerasnb"
        self.used: dict[str, set[str]] = defaultdict(set)

    def imports(self) -> list[str]:
        return [f"from {module} import {', '.join(sorted(names))}" for module, names in sorted(self.used.items())]

    def use(self, module: str, name: str) -> None:
        """Remember to import a name from a module of the package."""
        self.used[f"{self.package}.{module}"].add(name)

    def use_layer(self, class_name: str) -> None:
        """Remember to import a layer; a user's own comes from its own module, or stands in the notebook already."""
        module = layer_class(class_name).__module__ if is_custom(class_name) else None
        if module is None:
            self.use("layers", class_name)
        elif module != "__main__":
            self.used[module].add(class_name)

    def sequential(self, graph: Graph, name: str) -> list[str]:
        self.use("models", "Sequential")
        source, first, *rest = graph.ordered
        if self.is_later:
            parts = [self.input(source), self.layer(first)]
        elif _is_made_up(source.name, first):
            parts = [self.layer(first, input_arguments(first, source))]
        else:  # with input_shape= in the first layer, Sequential would make up a name
            parts = [self.input_layer(source, first), self.layer(first)]
        lines = [f"    {part}," for part in (*parts, *map(self.layer, rest))]
        return ["model = Sequential([", *lines, f"], name={name!r})"]

    def input_layer(self, spec: LayerSpec, reader: LayerSpec) -> str:
        """The input as a layer; an Embedding that begins a Sequential reads whole numbers."""
        self.use("layers", "InputLayer")
        words = {"input_dtype": "int32"} if reader.class_name == "Embedding" else {}
        arguments = {**words, **spec.arguments, "name": spec.name}
        return f"InputLayer({', '.join(f'{name}={write(arguments[name])}' for name in _in_order(arguments))})"

    def functional(self, graph: Graph, name: str) -> list[str]:
        self.use("models", "Model")
        taken = {"Model", "Input", "merge", *(spec.class_name for spec in graph)}
        words = identifiers([spec.name for spec in graph.ordered], taken)
        lines = [f"{words[spec.name]} = {self._called(graph, spec, words)}" for spec in graph.ordered]
        inputs = [words[spec.name] for spec in graph.ordered if spec.is_input]
        outputs = [words[end] for end in graph.ends if not graph[end].is_input]
        plural = "s" if self.is_later else ""
        ends = f"input{plural}={_one_or_list(inputs)}, output{plural}={_one_or_list(outputs)}"
        return [*lines, f"model = Model({ends}, name={name!r})"]

    def _called(self, graph: Graph, spec: LayerSpec, words: dict[str, str]) -> str:
        if spec.is_input:
            return self.input(spec)
        sources = [words[source] for source in graph.inputs_of(spec.name)]
        if spec.class_name == "Merge" and not self.is_later:
            self.use("layers", "merge")
            arguments = ", ".join(self._arguments(spec.arguments, spec, ()))
            return f"merge({_list(sources)}, {arguments})"
        read = _list(sources) if takes_many(spec.class_name) else ", ".join(sources)
        return f"{self.layer(spec)}({read})"

    def input(self, spec: LayerSpec) -> str:
        self.use("layers", "Input")
        arguments = dict(spec.arguments)
        parts = [f"shape={write(arguments['input_shape'])}"] if "input_shape" in arguments else []
        if "batch_input_shape" in arguments:
            parts.append(f"batch_shape={write(tuple(arguments['batch_input_shape']))}")
        if arguments.get("input_dtype"):
            parts.append(f"dtype={arguments['input_dtype']!r}")
        return f"Input({', '.join([*parts, f'name={spec.name!r}'])})"

    def layer(self, spec: LayerSpec, extra: dict[str, Any] | None = None) -> str:
        class_name, arguments = spec.class_name, dict(spec.arguments)
        positional = [field.name for field in fields_of(layer_class(class_name)) if field.is_required]
        if self.is_later:
            class_name, arguments = later_layer(class_name, arguments)
            positional = [name for name in _LEADING if name in arguments][:2]
        self.use_layer(class_name)
        parts = self._arguments(arguments, spec, positional)
        parts += [f"{name}={write(value)}" for name, value in (extra or {}).items()]
        return f"{class_name}({', '.join(parts)})"

    def _arguments(self, arguments: Mapping[str, Any], spec: LayerSpec, positional: Iterable[str]) -> list[str]:
        leading = list(positional)
        leading = leading if all(name in arguments for name in leading) else []
        self._remember(arguments.values())
        parts = [write(arguments[name]) for name in leading]
        parts += [f"{name}={write(value)}" for name, value in arguments.items() if name not in leading]
        parts += [] if spec.trainable else ["trainable=False"]
        return [*parts, f"name={spec.name!r}"]

    def _remember(self, values: Iterable[Any]) -> None:
        for value in values:
            if isinstance(value, Call):
                self.use(_module_of(value.function), value.function)
                self._remember([*value.positional, *(item for _, item in value.named)])


def _module_of(function: str) -> str:
    if function in _REGULARIZERS:
        return "regularizers"
    return "constraints" if function in _CONSTRAINTS else "layers"


def _is_made_up(name: str, first: LayerSpec) -> bool:
    """Whether the input has the name that a Sequential gives to the one of this layer."""
    return re.fullmatch(rf"{first.class_name.lower()}_input_\d+", name) is not None


def _in_order(arguments: dict[str, Any]) -> list[str]:
    return sorted(arguments, key=["input_shape", "batch_input_shape", "input_dtype", "name"].index)


def _list(words: list[str]) -> str:
    return f"[{', '.join(words)}]"


def _one_or_list(words: list[str]) -> str:
    return words[0] if len(words) == 1 else _list(words)
