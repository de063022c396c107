"""Processes that are started for a training: what is refused, and what ends them."""

import subprocess
import sys

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.backend.graph.travelling import packed, unpacked
from kerasnb.backend.runtime import chosen
from kerasnb.errors import ArgumentError, BackendError, MachineError, StatefulError
from kerasnb.layers import LSTM, Dense, Lambda
from kerasnb.machines.asked import Place, place_asked
from kerasnb.machines.group import Limits, StoppedError
from kerasnb.machines.joining import Settings
from kerasnb.machines.processes import Processes
from kerasnb.machines.where import check_parts
from kerasnb.models import Sequential

TWO = Place("local:2", 2)
SETTINGS = Settings("tensorflow", "float32", 1e-7)


def perceptron():
    return Sequential([Dense(2, input_dim=3)])


def all_ended(group):
    return all(process.poll() is not None for process in group)


def failing_start(monkeypatch, **how):
    """The error of a start, and the processes that it made."""
    made = []
    start = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *args, **kwargs: made.append(start(*args, **kwargs)) or made[-1])
    with pytest.raises((MachineError, StoppedError)) as failure:
        Processes(TWO, SETTINGS, **how)
    return failure.value, made


def test_a_machine_that_does_not_come_in_time_is_named_and_none_is_left(monkeypatch):
    error, made = failing_start(monkeypatch, limits=Limits(start=0.0))
    assert "machine 0 of local:2" in str(error) and "did not come in time" in str(error)
    assert len(made) == 2 and all_ended(made)


def test_stop_during_the_start_leaves_no_process(monkeypatch):
    error, made = failing_start(monkeypatch, stopped=lambda: True)
    assert isinstance(error, StoppedError) and all_ended(made)


def test_a_process_ends_when_its_starter_is_gone():
    process = subprocess.Popen(
        [sys.executable, "-m", "kerasnb.machines.worker"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    process.stdin.close()
    assert process.wait(timeout=60) == 0


@pytest.mark.parametrize(
    "where", ["local", "local:0", "remote:2", 2, "local:x", "ray:65", "ray://host", "ray://host:1/0", "local://host:1"]
)
def test_a_place_that_does_not_exist_is_refused(where):
    with pytest.raises(ArgumentError, match='machines must be "local:n" or "ray:n"'):
        place_asked(where)


def test_places_of_ray_are_counted_there_if_no_number_is_given():
    assert place_asked("ray:4") == Place("ray:4", 4, by_ray=True)
    assert place_asked("ray://head:10001")[1:] == (None, True, "ray://head:10001")
    assert place_asked("ray://head:10001/8")[1:] == (8, True, "ray://head:10001")


def test_a_batch_that_cannot_be_cut_into_equal_parts_is_refused_with_one_that_can():
    with pytest.raises(ArgumentError, match="cannot be cut into 3 equal parts(.|\n)*batch_size=33.*local:2"):
        check_parts(3, "local:3", 32, perceptron())
    with pytest.raises(ArgumentError, match="batch_size=33.*'ray://head:10001/2'"):
        check_parts(3, "ray://head:10001", 32, perceptron())


def test_a_model_with_a_fixed_batch_size_is_refused():
    model = Sequential([LSTM(2, batch_input_shape=(4, 3, 1), stateful=True)])
    with pytest.raises(StatefulError, match="takes batches of 4 only"):
        check_parts(2, "local:2", 4, model)


def test_batches_of_a_generator_are_refused():
    model = perceptron()
    model.compile("sgd", "mse")
    with pytest.raises(ArgumentError, match="machines has no meaning for a generator"):
        model.fit((one for one in ()), samples_per_epoch=4, machines="local:2")


def test_a_program_that_travelled_computes_the_same(backend):
    x = K.placeholder((None, 3))
    weight = K.variable(np.arange(3.0), name="weight")
    _, outputs, _ = K.rnn(lambda step, states: (step + states[0], [step + states[0]]), K.expand_dims(x), [x[:, :1]])
    function = K.function([x], [outputs, K.in_train_phase(x * 2.0, x)], [(weight, weight + 1.0)])
    numbers = {}
    plain = packed(function.program(1), lambda variable: numbers.setdefault(variable, len(numbers)))
    again = K.variable(np.arange(3.0), name="weight")
    program = unpacked(plain, lambda number, *_: again)
    data = np.ones((2, 3), "float32")
    for own, travelled in zip(function.compiled(1)([data]), chosen.active().compile(program)([data]), strict=True):
        assert np.array_equal(own, travelled)
    assert np.array_equal(K.get_value(again), K.get_value(weight))


@pytest.mark.parametrize("backend", ["tensorflow"], indirect=True)
def test_code_of_the_backend_itself_cannot_travel(backend):
    library = chosen.active().library
    model = Sequential([Lambda(lambda x: library.nn.relu(x), input_shape=(3,), name="own")])
    program = K.function(model.inputs, model.outputs).program(0)
    with pytest.raises(BackendError, match='layer "own".*cannot be sent to another process'):
        packed(program, lambda variable: 0)
