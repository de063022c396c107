"""Commands about kept trainings: runs, compare, attach."""

import numpy as np
import pytest
from IPython.core.error import UsageError

from kerasnb import runs
from kerasnb.models import clone_model


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("KERASNB_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def fitted(kerasnb, net, samples):
    """Two runs of `net`: of two epochs, of one with another learning rate."""
    kerasnb("fit net --epochs 2 --optimizer sgd --lr 0.1 --wait")
    kerasnb("fit net --epochs 1 --optimizer sgd --lr 0.05 --plain")
    return runs.run_ids()


def test_every_way_to_fit_is_a_run_and_runs_lists_them(kerasnb, fitted, backend):
    table = kerasnb("runs")
    assert [record.id for record in table] == fitted and len(fitted) == 2
    assert "2 epochs done" in repr(table) and repr(table).startswith("2 runs in ")
    assert len(kerasnb("runs net")) == 2 and len(kerasnb("runs other")) == 0
    first = kerasnb("runs --json")["rows"][0]
    assert (first["id"], first["outcome"], first["epochs"], first["best"]["epoch"]) == (fitted[0], "done", 2, 2)


def test_without_runs_the_list_is_empty_and_where_none_are_kept_it_says_so(kerasnb, monkeypatch, net):
    assert repr(kerasnb("runs")).startswith("0 runs in ")
    with pytest.raises(UsageError, match='no run "last"; there are none.'):
        kerasnb("attach last net")
    monkeypatch.setenv("KERASNB_HOME", "off")
    for line in ("runs", "compare", "attach last net"):
        with pytest.raises(UsageError, match="no runs are kept: KERASNB_HOME=off"):
            kerasnb(line)


def test_pruning_keeps_the_newest(kerasnb, fitted):
    assert kerasnb("runs --prune 1") == "removed 1 run, kept the newest 1"
    assert runs.run_ids() == fitted[1:]


def test_compare_says_in_what_runs_differ_and_draws_their_curves(kerasnb, fitted):
    compared = kerasnb(f"compare {fitted[0]} last")
    lines = {line.split("  ")[0]: line.split() for line in compared.text.splitlines()[2:]}
    assert lines["training.optimizer.config.lr"][1:] == ["0.1", "0.05"]
    assert lines["arguments.nb_epoch"][1:] == ["2", "1"]
    assert "backend" not in lines and "data.hash" not in lines
    assert compared.svg.count("<path") >= 4 and ">A<" in compared.svg and f"A: {fitted[0]}" in compared.text


def test_compare_needs_two_runs(kerasnb, fitted):
    assert fitted[1] in repr(kerasnb("compare"))
    with pytest.raises(UsageError, match="two runs or more"):
        kerasnb("compare last")
    with pytest.raises(UsageError, match='no run "nowhere"'):
        kerasnb("compare nowhere last")


def test_compare_of_a_copy_with_new_weights_tells_only_what_a_person_changed(kerasnb, shell, fitted, net):
    shell.user_ns["copy"] = clone_model(net)
    kerasnb("fit copy --epochs 2 --optimizer sgd --lr 0.3 --wait")
    told = [each.what for each in runs.differences([runs.open(fitted[0]), runs.open("last")])]
    assert [what for what in told if what not in ("seconds", "best epoch") and not what.startswith("best ")] == [
        "training.optimizer.config.lr"
    ]


def test_models_of_other_layers_are_compared_by_their_layers(kerasnb, shell, fitted, digits_cnn):
    kerasnb("fit digits_cnn --epochs 1 --wait")
    assert "Flatten, Dense, Dense" in kerasnb(f"compare {fitted[0]} last").text


def test_attach_puts_weights_back_and_the_next_fit_counts_on(kerasnb, fitted, net, backend):
    after = net.get_weights()
    net.set_weights([np.zeros_like(one) for one in after])
    attached = kerasnb("attach last")
    assert all(map(np.array_equal, net.get_weights(), after))
    assert "net has its last weights, of epoch 1; the next %kerasnb fit net counts on" in repr(attached)
    assert kerasnb("fit net --epochs 2 --wait").epoch == [1, 2]


def test_attach_understands_the_model_before_the_run(kerasnb, shell, fitted, net):
    net.set_weights([np.zeros_like(one) for one in net.get_weights()])
    assert "net has its last weights" in repr(kerasnb("attach net last"))
    assert net.get_weights()[0].any() and "last" not in shell.user_ns


def test_attach_builds_a_model_that_is_not_there_as_it_was(kerasnb, shell, fitted, net):
    x = shell.user_ns["x_val"]
    expected = net.predict(x)
    assert "again was built as in the run" in repr(kerasnb("attach last again"))
    again = shell.user_ns["again"]
    assert np.allclose(again.predict(x), expected, atol=1e-6)
    assert type(again.optimizer).__name__ == "SGD" and again.loss == net.loss


def test_attach_refuses_weights_that_do_not_fit_and_leaves_no_variable(kerasnb, shell, fitted, digits_cnn):
    with pytest.raises(UsageError, match="WeightsError"):
        kerasnb("attach last digits_cnn")
    with pytest.raises(UsageError, match="cannot name a variable"):
        kerasnb("attach last 1d")
    (runs.open("last").path / "best.weights.h5").unlink()
    with pytest.raises(UsageError, match="has no best weights"):
        kerasnb("attach last other --best")
    assert "other" not in shell.user_ns


def test_ids_of_runs_are_completed(shell, fitted):
    from IPython.core.completer import provisionalcompleter

    text = "%kerasnb attach 2"
    with provisionalcompleter():
        offered = {text[: each.start] + each.text for each in shell.Completer.completions(text, len(text))}
    assert {f"%kerasnb attach {run}" for run in fitted} <= offered


def test_fresh_gives_new_weights_and_undo_the_former_ones(kerasnb, fitted, net):
    before = net.get_weights()
    assert "Take it back: %kerasnb fresh net --undo" in repr(kerasnb("fresh net"))
    assert not np.allclose(net.get_weights()[0], before[0])
    assert kerasnb("fit net --epochs 1 --wait").epoch == [0] and runs.run_ids()[:2] == fitted
    kerasnb("fresh net --undo")
    assert all(map(np.array_equal, net.get_weights(), before))
    with pytest.raises(UsageError, match="no new weights that could be taken back"):
        kerasnb("fresh net --undo")
