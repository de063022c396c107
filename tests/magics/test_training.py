"""Commands that change or train a model: backend, data, freeze, unfreeze, fit."""

import numpy as np
import pytest
from IPython.core.error import UsageError

from kerasnb import backend as K
from kerasnb.callbacks import History, LambdaCallback
from kerasnb.layers import Dense, Input
from kerasnb.models import Model


def test_backend_tells_and_switches(kerasnb, backend):
    assert kerasnb("backend") == backend
    other = {"tensorflow": "theano", "theano": "tensorflow"}[backend]
    assert repr(kerasnb(f"backend {other}")) == f"backend: {other} from now on"
    assert K.backend() == other


def test_backend_names_models_whose_kernels_look_the_other_way_now(kerasnb, digits_cnn, net, backend):
    other = {"tensorflow": "theano", "theano": "tensorflow"}[backend]
    said = repr(kerasnb(f"backend {other}"))
    assert f"so what digits_cnn learnt on {backend} is wrong now" in said and " net" not in said
    assert "convert_all_kernels_in_model(digits_cnn)" in said
    assert repr(kerasnb(f"backend {other}")) == f"backend: {other} from now on"  # nothing crossed


def test_data_fills_the_usual_variables_and_says_so(kerasnb, shell):
    loaded = kerasnb("data digits")
    assert shell.user_ns["x_train"].shape == (1438, 8, 8, 1)
    assert list(loaded) == ["x_train", "y_train", "x_val", "y_val"]
    assert "1,438 samples in x_train and y_train, 359 in x_val and y_val" in repr(loaded)


def test_data_takes_other_names_and_another_split(kerasnb, shell):
    kerasnb("data digits --names a b c d --split 0.5")
    assert len(shell.user_ns["c"]) == 898
    assert "x_train" not in shell.user_ns


def test_data_lists_all_sets_that_the_tutorials_use_and_so_does_its_help(kerasnb):
    names = ["digits", "iris", "wine", "breast_cancer", "diabetes", "linnerud", "sample_images"]
    assert [line.split()[0] for line in repr(kerasnb("data")).splitlines()[: len(names)]] == names
    assert all(name in kerasnb("data -h") for name in names)


def test_data_fills_variables_with_a_table_and_with_pictures(kerasnb, shell):
    assert "wine: 142 samples in x_train and y_train, 36 in x_val and y_val" in repr(kerasnb("data wine"))
    assert "y labels 0 to 2" in repr(kerasnb("data wine")) and shell.user_ns["x_train"].max() > 1000
    assert "2 photographs in pictures" in repr(kerasnb("data sample_images --names pictures a b c"))
    assert shell.user_ns["pictures"].shape == (2, 427, 640, 3) and "a" not in shell.user_ns


@pytest.mark.parametrize("line", ["data digit", "data digits --names a b c 1d"])
def test_data_refuses_wrong_names_and_fills_nothing(kerasnb, shell, line):
    with pytest.raises(UsageError):
        kerasnb(line)
    assert "a" not in shell.user_ns


def test_freeze_and_unfreeze_named_layers(kerasnb, digits_cnn):
    panel = kerasnb("freeze digits_cnn conv_1")
    assert panel.describe() == "digits_cnn: 1,450 trainable, 40 frozen (conv_1)"
    assert kerasnb("unfreeze digits_cnn") is panel
    assert panel.describe() == "digits_cnn: 1,490 trainable, 0 frozen"


def test_freeze_up_to_a_layer_freezes_what_it_is_computed_from(kerasnb, digits_cnn):
    kerasnb("freeze digits_cnn --up-to flatten_1")
    assert [layer.name for layer in digits_cnn.layers if layer.weights and not layer.trainable] == ["conv_1"]


def test_freeze_offers_the_close_layer_and_freezes_nothing(kerasnb, digits_cnn):
    with pytest.raises(UsageError, match='no layer "conv_11".*Did you mean "conv_1"'):
        kerasnb("freeze digits_cnn dense_1 conv_11")
    assert all(layer.trainable for layer in digits_cnn.layers)


