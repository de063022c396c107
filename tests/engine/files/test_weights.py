"""Weights in files: by order and by name, of old files too, and nothing changed when they do not fit."""

import h5py
import numpy as np
import pytest

from kerasnb import layers as L
from kerasnb.engine import topology
from kerasnb.errors import ArgumentError, FileError, WeightsError
from kerasnb.models import Model, Sequential

RANDOM = np.random.RandomState(0)


def stack(*layers):
    return Sequential(list(layers))


def rick_and_morty(first=3, last=2):
    return stack(L.Dense(first, input_shape=(4,), name="rick"), L.Dense(last, name="morty"))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "w.h5"


def write(path, layers, **attributes):
    """A file of weights: {layer: {weight: array}}."""
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [name.encode() for name in layers]
        file.attrs.update(attributes)
        for name, weights in layers.items():
            group = file.create_group(name)
            group.attrs["weight_names"] = [one.encode() for one in weights]
            for one, value in weights.items():
                group[one] = value


def test_weights_go_out_and_in(backend, path):
    model, other = rick_and_morty(), rick_and_morty()
    model.save_weights(path)
    other.load_weights(path)
    for mine, its in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, its)


def test_the_file_of_a_whole_model_serves_as_well(path):
    model, other = rick_and_morty(), rick_and_morty()
    model.save(path)
    other.load_weights(path)
    other.load_weights(str(path), by_name=True)
    np.testing.assert_array_equal(model.get_weights()[0], other.get_weights()[0])


def test_layers_without_weights_do_not_count(path):
    model = rick_and_morty()
    model.save_weights(path)
    other = stack(L.Dense(3, input_shape=(4,)), L.Activation("relu"), L.Dropout(0.5), L.Dense(2))
    other.load_weights(path)
    np.testing.assert_array_equal(model.get_weights()[2], other.get_weights()[2])


def test_by_name_takes_what_has_the_same_name(path):
    model = rick_and_morty()
    model.save_weights(path)
    x = L.Input((4,))
    other = Model(x, L.Dense(2, name="morty")(L.Dense(3, name="jerry")(L.Dense(3, name="rick")(x))))
    before = other.get_layer("jerry").get_weights()
    other.load_weights(path, by_name=True)
    np.testing.assert_array_equal(other.get_layer("rick").get_weights()[0], model.get_weights()[0])
    np.testing.assert_array_equal(other.get_layer("morty").get_weights()[0], model.get_weights()[2])
    np.testing.assert_array_equal(other.get_layer("jerry").get_weights()[0], before[0])


MISFITS = {
    "another shape": (
        lambda: rick_and_morty(last=5),
        r'Dense "morty" needs "morty_W" of shape \(3, 5\), file ".*w.h5" '
        r'has "/morty/morty_W:0" of shape \(3, 2\)',
    ),
    "another count": (
        lambda: stack(L.Dense(3, input_shape=(4,), name="rick"), L.Dense(2, bias=False, name="morty")),
        r'Dense "morty" needs 1 arrays \[\(3, 2\)\], file ".*w.h5" has 2 \[\(3, 2\), \(2,\)\]',
    ),
}


@pytest.mark.parametrize("by_name", [False, True])
@pytest.mark.parametrize("name", MISFITS)
def test_a_layer_that_does_not_fit_leaves_the_whole_model_unchanged(name, by_name, path):
    make, message = MISFITS[name]
    rick_and_morty().save_weights(path)
    model = make()
    before = model.get_weights()
    with pytest.raises(WeightsError, match=message):
        model.load_weights(path, by_name=by_name)
    for one, other in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_another_number_of_layers_is_refused_with_their_names(path):
    rick_and_morty().save_weights(path)
    model = stack(L.Dense(3, input_shape=(4,), name="rick"))
    with pytest.raises(WeightsError, match=r"has 1 layers with weights \(rick\), the file has 2 \(rick, morty\)"):
        model.load_weights(path)
    model.load_weights(path, by_name=True)


@pytest.mark.parametrize("damage", ["group", "weight", "list", "text", "outside", "elsewhere"])
def test_damaged_files_are_refused_by_name(damage, path, tmp_path):
    model = rick_and_morty()
    model.save_weights(path)
    before = model.get_weights()
    with h5py.File(tmp_path / "other.h5", "w") as other:
        other["b"] = before[3]
    with h5py.File(path, "a") as file:
        if damage == "list":
            del file["morty"].attrs["weight_names"]
        else:
            del file["morty" if damage == "group" else "morty/morty_b:0"]
        if damage == "text":
            file["morty/morty_b:0"] = [b"a", b"b"]
        if damage == "outside":
            file["morty"].create_dataset("morty_b:0", (2,), "float32", external=[(str(path) + ".raw", 0, 8)])
        if damage == "elsewhere":
            file["morty/morty_b:0"] = h5py.ExternalLink(str(tmp_path / "other.h5"), "b")
    with pytest.raises(FileError, match=r"w\.h5.*morty"):
        model.load_weights(path)
    np.testing.assert_array_equal(model.get_weights()[0], before[0])


def test_freezing_since_does_not_mix_the_weights_of_a_nested_model(path):
    def outer():
        x, y = L.Input((3,)), L.Input((3,))
        inner = Model(x, L.Dense(3, name="b")(L.Dense(3, name="a")(x)), name="inner")
        return Model(y, inner(y))

    model, frozen = outer(), outer()
    model.save_weights(path)
    frozen.get_layer("inner").get_layer("a").trainable = False
    frozen.load_weights(path)
    for mine, its in zip(model.get_weights(), frozen.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, its)


