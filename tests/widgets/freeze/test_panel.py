"""The Freeze panel as an object."""

import threading

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.errors import ArgumentError, BusyError, UnknownNameError
from kerasnb.layers import BatchNormalization, Dense
from kerasnb.models import Sequential
from kerasnb.report.freezing import FrozenWeight
from kerasnb.widgets import FitPanel, FreezePanel
from kerasnb.widgets.freeze import panel as panel_module
from kerasnb.widgets.freeze.proof import Proof
from tests.report.connected_models import CONNECTED, with_backbone
from tests.report.small_models import branching_model

X, Y = np.random.RandomState(0).rand(16, 5).astype("float32"), np.eye(2)[[0, 1] * 8]


def click(panel, kind, **more):
    panel._handle_custom_msg({"kind": kind, **more}, [])


def test_freezing_a_layer_changes_counts_rows_and_repr():
    panel = FreezePanel(branching_model())
    panel.freeze("left")
    assert panel.totals == {"trainable": 34, "frozen": 24}
    assert [row["name"] for row in panel.rows if row["frozen"]] == ["left"]
    assert repr(panel) == "FreezePanel(branching: 34 trainable, 24 frozen (left))"


def test_a_refusal_while_training_goes_from_the_strip_when_training_is_over():
    panel = FreezePanel(branching_model())
    panel.show_error("BusyError: it is training")
    panel.subject.fitted()
    assert panel.error == {}


def test_freeze_up_to_here_follows_the_connections():
    panel = FreezePanel(branching_model())
    panel.freeze_up_to("joined")
    assert [row["name"] for row in panel.rows if row["frozen"]] == ["left", "right"]
    panel.unfreeze_all()
    assert panel.totals["frozen"] == 0


def test_a_compiled_model_is_compiled_again_and_the_optimizer_keeps_its_state(backend):
    model = branching_model()
    model.compile("adam", "categorical_crossentropy")
    model.fit(X, Y, nb_epoch=3, verbose=0)
    steps = int(K.get_value(model.optimizer.iterations))
    FreezePanel(model).freeze("left")
    frozen = model.get_layer("left").get_weights()[0]
    model.fit(X, Y, nb_epoch=1, verbose=0)
    assert np.array_equal(frozen, model.get_layer("left").get_weights()[0])
    assert steps > 0 and int(K.get_value(model.optimizer.iterations)) > steps


def test_a_model_that_is_not_compiled_stays_so():
    model = branching_model()
    FreezePanel(model).freeze("left")
    assert not model.is_compiled


def test_a_wrong_name_offers_a_close_one():
    with pytest.raises(UnknownNameError, match='Did you mean "left"'):
        FreezePanel(branching_model()).freeze("lefft")


def test_freezing_while_it_trains_is_refused_and_changes_nothing():
    model = branching_model()
    panel = FreezePanel(model)
    with model.control.running("branching"), pytest.raises(BusyError, match='model "branching" is training'):
        panel.freeze("left")
    assert model.get_layer("left").trainable and panel.totals["frozen"] == 0


def test_a_refused_click_is_shown_in_the_strip_and_the_panel_stays_usable():
    model = branching_model()
    panel = FreezePanel(model)
    with model.control.running("branching"):
        click(panel, "freeze", layer="left")
    assert "BusyError" in panel.error["message"]
    click(panel, "freeze", layer="left")
    assert panel.error == {} and panel.totals["frozen"] == 24


def test_after_a_fit_panel_has_trained_the_proof_is_shown(backend):
    model = branching_model()
    panel = FreezePanel(model)
    panel.freeze("left")
    FitPanel(model, X, Y, nb_epoch=2).fit()
    assert panel.status == {"text": "frozen weights unchanged, verified: left, 24 values", "unchanged": True}


def test_a_layer_frozen_behind_the_compiled_models_back_is_found_out():
    model = branching_model()
    model.compile("sgd", "categorical_crossentropy")
    model.get_layer("left").trainable = False
    panel = FreezePanel(model)
    model.fit(X, Y, nb_epoch=1, verbose=0)
    assert panel.verify() is False and "call model.recompile()" in panel.status["text"]


def test_its_picture_is_a_table_in_text():
    panel = FreezePanel(branching_model())
    panel.freeze("left")
    assert panel.picture().text.splitlines()[:3] == [
        "branching: 34 trainable, 24 frozen (left)",
        "  frozen  left             24",
        "          right            24",
    ]


def test_one_layer_of_a_model_that_is_frozen_as_a_whole_can_be_thawed():
    model = branching_model()
    model.trainable = False
    panel = FreezePanel(model)
    assert panel.totals["trainable"] == 0
    panel.unfreeze("left")
    assert [layer.name for layer in model.layers if layer.trainable and layer.weights] == ["left"]
    assert panel.totals["trainable"] == sum(weight.get_value().size for weight in model.trainable_weights) > 0