def test_check_says_what_speaks_against_a_training_and_what_mends_it(kerasnb, net, samples):
    assert repr(kerasnb("check net")) == (
        "net: nothing speaks against training it on x_train and y_train with sparse_categorical_crossentropy"
    )
    found = kerasnb("check net --loss mse")
    (advice,) = found
    assert "each target is one number from 0 to 9" in advice.text
    assert advice.fixes[0].code() == "loss='sparse_categorical_crossentropy'"
    lines = repr(found).splitlines()
    assert lines[-1] == "    to mend it: loss='sparse_categorical_crossentropy'"
    assert max(map(len, lines[1:])) <= 100  # a page shows them whole


def test_check_takes_several_arrays_as_fit_does(kerasnb, shell):
    a, b = Input((4,), name="a"), Input((6,), name="b")
    shell.user_ns["two"] = Model([a, b], [Dense(1, name="v")(a), Dense(3, activation="softmax", name="k")(b)])
    shell.user_ns.update(p=np.ones((9, 4)), q=np.ones((9, 6)), v=np.ones(9), k=np.arange(9) % 3, numbers=[[1.0], [2.0]])
    assert "nothing speaks" in repr(kerasnb("check two --x p q --y v k --batch-size 4"))
    assert "nothing speaks" in repr(kerasnb("check two --x b=q a=p --y k=k v=v --batch-size 4"))
    (missing,) = kerasnb("check two --x p --y v k --batch-size 4")
    assert missing.text == "x holds 1 array; the model has 2 inputs."
    (missing,) = kerasnb("check two --x p q --y v --batch-size 4 --loss mse sparse_categorical_crossentropy")
    assert missing.text == "y holds 1 array; the model has 2 outputs."
    with pytest.raises(UsageError, match="Make it one: numbers = np.array"):
        kerasnb("check two --x numbers")


def test_fit_without_a_front_end_has_trained_when_it_returns(kerasnb, net, samples, backend):
    panel = kerasnb("fit net --epochs 2 --batch-size 16")
    assert len(panel.history.history["val_loss"]) == 2
    assert net.compile_arguments["loss"] == "sparse_categorical_crossentropy"


def test_frozen_weights_stay_and_others_move(kerasnb, net, samples, backend):
    panel = kerasnb("freeze net hidden")
    before = [layer.get_weights()[0].copy() for layer in net.layers[1:]]
    kerasnb("fit net --epochs 1")
    np.testing.assert_array_equal(net.layers[1].get_weights()[0], before[0])
    assert not np.array_equal(net.layers[-1].get_weights()[0], before[1])
    assert panel.verify()


@pytest.mark.parametrize("how", ["--plain", "--wait"])
def test_fit_that_waits_returns_the_history(kerasnb, net, samples, backend, how, capsys):
    history = kerasnb(f"fit net --epochs 1 {how} --optimizer sgd --lr 0.25")
    assert isinstance(history, History) and repr(history).startswith("History(1 epoch: loss ")
    assert set(history.history) == {"loss", "acc", "val_loss", "val_acc"}
    assert float(K.get_value(net.optimizer.lr)) == 0.25


def test_a_fit_that_ends_early_by_itself_says_why(kerasnb, net, samples, backend):
    with pytest.warns(RuntimeWarning, match="loss became"):
        kerasnb("fit net --epochs 9 --optimizer sgd --lr 1e38 --wait")


def test_panel_is_shown_once_in_the_cell_that_trains(net, samples, shell, capsys):
    for line in ("panel = %kerasnb fit net --epochs 1\npanel", "%kerasnb fit net --epochs 1"):
        shell.run_cell(line, store_history=True)
        assert capsys.readouterr().out.count("FitPanel(net: ") == 1
    shell.run_cell("panel", store_history=True)
    assert capsys.readouterr().out.count("FitPanel(net: ") == 1


def test_fit_can_only_open_the_panel(kerasnb, digits_cnn, samples):
    panel = kerasnb("fit digits_cnn --open --epochs 7")
    assert (panel.is_training, panel.nb_epoch, panel.history) == (False, 7, None)


def test_fit_validates_on_other_arrays_only_when_asked(kerasnb, digits_cnn, samples, shell):
    shell.user_ns.update(x=shell.user_ns["x_train"], y=shell.user_ns["y_train"])
    assert kerasnb("fit digits_cnn --open --x x --y y").data["validation"] == 0
    assert kerasnb("fit digits_cnn --open --x x --y y --split 0.25").data["validation"] == 16
    assert kerasnb("fit digits_cnn --open --validation x_val y_val").data["validation"] == 16


