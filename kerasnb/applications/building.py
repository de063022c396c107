"""What all applications share: checks of what was asked for, the input, the ordering, the model made of both ends."""

from __future__ import annotations

import contextlib
import functools
import inspect
import os
from collections.abc import Callable, Iterator

from .. import backend as K
from ..caller import warn_user
from ..engine.network import get_source_inputs
from ..errors import ArgumentError, unknown_name
from ..layers import GlobalAveragePooling2D, GlobalMaxPooling2D, Input
from ..models import Model

__all__ = [
    "check_request",
    "image_input",
    "feature_axis",
    "sides",
    "halving_pad",
    "features_last",
    "model_between",
    "takes_pooling",
    "check_pooling",
    "pooled",
]

_POOLINGS = {"avg": GlobalAveragePooling2D, "max": GlobalMaxPooling2D}


def check_request(who: str, weights, include_top: bool, classes: int, trained_on: str = "imagenet", count: int = 1000):
    """Refuse weights that do not exist, and a number of classes that the released ones do not have."""
    if weights not in (None, trained_on) and not (isinstance(weights, str) and os.path.isfile(weights)):
        raise ArgumentError(
            f'{who}: weights must be None (random), "{trained_on}" (downloaded) or a file, got {weights!r}.',
            f'Write weights=None or weights="{trained_on}".',
            arguments=("weights",),
        )
    if weights == trained_on and include_top and classes != count:
        raise ArgumentError(
            f'{who}: the weights "{trained_on}" end in {count} classes, got classes={classes}.',
            f"For other classes, write include_top=False and add a Dense({classes}), or weights=None.",
            arguments=("classes",),
        )


def image_input(input_tensor, input_shape):
    """The tensor to start from: the one given (a backend's own becomes an Input), or a new Input."""
    if input_tensor is None:
        return Input(shape=input_shape)
    return input_tensor if hasattr(input_tensor, "_keras_history") else Input(tensor=input_tensor, shape=input_shape)


def feature_axis() -> int:
    """The axis of the features (channels) in the image ordering of now, batch included."""
    return 1 if K.image_dim_ordering() == "th" else 3


def sides(image) -> tuple[int | None, int | None]:
    """Rows and columns of images in the ordering of now."""
    shape = K.int_shape(image)
    return shape[2:4] if K.image_dim_ordering() == "th" else shape[1:3]


def halving_pad(image, kernel_size: int) -> tuple[int, int, int, int]:
    """Zeros at the top, bottom, left and right with which steps of 2 halve the sizes as TensorFlow's 'same' does."""
    half = kernel_size // 2
    rows, cols = (half - 1 if side is None or side % 2 == 0 else half for side in sides(image))
    return rows, half, cols, half


@contextlib.contextmanager
def features_last(who: str) -> Iterator[None]:
    """While inside, the image ordering is 'tf', for a model that exists in no other."""
    before = K.image_dim_ordering()
    if before != "tf":
        warn_user(
            f'{who} exists in image ordering "tf" (batch, rows, cols, features) only; this model expects its images '
            f'so, although image_dim_ordering is "{before}".',
        )
    K.set_image_dim_ordering("tf")
    try:
        yield
    finally:
        K.set_image_dim_ordering(before)


def model_between(image, output, name: str) -> Model:
    """The model from whatever `image` was computed from to `output`."""
    return Model(get_source_inputs(image), output, name=name)


def takes_pooling(application: Callable[..., Model]) -> Callable[..., Model]:
    """A decorator: the function also takes the later `pooling`, 'avg' or 'max' at the end of a topless model."""
    signature = inspect.signature(application)

    @functools.wraps(application)
    def spelt(*args, pooling=None, **kwargs):
        check_pooling(pooling)
        model = application(*args, **kwargs)
        asked = signature.bind(*args, **kwargs)
        asked.apply_defaults()
        return model if pooling is None or asked.arguments["include_top"] else _pooled(model, _POOLINGS[pooling])

    return spelt


def check_pooling(pooling: str | None) -> None:
    """Refuse a pooling that does not exist."""
    if pooling is not None and pooling not in _POOLINGS:
        raise unknown_name("pooling", pooling, _POOLINGS, "Leave it out for the features as they are.")


def pooled(x, pooling: str | None, name: str | None = None):
    """The features pooled over all places, or as they are for None."""
    return x if pooling is None else _POOLINGS[pooling](name=name)(x)


def _pooled(model: Model, layer: type) -> Model:
    ordering = next(one.dim_ordering for one in reversed(model.layers) if hasattr(one, "dim_ordering"))
    return Model(model.inputs, layer(dim_ordering=ordering)(model.output), name=model.name)
