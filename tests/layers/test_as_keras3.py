"""Layers that Keras 3 writes in the same way: its configs, values and gradients, from the rows of samples.py."""

import functools
import inspect
import warnings

import numpy as np
import pytest

from kerasnb.engine.files.configs import layer_from_config
from kerasnb.engine.files.later.export import to_later
from kerasnb.engine.files.later.weights import kernels
from kerasnb.utils.np_utils import convert_kernel

from .samples import SAMPLES
from .together import computed, family_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import keras
    import tensorflow as tf

pytestmark = pytest.mark.xdist_group("layers")  # in the process that has computed the samples
ROWS = [sample for sample in SAMPLES if sample.keras3]
each_row = pytest.mark.parametrize("sample", ROWS, ids=lambda sample: sample.id)


def _theirs(sample, arrays):
    layer = sample.keras3(keras.layers)
    _on(sample, layer, arrays)  # makes its weights
    return layer


def _on(sample, layer, inputs):
    """The result of Keras 3's layer, which takes some tensors one by one where others take a list."""
    is_told = "training" in inspect.signature(layer.call).parameters  # layers of images train unless told otherwise
    layer = functools.partial(layer, training=False) if is_told else layer
    is_apart = isinstance(
        getattr(layer, "func", layer), keras.layers.MultiHeadAttention | keras.layers.GroupQueryAttention
    )
    return layer(*inputs, **sample.arguments) if is_apart else sample.on(layer, inputs)


@each_row
def test_configs_of_keras_3_make_the_same_layer(sample):
    theirs = sample.keras3(keras.layers)
    written = keras.saving.serialize_keras_object(theirs)
    ours = layer_from_config({"class_name": written["class_name"], "config": written["config"]})
    wanted = sample.make()
    assert type(ours) is type(wanted)
    assert _without_names(ours.get_config()) == _without_names(wanted.get_config())


def _without_names(value):
    """A config without names of layers and without None; an initializer that was written out is as good as its name."""
    if isinstance(value, dict):
        kept = {key: one for key, one in value.items() if key != "name" and one is not None}
        return {key: _name(one) if key.endswith("initializer") else _without_names(one) for key, one in kept.items()}
    return [_without_names(one) for one in value] if isinstance(value, list | tuple) else value


def _name(initializer):
    name = initializer["class_name"] if isinstance(initializer, dict) else initializer
    return name.lower().replace("_", "").removesuffix("initializer")


@each_row
def test_values_and_gradients_are_those_of_keras_3(sample):
    result = computed(family_of(sample))[sample.id]
    inputs = [tf.convert_to_tensor(one) for one in result.arrays]
    theirs = _theirs(sample, inputs)
    theirs.set_weights(_first_weights(result))
    if hasattr(theirs, "finalize_state"):  # it has made constants of its weights
        theirs.finalize_state()
    with tf.GradientTape() as tape:
        watched = [one for one in inputs if one.dtype.is_floating]
        tape.watch(watched)
        output = _on(sample, theirs, inputs)
        factor = np.cos(np.arange(np.prod(output.shape[1:]))).reshape(output.shape[1:])
        loss = tf.reduce_sum(tf.cast(output, "float32") * factor.astype("float32"))
    sources = [*[one.value for one in theirs.trainable_weights], *watched]
    gradients = tape.gradient(loss, sources, unconnected_gradients="zero")
    for backend in ("tensorflow", "theano"):
        (value,) = result.values[backend]
        np.testing.assert_allclose(value, output, atol=1e-5, rtol=1e-5, err_msg=backend)
        turned = kernels(result.layer) if backend == "theano" else {}
        for source, mine, other in zip(result.sources, result.gradients[backend], gradients, strict=True):
            mine = convert_kernel(mine, turned[source]) if source in turned else mine
            np.testing.assert_allclose(mine, other, atol=1e-4, rtol=1e-4, err_msg=f"{backend}: {source.name}")


def _first_weights(result):
    """What the layer had when it was computed, in Keras 3's order and layout."""
    result.layer.set_weights(result.weights)
    return to_later(result.layer)
