"""Models of Keras 3 that few programs have: arrays in graphs, one layer in two models, one number a sample."""

import zipfile

import keras
import numpy as np
import pytest

from kerasnb.errors import ArgumentError, UnknownNameError, WeightsError
from kerasnb.models import load_model

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

L = keras.layers
ROWS = np.random.RandomState(0).uniform(-1, 1, (3, 4)).astype("float32")


def same_here(model, x, path):
    """The model as kerasnb reads it, which gives what Keras gives."""
    model.save(path)
    ours = load_model(path, compile=False)
    np.testing.assert_allclose(ours.predict(x), model(x), atol=2e-6)
    return ours


@pytest.mark.parametrize("kind", ["keras", "h5"])
def test_operations_may_be_given_arrays_and_what_variables_were(kind, backend, tmp_path):
    x, kernel = keras.Input((4,)), keras.Variable(ROWS.T, name="kernel")
    y = keras.ops.matmul(x * np.arange(4.0), kernel)
    model = keras.Model(x, keras.ops.take(y, np.array([2, 0]), axis=1))
    ours = same_here(model, ROWS, tmp_path / f"model.{kind}")
    ours.save(tmp_path / "back.keras")
    np.testing.assert_allclose(keras.saving.load_model(tmp_path / "back.keras")(ROWS), model(ROWS), atol=2e-6)


def test_operations_are_told_from_layers_in_hdf5_which_has_no_modules(backend, tmp_path):
    x = keras.Input((4,))
    parts = L.Multiply()([x * 2, keras.ops.softmax(x[:, ::-1])])
    same_here(keras.Model(x, keras.ops.mean(parts, axis=-1, keepdims=True)), ROWS, tmp_path / "model.h5")


def in_two_models(kind):
    tower = L.Dense(4, name="tower")
    if kind == "chains":
        one = keras.Sequential([keras.Input((4,)), tower])
        two = keras.Sequential([keras.Input((4,)), tower, L.Dense(4, name="other")])
    else:
        a, b = keras.Input((4,)), keras.Input((4,))
        one, two = keras.Model(a, tower(a)), keras.Model(b, L.Dense(4, name="other")(tower(b)))
    x = keras.Input((4,))
    return keras.Model(x, L.add([one(x), two(x)]))


@pytest.mark.parametrize("kind", ["chains", "graphs"])
def test_a_layer_in_two_models_is_one_layer_though_keras_makes_two_of_it(kind, backend, tmp_path):
    ours = same_here(in_two_models(kind), ROWS, tmp_path / "model.keras")
    assert ours.count_params() == 2 * 20
    with pytest.raises(ArgumentError, match='Dense "tower": Keras 3 has no files in which one layer stands in two mod'):
        ours.save(tmp_path / "back.keras")


@pytest.mark.parametrize("is_frozen", [False, True])
def test_spectral_normalization_in_hdf5_has_its_vector_where_keras_puts_it(is_frozen, backend, tmp_path):
    model = keras.Sequential([keras.Input((4,)), L.SpectralNormalization(L.Dense(3))])
    model.layers[0].vector_u.assign(np.full((1, 3), 0.5))
    model.layers[0].trainable = not is_frozen
    ours = same_here(model, ROWS, tmp_path / "model.h5")
    assert ours.layers[-1].get_weights()[1] == pytest.approx(np.full((1, 3), 0.5))


def test_an_input_of_one_number_a_sample_takes_a_row_of_them(backend, tmp_path):
    x = keras.Input(())
    model = keras.Model(x, L.Dense(2)(L.Reshape((1,))(x)))
    ours = same_here(model, ROWS[:, 0], tmp_path / "model.keras")
    ours.compile("sgd", "mse")
    before = ours.evaluate(ROWS[:, 0], ROWS[:, :2], verbose=0)
    ours.fit(ROWS[:, 0], ROWS[:, :2], nb_epoch=5, verbose=0)
    assert ours.evaluate(ROWS[:, 0], ROWS[:, :2], verbose=0) < before


class Both(L.Layer):
    def call(self, given):
        return given["a"] + given["b"]


class Dense(L.Layer):
    def call(self, x):
        return 2 * x


def test_what_is_not_there_is_named_whatever_it_was_called_on(tmp_path):
    x = keras.Input((4,))
    keras.Model(x, Both(name="both")({"a": x, "b": x})).save(tmp_path / "model.keras")
    with pytest.raises(UnknownNameError, match='Both "both": no layer class "Both"'):
        load_model(tmp_path / "model.keras")
    keras.Model(x, Dense(name="mine")(x)).save(tmp_path / "model.keras")
    with pytest.raises(UnknownNameError, match=rf'Dense "mine": the layer class "Dense" of {__name__} is none of ker'):
        load_model(tmp_path / "model.keras")


def test_a_layer_that_is_given_for_one_called_on_a_dict_is_refused_with_a_way_out(tmp_path):
    from kerasnb.layers import Layer

    class Ours(Layer):
        pass

    x = keras.Input((4,))
    keras.Model(x, Both(name="both")({"a": x, "b": x})).save(tmp_path / "model.keras")
    with pytest.raises(ArgumentError, match='layer "both" was called on a dict of tensors.*\n.*layer\\(\\[a, b\\]\\)'):
        load_model(tmp_path / "model.keras", custom_objects={"Both": Ours})


def test_what_lora_learned_is_not_read_from_hdf5_and_the_way_is_said(tmp_path):
    model = keras.Sequential([keras.Input((4,)), L.Dense(3, name="tuned")])
    model.layers[0].enable_lora(2)
    model.save(tmp_path / "model.h5")
    with (
        pytest.warns(UserWarning, match="lora_rank"),
        pytest.raises(WeightsError, match='Dense "tuned" was trained by'),
    ):
        load_model(tmp_path / "model.h5", compile=False)


def test_a_file_of_a_keras_after_the_last_known_one_is_read_as_that_and_it_is_said(tmp_path):
    model = keras.Sequential([keras.Input((4,)), L.Dense(3, activation="hard_sigmoid")])
    model.save(tmp_path / "model.keras")
    with zipfile.ZipFile(tmp_path / "model.keras") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["metadata.json"] = b'{"keras_version": "4.1.0"}'
    with zipfile.ZipFile(tmp_path / "later.keras", "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.warns(UserWarning, match="is of Keras 4.1.0; kerasnb knows those up to 3, and reads it as one of 3"):
        ours = load_model(tmp_path / "later.keras", compile=False)
    np.testing.assert_allclose(ours.predict(ROWS), model(ROWS), atol=2e-6)
