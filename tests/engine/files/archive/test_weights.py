"""`.weights.h5` of Keras 3 in models of our own, and what does not fit."""

import json
import shutil
import zipfile

import h5py
import numpy as np
import pytest

from kerasnb import layers as L
from kerasnb.errors import FileError, UnknownNameError, WeightsError
from kerasnb.models import Sequential, load_model, model_from_json
from kerasnb.report import describe_file

from .test_reading import outputs_of
from .written_files import Written, file

pytestmark = pytest.mark.parametrize("backend", ["tensorflow"], indirect=True)


def mlp(units=6):
    return Sequential(
        [
            L.Dense(units, input_shape=(4,), activation="tanh"),
            L.BatchNormalization(),
            L.Dense(5),
            L.LeakyReLU(0.3),
            L.Dense(3, activation="softmax"),
        ]
    )


def test_weights_of_keras_3_are_taken_by_class_and_order(backend, tmp_path):
    written = Written(file("mlp.keras_3_0.weights.h5"), tmp_path)
    model = mlp()
    model.load_weights(written.path)
    np.testing.assert_allclose(outputs_of(model, written)[0], written.listed("y")[0], atol=1e-5)


def test_weights_are_taken_out_of_a_whole_archive_too(backend, tmp_path):
    written = Written(file("mlp.keras_3_15.keras"), tmp_path)
    model = mlp()
    model.load_weights(written.path)
    np.testing.assert_allclose(outputs_of(model, written)[0], written.listed("y")[0], atol=1e-5)


@pytest.mark.parametrize(
    "name, whole",
    [
        ("nested.keras_3_15.weights.h5", "nested.keras_3_15.keras"),
        ("bidirectional.keras_3_15.weights.h5", "bidirectional.keras_3_15.keras"),
        ("cells.keras_3_5.weights.h5", "cells.keras_3_15.keras"),
    ],
)
def test_weights_of_models_in_models_wrappers_and_cells(name, whole, backend, tmp_path):
    written = Written(file(name), tmp_path)
    model = load_model(Written(file(whole), tmp_path).path, compile=False)
    model.set_weights([np.zeros_like(one) for one in model.get_weights()])
    model.load_weights(written.path)
    np.testing.assert_allclose(outputs_of(model, written)[0], written.listed("y")[0], atol=1e-5)


def test_weights_by_name_are_those_of_layers_that_keras_named_so(backend, tmp_path):
    path = Written(file("nested.keras_3_15.weights.h5"), tmp_path).path
    with h5py.File(path) as opened:
        name = opened["layers/dense/vars"].attrs["name"]
        kernel = opened["layers/dense/vars/0"][()]
    model = Sequential([L.Dense(2, input_shape=(2,), name=name), L.Dense(7)])
    before = model.layers[1].get_weights()[0]
    model.load_weights(path, by_name=True)
    assert (model.layers[0].get_weights()[0] == kernel).all()
    assert (model.layers[1].get_weights()[0] == before).all()


def test_weights_of_another_shape_change_nothing(backend, tmp_path):
    path = Written(file("mlp.keras_3_0.weights.h5"), tmp_path).path
    model = mlp(units=7)
    before = model.get_weights()
    with pytest.raises(WeightsError, match=r'Dense "dense_\d+" has weights .*\(4, 7\).*\(4, 6\).*layers/dense/vars'):
        model.load_weights(path)
    assert all((one == other).all() for one, other in zip(before, model.get_weights(), strict=True))


def test_weights_of_more_layers_are_refused(backend, tmp_path):
    path = Written(file("mlp.keras_3_0.weights.h5"), tmp_path).path
    model = Sequential([L.Dense(6, input_shape=(4,)), L.BatchNormalization(), L.Dense(5)])
    with pytest.raises(WeightsError, match=r"also holds layers/dense_2/vars.*has no layer"):
        model.load_weights(path)


def changed(source, target, change):
    """The archive with its config changed."""
    with zipfile.ZipFile(source) as read, zipfile.ZipFile(target, "w") as made:
        for name in read.namelist():
            data = read.read(name)
            if name == "config.json":
                config = json.loads(data)
                change(config)
                data = json.dumps(config).encode()
            made.writestr(name, data)
    return target


def test_all_unknown_layers_are_named_at_once(backend, tmp_path):
    def change(config):
        config["config"]["layers"][1]["class_name"] = "Densely"
        config["config"]["layers"][3]["class_name"] = "Sparsely"

    path = changed(Written(file("mlp.keras_3_15.keras"), tmp_path).path, tmp_path / "x.keras", change)
    with pytest.raises(UnknownNameError, match=r'2 layer classes.*"Densely" \(layer "dense.*"Sparsely".*\n.*custom_ob'):
        load_model(path)


def test_custom_classes_are_those_that_are_given(backend, tmp_path):
    class Densely(L.Dense):
        pass

    def change(config):
        config["config"]["layers"][1] |= {"class_name": "Densely", "module": "os", "registered_name": "own>Densely"}
        layers = config["config"]["layers"]
        layers[1]["config"] = {"output_dim": 6, "activation": "tanh", "name": "own"}

    path = changed(Written(file("mlp.keras_3_15.keras"), tmp_path).path, tmp_path / "x.keras", change)
    with pytest.raises(WeightsError, match="densely"):  # which is another class, so it lies elsewhere
        load_model(path, custom_objects={"Densely": Densely})


