"""`Layer`: what every layer is made of."""

from __future__ import annotations

import copy
import functools
import inspect
import weakref
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import numpy as np

from .. import backend as K
from ..backend.graph.phase import phase_fixed_to
from ..backend.graph.tensor import Tensor, Variable, describe_line, layer_scope
from ..backend.native import call_with_native, with_native
from ..backend.ops.machines import times_parts
from ..caller import user_line
from ..errors import ArgumentError, KerasnbError, ShapeError
from ..spelling.door import accept_later_spellings
from ..utils.damage import reads_config
from .belongings import Belongings, object_list_uid
from .calls import Call, current_call, gathering
from .connected import Connected
from .copies import copied, pickled
from .node import Node, call_layer, one_or_list, to_list
from .specs import InputSpec, check_spec

__all__ = ["Layer", "InputSpec", "LAYERS", "object_list_uid"]

LAYERS: dict[str, type[Layer]] = {}

_COMMON = {"input_shape", "batch_input_shape", "input_dtype", "name", "trainable"}
# every layer takes its first weights, though in Keras 1.2 only those that list the argument did
_TAKEN = _COMMON | {"weights"}
# what a layer has before it is built: attribute -> what makes it
_EMPTY: dict[str, Callable[[], Any]] = {
    "input_spec": lambda: None,
    "_trainable_weights": list,
    "_non_trainable_weights": list,
    "_losses": list,
    "_updates": list,
    "constraints": dict,
}


