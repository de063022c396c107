"""Colours and values changed at random: by bounds that leave no choice as Keras 3 does, and else within them."""

import warnings

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import layers as L
from kerasnb.errors import ArgumentError, ShapeError

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import keras

IMAGES = np.random.RandomState(0).rand(3, 6, 5, 3).astype("float32")


def _fixed(k):
    """Layers whose two bounds are one."""
    return [
        k.RandomGrayscale(1.0),
        k.RandomGrayscale(0.0),
        *(k.RandomColorDegeneration((factor, factor), (0, 1)) for factor in (0.3, -0.3)),
        *(k.RandomSaturation((factor, factor), (0, 1)) for factor in (-0.3, 0.0, 0.2, 0.7, 1.0)),
        k.RandomHue((1.0, 1.0), (0, 1)),
        k.RandomColorJitter((0, 1), (0.1, 0.1), (-0.3, 0.3), (0.6, 0.6), (1.0, 1.0)),
        k.RandomInvert((1.0, 1.0), (0, 1)),
        k.RandomPosterization((3, 3), (0, 1)),
        k.RandomSharpness((0.9, 0.9), (0, 1)),
        k.Solarization(value_range=(0, 1)),
        k.RandomErasing((1.0, 1.0), (1.0, 1.0), (0.1, 0.2, 0.3), (0, 1)),
    ]


def _values(layers, images, phase=1):
    x = L.Input(images.shape[1:])
    return K.function([x, K.learning_phase()], [layer(x) for layer in layers])([images, phase])


def test_fixed_changes_are_those_of_keras_3(backend):
    for value, theirs in zip(_values(_fixed(L), IMAGES), _fixed(keras.layers), strict=True):
        np.testing.assert_allclose(value, theirs(IMAGES, training=True), atol=1e-5, err_msg=theirs.name)


def test_nothing_is_changed_in_prediction(backend):
    for value in _values(_fixed(L)[::3], IMAGES, 0):
        np.testing.assert_array_equal(value, IMAGES)


def test_features_first_are_the_same_images_turned(backend):
    layers = [_fixed(L)[place] for place in (2, 7, 11, 13)]
    turned = [type(one).from_config(one.get_config() | {"data_format": "channels_first"}) for one in layers]
    firsts = _values(turned, IMAGES.transpose(0, 3, 1, 2))
    for first, last in zip(firsts, _values(layers, IMAGES), strict=True):
        np.testing.assert_allclose(first.transpose(0, 2, 3, 1), last, atol=1e-6)


def test_every_image_is_changed_in_its_own_way(backend):
    many = np.tile(IMAGES[:1], (200, 1, 1, 1))
    layers = [
        L.RandomGrayscale(0.3, seed=1),
        L.RandomInvert((0.5, 0.5), (0, 1), seed=1),
        L.RandomHue(0.5, (0, 1), seed=1),
        L.RandomPosterization((1, 4), (0, 1), seed=1),
        L.RandomErasing((0.5, 0.5), (0.25, 0.25), 0.0, (0, 1), seed=1),
    ]
    gray, inverted, hues, coarse, erased = _values(layers, many)
    shares = [(one != many).any((1, 2, 3)).mean() for one in (gray, inverted, erased)]
    np.testing.assert_allclose(shares, [0.3, 0.5, 0.5], atol=0.12)
    assert len({one.tobytes() for one in hues}) > 190
    counts = [len(np.unique(IMAGES[0] * 255 // 2**bits)) for bits in (7, 6, 5)]
    assert sorted({len(np.unique(one)) for one in coarse}) == counts
    # a quarter of the square: half of the 6 rows, 2 or 3 of the 5 columns
    assert {int((one == 0).all(-1).sum()) for one in erased} == {0, 6, 9}


def test_solarization_turns_what_is_above_the_threshold(backend):
    made = _values([L.Solarization((0.2, 0.2), (0.5, 0.5), (0, 1))], IMAGES)[0]
    lighter = np.minimum(IMAGES + 0.2, 1)
    np.testing.assert_allclose(made, np.where(lighter < 0.5, lighter, 1 - lighter), atol=1e-6)


def test_images_are_slanted_to_either_side(backend):
    made = _values([L.RandomShear((0.5, 0.5), fill_mode="nearest", seed=1)], np.tile(IMAGES[:1], (32, 1, 1, 1)))[0]
    matrices = np.array([[1, side / 2, 0, 0, 1, 0, 0, 0] for side in (-1, 1)], "float32")
    both = np.asarray(keras.ops.image.affine_transform(IMAGES[[0, 0]], matrices, fill_mode="nearest"))
    are = [[bool(np.allclose(one, side, atol=1e-5)) for side in both] for one in made]
    assert sorted(map(tuple, np.unique(are, axis=0).tolist())) == [(False, True), (True, False)]


@pytest.mark.parametrize(
    "make, error, words",
    [
        (lambda: L.RandomHue((-0.1, 0.2)), ArgumentError, "factor must be from 0 to 1"),
        (lambda: L.RandomPosterization(0.5), ArgumentError, "whole numbers of bits"),
        (lambda: L.RandomGrayscale()(L.Input((4, 4, 1))), ShapeError, "images of 3 features"),
    ],
)
def test_mistakes_are_named(make, error, words):
    with pytest.raises(error, match=words):
        make()
