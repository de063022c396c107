"""Rescaling: whole numbers, features first, and configurations of Keras 3."""

import numpy as np

from kerasnb import backend as K
from kerasnb.layers import Input, Rescaling
from kerasnb.models import Model


def test_whole_numbers_become_floats(backend):
    x = Input((3,), dtype="uint8")
    model = Model(x, Rescaling(1 / 255, offset=1)(x))
    np.testing.assert_allclose(model.predict(np.array([[0, 51, 255]], "uint8")), [[1, 1.2, 2]], rtol=1e-6)


def test_one_scale_for_each_feature_meets_features_that_come_first(backend):
    K.set_image_dim_ordering("th")
    x = Input((2, 3, 1))
    result = Model(x, Rescaling([1, 10], [0, 5])(x)).predict(np.ones((1, 2, 3, 1)))
    assert result[0, :, :, 0].tolist() == [[1, 1, 1], [15, 15, 15]]


def test_arrays_in_configurations_of_keras_3_are_read():
    array = {"class_name": "__numpy__", "config": {"value": [1.0, 2.0], "dtype": "float64"}}
    layer = Rescaling.from_config({"name": "rescaling", "scale": array, "offset": 0.0})
    assert layer.get_config()["scale"] == [1.0, 2.0]
    assert Rescaling(np.array([1, 2])).get_config()["scale"] == [1.0, 2.0]
