"""Ops that choose, repeat or differentiate: learning phase, loops, gradients."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence

from ...errors import ShapeError
from ..graph import phase as phases
from ..graph.phase import CALLS
from ..graph.programs import Subgraph
from ..graph.tensor import Operation, Placeholder, Tensor, as_tensor
from ..graph.walks import order_operations
from ..on_tensorflow.loop_gradient import DifferentiableLoop, differentiable_loop
from ..runtime import chosen
from ..runtime.progress import is_differentiating
from .elementwise import cast, switch
from .registry import Op, op, promoted
from .shaping import expand_dims, permute_dimensions, reverse, stack
from .state import zeros_like

__all__ = ["in_train_phase", "in_test_phase", "in_train_phase_unless", "rnn"]

_STEPS_PER_CALL = 65536  # numbers for the random ops of one loop in one call


# ---- the learning phase


def _either_shape(in_train, in_test):
    if len(in_train.shape) != len(in_test.shape):
        raise ShapeError(
            f"in_train_phase needs two tensors of one shape, got {tuple(in_train.shape)} and {tuple(in_test.shape)}."
        )
    return tuple(a if a == b else None for a, b in zip(in_train.shape, in_test.shape, strict=True))


def _in_train_phase(in_train, in_test):
    """`in_train` in the learning phase 1, `in_test` in 0; only the chosen one is computed."""


_phase_switch = Op(_in_train_phase, _either_shape, "first", "in_train in_test", False)
_phase_switch.is_phase_switch = True


def in_train_phase(x, alt):
    """`x` while training (learning phase 1), `alt` while testing; either may be a function that gives a tensor.

    Shape: both of one shape -> that shape.
    """
    return in_train_phase_unless(None, x, alt)


def in_train_phase_unless(held: phases.Held | None, x, alt):
    """`in_train_phase`, but `alt` while training, too, in programs that are made while `held` is on."""
    fixed = phases.learning_phase()
    if fixed is not phases.PHASE:
        value = x if fixed else alt
        return value() if callable(value) else value
    values = [value() if callable(value) else value for value in (x, alt)]
    if any(map(chosen.is_native, values)):  # the backend's own code, which asks for the phase in each run
        return switch(phases.PHASE, *values)
    inputs = promoted(values)
    result = _phase_switch.record(inputs, (0, 1), {})
    if held is not None:
        result.operation.attributes["held"] = held
    result._uses_learning_phase = True
    return result


def in_test_phase(x, alt):
    """`x` while testing (learning phase 0), `alt` while training.

    Shape: both of one shape -> that shape.
    """
    return in_train_phase(alt, x)


# ---- gradients


@op(
    shape=lambda loss, variables: [tuple(variable.shape) for variable in variables],
    dtype=lambda loss, variables: [variable.dtype for variable in variables],
    inputs="loss *variables",
)
def gradients(loss, variables):
    """The derivatives of a scalar, or of the sum of a tensor, with respect to each of the variables."""


@gradients.tensorflow
def _(tf, loss, variables):
    # of a table that is read by rows there is a handle only, and the derivatives are those of these rows
    sought = [getattr(variable, "handle", variable) for variable in variables]
    found = tf.gradients(loss, sought, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    by_rows = map(operator.is_not, sought, variables)
    return [one if is_table else tf.convert_to_tensor(one) for one, is_table in zip(found, by_rows, strict=True)]


@gradients.theano
def _(pt, loss, variables):
    return pt.gradients(pt.sum(loss) if loss.ndim else loss, variables)


# ---- loops


def _scanned(sequences, initial, captured, step, count):
    steps = sequences[0].shape[0] if sequences else count
    states = len(initial or ())
    return [(steps, *output.shape) for output in step.outputs[states:]] + [
        tuple(output.shape) for output in step.outputs[:states]
    ]


def _collected_first(step, initial):
    states = len(initial or ())
    return [*step.outputs[states:], *step.outputs[:states]]


@op(
    shape=_scanned,
    dtype=lambda sequences, initial, captured, step, count: [
        output.dtype for output in _collected_first(step, initial)
    ],
    inputs="*sequences *initial *captured",
)
def _scan(sequences, initial, captured, step, count):
    """A step repeated along the first axis of the sequences.

    `step` is a Subgraph from (one slice of each sequence, the states) to (the new states, what is collected);
    gives what was collected, stacked, then the last states.
    """


@_scan.tensorflow
def _(tf, sequences, initial, captured, step, count):
    sequences, initial, captured = sequences or [], initial or [], captured or []
    if sequences:
        count = sequences[0].shape[0] if sequences[0].shape[0] is not None else tf.shape(sequences[0])[0]
    loop = DifferentiableLoop(tf, step, len(initial), count)
    if is_differentiating():
        return differentiable_loop(loop, sequences, initial, captured)
    collected, last, *_ = loop.run(sequences, initial, captured)
    return [*collected, *last]


@_scan.theano
def _(pt, sequences, initial, captured, step, count):
    return pt.loop(step, sequences or [], initial or [], captured or [], count)


def scan(step: Callable, sequences: Sequence[Tensor], initial: Sequence[Tensor], count: int | None = None):
    """Repeat `step(slices, states) -> (collected, new states)` along the first axis of the sequences.

    The step is recorded once, on placeholders. Gives (stacked collected tensors, last states).
    """
    slices = [Placeholder(sequence.shape[1:], sequence.dtype, name="slice") for sequence in sequences]
    states = [Placeholder(state.shape, state.dtype, name="state") for state in initial]
    start = next(Operation.serials)
    collected, new_states = step(slices, states)
    states_given = len(states)
    new_states = [_fitted(new, old) for new, old in zip(new_states, states, strict=True)]
    initial = list(initial)
    if _draws([*new_states, *collected], start):
        # the count of calls goes on inside the loop, so that each step draws other numbers
        states, initial, new_states = [*states, CALLS], [*initial, CALLS * _STEPS_PER_CALL], [*new_states, CALLS + 1]
    graph = Subgraph([*slices, *states], [*new_states, *collected])
    graph.captured = _captured(graph, start)
    results = _scan(list(sequences) or None, initial or None, list(graph.captured) or None, graph, count)
    return results[: len(collected)], results[len(collected) : len(collected) + states_given]


def _fitted(new: Tensor, old: Tensor) -> Tensor:
    return new if new.dtype == old.dtype else cast(new, old.dtype)


def _draws(outputs: Sequence[Tensor], start: int) -> bool:
    return any(CALLS in operation.inputs and operation.serial > start for operation in order_operations(outputs))


def _captured(graph: Subgraph, start: int) -> list[Tensor]:
    """The tensors of the outer graph that the step reads, computed once, outside.

    Those are what was recorded before the step (`start`), and what the step made from nothing of its own.
    """
    inside = set(graph.inputs)
    found: dict[Tensor, None] = {}
    operations = order_operations(graph.outputs, known=graph.inputs)
    for operation in operations:
        if operation.serial > start and any(tensor in inside for tensor in operation.inputs):
            inside.update(operation.outputs)
    for operation in operations:
        if operation.outputs[0] in inside:
            found.update((tensor, None) for tensor in operation.inputs if tensor not in inside)
    found.update((tensor, None) for tensor in graph.outputs if tensor not in inside)
    return list(found)


def rnn(
    step_function,
    inputs,
    initial_states,
    go_backwards=False,
    mask=None,
    constants=None,
    unroll=False,
    input_length=None,
):
    """Run a step over the time axis.

    Shape: `inputs` `(batch, time, ...)` -> (last output `(batch, ...)`, outputs `(batch, time, ...)`, new states).

    Args:
        step_function: `step(x, states) -> (output, new states)`, where states are followed by the constants.
        initial_states: tensors `(batch, ...)`.
        go_backwards: take time from its end; outputs come in that order.
        mask: `(batch, time)` or `(batch, time, 1)`; where it is 0 the previous output and states are kept. Before
            the first step where it is not, a loop on TensorFlow gives the first state, all else zeros.
        constants: tensors given to every step after the states.
        unroll: write the steps out one by one, which needs a known time axis.
        input_length: number of steps, for unrolling an input whose time axis is not known.
    """
    if inputs.ndim < 2:
        raise ShapeError(f"rnn needs inputs (batch, time, ...), got {tuple(inputs.shape)}.")
    constants = list(constants or [])
    if chosen.is_native(inputs):
        unroll, input_length, states = True, _native_length(inputs, input_length), list(initial_states)
    else:
        states = [as_tensor(state) for state in initial_states]
    sequence = _time_first(inputs)
    masks = None if mask is None else _time_first(cast(mask if mask.ndim == 3 else expand_dims(mask, -1), "bool"))
    if go_backwards:
        sequence = reverse(sequence, 0)
        masks = None if masks is None else reverse(masks, 0)
    run = _unrolled if unroll else _looped
    outputs, last_output, new_states = run(step_function, sequence, masks, states, constants, input_length)
    return last_output, _time_first(outputs), new_states


def _native_length(inputs, input_length) -> int:
    """The number of steps over a tensor of the backend's own, which are written out, since the step may be native."""
    steps = chosen.active().static_shape(inputs)[1] or input_length
    if not steps:
        raise ShapeError(
            f"rnn needs a known time axis beside {chosen.backend()}'s own code.",
            "Give input_shape=(time, features), or write the code with K functions.",
        )
    return steps


