"""The runs of a Fit panel and of a LiveHistory: kept, restored, gone on from."""

import json

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import runs
from kerasnb.callbacks import LambdaCallback
from kerasnb.errors import ArgumentError
from kerasnb.widgets import FitPanel, LiveHistory
from tests.runs.test_recorder import X, Y, home, small_model  # noqa: F401

pytestmark = pytest.mark.usefixtures("home")


def click(panel, kind, **more):
    panel._handle_custom_msg({"kind": kind, **more}, [])


def interrupt_newest_run(planned):
    """Make the newest run look as if its kernel had been killed."""
    file = runs.open("last").path / "run.json"
    described = json.loads(file.read_text())
    described |= {"outcome": "running", "planned": planned}
    described["process"]["pid"] = 2**22 + 1
    file.write_text(json.dumps(described))


def worse_from(epoch, model):
    """A callback that makes training worse from that epoch on."""
    return LambdaCallback(
        on_epoch_begin=lambda at, logs: K.set_value(model.optimizer.lr, 50.0 if at >= epoch else 0.05)
    )


def test_each_fit_of_a_panel_is_a_run_that_says_how_it_was_called(backend):
    panel = FitPanel(small_model(), X, Y, nb_epoch=2, batch_size=16, shuffle=False)
    panel.fit()
    [record] = runs.all()
    assert record.curve.logs["loss"] == pytest.approx(panel.history.history["loss"])
    arguments = record.description["arguments"]
    assert (arguments["batch_size"], arguments["shuffle"], arguments["initial_epoch"]) == (16, False, 0)
    assert panel.kept == f"kept in {record.path}"


def test_the_best_weights_come_back_by_a_click_and_the_last_by_another(backend):
    model = small_model()
    kept = []
    keep = LambdaCallback(on_epoch_end=lambda epoch, logs: kept.append(model.get_weights()))
    panel = FitPanel(model, X, Y, nb_epoch=4, callbacks=[worse_from(2, model), keep])
    panel.fit()
    best = int(np.argmin(panel.history.history["loss"]))
    assert panel.offer == {"which": "best", "epoch": best + 1} and best < 3
    click(panel, "restore", which="best")
    assert all(map(np.array_equal, model.get_weights(), kept[best]))
    assert panel.offer == {"which": "last", "epoch": 4}
    click(panel, "restore", which="last")
    assert all(map(np.array_equal, model.get_weights(), kept[3]))


def test_nothing_is_offered_where_the_last_epoch_is_the_best():
    panel = FitPanel(small_model(), X, Y, nb_epoch=2)
    panel.fit()
    assert panel.offer == {}
    with pytest.raises(ArgumentError, match="no best weights"):
        FitPanel(small_model(), X, Y).restore()
    with pytest.raises(ArgumentError, match='weights are "best" or "last", got \'foo\''):
        panel.restore("foo")


def test_where_the_loss_breaks_the_last_good_weights_come_back_and_the_panel_says_why(backend):
    model = small_model()
    kept = []
    breaks = LambdaCallback(
        on_epoch_begin=lambda epoch, logs: epoch == 2 and K.set_value(model.layers[0].W, np.full((5, 3), np.nan)),
        on_epoch_end=lambda epoch, logs: kept.append(model.get_weights()),
    )
    panel = FitPanel(model, X, Y, nb_epoch=9, callbacks=[breaks])
    panel.fit()
    assert "loss became nan in epoch 3" in panel.error["message"]
    assert "The weights of epoch 2 are back." in panel.error["message"]
    assert all(map(np.array_equal, model.get_weights(), kept[1]))


def test_a_person_may_want_the_broken_weights():
    model = small_model()
    breaks = LambdaCallback(
        on_epoch_begin=lambda epoch, logs: epoch == 1 and K.set_value(model.layers[0].W, np.full((5, 3), np.nan))
    )
    panel = FitPanel(model, X, Y, nb_epoch=3, callbacks=[breaks])
    click(panel, "option", name="returns_good", value=False)
    panel.fit()
    assert np.isnan(model.get_weights()[0]).all() and "of no use now" in panel.error["message"]


def test_after_a_restart_the_panel_says_where_the_kernel_ended_and_goes_on_from_there(backend):
    through = small_model()
    begin = through.get_weights()
    FitPanel(through, X, Y, nb_epoch=6, shuffle=False).fit()
    runs.prune(0)

    first = small_model()
    first.set_weights(begin)
    FitPanel(first, X, Y, nb_epoch=4, shuffle=False).fit()
    interrupt_newest_run(planned=6)

    again = small_model()
    panel = FitPanel(again, X, Y, nb_epoch=6, shuffle=False)
    assert panel.interrupted["text"] == "The kernel ended at epoch 4 of 6." and panel.interrupted["epoch"] == 4
    assert len(panel.curve["run"]["logs"]["loss"]) == 4
    click(panel, "go_on")
    panel.wait()
    assert len(panel.curve["run"]["logs"]["loss"]) == 6 and panel.interrupted == {}
    assert all(
        np.allclose(one, two, atol=1e-6) for one, two in zip(again.get_weights(), through.get_weights(), strict=True)
    )
    assert runs.open("last").epochs == 6


def test_a_run_of_another_model_is_no_interrupted_run_of_this_one():
    other = small_model()
    other.name = "other"
    FitPanel(other, X, Y, nb_epoch=1).fit()
    interrupt_newest_run(planned=6)
    panel = FitPanel(small_model(), X, Y)
    assert panel.interrupted == {} and [each["text"][:6] for each in panel.earlier_runs] == ["other,"]


