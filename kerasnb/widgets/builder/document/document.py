"""The Builder's document: a model being built, with its history, its shapes and its errors; it knows of no widget."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ....errors import GraphError, KerasnbError, unknown_name
from ..model.building import build_model
from ..model.code import write_code
from ..model.opening import graph_of
from . import edits, several
from .arguments import (
    changed_arguments,
    check_arguments,
    check_constructor,
    read_arguments,
    refuse_live,
    without_defaults,
)
from .block import listed
from .evaluation import Evaluator, Result
from .fields import fields_of, starting_arguments
from .fixes import Fix, fixes_for
from .graph import Graph, LayerSpec
from .history import EditHistory
from .registry import layer_class, own_name
from .standing import is_stand_in, standing_in

__all__ = ["Document"]


class Document:
    """A model being built, as data.

    Every edit either makes a new state or raises and leaves the document as it was. A shape that does not
    fit is no failed edit but a state: the layer that breaks carries its error, those after it wait, and
    `good` still holds the last state that made a whole model.

    >>> document = Document(input_shape=(8, 8, 1))
    >>> document.add("Convolution2D", nb_filter=16, nb_row=3, nb_col=3)
    'conv_1'
    >>> document.results["conv_1"].output.shape
    (None, 6, 6, 16)

    Args:
        input_shape: shape of one sample, without the batch axis; may be given later.
        name: the model's name.
        input_dtype: dtype of the input, `int32` for words.
    """

    def __init__(
        self, input_shape: Sequence[int | None] | None = None, name: str = "model", input_dtype: str | None = None
    ):
        given = {"input_shape": input_shape, "input_dtype": input_dtype}
        given = {argument: value for argument, value in given.items() if value is not None}
        arguments = read_arguments(layer_class("InputLayer"), given, layer="input_1")
        self._start(Graph((LayerSpec("input_1", "InputLayer", arguments),)), name)

    @classmethod
    def from_graph(cls, graph: Graph, name: str = "model") -> Document:
        """A document that starts with this graph."""
        document = cls.__new__(cls)
        document._start(graph, name)
        return document

    @classmethod
    def from_model(cls, model: Any) -> Document:
        """A document of an existing model."""
        return cls.from_graph(graph_of(model), model.name)

    def _start(self, graph: Graph, name: str) -> None:
        graph = replace(graph, layers=tuple(map(check_arguments, graph)))
        self.name = edits.model_name(name)
        self.revision = 0
        self.good: Graph | None = None
        self._listeners: list[Callable[[], None]] = []
        self._history = EditHistory(graph)
        self._evaluator = Evaluator()
        self._settle(self._evaluator.evaluate(graph))

    # What holds now

    @property
    def graph(self) -> Graph:
        """The model as it is now, whether it fits together or not."""
        return self._history.present

    @property
    def flags(self) -> Mapping[str, bool]:
        """Whether each layer learns, those inside live ones by their paths."""
        return self.graph.flags

    @property
    def is_good(self) -> bool:
        """Whether the present state is a whole model."""
        return self.obstacle is None

    @property
    def obstacle(self) -> KerasnbError | None:
        """Why the present state is no whole model; None where it is one."""
        if len(self.graph) < 2:
            return GraphError("its Builder has no layers.", "Add one there: press / and choose.")
        broken = next((result.error for result in self.results.values() if result.has_failed), None)
        return broken or standing_in(self.stand_ins)

    @property
    def stand_ins(self) -> list[LayerSpec]:
        """The boxes of layers that kerasnb does not have."""
        return [spec for spec in self.graph if is_stand_in(spec)]

    @property
    def failed(self) -> list[str]:
        """The layers that break, in the order of the data."""
        return [name for name, result in self.results.items() if result.has_failed]

    @property
    def undo_label(self) -> str | None:
        """What Undo would take back; None where there is nothing."""
        return self._history.undo_label

    @property
    def redo_label(self) -> str | None:
        """What Redo would make again; None where there is nothing."""
        return self._history.redo_label

    def fixes(self, name: str) -> list[Fix]:
        """Edits that are checked to make this failed layer work."""
        edits.known(self.graph, name)
        if not self.results[name].has_failed:
            return []
        return fixes_for(self.graph, name, self.results, self._evaluator)

    # Edits

    def add(
        self,
        class_name: str,
        after: str | None = None,
        before: str | None = None,
        branch: bool = False,
        name: str | None = None,
        **arguments: Any,
    ) -> str:
        """Add a layer and return its name.

        Args:
            class_name: a layer class, as in the palette; its arguments and it may be in the later spelling.
            after: the layer it reads; the last one when left out.
            before: with it, the new layer goes between these two only.
            branch: read `after` without taking its place towards others.
            name: its name; a short word and a number when left out.
            arguments: the layer's own arguments; usual ones where it needs some and none are given.
        """
        class_name = own_name(class_name)
        cls = layer_class(class_name)
        name = name or edits.unique_name(self.graph, class_name)
        given = {**starting_arguments(cls), **read_arguments(cls, arguments, layer=name)}
        spec = LayerSpec(name, class_name, without_defaults(cls, given))
        place = after or (self.graph.ends[-1] if self.graph.ends else None)
        changed = edits.add(self.graph, spec, place, before, branch)
        check_constructor(spec)
        self._record(changed, f"add {name}")
        return name

    def call_again(self, name: str, after: str, before: str | None = None, branch: bool = False) -> str:
        """Call a layer once more, after another one, and return the name of the call: both share the weights."""
        changed = edits.call_again(self.graph, name, after, before, branch)
        self._record(changed, f"call {self.graph[name].layer_name} again")
        return changed.layers[-1].name

    def connect(self, source: str, target: str) -> None:
        """Let `target` read `source`."""
        self._record(edits.connect(self.graph, source, target), f"connect {source} to {target}")

    def disconnect(self, source: str, target: str) -> None:
        """Take one connection away."""
        self._record(edits.disconnect(self.graph, source, target), f"disconnect {source} from {target}")

    def rename(self, name: str, new_name: str) -> None:
        """Give a layer another name."""
        if new_name != name:
            self._record(edits.rename(self.graph, name, new_name), f"rename {name} to {new_name}")

    def remove(self, *names: str) -> None:
        """Take layers away and join their neighbours, as one step."""
        self._record(several.remove_all(self.graph, names), f"remove {listed(names)}")

    def duplicate(self, *names: str, after: str | None = None, before: str | None = None) -> list[str]:
        """Copy layers and the connections among them as one step, and return the names of the copies.

        They have the arguments of the layers and weights of their own. They go after them where they stand in a line,
        otherwise beside them.

        Args:
            after: where they go instead.
            before: with it, between these two only.
        """
        changed = several.duplicate(self.graph, names, after, before)
        made = [spec.name for spec in changed.layers[len(self.graph) :]]
        self._record(changed, f"duplicate {listed(names)}")
        return made

    def move(self, *names: str, after: str, before: str | None = None) -> None:
        """Take layers out of their line and put them in after another one, as one step.

        Args:
            before: with it, between these two only.
        """
        self._rewire(several.move(self.graph, names, after, before), f"move {listed(names)} after {after}")

    def shift(self, *names: str, by: int) -> None:
        """Let layers change places with the next one in their line (`by` = 1) or the one before (-1), as one step."""
        way = "down" if by == 1 else "up"
        self._rewire(several.shift(self.graph, names, by), f"move {listed(names)} {way}")

    def set_argument(self, name: str, argument: str, value: Any) -> None:
        """Give one argument a value; text is read as a form's field."""
        if not isinstance(argument, str):
            raise unknown_name("argument", argument, [field.name for field in fields_of(self._class_of(name))])
        self.set_arguments(name, {argument: value})

    def set_arguments(self, name: str, values: Mapping[str, Any]) -> None:
        """Give several arguments values in one step."""
        edits.known(self.graph, name)
        self.set_layers({name: values})

    def set_layers(self, arguments: Mapping[str, Mapping[str, Any]]) -> None:
        """Give arguments of several layers values in one step."""
        graph = self.graph
        for name, values in arguments.items():
            spec = self._spec(name)
            refuse_live(spec)
            cls = layer_class(spec.class_name)
            changed = spec.changed(
                arguments=changed_arguments(cls, spec.arguments, read_arguments(cls, values, layer=name))
            )
            if changed != spec:
                check_constructor(changed)
                graph = edits.change(graph, name, arguments=changed.arguments)
        if graph is not self.graph:
            step = ", ".join(f"{argument} of {name}" for name, values in arguments.items() for argument in values)
            self._record(graph, f"set {step}")

    def set_trainable(self, name: str, trainable: bool) -> None:
        """Freeze a layer, or let it learn again."""
        edits.known_path(self.graph, name)
        self.set_flags({name: trainable})

    def set_flags(self, flags: Mapping[str, bool]) -> None:
        """Freeze several layers, or let them learn again, in one step; those inside live ones by their paths."""
        graph = edits.set_flags(self.graph, flags)
        moved = {name: flag for name, flag in graph.flags.items() if self.graph.flags[name] != flag}
        if moved:
            self._record(graph, ", ".join(f"{'unfreeze' if flag else 'freeze'} {name}" for name, flag in moved.items()))

    def follow(self, model: Any, note: str) -> None:
        """Take in what was done to the model elsewhere, as one step that `note` names."""
        graph = graph_of(model)
        self._record(replace(graph, layers=tuple(map(check_arguments, graph))), note)

    def replace(self, name: str, class_name: str, **arguments: Any) -> None:
        """Put a layer of another class in its place; arguments that both have are kept."""
        class_name = own_name(class_name)
        spec, cls = self._spec(name), layer_class(class_name)
        shared = {field.name: spec.arguments[field.name] for field in fields_of(cls) if field.name in spec.arguments}
        read = read_arguments(cls, arguments, layer=name)
        given = without_defaults(cls, {**starting_arguments(cls), **shared, **read})
        check_constructor(LayerSpec(name, class_name, given))
        changed = edits.change(self.graph, name, class_name=class_name, arguments=given)
        self._record(changed, f"replace {name} by {class_name}")

    def restore(self, graph: Graph, note: str) -> None:
        """Put another graph in the place of this one, as one step."""
        self._record(replace(graph, layers=tuple(map(check_arguments, graph))), note)

    def apply(self, fix: Fix) -> None:
        """Take an offered fix."""
        self._record(fix.graph, fix.label)

    def rename_model(self, name: str) -> None:
        """Give the model another name."""
        self.name = edits.model_name(name)
        self._tell()

    def undo(self) -> str | None:
        """Take the last step back; returns what it was, None when the document is as it began."""
        return self._move(self._history.before, self._history.undo)

    def redo(self) -> str | None:
        """Take an undone step again; returns what it was."""
        return self._move(self._history.after, self._history.redo)

    def _move(self, graph: Graph | None, step: Callable[[], str | None]) -> str | None:
        if graph is None:
            return None
        results = self._evaluator.evaluate(graph)
        label = step()
        self._settle(results)
        return label

    # What comes out

    def to_code(self, style: str = "keras1", last_good: bool = False) -> str:
        """The model as plain Python: `keras1` for kerasnb, `keras2` for Keras 2 and 3."""
        return write_code(self.good if last_good and self.good else self.graph, self.name, style)

    def to_model(self) -> Any:
        """A new model of the last good state, or None when there was none yet."""
        return build_model(self.good, self.name) if self.good else None

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call `listener()` after every change."""
        self._listeners.append(listener)

    def _rewire(self, graph: Graph, label: str) -> None:
        """Record other connections of the same layers, where any is another one."""
        if graph.outputs != self.graph.outputs or any(
            graph.inputs_of(name) != self.graph.inputs_of(name) for name in graph.names
        ):
            self._record(graph, label)

    def _record(self, graph: Graph, label: str) -> None:
        # evaluated first: whatever interrupts that leaves the document as it was
        results = self._evaluator.evaluate(graph)
        self._history.record(graph, label)
        self._settle(results)

    def _settle(self, results: dict[str, Result]) -> None:
        self.results = results
        self.revision += 1
        if self.is_good:
            self.good = self.graph
        self._tell()

    def _tell(self) -> None:
        # a copy: a listener may open a widget, which listens too
        for listener in list(self._listeners):
            listener()

    def _class_of(self, name: str) -> type:
        return layer_class(self._spec(name).class_name)

    def _spec(self, name: str) -> LayerSpec:
        edits.known(self.graph, name)
        return self.graph[name]
