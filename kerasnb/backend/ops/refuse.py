"""What is refused when it is computed, since only then its values are known."""

from __future__ import annotations

from . import shapes
from .registry import op

__all__ = ["refused_unless"]


@op(shape=shapes.like_first, inputs="x holds")
def refused_unless(x, holds, reason, advice):
    """`x` itself; an error that names layer and line, and writes nothing, where `holds` is not all true.

    Shape: `x` any, `holds` any -> that of `x`.

    Args:
        reason: what is wrong, as the end of "theano refused ...: ".
        advice: what to do next.
    """


@refused_unless.tensorflow
def _(tf, x, holds, reason, advice):
    check = tf.debugging.Assert(tf.reduce_all(tf.cast(holds, "bool")), [f"{reason} {advice}"])
    with tf.control_dependencies([check]):
        return tf.identity(x)


@refused_unless.theano
def _(pt, x, holds, reason, advice):
    return pt.refuse(x, pt.all(pt.neq(holds, 0)), reason, advice)