class Layer(Belongings, Connected):
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
    declares_shape = False
    takes_mask = True
    takes_training = False
    activity_regularizer = None
    initial_weights: Sequence[np.ndarray] | None = None
    input_spec: Any  # what its inputs are checked against
    layers: list[Layer]  # of a graph of layers
    takes_list = False  # whether it is called on a list of tensors
    is_graph = False  # whether it is a graph of layers, which files and pictures show one by one
    is_part = False  # whether a model was built with it
    folder_in_files = ""  # where Keras 3's files have its own weights, under its own path
    drops_masks = False  # whether it ends a mask that it has no use for, as in tf.keras and Keras 3, or refuses it
    spelt_later = False  # whether its program wrote it as Keras 2 and later do
    built_for: Any = None  # the shape (or shapes) that its weights were made for

    def __init_subclass__(cls, listed: bool = True, **kwargs):
        super().__init_subclass__(**kwargs)
        accept_later_spellings(cls)
        if "call" in cls.__dict__:
            parameters = inspect.signature(cls.call).parameters
            cls.takes_training = "training" in parameters
            cls.takes_mask = "mask" in parameters or any(p.kind is p.VAR_KEYWORD for p in parameters.values())
        cls.declares_shape = any("get_output_shape_for" in base.__dict__ for base in cls.__mro__ if base is not Layer)
        cls.holds_layers = cls.holds_layers or not _is_ours(cls)
        known = LAYERS.get(cls.__name__)
        is_taken = (
            known is not None and _is_ours(known) and not _is_ours(cls)
        )  # a user's own Dense does not replace ours in files
        if listed and not cls.__name__.startswith("_") and not is_taken:
            LAYERS[cls.__name__] = cls

    def __init__(self, **kwargs):
        for name in kwargs:
            if name not in _TAKEN:
                raise TypeError(f"{type(self).__name__} has no argument {name!r}; it takes {_arguments_of(type(self))}")
        self.trainable = kwargs.get("trainable", True)
        self.built = False
        self.inbound_nodes: list[Node] = []
        self.outbound_nodes: list[Node] = []
        for held, nothing in _EMPTY.items():
            # what a subclass set before, or computes, stays, as in Keras 1.2
            if not isinstance(getattr(type(self), held, None), property) and not hasattr(self, held):
                setattr(self, held, nothing())
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

    @functools.cached_property
    def calls_inside(self) -> weakref.WeakSet:
        """The layers that calls of this one called."""
        return weakref.WeakSet()

    @functools.cached_property
    def weights_borrowed(self) -> dict[Variable, None]:
        """The weights of other layers that calls of this one used without holding them."""
        return {}

    @property
    def runs_own_code(self) -> bool:
        """Whether its call is a program's own, which may use anything."""
        return not _is_ours(type(self))

    # ---- to be written by subclasses

    def build(self, input_shape) -> None:
        """Make the weights for inputs of this shape (a list of shapes for several inputs)."""
        self.built, self.built_for = True, input_shape
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
        if not self.supports_masking and masks and self.drops_masks:
            return None
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

    @reads_config
    def from_config(cls, config: dict) -> Layer:
        """A layer as `get_config` described one; its weights are new."""
        return cls(**config)

    # ---- calling

    def __call__(self, x, mask=None, training=None, **arguments):
        """The output for a tensor of another layer, a list of them, or arrays (which gives arrays).

        `training` fixes the learning phase of this call: True keeps a Dropout at work when predicting. Further
        arguments are those of `call`.
        """
        inputs = to_list(x)
        training = None if isinstance(training, Tensor) else training  # K.learning_phase(), which counts anyway
        is_symbolic = any(isinstance(one, Tensor) or K.is_native(one) for one in inputs)
        # a call that fails half-way must leave no half-made weights or nodes: a notebook's next cell tries again
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
        recorded = arguments if training is None else {"training": training, **arguments}
        call = current_call()
        if call is not None and any(not hasattr(one, "_keras_history") or call.is_given(one) for one in inputs):
            if not any(K.is_native(one) for one in inputs):
                return self._call_inside(call, inputs, mask, recorded)
        if not all(hasattr(one, "_keras_history") for one in inputs):
            with phase_fixed_to(training), gathering(self, inputs):
                return self.call(x, mask=mask, **arguments) if self.takes_mask else self.call(x, **arguments)
        layers, nodes, places = map(list, zip(*(one._keras_history for one in inputs), strict=True))
        Node.create_node(self, layers, nodes, places, recorded)
        node = self.inbound_nodes[-1]
        self.penalize(node.output_tensors, inputs)
        return one_or_list(node.output_tensors)

    def _call_inside(self, call: Call, inputs: list, mask, arguments: dict):
        """The output for tensors inside a call of another layer, which has the weights and is recorded."""
        masks = [call.mask_of(one) for one in inputs] if mask is None else to_list(mask)
        outputs, output_masks = call_layer(self, inputs, masks, arguments)
        self.penalize(outputs, inputs)
        for output, output_mask in zip(outputs, output_masks, strict=True):
            output._keras_mask = output_mask
        return one_or_list(outputs)

    def penalize(self, outputs: Sequence[Tensor], inputs: Sequence[Tensor]) -> None:
        """Add the activity regularizer's penalties on the outputs of one call."""
        if self.activity_regularizer is not None:
            penalties = [with_native(self.activity_regularizer, output) for output in outputs]
            is_mean = getattr(self.activity_regularizer, "is_mean", False)
            self.add_loss(penalties if is_mean else list(map(times_parts, penalties)), inputs)

    def ensure_built(self, inputs: list) -> None:
        """Make the weights, the first time; refuse inputs that do not fit."""
        self.assert_input_compatibility(inputs)
        if self.built:
            return
        shape = one_or_list([K.int_shape(one) for one in inputs])
        self.build(shape)
        self.built, self.built_for = True, shape
        self.assert_input_compatibility(inputs)
        self._take_initial_weights()

    @property
    def _initial_weights(self) -> Any:
        """The later name of `initial_weights`."""
        return self.initial_weights

    @_initial_weights.setter
    def _initial_weights(self, weights) -> None:
        self.initial_weights = weights

    def _take_initial_weights(self) -> None:
        if self.initial_weights is not None:
            self.set_weights(self.initial_weights)
            self.initial_weights = None

    def _call_on_arrays(self, inputs: list, training=None, arguments=None):
        arrays = [np.asarray(one) for one in inputs]
        stand_ins = [
            K.placeholder(shape=array.shape, dtype=dtype)
            for array, dtype in zip(arrays, self._input_dtypes(len(arrays)), strict=True)
        ]
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
        # a trial is no call of the model: its penalties would be added to the loss
        counts = len(self._losses), len(self._updates)
        outputs = call_with_native(lambda values: self.call(one_or_list(list(values)), **(arguments or {})), stand_ins)
        del self._losses[counts[0] :], self._updates[counts[1] :]
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

    def create_input_layer(self, batch_input_shape, input_dtype=None, name=None) -> list:
        """Put an InputLayer before this layer, as the first layer of a Sequential has; gives the layer's outputs."""
        prefix = type(self).__name__.lower() + "_input"
        name = name or f"{prefix}_{K.get_uid(prefix)}"
        self.batch_input_shape = tuple(batch_input_shape)
        self.input_dtype = input_dtype or self.input_dtype
        before = LAYERS["InputLayer"](batch_input_shape=self.batch_input_shape, input_dtype=self.input_dtype, name=name)
        return to_list(self(one_or_list(before.inbound_nodes[0].output_tensors)))

    # ---- copies

    def __copy__(self) -> Layer:
        other = type(self).__new__(type(self))
        other.__dict__.update(self.__dict__)
        return other

    def __deepcopy__(self, memo: dict) -> Layer:
        return copied(self, memo)

    def __reduce__(self):
        return pickled(self)

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
        raise ArgumentError(
            f"input_shape is a tuple of sizes, got {shape!r}.",
            f"Write input_shape=({shape},).",
            arguments=("input_shape",),
        )
    return tuple(shape)


def _arguments_of(cls: type) -> str:
    names = [
        name
        for name, p in inspect.signature(cls.__init__).parameters.items()  # type: ignore[misc]  # of this very class
        if name != "self" and p.kind is not p.VAR_KEYWORD
    ]
    return ", ".join([*names, *sorted(_COMMON)])