def test_an_interrupted_run_whose_weights_do_not_fit_is_said_and_the_panel_stays_usable():
    FitPanel(small_model(units=7), X, Y, nb_epoch=1).fit()
    interrupt_newest_run(planned=6)
    panel = FitPanel(small_model(), X, Y, nb_epoch=1)
    click(panel, "go_on")
    panel._job.wait()
    assert panel.error["message"].startswith("WeightsError") and panel.state == "idle"
    panel.fit()
    assert panel.status["outcome"] == "done"


def test_earlier_runs_can_be_laid_beside_the_curve():
    FitPanel(small_model(), X, Y, nb_epoch=3).fit()
    panel = FitPanel(small_model(), X, Y, nb_epoch=1)
    [earlier] = panel.earlier_runs
    assert "3 epochs done" in earlier["text"] and not earlier["shown"]
    panel.fit()
    click(panel, "show_run", run=earlier["id"], shown=True)
    [beside] = panel.curve["beside"]
    assert beside["name"].startswith("run of ") and len(beside["logs"]["loss"]) == 3 and panel.earlier_runs[0]["shown"]
    click(panel, "show_run", run=earlier["id"], shown=False)
    assert panel.curve["beside"] == []


def test_runs_of_other_panels_are_offered_as_soon_as_the_list_is_opened():
    first, other = FitPanel(small_model(), X, Y, nb_epoch=1), small_model()
    first.fit()
    other.name = "other"
    FitPanel(other, X, Y, nb_epoch=2).fit()
    assert first.earlier_runs == []
    click(first, "look_for_runs")
    [offered] = first.earlier_runs  # its own is the curve
    assert offered["text"].startswith("other, run of ") and "2 epochs done" in offered["text"]
    click(first, "show_run", run=offered["id"], shown=True)
    click(first, "look_for_runs")
    assert first.earlier_runs[0]["shown"]
    assert [each["name"][:14] for each in first.curve["beside"]] == ["other, run of "]


def test_after_attaching_the_next_fit_counts_on():
    model = small_model()
    FitPanel(model, X, Y, nb_epoch=3).fit()
    runs.open("last").restore(model)
    panel = FitPanel(model, X, Y, nb_epoch=2)
    panel.fit()
    assert panel.history.epoch == [3, 4] and panel.runs[-1].epochs == 5 == panel.runs[-1].planned


def test_a_live_history_is_kept_as_a_run_too(backend):
    model = small_model()
    live = LiveHistory()
    history = model.fit(X, Y, nb_epoch=2, verbose=0, callbacks=[live])
    assert runs.open("last").curve.logs["loss"] == pytest.approx(history.history["loss"])
    runs.open("last").restore(model)
    model.fit(X, Y, nb_epoch=3, initial_epoch=2, verbose=0, callbacks=[live])
    assert live.runs[-1].epochs == 3 == runs.open("last").epochs


def test_a_live_history_of_a_fit_that_fails_is_a_failed_run():
    def fail(epoch, logs):
        raise ZeroDivisionError

    live = LiveHistory()
    with pytest.raises(ZeroDivisionError):
        small_model().fit(X, Y, nb_epoch=2, verbose=0, callbacks=[live, LambdaCallback(on_epoch_end=fail)])
    assert runs.open("last").describe() == "failed at epoch 1 of 2" and live.runs[-1].outcome == "failed"


def test_a_recorder_given_to_the_panel_keeps_its_fit_alone():
    recorder = runs.RunRecorder("mine", tensorboard=True)
    FitPanel(small_model(), X, Y, nb_epoch=1, callbacks=[recorder]).fit()
    assert runs.run_ids() == [recorder.id] and (runs.open("mine").path / "tensorboard").is_dir()


def test_a_folder_that_cannot_be_written_is_said_in_the_panel_and_training_goes_on(home):  # noqa: F811
    (home / "kernel").write_text("a file in the folder's place")
    (home / "pytest").write_text("a file in the folder's place")
    panel = FitPanel(small_model(), X, Y, nb_epoch=1)
    panel.fit()
    assert "cannot be written" in panel.error["message"] and "KERASNB_HOME" in panel.error["message"]
    assert panel.status["outcome"] == "done" and panel.kept == ""


def test_a_click_gives_new_weights_and_another_the_former_ones_back(backend):
    panel = FitPanel(small_model(), X, Y, nb_epoch=2)
    panel.fit()
    before = panel.model.get_weights()
    click(panel, "begin_anew")
    assert panel.fresh == {"text": "new weights, the optimizer begins anew"} and panel.changed == "new weights"
    assert not np.allclose(panel.model.get_weights()[0], before[0])
    panel.fit()
    assert panel.history.epoch == [0, 1] and panel.fresh  # the former ones can still be had
    click(panel, "take_back")
    np.testing.assert_array_equal(panel.model.get_weights()[0], before[0])
    assert panel.fresh == {} and panel.changed == ""


def test_frozen_layers_are_named_that_a_fresh_start_leaves_alone(backend):
    panel = FitPanel(small_model(), X, Y, nb_epoch=1)
    panel.subject.freeze([panel.model.layers[0].name])
    panel.begin_anew()
    assert panel.fresh["text"].endswith(f"frozen and as they were: {panel.model.layers[0].name}")
