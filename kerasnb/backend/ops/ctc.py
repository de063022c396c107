"""Connectionist temporal classification: the cost of label sequences that are not aligned with time.

The last class is the blank. The two backends' costs differ almost by a constant, as they did in Keras 1.2: Theano's
leaves out the division by the number of steps, and mixes every probability with a little of an even spread.
"""

from __future__ import annotations

import functools

from ..graph.tensor import current_layer
from ..runtime import chosen
from .control import scan
from .elementwise import add, cast, equal, exp, greater, less, log, logical_and, logical_or, maximum, switch
from .indexing import one_hot
from .linear import batch_dot
from .lowering import by_ops
from .reduce import cumsum, logsumexp, sum
from .refuse import refused_unless
from .registry import op
from .shaping import concatenate, expand_dims, permute_dimensions, reshape, shape, stop_gradient
from .state import ones_like, zeros_like

__all__ = ["ctc_batch_cost", "ctc_label_dense_to_sparse"]

NEVER = -1e30  # the logarithm of a probability of 0, finite so that gradients are
_SMALL = 1e-8  # added to probabilities before their logarithm is taken
_SPREAD = 1e-4  # share of the even spread that Theano's cost mixes in


def ctc_batch_cost(y_true, y_pred, input_length, label_length):
    """The cost of each sample's label sequence: minus the logarithm of its probability.

    Shape: `(batch, labels)`, `(batch, time, classes)`, `(batch, 1)` twice -> `(batch, 1)`; on Theano `(1, batch)`, as
        always there, unless a layer calls it.
    Source: Graves et al. 2006, ICML, equations 6 to 8.

    Args:
        y_true: labels as whole numbers; what comes after `label_length` does not count.
        y_pred: probabilities; the last class is the blank.
        input_length: number of steps of each sample that count.
        label_length: number of labels of each sample.
    """
    inputs = possible(cast(y_true, "int32"), y_pred, _flat(input_length), _flat(label_length))
    if chosen.backend() == "theano":
        return expand_dims(cost_on_theano(*inputs), 1 if current_layer() else 0)
    return _ctc_loss(*inputs)


def ctc_costs(y_true, y_pred, input_length, label_length):
    """`ctc_batch_cost` as TensorFlow has it, on either backend: `(batch, 1)`."""
    return _ctc_loss(*possible(cast(y_true, "int32"), y_pred, _flat(input_length), _flat(label_length)))


def possible(y_true, y_pred, input_length, label_length):
    """The four inputs of a cost, refused when computed where no path at all stands for the labels."""
    counts, classes = less(numbered(y_true), expand_dims(label_length, 1)), y_pred.shape[-1]
    if classes is not None:
        blanks = logical_and(counts, equal(y_true, classes - 1))
        label_length = label_length - sum(cast(blanks, "int32"), axis=1)  # those that fill up the end are no labels
        counts = less(numbered(y_true), expand_dims(label_length, 1))
        y_true = refused_unless(
            y_true,
            logical_or(equal(counts, 0), logical_and(greater(y_true, -1), less(y_true, classes - 1))),
            f"ctc_batch_cost takes labels from 0 to {classes - 2}, and got others.",
            f"Look at y_true within label_length; the last class of y_pred, {classes - 1}, is the blank.",
        )
    y_true = refused_unless(
        y_true,
        logical_and(less(label_length, shape(y_true)[1] + 1), less(input_length, shape(y_pred)[1] + 1)),
        "ctc_batch_cost got a length that is larger than its array.",
        "Give label_length up to the width of y_true, input_length up to the number of steps of y_pred.",
    )
    needed = label_length + sum(cast(logical_and(counts, _repeated(y_true)), "int32"), axis=1)
    y_true = refused_unless(
        y_true,
        less(needed, input_length + 1),
        "ctc_batch_cost got labels that do not fit into their steps: each takes one, and one goes between equal ones.",
        "Compare label_length with input_length: it counts the steps of y_pred, after any pooling over time.",
    )
    return [y_true, y_pred, input_length, label_length]


def _repeated(y_true):
    """1 for each label that is the one before it."""
    return concatenate([cast(zeros_like(y_true[:, :1]), "uint8"), equal(y_true[:, 1:], y_true[:, :-1])], axis=1)


def _flat(lengths):
    return cast(reshape(lengths, (-1,)), "int32")


@op(
    shape=lambda y_true, y_pred, input_length, label_length: (y_pred.shape[0], 1),
    dtype=lambda y_true, y_pred, *_: y_pred.dtype,
    inputs="y_true y_pred input_length label_length",
)
def _ctc_loss(y_true, y_pred, input_length, label_length):
    """Minus the logarithm of the probability of each label sequence, `y_pred` being divided by its sum."""


