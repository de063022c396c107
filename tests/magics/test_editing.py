"""Commands that build and edit a model by text: model, add, rm, set, undo, why, open, save, export, demo."""

import threading

import numpy as np
import pytest
from IPython.core.error import UsageError

from kerasnb.callbacks import LambdaCallback
from kerasnb.magics.results import Json
from kerasnb.widgets import FitPanel
from tests.widgets.fake_model import FakeModel

LINES = """
Input(8, 8, 1)
Conv2D(4, 3, activation=relu)     # in the later spelling
Flatten
Dense(10, activation=softmax)
"""


@pytest.fixture
def cell(shell):
    """`cell("model net", "Input(4)\\nDense(2)")` runs that cell."""
    return lambda line, text: shell.run_cell_magic("kerasnb", line, text)


@pytest.fixture
def net(cell):
    cell("model net", LINES)


def layers(shell):
    return [layer.name for layer in shell.user_ns["net"].layers]


def test_a_cell_of_lines_is_a_model_in_its_variable(cell, shell):
    told = cell("model net", LINES)
    assert layers(shell)[-3:] == ["conv_1", "flatten_1", "dense_1"]
    assert "net: 4 layers" in told and "conv_1  (None, 6, 6, 4)" in told


def test_a_cell_that_is_run_again_with_other_lines_keeps_weights_of_layers_that_stay(cell, shell, net):
    kernel = shell.user_ns["net"].get_layer("conv_1").get_weights()[0]
    cell("model net", LINES.replace("Dense(10", "Dense(3"))
    assert shell.user_ns["net"].output_shape == (None, 3)
    np.testing.assert_array_equal(shell.user_ns["net"].get_layer("conv_1").get_weights()[0], kernel)


def test_lines_that_do_not_fit_say_which_and_leave_the_variable(cell, shell, net):
    told = cell("model net", LINES.replace("Conv2D(4, 3", "Conv2D(4, 9"))
    assert "not whole yet" in told and "9x9" in told
    assert shell.user_ns["net"].output_shape == (None, 10)


def test_a_line_that_cannot_be_read_changes_nothing(cell, shell, net):
    with pytest.raises(UsageError, match="line 2.*Did you mean"):
        cell("model net", "Input(4)\nDens(2)")
    assert layers(shell)[-1] == "dense_1"


def test_a_cell_belongs_to_commands_that_take_one(kerasnb, cell):
    with pytest.raises(UsageError, match="two % signs"):
        kerasnb("model net")
    with pytest.raises(UsageError, match="takes one line"):
        cell("backend", "rm -rf")
    with pytest.raises(UsageError, match="no lines"):
        cell("model net", "  \n")


def test_layers_are_added_changed_removed_and_taken_back(kerasnb, shell, net):
    assert kerasnb("add net Dropout(0.25) --after conv_1") == "drop_1"
    assert kerasnb("set net dense_1 units=5") == "net: set output_dim of dense_1, which gives (None, 5)"
    kerasnb("rm net flatten_1 drop_1")
    assert "taken back: remove flatten_1, drop_1, set output_dim" in kerasnb("undo net 2")
    assert "taken again: set output_dim" in kerasnb("redo net")
    kerasnb("undo net 99")
    assert layers(shell)[-3:] == ["conv_1", "flatten_1", "dense_1"]
    assert kerasnb("undo net").endswith("there is nothing to undo")


def test_layers_are_copied_moved_and_called_again(kerasnb, shell, net):
    assert kerasnb("duplicate net dense_1") == "net: added dense_2, which gives (None, 10)"
    assert kerasnb("move net dense_2 --up") == "net: moved dense_2, which gives (None, 10)"
    assert layers(shell)[-2:] == ["dense_2", "dense_1"]
    kerasnb("move net dense_1 --after flatten_1")
    assert layers(shell)[-3:] == ["flatten_1", "dense_1", "dense_2"]
    assert kerasnb("call net dense_2 --after dense_2 --json")["text"].endswith("dense_2 again, which gives (None, 10)")
    assert shell.user_ns["net"].count_params() == 40 + 1450 + 110
    assert "move dense_1 after flatten_1, move dense_2 up, duplicate dense_1" in kerasnb("undo net 4")


