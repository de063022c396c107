"""What speed rests on, counted: programs made, functions kept, copies of the data, batches prepared ahead."""

import gc
import threading
import tracemalloc
import weakref

import h5py
import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.backend.runtime import chosen
from kerasnb.backend.runtime.aligned import aligned_copy, rows_held
from kerasnb.backend.runtime.shared import Shared
from kerasnb.engine.fitting import steps
from kerasnb.engine.fitting.steps import Step
from kerasnb.layers import Convolution2D, Dense, Flatten
from kerasnb.models import Sequential
from kerasnb.utils.io_utils import HDF5Matrix

X, Y = np.random.RandomState(0).rand(64, 4).astype("float32"), np.zeros((64, 1), "float32")
WAIT = 60  # seconds, for what comes at once unless something is broken


@pytest.fixture
def shared(backend, monkeypatch):
    """An empty store of compiled functions, in place of the runtime's."""
    active = chosen.active()
    monkeypatch.setattr(active, "shared", Shared(limit=8))
    return active.shared


def dense(size=3):
    model = Sequential([Dense(size, input_shape=(4,)), Dense(1)])
    model.compile("adam", "mse", metrics=["mae"])
    return model


def fit(model, x=X, y=Y, **arguments):
    return model.fit(x, y, **{"batch_size": 16, "nb_epoch": 2, "verbose": 0, **arguments})


@pytest.mark.parametrize(
    "arguments, made",
    [({}, 1), ({"batch_size": 20}, 2), ({"batch_size": 64}, 1), ({"validation_split": 0.5}, 2), ({"nb_epoch": 9}, 1)],
)
def test_a_fit_makes_a_program_for_its_calls_one_for_the_rest_and_one_to_validate(shared, arguments, made, backend):
    if backend == "tensorflow":  # runs the first few batches one by one
        made = 1 if "batch_size" in arguments else made
    model = dense()
    fit(model, **arguments)
    assert shared.made == made
    fit(model, **arguments)
    assert shared.made == made


def test_a_fit_with_convolutions_makes_no_more_programs(shared):
    model = Sequential([Convolution2D(2, 2, 2, input_shape=(4, 4, 1)), Flatten(), Dense(1)])
    model.compile("adam", "mse")
    x = np.zeros((64, 4, 4, 1), "float32")
    fit(model, x)
    fit(model, x)
    assert shared.made == 1


def test_a_fit_by_generator_makes_one_program(shared):
    dense().fit_generator(iter([(X, Y)] * 9), samples_per_epoch=128, nb_epoch=2, verbose=0)
    assert shared.made == 1


def fresh_function(factor):
    x = K.placeholder((None, 4))
    weight = K.variable(np.ones((4, 4)))
    run = K.function([x], [K.tanh(K.dot(x, weight)) * float(factor)])
    run([X])
    return weakref.ref(run), weakref.ref(weight), weakref.ref(x)


def test_functions_of_one_structure_on_fresh_graphs_are_compiled_once(shared):
    for _ in range(30):
        fresh_function(2)
    assert (shared.made, len(shared)) == (1, 1)


def test_functions_of_many_structures_are_kept_up_to_the_limit(shared):
    gone = [each for factor in range(20) for each in fresh_function(factor)]
    gc.collect()
    assert (shared.made, len(shared)) == (20, 8)
    assert [each() for each in gone] == [None] * 60


def test_models_of_many_structures_leave_functions_up_to_the_limit_and_nothing_else(shared):
    gone = []
    for size in range(2, 8):
        model = dense(size)
        fit(model, validation_split=0.5)
        gone += [weakref.ref(each) for each in (model, model.optimizer, model.history, *model.weights)]
        del model
    gc.collect()
    assert (shared.made, len(shared)) == (12, 8)
    assert {each() for each in gone} == {None}


@pytest.fixture
def held(monkeypatch):
    """The lists of arrays that a backend was given to hold."""
    given = []

    def watch(model):
        loop = type(model._step("train").loop())
        hold = loop.hold
        monkeypatch.setattr(loop, "hold", lambda self, arrays: given.append(arrays) or hold(self, arrays))
        return given

    return watch


def test_the_backend_is_given_the_callers_own_arrays_once_a_fit(held, backend):
    model = dense()
    given = held(model)
    fit(model, nb_epoch=5)
    assert len(given) == 1
    assert np.shares_memory(given[0][0], X) and np.shares_memory(given[0][1], Y)


def test_a_part_that_is_split_off_for_validation_is_not_copied(held, backend):
    model = dense()
    given = held(model)
    fit(model, validation_split=0.5)
    assert all(np.shares_memory(arrays[0], X) for arrays in given)


