"""A TensorFlow loop with a gradient of its own, faster than the one that `tf.while_loop` brings.

Step t of a loop computes new states s and outputs o from a slice x of the sequences, the states before and what is
captured, c:

    (s[t], o[t]) = f(x[t], s[t-1], c)

With ds for the gradient of the loss by s, backpropagation through time goes from the last step to the first:

    (dx[t], ds[t-1], dc[t]) = (ds[t], do[t]) . J(f)(x[t], s[t-1], c)        dc = sum over t of dc[t]

Two things are saved. `f` is computed again from s[t-1], but for what is dear, which the way forward has kept: its
products with fixed matrices, and sigmoid and tanh, whose derivatives follow from their values (y (1 - y), 1 - y^2). And
where W is used in products p[t] = u[t] . W only, its gradient needs no sum in the loop: with the rows of all steps and
samples one below the other it is one product,

    dW = sum over t of u[t]^T . dp[t] = U^T . dP        U (steps * batch, n), dP (steps * batch, m)

Source: Werbos 1990, Proceedings of the IEEE 78(10) (backpropagation through time); Chen et al. 2016, arXiv:1604.06174
(computing again instead of keeping).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..graph.tensor import Operation, Tensor
from ..runtime.contract import BoundStep
from ..runtime.progress import hold_while_lowering

__all__ = ["DifferentiableLoop", "differentiable_loop"]

Native = Any  # a tensor of TensorFlow

# op -> its derivative, from its value
_KEPT = {"sigmoid": lambda y: y * (1 - y), "tanh": lambda y: 1 - y * y}


def products_of(step: BoundStep) -> list[Operation]:
    """The step's products `(batch, n) . (n, m)` with captured matrices that it uses for nothing else."""
    found = [operation for operation in step.operations if _is_product(operation, step)]
    # a matrix that the step reads in any other way gets gradients from there too, which U^T . dP would miss
    elsewhere = set(step.outputs)
    for operation in step.operations:
        elsewhere.update(operation.inputs[:1] if operation in found else operation.inputs)
    return [operation for operation in found if operation.inputs[1] not in elsewhere]


def _is_product(operation: Operation, step: BoundStep) -> bool:
    return (
        operation.op.name == "dot"
        and all(len(tensor.shape) == 2 for tensor in operation.inputs)
        and operation.inputs[1] in step.captured
        # a captured left side is the same in all steps: to keep it for each would be waste
        and operation.inputs[0] not in step.captured
    )


@dataclass(eq=False)
class DifferentiableLoop:
    """A step repeated along the first axis of its sequences, in TensorFlow.

    Args:
        tf: the library.
        states: how many of the step's inputs are states; the first ones are slices of sequences.
        count: number of steps.
    """

    tf: Any
    step: BoundStep
    states: int
    count: Any

    @property
    def slices(self) -> int:
        return len(self.step.inputs) - self.states

    def arrays(self, tensors: Sequence[Tensor]) -> list:
        """An empty array of `count` values for each of the step's tensors."""
        return [
            self.tf.TensorArray(tensor.dtype, size=self.count, element_shape=tuple(tensor.shape)) for tensor in tensors
        ]

    def unstacked(self, sequences: Sequence) -> list:
        make = self.tf.TensorArray
        return [make(one.dtype, size=self.count, element_shape=one.shape[1:]).unstack(one) for one in sequences]

    def run(
        self,
        sequences: Sequence[Native],
        initial: Sequence[Native],
        captured: Sequence[Native],
        kept: Sequence[Tensor] | None = None,
    ) -> tuple[list[Native], list[Native], list[Native], list[Native]]:
        """(collected, stacked; last states; for each step the states before it and the `kept` tensors, stacked).

        With None for `kept`, neither these nor the states are recorded.
        """
        tf, step = self.tf, self.step
        before = [] if kept is None else self.arrays(step.inputs[self.slices :])
        kept = kept or []
        given = self.unstacked(sequences)
        collected = self.arrays([*step.outputs[self.states :], *kept])

        # without gradients each step fetches what the next one reads: XLA would else put the fetching into what it
        # makes of the step's elementwise parts, which then take twice as long (with gradients nothing is gained)
        reads_ahead = not before and isinstance(self.count, int) and self.count > 0

        def read(time):
            return [one.read(time) for one in given]

        def body(time, ahead, carried, before, collected):
            # the last step reads its own slice again, which nobody uses: there is none after it
            slices, ahead = (ahead, read(tf.minimum(time + 1, self.count - 1))) if reads_ahead else (read(time), [])
            values = step.evaluate([*step.outputs, *kept], [*slices, *carried], captured)
            # a step may forget a part of a shape, and a loop refuses states whose shapes change
            new = [tf.ensure_shape(one, old.shape) for one, old in zip(values, carried, strict=False)]
            before = [array.write(time, one) for array, one in zip(before, carried, strict=False)]
            collected = [array.write(time, one) for array, one in zip(collected, values[self.states :], strict=True)]
            return time + 1, ahead, new, before, collected

        start = [tf.constant(0), read(0) if reads_ahead else [], list(initial), before, collected]
        _, _, last, before, collected = tf.while_loop(
            lambda time, *_: time < self.count, body, start, maximum_iterations=self.count
        )
        stacked = [array.stack() for array in collected]
        outputs = len(step.outputs) - self.states
        return stacked[:outputs], list(last), [array.stack() for array in before], stacked[outputs:]


