"""Runs of Keras models: their weights on disk by Keras's own `save_weights`, put back, gone on from."""

import keras
import numpy as np
import pytest

from kerasnb import runs
from kerasnb.callbacks import LambdaCallback
from kerasnb.errors import WeightsError
from kerasnb.magics.commands import attach
from kerasnb.views import view_of
from kerasnb.widgets import FitPanel
from tests.runs.test_recorder import home, small_model  # noqa: F401
from tests.views.keras_models import CLASSES, ROWS, chain
from tests.widgets.fit.test_runs import interrupt_newest_run

pytestmark = [
    pytest.mark.usefixtures("home"),
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]


def eager(rate=0.05):
    model = chain()
    optimizer = keras.optimizers.SGD(rate, momentum=0.5)
    model.compile(optimizer, "sparse_categorical_crossentropy", run_eagerly=True)
    return model


def fitted(epochs=4, worse_from=99):
    """A model with a run, and its weights after each epoch."""
    model, kept = eager(), []

    def begin(epoch, logs):
        model.optimizer.learning_rate = 50.0 if epoch >= worse_from else 0.05

    keep = LambdaCallback(on_epoch_begin=begin, on_epoch_end=lambda epoch, logs: kept.append(model.get_weights()))
    panel = FitPanel(model, ROWS, CLASSES, nb_epoch=epochs, batch_size=6, callbacks=[keep])
    panel.fit(wait=True)
    return model, kept, panel


def equal(one, other):
    return all(map(np.array_equal, one, other))


def test_best_and_last_weights_of_a_run_are_files_that_keras_reads():
    model, kept, panel = fitted(worse_from=2)
    record, best = runs.open("last"), int(np.argmin(panel.history.history["loss"]))
    assert best < 3 and (record.weights_epoch("best"), record.weights_epoch()) == (best + 1, 4)
    assert equal(model.get_weights(), kept[3])  # writing the best ones has left them
    other = eager()
    other.optimizer.build(other.trainable_variables)
    other.load_weights(record.path / "best.weights.h5")
    assert equal(other.get_weights(), kept[best])
    assert panel.offer == {"which": "best", "epoch": best + 1} and panel.restore() == best + 1
    assert equal(model.get_weights(), kept[best])


def test_a_new_model_of_keras_goes_on_from_a_run_as_the_old_one_would():
    model, kept, _ = fitted(2)
    other = eager(rate=0.5)
    assert runs.open("last").restore(other) == 2
    assert equal(other.get_weights(), kept[1])
    assert float(other.optimizer.learning_rate) == pytest.approx(0.05)
    for each in (model, other):
        each.get_layer("drop").rate = 0.0  # whose masks are no part of a file
        each.train_on_batch(ROWS, CLASSES)
    assert equal(model.get_weights(), other.get_weights())


def test_attach_and_an_interrupted_run_count_on_with_keras_models():
    model, kept, _ = fitted(2)
    interrupt_newest_run(planned=5)
    new = eager()
    new.name = model.name
    panel = FitPanel(new, ROWS, CLASSES, nb_epoch=9, batch_size=6)
    assert panel.interrupted["text"] == "The kernel ended at epoch 2 of 5." and panel.interrupted["epoch"] == 2
    assert len(panel.go_on(wait=True).history["loss"]) == 3 and panel.runs[-1].epochs == 5
    record = runs.open("last")
    assert (record.epochs, record.description["continues"]) == (5, runs.run_ids()[0])
    assert "net has its last weights, of epoch 5; the next %kerasnb fit net" in attach._told(
        record, "net", "last", record.restore(new), new, False
    )


def test_weights_that_do_not_fit_change_nothing():
    fitted(1)
    record = runs.open("last")
    other = keras.Sequential([keras.Input((5,)), keras.layers.Dense(4), keras.layers.Dense(3)])
    before = other.get_weights()
    with pytest.raises(WeightsError, match="do not fit model"):
        record.restore(other)
    assert equal(before, other.get_weights())
    with pytest.raises(WeightsError, match="of a model of keras, this one is of kerasnb"):
        record.restore(small_model())


def test_a_moment_without_the_optimizer_state_says_so_in_its_file(tmp_path):
    model = eager()
    model.train_on_batch(ROWS, CLASSES)
    for has_state in (True, False):
        view_of(model).moment(1, has_state).write(tmp_path / "of.weights.h5")
        assert view_of(eager()).take_weights(tmp_path / "of.weights.h5") is has_state


def test_a_fresh_start_gives_new_weights_but_to_frozen_layers_and_can_be_taken_back():
    model, _, panel = fitted(epochs=1)
    panel.subject.freeze([model.layers[0].name])
    before, rate = model.get_weights(), float(model.optimizer.learning_rate.numpy())
    optimizer = model.optimizer
    state = [each.numpy() for each in optimizer.variables]
    panel.begin_anew()
    frozen = len(model.layers[0].get_weights())
    assert equal(model.get_weights()[:frozen], before[:frozen]) and not equal(model.get_weights(), before)
    assert int(model.optimizer.iterations.numpy()) == 0
    assert float(model.optimizer.learning_rate.numpy()) == pytest.approx(rate)
    panel.take_back_fresh_start()
    assert equal(model.get_weights(), before) and model.optimizer is optimizer
    assert equal([each.numpy() for each in optimizer.variables], state)
