"""How curves are drawn and saved: axis, log, smoothing; marks where something was changed; the course inside epochs."""

import csv
import io

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import runs
from kerasnb.callbacks import Callback, LambdaCallback, LearningRateScheduler
from kerasnb.errors import ArgumentError, FileError
from kerasnb.report.curve_table import curves_csv
from kerasnb.report.history import Run
from kerasnb.widgets import FitPanel, LiveHistory
from kerasnb.widgets.curves.trail import MOST, Trail
from tests.runs.test_recorder import X, Y, home, small_model  # noqa: F401


def click(panel, kind, **more):
    panel._handle_custom_msg({"kind": kind, **more}, [])


def marks(run):
    return [(mark.at, mark.text) for mark in run.marks]


def test_a_mark_stands_where_a_schedule_moves_the_rate(backend, home):  # noqa: F811
    schedule = LearningRateScheduler(lambda epoch: 0.1 if epoch < 2 else 0.01)
    panel = FitPanel(small_model(), X, Y, nb_epoch=3, callbacks=[schedule])
    panel.fit()
    wanted = [(2, "learning rate 0.1 → 0.01")]
    assert marks(panel.runs[-1]) == wanted and marks(runs.open("last").curve) == wanted
    assert panel.curve["run"]["marks"] == [{"at": 2, "what": "learning rate", "text": "learning rate 0.1 → 0.01"}]


class RateByBatch(Callback):
    """Lowers the rate after the second of four batches of the first epoch."""

    def on_batch_end(self, batch, logs=None):
        if batch == 1:
            K.set_value(self.model.optimizer.lr, 0.05)


def test_a_rate_that_changes_inside_an_epoch_is_marked_there(backend):
    panel = FitPanel(small_model(), X, Y, nb_epoch=2, batch_size=16, callbacks=[RateByBatch()])
    panel.fit()
    assert marks(panel.runs[-1]) == [(0.5, "learning rate 0.1 → 0.05")]


def test_where_a_curve_goes_on_it_is_marked_what_was_frozen_and_the_rate(backend, home):  # noqa: F811
    model = small_model()
    FitPanel(model, X, Y, nb_epoch=2).fit()
    runs.open("last").restore(model, "last")
    panel = FitPanel(model, X, Y, nb_epoch=1)
    panel.subject.freeze([model.layers[0].name])
    panel.learning_rate = 0.02
    panel.fit()
    assert marks(panel.runs[-1]) == [(2, "learning rate 0.1 → 0.02"), (2, f"frozen: {model.layers[0].name}")]
    assert marks(runs.open("last").curve) == marks(panel.runs[-1])
    assert runs.open("last").frozen == (model.layers[0].name,)


def test_a_plain_fit_with_live_history_has_marks_too(backend):
    live = LiveHistory(axis="batch")
    schedule = LearningRateScheduler(lambda epoch: 0.1 / (epoch + 1))
    small_model().fit(X, Y, nb_epoch=2, verbose=0, callbacks=[schedule, live])
    assert marks(live.recorder.run) == [(1, "learning rate 0.1 → 0.05")]


def test_points_inside_an_epoch_are_the_averages_of_the_batches_between_them():
    trail = Trail()
    assert trail.add(0.5, {"loss": 4.0}, 10) == (0.5, {"loss": 4.0})
    assert trail.add(1.0, {"loss": 3.0}, 20) == (1.0, {"loss": 2.0})
    assert trail.add(1.0, {"loss": 3.0}, 20) is None
    trail.begin_epoch()
    assert trail.add(1.5, {"loss": 1.0}, 10) == (1.5, {"loss": 1.0})


def test_a_long_training_keeps_as_many_points_as_a_short_one():
    trail = Trail()
    for at in range(10_000):
        trail.begin_epoch()
        trail.add(at, {"loss": 1.0}, 1)
    assert MOST <= len(trail.points) < 2 * MOST
    assert trail.points[-1][0] == 9_999