def test_layers_in_half_precision_are_read_and_it_is_said(backend, tmp_path):
    def change(config):
        for layer in config["config"]["layers"][1:]:
            layer["config"]["dtype"] = {
                "module": "keras",
                "class_name": "DTypePolicy",
                "config": {"name": "mixed_float16"},
                "registered_name": None,
            }

    path = changed(Written(file("mlp.keras_3_15.keras"), tmp_path).path, tmp_path / "x.keras", change)
    with pytest.warns(UserWarning, match="compute in mixed_float16 where it was written, and in float32 here"):
        assert load_model(path, compile=False).get_weights()[0].dtype == "float32"


def test_code_in_an_archive_is_not_run(backend, tmp_path):
    def change(config):
        code = {"class_name": "__lambda__", "config": {"code": "4wEAAAA=", "defaults": None, "closure": None}}
        config["config"]["layers"][4] = {
            "module": "keras.layers",
            "class_name": "Lambda",
            "config": {"name": "own", "function": code, "arguments": {}},
        }

    path = changed(Written(file("mlp.keras_3_15.keras"), tmp_path).path, tmp_path / "x.keras", change)
    with pytest.raises(ValueError, match=r"(?s)holds Python code, which is not run unless you say so.*trust_code"):
        load_model(path)


def test_an_archive_without_a_model_says_what_it_holds(backend, tmp_path):
    path = tmp_path / "x.keras"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("readme.txt", "text")
    with pytest.raises(FileError, match=r"has no config.json, so it is no model of Keras 3; it holds readme.txt"):
        load_model(path)


def test_an_archive_that_would_fill_the_memory_is_refused(backend, tmp_path):
    path = tmp_path / "x.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("config.json", b" " * (1 << 27))
    with pytest.raises(FileError, match="would fill 134,217,728 bytes"):
        load_model(path)


def test_a_folder_of_the_same_files_is_read_too(backend, tmp_path):
    written = Written(file("mlp.keras_3_15.keras"), tmp_path)
    shutil.unpack_archive(written.path, tmp_path / "folder", "zip")
    model = load_model(tmp_path / "folder")
    np.testing.assert_allclose(outputs_of(model, written)[0], written.listed("y")[0], atol=1e-5)


def test_weights_that_are_divided_into_files_are_read_together(backend, tmp_path):
    written = Written(file("mlp.keras_3_0.weights.h5"), tmp_path)
    listed = {}
    with h5py.File(written.path) as whole:
        for number, path in enumerate(f"layers/{name}/vars" for name in whole["layers"]):
            shards = [f"m_{number + place:05}.weights.h5" for place in (0, 1)]
            listed[f"/{path}"] = shards
            for place, shard in enumerate(shards):  # each layer's arrays in two files
                with h5py.File(tmp_path / shard, "a") as part:
                    for name in [one for one in whole[path] if int(one) % 2 == place]:
                        part[f"{path}/{name}"] = whole[path][name][()]
    (tmp_path / "m.weights.json").write_text(json.dumps({"metadata": {}, "weight_map": listed}))
    model = mlp()
    model.load_weights(tmp_path / "m.weights.json")
    np.testing.assert_allclose(outputs_of(model, written)[0], written.listed("y")[0], atol=1e-5)
    (tmp_path / "m.weights.json").write_text(json.dumps({"weight_map": {"/layers/dense/vars": "../m.h5"}}))
    with pytest.raises(FileError, match="no file beside it"):
        model.load_weights(tmp_path / "m.weights.json")


def test_hard_sigmoid_of_keras_3_keeps_its_meaning(backend):
    policy = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}}
    layers = [
        {"class_name": "InputLayer", "config": {"batch_shape": [None, 1], "dtype": "float32", "name": "i"}},
        {"class_name": "Activation", "config": {"name": "a", "activation": "hard_sigmoid", "dtype": policy}},
    ]
    text = json.dumps({"class_name": "Sequential", "config": {"name": "s", "layers": layers}})
    np.testing.assert_allclose(model_from_json(text).predict(np.array([[1.5]]))[0, 0], 0.75, atol=1e-6)


def test_files_are_told_by_what_is_in_them(backend, tmp_path):
    said = {
        "mlp.keras_3_15.keras": "a model in an archive of Keras 3.15.1, compiled with Adam",
        "pictures_in_time.keras_3_15.keras": "a model in an archive of Keras 3.15.1, not compiled",
        "mlp.keras_3_0.weights.h5": "weights as Keras 3 writes them, by class and order",
        "mlp.tf_keras_2_21.h5": "a model in HDF5, as Keras 2.21.0 writes it",
    }
    for name, expected in said.items():
        path = Written(file(name), tmp_path).path
        assert describe_file(path.rename(tmp_path / "any")) == expected
    mlp().save_weights(tmp_path / "ours.h5")
    assert describe_file(tmp_path / "ours.h5") == "weights in HDF5, as Keras writes them"
