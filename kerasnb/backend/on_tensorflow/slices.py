"""A function of the user's run by TensorFlow's own loop over the slices of its tensors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

__all__ = ["map_slices"]


def map_slices(tf: Any, function: Callable[[Sequence], Any], sequences: Sequence) -> Any:
    """`function(slices)` of all slices along the first axis, stacked; a list where it gives one."""

    def of(slices: tuple) -> Any:
        made = function(list(slices))
        return [tf.convert_to_tensor(one) for one in made] if isinstance(made, list | tuple) else made

    first = of(tuple(tf.gather(one, 0) for one in sequences))  # never computed: it says what there will be
    signature = tf.nest.map_structure(tf.type_spec_from_value, first)
    return tf.map_fn(of, tuple(map(tf.convert_to_tensor, sequences)), fn_output_signature=signature)