def test_a_pattern_freezes_what_matches_and_one_that_matches_nothing_changes_nothing():
    panel = FreezePanel(branching_model())
    panel.freeze("*t")
    assert panel.totals["frozen"] == 58
    panel.unfreeze("l*")
    assert [row["name"] for row in panel.rows if row["frozen"]] == ["right", "out"]
    click(panel, "freeze", layer="conv*")
    assert 'matches "conv*"' in panel.error["message"] and panel.totals["frozen"] == 34


def test_freezing_up_to_a_layer_before_any_weights_is_refused():
    panel = FreezePanel(branching_model())
    with pytest.raises(ArgumentError, match="no layer up to .* has weights"):
        panel.freeze_up_to(panel.rows[0]["name"])


def test_running_averages_of_frozen_layers_move_or_stay_as_the_panel_says(backend):
    model = Sequential([BatchNormalization(input_shape=(5,), name="norm"), Dense(2, name="out")])
    model.compile("sgd", "mse")
    panel = FreezePanel(model)
    panel.freeze("norm")
    assert (panel.averages["rule"], panel.averages["moves"]) == ("auto", True)
    try:
        click(panel, "statistics", rule="stay")
        assert panel.averages == {"rule": "stay", "moves": False, "text": "those of frozen norm stay"}
        mean = model.get_layer("norm").get_weights()[2]
        model.fit(X + 3, Y, nb_epoch=1, verbose=0)
        assert np.array_equal(mean, model.get_layer("norm").get_weights()[2])
        click(panel, "statistics", rule="move")
        model.fit(X + 3, Y, nb_epoch=1, verbose=0)
        assert not np.array_equal(mean, model.get_layer("norm").get_weights()[2])
    finally:
        K.set_frozen_statistics("auto")


def test_the_panel_says_the_rule_that_a_model_was_compiled_under_and_a_click_changes_it(backend):
    """Another model may have changed the rule meanwhile; it counts for this one from its next compile on."""
    model = Sequential([BatchNormalization(input_shape=(5,), name="norm"), Dense(2, name="out")])
    model.compile("sgd", "mse")
    FreezePanel(model).freeze("norm")
    try:
        K.set_frozen_statistics("stay")
        panel = FreezePanel(model)
        assert (panel.averages["rule"], panel.averages["moves"]) == ("auto", True)
        click(panel, "statistics", rule="stay")
        assert (panel.averages["rule"], panel.averages["moves"]) == ("stay", False)
        mean = model.get_layer("norm").get_weights()[2]
        model.fit(X + 3, Y, nb_epoch=1, verbose=0)
        assert np.array_equal(mean, model.get_layer("norm").get_weights()[2]) and panel.verify()
    finally:
        K.set_frozen_statistics("auto")


def test_a_rule_for_running_averages_that_is_none_is_refused():
    panel = FreezePanel(branching_model())
    click(panel, "statistics", rule="stop")
    assert '"auto", "move", "stay"' in panel.error["message"] and K.frozen_statistics() == "auto"


def test_a_frozen_weight_that_moved_is_an_error_with_its_layer_and_what_to_do():
    model = branching_model()
    panel = FreezePanel(model)
    panel.freeze("left")
    model.get_layer("left").set_weights([weight + 1 for weight in model.get_layer("left").get_weights()])
    assert panel.verify() is False
    assert 'WeightsError: frozen weights moved: left_W, left_b, of "left"' in panel.error["message"]
    assert "model.recompile()" in panel.error["message"]


# ---- large models


@pytest.fixture
def gate(monkeypatch):
    """Somebody watches, whatever is frozen counts as large, and a weight is hashed only when the gate is open."""
    gate, fingerprint = threading.Event(), FrozenWeight.fingerprint
    monkeypatch.setenv("KERASNB_WATCHED", "1")
    monkeypatch.setattr(panel_module, "LARGE", 0)
    monkeypatch.setattr(FrozenWeight, "fingerprint", lambda weight: gate.wait(10) and fingerprint(weight))
    yield gate
    gate.set()


def test_freezing_a_large_model_holds_up_nobody_and_says_how_far_it_is(gate):
    panel = FreezePanel(branching_model())
    click(panel, "freeze", layer="*t")
    assert panel.totals["frozen"] == 58 and panel.status["text"] == "takes effect at compile"
    gate.set()
    panel._work.wait()
    assert panel.hashing == {} and panel.verify()
    assert panel.status["text"] == "frozen weights unchanged, verified: left, right, out, 58 values"


def test_how_far_hashing_is_is_told_in_layers():
    model, told = branching_model(), []
    model.get_layer("left").trainable = model.get_layer("out").trainable = False
    proof = Proof(lambda *progress: told.append(progress))
    proof.note(model)
    proof.take()
    assert told == [(0, 2), (0, 2), (1, 2), (1, 2)]


