"""All widgets of a model follow it: edits in a Builder, freezing, what cells do, the backend, the learning rate."""

import sys

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.callbacks import LearningRateScheduler
from kerasnb.errors import BusyError
from kerasnb.layers import Dense
from kerasnb.models import Sequential
from kerasnb.widgets import Builder, FitPanel, FreezePanel, Inspector
from kerasnb.workspace import here

X, Y = np.random.RandomState(0).rand(16, 4).astype("float32"), np.random.RandomState(1).rand(16, 2)


@pytest.fixture
def net():
    return Sequential([Dense(3, input_shape=(4,), name="first"), Dense(2, name="last")], name="net")


@pytest.fixture
def widgets(net):
    """Builder, Fit panel, Inspector and Freeze panel of one model."""
    return Builder(net), FitPanel(net, X, Y, loss="mse", nb_epoch=2), Inspector(net, X), FreezePanel(net)


def insert(builder, name="inserted"):
    builder.add("Dense", after="first", name=name, output_dim=3)


def click(panel, kind, **more):
    panel._handle_custom_msg({"kind": kind, **more}, [])


def test_an_insert_in_the_builder_shows_everywhere_at_once(widgets):
    builder, fit, inspector, freeze = widgets
    insert(builder)
    assert builder.model is fit.model is inspector.model is freeze.model
    assert fit.totals["trainable"] == freeze.totals["trainable"] == 15 + 12 + 8
    assert [row["name"] for row in inspector.layers][-3:] == ["first", "inserted", "last"]
    assert [row["name"] for row in freeze.rows] == ["first", "inserted", "last"]


def test_the_fit_panel_trains_the_model_as_it_is_now(widgets, backend):
    builder, fit, *_ = widgets
    fit.fit(wait=True)
    insert(builder)
    before = builder.model.get_layer("inserted").get_weights()[0]
    fit.fit(wait=True)
    assert not np.array_equal(builder.model.get_layer("inserted").get_weights()[0], before)


def test_what_was_changed_since_the_last_fit_is_marked_until_the_next_one(widgets):
    builder, fit, _, freeze = widgets
    insert(builder)
    assert fit.changed == ""
    fit.fit(wait=True)
    insert(builder, "more")
    freeze.freeze("first")
    assert fit.changed == "add more, freeze first"
    fit.fit(wait=True)
    assert fit.changed == ""


def test_an_undone_change_is_no_change_since_the_last_fit(widgets):
    builder, fit, *_ = widgets
    fit.fit(wait=True)
    insert(builder)
    builder.undo()
    assert fit.changed == ""


def test_layers_that_did_not_change_keep_weights_and_optimizer_state_through_the_widgets(widgets):
    builder, fit, *_ = widgets
    fit.fit(wait=True)
    old = builder.model
    insert(builder)
    kernel, former = fit.model.get_layer("first").weights[0], old.get_layer("first").weights[0]
    np.testing.assert_array_equal(K.get_value(kernel), K.get_value(former))
    moments = fit.model.optimizer._state[kernel][0], old.optimizer._state[former][0]
    np.testing.assert_array_equal(*map(K.get_value, moments))


def test_the_inspector_moves_to_what_stands_in_place_of_a_removed_layer(widgets):
    builder, _, inspector, _ = widgets
    inspector.layer = "first"
    builder.remove("first")
    assert inspector.layer == "last" and inspector.stale
    assert inspector.output.shape == (1, 2)


def test_freezing_shows_in_each_from_each(widgets):
    builder, fit, inspector, freeze = widgets
    freeze.freeze("first")
    assert [node["frozen"] for node in builder.state["nodes"]] == [False, True, False]
    assert fit.totals["frozen"] == 15 and next(row for row in inspector.layers if row["name"] == "first")["frozen"]
    builder.undo()
    assert freeze.totals["frozen"] == 0 and fit.totals["frozen"] == 0


