"""The inner steps of Theano's CTC cost under their Keras 1 names: one sample, blanks (-1) between its labels."""

from __future__ import annotations

import numpy as np

from ..graph.tensor import Constant, as_tensor
from .control import scan
from .ctc import NEVER, cost_on_theano, log_sum, numbered, possible, shifted
from .elementwise import cast, equal, greater, less, log, logical_and, maximum, minimum, not_equal, switch
from .indexing import one_hot
from .linear import dot, transpose
from .reduce import max, sum
from .shaping import concatenate, expand_dims, flatten, reshape, reverse, shape
from .state import zeros_like

__all__ = ["ctc_interleave_blanks", "ctc_create_skip_idxs", "ctc_update_log_p", "ctc_path_probs", "ctc_cost"]


def ctc_interleave_blanks(Y):
    """The labels with a blank, written -1, before, between and after them.

    Shape: `(labels,)` -> `(2 * labels + 1,)`.
    """
    Y = as_tensor(Y)
    blank = zeros_like(Y) - 1
    pairs = flatten(concatenate([expand_dims(blank), expand_dims(Y)], axis=-1))
    return concatenate([pairs, zeros_like(pairs[:1]) - 1], axis=0)


def ctc_create_skip_idxs(Y):
    """The places of labels after which the blank may be left out, since the next label is another one.

    Shape: `(states,)` -> `(n,)`. Of a tensor whose values are not known yet, all places are given, those that do not
    count as `states`, which is outside.
    """
    Y = as_tensor(Y)
    if isinstance(Y, Constant):
        places = np.arange((len(Y.value) - 3) // 2) * 2 + 1
        return Constant(places[Y.value[places] != Y.value[places + 2]])
    labels = Y[1:-2:2]
    places = 2 * numbered(cast(labels, "int32")) + 1
    return switch(not_equal(labels, Y[3::2]), places, zeros_like(places) + shape(Y)[0])


def ctc_update_log_p(skip_idxs, zeros, active, log_p_curr, log_p_prev):
    """One step of the forward algorithm.

    Shape: `(n,)`, `(states,)`, `()`, `(states,)`, `(states,)` -> (`()`, `(states,)`).

    Args:
        skip_idxs: places of labels after which the blank may be left out.
        zeros: zeros, one for each state.
        active: number of states that could be reached before; the first result is the number now.
        log_p_curr: logarithms of the states' probabilities at this time.
        log_p_prev: logarithms of the probabilities of all paths to each state.
    """
    place = numbered(zeros)
    states = shape(zeros)[0]
    reached = switch(less(place, active), log_p_prev, zeros + NEVER)
    skipping = switch(greater(_marks(as_tensor(skip_idxs), zeros), 0), reached, zeros + NEVER)
    ways = [expand_dims(one, 0) for one in (reached, skipping)]
    now = log_sum([reached, shifted(ways[0], 1)[0], shifted(ways[1], 2)[0]]) + log_p_curr
    farthest = max(switch(greater(skipping, NEVER / 2), place + 3, place * 0), axis=0)
    active_next = cast(minimum(maximum(active + 1, farthest), states), "int32")
    return active_next, switch(less(place, active_next), now, zeros)


def _marks(places, zeros):
    """1 at these places, in the shape of `zeros`."""
    same = equal(expand_dims(cast(places, "int32")), expand_dims(numbered(zeros), 0))
    return sum(cast(same, "int32"), axis=0)


def ctc_path_probs(predict, Y, alpha=1e-4):
    """For each time and state, the logarithm of the probability of all paths that pass it, and whether there are any.

    Shape: `(time, classes)`, `(states,)` -> (`(time, states)`, `(time, states)`).

    Args:
        predict: probabilities; the last class is the blank.
        Y: the labels with blanks, -1, in between.
        alpha: share of an even spread that is mixed in.
    """
    Y = cast(as_tensor(Y), "int32")
    classes = predict.shape[-1]
    picked = dot(predict, transpose(one_hot(switch(less(Y, 0), Y + classes, Y), classes)))
    logs = log((1 - alpha) * picked + alpha / cast(shape(Y)[0], predict.dtype))
    forward = _forward(logs, Y)
    backward = reverse(_forward(reverse(logs, (0, 1)), reverse(Y, 0)), (0, 1))
    return forward + backward - logs, logical_and(forward > NEVER / 2, backward > NEVER / 2)


def _forward(logs, Y):
    """The logarithm of the probability of all ways to each state at each time."""
    never = expand_dims(logs[0] * 0 + NEVER, 0)
    differs = concatenate([zeros_like(Y[:2]), cast(not_equal(Y[2:], Y[:-2]), "int32")], axis=0)

    def step(slices, states):
        (before,) = states
        ways = [before, shifted(before, 1), switch(expand_dims(differs, 0), shifted(before, 2), never)]
        after = log_sum(ways) + expand_dims(slices[0], 0)
        return [after[0]], [after]

    start = switch(equal(numbered(never), 0), never * 0, never)
    (found,), _ = scan(step, [logs], [start])
    return found


def ctc_cost(predict, Y):
    """The cost of one label sequence, as Theano's `ctc_batch_cost` gives it.

    Shape: `(time, classes)`, `(labels,)` -> `()`.
    """
    Y = cast(as_tensor(Y), "int32")
    steps, labels = reshape(shape(predict)[0], (1,)), reshape(shape(Y)[0], (1,))
    return cost_on_theano(*possible(expand_dims(Y, 0), expand_dims(predict, 0), steps, labels))[0]
