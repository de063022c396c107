"""Runs as the recorder writes them and a record reads them."""

import itertools
import json
import os
import pickle

import h5py
import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from kerasnb import backend as K
from kerasnb import runs
from kerasnb.callbacks import Callback, LambdaCallback
from kerasnb.errors import ArgumentError, BusyError, FileError, MissingFileError, UnknownNameError, WeightsError
from kerasnb.layers import Dense, Lambda
from kerasnb.models import Sequential, model_from_config
from kerasnb.optimizers import SGD

X, Y = np.random.RandomState(0).rand(64, 5).astype("float32"), np.eye(2)[[0, 1] * 32].astype("float32")


@pytest.fixture
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("KERASNB_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def model(backend):
    return small_model()


def small_model(units=3, **optimizer):
    model = Sequential([Dense(units, input_dim=5, activation="tanh"), Dense(2, activation="softmax")], name="small")
    model.compile(SGD(**{"lr": 0.1, "momentum": 0.5, **optimizer}), "categorical_crossentropy", metrics=["accuracy"])
    return model


def fit(model, *callbacks, nb_epoch=3, **arguments):
    recorder = runs.RunRecorder()
    arguments = {"verbose": 0, "nb_epoch": nb_epoch, **arguments}
    history = model.fit(X, Y, callbacks=[*callbacks, recorder], **arguments)
    return recorder, history


def logs_of(record):
    return {name: pytest.approx(values) for name, values in record.curve.logs.items()}


def test_a_fit_that_does_not_ask_writes_nothing(home, model):
    model.fit(X, Y, nb_epoch=1, verbose=0)
    assert os.listdir(home) == []


def test_a_recorded_fit_is_a_run_with_its_whole_curve(home, model):
    recorder, history = fit(model, validation_split=0.25)
    [record] = runs.all()
    assert record.id == recorder.id and record.outcome == "done"
    assert dict(history.history) == logs_of(record)
    assert (record.epochs, record.planned, record.backend) == (3, 3, K.backend())


def test_a_run_says_what_was_trained_with_what_on_what(home, model):
    fit(model, batch_size=16, validation_split=0.25)
    described = runs.open("last").description
    assert described["training"]["optimizer"]["class_name"] == "SGD"
    assert described["training"]["optimizer"]["config"]["momentum"] == pytest.approx(0.5)
    assert (described["training"]["loss"], described["training"]["metrics"]) == (
        "categorical_crossentropy",
        ["accuracy"],
    )
    assert described["arguments"]["batch_size"] == 16
    assert [(each["shape"], each["dtype"]) for each in described["data"]["training"]] == [
        ([48, 5], "float32"),
        ([48, 2], "float32"),
    ]
    assert described["data"]["validation"][0]["shape"] == [16, 5]
    assert set(described["versions"]) > {"python", "kerasnb", "numpy"}


def test_the_model_can_be_built_from_the_run_alone(home, model):
    fit(model)
    record = runs.open("last")
    again = model_from_config(record.configuration)
    record.restore(again)
    assert np.allclose(again.predict(X), model.predict(X))


def test_a_model_without_a_configuration_is_recorded_all_the_same(home, model):
    class Own(Dense):
        def get_config(self):
            raise RuntimeError("not written yet")

    own = Sequential([Own(2, input_dim=5, activation="softmax")])
    own.compile("sgd", "mse")
    fit(own)
    record = runs.open("last")
    assert record.configuration is None and record.epochs == 3
    assert record.description["model"]["unknown"] == "RuntimeError: not written yet"


def test_each_epoch_is_on_disk_before_the_next_begins(home, model):
    seen = []
    look = LambdaCallback(on_epoch_begin=lambda epoch, logs: seen.append(runs.open("last").epochs if epoch else 0))
    recorder = runs.RunRecorder()
    model.fit(X, Y, nb_epoch=3, verbose=0, callbacks=[recorder, look])
    assert seen == [0, 1, 2]


def test_a_run_that_goes_on_is_called_running(home, model):
    seen = []
    look = LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(runs.open("last").describe()))
    fit(model, look)
    assert seen[-1] == "running, epoch 2 of 3"
    assert runs.open("last").describe() == "3 epochs done"