def test_what_a_cell_does_shows_when_it_is_over(widgets, net):
    builder, fit, inspector, freeze = widgets
    net.add(Dense(5, name="added"))
    net.get_layer("first").trainable = False
    here.look()
    assert [node["name"] for node in builder.state["nodes"]][-1] == "added"
    assert fit.totals == {"trainable": 8 + 15, "frozen": 15, "other": 0}
    assert inspector.layers[-1]["name"] == "added" and freeze.rows[-1]["name"] == "added"
    assert builder.model is net


def test_freezing_in_a_cell_after_compile_is_said_not_to_be_in_force(net):
    net.compile("sgd", "mse")
    panel = FreezePanel(net)
    net.get_layer("first").trainable = False
    here.look()
    assert panel.status["text"].startswith("takes effect at compile")


def test_a_renamed_model_is_called_so_everywhere(widgets):
    builder, fit, inspector, freeze = widgets
    builder.rename_model("digits")
    assert {fit.title, inspector.title, freeze.title, builder.model.name, builder.state["name"]} == {"digits"}


def test_the_badge_of_the_backend_is_that_in_use(widgets, backend):
    _, fit, inspector, _ = widgets
    other = {"tensorflow": "theano", "theano": "tensorflow"}[backend]
    K.use(other)
    here.look()
    title = {"tensorflow": "TensorFlow", "theano": "Theano"}[other]
    assert fit.backend == inspector.backend == title


def test_the_backend_chosen_in_a_builder_without_layers_is_shown():
    builder, before = Builder(input_shape=(4,)), K.backend()
    other = {"tensorflow": "theano", "theano": "tensorflow"}[before]
    try:
        builder._handle_custom_msg({"type": "backend", "name": other}, [])
        assert builder.state["backends"]["current"] == other
    finally:
        K.use(before)


def test_a_model_whose_name_keras_made_up_goes_by_its_variable_everywhere(monkeypatch):
    unnamed = Sequential([Dense(3, input_shape=(4,))])
    monkeypatch.setattr(sys.modules["__main__"], "wine", unnamed, raising=False)
    builder, freeze = Builder(unnamed), FreezePanel(unnamed)
    assert builder.state["name"] == freeze.title == "wine" and unnamed.name.startswith("sequential_")
    builder.add("Dense", output_dim=2)
    assert freeze.title == builder.model.name == "wine"


def test_the_builder_draws_an_edit_before_others_wait_for_the_new_model(net):
    panel, builder, order = FreezePanel(net), Builder(net), []
    builder.observe(lambda _: order.append("canvas"), "state")
    builder.observe(lambda _: order.append("selection"), "selected")
    panel.observe(lambda _: order.append("rows"), "rows")
    insert(builder)
    assert order == ["selection", "canvas", "rows"] and builder.selected == "inserted"


# ---- two Builders


def test_two_builders_of_one_model_stay_in_step_with_a_selection_each(net):
    one, two = Builder(net), Builder(net)
    two.selected, two.tab = "last", "Table"
    insert(one)
    assert two.state["nodes"] == one.state["nodes"] and two.model is one.model
    assert (one.selected, two.selected, one.tab) == ("inserted", "last", "Canvas")
    two.undo()
    assert [node["name"] for node in one.state["nodes"]] == [node["name"] for node in two.state["nodes"]]
    assert "inserted" not in [node["name"] for node in one.state["nodes"]] and one.selected == "first"


def test_a_panel_may_be_given_a_builder_or_its_subject():
    builder = Builder(input_shape=(4,), name="net")
    builder.add("Dense", output_dim=2)
    assert FreezePanel(builder).model is FreezePanel(builder.subject).model is builder.model
    assert Builder(FreezePanel(builder)).document is builder.document


# ---- while it trains


@pytest.fixture
def training(widgets):
    builder, fit, _, freeze = widgets
    fit.fit(wait=True)
    freeze.freeze("first")
    insert(builder)
    builder.undo()
    with builder.model.control.running("net"):
        yield widgets


