"""The lasting picture of a training."""

import math
import sys

from kerasnb.report import Run, figure_png, history_figure
from kerasnb.report.history import Mark

LOGS = {"loss": [0.9, 0.4], "val_loss": [0.8, 0.3], "acc": [0.5, 0.8], "val_acc": [0.6, 0.9]}


def test_the_picture_has_a_panel_for_the_loss_and_one_for_the_metric():
    titles = [axis.get_title(loc="left") for axis in history_figure(Run(logs=LOGS)).axes]
    assert titles == ["Loss, log scale", "Accuracy"]


def test_the_loss_is_on_a_log_axis_unless_it_is_not_positive():
    scales = [history_figure(Run(logs={"loss": values})).axes[0].get_yscale() for values in ([1.0, 0.1], [1.0, -0.1])]
    assert scales == ["log", "linear"]


def test_the_picture_marks_the_best_epoch_with_its_value():
    axis = history_figure(Run(logs=LOGS)).axes[0]
    assert [text.get_text() for text in axis.texts] == ["best: epoch 2, 0.300"]


def test_the_picture_flags_where_something_changed():
    marks = [Mark(0, "frozen", "frozen: conv_1"), Mark(1.5, "learning rate", "learning rate 1 → 0.1")]
    axis = history_figure(Run(logs=LOGS, marks=marks)).axes[0]
    assert [line.get_xdata()[0] for line in axis.lines if line.get_marker() == "v"] == [1, 1.5]


def test_the_same_run_gives_the_same_bytes():
    assert figure_png(Run(logs=LOGS)) == figure_png(Run(logs=LOGS))


def test_a_run_of_one_epoch_and_one_of_nan_can_be_drawn():
    assert figure_png(Run(logs={"loss": [0.5]})) and figure_png(Run(logs={"loss": [math.nan, math.nan]}))


def test_drawing_needs_no_pyplot(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)  # importing it now fails
    assert figure_png(Run(logs=LOGS))
