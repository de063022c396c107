"""`_TensorsByName`: a layer that is called on several tensors, each with a name, some of which may be missing."""

from __future__ import annotations

from typing import Any, ClassVar

from .. import backend as K
from ..errors import ArgumentError

__all__ = []


class _TensorsByName:
    """A layer that is called as in Keras 3: `layer(query, value, attention_mask=mask)`, or on a list of tensors.

    A list of one tensor is what it attends to itself, as in the Builder.

    What is made by layers is an input of the node; arrays and variables beside such tensors are arguments of the call.
    `call` is given the inputs in a list, and their names as `tensors` where they are not the first of `tensor_names`.
    """

    takes_list = True
    takes_apart = True  # whether Keras 3 calls it on tensors one by one, not on a list
    tensor_names: ClassVar[tuple[str, ...]]
    needed: ClassVar[int] = 2  # how many of the first it must be given
    _given: tuple[str, ...] = ()  # the names of the tensors of the call that is going on

    def __call__(self, x, *more, mask=None, training=None, tensors=None, **arguments):
        listed = list(x) if isinstance(x, list | tuple) else [x]
        if isinstance(x, list) and len(x) == 1 and not more and not tensors:
            listed *= self.needed
        named = dict(zip(tensors or self.tensor_names, [*listed, *more], strict=False))
        for name in [name for name in self.tensor_names if name in arguments]:
            named[name] = arguments.pop(name)
        named = {name: named[name] for name in self.tensor_names if named.get(name) is not None}
        self._check_given(named)
        if hasattr(named[self.tensor_names[0]], "_keras_history"):
            beside = {name: one for name, one in named.items() if not hasattr(one, "_keras_history")}
            arguments |= {name: _tensor(one) for name, one in beside.items()}
            named = {name: one for name, one in named.items() if name not in beside}
        names = tuple(named)
        if names != self.tensor_names[: len(names)]:
            arguments["tensors"] = list(names)
        self._given = names
        return super().__call__(list(named.values()), mask, training, **arguments)

    def _check_given(self, named: dict) -> None:
        missing = [name for name in self.tensor_names[: self.needed] if name not in named]
        if missing:
            raise ArgumentError(
                f"must be called on {' and '.join(self.tensor_names[: self.needed])}, got no {missing[0]}.",
                f"Write layer({', '.join(['x'] * self.needed)}) for one tensor that is all of them.",
                arguments=tuple(missing),
            ).named(type(self).__name__, self.name)

    def _named(self, values: list, tensors=None) -> dict[str, Any]:
        """Each of the inputs' tensors, shapes or masks under the input's name."""
        return dict(zip(tensors or self.tensor_names, values, strict=False))


def _tensor(value):
    return value if isinstance(value, K.Tensor) or K.is_native(value) else K.constant(value)