STEPS = [
    {"type": "add", "class_name": "Dense"},
    {"type": "undo"},
    {"type": "redo"},
    {"type": "set", "name": "last", "argument": "output_dim", "value": "5"},
    {"type": "trainable", "name": "first", "trainable": True},
    {"type": "rename", "name": "last", "new_name": "end"},
    {"type": "name", "name": "other"},
    {"type": "remove", "name": "last"},
    {"type": "backend", "name": "theano"},
]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step["type"])
def test_while_it_trains_each_step_of_the_builder_is_refused_in_words_and_nothing_is_half_done(training, step):
    builder, _, _, freeze = training
    model, graph, trained = builder.model, builder.document.graph, builder.model._collected_trainable_weights
    builder._handle_custom_msg(step, [])
    assert "is training" in builder.state["refused"]["message"]
    assert builder.document.graph is graph and builder.model is model and builder.document.name == "net"
    assert not model.get_layer("first").trainable and model._collected_trainable_weights is trained
    assert freeze.totals["frozen"] == 15


def test_what_had_to_wait_for_a_training_is_said_until_that_is_over(widgets):
    builder, fit, _, freeze = widgets
    fit.fit(wait=True)
    with builder.model.control.running("net"):
        builder._handle_custom_msg(STEPS[0], [])
        freeze._handle_custom_msg({"kind": "freeze", "layer": "first"}, [])
        assert "is training" in builder.state["refused"]["message"] and "is training" in freeze.error["message"]
    fit.fit(wait=True)
    assert builder.state["refused"] is None and freeze.error == {}


def test_an_undo_of_freezing_that_was_refused_can_be_made_after_the_training(widgets):
    builder, fit, _, freeze = widgets
    fit.fit(wait=True)
    freeze.freeze("first")
    model = builder.model
    with model.control.running("net"), pytest.raises(BusyError):
        builder.undo()
    assert not model.get_layer("first").trainable and not builder.document.graph["first"].trainable
    builder.undo()
    first = model.get_layer("first")
    assert first.trainable and first.weights[0] in model._collected_trainable_weights


# ---- the learning rate


def test_the_rate_follows_a_callback_and_the_next_fit_goes_on_from_it(net, backend):
    rates = []
    schedule = LearningRateScheduler(lambda epoch: 0.1 / 10**epoch)
    panel = FitPanel(net, X, Y, loss="mse", optimizer="sgd", learning_rate=0.5, nb_epoch=3, callbacks=[schedule])
    assert panel.learning_rate == 0.5
    panel.fit(wait=True)
    assert panel.learning_rate == pytest.approx(0.001)
    panel.fit_arguments["callbacks"] = []
    panel.observe(lambda change: rates.append(change["new"]), "learning_rate")
    panel.fit(wait=True)
    assert rates == [] and float(K.get_value(net.optimizer.lr)) == pytest.approx(0.001)


def test_a_rate_that_is_set_between_fits_is_the_optimizers_at_once(net):
    net.compile("sgd", "mse")
    panel = FitPanel(net, X, Y)
    assert panel.learning_rate == pytest.approx(0.01)
    click(panel, "option", name="learning_rate", value="0.25")
    assert float(K.get_value(net.optimizer.lr)) == 0.25
    K.set_value(net.optimizer.lr, 0.125)
    here.look()
    assert panel.learning_rate == 0.125


def test_another_optimizer_shows_no_rate_of_the_one_before(net):
    net.compile("sgd", "mse")
    panel = FitPanel(net, X, Y, nb_epoch=1)
    click(panel, "option", name="optimizer", value="adam")
    assert panel.learning_rate is None
    panel.fit(wait=True)
    assert panel.learning_rate == pytest.approx(0.001)


# ---- advice that edits layers


def test_the_fit_panel_edits_layers_where_a_builder_is_open(net):
    panel = FitPanel(net, X, Y, loss="mse")
    builder = Builder(net)
    panel.edit_layers({"first": {"output_dim": 7}, "last": {"activation": "relu"}})
    assert panel.model.get_layer("first").output_dim == 7 and panel.totals["trainable"] == 35 + 16
    builder.undo()
    assert panel.model.get_layer("first").output_dim == 3
