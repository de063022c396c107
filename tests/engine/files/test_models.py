"""Models in files: there and back, trained on exactly, with custom objects, and nothing run unasked."""

import json
import os
import warnings

import h5py
import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import layers as L
from kerasnb import optimizers
from kerasnb.errors import ArgumentError, FileError, MissingFileError, UnknownNameError
from kerasnb.models import (
    Model,
    Sequential,
    clone_model,
    load_model,
    model_from_json,
    model_from_yaml,
    save_model,
)
from kerasnb.utils.custom_objects import custom_object_scope, get_custom_objects

RANDOM = np.random.RandomState(0)
X, Y = RANDOM.rand(8, 3), RANDOM.rand(8, 2)


def compiled(optimizer="sgd", *layers, **options):
    model = Sequential([*(layers or [L.Dense(4, input_shape=(3,), activation="tanh"), L.Dense(2)])])
    model.compile(optimizer, "mse", **options)
    return model


def loaded(model, path, **options):
    """The model from its file, after names have begun anew."""
    model.save(path)
    K.clear_session()
    return load_model(path, **options)


def same_weights(one, other):
    for mine, its in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(mine, its, rtol=1e-5, atol=1e-6)


def trained_on(model):
    for rows in (slice(0, 4), slice(4, 8), slice(2, 6)):
        model.train_on_batch(X[rows], Y[rows])
    return model