def test_the_best_weights_are_those_of_the_best_epoch(home, model):
    weights = []
    rates = {0: 0.1, 1: 0.1, 2: 50.0, 3: 50.0}
    keep = LambdaCallback(
        on_epoch_begin=lambda epoch, logs: K.set_value(model.optimizer.lr, rates[epoch]),
        on_epoch_end=lambda epoch, logs: weights.append(model.get_weights()),
    )
    _, history = fit(model, keep, nb_epoch=4)
    record, best = runs.open("last"), int(np.argmin(history.history["loss"])) + 1
    assert best < 4 and record.best_epoch == best == record.weights_epoch("best")
    assert record.restore(model, "best") == best
    assert all(map(np.array_equal, model.get_weights(), weights[best - 1]))


def test_training_goes_on_from_a_run_as_if_it_had_never_stopped(home, model):
    begin = model.get_weights()
    model.fit(X, Y, nb_epoch=6, verbose=0, shuffle=False)
    through = model.get_weights()

    model.set_weights(begin)
    model.compile(SGD(lr=0.1, momentum=0.5), "categorical_crossentropy", metrics=["accuracy"])
    fit(model, nb_epoch=3, shuffle=False)
    again = small_model()
    assert runs.open("last").restore(again) == 3
    fit(again, nb_epoch=6, initial_epoch=3, shuffle=False)
    assert all(np.allclose(one, other, atol=1e-6) for one, other in zip(again.get_weights(), through, strict=True))


def test_a_run_that_goes_on_from_another_tells_the_whole_curve(home, model):
    first, before = fit(model)
    runs.open("last").restore(model)
    second, after = fit(model, nb_epoch=5, initial_epoch=3)
    record = runs.open(second.id)
    assert (record.epochs, record.description["continues"]) == (5, first.id)
    assert record.curve.logs["loss"] == pytest.approx(before.history["loss"] + after.history["loss"])
    third, _ = fit(model)
    assert runs.open(third.id).epochs == 3 and "continues" not in runs.open(third.id).description


def test_a_fit_from_a_later_epoch_keeps_the_numbers_of_its_epochs(home, model):
    fit(model, nb_epoch=5, initial_epoch=3)
    record = runs.open("last")
    assert [point.epoch for point in record.points] == [4, 5]
    assert record.best_epoch == record.weights_epoch("best") in (4, 5) and record.outcome == "done"


def test_weights_of_another_model_are_refused_and_nothing_is_changed(home, model):
    fit(model)
    other = small_model(units=7)
    before = other.get_weights()
    with pytest.raises(WeightsError):
        runs.open("last").restore(other)
    assert all(map(np.array_equal, other.get_weights(), before))
    assert runs.continuation(other) is None


def test_the_learning_rate_comes_back_with_the_optimizers_state(home, model):
    lower = LambdaCallback(on_epoch_begin=lambda epoch, logs: epoch == 1 and K.set_value(model.optimizer.lr, 0.025))
    fit(model, lower)
    again = small_model()
    runs.open("last").restore(again)
    assert float(K.get_value(again.optimizer.lr)) == pytest.approx(0.025)


def test_weights_are_not_put_back_into_a_model_that_has_other_layers_since(home, model):
    recorder, _ = fit(model)
    model.add(Dense(3))
    with pytest.raises(WeightsError, match="has other layers than after epoch"):
        recorder.keeper.put_back("best.weights.h5")


def test_a_training_that_is_stopped_says_where(home, model):
    stop = LambdaCallback(on_epoch_end=lambda epoch, logs: epoch == 1 and model.control.stop())
    fit(model, stop, nb_epoch=9)
    assert runs.open("last").describe() == "stopped at epoch 2 of 9"


def test_a_training_that_fails_says_why(home, model):
    def fail(epoch, logs):
        raise KeyError("no such thing")

    with pytest.raises(KeyError):
        fit(model, LambdaCallback(on_epoch_begin=lambda epoch, logs: epoch == 1 and fail(epoch, logs)))
    record = runs.open("last")
    assert record.describe() == "failed at epoch 1 of 3"
    assert record.description["reason"] == "KeyError: 'no such thing'"


def test_a_generator_is_recorded_too(home, model):
    def batches():
        while True:
            yield X[:8], Y[:8]

    model.fit_generator(batches(), 16, nb_epoch=2, verbose=0, callbacks=[runs.RunRecorder()])
    record = runs.open("last")
    assert (record.epochs, record.description["data"]) == (2, {})


