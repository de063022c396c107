"""`Layer`: what every layer is made of."""
from __future__ import annotations

import copy
import inspect
import math
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from .. import backend as K
from .. import constraints, initializations, regularizers
from ..backend.native import call_with_native
from ..backend.phase import phase_fixed_to
from ..backend.tensor import Tensor, Variable, describe_line, layer_scope, user_line
from ..errors import ArgumentError, KerasnbError, ShapeError, UnbuiltError
from ..spellings import accept_later_spellings
from .connected import Connected
from .node import Node, one_or_list, to_list
from .specs import InputSpec, check_spec, check_weights, name_first

__all__ = ["Layer", "InputSpec", "LAYERS", "object_list_uid"]

LAYERS: dict[str, type[Layer]] = {}

_COMMON = {"input_shape", "batch_input_shape", "input_dtype", "name", "trainable"}
# every layer takes its first weights, though in Keras 1.2 only those that list the argument did
_TAKEN = _COMMON | {"weights"}


def object_list_uid(object_list: Any) -> str:
    """A key for a list of objects."""
    return ", ".join(str(id(item)) for item in to_list(object_list))


class Layer(Connected):
    """A step of a model, with weights of its own.

    Write one by three methods: `build(input_shape)` makes the weights with `add_weight`, `call(x, mask=None)` computes
    with K functions or the backend's own, `get_output_shape_for(input_shape)` says the output shape where it cannot be
    read off `call`.

    Args:
        name: unique in a model; by default the class in lower case and a number.
        trainable: whether fit changes the weights; a change counts from the next compile.
        input_shape: shape of one sample, for the first layer of a Sequential.
        batch_input_shape: the same with the batch size in front.
        input_dtype: dtype of the input, for the first layer of a Sequential.
    """

    aliases: ClassVar[dict[str, type[Layer]]] = {}
    uses_learning_phase = False
    supports_masking = False
    stateful = False
    declares_shape = False
    takes_mask = True
    takes_training = False
    activity_regularizer = None
    initial_weights: Sequence[np.ndarray] | None = None
    is_part = False  # whether a model was built with it

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        accept_later_spellings(cls)
        if "call" in cls.__dict__:
            parameters = inspect.signature(cls.call).parameters
            cls.takes_training = "training" in parameters
            cls.takes_mask = "mask" in parameters or any(p.kind is p.VAR_KEYWORD for p in parameters.values())
        cls.declares_shape = any("get_output_shape_for" in base.__dict__ for base in cls.__mro__ if base is not Layer)
        known = LAYERS.get(cls.__name__)
        is_taken = (
            known is not None and _is_ours(known) and not _is_ours(cls)
        )  # a user's own Dense does not replace ours in files
        if not cls.__name__.startswith("_") and not is_taken:
            LAYERS[cls.__name__] = cls

    def __init__(self, **kwargs):
        for name in kwargs:
            if name not in _TAKEN:
                raise TypeError(f"{type(self).__name__} has no argument {name!r}; it takes {_arguments_of(type(self))}")
        self.input_spec = None
        self.trainable = kwargs.get("trainable", True)
        self.built = False
        self.inbound_nodes: list[Node] = []
        self.outbound_nodes: list[Node] = []
        self._trainable_weights: list[Variable] = []
        self._non_trainable_weights: list[Variable] = []
        self._losses: list[tuple[str | None, Tensor]] = []
        self._updates: list[tuple[str | None, tuple]] = []
        self.constraints: dict[Variable, Any] = {}
        self.initial_weights = self.__dict__.get("initial_weights", kwargs.get("weights"))
        prefix = type(self).__name__.lower()
        self.name = kwargs.get("name") or f"{prefix}_{K.get_uid(prefix)}"
        self.input_dtype = kwargs.get("input_dtype") or K.floatx()
        self._set_input_shape(kwargs.get("batch_input_shape"), kwargs.get("input_shape"))

    def _set_input_shape(self, batch_input_shape, input_shape) -> None:
        if batch_input_shape is None and input_shape is None:
            return
        shape = tuple(batch_input_shape) if batch_input_shape is not None else (None, *_sizes(input_shape))
        self.batch_input_shape = shape

    # ---- to be written by subclasses

    def build(self, input_shape) -> None:
        """Make the weights for inputs of this shape (a list of shapes for several inputs)."""
        self.built = True
        if _is_ours(type(self)):  # ours call this last, and old programs call build themselves
            self._take_initial_weights()

    def call(self, x, mask=None):
        """The output for input `x`."""
        return x

    def get_output_shape_for(self, input_shape):
        """The output shape for this input shape; by default found by calling the layer on a placeholder."""
        several = isinstance(input_shape, list)
        shapes = input_shape if several else [input_shape]
        layer = self if self.built else self._unbuilt_copy()
        if not layer.built:
            layer.build(input_shape)
        stand_ins = [K.placeholder(shape=shape, dtype=self.input_dtype) for shape in shapes]
        outputs = layer._tried(stand_ins)
        return [tuple(output.shape) for output in outputs] if isinstance(outputs, list) else tuple(outputs.shape)

    def compute_mask(self, input, input_mask=None):
        """The mask of the output; by default the input's, if the layer supports masking at all."""
        masks = [mask for mask in to_list(input_mask) if mask is not None]
        if not self.supports_masking and masks:
            raise ShapeError(
                f"does not support masking, but was passed a mask {tuple(masks[0].shape)}.",
                "Take the masking (Masking, mask_zero=True) away before it, or end it with a recurrent layer.",
            )
        return input_mask

    def get_config(self) -> dict:
        """The arguments that make the same layer again."""
        config = {"name": self.name, "trainable": self.trainable}
        if hasattr(self, "batch_input_shape"):
            config["batch_input_shape"] = self.batch_input_shape
        if hasattr(self, "input_dtype") and hasattr(self, "batch_input_shape"):
            config["input_dtype"] = self.input_dtype
        return config

    @classmethod
    def from_config(cls, config: dict) -> Layer:
        return cls(**config)

    # ---- weights, losses, updates

    @name_first
    def add_weight(self, shape, initializer, name=None, trainable=True, regularizer=None, constraint=None) -> Variable:
        """A new weight.

        Args:
            shape: its sizes.
            initializer: a name, or a function `(shape, name=) -> variable`.
            name: in Keras's style, '<layer>_W'.
            trainable: whether fit may change it.
            regularizer: a function from the weight to a penalty added to the loss.
            constraint: a function applied to the weight after each update.
        """
        weight = initializations.make_variable(initializer, tuple(shape), name)
        (self._trainable_weights if trainable else self._non_trainable_weights).append(weight)
        regularizer = regularizers.get(regularizer)
        if regularizer is not None:
            self.add_loss(regularizer(weight))
        if constraint is not None:
            self.constraints[weight] = weight.constraint = constraints.get(constraint)
        return weight

    @property
    def trainable_weights(self) -> list[Variable]:
        return self._trainable_weights if self.trainable else []

    @trainable_weights.setter
    def trainable_weights(self, weights) -> None:
        self._trainable_weights = list(weights)

    @property
    def non_trainable_weights(self) -> list[Variable]:
        return self._non_trainable_weights if self.trainable else self._trainable_weights + self._non_trainable_weights

    @non_trainable_weights.setter
    def non_trainable_weights(self, weights) -> None:
        self._non_trainable_weights = list(weights)

    @property
    def weights(self) -> list[Variable]:
        return self.trainable_weights + self.non_trainable_weights

    def get_weights(self) -> list[np.ndarray]:
        """The weights as arrays, trainable ones first."""
        return K.batch_get_value(self.weights)

    def set_weights(self, weights: Sequence[np.ndarray]) -> None:
        """Give the layer other weights, in the order and shapes of `get_weights()`.

        Raises:
            WeightsError: another number of arrays, or another shape; nothing was changed.
        """
        check_weights(self.weights, weights, type(self).__name__, self.name)
        K.batch_set_value(zip(self.weights, weights, strict=True))

    def count_params(self) -> int:
        """How many numbers the weights hold."""
        if not self.built:
            raise UnbuiltError("has no weights to count before it is built.",
                               "Give its input shape, or add it to a model.").named(type(self).__name__, self.name)
        return sum(math.prod(weight.shape) for weight in self.weights)

    def add_loss(self, losses, inputs=None) -> None:
        """Add penalties to the loss of every model with this layer (with `inputs`: to that call of it)."""
        key = None if inputs is None else object_list_uid(inputs)
        self._losses.extend(
            (key, loss) for loss in (losses if isinstance(losses, list | tuple) else [losses]) if loss is not None
        )

    def add_update(self, updates, inputs=None) -> None:
        """Add pairs (variable, new value), written after each batch."""
        key = None if inputs is None else object_list_uid(inputs)
        pairs = updates if isinstance(updates, list) else [updates]
        self._updates.extend((key, tuple(pair) if isinstance(pair, list) else pair) for pair in pairs)

    @property
    def losses(self) -> list:
        return [loss for _, loss in self._losses]

    @losses.setter
    def losses(self, losses) -> None:
        self._losses = [(None, loss) for loss in losses]

    @property
    def updates(self) -> list:
        return [pair for _, pair in self._updates]

    @updates.setter
    def updates(self, updates) -> None:
        self._updates = [(None, tuple(pair)) for pair in updates]

    def get_losses_for(self, inputs) -> list:
        """The penalties that belong to these inputs (None: those that belong to no input)."""
        key = None if inputs is None else object_list_uid(inputs)
        return [loss for owner, loss in self._losses if owner == key]

    def get_updates_for(self, inputs) -> list:
        """The updates that belong to these inputs (None: those that belong to no input)."""
        key = None if inputs is None else object_list_uid(inputs)
        return [pair for owner, pair in self._updates if owner == key]

    @property
    def regularizers(self) -> list:
        return []

    @regularizers.setter
    def regularizers(self, _) -> None:
        """Kept for old programs; penalties are in `losses`."""

    # ---- calling

    def __call__(self, x, mask=None, training=None, **arguments):
        """The output for a tensor of another layer, a list of them, or arrays (which gives arrays).

        `training` fixes the learning phase of this call: True keeps a Dropout at work when predicting. Further
        arguments are those of `call`.
        """
        inputs = to_list(x)
        training = None if isinstance(training, Tensor) else training  # K.learning_phase(), which counts anyway
        is_symbolic = any(isinstance(one, Tensor) or K.is_native(one) for one in inputs)
        before = dict(self.__dict__)
        before |= {name: value.copy() for name, value in before.items() if type(value) in (list, dict)}
        try:
            with layer_scope(self.name):
                if is_symbolic:
                    return self._connect(x, inputs, mask, training, arguments)
                return self._call_on_arrays(inputs, training, arguments)
        except BaseException as error:
            self.__dict__ = before
            if isinstance(error, KerasnbError):
                raise error.named(type(self).__name__, self.name).located(
                    describe_line(user_line())
                ) from error.__cause__
            if isinstance(error, Exception):
                error.add_note(f'In {type(self).__name__} "{self.name}", called at {describe_line(user_line())}')
            raise

    def _connect(self, x, inputs: list, mask, training, arguments: dict):
        self.ensure_built(inputs)
        if not all(hasattr(one, "_keras_history") for one in inputs):
            with phase_fixed_to(training):
                return self.call(x, mask=mask, **arguments) if self.takes_mask else self.call(x, **arguments)
        histories = [one._keras_history for one in inputs]
        arguments = arguments if training is None else {"training": training, **arguments}
        Node.create_node(self, *map(list, zip(*histories, strict=True)), arguments)
        node = self.inbound_nodes[-1]
        if self.activity_regularizer is not None:
            self.add_loss([self.activity_regularizer(output) for output in node.output_tensors], inputs)
        return one_or_list(node.output_tensors)

    def ensure_built(self, inputs: list) -> None:
        """Make the weights, the first time; refuse inputs that do not fit."""
        self.assert_input_compatibility(inputs)
        if self.built:
            return
        self.build(one_or_list([K.int_shape(one) for one in inputs]))
        self.built = True
        self.assert_input_compatibility(inputs)
        self._take_initial_weights()

    def _take_initial_weights(self) -> None:
        if self.initial_weights is not None:
            self.set_weights(self.initial_weights)
            self.initial_weights = None

    def _call_on_arrays(self, inputs: list, training=None, arguments=None):
        arrays = [np.asarray(one) for one in inputs]
        stand_ins = [K.placeholder(shape=array.shape, dtype=dtype)
                     for array, dtype in zip(arrays, self._input_dtypes(len(arrays)), strict=True)]
        self.ensure_built(stand_ins)
        with phase_fixed_to(training):
            outputs = to_list(self._tried(stand_ins, arguments))
        return one_or_list(K.function(stand_ins, outputs)(arrays))

    def _unbuilt_copy(self) -> Layer:
        """The layer made anew; one that does not say how is copied, so that building leaves this one as it is."""
        if type(self).get_config is not Layer.get_config or type(self).__init__ is Layer.__init__:
            return type(self).from_config(self.get_config())
        other = copy.copy(self)
        other.__dict__ |= {
            name: value.copy() for name, value in self.__dict__.items() if isinstance(value, list | dict)
        }
        return other

    def _input_dtypes(self, count: int) -> list[str]:
        return [self.input_dtype] * count

    def _tried(self, stand_ins: Sequence[Tensor], arguments: dict | None = None):
        """What `call` gives for these inputs; the penalties and updates of this call are dropped with it."""
        counts = len(self._losses), len(self._updates)
        outputs = call_with_native(lambda values: self.call(one_or_list(list(values)), **(arguments or {})), stand_ins)
        del self._losses[counts[0]:], self._updates[counts[1]:]
        return outputs

    def add_inbound_node(self, inbound_layers, node_indices=None, tensor_indices=None) -> None:
        """Call the layer on outputs of other layers, and record the node."""
        Node.create_node(self, to_list(inbound_layers), node_indices, tensor_indices)

    def assert_input_compatibility(self, input) -> None:
        """Refuse inputs that do not fit `input_spec`."""
        inputs = to_list(input)
        if self.input_spec is None:
            return
        specs = to_list(self.input_spec)
        if len(specs) != len(inputs):
            raise ShapeError(f"needs {len(specs)} inputs, got {len(inputs)}.").named(type(self).__name__, self.name)
        for tensor, spec in zip(inputs, specs, strict=True):
            check_spec(K.int_shape(tensor), K.dtype(tensor), spec, self)

    def check_values(self, array) -> None:
        """Refuse data that the layer cannot take; called before a step for a layer that reads an input of the model."""

    def create_input_layer(self, batch_input_shape, input_dtype=None, name=None) -> None:
        """Put an InputLayer before this layer, as the first layer of a Sequential has."""
        from .inputs import Input
        prefix = type(self).__name__.lower() + "_input"
        name = name or f"{prefix}_{K.get_uid(prefix)}"
        self.batch_input_shape = tuple(batch_input_shape)
        self.input_dtype = input_dtype or self.input_dtype
        self(Input(batch_shape=self.batch_input_shape, dtype=self.input_dtype, name=name))

    def __repr__(self) -> str:
        shape = f" {self.inbound_nodes[0].output_shapes[0]}" if self.inbound_nodes else ""
        return f'<{type(self).__name__} "{self.name}"{shape}>'


accept_later_spellings(Layer)


def _is_ours(cls: type) -> bool:
    return cls.__module__.split(".")[0] == __name__.split(".")[0]


def _sizes(shape) -> tuple:
    if shape is None:
        return ()
    if isinstance(shape, int | np.integer):
        raise ArgumentError(f"input_shape is a tuple of sizes, got {shape!r}.", f"Write input_shape=({shape},).",
                            arguments=("input_shape",))
    return tuple(shape)


def _arguments_of(cls: type) -> str:
    names = [
        name
        for name, p in inspect.signature(cls.__init__).parameters.items()
        if name != "self" and p.kind is not p.VAR_KEYWORD
    ]
    return ", ".join([*names, *sorted(_COMMON)])
