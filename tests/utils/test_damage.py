"""What damaged and hostile files say by name, without taking time or memory; and whose errors pass as they are."""

import json

import h5py
import numpy as np
import pytest

from kerasnb import layers as L
from kerasnb.errors import ArgumentError, FileError, KindError, WeightsError
from kerasnb.models import Sequential, load_model, model_from_config, model_from_json, model_from_yaml
from kerasnb.utils.brief import brief
from kerasnb.utils.io_utils import load_array

DENSE = {"class_name": "Dense", "config": {"output_dim": 2, "batch_input_shape": [None, 3]}}


def small():
    return Sequential([L.Dense(2, input_shape=(3,), name="d")])


@pytest.fixture
def path(tmp_path):
    small().save_weights(tmp_path / "w.h5")
    return tmp_path / "w.h5"


def repeated(start, times):
    """YAML in which each line holds the one before it three times."""
    return f"a0: &a0 {start}\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]\n" for n in range(1, times))


HOSTILE = {
    "nested": (model_from_json, "[" * 100_000, "nested too deeply"),
    "2,000 models": (
        model_from_json,
        '{"class_name": "Sequential", "config": [' * 2000 + json.dumps(DENSE) + "]}" * 2000,
        "nested too deeply",
    ),
    "nested YAML": (model_from_yaml, "[" * 100_000, "nested too deeply"),
    "indented YAML": (model_from_yaml, "- " * 3000, "nested too deeply"),
    "repeated": (model_from_yaml, repeated("[x, y]", 40), "repeats itself"),
    "merged": (
        model_from_yaml,
        "a0: &a0 {k: 1}\n" + "".join(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}\n" for n in range(1, 60)),
        "repeats itself",
    ),
    "endless": (model_from_yaml, "&a {config: *a}", "contains itself"),
    "digits": (model_from_yaml, "9" * 5000, "cannot be read"),
    "sixties": (model_from_yaml, "1:" * 4000 + "1", "needs the config"),
    "date": (model_from_yaml, "9999-99-99", "cannot be read"),
    "text of nobody": (model_from_yaml, b"\xff\xfe\x00", "is no YAML"),
    "nothing": (model_from_json, None, "is no JSON"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_refused_at_once(name):
    read, text, complaint = HOSTILE[name]
    with pytest.raises(ArgumentError, match=complaint):
        read(text)


def test_yaml_that_shares_values_is_read():
    text = "class_name: Sequential\nconfig:\n- &d\n  class_name: Dense\n  config: &c {output_dim: 3, input_dim: 3}\n"
    assert model_from_yaml(text + "- class_name: Dense\n  config: *c\n").output_shape == (None, 3)


@pytest.mark.parametrize(
    "change",
    [
        {"output_dim": "x"},
        {"output_dim": 1e400},
        {"batch_input_shape": 3},
        {"activation": {"class_name": 3}},
        {"W_regularizer": {"name": "l2", "q": 1}},
        {"batch_input_shape": [2**70, 3], "output_dim": {}},
    ],
    ids=str,
)
def test_values_of_wrong_types_are_named_with_the_class(change):
    for config in ({"class_name": "Dense", "config": DENSE["config"] | change}, {"class_name": "Dense", "config": 3}):
        with pytest.raises(ArgumentError, match="Dense"):
            model_from_config({"class_name": "Sequential", "config": [config]})


def test_a_wrong_kind_is_still_a_type_error():
    with pytest.raises(KindError, match="the config of Dense cannot be read.*nobody") as caught:
        L.Dense.from_config({"output_dim": 3, "nobody": 4})
    assert isinstance(caught.value, TypeError) and isinstance(caught.value.__cause__, TypeError)


def test_errors_of_the_users_own_code_pass_as_they_are(tmp_path):
    class Broken(L.Layer):
        def build(self, input_shape):
            raise KeyError("mine")

    document = {"class_name": "Sequential", "config": [DENSE, {"class_name": "Broken", "config": {}}]}
    with pytest.raises(KeyError, match="mine"):
        model_from_config(document, custom_objects={"Broken": Broken})
    small().save(tmp_path / "m.h5")
    with h5py.File(tmp_path / "m.h5", "a") as file:
        file.attrs["model_config"] = json.dumps(document)
    with pytest.raises(KeyError, match="mine"):
        load_model(tmp_path / "m.h5", custom_objects={"Broken": Broken})


def _without_names(file):
    del file.attrs["layer_names"]
    file.attrs["nb_layers"] = np.zeros(3)


DAMAGES = {
    "names of nobody": lambda file: file.attrs.update(layer_names=np.array([b"\xff"])),
    "a number for names": lambda file: file.attrs.update(layer_names=3),
    "old and strange": _without_names,
    "a number for weights": lambda file: file["d"].attrs.update(weight_names=2.5),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_list_in_a_file_of_weights_is_named(name, path):
    with h5py.File(path, "a") as file:
        DAMAGES[name](file)
    for by_name in (False, True):
        with pytest.raises(FileError, match=r"w\.h5"):
            small().load_weights(path, by_name=by_name)


def test_weights_without_a_list_of_layers_are_named(tmp_path):
    small().save(tmp_path / "m.h5")
    with h5py.File(tmp_path / "m.h5", "a") as file:
        del file["model_weights"].attrs["layer_names"]
    with pytest.raises(FileError, match="does not say which layers it holds"):
        load_model(tmp_path / "m.h5", compile=False)


@pytest.mark.parametrize("shape", [(10**6, 10**6), (), (3,), (2, 3)], ids=str)
def test_a_declared_shape_is_compared_before_anything_is_read(shape, path):
    with h5py.File(path, "a") as file:
        del file["d/d_W:0"]
        file["d"].create_dataset(
            "d_W:0",
            shape,
            "float32",
            chunks=(1000, 1000) if len(shape) == 2 else None,
            maxshape=(None, None) if len(shape) == 2 else None,
        )
    with pytest.raises(WeightsError, match=r'needs "d_W" of shape \(3, 2\)'):
        small().load_weights(path)


def test_an_array_that_would_fill_the_memory_is_not_read(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.create_dataset("data", (10**5, 10**5), "float32", chunks=(1000, 1000), compression="gzip")
    with pytest.raises(FileError, match="would fill 40,000,000,000"):
        load_array(tmp_path / "a.h5")


def test_weights_of_keras_3_say_what_they_are_and_what_to_do(tmp_path):
    with h5py.File(tmp_path / "m.weights.h5", "w") as file:
        file["layers/dense/vars/0"] = np.zeros(3)
    (tmp_path / "m.weights.json").write_text('{"metadata": {}, "weight_map": {}}')
    for name in ("m.weights.h5", "m.weights.json"):
        with pytest.raises(FileError, match=r"Keras 3(.|\n)*load_weights"):
            load_model(tmp_path / name)
        with pytest.raises(WeightsError, match=r"m\.weights\.(h5|json)"):
            small().load_weights(tmp_path / name)


def test_a_brief_text_is_short_for_any_value():
    value = ["x" * 1000]
    for _ in range(200):
        value = [value] * 3
    assert len(brief(value)) <= 80 and brief(10**5000) == "<int>" and brief({"a": [1, 2]}) == "{'a': [1, 2]}"
