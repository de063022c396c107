"""The plain Python that builds a graph's model, in Keras 1.2's words or in later ones."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ....engine.files.later.operators import OPERATOR
from ....errors import ArgumentError
from ....views import family_of
from ..document.edits import set_flags, takes_many
from ..document.fields import fields_of
from ..document.graph import Graph, LayerSpec
from ..document.picking import is_pick
from ..document.registry import class_of, is_custom, layer_class
from ..document.standing import is_stand_in, told
from ..document.values import Call, write
from .building import input_arguments, is_sequential
from .names import identifiers
from .opening import graph_of
from .operation import operation
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
    body = writer.model(graph, name, "model")
    return "\n".join([*writer.imports(), "", *body])


class _Writer:
    """Writes one model and remembers which names it has used."""

    def __init__(self, style: str):
        self.is_later = style == "keras2"
        self.package = "keras" if self.is_later else "kerasnb"
        self.used: dict[str, set[str]] = defaultdict(set)
        self._models: set[str] = set()  # the variables that hold models, which later lines must not use for others

    def imports(self) -> list[str]:
        return [f"from {module} import {', '.join(sorted(names))}" for module, names in sorted(self.used.items())]

    def use(self, module: str, name: str) -> None:
        """Remember to import a name from a module of the package."""
        self.used[f"{self.package}.{module}"].add(name)

    def use_layer(self, class_name: str, cls: type | None = None) -> None:
        """Remember to import a layer; a user's own comes from its own module, or stands in the notebook already."""
        is_own = family_of(cls) == "custom" if cls is not None else is_custom(class_name)
        module = (cls or layer_class(class_name)).__module__ if is_own else None
        if module is None:
            self.use("layers", class_name)
        elif module != "__main__":
            self.used[module].add(class_name)

    def model(self, graph: Graph, name: str, variable: str) -> list[str]:
        """Lines after which the variable holds the graph's model."""
        lines_of = self.sequential if is_sequential(graph) else self.functional
        return lines_of(graph, name, variable)

    def sequential(self, graph: Graph, name: str, variable: str) -> list[str]:
        self.use("models", "Sequential")
        source, first, *rest = graph.ordered
        live = [spec for spec in graph.ordered if spec.live is not None]
        words = identifiers([spec.name for spec in live], self._models)
        above = [line for spec in live for line in self._held(spec, words[spec.name])]
        if self.is_later:
            parts = [self.input(source), self._part(first, words)]
        elif first.live is None and _is_made_up(source.name, first):
            parts = [self.layer(first, input_arguments(first, source))]
        else:  # with input_shape= in the first layer, Sequential would make up a name
            parts = [self.input_layer(source, first), self._part(first, words)]
        lines = [f"    {part}," for part in (*parts, *(self._part(spec, words) for spec in rest))]
        return [*above, f"{variable} = Sequential([", *lines, f"], name={name!r})"]

    def _part(self, spec: LayerSpec, words: dict[str, str]) -> str:
        return words[spec.name] if spec.live is not None else self.layer(spec)

    def _held(self, spec: LayerSpec, variable: str) -> list[str]:
        """Lines after which the variable holds the layer."""
        self._models.add(variable)
        if spec.live is None:
            return [f"{variable} = {self.layer(spec)}"]
        lines = self._live(spec, variable)
        return lines if spec.trainable else [*lines, f"{variable}.trainable = False"]

    def _live(self, spec: LayerSpec, variable: str) -> list[str]:
        """A model as code of its own; of what no arguments describe, all that is known."""
        if spec.live.is_graph:
            return [*self.model(_inside(spec, "", spec.live), spec.name, variable), ""]
        if is_stand_in(spec):
            return [
                f"# this line cannot be written. {told(spec)}",
                f"{variable} = {spec.class_name}(..., name={spec.name!r})",
            ]
        class_name = later_layer(spec.class_name, {})[0] if self.is_later else spec.class_name
        self.use_layer(class_name, class_of(spec))
        wrapped = getattr(spec.live, "layer", None)
        if wrapped is not None and wrapped.is_graph and not is_custom(spec.class_name):
            (word,) = identifiers([wrapped.name], {*self._models, variable}).values()
            self._models.add(word)
            lines = self.model(_inside(spec, f"{wrapped.name}/", wrapped), wrapped.name, word)
            return [*lines, f"{variable} = {class_name}({word}, name={spec.name!r})", ""]
        unknown = f"# {spec.name}: its arguments cannot be read back; write them in place of the dots"
        return [unknown, f"{variable} = {class_name}(..., name={spec.name!r})"]

    def input_layer(self, spec: LayerSpec, reader: LayerSpec) -> str:
        """The input as a layer; an Embedding that begins a Sequential reads whole numbers."""
        self.use("layers", "InputLayer")
        words = {"input_dtype": "int32"} if reader.class_name == "Embedding" else {}
        arguments = {**words, **spec.arguments, "name": spec.name}
        return f"InputLayer({', '.join(f'{name}={write(arguments[name])}' for name in _in_order(arguments))})"

    def functional(self, graph: Graph, name: str, variable: str) -> list[str]:
        self.use("models", "Model")
        taken = {"Model", "Input", "merge", variable, *(spec.class_name for spec in graph)}
        held = {spec.layer_name for spec in graph if spec.live is not None or graph.is_shared(spec.name)}
        layers = identifiers(sorted(held), taken | self._models)
        above = [line for spec in graph.ordered if spec.name in held for line in self._held(spec, layers[spec.name])]
        tensors = {spec.name: _tensor_name(graph, spec, layers) for spec in graph.ordered}
        found = identifiers([*dict.fromkeys(tensors.values())], taken | self._models)
        words = {name: found[tensor] for name, tensor in tensors.items()}
        lines = [f"{words[spec.name]} = {self._called(graph, spec, words, layers)}" for spec in graph.ordered]
        inputs = [words[spec.name] for spec in graph.ordered if spec.is_input]
        outputs = [words[end] for end in graph.outputs if end in graph.marked or not graph[end].is_input]
        plural = "s" if self.is_later else ""
        ends = f"input{plural}={_one_or_list(inputs)}, output{plural}={_one_or_list(outputs)}"
        return [*above, *lines, f"{variable} = Model({ends}, name={name!r})"]

    def _called(self, graph: Graph, spec: LayerSpec, words: dict[str, str], layers: dict[str, str]) -> str:
        if spec.is_input:
            return self.input(spec)
        sources = [words[source] for source in graph.inputs_of(spec.name)]
        if is_pick(spec):
            return f"{sources[0]}[{spec.arguments.get('index', 0)}]"
        if spec.class_name == OPERATOR and self.is_later:
            self.used["keras"].add("ops")
            return operation(spec, sources)
        if spec.layer_name in layers:
            return f"{layers[spec.layer_name]}({self._read(spec, sources)})"
        if spec.class_name == "Merge" and not self.is_later:
            self.use("layers", "merge")
            arguments = ", ".join(self._arguments(spec.arguments, spec, ()))
            return f"merge({_list(sources)}, {arguments})"
        return f"{self.layer(spec)}({self._read(spec, sources)})"

    def _read(self, spec: LayerSpec, sources: list[str]) -> str:
        cls, beside = class_of(spec), dict(spec.called_with)
        if len(sources) == 1:
            sources = sources * getattr(cls, "needed", 1)  # what attends to itself
        names = beside.pop("tensors", None)
        if names is not None:
            sources = _by_name(sources, names, cls.tensor_names)  # type: ignore[attr-defined]  # of a class with names
        if self.is_later and len(sources) > 1 and "return_sequences" in {field.name for field in fields_of(cls)}:
            sources = [sources[0], f"initial_state={_list(sources[1:])}"]
            return ", ".join([*sources, *(f"{name}={write(value)}" for name, value in beside.items())])
        is_list = takes_many(spec) and not getattr(cls, "takes_apart", False)
        read = _list(sources) if is_list else ", ".join(sources)
        return ", ".join([read, *(f"{name}={write(value)}" for name, value in beside.items())])

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
            if isinstance(value, list):
                self._remember(value)
            if isinstance(value, Call):
                self.use(_module_of(value.function), value.function)
                self._remember([*value.positional, *(item for _, item in value.named)])


def _by_name(sources: list[str], names: Sequence[str], order: Sequence[str]) -> list[str]:
    """The tensors of a call, with their names from the first one on that is not in its place."""
    in_place = next((at for at, (name, due) in enumerate(zip(names, order, strict=False)) if name != due), len(names))
    return sources[:in_place] + [f"{name}={one}" for name, one in zip(names, sources, strict=True)][in_place:]


def _inside(spec: LayerSpec, path: str, model: Any) -> Graph:
    """The graph of a model in a live layer, frozen as its description says."""
    graph = graph_of(model)
    given = {name.removeprefix(path): flag for name, flag in spec.inside.items() if name.startswith(path)}
    return set_flags(graph, {name: flag for name, flag in given.items() if name in graph.flags})


def _tensor_name(graph: Graph, spec: LayerSpec, layers: Mapping[str, str]) -> str:
    """What the output of one call is called, beside a layer that has a variable itself."""
    if spec.layer_name not in layers:
        return spec.name
    number = [call.name for call in graph.calls_of(spec.name)].index(spec.name) + 1
    word = f"{spec.layer_name}_{number}"
    while word in graph:
        word += "_"
    return word


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
