"""A dense layer over the axes that an equation names, a later layer, written as in Keras 3."""

from __future__ import annotations

import math
import re

import numpy as np

from .. import activations, initializations, regularizers
from .. import backend as K
from ..backend.ops.einsum import read_equation
from ..engine.layer import InputSpec
from ..errors import ArgumentError, ShapeError
from ..utils.custom_objects import config_of
from .arguments import found, whole
from .named_weights import _EndsMasks, _NamedWeights

__all__ = ["EinsumDense"]

_FORM = re.compile(r"(\.{3})?([a-zA-Z]+)(?(1)|(\.{3})?),([a-zA-Z]+)->(?(1)\.{3})([a-zA-Z]+)(?(3)\.{3})")


class EinsumDense(_EndsMasks, _NamedWeights):
    """Fully connected layer over the axes that an equation names: `activation(einsum(equation, x, kernel) + bias)`.

    Shape: 'btf,fu->btu' takes `(batch, time, features)`, has a kernel of `(features, units)`, and gives
        `(batch, time, units)`; `...` stands for axes that are left as they are. A mask ends here.

    Args:
        equation: the axes of input, kernel and output, in the form `X,Y->Z`, `...X,Y->...Z` or `X...,Y->Z...`.
        output_shape: the sizes of the named output axes without the batch; None for one that the input has.
        activation: name or function; None leaves the sums as they are.
        bias_axes: the output axes that the bias has, such as "u"; None for no bias.
        kernel_initializer: of the kernel; likewise for the bias, and so the regularizers and constraints.
        activity_regularizer: penalty on the output.

    Raises:
        ArgumentError: the equation has another form, or does not fit the shapes.
        ShapeError: a size of the kernel is not known.
    """

    def __init__(
        self,
        equation,
        output_shape,
        activation=None,
        bias_axes=None,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        activity_regularizer=None,
        **kwargs,
    ):
        self.equation = str(equation).replace(" ", "")
        if not _FORM.fullmatch(self.equation):
            raise ArgumentError(
                f"equation must have the form X,Y->Z, ...X,Y->...Z or X...,Y->Z..., got {equation!r}.",
                'Write "btf,fu->btu", say.',
                arguments=("equation",),
            )
        sizes = output_shape if isinstance(output_shape, list | tuple) else [output_shape]
        self.partial_output_shape = tuple(size if size is None else whole("output_shape", size) for size in sizes)
        self.activation = found(activations.get, "activation", activation)
        self.bias_axes = self._checked_axes(bias_axes)
        super().__init__(locals(), **kwargs)
        self.activity_regularizer = found(regularizers.get, "activity_regularizer", activity_regularizer)

    def _checked_axes(self, axes):
        named = _FORM.fullmatch(self.equation)[5]
        if axes is not None and not (axes and set(axes) <= set(named)):
            raise ArgumentError(
                f"bias_axes must name axes of the output {named!r}, got {axes!r}.",
                f"Write bias_axes={named[-1]!r}.",
                arguments=("bias_axes",),
            )
        return axes

    # ---- shapes

    @property
    def _kernel_letters(self) -> str:
        return _FORM.fullmatch(self.equation)[4]

    def _sizes(self, input_shape) -> tuple[dict, str]:
        """The size of each axis by its letter, and the letters of the output."""
        terms = read_equation(self.equation, [len(input_shape), len(self._kernel_letters)])
        sizes = dict(zip(terms.inputs[0], input_shape, strict=True))
        kept = [letter for letter in terms.output if letter not in _FORM.fullmatch(self.equation)[5]]
        named = [letter for letter in terms.output[1:] if letter not in kept]
        if len(named) != len(self.partial_output_shape):
            raise ArgumentError(
                f"output_shape must hold {len(named)} sizes for {self.equation!r}, got {self.partial_output_shape}.",
                f"Give those of the axes {', '.join(named)}; None where the input has the axis.",
                arguments=("output_shape",),
            )
        for letter, size in zip(named, self.partial_output_shape, strict=True):
            known = sizes.get(letter)
            if None not in (size, known) and size != known:
                raise ShapeError(
                    f"the axis {letter!r} of {self.equation!r} has {known} in the input {tuple(input_shape)}, "
                    f"but {size} in output_shape {self.partial_output_shape}.",
                    f"Give None for {letter!r}.",
                    arguments=("output_shape",),
                )
            sizes[letter] = known if size is None else size
        return sizes, terms.output

    def get_output_shape_for(self, input_shape):
        sizes, output = self._sizes(input_shape)
        return tuple(sizes[letter] for letter in output)

    # ---- weights

    def build(self, input_shape):
        sizes, output = self._sizes(input_shape)
        unknown = [letter for letter in self._kernel_letters if sizes.get(letter) is None]
        if unknown:
            raise ShapeError(
                f"needs to know the axis {unknown[0]!r} of {self.equation!r}, got input {tuple(input_shape)} and "
                f"output_shape {self.partial_output_shape}.",
                "Give the sizes in Input(shape=...) or output_shape.",
                arguments=("output_shape",),
            )
        self.input_spec = [InputSpec(ndim=len(input_shape))]
        self.kernel = self._weight("kernel", tuple(sizes[one] for one in self._kernel_letters), self._begin_kernel)
        self.bias = self._weight("bias", self._bias_shape(sizes, output)) if self.bias_axes else None
        super().build(input_shape)

    def _bias_shape(self, sizes: dict, output: str) -> tuple:
        first = min(output.index(letter) for letter in self.bias_axes)
        return tuple(sizes[letter] if letter in self.bias_axes else 1 for letter in output[first:])

    def _begin_kernel(self, shape, name=None):
        """The initial kernel: what is summed over counts as inputs, what is left as outputs."""
        initializer = self.kernel_initializer
        if not getattr(initializer, "__module__", "").startswith(__name__.partition(".")[0] + "."):
            return initializations.make_variable(initializer, shape, name)  # a program's own, which sees the real shape
        letters, output = self._kernel_letters, _FORM.fullmatch(self.equation)[5]
        axes = sorted(range(len(letters)), key=lambda axis: letters[axis] in output)
        count = math.prod(shape[axis] for axis in axes if letters[axis] not in output)
        matrix = K.get_value(initializations.make_variable(initializer, (count, math.prod(shape) // count)))
        ordered = matrix.reshape([shape[axis] for axis in axes])
        return K.variable(np.transpose(ordered, np.argsort(axes)), name=name)

    # ---- computing

    def call(self, x, mask=None):
        product = K.einsum(self.equation, x, self.kernel)
        return self.activation(product if self.bias is None else product + self.bias)

    def get_config(self) -> dict:
        config = {
            "equation": self.equation,
            "output_shape": self.partial_output_shape,
            "activation": config_of(self.activation),
            "bias_axes": self.bias_axes,
            "activity_regularizer": config_of(self.activity_regularizer),
        }
        return {**super().get_config(), **config, **self._config_of_parts()}
