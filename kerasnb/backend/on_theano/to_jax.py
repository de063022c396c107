"""PyTensor graphs as JAX functions, in which every size is a plain number while JAX traces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ...errors import BackendError
from .convolve import convolved, convolved_apart
from .inside import (
    Alloc,
    Apply,
    ARange,
    CheckAndRaise,
    Constant,
    Elemwise,
    FunctionGraph,
    Join,
    MergeOptimizer,
    Print,
    ProdWithoutZeros,
    Reshape,
    ScalarFromTensor,
    Shape,
    Split,
    axis_and_parts,
    conversions,
    discrete_dtypes,
    is_traced,
    needs_values,
    rewrites_for_jax,
    split_arguments,
)
from .ops import Convolve, ConvolveGradient, Draw, Largest, Loop, LoopGradient, OnHost, Pullback, Refuse

__all__ = ["JaxFunction", "as_jax_function", "simplify", "NeedsValuesError"]

conversions()  # now, and not while the first program is traced: it takes its time


def simplify(graph: FunctionGraph, thoroughly: bool = False) -> FunctionGraph:
    """The graph with equal nodes merged; after all of PyTensor's rewrites, if asked.

    XLA simplifies by itself: on graphs of K ops the rewrites took a third of the time to compile and gained nothing.
    """
    (rewrites_for_jax() if thoroughly else MergeOptimizer()).rewrite(graph)
    return graph


class JaxFunction:
    """A function of JAX arrays, and where it notes what it refuses (None: it refuses nothing)."""

    def __init__(self, compute: Callable[..., list], refusals: list[BackendError] | None):
        self.compute, self.refusals = compute, refusals

    def __call__(self, *inputs: Any) -> list:
        return self.compute(*inputs)


def as_jax_function(graph: FunctionGraph) -> JaxFunction:
    """The graph as a function of JAX arrays.

    Whole numbers that follow from sizes are computed while tracing, by PyTensor's own `perform`: JAX needs the
    sizes of every array as plain numbers, and PyTensor's conversion gives up on all but the simplest.
    """
    # what is compiled cannot raise: callbacks of `Refuse` leave their errors here, and the caller looks after each call
    refusals: list[BackendError] = []
    steps = [(node, _conversion(node, graph, refusals)) for node in graph.toposort()]

    def function(*inputs):
        values = dict(zip(graph.inputs, inputs, strict=True))
        # what a loop leaves for its gradient, a node later in the order: so both run the loop once
        pullbacks: dict[Apply, Callable] = {}
        for node, compute in steps:
            arguments = [_value(one, values) for one in node.inputs]
            try:
                results = _results(node, compute, arguments, pullbacks)
            # what numpy and JAX raise of sizes and types that do not fit; any other error is a fault of ours
            except (TypeError, ValueError, IndexError) as error:
                if isinstance(error, BackendError):
                    raise
                raise _blamed(node, graph, error, arguments) from error
            values.update(
                (output, _as_typed(result, output)) for output, result in zip(node.outputs, results, strict=True)
            )
        return [_value(output, values) for output in graph.outputs]

    may_refuse = any(isinstance(node.op, Refuse) for node, _ in steps)
    return JaxFunction(function, refusals if may_refuse else None)


class NeedsValuesError(BackendError):
    """A size or an index depends on values, which nobody knows while JAX traces."""


def _blamed(node: Apply, graph: FunctionGraph, error: Exception, arguments: Sequence = ()) -> BackendError:
    """The error with the operation that made the node, its layer and the user's line."""
    made_by, layer = _made_by(node, graph)
    if isinstance(error, needs_values()) and any(map(is_traced, arguments)):
        return NeedsValuesError(
            f"theano refused {made_by}: its size depends on values, which JAX does not know inside a loop.",
            "Take all of it and mask what is too much, or compute it before the loop.",
            layer=layer,
        )
    return BackendError(f"theano refused {made_by}: {error}", layer=layer)


def _made_by(node: Apply, graph: FunctionGraph) -> tuple[str, str | None]:
    """Description and layer of the operation whose lowering made the node: it is known of the node of its result."""
    pending, seen = [node], {node}
    # breadth first: the nearest reader that knows is the operation which this node is a part of
    for one in pending:
        if made_by := getattr(one.outputs[0].tag, "made_by", None):
            return made_by
        readers = [reader for output in one.outputs for reader, _ in graph.clients[output] if reader.outputs]
        pending += [reader for reader in dict.fromkeys(readers) if reader not in seen]
        seen.update(readers)
    return f"{node.op}", None


