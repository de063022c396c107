"""Images before, and names after, a model trained on ImageNet."""

import json

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.applications import imagenet_utils, inception_v3, resnet50, vgg16, xception
from kerasnb.errors import ShapeError
from tests.file_server import serving

MEANS = [103.939, 116.779, 123.68]


def test_images_become_bgr_without_their_mean():
    images = np.random.uniform(0, 255, (2, 4, 3, 3))
    before = images.copy()
    np.testing.assert_allclose(vgg16.preprocess_input(images), images[..., ::-1] - MEANS)
    np.testing.assert_array_equal(images, before)
    assert resnet50.preprocess_input is vgg16.preprocess_input is imagenet_utils.preprocess_input


def test_features_are_found_in_either_ordering():
    images = np.random.uniform(0, 255, (2, 3, 4, 3)).astype("float32")
    expected = images[:, ::-1] - np.reshape(np.array(MEANS, "float32"), (3, 1, 1))
    for spelt in ({"dim_ordering": "th"}, {"data_format": "channels_first"}):
        np.testing.assert_allclose(imagenet_utils.preprocess_input(images, **spelt), expected, rtol=1e-5)
    K.set_image_dim_ordering("th")
    np.testing.assert_allclose(imagenet_utils.preprocess_input(images), expected, rtol=1e-5)
    np.testing.assert_allclose(imagenet_utils.preprocess_input(images[0]), expected[0], rtol=1e-5)


def test_whole_numbers_become_floats():
    black = np.zeros((1, 2, 2, 3), "uint8")
    assert imagenet_utils.preprocess_input(black).dtype == "float32"
    np.testing.assert_allclose(imagenet_utils.preprocess_input(black)[0, 0, 0], -np.array(MEANS), rtol=1e-6)


@pytest.mark.parametrize("shape", [(4, 4), (1, 3, 8, 8), (8, 8, 1)])
def test_what_is_no_image_is_refused(shape):
    with pytest.raises(ShapeError, match=r"needs images \(batch, rows, cols, 3\)"):
        imagenet_utils.preprocess_input(np.zeros(shape))


@pytest.mark.parametrize("module", [inception_v3, xception])
def test_inception_and_xception_want_values_from_minus_one_to_one(module):
    values = np.array([0.0, 127.5, 255.0])
    np.testing.assert_allclose(module.preprocess_input(values), [-1, 0, 1])
    assert values.tolist() == [0, 127.5, 255]
    np.testing.assert_allclose(module.preprocess_input(np.array([255])), [1])


@pytest.fixture
def names(tmp_path, monkeypatch):
    monkeypatch.setenv("KERASNB_HOME", str(tmp_path / "ours"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(imagenet_utils, "CLASS_INDEX", None)
    with serving() as server:
        index = {str(number): [f"n{number:08}", f"thing_{number}"] for number in range(1000)}
        monkeypatch.setattr(imagenet_utils, "CLASS_INDEX_PATH", server.put("index.json", json.dumps(index).encode()))
        yield server


def test_predictions_get_names_likeliest_first(names):
    predictions = np.zeros((2, 1000))
    predictions[0, [5, 7]] = 0.2, 0.8
    predictions[1, 999] = 1
    first, second = imagenet_utils.decode_predictions(predictions, top=2)
    assert first == [("n00000007", "thing_7", 0.8), ("n00000005", "thing_5", 0.2)]
    assert second[0] == ("n00000999", "thing_999", 1)
    assert [len(row) for row in imagenet_utils.decode_predictions(predictions)] == [5, 5]
    assert names.asked == ["index.json"]


@pytest.mark.parametrize("shape", [(1000,), (1, 999), (1, 2, 1000)])
def test_other_predictions_are_refused(shape):
    with pytest.raises(ShapeError, match=r"needs predictions \(batch, 1000\)"):
        imagenet_utils.decode_predictions(np.zeros(shape))
