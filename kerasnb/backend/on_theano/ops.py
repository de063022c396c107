"""The ops that PyTensor does not have: convolution, counted random numbers, numpy functions, refusals, whole loops."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytensor.tensor as pt

from ...errors import BackendError
from .inside import Apply, Constant, DisconnectedType, FunctionGraph, Op, TensorType, discrete_dtypes

__all__ = [
    "Convolve",
    "ConvolveGradient",
    "Largest",
    "Draw",
    "OnHost",
    "Refuse",
    "Total",
    "Loop",
    "LoopGradient",
    "Pullback",
    "paddings",
]


# ---- convolution


def paddings(
    sizes: Sequence[int], window: Sequence[int], strides: Sequence[int], dilation: Sequence[int], border_mode: str
) -> list[tuple[int, int]]:
    """Zeros before and after each axis; for 'same' the extra one comes after, as in TensorFlow."""
    pads = []
    for size, taps, stride, spread in zip(sizes, window, strides, dilation, strict=True):
        reach = (taps - 1) * spread + 1
        total = max((-(-size // stride) - 1) * stride + reach - size, 0)
        pads.append(
            {"valid": (0, 0), "same": (total // 2, total - total // 2), "full": (reach - 1, reach - 1)}[border_mode]
        )
    return pads


class Convolve(Op):
    """`x` (batch, ..., features) slid over by `kernel` (..., features, filters), flipped.

    Args:
        apart: each feature by itself; the kernel is (..., features, multiplier).
    """

    __props__ = ("strides", "border_mode", "dilation", "apart")

    def __init__(self, strides: Sequence[int], border_mode: str, dilation: Sequence[int], apart: bool):
        self.strides, self.border_mode, self.dilation = tuple(strides), border_mode, tuple(dilation)
        self.apart = apart

    def make_node(self, x, kernel):
        *_, features, filters = kernel.type.shape
        if self.apart:
            filters = None if None in (features, filters) else features * filters
        unknown = (None,) * len(self.strides)
        return Apply(self, [x, kernel], [TensorType(x.dtype, (x.type.shape[0], *unknown, filters))()])

    def pads(self, x, kernel) -> list[tuple[int, int]]:
        """Zeros before and after each axis between batch and features."""
        window = kernel.shape[: len(self.strides)]
        return paddings(x.shape[1:-1], window, self.strides, self.dilation, self.border_mode)

    def perform(self, node, inputs, outputs):
        x, kernel = inputs
        padded, places = self.places(x, kernel)
        if self.apart:
            total = sum(padded[place][..., None] * kernel[tap] for tap, place in places)
            outputs[0][0] = total.reshape(*total.shape[:-2], total.shape[-2] * total.shape[-1])
        else:
            outputs[0][0] = sum(padded[place] @ kernel[tap] for tap, place in places)

    def pullback(self, inputs, outputs, gradients):
        return ConvolveGradient(self)(*inputs, *gradients)

    def places(self, x: np.ndarray, kernel: np.ndarray):
        """The padded input, and for each tap of the kernel the slices that it meets."""
        padded = np.pad(x, ((0, 0), *self.pads(x, kernel), (0, 0)))
        window = kernel.shape[: len(self.strides)]
        counts = [
            (size - (taps - 1) * spread - 1) // stride + 1
            for size, taps, stride, spread in zip(padded.shape[1:-1], window, self.strides, self.dilation, strict=True)
        ]
        return padded, [
            (
                tuple(taps - 1 - at for taps, at in zip(window, tap, strict=True)),
                (
                    slice(None),
                    *(
                        slice(at * spread, at * spread + (count - 1) * stride + 1, stride)
                        for at, spread, count, stride in zip(tap, self.dilation, counts, self.strides, strict=True)
                    ),
                ),
            )
            for tap in np.ndindex(*window)
        ]


class ConvolveGradient(Op):
    """The derivatives with respect to input and kernel of a convolution."""

    __props__ = ("forward",)

    def __init__(self, forward: Convolve):
        self.forward = forward

    def make_node(self, x, kernel, gradient):
        return Apply(self, [x, kernel, gradient], [x.type(), kernel.type()])

    def perform(self, node, inputs, outputs):
        x, kernel, gradient = inputs
        padded, places = self.forward.places(x, kernel)
        to_input, to_kernel = np.zeros_like(padded), np.zeros_like(kernel)
        over = tuple(range(x.ndim - 1))  # samples and places
        if self.forward.apart:
            gradient = gradient.reshape(*gradient.shape[:-1], *kernel.shape[-2:])
        for tap, place in places:
            if self.forward.apart:
                to_input[place] += (gradient * kernel[tap]).sum(-1)
                to_kernel[tap] = (padded[place][..., None] * gradient).sum(over)
            else:
                to_input[place] += gradient @ kernel[tap].T
                to_kernel[tap] = np.tensordot(padded[place], gradient, (over, over))
        inside = [
            slice(before, before + size)
            for (before, _), size in zip(self.forward.pads(x, kernel), x.shape[1:-1], strict=True)
        ]
        outputs[0][0] = np.ascontiguousarray(to_input[(slice(None), *inside)])
        outputs[1][0] = to_kernel

    def pullback(self, inputs, outputs, gradients):
        return _pulled_back(self, inputs, outputs, gradients)


# ---- the largest value


class Largest(Op):
    """The largest value along some axes, whose gradient equal largest values share, as on TensorFlow.

    Args:
        axes: counted from the front.
    """

    __props__ = ("axes",)

    def __init__(self, axes: tuple[int, ...]):
        self.axes = axes

    def make_node(self, x):
        shape = [size for axis, size in enumerate(x.type.shape) if axis not in self.axes]
        return Apply(self, [x], [TensorType(x.dtype, shape)()])

    def perform(self, node, inputs, outputs):
        outputs[0][0] = np.asarray(np.max(inputs[0], axis=self.axes, initial=-np.inf))

    def infer_shape(self, *given):
        return [tuple(size for axis, size in enumerate(given[-1][0]) if axis not in self.axes)]

    def pullback(self, inputs, outputs, gradients):
        (x,) = inputs
        largest, gradient = (pt.expand_dims(one, self.axes) for one in (outputs[0], gradients[0]))
        is_largest = pt.eq(x, largest)
        count = pt.sum(pt.cast(is_largest, x.dtype), axis=self.axes, keepdims=True, dtype=x.dtype)
        return [pt.switch(is_largest, gradient / count, pt.zeros_like(gradient))]


# ---- random numbers


class Draw(Op):
    """Random numbers that depend on a seed and on the count of calls only: (calls, seed, *sizes) -> `sizes`."""

    __props__ = ("distribution", "dtype")

    def __init__(self, distribution: str, dtype: str):
        self.distribution, self.dtype = distribution, dtype

    def make_node(self, calls, seed, *sizes):
        sizes = [
            pt.as_tensor_variable(size, dtype="int64") if isinstance(size, int) else pt.cast(size, "int64")
            for size in sizes
        ]
        shape = [int(size.data) if isinstance(size, Constant) else None for size in sizes]
        return Apply(self, [calls, seed, *sizes], [TensorType(self.dtype, shape)()])

    def perform(self, node, inputs, outputs):
        calls, seed, *sizes = inputs
        generator = np.random.Generator(np.random.Philox(key=[int(seed), int(calls)]))
        draw = generator.random if self.distribution == "uniform" else generator.standard_normal
        outputs[0][0] = np.asarray(draw(tuple(map(int, sizes))), dtype=self.dtype)

    def infer_shape(self, *given):  # (fgraph, node, shapes) up to PyTensor 3.0, (node, shapes) later
        return [tuple(given[-2].inputs[2:])]

    def connection_pattern(self, node):
        return [[False] for _ in node.inputs]

    def pullback(self, inputs, outputs, gradients):
        return [DisconnectedType()() for _ in inputs]


# ---- numpy in the middle of a graph


class OnHost(Op):
    """A function of numpy arrays that gives a list of them; it has no derivatives.

    Args:
        function: from arrays to arrays.
        sizes: from the shapes of the arrays to the shapes of the results.
        dtypes: of the results.
    """

    __props__ = ("function", "sizes", "dtypes")

    def __init__(self, function: Callable, sizes: Callable, dtypes: Sequence[str]):
        self.function, self.sizes, self.dtypes = function, sizes, tuple(dtypes)

    def make_node(self, *inputs):
        shapes = self.sizes(*(one.type.shape for one in inputs))
        types = [TensorType(kind, shape) for kind, shape in zip(self.dtypes, shapes, strict=True)]
        return Apply(self, list(inputs), [kind() for kind in types])

    def perform(self, node, inputs, outputs):
        for cell, result in zip(outputs, self.function(*inputs), strict=True):
            cell[0] = result

    def connection_pattern(self, node):
        return [[False] * len(node.outputs) for _ in node.inputs]

    def pullback(self, inputs, outputs, gradients):
        return [DisconnectedType()() for _ in inputs]


class Refuse(Op):
    """`x` itself; computing it is an error where a condition does not hold."""

    __props__ = ("reason", "advice")

    def __init__(self, reason: str, advice: str):
        self.reason, self.advice = reason, advice

    def make_node(self, x, holds):
        return Apply(self, [x, holds], [x.type()])

    def perform(self, node, inputs, outputs):
        x, holds = inputs
        if not holds:
            made_by, layer = node.outputs[0].tag.made_by
            raise BackendError(f"theano refused {made_by}: {self.reason}", self.advice, layer=layer)
        outputs[0][0] = x

    def infer_shape(self, *given):
        return [given[-1][0]]

    def connection_pattern(self, node):
        return [[True], [False]]

    def pullback(self, inputs, outputs, gradients):
        return [gradients[0], DisconnectedType()()]


class Total(Op):
    """The sum of an array over the machines that compute the graph together, of which only JAX knows."""

    __props__ = ()

    def make_node(self, x):
        return Apply(self, [x], [x.type()])

    def perform(self, node, inputs, outputs):
        raise BackendError("theano sums over machines by JAX only.", "Install it: pip install jax.")

    def infer_shape(self, *given):
        return [given[-1][0]]

    def pullback(self, inputs, outputs, gradients):
        return [Total()(gradients[0])]


# ---- loops


class Loop(Op):
    """A step repeated along the first axis of the sequences, kept whole so that JAX can differentiate it.

    Inputs: steps, sequences, initial states, captured; outputs: what is collected, then the last states.
    """

    __props__ = ()

    def __init__(self, step: FunctionGraph, sequences: int, states: int):
        self.step, self.sequences, self.states = step, sequences, states

    def __eq__(self, other):
        return self is other

    def __hash__(self):
        return id(self)

    def make_node(self, steps, *inputs):
        count = int(steps.data) if isinstance(steps, Constant) else None
        new_states, collected = self.step.outputs[: self.states], self.step.outputs[self.states :]
        types = [TensorType(one.dtype, (count, *one.type.shape)) for one in collected] + [
            one.type for one in new_states
        ]
        return Apply(self, [steps, *inputs], [kind() for kind in types])

    def perform(self, node, inputs, outputs):
        raise NotImplementedError("a Loop runs under JAX only")

    def pullback(self, inputs, outputs, gradients):
        known = [
            output.zeros_like() if isinstance(gradient.type, DisconnectedType) else gradient
            for output, gradient in zip(outputs, gradients, strict=True)
            if output.dtype not in discrete_dtypes
        ]
        found = iter(LoopGradient(self).make_node(*inputs, *outputs, *known).outputs)
        return [one.zeros_like(dtype="float32") if one.dtype in discrete_dtypes else next(found) for one in inputs]


class LoopGradient(Op):
    """The derivatives of a Loop with respect to its real inputs.

    Inputs: those of the loop, its outputs, the gradients of its real outputs.
    """

    __props__ = ("loop",)

    def __init__(self, loop: Loop):
        self.loop = loop

    def make_node(self, *inputs):
        steps = inputs[: 1 + len(self.loop.step.inputs)]
        return Apply(self, list(inputs), [one.type() for one in steps if one.dtype not in discrete_dtypes])

    def perform(self, node, inputs, outputs):
        raise NotImplementedError("a LoopGradient runs under JAX only")

    def pullback(self, inputs, outputs, gradients):
        return _pulled_back(self, inputs, outputs, gradients)


# ---- gradients of gradients


class Pullback(Op):
    """The derivatives of a gradient op with respect to its real inputs, and so on: JAX finds them.

    Inputs: the `count` inputs of the op, then the gradients of its outputs.
    """

    __props__ = ("of", "count")

    def __init__(self, of: LoopGradient | ConvolveGradient | Pullback, count: int):
        self.of, self.count = of, count

    def make_node(self, *inputs):
        own = inputs[: self.count]
        return Apply(self, list(inputs), [one.type() for one in own if one.dtype not in discrete_dtypes])

    def perform(self, node, inputs, outputs):
        raise NotImplementedError("gradients of gradients through a loop or a convolution run under JAX only")

    def pullback(self, inputs, outputs, gradients):
        return _pulled_back(self, inputs, outputs, gradients)


def _pulled_back(
    op: LoopGradient | ConvolveGradient | Pullback, inputs: Sequence, outputs: Sequence, gradients: Sequence
) -> list:
    known = [
        output.zeros_like() if isinstance(gradient.type, DisconnectedType) else gradient
        for output, gradient in zip(outputs, gradients, strict=True)
    ]
    found = iter(Pullback(op, len(inputs)).make_node(*inputs, *known).outputs)
    return [one.zeros_like(dtype="float32") if one.dtype in discrete_dtypes else next(found) for one in inputs]
