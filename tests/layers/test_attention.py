"""Attention: masks, what a call is given by name, what files say of it; values without masks are in test_contract."""

import functools
import warnings

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import layers as L
from kerasnb.errors import ArgumentError, ShapeError
from kerasnb.models import Model, model_from_json

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import keras

random = np.random.RandomState(0)
WORDS, OTHERS = np.array([[1, 2, 0], [3, 0, 0]]), np.array([[1, 0, 2, 2], [2, 2, 2, 0]])
PLACES = random.randint(0, 2, (2, 3, 4)).astype("bool")
PLACES[:, :, 1] = True


def _rows(k):
    """Models with masked words, whose attention is asked for its shares too."""
    words, others, places = k.Input((3,), dtype="int32"), k.Input((4,), dtype="int32"), k.Input((3, 4), dtype="bool")
    # called anew for each use: Keras 3's heads take the masks of what they are given away
    first, second = k.Embedding(4, 3, mask_zero=True, name="x"), k.Embedding(3, 3, mask_zero=True, name="y")
    heads = k.MultiHeadAttention(2, 2, value_dim=3, name="heads")
    x, y = (lambda: first(words)), (lambda: second(others))
    twice = x()
    outputs = [
        *heads(x(), y(), return_attention_scores=True),
        heads(x(), y(), attention_mask=places),
        heads(twice, twice, use_causal_mask=True),
        heads(x(), y(), y(), attention_mask=places, use_causal_mask=True),
        *k.Attention(use_scale=True, name="scaled")([x(), y()], return_attention_scores=True),
        k.Attention()([x(), y(), y()], use_causal_mask=True),
        k.AdditiveAttention(name="added")([x(), y()]),
        k.GroupQueryAttention(2, 2, 1, name="grouped")(x(), y(), attention_mask=places),
        k.GlobalAveragePooling1D()(heads(x(), y())),  # which leaves out what the query's mask hides
    ]
    return [words, others, places], outputs


@functools.cache
def _theirs():
    with warnings.catch_warnings():  # its grouped heads warn of masks that their own dense layers do not take
        warnings.simplefilter("ignore")
        return _computed_by_keras()


def _computed_by_keras():
    inputs, outputs = _rows(keras.layers)
    model = keras.Model(inputs, outputs)
    model.set_weights([random.uniform(-1, 1, one.shape) for one in model.get_weights()])
    weights = {layer.name: layer.get_weights() for layer in model.layers if layer.weights}
    return weights, [np.asarray(one) for one in model([WORDS, OTHERS, PLACES])]


def test_masked_attention_is_that_of_keras_3(backend):
    inputs, outputs = _rows(L)
    weights, expected = _theirs()
    model = Model(inputs, outputs)
    for name, arrays in weights.items():
        model.get_layer(name).set_weights(arrays)
    for value, wanted in zip(K.function(inputs, outputs)([WORDS, OTHERS, PLACES]), expected, strict=True):
        np.testing.assert_allclose(value, wanted, atol=1e-5)


def test_the_mask_of_the_query_is_that_of_the_output():
    inputs, outputs = _rows(L)
    masks = [tensor._keras_history[0].inbound_nodes[0].output_masks for tensor in outputs[:1]]
    assert masks[0][0] is not None and masks[0][1] is None


def test_a_model_with_attention_is_made_again_from_json_with_its_calls():
    inputs, outputs = _rows(L)
    model = Model(inputs, outputs)
    again = model_from_json(model.to_json())
    calls = [[node.arguments for node in layer.inbound_nodes] for layer in again.layers if layer.name == "heads"]
    assert {"tensors": ["query", "value", "attention_mask"]} in calls[0]
    assert {"return_attention_scores": True} in calls[0]
    assert again.output_shape == model.output_shape


