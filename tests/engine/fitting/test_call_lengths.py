"""How many steps one call has, by a clock that only steps move: few enough that Stop and pause stay within 200 ms."""

import threading

import numpy as np
import pytest

from kerasnb.callbacks import Callback
from kerasnb.engine.fitting import steps
from kerasnb.engine.fitting.steps import Step, StepRunner
from kerasnb.layers import Dense
from kerasnb.models import Sequential

SAMPLES, BATCH = 2_000, 2
X, Y = np.random.RandomState(0).rand(SAMPLES, 3).astype("float32"), np.zeros((SAMPLES, 1), "float32")
LIMIT = 0.2  # seconds


class Clock:
    """A clock that stands still while no step runs."""

    now = 0.0

    def perf_counter(self):
        return self.now


class Calls:
    """Every call of many steps, and what the clock says it took; `seconds_a_step` may be a function of the call."""

    def __init__(self, clock):
        self.clock, self.steps, self.seconds = clock, [], []
        self.seconds_a_step = 0.001

    def take(self, count):
        each = self.seconds_a_step(len(self.steps)) if callable(self.seconds_a_step) else self.seconds_a_step
        self.clock.now += each * count
        self.steps.append(count)
        self.seconds.append(each * count)


@pytest.fixture
def model(backend):
    model = Sequential([Dense(1, input_shape=(3,))])
    model.compile("sgd", "mse")
    return model


@pytest.fixture
def calls(model, monkeypatch):
    clock = Clock()
    calls = Calls(clock)
    loop = type(model._step("train").loop())
    call = loop.__call__
    monkeypatch.setattr(steps, "time", clock)
    monkeypatch.setattr(loop, "__call__", lambda self, data, rows: calls.take(len(rows)) or call(self, data, rows))
    return calls


def fit(model, *callbacks, **arguments):
    return model.fit(X, Y, **{"batch_size": BATCH, "nb_epoch": 1, "verbose": 0, "callbacks": callbacks, **arguments})


@pytest.fixture
def looked(model, calls, monkeypatch):
    """How many calls there were each time that fit asked whether to stop."""
    at, checkpoint = [], model.control.checkpoint
    monkeypatch.setattr(model.control, "checkpoint", lambda: at.append(len(calls.steps)) or checkpoint())
    return at


@pytest.mark.parametrize("seconds", [1e-5, 1e-4, 1e-3, 1e-2, 4e-2])
def test_no_call_takes_longer_than_a_click_may_wait(model, calls, seconds):
    calls.seconds_a_step = seconds
    fit(model, nb_epoch=1)
    assert max(calls.seconds) <= LIMIT and sum(calls.steps) == SAMPLES // BATCH


def test_quick_steps_are_many_a_call_and_slow_ones_one_a_call(model, calls):
    calls.seconds_a_step = 1e-6
    fit(model)
    assert len(calls.steps) <= 8 and max(calls.steps) > 300
    del calls.steps[:]
    calls.seconds_a_step = 0.06
    fit(model)
    assert set(calls.steps[2:]) == {1}


def test_the_first_call_which_compiles_does_not_make_the_rest_short(model, calls):
    calls.seconds_a_step = lambda number: 1.0 if number == 0 else 1e-3
    fit(model)
    assert calls.steps[2] == pytest.approx(50, abs=1)


def test_a_call_that_was_held_up_does_not_make_the_rest_short(model, calls):
    calls.seconds_a_step = lambda number: 0.1 if number == 3 else 1e-3
    fit(model)
    assert calls.steps[4] == calls.steps[3] == pytest.approx(50, abs=1)


def test_the_number_of_steps_is_kept_from_epoch_to_epoch(model, calls):
    fit(model, nb_epoch=3)
    assert calls.steps.count(calls.steps[0]) == 2 and max(calls.steps) == pytest.approx(50, abs=1)


def test_fit_asks_whether_to_stop_after_every_call(model, calls, looked):
    fit(model)
    assert looked == [*range(1, len(calls.steps) + 1), len(calls.steps)]


def test_stop_lets_no_further_call_begin(model, calls):
    calls.seconds_a_step = lambda number: (number == 2 and model.control.stop()) or 1e-3
    assert fit(model, nb_epoch=5).epoch == [] and len(calls.steps) == 3


def test_a_paused_fit_begins_no_further_call(model, calls):
    paused, seen = threading.Event(), []

    class Pause(Callback):
        def on_steps_end(self, batch, logs=None):
            if len(calls.steps) == 2:
                model.control.pause()
                paused.set()

    thread = threading.Thread(target=fit, args=(model, Pause()))
    thread.start()
    assert paused.wait(60)
    for _ in range(3):
        model.predict(X[:BATCH])
        seen.append(len(calls.steps))
    model.control.resume()
    thread.join(60)
    assert seen == [2, 2, 2] and sum(calls.steps) == SAMPLES // BATCH


def test_validation_asks_whether_to_stop_after_every_call_too(model, calls, looked):
    fit(model, validation_data=(X, Y))
    assert sum(calls.steps) == 2 * SAMPLES // BATCH  # validation is in many steps a call too
    assert set(looked) == set(range(1, len(calls.steps) + 1)) and max(calls.seconds) <= LIMIT


def test_fit_generator_asks_after_every_batch(model, monkeypatch):
    ran, asked = [], []
    step, checkpoint = Step.whole, model.control.checkpoint
    monkeypatch.setattr(Step, "whole", lambda self, arrays: ran.append(0) or step(self, arrays))
    monkeypatch.setattr(model.control, "checkpoint", lambda: asked.append(len(ran)) or checkpoint())
    batches = iter([(X[:BATCH], Y[:BATCH])] * 9)
    model.fit_generator(batches, samples_per_epoch=5 * BATCH, nb_epoch=1, verbose=0)
    assert set(range(1, 6)) <= set(asked) and len(ran) == 5


def test_stop_lets_fit_generator_begin_no_further_batch(model, monkeypatch):
    ran, step = [], Step.whole

    def stepped(self, arrays):
        ran.append(0)
        if len(ran) == 3:
            model.control.stop()
        return step(self, arrays)

    monkeypatch.setattr(Step, "whole", stepped)
    batches = iter([(X[:BATCH], Y[:BATCH])] * 100)
    history = model.fit_generator(batches, samples_per_epoch=50 * BATCH, nb_epoch=2, verbose=0)
    assert len(ran) == 3 and history.epoch == []


def test_a_runner_never_asks_for_more_steps_than_there_are_batches(model):
    step = model._step("train")
    runner = StepRunner(step, [X[:10], Y[:10]], BATCH)
    assert runner.loop.capacity == 5 >= runner.steps_a_call