def test_weights_without_names_of_their_own_are_numbered(path):
    class Twins(L.Layer):
        def build(self, input_shape):
            self.trainable_weights = [self.add_weight((2,), "one", name="same"), self.add_weight((2,), "zero", "same")]

        def call(self, x, mask=None):
            return x * self.trainable_weights[0] + self.trainable_weights[1]

    model = stack(Twins(input_shape=(2,), name="t"))
    model.set_weights([np.array([1, 2]), np.array([3, 4])])
    model.save_weights(path)
    with h5py.File(path) as file:
        assert list(file["t"].attrs["weight_names"]) == [b"same:0", b"param_1"]
    other = stack(Twins(input_shape=(2,), name="t"))
    other.load_weights(path)
    assert [weight.tolist() for weight in other.get_weights()] == [[1, 2], [3, 4]]


# ---- old files


def test_a_file_from_before_keras_1_is_read_in_order(path):
    model = stack(L.Dense(2, input_shape=(3,)), L.Activation("relu"), L.Dense(1))
    arrays = [RANDOM.rand(*weight.shape) for weight in model.get_weights()]
    with h5py.File(path, "w") as file:
        file.attrs["nb_layers"] = 3
        for number, own in enumerate((arrays[:2], [], arrays[2:])):
            group = file.create_group(f"layer_{number}")
            group.attrs["nb_params"] = len(own)
            for place, array in enumerate(own):
                group[f"param_{place}"] = array
    model.load_weights(path)
    np.testing.assert_allclose(model.get_weights()[2], arrays[2], rtol=1e-6)
    with pytest.raises(FileError, match="older than Keras 1.0"):
        model.load_weights(path, by_name=True)


def test_kernels_of_1d_convolutions_are_turned_upright(path):
    model = stack(L.Convolution1D(5, 3, input_shape=(8, 2), name="c"))
    old = RANDOM.rand(5, 2, 3, 1).astype("float32")
    write(path, {"c": {"c_W": old, "c_b": np.arange(5.0)}})
    model.load_weights(path)
    np.testing.assert_array_equal(model.get_weights()[0], old.transpose(2, 3, 1, 0))


def test_names_may_be_text_or_bytes(path):
    model = rick_and_morty()
    write(
        path,
        {
            "rick": dict(zip("ab", model.get_weights()[:2], strict=True)),
            "morty": dict(zip("ab", model.get_weights()[2:], strict=True)),
        },
    )
    with h5py.File(path, "a") as file:
        file.attrs["layer_names"] = ["rick", "morty"]
        file["rick"].attrs["weight_names"] = np.array(["a", "b"], dtype=h5py.string_dtype())
    other = rick_and_morty()
    other.load_weights(path)
    np.testing.assert_array_equal(other.get_weights()[0], model.get_weights()[0])


def test_float64_weights_keep_their_precision(path):
    from kerasnb import backend as K

    K.set_floatx("float64")
    model, other = rick_and_morty(), rick_and_morty()
    model.save_weights(path)
    other.load_weights(path)
    assert other.get_weights()[0].dtype == "float64"
    np.testing.assert_array_equal(other.get_weights()[0], model.get_weights()[0])


@pytest.mark.parametrize("by_name", [False, True], ids=["in order", "by name"])
def test_functions_of_keras_2_take_a_group_and_layers(by_name, path, backend):
    model, other = rick_and_morty(), rick_and_morty()
    load = topology.load_weights_from_hdf5_group_by_name if by_name else topology.load_weights_from_hdf5_group
    with h5py.File(path, "w") as file:
        topology.save_weights_to_hdf5_group(file, model.layers)
        load(file, other.layers)
    np.testing.assert_array_equal(model.get_weights()[2], other.get_weights()[2])


def test_layers_that_do_not_fit_are_left_where_that_is_asked_for(path):
    model, other = rick_and_morty(last=2), rick_and_morty(last=5)
    before = other.get_weights()
    model.save_weights(path)
    with h5py.File(path) as file:
        with pytest.raises(WeightsError, match="morty"):
            topology.load_weights_from_hdf5_group_by_name(file, other.layers)
        np.testing.assert_array_equal(other.get_weights()[0], before[0])
        with pytest.warns(UserWarning, match="left as it is.*morty"):
            topology.load_weights_from_hdf5_group_by_name(file, other.layers, skip_mismatch=True)
    np.testing.assert_array_equal(other.get_weights()[0], model.get_weights()[0])
    np.testing.assert_array_equal(other.get_weights()[2], before[2])


def test_a_model_leaves_layers_that_do_not_fit_where_that_is_asked_for(path):
    rick_and_morty().save_weights(path)
    other = rick_and_morty(first=3, last=5)
    before = other.layers[1].get_weights()
    with pytest.warns(UserWarning, match="left as it is: .*morty"):
        other.load_weights(path, by_name=True, skip_mismatch=True)
    np.testing.assert_array_equal(other.layers[1].get_weights()[0], before[0])
    with pytest.raises(ArgumentError, match="skip_mismatch goes by names"):
        other.load_weights(path, skip_mismatch=True)
