"""Existing models, opened."""

import numpy as np

from kerasnb.engine.handover import keep_weights
from kerasnb.layers import Dense, Dropout, Input, merge
from kerasnb.models import Model, Sequential
from kerasnb.regularizers import l2
from kerasnb.widgets.builder.document.document import Document


def test_sequential_opens_with_its_layers_and_arguments():
    model = Sequential([Dense(4, input_dim=3, activation="relu", name="a"), Dropout(0.5, name="b")], name="small")
    document = Document.from_model(model)
    assert document.name == "small"
    assert document.graph["a"].arguments == {"output_dim": 4, "activation": "relu"}
    assert document.graph["b"].arguments == {"p": 0.5}
    assert document.is_good


def test_branching_model_opens_with_its_connections():
    x = Input(shape=(3,), name="x")
    joined = merge([Dense(2, name="a")(x), Dense(2, name="b")(x)], mode="sum", name="joined")
    document = Document.from_model(Model(input=x, output=joined))
    assert document.graph.inputs_of("joined") == ["a", "b"]


def test_opened_model_writes_code_that_builds_it_again():
    model = Sequential([Dense(4, input_dim=3, W_regularizer=l2(0.5), name="a")], name="small")
    code = Document.from_model(model).to_code()
    assert "Dense(4, W_regularizer=l2(0.5), name='a', input_shape=(3,))" in code


def test_frozen_layer_opens_frozen():
    model = Sequential([Dense(4, input_dim=3, trainable=False, name="a")])
    assert Document.from_model(model).graph["a"].trainable is False


def test_unchanged_layers_keep_their_weights():
    document = Document(input_shape=(3,))
    document.add("Dense", name="a", output_dim=4)
    document.add("Dense", name="b", output_dim=2)
    old = document.to_model()
    document.set_argument("b", "output_dim", 5)
    new = document.to_model()
    assert list(keep_weights(old, new).values()) == new.get_layer("a").weights
    np.testing.assert_array_equal(new.get_layer("a").get_weights()[0], old.get_layer("a").get_weights()[0])


def doubled(x):
    return 2 * x


def test_functions_of_the_users_own_open_as_themselves():
    x = Input(shape=(3,), name="x")
    joined = merge([Dense(2, activation=doubled, name="a")(x), Dense(2, name="b")(x)], mode=lambda both: both[0])
    document = Document.from_model(Model(input=x, output=joined))
    assert document.graph["a"].arguments["activation"] is doubled
    assert document.is_good