def test_fit_without_data_says_how_to_get_some(kerasnb, digits_cnn):
    with pytest.raises(UsageError, match='no variable "x_train"; there are no arrays yet.\nLoad some: %kerasnb data'):
        kerasnb("fit digits_cnn")


def test_fit_with_data_that_does_not_fit_is_a_short_message(kerasnb, digits_cnn, samples, shell):
    shell.user_ns["y_train"] = shell.user_ns["y_train"][:10]
    with pytest.raises(UsageError, match="%kerasnb fit: DataError: .*64.*10"):
        kerasnb("fit digits_cnn --plain")


def test_fit_gives_each_output_its_loss_and_the_optimizer_its_arguments(kerasnb, shell):
    shell.user_ns.update(two=two_heads(), x=np.zeros((8, 4)), age=np.zeros(8), species=np.resize([0, 1, 2], 8))
    panel = kerasnb(
        "fit two --open --x x --y age=age species=species --loss age=mae --loss-weights age=0.5 "
        "--metrics age=mse,mae --optimizer sgd(momentum=0.9,clipnorm=1) --lr 0.2"
    )
    assert [(each["loss"], each["weight"], each["metrics"]) for each in panel.outputs] == [
        ("mae", 0.5, "mse, mae"),
        ("sparse_categorical_crossentropy", 1.0, ""),
    ]
    assert (panel.optimizer, panel.learning_rate) == ("sgd", 0.2)
    assert panel.optimizer_form["values"] == {"momentum": "0.9", "clipnorm": "1.0"}


@pytest.mark.parametrize("how", ["", "--plain"])
def test_fit_takes_batches_callbacks_and_class_weights(kerasnb, shell, net, samples, how, backend):
    x, y = shell.user_ns["x_train"], shell.user_ns["y_train"]
    seen = []
    shell.user_ns["batches"] = ((x, y) for _ in iter(int, 1))
    shell.user_ns["callback"] = LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(logs["loss"]))
    weights = " ".join(f"{number}=0" for number in range(10))
    kerasnb(
        f"fit net {how} --x batches --steps 2 --epochs 1 --loss sparse_categorical_crossentropy "
        f"--callbacks callback --class-weight {weights}"
    )
    assert seen == [pytest.approx(0.0)]


@pytest.mark.parametrize(
    "line, says",
    [
        ("--loss a=mse mae", "a name to each or to none"),
        ("--class-weight cat=1", "a number for each class"),
        ("--callbacks x_train", "holds no callbacks"),
        ("--optimizer sgd(0.1)", "a call with names"),
        ("--optimizer sgd(momentun=0.1)", "momentum"),
        ("--loss-weights much", "a number from 0"),
        ("--on nowhere", "must be .local:n."),
    ],
)
def test_fit_refuses_what_it_cannot_read(kerasnb, digits_cnn, samples, line, says):
    with pytest.raises(UsageError, match=says):
        kerasnb(f"fit digits_cnn --open {line}")


def test_fit_on_several_processes_tells_the_panel(kerasnb, digits_cnn, samples):
    panel = kerasnb("fit digits_cnn --open --on local:2")
    assert panel.fit_arguments["machines"] == "local:2"


def two_heads():
    x = Input((4,))
    return Model(x, [Dense(1, name="age")(x), Dense(3, activation="softmax", name="species")(x)], name="two")


def test_curves_draws_in_another_way_and_writes_files(kerasnb, net, samples, tmp_path):
    with pytest.raises(UsageError, match="has no Fit panel yet"):
        kerasnb("curves net")
    panel = kerasnb("fit net --epochs 1")
    assert repr(kerasnb("curves net --axis batch --linear --smoothing 0.6 --metric acc")) == (
        "net: by batch, linear axis, smoothing 0.6"
    )
    assert panel.curve_view == {"axis": "batch", "log": False, "smoothing": 0.6, "metric": "acc"}
    kerasnb(f"curves net --save {tmp_path / 'net.csv'}")
    assert (tmp_path / "net.csv").read_text() == panel.csv()


def test_in_a_terminal_nothing_is_said_of_a_fit_before_it_is_over(kerasnb, net, samples, capsys):
    panel = kerasnb("fit net --epochs 1")
    assert "not fitted yet" not in capsys.readouterr().out
    assert "1 epoch done" in repr(panel)
