"""Helpers for tests of layers: small data, and one routine that puts a layer through all it must do."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence

import numpy as np

from .. import backend as K
from ..carried import carry
from ..engine.inputs import Input
from ..engine.training import Model
from ..models import Sequential, model_from_json
from ..spelling.door import accepts
from .code_text import trusted_code
from .custom_objects import custom_object_scope

__all__ = ["get_test_data", "layer_test", "keras_test"]

TOLERANCE = 1e-3  # relative
SPREAD = 0.7  # of the samples around their class or target


@accepts({"num_train": "nb_train", "num_test": "nb_test", "num_classes": "nb_class", "num_class": "nb_class"})
def get_test_data(nb_train=1000, nb_test=500, input_shape=(10,), output_shape=(2,), classification=True, nb_class=2):
    """Samples that can be learnt: normally distributed around their class number, or around their target.

    Shape: -> `(x_train, y_train), (x_test, y_test)`; `y` `(samples,)` of class numbers, or `(samples, *output_shape)`.

    Args:
        classification: classes (`output_shape` is not used), or numbers.
    """
    count = nb_train + nb_test
    centres = np.random.randint(0, nb_class, count) if classification else np.random.random(count)
    x = _around(centres, input_shape)
    y = centres if classification else _around(centres, output_shape)
    return (x[:nb_train], y[:nb_train]), (x[nb_train:], y[nb_train:])


def _around(centres: np.ndarray, shape: Sequence[int]) -> np.ndarray:
    return np.random.normal(centres.reshape(-1, *[1] * len(shape)), SPREAD, (len(centres), *shape))


@accepts({"dtype": "input_dtype"})
def layer_test(
    layer_cls,
    kwargs={},  # noqa: B006
    input_shape=None,
    input_dtype=None,
    input_data=None,
    expected_output=None,
    expected_output_dtype=None,
    fixed_batch_size=False,
):
    """Put a layer with one input and one output through all it must do; gives what it predicts as a first layer.

    Weights out and in, shapes as declared, the layer in a Model and in a Sequential, each again from its config with
    the same weights, and one training step of each.

    Args:
        layer_cls: the class; `kwargs` are its arguments.
        input_shape: with the batch size in front; a None becomes a small random size.
        input_dtype: by default the default float type, or that of `input_data`.
        input_data: an array, random numbers from 0 to 10 by default.
        expected_output: an array, compared with what comes out.
        expected_output_dtype: by default `input_dtype`.
        fixed_batch_size: whether the batch size is told to the layer.

    Raises:
        AssertionError: something is not as it must be.
    """
    data, input_shape, dtype = _input(input_shape, input_dtype, input_data)
    layer = _with_weights(layer_cls, kwargs)
    x = Input(batch_shape=input_shape, dtype=dtype) if fixed_batch_size else Input(shape=input_shape[1:], dtype=dtype)
    y = layer(x)
    wanted_dtype = expected_output_dtype or dtype
    assert K.dtype(y) == wanted_dtype, f"{layer!r} gives {K.dtype(y)}, expected {wanted_dtype}"
    declared = layer.get_output_shape_for(input_shape)
    first = layer.get_config() | {"batch_input_shape": input_shape, "input_dtype": dtype}
    with trusted_code(), custom_object_scope({type(layer).__name__: type(layer)}):  # the caller's own
        _check_model(Model(input=x, output=y), data, declared, expected_output)
        model = Sequential()
        model.add(type(layer).from_config(first))
        output = _check_model(model, data, declared, expected_output)
        assert model_from_json(model.to_json()).output_shape == model.output_shape
    return output


def _input(shape, dtype, data) -> tuple[np.ndarray, tuple, str]:
    if data is None:
        assert shape, "layer_test needs input_shape or input_data"
        sizes = [np.random.randint(1, 4) if size is None else size for size in shape]
        dtype = dtype or K.floatx()
        data = (10 * np.random.random(sizes)).astype(dtype)
    return data, tuple(shape or data.shape), dtype or np.asarray(data).dtype.name


def _with_weights(layer_cls: type, kwargs: dict):
    """A new layer; where it takes initial weights, made a second time with those of the first."""
    layer = layer_cls(**kwargs)
    weights = layer.get_weights()
    layer.set_weights(weights)
    takes_weights = "weights" in inspect.signature(layer_cls.__init__).parameters
    return layer_cls(**kwargs | {"weights": weights}) if takes_weights and weights else layer


def _check_model(model: Model, data: np.ndarray, declared: Sequence, expected) -> np.ndarray:
    """Shape and values of what the model predicts, its copy from its config, and a training step."""
    output = model.predict(data)
    assert len(output.shape) == len(declared), f"declared {declared}, got {output.shape}"
    for size, wanted in zip(output.shape, declared, strict=True):
        assert wanted in (None, size), f"declared {declared}, got {output.shape}"
    if expected is not None:
        np.testing.assert_allclose(output, expected, rtol=TOLERANCE)
    copy = type(model).from_config(model.get_config())
    copy.set_weights(model.get_weights())
    np.testing.assert_allclose(copy.predict(data), output, rtol=TOLERANCE)
    model.compile("rmsprop", "mse")
    model.train_on_batch(data, output)
    return output


def keras_test(func: Callable) -> Callable:
    """A decorator for tests: afterwards layer names count from 1 again, and the graph is cleared."""

    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        try:
            return func(*args, **kwargs)
        finally:
            K.clear_session()

    return wrapper


carry(__name__)
