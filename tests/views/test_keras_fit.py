"""Training Keras 3 models by the Fit panel, and LiveHistory in Keras's own fit."""

import keras
import numpy as np
import pytest

from kerasnb.errors import ArgumentError, BusyError
from kerasnb.views import view_of
from kerasnb.widgets import FitPanel, FreezePanel, LiveHistory
from tests.views.keras_models import CLASSES, ROWS, chain


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setenv("KERASNB_HOME", "off")


class Steering(keras.callbacks.Callback):
    """A callback of Keras that steers the panel of its own fit."""

    def __init__(self, act, batch=1):
        super().__init__()
        self.act, self.at = act, batch

    def on_train_batch_end(self, batch, logs=None):
        if batch == self.at:
            self.act()


def eager():
    """A model whose steps are run one by one: a traced one takes a second to make."""
    model = chain()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"], run_eagerly=True)
    return model


def panel_of(model, **arguments):
    return FitPanel(model, ROWS, CLASSES, batch_size=2, **arguments)


def test_a_model_that_is_not_compiled_is_compiled_as_suits_the_data():
    panel = panel_of(chain(), nb_epoch=2)
    assert (panel.optimizer, panel.loss) == ("adam", "sparse_categorical_crossentropy")
    assert panel.backend == "Keras on TensorFlow"
    history = panel.fit(wait=True)
    assert panel.runs[-1].logs == history.history
    assert list(history.history) == ["accuracy", "loss"] and len(history.history["loss"]) == 2


def test_a_compiled_model_stays_as_it_was_compiled():
    model, optimizer = chain(), keras.optimizers.SGD(0.25)
    model.compile(optimizer, "sparse_categorical_crossentropy", run_eagerly=True)
    panel = panel_of(model, nb_epoch=1)
    assert (panel.optimizer, panel.learning_rate) == ("sgd", 0.25)
    panel.fit(wait=True)
    assert model.optimizer is optimizer


def test_stop_keeps_the_history():
    model = eager()
    panel = panel_of(model, nb_epoch=50, callbacks=[Steering(lambda: panel.stop())])
    history = panel.fit(wait=True)
    assert len(history.history["loss"]) == 1
    assert panel.status["outcome"] == "stopped" and panel.status["text"].startswith("stopped after 1 epoch of 50")


def test_the_learning_rate_counts_from_the_next_step_and_is_marked():
    model = eager()
    panel = panel_of(model, nb_epoch=2, callbacks=[Steering(lambda: setattr(panel, "learning_rate", 0.125))])
    panel.fit(wait=True)
    assert float(model.optimizer.learning_rate) == 0.125
    assert [mark["text"] for mark in panel.curve["run"]["marks"]] == ["learning rate 0.001 → 0.125"]


def test_pause_holds_the_training_until_resume():
    model, seen = eager(), []
    control = view_of(model).control
    # in the first batch, before anything was heard of the training
    turn = Steering(lambda: (panel.pause(), seen.append(control.is_paused), panel.resume()), batch=0)
    panel = panel_of(model, nb_epoch=2, callbacks=[turn])
    panel.fit(wait=True)
    assert seen == [True, True] and panel.status["outcome"] == "done"


def test_nothing_is_frozen_while_it_trains():
    model, refused = eager(), []

    def freeze():
        with pytest.raises(BusyError) as error:
            FreezePanel(model).freeze("first")
        refused.append(error.value.message)

    panel_of(model, nb_epoch=1, callbacks=[Steering(freeze)]).fit(wait=True)
    assert refused == [f'model "{model.name}" is training.'] and model.get_layer("first").trainable


def test_what_was_frozen_is_proved_after_a_fit():
    model = eager()
    panel = panel_of(model, nb_epoch=1)
    panel.fit(wait=True)
    FreezePanel(model).freeze("first")
    panel.fit(wait=True)
    assert panel.status["verified"] == "frozen weights unchanged, verified: first, 24 values, after epoch 1"