def test_a_model_made_in_a_cell_is_edited_and_its_variable_follows(kerasnb, shell, digits_cnn):
    kerasnb('set digits_cnn conv_1 kernel_size="(5, 3)" padding=same')
    assert shell.user_ns["digits_cnn"].get_layer("conv_1").output_shape == (None, 8, 8, 4)
    assert shell.user_ns["digits_cnn"].get_layer("conv_1").get_weights()[0].shape == (5, 3, 1, 4)


@pytest.mark.parametrize(
    "line, says",
    [
        ("add net Dens(3)", 'Did you mean "Dense"'),
        ("add net Dense(3) --after gone", '"gone"'),
        ("rm net dense_1 gone", '"gone"'),
        ("set net dense_1 output_dim", "no ARGUMENT=VALUE"),
        ("duplicate net dense_1 gone", '"gone"'),
        ("duplicate net dense_1 --after flatten_1 --before conv_1", "is not connected"),
        ("move net dense_1", "say where"),
        ("move net dense_1 --up --down", "not allowed with"),
        ("move net dense_1 --down", "nothing reads"),
        ("move net dense_1 --after gone", '"gone"'),
        ("call net input_1", "takes data"),
        ("set net gone units=3", '"gone"'),
        ("set net dense_1 units=many", "output_dim"),
        ("set net conv_1 kernel_size=(1,2,3)", "takes 2 numbers, got 3"),
    ],
)
def test_a_step_that_makes_no_sense_is_refused_and_changes_nothing(kerasnb, shell, net, line, says):
    before = shell.user_ns["net"]
    with pytest.raises(UsageError, match=says):
        kerasnb(line)
    assert kerasnb("undo net").endswith("there is nothing to undo") and shell.user_ns["net"] is before


def test_why_names_the_layer_and_takes_a_fix(kerasnb, shell, net):
    assert "all shapes fit" in kerasnb("why net")
    kerasnb("rm net flatten_1")
    kerasnb("add net LSTM(3) --after conv_1")
    found = kerasnb("why net")
    assert "lstm_1" in repr(found) and len(found) > 0
    assert "all shapes fit" in kerasnb("why net --fix 0")
    kerasnb("undo net")
    with pytest.raises(UsageError, match="there is no 99"):
        kerasnb("why net --fix 99")


def test_what_breaks_in_a_document_is_told_without_a_line_that_nobody_wrote(kerasnb, net):
    kerasnb("add net LSTM(4)")
    told = repr(kerasnb("why net"))
    assert "needs input (batch, time, features)" in told and "At " not in told


def test_a_document_and_a_model_go_to_files_and_come_back(kerasnb, shell, net, tmp_path, capsys):
    kerasnb(f"save net {tmp_path}/net.json")
    kerasnb(f"save net {tmp_path}/net.h5")
    weights = shell.user_ns["net"].get_weights()
    kerasnb(f"open {tmp_path}/net.h5 again")
    assert capsys.readouterr().out.startswith("net.h5: a model in HDF5, as Keras")
    np.testing.assert_array_equal(shell.user_ns["again"].get_weights()[0], weights[0])
    assert kerasnb(f"open {tmp_path}/net.json other").describe().startswith("net: 4 layers")
    with pytest.raises(UsageError, match="there is a file"):
        kerasnb(f"save net {tmp_path}/net.json")
    with pytest.raises(UsageError, match="is taken"):
        kerasnb(f"open {tmp_path}/net.json")
    with pytest.raises(UsageError, match="the model comes first.\nWrite %kerasnb save net b.h5"):
        kerasnb("save b.h5 net")


@pytest.mark.parametrize("path", ["net.json", "no-name.h5"])
def test_a_missing_file_is_told_of_before_the_variable_that_it_would_be_in(kerasnb, net, tmp_path, path):
    with pytest.raises(UsageError, match="there is no file"):
        kerasnb(f"open {tmp_path}/{path}")


def test_a_model_is_exported_as_code_that_runs_and_as_a_drawing(kerasnb, shell, net, tmp_path):
    kerasnb(f"export net {tmp_path}/net.py")
    names = {}
    exec((tmp_path / "net.py").read_text(), names)
    assert names["model"].count_params() == shell.user_ns["net"].count_params()
    for ending, begins in ((".svg", "<svg"), (".json", "{"), (".dot", "digraph")):
        kerasnb(f"export net {tmp_path}/net{ending}")
        assert (tmp_path / f"net{ending}").read_text().startswith(begins)
    with pytest.raises(UsageError, match="ends in none of"):
        kerasnb(f"export net {tmp_path}/net.exe")


