"""Images changed at random: by bounds that leave no choice as Keras 3 does, and else within them."""

import warnings

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import layers as L
from kerasnb.errors import ArgumentError

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import keras

IMAGES = np.random.RandomState(0).rand(2, 4, 5, 2).astype("float32")


def _fixed(k):
    """Layers whose two bounds are one."""
    return [
        k.RandomRotation((0.1, 0.1)),
        k.RandomTranslation((0.4, 0.4), (-0.3, -0.3), fill_mode="constant", fill_value=0.5),
        k.RandomZoom((0.6, 0.6), (-0.2, -0.2), fill_mode="wrap", interpolation="nearest"),
        k.RandomContrast((-0.3, 0.3), (0, 1)),
        k.RandomBrightness((0.3, 0.3), (0, 1)),
    ]


def test_fixed_changes_are_those_of_keras_3(backend):
    x = L.Input(IMAGES.shape[1:])
    made = [layer(x) for layer in _fixed(L)]
    values = K.function([x, K.learning_phase()], made)([IMAGES, 1])
    for value, theirs in zip(values, _fixed(keras.layers), strict=True):
        np.testing.assert_allclose(value, theirs(IMAGES, training=True), atol=1e-5, err_msg=theirs.name)


def test_every_image_is_changed_in_its_own_way_while_training_only(backend):
    x = L.Input((3, 4, 1))
    made = [L.RandomFlip("horizontal", seed=1)(x), L.RandomTranslation(0.0, 0.5, "constant", seed=1)(x)]
    run = K.function([x, K.learning_phase()], [*made, L.RandomCrop(2, 2, seed=1)(x)])
    images = np.tile(np.arange(4.0, dtype="float32"), (32, 3, 1))[..., None]
    flipped, shifted, cropped = run([images, 1])
    is_turned = (flipped == images[:, :, ::-1]).all((1, 2, 3))
    assert ((flipped == images).all((1, 2, 3)) ^ is_turned).all() and 4 < is_turned.sum() < 28
    assert len({one.tobytes() for one in shifted}) > 16
    assert cropped.shape == (32, 2, 2, 1) and set(np.diff(cropped[..., 0], axis=2).ravel()) == {1}
    np.testing.assert_array_equal(run([images, 0])[0], images)


def test_features_first_are_the_same_images_turned(backend):
    x, y = L.Input((4, 5, 2)), L.Input((2, 4, 5))
    outputs = [L.RandomZoom((0.3, 0.3))(x), L.RandomZoom((0.3, 0.3), data_format="channels_first")(y)]
    last, first = K.function([x, y, K.learning_phase()], outputs)([IMAGES, IMAGES.transpose(0, 3, 1, 2), 1])
    np.testing.assert_allclose(first, last.transpose(0, 3, 1, 2), atol=1e-6)


@pytest.mark.parametrize(
    "make, words",
    [
        (lambda: L.RandomFlip("sideways"), "no mode"),
        (lambda: L.RandomRotation(2), "factor must be a number, or two"),
        (lambda: L.RandomZoom((0.1, 0.2, 0.3)), "height_factor must be"),
        (lambda: L.RandomTranslation(0.1, 0.1, fill_mode="mirror"), "no fill_mode"),
        (lambda: L.RandomContrast(0.1, value_range=255), "value_range must be two numbers"),
        (lambda: L.RandomFlip(bounding_box_format="xyxy"), "no bounding boxes"),
    ],
)
def test_mistakes_are_named(make, words):
    with pytest.raises(ArgumentError, match=words):
        make()