def test_where_the_loss_is_no_number_the_last_good_weights_come_back(home, model):
    weights = []
    explode = LambdaCallback(
        on_epoch_begin=lambda epoch, logs: epoch == 2 and K.set_value(model.layers[0].W, np.full((5, 3), np.nan)),
        on_epoch_end=lambda epoch, logs: weights.append(model.get_weights()),
    )
    recorder = runs.RunRecorder(stops_at_nan=True)
    model.fit(X, Y, nb_epoch=9, verbose=0, callbacks=[explode, recorder])
    assert all(map(np.array_equal, model.get_weights(), weights[1]))
    assert recorder.problem.startswith(
        "loss became nan in epoch 3, by batch 2; training was stopped.\nThe weights of epoch 2 are back."
    )
    record = runs.open("last")
    assert (record.outcome, record.description["reason"]) == ("stopped", recorder.problem)
    assert record.weights_epoch("last") == record.weights_epoch("best") == 2


def test_where_the_first_epoch_breaks_the_weights_from_before_come_back(home, model):
    before = model.get_weights()
    explode = LambdaCallback(on_epoch_begin=lambda *_: K.set_value(model.layers[0].W, np.full((5, 3), np.nan)))
    recorder = runs.RunRecorder(stops_at_nan=True)
    model.fit(X, Y, nb_epoch=9, verbose=0, callbacks=[recorder, explode])
    assert "The weights from before are back." in recorder.problem
    assert all(map(np.array_equal, model.get_weights(), before))


def test_nothing_is_kept_where_that_is_wanted_and_the_best_weights_are_still_known(monkeypatch, tmp_path, model):
    monkeypatch.chdir(tmp_path)
    recorder, _ = fit(model)
    assert recorder.id is None and os.listdir(tmp_path) == []
    assert recorder.keeper.put_back("best.weights.h5") == recorder.best_epoch


def test_a_disk_that_fills_up_is_said_once_and_training_goes_on(home, model, monkeypatch):
    write = os.write

    def full(file, data):
        if b'"epoch": 2' in data:
            write(file, data[:9])
            raise OSError(28, "No space left on device")
        return write(file, data)

    monkeypatch.setattr("kerasnb.runs.points.os.write", full)
    with pytest.warns(RuntimeWarning, match="No space left on device.*\nMake room.*\nTraining goes on") as said:
        _, history = fit(model)
    assert len(history.history["loss"]) == 3 and len(said) == 1
    record = runs.open("last")
    assert (record.epochs, record.damaged) == (1, 0)


def test_quick_epochs_write_weights_seldom(home, model, monkeypatch):
    written = []
    monkeypatch.setattr("kerasnb.engine.files.moments.Moment.write", lambda moment, path: written.append(moment.epoch))
    clock = itertools.count()
    recorder = runs.RunRecorder(clock=lambda: next(clock) / 1000)
    model.fit(X, Y, nb_epoch=40, verbose=0, callbacks=[recorder])
    assert len(written) == 2 and max(written) == 40


def test_a_big_model_is_not_held_in_memory_beside_its_file(home, model, monkeypatch):
    monkeypatch.setattr("kerasnb.runs.keeping.BIG", 10)
    recorder, _ = fit(model)
    assert recorder.keeper.moments == {} and recorder.keeper.put_back("best.weights.h5") == recorder.best_epoch
    record = runs.open("last")
    assert "MiB of weights are written as often as 5 %" in record.notes[0]
    for file, has_state in (("best.weights.h5", False), ("last.weights.h5", True)):
        with h5py.File(record.path / file) as written:
            assert ("optimizer_weights" in written) == has_state


def test_event_files_for_tensorboard_are_written_on_request(home, model):
    recorder = runs.RunRecorder(tensorboard=True)
    history = model.fit(X, Y, nb_epoch=2, verbose=0, callbacks=[recorder])
    events = EventAccumulator(str(runs.open("last").path / "tensorboard"))
    events.Reload()
    assert [event.value for event in events.Scalars("loss")] == pytest.approx(history.history["loss"])
    assert [event.step for event in events.Scalars("loss")] == [0, 1]
    assert events.Scalars("lr")[0].value == pytest.approx(0.1)


