"""Means and sums over the machines that train a model together; on one machine, what they are given.

Each machine has an equal part of the batch, so a mean over the batch is the mean of the machines' means.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence
from typing import Any

from ..runtime.machines import machines
from ..runtime.of_thread import set_in_thread
from . import shapes
from .registry import op

__all__ = ["over_machines", "mean_over_machines", "times_parts", "added_on_machines"]
__all__ += ["along_with_gradients", "mean_gradients"]


@op(
    shape=lambda tensors: [tuple(one.shape) for one in tensors],
    dtype=lambda tensors: [one.dtype for one in tensors],
    inputs="*tensors",
)
def over_machines(tensors):
    """The mean of each tensor over the machines, by one sum of all of them; the tensors themselves on one machine.

    Its gradient is the mean of the machines' gradients.
    Shape: any -> same.
    """


def _by_type(tensors: Sequence) -> list[list[int]]:
    """The places of tensors of one type, since one sum takes one type."""
    kinds = dict.fromkeys(one.dtype for one in tensors)
    return [[place for place, one in enumerate(tensors) if one.dtype == kind] for kind in kinds]


@over_machines.tensorflow
def _(tf, tensors):
    those = machines()
    results: list[Any] = list(tensors)
    for places in _by_type(tensors) if those.count > 1 else []:
        flat = tf.concat([tf.reshape(tensors[place], [-1]) for place in places], axis=0)
        mean = _total_on_tensorflow(tf, flat, those.total) / tf.cast(those.count, flat.dtype)
        parts = tf.split(mean, tf.stack([tf.size(tensors[place]) for place in places]), num=len(places))
        for place, part in zip(places, parts, strict=True):
            results[place] = tf.ensure_shape(tf.reshape(part, tf.shape(tensors[place])), tensors[place].shape)
    return results


def _total_on_tensorflow(tf, flat, total):
    @tf.custom_gradient
    def summed(x):
        # an operation with effects: TensorFlow runs those in the order in which they were made, on each machine
        result = tf.ensure_shape(tf.numpy_function(total, [x], x.dtype), x.shape)
        return result, lambda gradient: summed(gradient)

    return summed(flat)


@over_machines.theano
def _(pt, tensors):
    count = machines().count
    results: list[Any] = list(tensors)
    for places in _by_type(tensors) if count > 1 else []:
        mean = pt.total(pt.concatenate([pt.flatten(tensors[place]) for place in places])) / count
        begin = 0
        for place in places:
            size = tensors[place].size
            part = pt.cast(mean[begin : begin + size], tensors[place].dtype)
            results[place] = pt.reshape(part, tensors[place].shape, ndim=tensors[place].ndim)
            begin = begin + size
    return results


def mean_over_machines(x):
    """The mean of one tensor over the machines.

    Shape: any -> same.
    """
    return over_machines([x])[0]


@op(shape=shapes.like_first)
def times_parts(x):
    """`x` times the number of parts that the batch is cut into: the mean over machines is then the sum over the batch.

    Shape: any -> same.
    """


def _times_parts(_, x):
    parts = machines().parts
    return x * parts if parts > 1 else x


times_parts.tensorflow(_times_parts)
times_parts.theano(_times_parts)


@op(shape=shapes.like_first, inputs="after before")
def added_on_machines(after, before):
    """A sum over the batches so far, `before` and `after` this one: to `before` is added what all machines add.

    Shape: both of one shape -> that shape.
    """


@added_on_machines.tensorflow
def _(tf, after, before):
    return after if machines().count == 1 else before + _added(tf, after - before, "tensorflow", tf.cast)


@added_on_machines.theano
def _(pt, after, before):
    return after if machines().count == 1 else before + _added(pt, after - before, "theano", pt.cast)


def _added(library, added, backend, cast):
    (mean,) = over_machines.lowerings[backend](library, [added])
    return cast(mean * machines().parts, added.dtype)


_of_thread = threading.local()


class Along:
    """Tensors whose means are taken by the same sum as those of the gradients.

    Attributes:
        means: what came of them; None until gradients were summed.
    """

    def __init__(self, tensors: Sequence):
        self.tensors = list(tensors)
        self.means: list | None = None

    def taken(self) -> list:
        """The means, by a sum of their own where there were no gradients."""
        return over_machines(self.tensors) if self.means is None else self.means


@contextlib.contextmanager
def along_with_gradients(tensors: Sequence) -> Iterator[Along]:
    """Inside, the first call of `mean_gradients` takes the means of these, too: one sum a step costs less than two."""
    along = Along(tensors)
    with set_in_thread(_of_thread, "along", along):
        yield along


def mean_gradients(gradients: Sequence) -> list:
    """The gradients for the whole batch, of those that each machine has for its part."""
    along = getattr(_of_thread, "along", None)
    if along is None or along.means is not None:
        return over_machines(list(gradients)) if gradients else []
    means = over_machines([*gradients, *along.tensors])
    along.means = means[len(gradients) :]
    return means[: len(gradients)]
