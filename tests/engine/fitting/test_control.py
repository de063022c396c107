"""Stop, pause and interrupt of a running fit, from threads, callbacks and signals."""

import signal
import threading

import numpy as np
import pytest

from kerasnb.callbacks import Callback, CSVLogger, LambdaCallback, ModelCheckpoint
from kerasnb.engine.fitting import loops, steps
from kerasnb.engine.fitting.control import TrainingControl
from kerasnb.engine.fitting.steps import StepRunner
from kerasnb.errors import BusyError
from kerasnb.layers import Dense
from kerasnb.models import Sequential

X, Y = np.random.RandomState(0).rand(64, 4), np.random.RandomState(1).rand(64, 2)


def compiled():
    model = Sequential([Dense(2, input_shape=(4,))])
    model.compile("sgd", "mse")
    return model


def fit(model, *callbacks, **arguments):
    return model.fit(X, Y, **{"batch_size": 8, "nb_epoch": 3, "verbose": 0, "callbacks": list(callbacks), **arguments})


class At(Callback):
    """Does something after the first call of the first epoch."""

    def __init__(self, act, handles_interrupt=False):
        super().__init__()
        self.act, self.handles_interrupt = act, handles_interrupt
        self.calls, self.ended = 0, False

    def on_steps_end(self, batch, logs=None):
        self.calls += 1
        if self.calls == 1:
            self.act(self.model)

    def on_train_end(self, logs=None):
        self.ended = True


def raise_interrupt(model):
    signal.raise_signal(signal.SIGINT)


def usable(model):
    return not model.control.is_running and model.is_compiled and len(fit(model, nb_epoch=1).epoch) == 1


def test_stop_from_a_callback_ends_after_this_call(backend):
    model, watch = compiled(), At(lambda model: model.control.stop())
    history = fit(model, watch)
    assert watch.calls == 1 and watch.ended and history.epoch == [] and model.control.stopped
    assert usable(model) and not model.control.stopped


def test_stop_between_epochs_keeps_what_was_done(backend):
    model = compiled()
    stop = LambdaCallback(on_epoch_end=lambda epoch, logs: model.control.stop() if epoch == 1 else None)
    history = fit(model, stop, nb_epoch=9)
    assert history.epoch == [0, 1] and len(history.history["loss"]) == 2


def test_stop_training_ends_after_the_epoch(backend):
    model = compiled()

    class Enough(Callback):
        def on_batch_end(self, batch, logs=None):
            self.model.stop_training = True

    assert fit(model, Enough()).epoch == [0]


def test_stop_from_another_thread_ends_within_a_call(backend):
    model, calls = compiled(), []
    begun, stopped = threading.Event(), threading.Event()

    class Watch(Callback):
        def on_steps_end(self, batch, logs=None):
            calls.append(stopped.is_set())
            begun.set()
            if len(calls) == 3:
                assert stopped.wait(20)

    thread = threading.Thread(target=lambda: (begun.wait(20), model.control.stop(), stopped.set()))
    thread.start()
    fit(model, Watch(), nb_epoch=10_000)
    thread.join()
    assert calls.count(True) <= 1 and usable(model)


def test_training_in_a_thread_pauses_and_resumes(backend):
    model, paused = compiled(), threading.Event()
    watch = At(lambda model: (model.control.pause(), paused.set()))
    thread = threading.Thread(target=fit, args=(model, watch))
    thread.start()
    assert paused.wait(60)
    assert model.control.is_running and model.control.is_paused
    weights = model.get_weights()
    model.predict(X)  # the model may be looked at meanwhile
    assert all(map(np.array_equal, weights, model.get_weights()))
    model.control.resume()
    thread.join(60)
    assert not thread.is_alive() and model.history.epoch == [0, 1, 2] and not model.control.is_paused


def test_stop_ends_a_paused_training(backend):
    model, paused = compiled(), threading.Event()
    thread = threading.Thread(target=fit, args=(model, At(lambda model: (model.control.pause(), paused.set()))))
    thread.start()
    assert paused.wait(60)
    model.control.stop()
    thread.join(60)
    assert not thread.is_alive() and usable(model)


def test_a_second_fit_is_refused_while_training(backend):
    model, errors = compiled(), []

    def try_again(model):
        for attempt in (lambda: fit(model), lambda: model.compile("sgd", "mse"), model.recompile, lambda: model.pop()):
            with pytest.raises(BusyError, match='model "sequential_1" is training(.|\n)*model.control.stop') as error:
                attempt()
            errors.append(error)

    assert fit(model, At(try_again)).epoch == [0, 1, 2]
    assert len(errors) == 4 and usable(model)