def _results(node: Apply, compute: Callable, arguments: Sequence, pullbacks: dict[Apply, Callable]) -> Sequence:
    if _is_about_sizes(node, arguments):
        return _perform(node, arguments)
    if isinstance(node.op, Loop | LoopGradient):
        return compute(pullbacks, *arguments)
    results = compute(*arguments)
    return results if len(node.outputs) > 1 else [results]


def _value(variable: Any, values: dict) -> Any:
    return variable.data if variable not in values and isinstance(variable, Constant) else values[variable]


def _is_about_sizes(node: Apply, arguments: Sequence) -> bool:
    # no argument is JAX's, so nothing here is traced; and whole numbers of one axis at most are sizes, places or
    # counts. A `Draw` is given sizes only, and its result is data all the same
    return (
        all(not isinstance(argument, jax.Array) for argument in arguments)
        and all(
            getattr(output.type, "ndim", 9) <= 1 and output.type.dtype in discrete_dtypes for output in node.outputs
        )
        and not isinstance(node.op, Draw | Loop)
    )


def _perform(node: Apply, arguments: Sequence) -> list:
    cells: list[list] = [[None] for _ in node.outputs]
    node.op.perform(
        node,
        [
            # `perform` counts on arrays of the declared type, which Python's and numpy's single numbers are not
            np.asarray(argument, dtype=getattr(one.type, "dtype", None))
            if argument is not None and hasattr(one.type, "dtype")
            else argument
            for argument, one in zip(arguments, node.inputs, strict=True)
        ],
        cells,
    )
    return [cell[0] for cell in cells]


def _as_typed(result: Any, output: Any) -> Any:
    # JAX promotes by rules of its own; what follows was declared for the graph's dtypes
    dtype = getattr(output.type, "dtype", None)
    return result.astype(dtype) if isinstance(result, jax.Array) and dtype and result.dtype != dtype else result


# ---- conversions that take the place of PyTensor's, or that it lacks

_CONVERSIONS: dict[type, Callable] = {}


def _converts(*kinds: type):
    def register(make: Callable) -> Callable:
        _CONVERSIONS.update(dict.fromkeys(kinds, make))
        return make

    return register


def _conversion(node: Apply, graph: FunctionGraph, refusals: list[BackendError]) -> Callable:
    if isinstance(node.op, Refuse):
        return _refusing(node, graph, refusals)
    make = next((_CONVERSIONS[kind] for kind in type(node.op).__mro__ if kind in _CONVERSIONS), None)
    try:
        return make(node, graph) if make else _pytensors_own(node)
    except NotImplementedError as error:
        raise _blamed(node, graph, error) from error


def _refusing(node: Apply, graph: FunctionGraph, refusals: list[BackendError]) -> Callable:
    """`x` itself; that it is refused is told to the host, since what is compiled cannot raise."""
    made_by, layer = _made_by(node, graph)

    def note(holds):
        if not holds:
            refusals.append(BackendError(f"theano refused {made_by}: {node.op.reason}", node.op.advice, layer=layer))

    def refusing(x, holds):
        jax.debug.callback(note, holds)
        return x

    return refusing


def _pytensors_own(node: Apply) -> Callable:
    """PyTensor's conversion, given what PyTensor's linker gives: known counts and axes as numbers, arrays as JAX's."""
    convert = conversions()(node.op, node=node)
    if isinstance(node.op, Elemwise):
        return convert
    return lambda *arguments: convert(*(_as_pytensor_gives(place, value) for place, value in enumerate(arguments)))


def _as_pytensor_gives(place: int, value: Any) -> Any:
    if not isinstance(value, np.ndarray | np.generic):
        return value
    # PyTensor's linker folds constants before it converts: axes and counts reach its conversions as plain numbers
    is_whole = value.dtype.name in discrete_dtypes
    if value.ndim == 0:
        return value.item() if is_whole else value
    return value if is_whole and place else jnp.asarray(value)


def _sizes(values: Any) -> tuple[int, ...]:
    return tuple(int(value) for value in values)


@_converts(Shape)
def _(node, graph):
    return lambda x: np.asarray(np.shape(x), dtype="int64")


@_converts(Reshape)
def _(node, graph):
    return lambda x, shape: jnp.reshape(x, _sizes(shape))


