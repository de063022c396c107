"""`Merge`: several tensors into one."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Sequence

from .. import backend as K
from ..backend.graph.tensor import Tensor, layer_scope
from ..errors import ArgumentError, GraphError, KerasnbError, ShapeError, unknown_name
from ..utils.code_text import arguments_from, function_config, function_from
from ..utils.damage import reads_config
from ..utils.held_functions import as_held
from .layer import Layer
from .node import to_list

__all__ = ["Merge", "listed", "merge"]

_MODES = ("sum", "mul", "concat", "ave", "cos", "dot", "max")


class Merge(Layer):
    """Several tensors into one: value by value, along an axis, by products of vectors, or by a function of your own.

    As the first layer of a Sequential it takes `layers` (or models) whose outputs it merges; else call it on a list of
    tensors, or use `merge`.

    Shape: sum, mul, ave, max: inputs of one shape -> that shape; concat: sizes along `concat_axis` are added; dot, cos:
    `(batch, n)` twice -> `(batch, 1)`, `(batch, a, n)` and `(batch, b, n)` -> `(batch, a, b)`.

    Args:
        layers: layers or models whose outputs to merge.
        mode: 'sum', 'mul', 'concat', 'ave', 'max', 'dot', 'cos', or a function of the list of inputs.
        concat_axis: axis along which to put the inputs one after the other.
        dot_axes: axis (or the two axes) summed over by 'dot' and 'cos'.
        output_shape: for a function: shape of one sample of the output, or a function from input shapes to output
            shape.
        output_mask: for a function: the mask of the output, or a function from input masks to it.
        arguments: further keyword arguments for the function.
        node_indices: which call of each layer to take.
        tensor_indices: which output of each layer to take.
    """

    supports_masking = takes_list = True
    is_single_use = True

    def __init__(
        self,
        layers=None,
        mode="sum",
        concat_axis=-1,
        dot_axes=-1,
        output_shape=None,
        output_mask=None,
        arguments=None,
        node_indices=None,
        tensor_indices=None,
        name=None,
    ):
        if not callable(mode) and mode not in _MODES:
            error = unknown_name("mode", mode, _MODES, "Or give a function of the list of inputs.")
            error.arguments = ("mode",)
            raise error
        self.mode = as_held(mode)
        self.layers = layers
        self.concat_axis = concat_axis
        self.dot_axes = dot_axes
        self.arguments = dict(arguments or {})
        self._output_shape = tuple(output_shape) if isinstance(output_shape, list) else as_held(output_shape)
        self._output_mask = as_held(output_mask)
        super().__init__(name=name)
        self.declares_shape = callable(mode) and output_shape is not None
        if layers:
            self._connect_layers(layers, node_indices, tensor_indices)

    def _connect_layers(self, layers: Sequence[Layer], node_indices, tensor_indices) -> None:
        if len(layers) < 2:
            raise ArgumentError(f"needs two layers or more, got {len(layers)}.", arguments=("layers",))
        for layer in layers:
            layer._attribute_at(0, "output_tensors")  # an error that names the layer which has no output yet
            layer.is_part = True
        with layer_scope(self.name):
            self.add_inbound_node(list(layers), node_indices, tensor_indices)
        self.built = True

    @property
    def runs_own_code(self) -> bool:
        return callable(self.mode) or super().runs_own_code

    def __call__(self, x, mask=None, training=None):
        if self.is_single_use and self.inbound_nodes and any(isinstance(one, Tensor) for one in to_list(x)):
            raise GraphError("can be used only once.", "Make another one, or use merge(inputs, mode=...).").named(
                type(self).__name__, self.name
            )
        return super().__call__(x, mask, training)

    def call(self, inputs, mask=None):
        if not isinstance(inputs, list) or len(inputs) < 2:
            raise ShapeError(f"needs a list of two tensors or more, got {inputs!r}.", "Write merge([x, y], mode=...).")
        if callable(self.mode):
            # functions of Keras 1.2 may take the masks, or not know of any
            wants_mask = "mask" in inspect.signature(self.mode).parameters and "mask" not in self.arguments
            return self.mode(inputs, **self.arguments, **({"mask": mask} if wants_mask else {}))
        self._check(inputs)
        return getattr(self, f"_{self.mode}")(inputs)

    def _check(self, inputs: Sequence) -> None:
        """Refuse inputs that do not fit together."""
        shapes = [K.int_shape(one) for one in inputs]
        if self.mode in ("dot", "cos") and len(inputs) != 2:
            raise ShapeError(f'mode "{self.mode}" needs two inputs, got {len(inputs)}.', arguments=("mode",))
        if self.mode == "concat" and not _agree(shapes, self.concat_axis):
            raise ShapeError(
                f'mode "concat" needs inputs that agree on every axis but {self.concat_axis}, got {listed(inputs)}.',
                "Bring them to one shape first, or choose another concat_axis.",
                arguments=("concat_axis",),
            )
        if self.mode in ("sum", "mul", "ave", "max") and not _agree(shapes):
            raise ShapeError(
                f'mode "{self.mode}" needs inputs of one shape, got {listed(inputs)}.',
                'Bring them to one shape first, such as by Dense, or use mode="concat".',
                arguments=("mode",),
            )

    def _sum(self, inputs):
        return functools.reduce(K.add, inputs)

    def _mul(self, inputs):
        return functools.reduce(K.multiply, inputs)

    def _ave(self, inputs):
        return self._sum(inputs) / float(len(inputs))

    def _max(self, inputs):
        return functools.reduce(K.maximum, inputs)

    def _concat(self, inputs):
        return K.concatenate(inputs, axis=self.concat_axis)

    def _axes(self, inputs) -> tuple[int, int]:
        axes = (self.dot_axes,) * 2 if isinstance(self.dot_axes, int) else self.dot_axes
        ranks = [len(K.int_shape(one)) for one in inputs]
        if (
            not isinstance(axes, tuple | list)
            or len(axes) != 2
            or not all(isinstance(axis, int) and -rank <= axis < rank for axis, rank in zip(axes, ranks, strict=False))
        ):
            raise ArgumentError(
                f"dot_axes {self.dot_axes!r} are no axes of {listed(inputs)}.",
                "Give one whole number, or one for each input.",
                arguments=("dot_axes",),
            )
        sizes = [K.int_shape(one)[axis] for axis, one in zip(axes, inputs, strict=True)]
        if None not in sizes and sizes[0] != sizes[1]:
            raise ShapeError(
                f'mode "{self.mode}" over dot_axes {self.dot_axes!r} of {listed(inputs)}: '
                f"{sizes[0]} and {sizes[1]} differ.",
                "Bring them to one size first, such as by Dense, or choose other dot_axes.",
                arguments=("dot_axes",),
            )
        return tuple(axis % len(K.int_shape(one)) for axis, one in zip(axes, inputs, strict=True))

    def _dot(self, inputs):
        return K.batch_dot(*inputs, axes=self._axes(inputs))

    def _cos(self, inputs):
        axes = self._axes(inputs)
        return K.batch_dot(*(K.l2_normalize(one, axis) for one, axis in zip(inputs, axes, strict=True)), axes=axes)

    def get_output_shape_for(self, input_shape):
        if callable(self.mode) and self._output_shape is not None:
            if callable(self._output_shape):
                return tuple(self._output_shape(input_shape))
            return (input_shape[0][0], *self._output_shape)
        return super().get_output_shape_for(input_shape)

    def compute_mask(self, inputs, mask=None):
        if callable(self.mode):
            return self._output_mask(mask) if callable(self._output_mask) else self._output_mask
        if mask is None or all(one is None for one in mask) or self.mode in ("dot", "cos"):
            return None
        if self.mode == "concat":
            return K.all(
                K.concatenate(
                    [_mask_like(one, kept) for one, kept in zip(inputs, mask, strict=True)], axis=self.concat_axis
                ),
                axis=-1,
            )
        if self.mode == "max" and self.is_single_use:
            raise ShapeError(
                'mode "max" does not support masking.',
                'Take the masking away before it, or use mode="sum".',
                arguments=("mode",),
            )
        # a step counts where it does in all inputs: a sum with something masked is no value
        return functools.reduce(K.logical_and, [K.cast(one, "bool") for one in mask if one is not None])

    def get_config(self) -> dict:
        mode, mode_type = function_config(self.mode) if callable(self.mode) else (self.mode, "raw")
        config = {
            "name": self.name,
            "mode": mode,
            "mode_type": mode_type,
            "concat_axis": self.concat_axis,
            "dot_axes": self.dot_axes,
            "arguments": self.arguments,
        }
        for name, value in (("output_shape", self._output_shape), ("output_mask", self._output_mask)):
            config[name], config[f"{name}_type"] = function_config(value) if callable(value) else (value, "raw")
        return config

    @reads_config
    def from_config(cls, config, custom_objects=None):
        """A layer as `get_config` described one.

        Args:
            custom_objects: name -> function, for modes that are functions.
        """
        config = dict(config)
        for name in ("mode", "output_shape", "output_mask"):
            config[name] = function_from(config.get(name), config.pop(f"{name}_type", "raw"), name, custom_objects)
        config["arguments"] = arguments_from(config.get("arguments"))
        return cls(**config)


def _agree(shapes: Sequence[tuple], but_axis: int | None = None) -> bool:
    """Whether shapes are the same as far as they are known, perhaps but for one axis."""
    rank = len(shapes[0])
    if any(len(shape) != rank for shape in shapes) or (but_axis is not None and not -rank <= but_axis < rank):
        return False
    skipped = None if but_axis is None else but_axis % rank
    return all(
        len({size for size in sizes if size is not None}) <= 1
        for axis, sizes in enumerate(zip(*shapes, strict=True))
        if axis != skipped
    )


def listed(inputs: Sequence) -> str:
    """The inputs as messages name them: layers and shapes."""
    named = [f'"{one._keras_history[0].name}" ' if hasattr(one, "_keras_history") else "" for one in inputs]
    return " and ".join(f"{name}{K.int_shape(one)}" for name, one in zip(named, inputs, strict=True))


def _mask_like(x, mask):
    """The mask with as many axes as `x`; ones if there is none."""
    if mask is None:
        # without a mask nothing is masked: it must not make the others' masks vanish
        return K.cast(K.ones_like(x[..., :1]), "bool")
    mask = K.cast(mask, "bool")
    return K.expand_dims(mask, -1) if K.ndim(mask) < K.ndim(x) else mask


def merge(
    inputs, mode="sum", concat_axis=-1, dot_axes=-1, output_shape=None, output_mask=None, arguments=None, name=None
):
    """One tensor from several; `mode` and the rest as for Merge.

    >>> from kerasnb.layers import Input, merge
    >>> merge([Input((3,)), Input((4,))], mode="concat").shape
    (None, 7)
    """
    layer = Merge(
        mode=mode,
        concat_axis=concat_axis,
        dot_axes=dot_axes,
        output_shape=output_shape,
        output_mask=output_mask,
        arguments=arguments,
        name=name,
    )
    try:
        return layer(inputs)
    except KerasnbError as error:
        raise error.named("Merge", layer.name) from error.__cause__
