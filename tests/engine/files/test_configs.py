"""Models as data: `get_config` and JSON, there and back."""

import copy
import json

import numpy as np
import pytest

from kerasnb.engine.topology import Layer
from kerasnb.errors import KerasnbError, UnknownNameError
from kerasnb.layers import Dense, Dropout, Input, TimeDistributed, merge
from kerasnb.models import Model, Sequential, model_from_config, model_from_json, model_from_yaml


def same_outputs(model, again):
    again.set_weights(model.get_weights())
    shapes = model.input_shape if isinstance(model.input_shape, list) else [model.input_shape]
    x = [np.random.rand(3, *shape[1:]) for shape in shapes]
    x = x[0] if len(x) == 1 else x
    np.testing.assert_allclose(again.predict(x), model.predict(x), rtol=1e-5)


def rebuilt(model):
    """The model made from its config (as in Keras, `input_dim` is learnt in building)."""
    again = type(model).from_config(model.get_config())
    assert type(model).from_config(again.get_config()).get_config() == again.get_config()
    return again


def test_a_sequential_goes_round_as_a_list_of_layers():
    model = Sequential([Dense(3, input_shape=(4,), activation="relu"), Dropout(0.5), Dense(2)])
    config = model.get_config()
    assert [one["class_name"] for one in config] == ["Dense", "Dropout", "Dense"]
    assert config[0]["config"]["batch_input_shape"] == (None, 4)
    same_outputs(model, rebuilt(model))


def test_a_model_goes_round_with_keras_keys():
    a = Input((4,), name="a")
    model = Model(a, Dense(2, name="d")(a), name="m")
    config = model.get_config()
    assert (config["input_layers"], config["output_layers"]) == ([["a", 0, 0]], [["d", 0, 0]])
    assert config["layers"][1]["inbound_nodes"] == [[["a", 0, 0]]] and rebuilt(model).name == "m"


def test_a_shared_layer_goes_round():
    a, b, shared = Input((4,)), Input((4,)), Dense(3)
    model = Model([a, b], Dense(1)(merge([shared(a), shared(b)], mode="concat")))
    again = rebuilt(model)
    assert len(again.get_weights()) == 4
    same_outputs(model, again)


def test_a_layer_shared_with_another_model_goes_round():
    a, shared = Input((4,)), Dense(3)
    shared(Input((4,)))
    model = Model(a, Dense(1)(shared(a)))
    same_outputs(model, rebuilt(model))


def test_a_nested_model_goes_round():
    a, b = Input((4,)), Input((4,))
    inner = Model(a, Dense(3)(a), name="inner")
    model = Model(b, Dense(2)(inner(b)))
    again = rebuilt(model)
    assert again.get_layer("inner").layers[1].output_dim == 3
    same_outputs(model, again)


def test_a_nested_sequential_used_twice_goes_round_and_keeps_its_name():
    inner = Sequential([Dense(3, input_shape=(4,))], name="tower")
    a, b = Input((4,)), Input((4,))
    model = Model([a, b], merge([inner(a), inner(b)], mode="sum"))
    again = rebuilt(model)
    assert again.get_layer("tower").layers[0].output_dim == 3
    same_outputs(model, again)


def test_a_sequential_that_starts_with_a_model_goes_round():
    model = Sequential([Sequential([Dense(3, input_shape=(4,))]), Dense(2)])
    same_outputs(model, rebuilt(model))


def test_json_and_yaml_hold_class_config_and_version():
    model = Sequential([Dense(3, input_shape=(4,), W_regularizer="l2")])
    document = json.loads(model.to_json())
    assert (document["class_name"], document["keras_version"]) == ("Sequential", "1.2.2")
    same_outputs(model, model_from_json(model.to_json()))
    same_outputs(model, model_from_yaml(model.to_yaml()))


def test_a_model_goes_round_through_json():
    a, b, shared = Input((4,)), Input((4,)), Dense(3)
    model = Model([a, b], merge([shared(a), shared(b)], mode="concat"))
    same_outputs(model, model_from_json(model.to_json()))


def test_custom_classes_are_given_for_one_call():
    class Mine(Dense):
        pass

    document = json.loads(Sequential([Mine(3, input_shape=(4,))]).to_json())
    with pytest.raises(UnknownNameError, match=r'Mine "mine.*": no layer class "Mine"(.|\n)*custom_objects'):
        model_from_config(document)
    assert type(model_from_config(document, {"Mine": Mine}).layers[0]) is Mine
    with pytest.raises(UnknownNameError):
        model_from_config(document)


def test_a_config_of_this_process_knows_its_classes_and_text_does_not():
    class Passing(Layer):
        def call(self, x, mask=None):
            return x

    model = Sequential([Passing(input_shape=(3, 2)), TimeDistributed(Passing())])
    again = Sequential.from_config(copy.deepcopy(model.get_config()))
    assert type(again.layers[0]) is Passing and type(again.layers[1].layer) is Passing
    with pytest.raises(UnknownNameError, match="Passing"):
        model_from_json(model.to_json())
    with pytest.raises(UnknownNameError, match="Passing"):
        Sequential.from_config(json.loads(json.dumps(model.get_config())))


def test_a_sequential_config_given_as_a_model_is_refused_with_a_remedy():
    with pytest.raises(KerasnbError, match="Sequential.from_config"):
        model_from_config(Sequential([Dense(3, input_shape=(4,))]).get_config())


def test_configs_share_nothing_with_the_model():
    model = Sequential([Dense(3, input_shape=(4,))])
    model.get_config()[0]["config"]["output_dim"] = 9
    assert model.layers[0].output_dim == 3


def _old(class_name, **config):
    first = {"name": "l", "trainable": True, "batch_input_shape": [None, 3], "input_dtype": "float32"}
    return json.dumps(
        {
            "class_name": "Sequential",
            "keras_version": "1.1.0",
            "config": [{"class_name": class_name, "config": {**first, **config}}],
        }
    )


def test_regularizers_under_the_names_of_keras_1_0_are_read():
    weight, activity = ({"name": f"{kind}Regularizer", "l1": 0.0, "l2": 0.25} for kind in ("Weight", "Activity"))
    layer = model_from_json(
        _old(
            "Dense",
            output_dim=2,
            input_dim=3,
            init="uniform",
            W_regularizer=weight,
            activity_regularizer=activity,
            W_constraint={"name": "MaxNorm", "m": 2, "axis": 0},
        )
    ).layers[0]
    assert (layer.W_regularizer.l2, layer.activity_regularizer.l2, layer.W_constraint.m) == (0.25, 0.25, 2)


def test_an_argument_that_keras_1_2_gave_up_is_read_with_a_warning():
    with pytest.warns(UserWarning, match="transform_bias"):
        assert model_from_json(_old("Highway", transform_bias=-2, input_dim=3)).output_shape == (None, 3)