def test_weights_from_before_come_back_where_the_loss_breaks():
    model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(1e30), "mse", run_eagerly=True)
    before = model.get_weights()
    panel = panel_of(model, nb_epoch=3)
    panel.fit(wait=True)
    assert "loss became" in panel.error["message"]
    assert all(map(np.array_equal, before, model.get_weights()))


def test_live_history_is_a_callback_of_keras():
    model, live = eager(), LiveHistory()
    history = model.fit(ROWS, CLASSES, epochs=3, validation_split=0.5, callbacks=[live], verbose=0)
    assert live.runs[-1].logs == history.history
    assert (live.runs[-1].outcome, live.runs[-1].planned) == ("done", 3)


def test_live_history_goes_from_a_fit_of_keras_to_one_of_kerasnb():
    from kerasnb.layers import Dense
    from kerasnb.models import Sequential

    first, second, live = chain(), Sequential([Dense(2, input_dim=5, activation="softmax")]), LiveHistory()
    for model in (first, second):
        model.compile("sgd", "sparse_categorical_crossentropy")
    first.run_eagerly = True
    first.fit(ROWS, CLASSES, epochs=1, callbacks=[live], verbose=0)
    second.fit(ROWS, CLASSES, nb_epoch=2, callbacks=[live], verbose=0)
    assert [run.epochs for run in live.runs] == [1, 2]


def test_the_form_has_the_arguments_of_keras_own_optimizer():
    model = chain()
    model.compile(keras.optimizers.SGD(0.25, momentum=0.5), "sparse_categorical_crossentropy", run_eagerly=True)
    form = panel_of(model).optimizer_form
    named = {field["name"]: field["kind"] for field in form["fields"]}
    assert "learning_rate" not in named and form["rate"] == "0.01"
    assert (named["momentum"], named["nesterov"], named["ema_overwrite_frequency"]) == ("number", "boolean", "integer")
    assert form["values"] == {"momentum": "0.5"}


def test_another_argument_of_the_optimizer_keeps_what_it_knows_of_each_weight():
    model = chain()
    model.compile(keras.optimizers.SGD(0.25, momentum=0.5), "sparse_categorical_crossentropy", run_eagerly=True)
    panel = panel_of(model, nb_epoch=1)
    panel.fit(wait=True)
    before, velocity = model.optimizer, model.optimizer.variables[-1].numpy()
    panel.set_optimizer_arguments(momentum="0.75", clipnorm="1")
    assert model.optimizer is before and panel.optimizer_form["values"] == {"momentum": "0.75", "clipnorm": "1.0"}
    panel._compiling.prepare()
    made = model.optimizer
    assert (made.momentum, made.clipnorm, float(made.learning_rate), int(made.iterations)) == (0.75, 1.0, 0.25, 3)
    assert np.abs(velocity).max() > 0 and np.array_equal(made.variables[-1].numpy(), velocity)


def test_a_schedule_stays_where_another_argument_of_the_optimizer_changes():
    model, schedule = chain(), keras.optimizers.schedules.ExponentialDecay(0.5, 10, 0.9)
    model.compile(keras.optimizers.Adam(schedule), "sparse_categorical_crossentropy", run_eagerly=True)
    panel = panel_of(model)
    panel.set_optimizer_arguments(beta_1=0.5)
    panel._compiling.prepare()
    assert model.optimizer.beta_1 == 0.5 and model.optimizer._learning_rate is schedule


def test_an_argument_that_keras_refuses_changes_nothing():
    model = eager()
    panel = panel_of(model)
    with pytest.raises(ArgumentError, match="Adam refuses these arguments: .*`ema_momentum`"):
        panel.set_optimizer_arguments(use_ema="True", ema_momentum="2")
    with pytest.raises(ArgumentError, match='no argument of Adam "momentum"'):
        panel.set_optimizer_arguments(momentum="0.5")
    assert panel.optimizer_form["values"] == {}
