"""Editing `model.layers`: list, graph, weights and saved file stay one, or the edit is refused."""

import numpy as np
import pytest

from kerasnb.errors import ArgumentError, GraphError, ShapeError
from kerasnb.layers import LSTM, Activation, Dense, Dropout, Input, TimeDistributed, merge
from kerasnb.models import Model, Sequential, load_model

x = np.random.RandomState(0).rand(4, 6)


def tower():
    return Sequential([Dense(5, input_dim=6), Activation("tanh"), Dense(5), Dense(2)])


def graph():
    start = Input((6,))
    return Model(start, Dense(2, name="top")(Dense(4, name="hidden")(start)))


def swap(layers):
    layers[1], layers[2] = layers[2], layers[1]


EDITS = {
    "pop": (lambda layers: layers.pop(), 3),
    "pop of an inner one": (lambda layers: layers.pop(2), 3),
    "del of a slice": (lambda layers: layers.__delitem__(slice(1, 3)), 2),
    "append": (lambda layers: layers.append(Dense(3)), 5),
    "extend": (lambda layers: layers.extend([Dense(3), Dropout(0.5)]), 6),
    "insert": (lambda layers: layers.insert(1, Dropout(0.5)), 5),
    "insert at the front": (lambda layers: layers.insert(0, Dropout(0.5)), 5),
    "assignment": (lambda layers: layers.__setitem__(-1, Dense(7)), 4),
    "assignment to a slice": (lambda layers: layers.__setitem__(slice(1, 3), [Dense(4), Dense(5)]), 4),
    "swap": (swap, 4),
}


@pytest.mark.parametrize("edit, count", EDITS.values(), ids=EDITS)
def test_an_edit_changes_graph_weights_and_file_alike(edit, count, tmp_path):
    model = tower()
    model.compile("sgd", "mse")
    before = model.predict(x)
    edit(model.layers)
    assert len(model.layers) == count and not model.is_compiled and before.shape == (4, 2)
    model.compile("sgd", "mse")
    model.save(tmp_path / "m.h5")
    again = load_model(tmp_path / "m.h5")
    assert [type(layer) for layer in again.layers] == [type(layer) for layer in model.layers]
    np.testing.assert_allclose(again.predict(x), model.predict(x), atol=1e-5)
    model.train_on_batch(x, model.predict(x))


def test_pop_and_add_train_on_either_backend(backend):
    model = tower()
    model.layers.pop()
    model.add(Dense(3))
    model.compile("sgd", "mse")
    model.train_on_batch(x, np.ones((4, 3)))
    assert [weight.shape for weight in model.get_weights()] == [(6, 5), (5,), (5, 5), (5,), (5, 3), (3,)]


def test_without_its_first_layer_a_model_reads_what_the_second_read(tmp_path):
    model = tower()
    del model.layers[0]
    assert model.input_shape == (None, 5) and len(model.get_weights()) == 4
    model.save(tmp_path / "m.h5", include_optimizer=False)
    assert load_model(tmp_path / "m.h5", compile=False).input_shape == (None, 5)


def test_an_edit_that_does_not_fit_leaves_everything_as_it_was():
    model = tower()
    before = model.predict(x)
    for layer in (LSTM(3), Dense(9)):
        with pytest.raises(ShapeError):
            model.layers.insert(1, layer)
    with pytest.raises(ArgumentError, match="layers needs a layer, got 'relu'"):
        model.layers.append("relu")
    assert len(model.layers) == 4 and all(len(layer.inbound_nodes) == 1 for layer in model.layers)
    np.testing.assert_array_equal(model.predict(x), before)


def test_layers_of_a_model_may_make_another():
    model = tower()
    top = Sequential(model.layers[2:])
    hidden = model.layers[1].output
    assert top.input_shape == (None, 5) and len(top.get_weights()) == 4
    np.testing.assert_allclose(top.predict(Model(model.input, hidden).predict(x)), model.predict(x), rtol=1e-5)


def test_an_output_of_a_lower_layer_takes_those_above_away():
    model = tower()
    model.outputs = [model.layers[1].output]
    assert len(model.layers) == 2 and len(model.get_weights()) == 2
    with pytest.raises(GraphError, match="must be that of one of its layers"):
        model.outputs = [tower().output]


def test_the_last_layers_of_a_graph_can_be_taken_away(backend):
    model = graph()
    hidden = Model(model.input, model.layers[-2].output).predict(x)
    model.layers.pop()
    assert model.output_shape == (None, 4) and [layer.name for layer in model.layers][1:] == ["hidden"]
    np.testing.assert_allclose(model.predict(x), hidden, rtol=1e-5)


@pytest.mark.parametrize(
    "edit",
    [
        lambda layers: layers.append(Dense(3)),
        lambda layers: layers.pop(0),
        lambda layers: layers.reverse(),
        lambda layers: layers.clear(),
    ],
)
def test_any_other_edit_of_a_graph_is_refused(edit):
    model = graph()
    with pytest.raises(GraphError, match='Model "model_1": its layers follow from its graph'):
        edit(model.layers)
    assert len(model.layers) == 3 and model.output_shape == (None, 2)


def test_a_merge_at_the_end_leaves_its_branches():
    start = Input((6,))
    model = Model(start, merge([Dense(3)(start), Dense(3)(start)]))
    model.layers.pop()
    assert model.output_shape == [(None, 3), (None, 3)]


def test_a_model_inside_a_wrapper_or_at_the_front_keeps_its_layers():
    wrapped, front = tower(), tower()
    Sequential([TimeDistributed(wrapped, input_shape=(3, 6))])
    Sequential([front, Dense(2)])
    for inner in (wrapped, front):
        with pytest.raises(GraphError, match="is part of another model"):
            inner.layers.pop()


def test_a_moved_layer_shows_its_own_shape_in_the_summary():
    model = Sequential([Dense(5, input_dim=6), Activation("relu"), Dense(2)])
    del model.layers[0]
    lines = []
    model.layers.insert(0, Dense(5, input_dim=3))
    model.summary(print_fn=lines.append)
    assert not any("multiple" in line for line in lines)
