"""Shapes, counts and errors of a graph, layer by layer, with real layers and no backend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ....engine import summary
from ....engine.node import to_list
from ....engine.statistics import parts_of
from ....engine.twins import leaving_nothing
from ....errors import GraphError, KerasnbError
from ....layers import Input, Masking
from .edits import takes_many
from .graph import Graph, LayerSpec
from .making import MissingArgument, blaming, make_layer
from .picking import is_pick, several_outputs
from .registry import class_of
from .standing import is_stand_in
from .values import key_of

__all__ = ["Result", "Evaluator", "Signal"]

OK, FAILED, WAITING = "ok", "failed", "waiting"


@dataclass(frozen=True)
class Signal:
    """What flows along a connection: a shape, a dtype, and whether time steps are masked; of several outputs, each."""

    shape: tuple[int | None, ...]
    dtype: str = "float32"
    is_masked: bool = False
    others: tuple[Signal, ...] = ()

    @property
    def each(self) -> tuple[Signal, ...]:
        """This output and the others of its layer."""
        return (self, *self.others)


@dataclass(frozen=True)
class Result:
    """What is known of one layer: its output and counts, or why there are none.

    A failed layer carries its error and the arguments to blame; a waiting one the layer it waits for.
    """

    status: str
    inputs: tuple[Signal, ...] = ()
    output: Signal | None = None
    params: int = 0
    trainable_params: int = 0
    multiply_adds: int | None = None
    error: KerasnbError | None = None
    waits_for: str | None = None

    @property
    def signal(self) -> Signal:
        """The output of a layer that is all right, which has one."""
        assert self.output is not None
        return self.output

    @property
    def is_ok(self) -> bool:
        """Whether the layer works."""
        return self.status == OK

    @property
    def has_failed(self) -> bool:
        """Whether the layer itself breaks."""
        return self.status == FAILED

    @property
    def is_waiting(self) -> bool:
        """Whether a layer before it breaks."""
        return self.status == WAITING


class Evaluator:
    """Evaluates graphs, and remembers every layer it has seen with the inputs it saw.

    A layer's outcome depends on nothing else, so an edit costs only the layers whose arguments or
    inputs it changes, and an undo costs nothing.
    """

    def __init__(self, limit: int = 5000):
        self._limit = limit
        self._known: dict[Any, tuple[LayerSpec, Result]] = {}

    def evaluate(self, graph: Graph) -> dict[str, Result]:
        """The result of every layer, in the order of the data."""
        results: dict[str, Result] = {}
        for spec in graph.ordered:
            results[spec.name] = self._in_graph(graph, spec, results)
        return results

    def _in_graph(self, graph: Graph, spec: LayerSpec, results: Mapping[str, Result]) -> Result:
        sources = [results[name] for name in graph.inputs_of(spec.name)]
        # the first cause is named, also far away: what stands between has no fault of its own
        for name, source in zip(graph.inputs_of(spec.name), sources, strict=True):
            if not source.is_ok:
                return Result(WAITING, waits_for=source.waits_for or name)
        unconnected = _unconnected(graph, spec)
        if unconnected:
            return Result(FAILED, error=unconnected.named(spec.class_name, spec.name))
        built_for = _built_for(graph, spec, results)
        result = self.one(
            spec, tuple(source.signal for source in sources), tuple(graph.inputs_of(spec.name)), built_for
        )
        readers = [graph[name] for name in graph.outputs_of(spec.name)]
        if result.is_ok and result.signal.others and not (readers and all(map(is_pick, readers))):
            error = several_outputs(len(result.signal.each)).named(spec.class_name, spec.name)
            return Result(FAILED, result.inputs, error=error)
        return result

    def one(
        self,
        spec: LayerSpec,
        inputs: tuple[Signal, ...],
        sources: tuple[str, ...],
        built_for: tuple[Signal, ...] | None = None,
    ) -> Result:
        """The result of one layer on these inputs, which errors name by the layers they come from.

        Args:
            built_for: the inputs of the call before, where it is called several times.
        """
        key = (spec.name, spec.shares, spec.making, key_of(spec.inside), inputs, sources, built_for)
        if key not in self._known:
            if len(self._known) > self._limit:
                self._known.clear()
            # holding the spec keeps objects alive whose identity is part of the key
            self._known[key] = spec, _outcome(spec.changed(trainable=True), inputs, sources, built_for)
        return self._known[key][1]


def _built_for(graph: Graph, spec: LayerSpec, results: Mapping[str, Result]) -> tuple[Signal, ...] | None:
    """The inputs for which an earlier call of the layer has made its weights."""
    calls = graph.calls_of(spec.name) if spec.shares or graph.is_shared(spec.name) else []
    earlier = (results[call.name] for call in calls if call.name != spec.name and call.name in results)
    return next((result.inputs for result in earlier if result.is_ok), None)


def _unconnected(graph: Graph, spec: LayerSpec) -> GraphError | None:
    if spec.is_input:
        idle = len(graph) > 1 and not graph.outputs_of(spec.name)
        return GraphError("nothing reads it.", "Connect it to a layer, or remove it.") if idle else None
    if not graph.inputs_of(spec.name):
        return GraphError("has no input.", "Connect a layer to it.")
    return None


def _outcome(
    spec: LayerSpec, inputs: tuple[Signal, ...], sources: tuple[str, ...], built_for: tuple[Signal, ...] | None
) -> Result:
    try:
        with blaming(spec):
            if spec.is_input:
                return Result(OK, output=_input_signal(spec), multiply_adds=0)
            return _picked(spec, inputs[0]) if is_pick(spec) else _called(spec, inputs, sources, built_for)
    except KerasnbError as error:
        # it is kept for long, and must not hold the frames that led to it, nor the tensors in them
        error.__traceback__ = error.__cause__ = error.__context__ = None
        error.where = ""  # no line of the user's called the layer: the document did
        return Result(FAILED, inputs, error=error)


def _picked(spec: LayerSpec, signal: Signal) -> Result:
    index = spec.arguments.get("index", 0)
    if not signal.others:
        raise GraphError("there is one output before it, so nothing to pick.", "Remove it.")
    if not 0 <= index < len(signal.each):
        raise GraphError(f"there is no output {index}; there are 0 to {len(signal.each) - 1}.")
    return Result(OK, (signal,), replace(signal.each[index], others=()), multiply_adds=0)


def _called(
    spec: LayerSpec, inputs: tuple[Signal, ...], sources: tuple[str, ...], built_for: tuple[Signal, ...] | None
) -> Result:
    attends_to_itself = hasattr(class_of(spec), "tensor_names")
    if takes_many(spec) and not attends_to_itself and len(inputs) < 2:
        advice = "It joins two or more: connect another layer to it, or remove it."
        raise GraphError(f'reads only "{sources[0]}".', advice)
    if len(inputs) > 1 and not takes_many(spec):
        named = " and ".join(f'"{source}"' for source in sources)
        raise GraphError(f"reads one input, but {named} are connected to it.", "Join them before it, or keep one.")
    layer = make_layer(spec)
    with leaving_nothing(layer):
        # weights have the sizes of the first call, which later ones must fit
        if built_for is not None:
            _call(spec, layer, built_for, (spec.layer_name,) * len(built_for))
        outputs = to_list(_call(spec, layer, inputs, sources))
    for output in outputs:
        if 0 in output._keras_shape[1:]:
            raise GraphError(f"leaves nothing: its output is {tuple(output._keras_shape)}.", "Let it take less away.")
    masks = layer.inbound_nodes[-1].output_masks
    first, *others = (
        Signal(tuple(output._keras_shape), output.dtype, mask is not None)
        for output, mask in zip(outputs, masks, strict=True)
    )
    return Result(
        OK,
        inputs,
        replace(first, others=tuple(others)),
        # shared weights count once, at the layer that made them
        params=0 if spec.shares else layer.count_params(),
        trainable_params=0 if spec.shares else _trainable(spec, layer),
        multiply_adds=None if is_stand_in(spec) else summary.multiply_adds(layer, outputs[0]._keras_shape),
    )


def _call(spec: LayerSpec, layer: Any, inputs: tuple[Signal, ...], sources: tuple[str, ...]) -> Any:
    tensors = [_tensor(signal, source) for signal, source in zip(inputs, sources, strict=True)]
    return layer(tensors if takes_many(spec) else tensors[0], **spec.called_with)


def _trainable(spec: LayerSpec, layer: Any) -> int:
    """How many numbers learn, as the description says of the layers inside."""
    if is_stand_in(spec):
        return layer.count_params()
    if not spec.inside:
        return sum(map(_size, layer.trainable_weights))
    frozen = [f"{path}/" for path, learns in spec.inside.items() if not learns]
    learning = [layer, *(part.layer for part in parts_of(layer) if not f"{part.path}/".startswith(tuple(frozen)))]
    return sum(map(_size, dict.fromkeys(weight for one in learning for weight in one._trainable_weights)))


def _tensor(signal: Signal, source: str) -> Any:
    # an Input has no mask, so a layer that makes one stands behind it
    tensor = Input(batch_shape=signal.shape, dtype=signal.dtype, name=source)
    return Masking(name=source)(tensor) if signal.is_masked else tensor


def _input_signal(spec: LayerSpec) -> Signal:
    arguments = spec.arguments
    if "input_shape" not in arguments and "batch_input_shape" not in arguments:
        raise MissingArgument("needs the shape of one sample, as (8, 8, 1).", arguments=("input_shape",))
    shape = arguments.get("batch_input_shape") or (None, *arguments["input_shape"])
    return Signal(tuple(shape), arguments.get("input_dtype") or "float32")


def _size(weight: Any) -> int:
    size = 1
    for length in weight.shape:
        size *= length
    return size