OPTIMIZERS = {
    "sgd": lambda: optimizers.SGD(lr=0.05, momentum=0.9, nesterov=True, decay=0.1, clipnorm=1.0),
    "rmsprop": lambda: optimizers.RMSprop(decay=0.1),
    "adagrad": lambda: optimizers.Adagrad(decay=0.1),
    "adadelta": lambda: optimizers.Adadelta(decay=0.1),
    "adam": lambda: optimizers.Adam(decay=0.1, clipvalue=0.5),
    "adamax": lambda: optimizers.Adamax(decay=0.1),
    "nadam": lambda: optimizers.Nadam(),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_training_goes_on_as_if_it_had_never_stopped(name, backend, tmp_path):
    model = trained_on(compiled(OPTIMIZERS[name]()))
    again = loaded(model, tmp_path / "m.h5")
    assert again.optimizer.get_config() == model.optimizer.get_config()
    same_weights(trained_on(model), trained_on(again))


def test_a_model_saved_on_one_backend_loads_on_the_other(backend, tmp_path):
    model = compiled("adam", L.Convolution2D(2, 2, 2, input_shape=(3, 3, 1)), L.Flatten(), L.Dense(2))
    model.train_on_batch(RANDOM.rand(4, 3, 3, 1), RANDOM.rand(4, 2))
    model.save(tmp_path / "m.h5")
    K.use("theano" if backend == "tensorflow" else "tensorflow")
    same_weights(model, load_model(tmp_path / "m.h5"))  # kernels as they are, as in Keras 1.2
    for mine, its in zip(
        model.optimizer.get_weights(), load_model(tmp_path / "m.h5").optimizer.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(mine, its)


def test_how_it_was_compiled_comes_back(tmp_path):
    a = L.Input((3,))
    model = Model(a, [L.Dense(2, name="one")(a), L.Dense(2, name="two")(a)])
    model.compile(
        "adam",
        {"one": "mse", "two": "mae"},
        {"one": ["mse", "acc"]},
        loss_weights={"one": 0.5, "two": 2.0},
        sample_weight_mode={"one": None, "two": None},
    )
    again = loaded(model, tmp_path / "m.h5")
    assert again.metrics_names == model.metrics_names
    np.testing.assert_allclose(again.evaluate(X, [Y, Y], verbose=0), model.evaluate(X, [Y, Y], verbose=0), rtol=1e-6)


def test_the_file_has_keras_layout(tmp_path):
    trained_on(compiled("adam", L.Dense(2, input_shape=(3,), name="d"), L.Activation("relu"))).save(tmp_path / "m.h5")
    with h5py.File(tmp_path / "m.h5") as file:
        assert sorted(file.attrs) == ["keras_version", "model_config", "training_config"]
        assert json.loads(file.attrs["model_config"].decode("utf8"))["config"][0]["config"]["output_dim"] == 2
        assert json.loads(file.attrs["training_config"])["optimizer_config"]["class_name"] == "Adam"
        weights = file["model_weights"]
        assert [name.decode() for name in weights.attrs["layer_names"]] == ["d", "activation_1"]
        assert list(weights["d"].attrs["weight_names"]) == [b"d_W:0", b"d_b:0"] and weights["d/d_W:0"].shape == (3, 2)
        assert len(weights["activation_1"].attrs["weight_names"]) == 0
        assert len(file["optimizer_weights"].attrs["weight_names"]) == 5


def test_a_model_without_compile_says_so_when_loaded(tmp_path):
    Sequential([L.Dense(2, input_shape=(3,))]).save(tmp_path / "m.h5")
    with pytest.warns(UserWarning, match="does not say how the model was compiled") as caught:
        assert not load_model(tmp_path / "m.h5").is_compiled
    assert caught[0].filename == __file__
    assert not load_model(tmp_path / "m.h5", compile=False).is_compiled


def test_the_optimizer_may_be_left_out(tmp_path):
    save_model(trained_on(compiled("adam")), tmp_path / "m.h5", include_optimizer=False)
    with h5py.File(tmp_path / "m.h5") as file:
        assert "training_config" not in file.attrs and "optimizer_weights" not in file


def test_an_optimizer_whose_state_does_not_fit_starts_anew(tmp_path):
    model = trained_on(compiled("adam"))
    model.layers[0].trainable = False  # counts from the next compile on, which loading is
    with pytest.warns(UserWarning, match="Adam starts anew"):
        again = loaded(model, tmp_path / "m.h5")
    same_weights(model, again)


def _nested():
    a = L.Input((3,))
    inner = Model(a, L.BatchNormalization()(L.Dense(3)(a)), name="inner")
    tower = Sequential([L.Dense(3, input_shape=(3,)), L.BatchNormalization()], name="tower")
    b, shared = L.Input((3,)), L.Dense(3)
    return Model(b, L.Dense(2)(L.merge([shared(inner(b)), shared(tower(b)), tower(inner(b))])))


def _merge_first():
    branches = [Sequential([L.Dense(3, input_shape=(3,))]) for _ in range(2)]
    return Sequential([L.Merge(branches, mode="concat"), L.Dense(2)])


MODELS = {
    "nested and shared": _nested,
    "merge first": _merge_first,
    "stateful": lambda: Sequential([L.Reshape((1, 3), batch_input_shape=(4, 3)), L.LSTM(2, stateful=True)]),
    "both ways": lambda: Sequential(
        [
            L.RepeatVector(3, input_shape=(3,)),
            L.Bidirectional(L.GRU(2, consume_less="gpu", return_sequences=True)),
            L.TimeDistributed(L.Dense(2)),
            L.Flatten(),
            L.Dense(2),
        ]
    ),
}


@pytest.mark.parametrize("name", MODELS)
def test_models_of_every_build_come_back(name, backend, tmp_path):
    model = MODELS[name]()
    model.compile("adam", "mse")
    x = [X[:4], X[4:]] if name == "merge first" else X[:4]
    before = model.predict(x, batch_size=4)
    again = loaded(model, tmp_path / "m.h5")
    np.testing.assert_allclose(again.predict(x, batch_size=4), before, rtol=1e-5, atol=1e-6)


def test_a_nested_model_is_trained_on_exactly(backend, tmp_path):
    model = _nested()
    model.compile(optimizers.SGD(lr=0.05, momentum=0.9), "mse")
    again = loaded(trained_on(model), tmp_path / "m.h5")
    same_weights(trained_on(model), trained_on(again))


def test_an_open_file_or_group_serves_as_well(tmp_path):
    model = compiled("adam")
    with h5py.File(tmp_path / "many.h5", "w") as file:
        model.save(file)
        model.save(file.create_group("second"))
        model.save(file)  # in the place of the first
        same_weights(model, load_model(file))
        same_weights(model, load_model(file["second"]))


def test_configs_beyond_the_header_limit_are_kept(tmp_path):
    names = ["a" * 200 + str(number) for number in range(400)]
    model = Sequential([L.Activation("linear", input_shape=(3,)), *(L.Activation("relu", name=one) for one in names)])
    model.save(tmp_path / "m.h5")
    with h5py.File(tmp_path / "m.h5") as file:
        assert len(file.attrs["model_config"]) > 2**16
        assert sorted(file["model_weights"].attrs) == ["layer_names0", "layer_names1"]
    assert [layer.name for layer in load_model(tmp_path / "m.h5", compile=False).layers[1:]] == names


# ---- writing


def test_a_crash_while_writing_leaves_the_old_file(tmp_path, monkeypatch):
    model = compiled()
    model.save(tmp_path / "m.h5")
    before = (tmp_path / "m.h5").read_bytes()
    monkeypatch.setattr(h5py.Group, "create_dataset", lambda *_, **__: 1 / 0)
    for save in (model.save, model.save_weights):
        with pytest.raises(ZeroDivisionError):
            save(tmp_path / "m.h5")
    assert os.listdir(tmp_path) == ["m.h5"] and (tmp_path / "m.h5").read_bytes() == before


def test_a_replaced_file_keeps_its_rights_and_links(tmp_path):
    (tmp_path / "real.h5").touch(mode=0o640)
    (tmp_path / "link.h5").symlink_to(tmp_path / "real.h5")
    compiled().save(tmp_path / "link.h5")
    assert (tmp_path / "link.h5").is_symlink() and (tmp_path / "real.h5").stat().st_mode & 0o777 == 0o640
    assert load_model(tmp_path / "real.h5").is_compiled


@pytest.mark.parametrize("method", ["save", "save_weights"])
def test_without_overwrite_the_user_is_asked(method, tmp_path, monkeypatch):
    path, model = tmp_path / "m.h5", compiled()
    getattr(model, method)(path, overwrite=False)  # nothing to ask yet
    before = path.stat().st_ino
    monkeypatch.setattr("builtins.input", lambda question="": "n")
    getattr(model, method)(path, overwrite=False)
    assert path.stat().st_ino == before
    monkeypatch.setattr("builtins.input", lambda question="": "y")
    getattr(model, method)(path, overwrite=False)
    assert path.stat().st_ino != before


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(MissingFileError, match=r"there is no folder(.|\n)*os.makedirs"):
        compiled().save(tmp_path / "no" / "m.h5")
    with pytest.raises(FileError, match="is a folder"):
        compiled().save(tmp_path)


# ---- files that are no models


def test_a_missing_file_names_those_beside_it(tmp_path):
    compiled().save(tmp_path / "other.h5")
    with pytest.raises(FileNotFoundError, match=r"no file(.|\n)*other\.h5"):
        load_model(tmp_path / "m.h5")


def test_what_is_no_hdf5_file_is_refused(tmp_path):
    path = tmp_path / "m.h5"
    compiled().save(path)
    for content in (path.read_bytes()[:2000], b"", b"nonsense", b"PK\x03\x04zip"):
        path.write_bytes(content)
        said = "damaged archive" if content[:2] == b"PK" else "no HDF5 file, or a damaged one"
        with pytest.raises(FileError, match=said):
            load_model(path)
        with pytest.raises(OSError, match=said):
            compiled().load_weights(path)


def test_files_of_other_things_are_refused(tmp_path):
    path = tmp_path / "m.h5"
    compiled().save_weights(path)
    with pytest.raises(ValueError, match=r"No model found(.|\n)*load_weights"):
        load_model(path)
    with h5py.File(path, "w") as file:
        file["table"] = X
    with pytest.raises(ValueError, match="No model found"):
        load_model(path)
    with pytest.raises(FileError, match=r"no weights of a model(.|\n)*table"):
        compiled().load_weights(path)


@pytest.mark.parametrize("attribute", ["model_config", "training_config"])
@pytest.mark.parametrize("content", ["{", "[]", '{"class_name": "Dense"}', '{"optimizer_config": 3}'])
def test_damaged_configs_are_refused(attribute, content, tmp_path):
    compiled().save(tmp_path / "m.h5")
    with h5py.File(tmp_path / "m.h5", "a") as file:
        file.attrs[attribute] = content
    with pytest.raises(ValueError, match="cannot be read|needs the config"):
        load_model(tmp_path / "m.h5")


def test_a_config_with_an_argument_too_many_is_refused():
    text = Sequential([L.Dense(2, input_shape=(3,))]).to_json().replace('"output_dim"', '"output_dims"')
    with pytest.raises(ArgumentError, match="the config of Dense cannot be read.*output_dim"):
        model_from_json(text)


# ---- custom objects


class WithoutConfig(L.Layer):
    """A layer of the user's that does not say how it was made."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units


def test_a_layer_of_ones_own_without_get_config_is_told_to_have_one():
    text = Sequential([WithoutConfig(2, input_shape=(3,))]).to_json()
    with pytest.raises(ArgumentError, match="WithoutConfig.get_config must return each argument of its __init__"):
        model_from_json(text, custom_objects={"WithoutConfig": WithoutConfig})


class Doubling(L.Layer):
    """A layer of the user's, which takes custom_objects itself."""

    def call(self, x, mask=None):
        return 2 * x

    @classmethod
    def from_config(cls, config, custom_objects=None):
        assert custom_objects is not None
        return cls(**config)


def bend(x):
    return x * K.sigmoid(x)


def cubic(y_true, y_pred):
    return K.mean(K.abs(y_true - y_pred) ** 3, axis=-1)


class Unnamed(L.Layer):
    """A layer whose weights of one shape have no names of their own."""

    def build(self, input_shape):
        self.trainable_weights = [self.add_weight((3,), "one"), self.add_weight((3,), "zero")]

    def call(self, x, mask=None):
        return x * self.trainable_weights[0] + self.trainable_weights[1]


def test_the_state_of_unnamed_weights_goes_to_the_right_ones(tmp_path):
    model = Sequential([Unnamed(input_shape=(3,)), L.Dense(2)])
    for weight, name in zip(model.layers[0].weights, ("variable_9", "variable_10"), strict=True):
        weight.name = name  # as the ninth and the tenth of a process, which sort the other way round
    model.compile("adam", "mse")
    trained_on(model).save(tmp_path / "m.h5")
    again = load_model(tmp_path / "m.h5", custom_objects={"Unnamed": Unnamed})
    same_weights(trained_on(model), trained_on(again))


class Slow(optimizers.SGD):
    """An optimizer of the user's."""


CUSTOM = {"bend": bend, "cubic": cubic, "Slow": Slow, "Doubling": Doubling}


def test_custom_objects_serve_everything_and_do_not_leak(tmp_path):
    model = Sequential([L.Dense(2, activation=bend, input_shape=(3,)), Doubling()])
    model.compile(Slow(lr=0.5), cubic, metrics=[cubic])
    again = loaded(trained_on(model), tmp_path / "m.h5", custom_objects=CUSTOM)
    assert type(again.optimizer) is Slow and again.metrics_names == ["loss", "cubic"]
    same_weights(trained_on(model), trained_on(again))
    assert get_custom_objects() == {} and set(CUSTOM) == {"bend", "cubic", "Slow", "Doubling"}
    with pytest.raises(UnknownNameError, match=r'no layer class "Doubling"(.|\n)*custom_objects'):
        load_model(tmp_path / "m.h5")


@pytest.mark.parametrize("missing", CUSTOM)
def test_a_missing_custom_object_is_named(missing, tmp_path):
    model = Sequential([L.Dense(2, activation=bend, input_shape=(3,)), Doubling()])
    model.compile(Slow(), cubic)
    model.save(tmp_path / "m.h5")
    known = {name: one for name, one in CUSTOM.items() if name != missing}
    with pytest.raises(UnknownNameError, match=f'"{missing}"'):
        load_model(tmp_path / "m.h5", custom_objects=known)
    assert get_custom_objects() == {}
    assert load_model(tmp_path / "m.h5", custom_objects=CUSTOM, compile=False).layers


def test_a_scope_serves_as_well(tmp_path):
    model = compiled("sgd", L.Dense(2, activation=bend, input_shape=(3,)))
    model.save(tmp_path / "m.h5")
    with custom_object_scope({"bend": bend}):
        assert load_model(tmp_path / "m.h5").layers[0].activation is bend


# ---- code in files


def _with_code():
    a = L.Input((3,))
    squared = L.Lambda(lambda x, by: K.square(x) * by, output_shape=lambda shape: shape, arguments={"by": X[0]})(a)
    merged = L.merge([squared, a], mode=lambda parts: parts[0] + bend(parts[1]), output_shape=(3,))
    return Model(a, merged)


def ways_to_load(model, path):
    """The model from a file, from JSON and from YAML, each as a function of further arguments."""
    model.save(path)
    return [
        lambda **options: load_model(path, compile=False, **options),
        lambda **options: model_from_json(model.to_json(), **options),
        lambda **options: model_from_yaml(model.to_yaml(), **options),
    ]


def test_code_in_a_file_runs_only_when_asked(backend, tmp_path):
    model = _with_code()
    for load in ways_to_load(model, tmp_path / "m.h5"):
        with pytest.raises(ArgumentError, match="holds Python code, which is not run unless.*\n.*trust_code=True"):
            load()
        with pytest.raises(ArgumentError, match="trust_code=True"):
            load(custom_objects={"bend": bend})
        again = load(trust_code=True, custom_objects={"bend": bend})
        np.testing.assert_allclose(again.predict(X), model.predict(X), rtol=1e-5)
        np.testing.assert_array_equal(again.layers[1].arguments["by"], X[0])


def test_a_loaded_lambda_can_be_saved_again(tmp_path):
    first = ways_to_load(_with_code(), tmp_path / "m.h5")[0](trust_code=True, custom_objects=CUSTOM)
    second = ways_to_load(first, tmp_path / "n.h5")[0](trust_code=True, custom_objects=CUSTOM)
    np.testing.assert_allclose(second.predict(X), first.predict(X), rtol=1e-6)


def test_a_config_of_this_process_keeps_its_functions():
    model = _with_code()
    again = Model.from_config(model.get_config())
    assert again.layers[1].function is model.layers[1].function
    layer = L.Lambda(lambda x: x + 1)
    assert L.Lambda.from_config(layer.get_config()).function is layer.function


def test_a_named_function_comes_from_custom_objects(tmp_path):
    model = compiled("sgd", L.Lambda(bend, input_shape=(3,)), L.Dense(2))
    model.save(tmp_path / "m.h5")
    with pytest.raises(UnknownNameError, match=r'"bend"(.|\n)*custom_objects'):
        load_model(tmp_path / "m.h5")
    assert load_model(tmp_path / "m.h5", custom_objects=CUSTOM).layers[0].function is bend


def test_code_that_cannot_be_read_is_refused_even_when_trusted():
    text = Sequential([L.Lambda(lambda x: x, input_shape=(3,))]).to_json()
    code = json.loads(text)["config"][0]["config"]["function"][0]
    for other in ("bm9uc2Vuc2U=", "TQ==", "%%%"):
        with pytest.raises(ArgumentError, match="cannot be read"):
            model_from_json(text.replace(code, other), trust_code=True)


def test_yaml_makes_no_python_objects():
    for text in ("!!python/object/apply:os.system ['true']", "!!python/name:os.system", "a: !!python/object:os.X {}"):
        with pytest.raises(ArgumentError, match="asks for Python objects, which are not made"):
            model_from_yaml(text)


def test_yaml_of_keras_1_with_tuples_is_read():
    model = Sequential([L.Dense(2, input_shape=(3,))])
    text = model.to_yaml().replace("batch_input_shape:\n", "batch_input_shape: !!python/tuple\n")
    assert "python/tuple" in text and model_from_yaml(text).input_shape == (None, 3)


@pytest.mark.parametrize("load", [model_from_json, model_from_yaml])
def test_text_that_is_no_model_is_refused(load):
    for text in ("{", "3", '"Dense"', "{}", "[1]"):
        with pytest.raises(ArgumentError, match="is no (JSON|YAML)|needs"):
            load(text)


def test_no_warning_comes_of_saving_and_loading(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert loaded(trained_on(compiled("nadam")), tmp_path / "m.h5").is_compiled


@pytest.mark.parametrize(
    "change",
    [
        {"layers": None},
        {"output_layers": None},
        {"input_layers": [["nothing", 0, 0]]},
        {"output_layers": [["d", 7, 0]]},
        {"output_layers": [["d", -1, 0]]},
        {"layers": [("nothing", 0, 0)]},
        {"layers": [("d", 0, 0)]},
        {"layers": [("input_1", 9, 0)]},
    ],
    ids=str,
)
def test_a_damaged_graph_is_refused(change):
    a = L.Input((3,))
    document = json.loads(Model(a, L.Dense(2, name="d")(a)).to_json())
    if isinstance(change.get("layers"), list):  # what the last one is called on
        document["config"]["layers"][-1]["inbound_nodes"] = [[list(end) for end in change["layers"]]]
    else:
        document["config"].update(change)
    for name in [name for name, value in change.items() if value is None]:
        del document["config"][name]
    with pytest.raises(ArgumentError, match="the config of this graph"):
        model_from_json(json.dumps(document))


@pytest.mark.parametrize("trains_first", [True, False])
def test_a_model_saved_right_after_recompile_goes_on_as_the_original(trains_first, tmp_path, backend):
    model = Sequential([L.Dense(3, input_shape=(4,)), L.Dense(3), L.Dense(2)])
    model.layers[1].trainable = trains_first
    model.compile("adam", "mse")
    x, y = np.ones((4, 4)), np.ones((4, 2))
    model.train_on_batch(x, y)
    model.layers[1].trainable = not trains_first
    model.recompile()
    model.save(tmp_path / "m.h5")
    again = load_model(tmp_path / "m.h5")
    steps = [(model.train_on_batch(x, y), again.train_on_batch(x, y)) for _ in range(3)]
    np.testing.assert_allclose(*np.transpose(steps), rtol=1e-5)


def base():
    model = Sequential([L.Dense(3, input_shape=(3,)), L.BatchNormalization()])
    model.trainable = False
    return model


def around(model):
    start = L.Input((3,))
    return Model(start, L.Dense(2)(model(start)))


@pytest.mark.parametrize("way", ["m.h5", "m.keras", "json", "yaml", "clone"])
@pytest.mark.parametrize(
    "make, trained", [(base, 0), (lambda: Sequential([base(), L.Dense(2)]), 2), (lambda: around(base()), 2)]
)
def test_a_model_that_is_frozen_as_a_whole_comes_back_frozen(make, trained, way, tmp_path):
    model = make()
    model.compile("sgd", "mse")
    if "." in way:
        model.save(tmp_path / way)
        again = load_model(tmp_path / way)
    else:
        again = {
            "json": lambda: model_from_json(model.to_json()),
            "yaml": lambda: model_from_yaml(model.to_yaml()),
            "clone": lambda: clone_model(model),
        }[way]()
    assert len(again.trainable_weights) == trained and len(again.weights) == len(model.weights)


def test_a_frozen_model_in_a_wrapper_comes_back_frozen():
    model = Sequential([L.TimeDistributed(base(), input_shape=(2, 3))])
    assert model_from_json(model.to_json()).trainable_weights == []