def test_the_course_inside_epochs_is_kept_for_pages_that_are_loaded_again(backend, monkeypatch):
    monkeypatch.setattr("kerasnb.widgets.curves.feed.INTERVAL", 0.0)
    panel = FitPanel(small_model(), X, Y, nb_epoch=2, batch_size=16, callbacks=[RateByBatch()], shuffle=False)
    losses = panel.fit().history["loss"]
    run = panel.curve["run"]
    assert run["epoch_batches"] == 4 and [at for at, _ in run["trail"]] == [0.25 * step for step in range(1, 9)]
    assert np.mean([figures["loss"] for _, figures in run["trail"][:4]]) == pytest.approx(losses[0], rel=1e-4)


def test_the_table_has_every_digit_and_the_runs_beside(home):  # noqa: F811
    panel = FitPanel(small_model(), X, Y, nb_epoch=2)
    history = panel.fit().history
    panel.show_run("last")
    assert panel.shown_runs == [runs.open("last").id]
    rows = list(csv.DictReader(io.StringIO(panel.csv())))
    assert [(row["run"], row["epoch"]) for row in rows[:2]] == [("run 1", "1"), ("run 1", "2")]
    assert [float(row["loss"]) for row in rows[:2]] == history["loss"] and len(rows) == 4


def test_a_figure_that_is_not_known_is_empty_and_an_infinite_one_is_told():
    run = Run(logs={"loss": [1.0, float("inf")], "val_loss": [float("nan"), 2.0]})
    assert curves_csv({"a,b": run}) == 'run,epoch,loss,val_loss\n"a,b",1,1.0,\n"a,b",2,inf,2.0\n'


def test_the_browser_asks_for_the_table_and_gets_it_as_a_message():
    panel, sent = FitPanel(small_model(), X, Y, nb_epoch=1), []
    panel.fit()
    panel.send = sent.append
    click(panel, "csv")
    assert sent == [{"kind": "file", "name": "small.csv", "text": panel.csv()}]


def test_curves_are_saved_as_table_and_picture(tmp_path):
    panel = FitPanel(small_model(), X, Y, nb_epoch=1)
    with pytest.raises(ArgumentError, match="no curves yet"):
        panel.save_curves(tmp_path / "a.csv")
    panel.fit()
    assert panel.save_curves(tmp_path / "a.csv").read_text() == panel.csv()
    assert panel.save_curves(tmp_path / "a.svg").read_text().startswith("<svg")
    assert panel.save_curves(tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(ArgumentError, match=r"as \.csv, \.svg or \.png, got 'a\.bmp'"):
        panel.save_curves(tmp_path / "a.bmp")
    with pytest.raises(FileError):
        panel.save_curves(tmp_path / "nowhere" / "a.csv")


def test_the_view_is_changed_by_a_click_or_a_call():
    panel = FitPanel(small_model(), X, Y)
    click(panel, "view", name="smoothing", value=0.6)
    panel.set_view(axis="batch", log=False, metric="acc")
    assert panel.curve_view == {"axis": "batch", "log": False, "smoothing": 0.6, "metric": "acc"}


@pytest.mark.parametrize(
    "name, value", [("axis", "hour"), ("log", "yes"), ("smoothing", 1), ("metric", 3), ("zoom", 2)]
)
def test_a_view_that_cannot_be_is_refused_and_changes_nothing(name, value):
    panel = FitPanel(small_model(), X, Y)
    before = panel.curve_view
    click(panel, "view", name=name, value=value)
    assert panel.error["message"] and panel.curve_view == before
    with pytest.raises(ArgumentError):
        LiveHistory(**{name: value})


class StopsInValidation(Callback):
    """Asks training to stop while the second epoch validates."""

    def on_test_begin(self, logs=None):
        self.begun = getattr(self, "begun", 0) + 1
        if self.begun == 2:
            self.model.control.stop()


def test_a_whole_epoch_is_in_history_and_run_when_stop_comes_during_its_validation(backend, home):  # noqa: F811
    stops, ended = StopsInValidation(), []
    panel = FitPanel(
        small_model(),
        X,
        Y,
        (np.tile(X, (20, 1)), np.tile(Y, (20, 1))),
        nb_epoch=5,
        batch_size=1,
        callbacks=[stops, LambdaCallback(on_epoch_end=lambda epoch, logs: ended.append(epoch))],
    )
    history = panel.fit().history
    assert (len(history["loss"]), len(history["val_loss"])) == (2, 1)
    assert panel.runs[-1].epochs == 2 and runs.open("last").epochs == 2
    assert panel.runs[-1].outcome == "stopped" and ended == [0]