def _time_first(x):
    swapped = (1, 0, *range(2, x.ndim))
    made_by = x.operation if isinstance(x, Tensor) else None
    if made_by is not None and made_by.op.name == "permute_dimensions" and made_by.attributes["pattern"] == swapped:
        return made_by.inputs[0]
    return permute_dimensions(x, swapped)


def _masked_step(step_function, constants, previous_output, x, mask, states):
    """One step that keeps the previous output and states where the mask is 0."""
    output, new_states = step_function(x, [*states, *constants])
    if mask is None:
        return output, list(new_states)
    kept_output = switch(mask, output, zeros_like(output) if previous_output is None else previous_output)
    return kept_output, [switch(mask, new, old) for new, old in zip(new_states, states, strict=True)]


def _looped(step_function, sequence, masks, states, constants, input_length):
    if masks is None:

        def step(slices, carried):
            output, new_states = _masked_step(step_function, constants, None, slices[0], None, carried)
            return [output], new_states

        (outputs,), last = scan(step, [sequence], states)
        return outputs, outputs[-1], last
    # what a sample gives before its first unmasked step: on TensorFlow its first state, as in Keras 1.2, else zeros
    first = states[0] if states else zeros_like(step_function(sequence[0], constants)[0])
    first = first if chosen.backend() == "tensorflow" else zeros_like(first)

    def masked(slices, carried):
        output, new_states = _masked_step(step_function, constants, carried[0], slices[0], slices[1], carried[1:])
        return [output], [output, *new_states]

    (outputs,), last = scan(masked, [sequence, masks], [first, *states])
    return outputs, last[0], last[1:]


def _unrolled(step_function, sequence, masks, states, constants, input_length):
    steps = (sequence.shape[0] if isinstance(sequence, Tensor) else None) or input_length
    if not steps:
        raise ShapeError(
            "unrolling needs a known time axis.",
            "Give input_shape=(time, features), or set unroll=False.",
            arguments=("unroll",),
        )
    outputs, previous = [], None
    for time in range(steps):
        mask = None if masks is None else masks[time]
        previous, states = _masked_step(step_function, constants, previous, sequence[time], mask, states)
        outputs.append(previous)
    return stack(outputs), outputs[-1], states