def test_a_constant_attention_mask_is_an_argument_of_the_call(backend):
    x = L.Input((3, 2))
    triangle = np.tril(np.ones((1, 3, 3)))
    layer = L.MultiHeadAttention(1, 2)
    outputs = [layer(x, x, attention_mask=triangle), layer(x, x, use_causal_mask=True)]
    one, other = K.function([x], outputs)([random.rand(2, 3, 2).astype("float32")])
    np.testing.assert_allclose(one, other, atol=1e-6)
    assert model_from_json(Model(x, outputs[0]).to_json()).output_shape == (None, 3, 2)


def test_dropout_of_shares_works_while_training_only(backend):
    x = L.Input((4, 2))
    output = L.MultiHeadAttention(1, 2, dropout=0.5)(x, x)
    run = K.function([x, K.learning_phase()], [output])
    ones = random.rand(2, 4, 2).astype("float32")
    assert (run([ones, 0])[0] == run([ones, 0])[0]).all() and (run([ones, 1])[0] != run([ones, 0])[0]).any()


@pytest.mark.parametrize(
    "make, error, words",
    [
        (lambda: L.MultiHeadAttention(2, 2)(L.Input((3, 2))), ArgumentError, "must be called on query and value"),
        (lambda: L.Attention()(L.Input((3, 2))), ArgumentError, "must be called on query and value"),
        (lambda: L.Attention()([L.Input((3, 2)), L.Input((3, 4))]), ShapeError, "with the same features"),
        (
            lambda: L.Attention()([L.Input((3, 2), name="asked"), L.Input((4,), name="told")]),
            ShapeError,
            r'got "asked" \(None, 3, 2\) and "told" \(None, 4\)',
        ),
        (
            lambda: L.AdditiveAttention()([L.Input((3, 2)), L.Input((4, 5), name="v"), L.Input((6, 2), name="k")]),
            ShapeError,
            r'as many values as keys, got "v" \(None, 4, 5\) and "k"',
        ),
        (lambda: L.MultiHeadAttention(0, 2), ArgumentError, "num_heads must be at least 1"),
        (lambda: L.GroupQueryAttention(2, 3, 2), ArgumentError, "multiple of num_key_value_heads"),
        (lambda: L.MultiHeadAttention(1, 2, flash_attention=True), ArgumentError, "flash_attention"),
        (
            lambda: L.MultiHeadAttention(1, 2)(L.Input((3, 2)), L.Input((4, 2)), L.Input((5, 2))),
            ShapeError,
            "as many values as keys",
        ),
        (lambda: L.EinsumDense("ab,bc", 3), ArgumentError, "equation must have the form"),
        (lambda: L.EinsumDense("abc,cd->abd", 3)(L.Input((2, 4))), ArgumentError, "output_shape must hold 2 sizes"),
        (lambda: L.EinsumDense("abc,cd->abd", (5, 3))(L.Input((2, 4))), ShapeError, "the axis 'b'"),
        (lambda: L.EinsumDense("ab,bc->ac", 3, bias_axes="b"), ArgumentError, "bias_axes must name axes"),
        (lambda: K.einsum("ab,bc->ad", K.zeros((2, 3)), K.zeros((3, 4))), ArgumentError, "the axis 'd'"),
        (lambda: K.einsum("ab,bc->ac", K.zeros((2, 3)), K.zeros((4, 4))), ShapeError, "has 3 and 4"),
        (lambda: K.einsum("aa->a", K.zeros((2, 2))), ArgumentError, "names an axis twice"),
    ],
)
def test_mistakes_are_named(make, error, words):
    with pytest.raises(error, match=words):
        make()


def test_masks_that_keras_3_wrote_beside_a_call_come_along_with_the_tensors():
    words = keras.Input((3,), dtype="int32")
    x = keras.layers.Embedding(4, 3, mask_zero=True)(words)
    x = keras.layers.MultiHeadAttention(2, 2)(x, x)
    theirs = keras.Model(words, keras.layers.GlobalAveragePooling1D()(x))
    model = model_from_json(theirs.to_json())
    model.set_weights(theirs.get_weights())
    assert not [node.arguments for layer in model.layers for node in layer.inbound_nodes if node.arguments]
    np.testing.assert_allclose(K.function(model.inputs, model.outputs)([WORDS])[0], theirs(WORDS), atol=1e-5)