def test_json_gives_rows_as_plain_values(kerasnb, net):
    rows = kerasnb("summary net --json")["rows"]
    assert rows[-1]["name"] == "dense_1" and rows[-1]["output_shape"] == [None, 10]


def test_json_tells_of_panels_and_histories_in_numbers(kerasnb, net):
    assert kerasnb("freeze net dense_1 --json")["facts"]["frozen_layers"] == ["dense_1"]
    panel = FitPanel(FakeModel(), np.ones((8, 3)), np.ones((8, 2)), loss="mse", nb_epoch=2)
    assert Json.of(panel)["facts"]["epochs"] == 0
    history = panel.fit(wait=True)
    facts = Json.of(panel)["facts"]
    assert (facts["outcome"], facts["epochs"], len(facts["logs"]["loss"])) == ("done", 2, 2)
    assert Json.of(history)["facts"] == {"epochs": 2, "logs": facts["logs"]}


def test_names_in_braces_are_variables(kerasnb, shell, net):
    shell.user_ns["width"] = 7
    kerasnb("set net dense_1 units={width}")
    assert shell.user_ns["net"].output_shape == (None, 7)


def test_names_in_braces_are_variables_in_the_lines_of_a_cell_too(cell, shell):
    shell.user_ns.update(units=7, act="relu", line=5, cell=6)
    cell("model net", "Input(4)\nDense({units * 2}, activation=$act)\nDense({line})\nlast = Dense({cell})")
    assert [layer.output_shape[1] for layer in shell.user_ns["net"].layers[-3:]] == [14, 5, 6]


def test_a_name_in_braces_that_is_no_variable_is_refused_by_its_line_and_changes_nothing(cell, shell, net):
    shell.user_ns["units"] = 7
    with pytest.raises(UsageError, match="(?s)line 2, 'Dense.{no_such}.'"):
        cell("model net", "Input(4)\nDense({no_such})\nDense({units})")
    assert layers(shell)[-1] == "dense_1"


def test_demo_is_data_and_a_model_to_try_everything_with(kerasnb, shell):
    assert kerasnb("demo").describe().startswith("demo: 6 layers")
    assert shell.user_ns["x_train"].shape[1:] == (8, 8, 1) and shell.user_ns["demo"].output_shape == (None, 10)
    assert len(kerasnb("check demo")) == 0
    with pytest.raises(UsageError, match="is taken"):
        kerasnb("demo")


def test_the_learning_rate_is_told_and_changed(kerasnb, shell, net, samples, backend):
    with pytest.raises(UsageError, match="no optimizer"):
        kerasnb("lr net")
    shell.user_ns["net"].compile("sgd", "mse")
    assert kerasnb("lr net 0.5") == "net: learning rate 0.5 from now on" and kerasnb("lr net").endswith("rate 0.5")


def test_steering_a_model_that_does_not_train_is_refused(kerasnb, net):
    for action in ("pause", "resume", "stop"):
        with pytest.raises(UsageError, match="does not train at this moment"):
            kerasnb(f"{action} net")


def test_a_panel_made_in_a_cell_shows_what_a_command_does_to_its_training(kerasnb, shell, net, samples, backend):
    epochs = threading.Event()
    wait = LambdaCallback(on_epoch_end=lambda epoch, logs: epochs.set())
    x, y = shell.user_ns["x_train"], shell.user_ns["y_train"]
    panel = FitPanel(shell.user_ns["net"], x, y, nb_epoch=100_000, callbacks=[wait])
    panel.fit(wait=False)
    assert epochs.wait(60)
    with pytest.raises(UsageError, match='model "net" is training'):
        kerasnb("fit net --epochs 1")
    kerasnb("pause net")
    assert panel.state == "paused"
    kerasnb("resume net")
    assert panel.state == "running"
    kerasnb("stop net")
    assert len(panel.history.history["loss"]) < 100_000


def test_a_frozen_layer_is_verified(kerasnb, net):
    kerasnb("freeze net conv_1")
    assert "frozen weights unchanged, verified: conv_1" in kerasnb("verify net")


def test_frozen_weights_that_moved_are_an_error(kerasnb, shell, net):
    panel = kerasnb("freeze net conv_1")
    layer = panel.model.get_layer("conv_1")
    layer.set_weights([weight + 1 for weight in layer.get_weights()])
    with pytest.raises(UsageError, match='net: WeightsError: frozen weights moved: conv_1_W, conv_1_b, of "conv_1"'):
        kerasnb("verify net")