def test_event_files_can_be_written_of_any_run_afterwards(record, tmp_path):
    events = EventAccumulator(str(record.write_events(tmp_path / "events")))
    events.Reload()
    assert [event.value for event in events.Scalars("loss")] == pytest.approx(record.curve.logs["loss"])


def test_a_callback_of_ones_own_learns_that_training_failed(model):
    class Own(Callback):
        def on_train_failed(self, error):
            self.error = error

        def on_epoch_end(self, epoch, logs=None):
            raise ZeroDivisionError

    own = Own()
    with pytest.raises(ZeroDivisionError):
        model.fit(X, Y, nb_epoch=1, verbose=0, callbacks=[own])
    assert isinstance(own.error, ZeroDivisionError)


def test_a_lambda_in_the_model_does_not_keep_it_from_being_recorded(home, model):
    own = Sequential([Lambda(lambda x: 2 * x, input_shape=(5,)), Dense(2)])
    own.compile("sgd", "mse")
    fit(own)
    assert runs.open("last").epochs == 3


# ---- reading


@pytest.fixture
def record(home):
    fit(small_model())
    return runs.open("last")


def test_a_damaged_line_costs_that_line(record):
    points = record.path / "points.jsonl"
    lines = points.read_bytes().splitlines()
    points.write_bytes(b"\n".join([lines[0], b'{"epoch": 2, "logs": [', lines[2], b"\xff", lines[2][:9]]))
    again = runs.open(record.id)
    assert [point.epoch for point in again.points] == [1, 3] and again.damaged == 3
    assert np.isnan(again.curve.logs["loss"][1]) and again.epochs == 3


def test_of_a_long_run_only_the_end_is_read_to_list_it(record, monkeypatch):
    monkeypatch.setattr("kerasnb.runs.record.read_points", None)
    again = runs.open(record.id)
    assert (again.describe(), again.best_epoch) == ("3 epochs done", record.best_epoch)


def test_a_run_of_a_later_version_is_left_alone_and_said(record):
    described = record.path / "run.json"
    text = described.read_text().replace('"version": 1', '"version": 2')
    described.write_text(text)
    with pytest.warns(RuntimeWarning, match="has version 2 of its form, this kerasnb knows 1"):
        assert runs.all() == []
    with pytest.raises(FileError, match="later kerasnb"):
        runs.open(record.id)
    with pytest.warns(RuntimeWarning):
        assert runs.prune(0) == []
    assert described.read_text() == text


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": "other"}', "[" * 100_000])
def test_a_description_that_is_damaged_is_said(record, text):
    (record.path / "run.json").write_text(text)
    with pytest.raises(FileError, match="run.json"):
        runs.open(record.id)


def test_a_run_whose_process_is_gone_was_interrupted(record):
    described = json.loads((record.path / "run.json").read_text())
    described |= {"outcome": "running", "planned": 9}
    described["process"]["pid"] = 2**22 + 1
    (record.path / "run.json").write_text(json.dumps(described))
    assert runs.open(record.id).describe() == "interrupted at epoch 3 of 9"


def test_a_run_is_found_by_a_part_of_its_id(record):
    assert runs.open("small").id == record.id
    with pytest.raises(UnknownNameError, match='no run "large"'):
        runs.open("large")


def test_only_the_newest_runs_are_kept_by_pruning(record):
    fit(small_model())
    newest = runs.open("last").id
    assert runs.prune(1) == [record.id] and runs.run_ids() == [newest]


def test_weights_that_are_not_there_are_said(record):
    (record.path / "best.weights.h5").unlink()
    with pytest.raises(MissingFileError, match="has no best weights"):
        record.restore(small_model(), "best")
    with pytest.raises(ArgumentError, match='"best" or "last"'):
        record.restore(small_model(), "first")
    with pytest.raises(ArgumentError, match="restore gives a model the weights of a run, got 3"):
        record.restore(3)


def test_a_model_that_trains_is_not_given_other_weights(record):
    model = small_model()
    with model.control.running("small"), pytest.raises(BusyError):
        record.restore(model)


def test_a_recorder_can_be_pickled_and_records_again(home, backend):
    recorder, _ = fit(small_model())
    again = pickle.loads(pickle.dumps(recorder))
    small_model().fit(X, Y, nb_epoch=1, verbose=0, callbacks=[again])
    assert runs.run_ids() == [recorder.id, again.id]
