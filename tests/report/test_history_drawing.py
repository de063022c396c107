"""The lasting picture of a training as SVG."""

import math
from pathlib import Path
from xml.etree import ElementTree as Xml

import numpy as np
import pytest

import kerasnb.widgets
from kerasnb.report import Run, history_svg
from kerasnb.report.history import Mark
from kerasnb.report.history_drawing import comparison_svg

LOGS = {"loss": [0.9, 0.4], "val_loss": [0.8, 0.3], "acc": [0.5, 0.8], "val_acc": [0.6, 0.9]}
SVG = "{http://www.w3.org/2000/svg}"


def texts(run, earlier=None):
    return [element.text for element in Xml.fromstring(history_svg(run, earlier)).iter(f"{SVG}text")]


def curves(run):
    paths = Xml.fromstring(history_svg(run)).iter(f"{SVG}path")
    return [path.get("d") for path in paths if path.get("transform")]


def noisy(epochs):
    values = np.abs(np.random.RandomState(0).randn(epochs, 4)) + 1e-3
    return Run(logs=dict(zip(LOGS, values.T.tolist(), strict=True)))


def test_it_has_a_chart_for_the_loss_and_one_for_the_metric_with_their_curves():
    words = texts(Run(logs=LOGS), Run(number=1, logs=LOGS))
    assert "Loss, log scale" in words and "Accuracy" in words
    assert words.count("train") == words.count("validation") == words.count("run 1") == 2


def test_it_marks_the_best_epoch_with_its_values():
    assert [text for text in texts(Run(logs=LOGS)) if text.startswith("best")] == [
        "best: epoch 2, 0.300",
        "best: epoch 2, 0.900",
    ]


def changed(*places):
    marks = [Mark(at, "learning rate", f"learning rate {at + 1:g} → {at + 2:g}") for at in places]
    return Run(logs={"loss": [0.9, 0.5, 0.4, 0.2], "acc": [0.5, 0.6, 0.8, 0.9]}, marks=marks)


def test_it_flags_where_the_learning_rate_changed_and_says_so():
    svg = Xml.fromstring(history_svg(changed(1, 2.5)))
    flags = [path.get("d").count("z") for path in svg.iter(f"{SVG}path") if path.get("d").endswith("z")]
    assert flags == [2, 2, 1]  # two in each chart, one before the words
    assert "after epoch 1: learning rate 2 → 3; in epoch 3: learning rate 3.5 → 4.5" in texts(changed(1, 2.5))


def test_of_many_changes_the_newest_are_told_and_the_picture_stays_small():
    run = noisy(20000)
    run.marks = [Mark(at, "learning rate", "learning rate 1 → 0.1") for at in range(20000)]
    assert any(text.startswith("19,997 more before; after epoch 19997") for text in texts(run))
    assert len(history_svg(run, noisy(20000)).encode()) < 20 * 1024


def test_a_run_without_changes_has_neither_flags_nor_room_for_words():
    assert 'viewBox="0 0 960 250"' in history_svg(changed()) and "z" not in "".join(curves(changed()))


def test_a_change_in_an_epoch_that_did_not_end_is_flagged_at_the_end_of_the_axis():
    (ended, not_ended) = (Xml.fromstring(history_svg(changed(at))) for at in (4, 4.9))
    flags = [
        [path.get("d") for path in svg.iter(f"{SVG}path") if path.get("d").endswith("z")] for svg in (ended, not_ended)
    ]
    assert flags[0] == flags[1]


def test_the_axis_of_a_run_that_was_stopped_ends_at_what_was_trained():
    stopped = Run(planned=100_000, outcome="stopped", logs={"loss": np.linspace(1, 0.1, 206).tolist()})
    assert {"1", "50", "200"} <= set(texts(stopped)) and "100000" not in texts(stopped)
    assert curves(stopped) == curves(Run(planned=206, logs=stopped.logs))


def test_a_loss_that_is_not_positive_has_an_even_axis():
    assert "Loss" in texts(Run(logs={"loss": [1.0, -0.1]}))


@pytest.mark.parametrize("epochs", [100, 1000, 20000])
def test_it_has_at_most_20_kib_however_long_and_noisy_the_training(epochs):
    assert len(history_svg(noisy(epochs), noisy(epochs)).encode()) < 20 * 1024


def test_a_peak_among_very_many_epochs_is_drawn():
    values = [1.0] * 5000
    values[3210] = 9.0
    (path,) = curves(Run(logs={"loss": values}))
    assert any(int(step.split(" ")[1]) < 0 for step in path.split("l")[1:])


def test_a_curve_goes_on_after_epochs_that_are_not_finite():
    (path,) = curves(Run(logs={"loss": [1.0, 0.5, math.nan, 0.4, 0.3]}))
    assert path.count("M") == 2 and path.count("l") == 2


def test_a_run_of_one_epoch_and_one_of_nan_can_be_drawn():
    assert "best: epoch 1, 0.500" in texts(Run(logs={"loss": [0.5]}))
    assert texts(Run(logs={"loss": [math.nan, math.nan]}))


def test_names_stay_text():
    svg = history_svg(Run(logs={"loss": [1.0, 0.5], "<script>": [1.0, 2.0]}), title="<b>net</b>")
    assert "<script>" not in svg and "<b>" not in svg


def test_the_same_run_gives_the_same_picture():
    assert history_svg(noisy(50)) == history_svg(noisy(50))


def test_curves_have_the_class_by_which_the_style_sheet_hides_them_beneath_their_live_view():
    sheet = (Path(kerasnb.widgets.__file__).parent / "frontend" / "history" / "lasting.css").read_text()
    name = Xml.fromstring(history_svg(Run(logs=LOGS))).get("class")
    assert name and f'img[src*="{name}"]' in sheet
    assert Xml.fromstring(comparison_svg({"one": Run(logs=LOGS)})).get("class") is None