def test_an_interrupt_is_raised_again_and_the_model_stays_usable(backend):
    model, watch = compiled(), At(raise_interrupt)
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        fit(model, watch)
    assert watch.calls == 1 and watch.ended and signal.getsignal(signal.SIGINT) is before and usable(model)


def test_an_interrupt_ends_gracefully_when_a_callback_takes_it(backend):
    model, watch = compiled(), At(raise_interrupt, handles_interrupt=True)
    history = fit(model, watch)
    assert watch.calls == 1 and watch.ended and history is model.history and model.control.interrupted and usable(model)


def test_a_process_that_ignores_interrupts_trains_on(backend):
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert fit(compiled(), At(raise_interrupt)).epoch == [0, 1, 2]
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_second_interrupt_breaks_in_at_once(backend):
    def twice(model):
        raise_interrupt(model)
        raise_interrupt(model)

    model, watch = compiled(), At(twice, handles_interrupt=True)
    with pytest.raises(KeyboardInterrupt):
        fit(model, watch)
    assert not watch.ended and usable(model)


def test_an_interrupt_raised_by_hand_in_a_callback_leaves_the_model_usable(backend):
    def interrupt(model):
        raise KeyboardInterrupt

    model = compiled()
    with pytest.raises(KeyboardInterrupt):
        fit(model, At(interrupt))
    assert usable(model)


def test_an_interrupt_in_a_validation_ends_it_too(backend):
    model, calls = compiled(), []
    step = model._step("test")
    original = step.function.compiled

    def interrupting(phase):
        calls.append(phase)
        if len(calls) == 2:
            raise_interrupt(model)
        return original(phase)

    step.function.compiled = interrupting
    with pytest.raises(KeyboardInterrupt):
        fit(model, validation_data=(np.tile(X, (10, 1)), np.tile(Y, (10, 1))))  # few enough to run one by one
    assert len(calls) < 10 and usable(model)


def test_stop_before_fit_does_not_stop_it(backend):
    model = compiled()
    model.control.stop()
    assert fit(model, nb_epoch=1).epoch == [0]


def test_a_pause_that_overtakes_a_stop_does_not_hold_what_is_to_end(monkeypatch):
    control = TrainingControl()
    clear = control._go_on.clear
    # the stop comes after pause has seen that there is none, and before it holds training
    monkeypatch.setattr(control._go_on, "clear", lambda: (control.stop(), clear()))
    control.pause()
    assert not control._go_on.is_set() and control.checkpoint() is True and not control.is_paused


def test_asking_needs_no_running_fit():
    control = TrainingControl()
    control.pause(), control.resume(), control.stop()
    assert not control.is_running and not control.is_paused and control.stopped


class InValidation(Callback):
    """Stops when validation begins."""

    def on_test_batch_begin(self, batch, logs=None):
        self.model.control.stop()


def test_stop_during_validation_keeps_the_epoch(backend, tmp_path):
    model, watch, table = compiled(), InValidation(), CSVLogger(tmp_path / "table.csv")
    history = fit(model, watch, table, ModelCheckpoint(tmp_path / "{val_loss:.1f}.h5"), validation_data=(X, Y))
    assert history.epoch == [0] and set(history.history) == {"loss"}
    assert (tmp_path / "table.csv").read_text().splitlines()[0] == "epoch,loss" and not list(tmp_path.glob("*.h5"))
    held = iter([(X, Y)] * 9)
    history = model.fit_generator(
        iter([(X, Y)] * 9), 64, 3, validation_data=held, nb_val_samples=128, verbose=0, callbacks=[InValidation()]
    )
    assert history.epoch == [0] and set(history.history) == {"loss"}


def test_an_error_of_a_callback_lets_go_of_the_training_data(backend):
    model = compiled()
    with pytest.raises(ZeroDivisionError):
        fit(model, LambdaCallback(on_epoch_end=lambda epoch, logs: 1 / 0))
    assert model.training_data is None and usable(model)


def test_validation_data_is_held_once(backend, monkeypatch):
    monkeypatch.setattr(steps, "FEWEST", 2)
    monkeypatch.setattr(loops, "MANY", 2)
    held, hold = [], StepRunner._hold
    monkeypatch.setattr(
        StepRunner, "_hold", lambda self, step, samples: held.append(samples) or hold(self, step, samples)
    )
    fit(compiled(), nb_epoch=4, validation_data=(X[:40], Y[:40]))
    assert held == [64, 40]
