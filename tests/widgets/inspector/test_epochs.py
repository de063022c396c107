"""What the Inspector shows over epochs, while a model trains and afterwards."""

import numpy as np
import pytest

from kerasnb.errors import DataError
from kerasnb.widgets import FitPanel, Inspector
from tests.report.small_models import branching_model

X, Y = np.random.RandomState(0).rand(16, 5).astype("float32"), np.eye(2)[[0, 1] * 8]


@pytest.fixture
def every_epoch(monkeypatch):
    """However long it takes."""
    monkeypatch.setattr("kerasnb.widgets.inspector.recording.MOST_TIME", 1e9)


def test_epochs_of_a_fit_panel_are_seen_and_their_last_column_is_the_weights_as_they_are(backend, every_epoch):
    model = branching_model()
    inspector = Inspector(model, X, layer="left")
    inspector.tab = "Epochs"
    assert inspector.look["state"] == "empty"
    drawn = []
    inspector.observe(lambda change: drawn.append(change["new"]["series"][0]["epochs"]), "epochs")
    FitPanel(model, X, Y, nb_epoch=3).fit()
    inspector.refresh()
    weight, bias, outputs = inspector.epochs["series"]
    assert [each["name"] for each in (weight, bias, outputs)] == ["left_W", "left_b", "outputs"]
    assert weight["epochs"] == [1, 3] and weight["size"] == [32, 3] and drawn[0] == [1, 1]
    values = model.get_layer("left").get_weights()[0]
    high, low = map(float, weight["ends"])
    assert low <= values.min() + 1e-2 and high >= values.max() - 1e-2


def test_epochs_of_ones_own_fit_are_seen_by_the_recorder(every_epoch):
    model = branching_model()
    model.compile("sgd", "categorical_crossentropy")
    inspector = Inspector(model, X, layer="left")
    model.fit(X, Y, nb_epoch=2, verbose=0, callbacks=[inspector.recorder])
    inspector.tab = "Epochs"
    assert inspector.look["state"] == "ready" and inspector.epochs["series"][0]["epochs"] == [1, 2]


def test_what_goes_wrong_while_recording_is_told_and_training_goes_on(monkeypatch):
    model = branching_model()
    inspector = Inspector(model, X)

    def fail(*_):
        raise DataError("no such thing")

    monkeypatch.setattr(inspector._recording, "take", fail)
    panel = FitPanel(model, X, Y, nb_epoch=2)
    panel.fit()
    assert len(panel.history.epoch) == 2 and "no such thing" in inspector.error["message"]


def test_recording_waits_where_it_would_take_more_than_its_share_of_the_training(monkeypatch):
    inspector = Inspector(branching_model(), X)
    monkeypatch.setattr("kerasnb.widgets.inspector.recording.MOST_TIME", 1e-9)
    taken = [inspector._recording.take(inspector.model, [], inspector.model.get_layer("left"), [X]) for _ in range(3)]
    assert taken == [True, False, False]