def test_nothing_is_said_to_be_unchanged_until_it_was_hashed_anew(gate):
    panel = FreezePanel(branching_model())
    panel.freeze("left")
    gate.set()
    panel._work.wait()
    panel.verify()
    gate.clear()
    panel.subject.fitted()
    assert panel.status == {}
    gate.set()
    panel._work.wait()
    assert panel.status["unchanged"]


def test_a_weight_that_is_written_before_its_hash_is_there_is_never_verified(gate, backend):
    model = branching_model()
    panel = FreezePanel(model)
    panel.freeze("left")
    model.get_layer("left").set_weights(model.get_layer("left").get_weights())
    gate.set()
    assert panel.verify() is False
    assert panel.status["text"] == "not verified: left written before a hash was taken of what was frozen"
    panel.unfreeze("left")
    panel.freeze("left")
    assert panel.verify() is True


def test_weights_that_do_not_train_are_verified_though_a_fit_began_before_they_were_hashed(gate, backend):
    model = branching_model()
    model.compile("sgd", "categorical_crossentropy")
    panel = FreezePanel(model)
    panel.freeze("left")
    model.fit(X, Y, nb_epoch=1, verbose=0)
    gate.set()
    assert panel.verify() is True


def test_weights_set_in_a_cell_are_found_out_when_the_cell_is_over():
    model = branching_model()
    panel = FreezePanel(model)
    panel.freeze("left")
    model.get_layer("left").set_weights([weight + 1 for weight in model.get_layer("left").get_weights()])
    panel.subject.look()
    assert not panel.status["unchanged"] and "frozen weights moved" in panel.error["message"]


# ---- layers inside models


def frozen_in(panel):
    return [row["name"] for row in panel.rows if row["frozen"]]


def test_layers_inside_models_have_rows_of_their_own_and_count_once():
    panel = FreezePanel(with_backbone())
    rows = {row["name"]: (row["depth"], row["inside"], row["params"]) for row in panel.rows}
    assert (rows["backbone"], rows["backbone/conv_1"]) == ((0, 3, 28), (1, 0, 20))
    assert panel.totals["trainable"] + panel.totals["frozen"] <= panel.model.count_params()


def test_a_layer_inside_is_frozen_by_its_path_and_training_leaves_it(backend):
    model = with_backbone()
    model.compile("sgd", "categorical_crossentropy")
    panel = FreezePanel(model)
    click(panel, "freeze", layer="backbone/conv_1")
    assert frozen_in(panel) == ["backbone/conv_1"] and panel.totals["frozen"] == 20
    before = model.get_layer("backbone").get_weights()
    x, y = np.random.RandomState(0).rand(8, 6, 6, 1), np.eye(2)[[0, 1] * 4]
    model.fit(x, y, nb_epoch=1, verbose=0)
    after = model.get_layer("backbone").get_weights()
    assert np.array_equal(before[0], after[0]) and not np.array_equal(before[2], after[2])
    assert panel.verify() and "backbone/conv_1" in panel.status["text"]


def test_a_layer_inside_a_frozen_model_learns_again_and_the_rest_of_it_stays_frozen():
    model = with_backbone()
    panel = FreezePanel(model)
    panel.freeze("backbone")
    panel.unfreeze("backbone/norm_1")
    assert frozen_in(panel) == ["backbone/conv_1"]
    assert model.get_layer("backbone").trainable
    panel.unfreeze_all()
    assert frozen_in(panel) == [] and panel.totals["trainable"] == sum(
        int(np.prod(weight.shape)) for weight in model.trainable_weights
    )


def test_a_model_all_of_whose_layers_are_frozen_is_frozen_and_thaws_with_them():
    panel = FreezePanel(with_backbone())
    panel.freeze("backbone/*")
    assert panel.describe().endswith("(backbone)")
    panel.unfreeze("backbone")
    assert frozen_in(panel) == []


def test_up_to_a_layer_inside_freezes_what_feeds_its_model_and_what_is_before_it_there():
    panel = FreezePanel(with_backbone())
    panel.freeze_up_to("backbone/norm_1")
    assert frozen_in(panel) == ["backbone", "backbone/conv_1", "backbone/norm_1"]


def test_a_pattern_finds_layers_inside_by_their_own_names():
    panel = FreezePanel(with_backbone())
    panel.freeze("conv*")
    assert frozen_in(panel) == ["backbone/conv_1"]


@pytest.mark.parametrize("make", CONNECTED)
def test_any_model_is_frozen_and_thawed_layer_by_layer(make):
    model = make()
    panel = FreezePanel(model)
    whole = panel.totals["trainable"]
    for row in panel.rows:
        if row["params"]:
            panel.freeze(row["name"])
    assert panel.totals["trainable"] == 0 and model.trainable_weights == []
    panel.unfreeze_all()
    assert panel.totals == {"trainable": whole, "frozen": 0}