@_converts(Alloc)
def _(node, graph):
    return lambda x, *shape: jnp.broadcast_to(x, _sizes(shape))


@_converts(ARange)
def _(node, graph):
    return lambda start, stop, step: jnp.arange(start, stop, step, dtype=node.op.dtype)


@_converts(Join)
def _(node, graph):
    def join(*arguments):
        axis, parts = axis_and_parts(node, arguments)
        return jnp.concatenate([jnp.asarray(part) for part in parts], axis)

    return join


@_converts(Split)
def _(node, graph):
    def split(*arguments):
        x, axis, sizes = split_arguments(node, arguments)
        parts = jnp.split(jnp.asarray(x), np.cumsum(sizes[:-1]), axis)
        # a node with one output gives it without a list around it (`_results`)
        return parts if len(parts) > 1 else parts[0]

    return split


@_converts(CheckAndRaise)
def _(node, graph):
    # a compiled program cannot raise; what has to be refused is a `Refuse`, which tells the host
    return lambda x, *conditions: x


@_converts(ScalarFromTensor)
def _(node, graph):
    return lambda x: x


@_converts(ProdWithoutZeros)
def _(node, graph):
    return lambda x: jnp.prod(jnp.where(x == 0, 1, x), axis=node.op.axis)


@_converts(Print)
def _(node, graph):
    def printed(x):
        jax.debug.callback(lambda value: print(node.op.message, np.asarray(value)), x, ordered=True)
        return x

    return printed


@_converts(Convolve)
def _(node, graph):
    return lambda x, kernel: _convolved(node.op, x, kernel)


@_converts(ConvolveGradient)
def _(node, graph):
    return _convolution_gradient(node.op)


def _convolution_gradient(op: ConvolveGradient) -> Callable:
    def gradient(x, kernel, outer):
        _, pullback = jax.vjp(lambda *both: _convolved(op.forward, *both), jnp.asarray(x), jnp.asarray(kernel))
        return pullback(outer)

    return gradient


def _convolved(op: Convolve, x: Any, kernel: Any) -> jax.Array:
    by = convolved_apart if op.apart else convolved
    return by(x, jnp.flip(kernel, range(len(op.strides))), op.strides, op.dilation, op.pads(x, kernel))


@_converts(Largest)
def _(node, graph):
    return lambda x: jnp.max(x, axis=node.op.axes, initial=-jnp.inf)