@pytest.mark.parametrize("x", [X.astype("float64"), np.asfortranarray(X)], ids=["float64", "columns"])
def test_data_of_another_kind_is_brought_into_shape_once(held, backend, x):
    model = dense()
    given = held(model)
    fit(model, x, nb_epoch=5)
    assert len(given) == 1 and given[0][0].dtype == "float32" and given[0][0].flags.c_contiguous


def test_numpy_holds_at_most_one_copy_of_the_data_while_fit_runs(backend):
    model = Sequential([Dense(1, input_shape=(50,))])
    model.compile("adam", "mse")
    x, y = np.zeros((100_000, 50), "float32"), np.zeros((100_000, 1), "float32")
    fit(model, x, y, batch_size=5_000)
    tracemalloc.start()
    fit(model, x, y, batch_size=5_000)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 1.3 * (x.nbytes + y.nbytes)  # the order of the samples takes its part


@pytest.mark.parametrize("kind", ["memmap", "hdf5"])
def test_data_in_files_are_read_by_batches_and_memory_stays_flat(backend, kind, tmp_path, monkeypatch):
    monkeypatch.setattr(steps, "_COPIED_AT_MOST", 1 << 20)
    x, y = data_in_file(tmp_path, kind), np.zeros((40_000, 1), "float32")
    model = Sequential([Dense(1, input_shape=(50,))])
    model.compile("sgd", "mse")

    def both():
        model.fit(x, y, batch_size=2_000, nb_epoch=1, verbose=0, shuffle="batch", validation_data=(x, y))
        model.predict(x, batch_size=2_000)

    both()
    tracemalloc.start()
    both()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 0.3 * x.size * 4  # some batches of a twentieth each, and the order of the samples


def data_in_file(folder, kind):
    """8 MB of zeros."""
    if kind == "memmap":
        return np.memmap(folder / "x", "float32", "w+", shape=(40_000, 50))
    with h5py.File(folder / "x.h5", "w") as file:
        file.create_dataset("x", (40_000, 50), "float32", data=np.zeros((40_000, 50), "float32"))
    return HDF5Matrix(folder / "x.h5", "x")


@pytest.mark.parametrize("dtype", ["float32", "int32", "uint8", "bool"])
def test_the_backend_uses_that_copy_as_it_is_and_not_the_callers_array(backend, monkeypatch, dtype):
    loop, made = dense()._step("train").loop(), []
    monkeypatch.setitem(type(loop).hold.__globals__, "aligned_copy", lambda x: made.append(aligned_copy(x)) or made[-1])
    for offset in range(4):
        x = np.arange(1_000).astype(dtype)[offset:].reshape(-1, 1)
        (held,) = loop.hold([x])
        values = np.asarray(memoryview(held)) if backend == "tensorflow" else np.asarray(held)
        assert np.shares_memory(values, made[-1]) and not np.shares_memory(values, x)
        np.testing.assert_array_equal(values[: len(x)], x)
        assert not values[len(x) :].any()


@pytest.mark.parametrize("count, held", [(1, 1), (31, 31), (33, 34), (1_000, 1_024), (1_024, 1_024), (1_025, 1_088)])
def test_data_is_held_in_a_few_sizes(count, held):
    assert rows_held(count) == held < 17 / 16 * count + 1
    assert rows_held(held) == held


def test_a_few_samples_more_or_less_compile_nothing(shared, backend):
    model = dense()
    x, y = np.zeros((1_020, 4), "float32"), np.zeros((1_020, 1), "float32")
    programs = []
    for count in (1_020, 1_000, 1_010):
        fit(model, x[:count], y[:count], batch_size=10)
        loop = model._step("train").loop()
        compiled = loop.compiled.call._cache_size() if backend == "theano" else None
        programs.append((shared.made, loop.capacity, loop.hold([x[:count]])[0].shape, compiled))
    assert programs[0][1:3] == (102, (1_024, 4))
    assert programs == [programs[0]] * 3


def test_data_is_prepared_while_a_step_runs(backend, monkeypatch):
    """Each step but the last waits until the next batch is on its way; one after the other would wait for ever."""
    step, running, advanced, waits = Step.whole, threading.Event(), threading.Event(), []

    def batches():
        yield X, Y
        while True:
            assert running.wait(WAIT)
            running.clear()
            advanced.set()
            yield X, Y

    def stepped(self, arrays):
        running.set()
        waits.append(len(waits) == 7 or advanced.wait(WAIT))  # no ninth batch is asked for
        advanced.clear()
        return step(self, arrays)

    monkeypatch.setattr(Step, "whole", stepped)
    dense().fit_generator(batches(), samples_per_epoch=len(X) * 4, nb_epoch=2, verbose=0, max_q_size=1)
    assert waits == [True] * 8