@_ctc_loss.tensorflow
def _(tf, y_true, y_pred, input_length, label_length):
    labels = _to_sparse.lowerings["tensorflow"](tf, y_true, label_length)
    logits = tf.math.log(tf.transpose(y_pred, (1, 0, 2)) + _SMALL)
    return tf.expand_dims(tf.compat.v1.nn.ctc_loss(labels, logits, input_length), 1)


def _loss_by_ops(y_true, y_pred, input_length, label_length):
    likely = y_pred + _SMALL
    chosen = _chosen(likely / sum(likely, axis=-1, keepdims=True), y_true)
    return expand_dims(-log_likelihood(log(chosen), y_true, input_length, label_length), 1)


_ctc_loss.theano(by_ops("theano", _loss_by_ops))


def ctc_label_dense_to_sparse(labels, label_lengths):
    """The labels that count as a sparse tensor.

    Shape: `(batch, labels)`, `(batch,)` -> `(batch, labels)`, sparse.
    """
    result = _to_sparse(labels, _flat(label_lengths))
    result.is_sparse = True
    return result


@op(shape=lambda labels, lengths: tuple(labels.shape), inputs="labels lengths")
def _to_sparse(labels, lengths):
    """The first labels of each sample as a sparse tensor."""


@_to_sparse.tensorflow
def _(tf, labels, lengths):
    places = tf.where(tf.sequence_mask(lengths, tf.shape(labels)[1]))
    return tf.SparseTensor(places, tf.gather_nd(labels, places), tf.shape(labels, tf.int64))


_to_sparse.theano(by_ops("theano", lambda labels, lengths: switch(
    less(numbered(labels), expand_dims(lengths)), labels, zeros_like(labels)
)))  # fmt: skip


def cost_on_theano(y_true, y_pred, input_length, label_length):
    states = expand_dims(expand_dims(cast(2 * label_length + 1, y_pred.dtype)))
    smooth = (1 - _SPREAD) * _chosen(y_pred, y_true) + _SPREAD / states
    steps = log(cast(input_length, y_pred.dtype))
    return -log_likelihood(log(smooth), y_true, input_length, label_length) - steps


# ---- the forward algorithm


def _chosen(y_pred, y_true):
    """The probability, at each time, of each state: a blank, the first label, a blank, the second label ... a blank."""
    classes = y_pred.shape[-1]
    blank = zeros_like(y_true) + (classes - 1)
    states = _alternating(blank, switch(less(y_true, 0), y_true + classes, y_true))
    return batch_dot(y_pred, one_hot(states, classes), axes=(2, 2))


def _alternating(one, other):
    """`(batch, n)` twice as one, other, one, other ... one: `(batch, 2 * n + 1)`."""
    sizes = (-1, 2 * one.shape[1]) if one.shape[1] is not None else (shape(one)[0], -1)
    pairs = reshape(concatenate([expand_dims(one), expand_dims(other)], axis=-1), sizes)
    return concatenate([pairs, one[:, :1]], axis=1)


def numbered(x):
    """0, 1, 2 ... in the shape of `x`, along its last axis."""
    return cumsum(ones_like(x, dtype="int32"), axis=-1) - 1


def _may_skip(y_true):
    """Whether a state may follow the second to last one: a label other than the one before it."""
    repeated = concatenate([ones_like(y_true[:, :1]), cast(equal(y_true[:, 1:], y_true[:, :-1]), y_true.dtype)], axis=1)
    return equal(_alternating(ones_like(y_true), repeated), 0)


def log_likelihood(log_chosen, y_true, input_length, label_length):
    """The logarithm of the probability that the states are passed in order, over all ways to spend the time.

    Shape: `(batch, time, states)`, `(batch, labels)`, `(batch,)` twice -> `(batch,)`.
    """
    may_skip = _may_skip(y_true)
    never = zeros_like(log_chosen[:, 0]) + NEVER
    place = numbered(log_chosen[:, 0])

    def step(slices, carried):
        now, time = slices
        (before,) = carried
        ways = [before, shifted(before, 1), switch(may_skip, shifted(before, 2), never)]
        counts = less(time, expand_dims(input_length, 1))
        return [], [switch(counts, log_sum(ways) + now, before)]

    sequence = permute_dimensions(log_chosen, (1, 0, 2))
    _, (last,) = scan(step, [sequence, numbered(sequence[:, 0, 0])], [switch(equal(place, 0), never * 0, never)])
    to_end = place - expand_dims(2 * label_length, 1)
    at_end = switch(equal(to_end * (to_end + 1), 0), last, never)
    return logsumexp(at_end, axis=-1)


def shifted(x, count: int):
    """`(batch, states)` moved towards the end; nothing comes in from the front."""
    return concatenate([x[:, :count] * 0 + NEVER, x[:, :-count]], axis=1)


def log_sum(parts: list):
    """The logarithm of the sum of the exponentials of tensors of one shape."""
    top = stop_gradient(functools.reduce(maximum, parts))
    return log(functools.reduce(add, [exp(part - top) for part in parts])) + top
