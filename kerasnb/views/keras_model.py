"""A `keras.Model` of Keras 3, whichever backend computes it, as reports, widgets and magics know a model."""

from __future__ import annotations

import sys
import weakref
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ..backend.on_keras.running import Runner, runner_for
from ..engine.fitting.control import TrainingControl
from ..engine.summary import LayerRow
from ..errors import ArgumentError
from .keras_counts import multiply_adds
from .keras_layer import KerasLayer, KerasWeight, dims, weight_name
from .keras_moment import KerasMoment
from .keras_optimizer import keep_slots
from .keras_outputs import KerasOutputs
from .keras_structure import KerasPart, Structure, has_graph, inside, operations_of
from .naming import class_of, family_of, known_rate
from .view import OfModel, Placed

__all__ = ["KerasModelView"]

_LATER = {"nb_epoch": "epochs", "nb_val_samples": "validation_steps", "samples_per_epoch": "steps_per_epoch"}
ROWS = 2  # of the zeros that a model is called on to see its layers


class KerasModelView(OfModel):
    """Reads everything from the model at that moment; what was compiled to look at outputs is kept.

    Args:
        model: held weakly: whoever shows the view holds it.
    """

    library, title = "keras", "Keras"
    remedy = "kerasnb.views.view_of(model).recompile()"

    def __init__(self, model: Any):
        self._model = weakref.ref(model)
        self.control = TrainingControl()
        self._made_of: tuple = ()
        self._structure: Structure | None = None
        self._outputs: KerasOutputs | None = None
        self._wanted_rate: float | None = None
        self._rate_seen: float | None = None

    @property
    def model(self) -> Any:
        model = self._model()
        if model is None:
            raise ArgumentError("the Keras model of this view is gone.", "Keep it in a variable.")
        return model

    @property
    def keras(self) -> Any:
        """The library, which is there since the model is of it."""
        return sys.modules[self.library]

    @property
    def backend(self) -> str:
        """What the library computes with."""
        return self.keras.backend.backend()

    @property
    def ops(self) -> Any:
        """The operations that gradients are scored with."""
        return self.keras.ops

    def flat(self, tensors: Any) -> list[Any]:
        """The tensors of any structure, in a row."""
        return self.keras.tree.flatten(tensors)

    def type_name(self, tensor: Any) -> str:
        """The name of its dtype."""
        return self.keras.backend.standardize_dtype(tensor.dtype)

    @property
    def runner(self) -> Runner:
        return runner_for(self.backend)

    # ---- structure

    @property
    def structure(self) -> Structure:
        """Read anew where layers were added or taken away."""
        made_of = tuple(map(id, operations_of(self.model))), self.model.built
        if self._structure is None or made_of != self._made_of:
            self._structure, self._outputs, self._made_of = Structure(self.model), None, made_of
            if not self._structure.is_whole:
                self._see_a_call()
        return self._structure

    def _see_a_call(self) -> None:
        """Call a model that has no graph on zeros, if it has been called before and so is known to take them."""
        inputs = self._zeros()
        if self.model.built and inputs is not None:
            self.see(inputs)

    def see(self, x: list[np.ndarray]) -> None:
        """Learn what only a call shows, from one on these rows; a model that is not built yet is built by it."""
        structure = self._structure
        if structure is None or not structure.is_whole:
            self.outputs_of.call_once(x)  # builds it
            structure = self._structure = self._structure or Structure(self.model)
            structure.watch(self.model, lambda: self.outputs_of.call_once(x), len(x[0]))
            self._made_of = tuple(map(id, operations_of(self.model))), self.model.built

    def _zeros(self) -> list[np.ndarray] | None:
        shapes = self._known_shapes()
        if shapes is None:
            return None
        sizes = [tuple(size or 1 for size in shape[1:]) for shape in shapes]
        return [np.zeros((ROWS, *size), dtype) for size, dtype in zip(sizes, self.input_types, strict=True)]

    def _known_shapes(self) -> list[tuple] | None:
        """The shapes of the inputs; None of a model that was never called."""
        if self._symbolic("inputs"):
            return [dims(tensor.shape) for tensor in self._symbolic("inputs")]
        built = self._built_shapes()
        if built is None:
            return None
        return [dims(built)] if not isinstance(built[0], (list, tuple)) else [dims(shape) for shape in built]

    def _built_shapes(self) -> Any:
        known = getattr(self.model, "_build_shapes_dict", None) or {}
        shapes = list(known.values())
        return shapes[0] if len(shapes) == 1 else shapes or None

    def _symbolic(self, which: str) -> list[Any]:
        """The symbolic inputs or outputs; empty where there are none."""
        graph = getattr(self.model, "_functional", None) or self.model
        try:
            found = getattr(graph, which)
        except (AttributeError, ValueError):  # not built yet
            return []
        return self.flat(found) if found is not None else []

    @property
    def layers(self) -> list[KerasLayer]:
        hidden = () if any(type(each).__name__ == "InputLayer" for each in self.model.layers) else ("InputLayer",)
        return [layer for layer in self.viewable if class_of(layer).__name__ not in hidden]

    @property
    def viewable(self) -> list[KerasLayer]:
        structure = self.structure
        return [structure.view(layer) for layer in structure.layers(self.model)]

    def known(self, layer: Any) -> KerasLayer:
        """The view of a layer, which may be given as the layer itself."""
        return layer if isinstance(layer, KerasLayer) else self.structure.view(layer)

    @property
    def ends(self) -> list[Any]:
        return self._symbolic("outputs")

    def placed(self, layers: list | None = None) -> list[Placed]:
        raw = [self.known(layer).layer for layer in (self.layers if layers is None else layers)]
        return list(self.structure.placed(raw, self.trainable))

    def placed_calls(self, layers: list) -> list[Placed]:
        structure, found = self.structure, []
        for placed in self.placed(layers):
            found.append(placed)
            calls = len(structure.calls(placed.layer.layer)) if not placed.depth else 1
            for call in range(1, calls):
                path = f"{placed.path} again" + (f" {call + 1}" if call > 1 else "")
                found.append(placed._replace(path=path, layer=structure.view(placed.layer.layer, call), inside=0))
        return found

    def parts(self) -> Iterator[KerasPart]:
        return self.structure.parts(self.model)

    def rows(self) -> list[LayerRow]:
        layers = self.layers
        names = {layer.name for layer in layers}
        return [self._row(layer, names) for layer in layers]

    def _row(self, layer: KerasLayer, names: set[str]) -> LayerRow:
        trains = self.trainable and layer.trainable
        params = layer.count_params()
        trained = sum(int(np.prod(each.shape)) for each in dict.fromkeys(layer.trainable_weights)) if trains else 0
        calls = self.structure.calls(layer.layer)
        return LayerRow(
            name=layer.name,
            class_name=class_of(layer).__name__,
            family=family_of(class_of(layer)),
            input_shape=layer.input_shape,
            output_shape=layer.output_shape,
            params=params,
            trainable_params=trained,
            trainable=trains or not params,
            inbound=[name for call in calls for name in call.inbound if name in names],
            multiply_adds=multiply_adds(layer, self.structure),
            layer=layer,
        )

    def before(self, path: str) -> list[str]:
        """In what has no graph, all that comes earlier counts."""
        outer, _, rest = path.partition("/")
        found = self._before(outer)
        if not rest:
            return found
        inside = [placed.path for placed in self.placed() if placed.path.startswith(f"{outer}/")]
        return [*(name for name in found if name != outer), *inside[: inside.index(path) + 1]]

    def _before(self, name: str) -> list[str]:
        rows = {row.name: row.inbound for row in self.rows()}
        if not has_graph(self.model):
            names = list(rows)
            return names[: names.index(name) + 1]
        needed, waiting = {name}, [name]
        while waiting:
            sources = [source for source in rows[waiting.pop()] if source not in needed]
            needed.update(sources)
            waiting += sources
        return [each for each in rows if each in needed]

    def expression(self, path: str, name: str) -> str:
        """`model.get_layer('backbone').get_layer('conv')`; of what has no such method by the list of all layers."""
        code, holder = name, self.model
        for part in path.split("/"):
            held = next((one for one in inside(holder) if one.name == part), None)
            if held is None or not hasattr(holder, "get_layer"):
                wanted = next(placed.layer for placed in self.placed() if placed.path == path)
                return f"next(one for one in {name}._flatten_layers() if one.name == {wanted.name!r})"
            is_layer = any(one is held for one in holder.layers)
            place = next((at for at, one in enumerate(operations_of(holder)) if one is held), 0)
            code += f".get_layer({part!r})" if is_layer else f".operations[{place}]"
            holder = held
        return code

    @property
    def input_names(self) -> list[str]:
        names = [tensor.name for tensor in self._symbolic("inputs")]
        return names or ["input"]

    @property
    def output_names(self) -> list[str]:
        graph = getattr(self.model, "_functional", None) or self.model
        return list(getattr(graph, "output_names", None) or ["output"])

    @property
    def input_types(self) -> list[str]:
        tensors = self._symbolic("inputs")
        known = [self.type_name(tensor) for tensor in tensors]
        return known or ["float32"] * len(self._known_shapes() or [()])

    @property
    def input_shapes(self) -> list[tuple]:
        return self._known_shapes() or []

    @property
    def output_activations(self) -> list[str]:
        """The name of the activation that gives each output; "" where it is not known."""
        by_name = {layer.name: layer for layer in self.layers}
        last = [by_name.get(name) for name in self.output_names] if has_graph(self.model) else self.layers[-1:]
        return [_activation(layer) for layer in last]

    @property
    def output_shapes(self) -> list[Any]:
        """The shape of each output, its batch axis first; empty where that is not known."""
        return [dims(tensor.shape) for tensor in self._symbolic("outputs")]

    # ---- values

    @property
    def weights(self) -> list[KerasWeight]:
        return [KerasWeight(each, weight_name(each, self.name)) for each in self.model.weights]

    @property
    def trainable_weights(self) -> list[KerasWeight]:
        return [KerasWeight(each, weight_name(each, self.name)) for each in self.model.trainable_weights]

    @property
    def moving(self) -> set:
        return set()  # a frozen BatchNormalization of Keras 2.1.3 and later runs as for prediction

    @property
    def remark(self) -> str:
        return ""

    @property
    def outputs_of(self) -> KerasOutputs:
        """Computes what layers give."""
        if self._outputs is None:
            self._outputs = KerasOutputs(self)
        return self._outputs

    @property
    def writes(self) -> int:
        optimizer = getattr(self.model, "optimizer", None) if self.is_compiled else None
        return int(optimizer.iterations.numpy()) if optimizer is not None else 0

    def weights_mark(self) -> tuple[int, ...]:
        return tuple(zlib.crc32(np.ascontiguousarray(each.numpy()).data) for each in self.model.weights)

    def outputs(self, x: list[np.ndarray], phase: int) -> list[np.ndarray]:
        return self.outputs_of.model(x, phase)

    def layer_output(self, layer: Any, x: list[np.ndarray], phase: int) -> np.ndarray:
        self.see(x)
        return self.outputs_of.layer(self.known(layer), x, phase)

    def output_gradient(self, layer: Any, x: list[np.ndarray], phase: int) -> np.ndarray:
        self.see(x)
        return self.outputs_of.gradient(self.known(layer), x, phase)

    def input_gradients(self, x: list[np.ndarray], chosen: np.ndarray | None) -> list[np.ndarray]:
        return self.outputs_of.input_gradients(x, chosen)

    def unit_gradient(self, layer: Any) -> Any:
        return self.outputs_of.unit_gradient(self.known(layer))

    def units(self, layer: Any) -> tuple[int, int | None]:
        shape = self.known(layer).output_shape
        shape = shape[0] if isinstance(shape, list) else shape
        if not shape:
            raise ArgumentError(f'what "{layer.name}" gives is not known yet.', "Look at its output first.")
        axis = 1 if self.known(layer).dim_ordering == "th" and len(shape) > 2 else len(shape) - 1
        return axis, shape[axis]

    def turn(self, layers: list[Any]) -> None:
        parts = list(self.parts())
        wanted = {part.path: part.layer.trainable is not (part.layer in layers) for part in parts}
        for part in parts:  # the outer ones first: Keras 3 hands a flag down to all that is inside
            frozen_above = any(not flag and part.path.startswith(f"{path}/") for path, flag in wanted.items())
            if not part.layer.is_step and not frozen_above and part.layer.trainable != wanted[part.path]:
                part.layer.trainable = wanted[part.path]

    def averages(self) -> tuple[str, bool, list[str], list[str]]:
        keeping = [part for part in self.parts() if class_of(part.layer).__name__ == "BatchNormalization"]
        frozen = [part.path for part in keeping if part.frozen_by is not None]
        return "stay", False, [part.path for part in keeping], frozen

    # ---- training

    @property
    def is_compiled(self) -> bool:
        return bool(getattr(self.model, "compiled", False))

    @property
    def is_in_force(self) -> bool:
        """A step that was traced trains what was trainable then; the optimizer knows what that was."""
        if not self.is_compiled:
            return False
        optimizer = self.model.optimizer
        if getattr(self.model, "train_function", None) is None or not getattr(optimizer, "built", False):
            return True
        known = {id(each) for each in optimizer._trainable_variables}
        return known == {id(each) for each in self.model.trainable_variables}

    def recompile(self) -> None:
        self.compile_again({})

    def optimizer_for_now(self) -> Any:
        """The optimizer for what is trainable now, with its state."""
        return keep_slots(self.model)

    def compile_again(self, arguments: dict[str, Any]) -> None:
        """Compile with these arguments in the place of former ones; an optimizer that stays keeps its state."""
        former = dict(self.model._compile_config.config) if self.is_compiled else {}
        if former and "optimizer" not in arguments:
            former["optimizer"] = self.optimizer_for_now()
        self.model.compile(**former | arguments)

    @property
    def learning_rate(self) -> float | None:
        optimizer = getattr(self.model, "optimizer", None) if self.is_compiled else None
        rate = getattr(optimizer, "_learning_rate", None)
        if self._wanted_rate is not None:
            return known_rate(self._wanted_rate)
        if rate is None or not hasattr(rate, "assign"):  # a schedule, which depends on the step
            return None
        if self._is_in_jax_step:
            return self._rate_seen
        return known_rate(rate.numpy())

    @learning_rate.setter
    def learning_rate(self, rate: float) -> None:
        optimizer = getattr(self.model, "optimizer", None)
        if optimizer is None or not hasattr(getattr(optimizer, "_learning_rate", None), "assign"):
            raise ArgumentError(
                f'the learning rate of model "{self.name}" follows a schedule or is not there yet.',
                "Compile it with a number as learning_rate.",
            )
        if self.control.is_running:
            self._wanted_rate = rate
        else:
            self._set_rate(rate)

    def _set_rate(self, rate: float) -> None:
        if self._is_in_jax_step:
            self.model.jax_state_sync()
        self.model.optimizer.learning_rate = rate
        self._rate_seen = known_rate(rate)

    @property
    def _is_in_jax_step(self) -> bool:
        """Whether a fit on JAX has taken the values out of the variables."""
        return not getattr(self.model, "_jax_state_synced", True)

    def sync(self) -> None:
        """Bring the variables up to date while a fit goes on; called in the thread that trains."""
        if self._is_in_jax_step:
            self.model.jax_state_sync()
        self.note_rate()

    def note_rate(self) -> None:
        """Know the learning rate while its variable cannot be read."""
        self._rate_seen = self.learning_rate

    def take_wanted_rate(self) -> None:
        """Set the learning rate that was asked for while a fit goes on; called in the thread that trains."""
        wanted, self._wanted_rate = self._wanted_rate, None
        if wanted is not None:
            self._set_rate(wanted)

    @property
    def compile_arguments(self) -> dict[str, Any]:
        given = dict(self.model._compile_config.config) if self.is_compiled else {}
        return {name: _named(value) for name, value in given.items() if value is not None}

    def fit(self, arguments: dict[str, Any], callbacks: list[Any]) -> Any:
        """Train as `keras.Model.fit` does; arguments may have Keras 1.2's names."""
        given = {_LATER.get(name, name): value for name, value in arguments.items() if value is not None}
        self.note_rate()
        with self.control.running(self.name):
            return self.model.fit(**given, callbacks=callbacks, verbose=0)

    def moment(self, epoch: int, has_state: bool = True) -> KerasMoment:
        return KerasMoment(self.model, epoch)

    @property
    def compiled_by(self) -> Sequence[Any]:
        return (getattr(self.model, "_compile_config", None),)

    @property
    def history(self) -> Any:
        return getattr(self.model, "history", None)


def _named(value: Any) -> Any:
    """An argument of compile as it can be written down: numbers and names, of objects the name of their class."""
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, dict):
        return {str(name): _named(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_named(each) for each in value]
    return getattr(value, "__name__", None) or getattr(value, "name", None) or type(value).__name__


def _activation(layer: KerasLayer | None) -> str:
    activation = getattr(layer.layer, "activation", None) if layer is not None else None
    return getattr(activation, "__name__", "") or ""