@_converts(Draw)
def _(node, graph):
    op = node.op
    draw = jax.random.uniform if op.distribution == "uniform" else jax.random.normal

    def drawn(calls, seed, *sizes):
        # fold_in takes 32 bits, and calls are counted with 64
        key = jax.random.fold_in(jax.random.fold_in(jax.random.key(seed), calls // 2**31), calls % 2**31)
        return draw(key, _sizes(sizes), op.dtype)

    return drawn


@_converts(OnHost)
def _(node, graph):
    op = node.op

    def on_host(*arrays):
        kinds = [
            jax.ShapeDtypeStruct(_sizes(size), kind)
            for size, kind in zip(op.sizes(*(np.shape(one) for one in arrays)), op.dtypes, strict=True)
        ]
        results = jax.pure_callback(lambda *arrays: op.function(*map(np.asarray, arrays)), kinds, *arrays)
        return results if len(kinds) > 1 else results[0]

    return on_host


@_converts(Loop)
def _(node, graph):
    wanted = [
        client
        for output in node.outputs
        for client, _ in graph.clients[output]
        if client is not None and isinstance(client.op, LoopGradient)
    ]
    run = _looped(node.op, reads_ahead=not wanted)
    # `vjp` gives derivatives by whole numbers (words, masks) in a type of its own, which PyTensor has no place for
    is_real = [one.dtype not in discrete_dtypes for one in node.inputs]
    real_outputs = [output.dtype not in discrete_dtypes for output in node.outputs]

    def compute(pullbacks, *arguments):
        if not wanted:
            return run(*arguments)

        def of_reals(*reals):
            rest = iter(reals)
            results = run(
                *(next(rest) if real else argument for argument, real in zip(arguments, is_real, strict=True))
            )
            return ([result for result, real in zip(results, real_outputs, strict=True) if real], results)

        reals = [jnp.asarray(argument) for argument, real in zip(arguments, is_real, strict=True) if real]
        # all results come beside the derivatives, since the pullback asks gradients of the real ones only
        _, pullbacks[node], results = jax.vjp(of_reals, *reals, has_aux=True)
        return results

    return compute


@_converts(LoopGradient)
def _(node, graph):
    inputs = 1 + len(node.op.loop.step.inputs)
    outputs = len(node.op.loop.step.outputs)
    forward = next(
        one.owner for one in node.inputs[inputs : inputs + outputs] if one.owner and one.owner.op is node.op.loop
    )
    return lambda pullbacks, *arguments: pullbacks[forward](list(map(jnp.asarray, arguments[inputs + outputs :])))


def _loop_gradient(op: LoopGradient) -> Callable:
    """The derivatives as a function of all inputs of the gradient op, the loop being run again."""
    # for gradients of gradients: the pullback that the loop left is no function of the inputs any more
    run, kinds = _looped(op.loop), ["int64", *(one.type.dtype for one in op.loop.step.inputs)]

    def gradient(*arguments):
        inputs, outer = arguments[: len(kinds)], arguments[len(kinds) + len(op.loop.step.outputs) :]

        def of_reals(*reals):
            results = run(*_with_reals(inputs, kinds, reals))
            return [result for result in results if result.dtype not in discrete_dtypes]

        return jax.vjp(of_reals, *_reals(inputs, kinds))[1](list(outer))

    return gradient


def _reals(inputs: Sequence, kinds: Sequence[str]) -> list:
    return [jnp.asarray(one) for one, kind in zip(inputs, kinds, strict=True) if kind not in discrete_dtypes]


def _with_reals(inputs: Sequence, kinds: Sequence[str], reals: Sequence) -> list:
    rest = iter(reals)
    return [one if kind in discrete_dtypes else next(rest) for one, kind in zip(inputs, kinds, strict=True)]


@_converts(Pullback)
def _(node, graph):
    compute = _pullback(node.op, [one.dtype for one in node.inputs])
    return compute if len(node.outputs) > 1 else lambda *arguments: compute(*arguments)[0]


def _pullback(op: Pullback, kinds: Sequence[str]) -> Callable:
    """The derivatives of a gradient op, as a function of its inputs and of the gradients of its outputs."""
    kinds = list(kinds[: op.count])
    if isinstance(op.of, Pullback):
        inner = _pullback(op.of, kinds)
    else:
        inner = _loop_gradient(op.of) if isinstance(op.of, LoopGradient) else _convolution_gradient(op.of)

    def compute(*arguments):
        inputs, outer = arguments[: op.count], arguments[op.count :]

        def of_reals(*reals):
            return [jnp.asarray(one) for one in inner(*_with_reals(inputs, kinds, reals))]

        return jax.vjp(of_reals, *_reals(inputs, kinds))[1](list(map(jnp.asarray, outer)))

    return compute


def _looped(op: Loop, reads_ahead: bool = False) -> Callable[..., list]:
    """The loop as a function of (steps, sequences, initial states, captured).

    Args:
        reads_ahead: each step fetches what the next one reads. XLA would else put the fetching into what it makes of
            the step's elementwise parts, which then take twice as long; gradients would be slower.
    """
    step = as_jax_function(simplify(op.step.clone()))

    def run(steps, *inputs):
        sequences = [jnp.asarray(one) for one in inputs[: op.sequences]]
        initial = [jnp.asarray(one) for one in inputs[op.sequences : op.sequences + op.states]]
        captured = inputs[op.sequences + op.states :]

        def body(states, slices):
            results = step(*slices, *states, *captured)
            return (
                # `scan` refuses states whose types change, and JAX's promotion may widen them
                [jnp.asarray(new, old.dtype) for new, old in zip(results[: op.states], states, strict=True)],
                results[op.states :],
            )

        def body_ahead(carried, following):
            slices, states = carried
            states, collected = body(states, slices)
            return (following, states), collected

        # without steps there is no first slice to begin with
        if reads_ahead and sequences and int(steps):
            # the last step reads its own slice again, which nobody uses
            following = [jnp.concatenate([one[1:], one[-1:]]) for one in sequences]
            first = [one[0] for one in sequences]
            (_, states), collected = jax.lax.scan(body_ahead, (first, initial), following, length=int(steps))
        else:
            states, collected = jax.lax.scan(body, initial, sequences, length=int(steps))
        return [*collected, *states]

    return run