def differentiable_loop(
    loop: DifferentiableLoop, sequences: Sequence[Native], initial: Sequence[Native], captured: Sequence[Native]
) -> list[Native]:
    """Collected outputs, stacked, then the last states, with a gradient of their own."""
    products = products_of(loop.step)
    curves = [operation for operation in loop.step.operations if operation.op.name in _KEPT]
    kept = [product.inputs[0] for product in products] + [one.outputs[0] for one in [*products, *curves]]
    counts = len(sequences), len(initial)
    # TensorFlow keeps gradient functions for ever: they must not hold the graph of a model
    held = hold_while_lowering(loop, products, curves, kept)

    @loop.tf.custom_gradient
    def run(*given):
        parts = given[: counts[0]], given[counts[0] : sum(counts)], given[sum(counts) :]
        collected, last, before, values = held[0].run(*parts, kept=held[3])
        outputs = len(collected)

        def gradient(*upstream):
            back = _Back(*held[:3], parts, before, values)
            return back.run(upstream[:outputs], upstream[outputs:])

        return [*collected, *last], gradient

    return list(run(*sequences, *initial, *captured))


class _Back:
    """The way back through a loop.

    Args:
        products, curves: operations whose values were kept.
        given: native sequences, first states and captured tensors.
        before: the states before each step, stacked.
        kept: the left sides of the products, the products and the curves, stacked.
    """

    def __init__(
        self,
        loop: DifferentiableLoop,
        products: Sequence[Operation],
        curves: Sequence[Operation],
        given: tuple[Sequence[Native], Sequence[Native], Sequence[Native]],
        before: Sequence[Native],
        kept: Sequence[Native],
    ):
        self.loop, self.tf, self.step, self.products, self.curves = loop, loop.tf, loop.step, products, curves
        self.sequences, self.initial, self.captured = given
        self.before, self.left, self.values = before, kept[: len(products)], kept[len(products) :]
        matrices = {product.inputs[1] for product in products}
        self.is_summed = [
            _is_real(one) and tensor not in matrices
            for one, tensor in zip(self.captured, self.step.captured, strict=True)
        ]

    def run(self, of_collected: Sequence[Native], of_last: Sequence[Native]) -> list[Native | None]:
        """The gradients of sequences, first states and captured tensors; None for whole numbers."""
        tf, loop = self.tf, self.loop
        of_collected = [
            one for one, output in zip(of_collected, self.step.outputs[loop.states :], strict=True) if _is_real(output)
        ]  # TensorFlow gives None for whole numbers
        read = [loop.unstacked(group) for group in (self.sequences, self.before, self.values, of_collected)]
        of_slices = [self._array_like(one) for one in self.sequences if _is_real(one)]
        of_products = loop.arrays([product.outputs[0] for product in self.products])
        sums = [tf.zeros_like(one) for one, is_summed in zip(self.captured, self.is_summed, strict=True) if is_summed]
        states = [one for one, first in zip(of_last, self.initial, strict=True) if _is_real(first)]  # ds after the end

        def body(time, states, sums, of_slices, of_products):
            slices, before, values, collected = ([array.read(time) for array in group] for group in read)
            found = self._step_gradients(slices, before, values, collected, states)
            new, more, of_slice, of_product = found
            new = [tf.ensure_shape(one, old.shape) for one, old in zip(new, states, strict=True)]
            sums = [total + one for total, one in zip(sums, more, strict=True)]
            of_slices = [array.write(time, one) for array, one in zip(of_slices, of_slice, strict=True)]
            of_products = [array.write(time, one) for array, one in zip(of_products, of_product, strict=True)]
            return time - 1, new, sums, of_slices, of_products

        _, states, sums, of_slices, of_products = tf.while_loop(
            lambda time, *_: time >= 0,
            body,
            [tf.convert_to_tensor(loop.count) - 1, states, sums, of_slices, of_products],
            maximum_iterations=loop.count,
        )
        to_sequences, to_initial = iter([array.stack() for array in of_slices]), iter(states)
        return [
            *(next(to_sequences) if _is_real(one) else None for one in self.sequences),
            *(next(to_initial) if _is_real(one) else None for one in self.initial),
            *self._of_captured(sums, [array.stack() for array in of_products]),
        ]

    def _array_like(self, sequence: Any) -> Any:
        return self.tf.TensorArray(sequence.dtype, size=self.loop.count, element_shape=sequence.shape[1:])

    def _step_gradients(
        self,
        slices: Sequence[Native],
        before: Sequence[Native],
        kept: Sequence[Native],
        collected: Sequence[Native],
        states: Sequence[Native],
    ) -> list[list[Native]]:
        """Gradients of one step: of its states ds[t-1], summed captured tensors, slices dx[t] and products dp[t].

        Args:
            slices, before, kept: x[t], s[t-1], and what the way forward kept of this step.
            collected, states: do[t] and ds[t].
        """
        tf, step = self.tf, self.step
        captured = [tf.identity(one) for one in self.captured]
        made = {}

        def in_place_of(operation, value):
            make = _product_with_value if operation in self.products else _curve_with_value(_KEPT[operation.op.name])

            def compute(*inputs):
                made[operation] = make(tf, *inputs, value)
                return made[operation]

            return compute

        known = zip([*self.products, *self.curves], kept, strict=True)
        instead = {operation: in_place_of(operation, value) for operation, value in known}
        # identities, since tf.gradients must tell what this step read from the same tensors used elsewhere
        inputs = [tf.identity(one) for one in [*slices, *before]]
        values = step.evaluate(step.outputs, inputs, captured, instead)
        news, outputs = values[: self.loop.states], values[self.loop.states :]
        ends = [*(one for one in news if _is_real(one)), *(one for one in outputs if _is_real(one))]
        upstream = [*states, *collected]
        groups = [
            [one for one in inputs[len(slices) :] if _is_real(one)],
            [one for one, is_summed in zip(captured, self.is_summed, strict=True) if is_summed],
            [one for one in inputs[: len(slices)] if _is_real(one)],
            [made[one] for one in self.products],
        ]
        found = iter(tf.gradients(ends, sum(groups, []), upstream, unconnected_gradients=tf.UnconnectedGradients.ZERO))
        return [[tf.convert_to_tensor(next(found)) for _ in group] for group in groups]

    def _as_rows(self, stacked: Any) -> Any:
        """What was kept of all steps and samples, `(steps, batch, n)`, as `(steps * batch, n)`."""
        size = stacked.shape[-1]
        return self.tf.reshape(stacked, (-1, self.tf.shape(stacked)[-1] if size is None else size))

    def _of_captured(self, sums: Sequence[Native], of_products: Sequence[Native]) -> list[Native | None]:
        """dc: the sums of the loop, and U^T . dP for the matrices."""
        tf = self.tf
        summed = iter(sums)
        of_matrices: dict[Tensor, Any] = {}
        for product, left, gradient in zip(self.products, self.left, of_products, strict=True):
            matrix = product.inputs[1]
            one = tf.matmul(self._as_rows(left), self._as_rows(gradient), transpose_a=True)
            # a matrix may stand in several products of a step (shared weights): their gradients add up
            of_matrices[matrix] = of_matrices[matrix] + one if matrix in of_matrices else one
        return [
            next(summed) if is_summed else of_matrices.get(tensor)
            for tensor, is_summed in zip(self.step.captured, self.is_summed, strict=True)
        ]


def _product_with_value(tf: Any, x: Any, y: Any, value: Any) -> Any:
    """The product of `x` and `y`, whose value is known already."""

    @tf.custom_gradient
    def product(x, y, value):
        def gradient(upstream):
            of_x = tf.matmul(upstream, y, transpose_b=True)
            # nothing for `value`: it is the same product once more, whose gradient is that of x and y already
            return of_x, tf.matmul(x, upstream, transpose_a=True), tf.zeros_like(value)

        return tf.identity(value), gradient

    return product(x, y, value)


def _curve_with_value(derivative: Callable) -> Callable:
    """A function of one tensor whose value is known already, and its derivative from that value."""

    def make(tf: Any, x: Any, value: Any) -> Any:
        @tf.custom_gradient
        def curve(x, value):
            return tf.identity(value), lambda upstream: (upstream * derivative(value), tf.zeros_like(value))

        return curve(x, value)

    return make


def _is_real(value: Any) -> bool:
    return value.dtype.is_floating
