"""Variables that hold models: found, missing, and following a Builder."""

import numpy as np
import pytest
from IPython.core.error import UsageError


def test_missing_variable_offers_the_close_one(kerasnb, digits_cnn):
    with pytest.raises(UsageError, match='no variable "digits_cn"; models here: digits_cnn. Did you mean "digits_cnn"'):
        kerasnb("summary digits_cn")


def test_missing_variable_says_how_to_build_one(kerasnb):
    with pytest.raises(UsageError, match="no models yet.\nBuild one: %kerasnb build net"):
        kerasnb("summary net")


def test_variable_with_something_else_says_what_it_holds(kerasnb, shell):
    shell.user_ns["x"] = 3
    with pytest.raises(UsageError, match='"x" is no model but an int'):
        kerasnb("summary x")


def test_missing_array_is_named_beside_an_imported_numpy(kerasnb, shell, net):
    shell.user_ns.update(np=np, ndarray=np.ndarray, samples=np.zeros((2, 8, 8, 1)))
    with pytest.raises(UsageError, match='no variable "nope"; arrays here: samples'):
        kerasnb("check net --x nope --y nope")


def test_variable_follows_its_builder(kerasnb, shell):
    builder = kerasnb("build net --input 4")
    assert "net" not in shell.user_ns
    builder.add("Dense", output_dim=2)
    shell.run_cell("shape = net.output_shape", silent=False)
    assert shell.user_ns["shape"] == (None, 2)
    assert shell.user_ns["net"] is builder.model


def test_variable_keeps_the_last_good_model(kerasnb, shell):
    builder = kerasnb("build net --input 4")
    builder.add("Dense", output_dim=2)
    good = builder.model
    builder.add("Convolution2D", nb_filter=1, nb_row=3, nb_col=3)
    shell.run_cell("pass")
    assert shell.user_ns["net"] is good


def test_name_given_to_something_else_is_let_go(kerasnb, shell):
    builder = kerasnb("build net --input 4")
    builder.add("Dense", output_dim=2)
    shell.run_cell("net = 5")
    builder.add("Dense", output_dim=3)
    shell.run_cell("pass")
    assert shell.user_ns["net"] == 5


def test_building_again_opens_the_same_builder(kerasnb):
    builder = kerasnb("build net --input 4")
    builder.add("Dense", output_dim=2)
    assert kerasnb("build net --tab table") is builder
    assert builder.tab == "Table"


def test_builder_in_a_variable_stands_for_its_model(kerasnb, shell):
    from kerasnb.widgets import Builder

    shell.user_ns["builder"] = Builder(input_shape=(4,))
    shell.user_ns["builder"].add("Dense", output_dim=2, name="dense_1")
    assert kerasnb("summary builder")["dense_1"].params == 10


def test_empty_builder_is_no_model_yet(kerasnb):
    kerasnb("build net --input 4")
    with pytest.raises(UsageError, match='"net" is no whole model yet: its Builder has no layers'):
        kerasnb("summary net")


def test_all_widgets_of_a_name_follow_what_is_built(kerasnb, shell, net, samples):
    fit, inspector, locks = kerasnb("fit net --open"), kerasnb("inspect net"), kerasnb("freeze net")
    builder = kerasnb("build net")
    builder.add("Dense", after="hidden", name="inserted", output_dim=4)
    assert fit.model is inspector.model is locks.model is builder.model is not net
    assert fit.totals["trainable"] == locks.totals["trainable"] == 64 * 4 + 4 + 20 + 50
    assert "inserted" in [row["name"] for row in inspector.layers]
    assert kerasnb("summary net")["inserted"].params == 20 and shell.user_ns["net"] is builder.model


def test_what_a_cell_adds_shows_in_the_widgets_of_the_name(kerasnb, shell, net, samples):
    builder, locks = kerasnb("build net"), kerasnb("freeze net")
    shell.run_cell("from kerasnb.layers import Dense\nnet.add(Dense(3, name='added'))")
    assert builder.state["nodes"][-1]["name"] == locks.rows[-1]["name"] == "added"
    assert shell.user_ns["net"] is net and kerasnb("shapes net")["added"].output_shape == (None, 3)


def test_freezing_by_the_magic_is_refused_wholly_while_it_trains(kerasnb, net):
    builder = kerasnb("build net")
    with net.control.running("net"), pytest.raises(UsageError, match='model "net" is training'):
        kerasnb("freeze net hidden")
    assert net.get_layer("hidden").trainable and builder.document.graph["hidden"].trainable


def test_a_name_keeps_its_document_when_the_builder_was_closed(kerasnb):
    builder = kerasnb("build net --input 4")
    builder.add("Dense", output_dim=2)
    builder.close()
    again = kerasnb("build net")
    assert again is not builder and again.document.undo_label == "add dense_1"
