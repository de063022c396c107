"""Weights of nested models in files: freezing moves none, names tell them apart, and a vain load says so."""

import h5py
import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import layers as L
from kerasnb.models import Model, Sequential

from .later.made_by_hand import write_model

RANDOM = np.random.RandomState(0)


def nest(frozen=()):
    """A model whose inner layers have kernels of one shape, statistics between them, and a model inside again."""
    innermost = Sequential([L.Dense(4, input_shape=(4,)), L.Dense(4)])
    inner = Sequential([L.Dense(4, input_shape=(4,)), L.BatchNormalization(), innermost, L.Dense(4)])
    for place in frozen:
        [inner.layers[0], innermost.layers[0], inner.layers[1], innermost][place].trainable = False
    return Sequential([inner, L.Dense(4)])


def filled(model):
    model.set_weights([RANDOM.rand(*weight.shape) for weight in model.get_weights()])
    return model


def same(one, other):
    for mine, its in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, its)


class Holder(L.Layer):
    """A layer of the user's that holds others."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.parts = [L.Dense(4), L.BatchNormalization(), L.Dense(4)]

    def call(self, x, mask=None):
        for part in self.parts:
            x = part(x)
        return x


def test_what_a_layer_of_the_users_holds_keeps_its_place_too(tmp_path):
    def build(place):
        holder = Holder(input_shape=(4,))
        model = Sequential([Sequential([holder, L.Dense(4)])])
        holder.parts[place].trainable = False
        return model

    model, other = filled(build(0)), build(2)
    model.save_weights(tmp_path / "w.h5")
    other.load_weights(tmp_path / "w.h5")
    same(model, other)


@pytest.mark.parametrize("then, now", [([0], []), ([], [0]), ([1], [0]), ([2], [3]), ([3, 0], [1])])
def test_what_was_frozen_when_a_file_was_written_does_not_matter(then, now, tmp_path):
    model, other = filled(nest(then)), nest(now)
    model.save_weights(tmp_path / "w.h5")
    other.load_weights(tmp_path / "w.h5")
    same(model, other)
    model.save_weights(tmp_path / "later.h5", later=True)
    other = nest(now)
    other.load_weights(tmp_path / "later.h5")
    same(model, other)


def write_as_keras_1_2(path, model):
    """As Keras 1.2.2 (and kerasnb once) wrote: what is trained at the time first."""
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [layer.name.encode() for layer in model.layers]
        for layer in model.layers:
            group = file.create_group(layer.name)
            group.attrs["weight_names"] = [f"{weight.name}:0".encode() for weight in layer.weights]
            for weight in layer.weights:
                group[f"{weight.name}:0"] = K.get_value(weight)


@pytest.mark.parametrize("then, now", [([0], []), ([1, 2], []), ([0], [3])])
def test_old_files_of_frozen_models_are_read_by_their_names(then, now, tmp_path):
    model = filled(nest(then))
    write_as_keras_1_2(tmp_path / "w.h5", model)
    other = nest(now)  # built by the same program again: the same names but for their numbers
    other.load_weights(tmp_path / "w.h5")
    same(model, other)


def test_files_of_later_keras_with_frozen_layers_are_read_by_their_names(tmp_path):
    arrays = {name: RANDOM.rand(2, 2) for name in ("dense/kernel:0", "dense_1/kernel:0", "time_distributed/kernel:0")}
    order = ["dense_1/kernel:0", "time_distributed/kernel:0", "dense/kernel:0"]  # `dense` was frozen
    write_model(tmp_path / "m.h5", {}, {"inner": {name: arrays[name] for name in order}}, version="2.21.0")
    inner = Sequential(
        [L.Dense(2, bias=False, input_shape=(3, 2)), L.Dense(2, bias=False), L.TimeDistributed(L.Dense(2, bias=False))]
    )
    Sequential([inner]).load_weights(tmp_path / "m.h5")
    for mine, its in zip(inner.get_weights(), arrays.values(), strict=True):
        np.testing.assert_allclose(mine, its, rtol=1e-6)


def test_layers_that_a_file_lists_in_another_order_go_by_their_names(tmp_path):
    def build(first, second):
        x = L.Input((3,))
        both = {name: L.Dense(3, name=name)(x) for name in ("one", "two")}
        return filled(Model(x, L.merge([both[first], both[second]], mode="concat")))

    model, other = build("one", "two"), build("two", "one")
    model.save_weights(tmp_path / "w.h5")
    other.load_weights(tmp_path / "w.h5")
    np.testing.assert_array_equal(other.get_layer("one").get_weights()[0], model.get_layer("one").get_weights()[0])


def test_a_load_by_name_that_fits_nothing_says_so(tmp_path):
    def build():
        return Sequential([L.Dense(3, input_dim=2), L.Dense(1)])

    build().save_weights(tmp_path / "w.h5")
    with pytest.warns(UserWarning, match=r"loaded nothing into model.*dense_\d+, dense_\d+.*by_name=False") as caught:
        build().load_weights(tmp_path / "w.h5", by_name=True)
    assert caught[0].filename == __file__
