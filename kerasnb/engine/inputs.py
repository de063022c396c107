"""Where data enters a model."""

from __future__ import annotations

import functools

from .. import backend as K
from ..backend.graph.tensor import Tensor
from ..errors import ArgumentError
from ..spelling.door import accepts
from .layer import Layer
from .node import Node, one_or_list

__all__ = ["InputLayer", "Input"]


class InputLayer(Layer):
    """The entry of a model for one array.

    Shape: -> `(batch, ...)` as given.

    Args:
        input_shape: shape of one sample.
        batch_input_shape: the same with the batch size (or None) in front.
        input_dtype: by default the default float type.
        input_tensor: an existing tensor to start from.
        sparse: data comes as scipy matrices.
    """

    def __init__(
        self, input_shape=None, batch_input_shape=None, input_dtype=None, input_tensor=None, sparse=False, name=None
    ):
        if input_tensor is None and input_shape is None and batch_input_shape is None:
            raise ArgumentError("Input needs a shape.", "Write Input(shape=(10,)).", arguments=("input_shape",))
        if input_tensor is not None:
            batch_input_shape, input_dtype = K.int_shape(input_tensor), input_dtype or K.dtype(input_tensor)
            sparse = K.is_sparse(input_tensor)
        name = name or f"input_{K.get_uid('input')}"
        super().__init__(
            name=name, input_shape=input_shape, batch_input_shape=batch_input_shape, input_dtype=input_dtype
        )
        self.trainable = False
        self.built = True
        self.sparse = bool(sparse)
        self.is_placeholder = input_tensor is None
        tensor = (
            input_tensor
            if input_tensor is not None
            else K.placeholder(self.batch_input_shape, dtype=self.input_dtype, sparse=sparse, name=name)
        )
        tensor._keras_history = (self, 0, 0)
        shape = [K.int_shape(tensor)]
        Node(self, [], [], [], [tensor], [tensor], [None], [None], shape, shape)

    def get_config(self) -> dict:
        return {
            "batch_input_shape": self.batch_input_shape,
            "input_dtype": self.input_dtype,
            "sparse": self.sparse,
            "name": self.name,
        }


def _batch_size_apart(function):
    """Let `Input` take the batch size beside the shape of one sample, as later Keras does."""

    @functools.wraps(function)
    def made(*args, batch_size=None, **kwargs):
        shape = args[0] if args else kwargs.get("shape")
        if batch_size is None or shape is None:
            return function(*args, **kwargs)
        kwargs.pop("shape", None)
        return function(None, (batch_size, *shape), *args[2:], **kwargs)

    return made


@_batch_size_apart
@accepts({"input_dtype": "dtype"})
def Input(shape=None, batch_shape=None, name=None, dtype=None, sparse=False, tensor=None) -> Tensor:
    """A symbolic tensor to start a model from.

    Shape: -> `(None, *shape)`, or `batch_shape`.

    Args:
        shape: shape of one sample, such as `(8, 8, 1)`.
        batch_shape: the same with the batch size in front.
        dtype: by default the default float type.
        sparse: data comes as scipy matrices.
        tensor: an existing tensor to start from.
    """
    if shape is None and batch_shape is None and tensor is None:
        raise ArgumentError(
            "Input needs a shape.",
            "Write Input(shape=(10,)); it does not include the batch size.",
            arguments=("shape",),
        )
    layer = InputLayer(
        input_shape=shape,
        batch_input_shape=batch_shape,
        input_dtype=dtype,
        input_tensor=tensor,
        sparse=sparse,
        name=name,
    )
    return one_or_list(layer.inbound_nodes[0].output_tensors)
