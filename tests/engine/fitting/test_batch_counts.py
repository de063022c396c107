"""What the speed of single batches rests on, counted: copies, checks, averages, and threads that are woken."""

import itertools
import threading
import time

import numpy as np
import pytest

from kerasnb.backend.functions import Function
from kerasnb.callbacks import Callback
from kerasnb.engine.feeding.demand import Demand
from kerasnb.engine.feeding.enqueuer import GeneratorEnqueuer
from kerasnb.engine.fitting import data as data_module
from kerasnb.engine.fitting.later_arguments import Batches
from kerasnb.engine.fitting.loops import EpochAverages
from kerasnb.engine.fitting.steps import Step
from kerasnb.layers import Dense, Embedding, Flatten
from kerasnb.models import Sequential

X, Y = np.random.RandomState(0).rand(64, 4).astype("float32"), np.zeros((64, 1), "float32")
WAIT = 60  # seconds, for what comes at once unless something is broken


def dense():
    model = Sequential([Dense(3, input_shape=(4,)), Dense(1)])
    model.compile("adam", "mse", metrics=["mae"])
    return model


def until(condition, seconds=5):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        threading.Event().wait(0.005)


@pytest.fixture
def steps_given(monkeypatch):
    """The arrays that compiled steps are given."""
    given, compiled = [], Function.compiled

    def watched(self, phase):
        run = compiled(self, phase)
        return lambda arrays: given.append(arrays) or run(arrays)

    monkeypatch.setattr(Function, "compiled", watched)
    return given


def by_batch(model, x, y):
    """A batch by each of the ways that take one."""
    model.train_on_batch(x, y)
    model.test_on_batch([x], [y])
    model.predict_on_batch(x)
    model.fit_generator(iter([(x, y)] * 2), len(x) * 2, 1, verbose=0)
    model.evaluate_generator(iter([(x, y)] * 2), len(x) * 2)
    model.predict_generator(iter([x] * 2), len(x) * 2)


def test_a_batch_of_the_models_own_type_is_passed_on_as_it_is(backend, steps_given):
    by_batch(dense(), X, Y)
    assert len(steps_given) == 9
    assert all(arrays[0] is X and arrays[1:] in ([], [Y]) for arrays in steps_given)


def test_a_batch_of_another_type_is_converted_once(backend, steps_given, monkeypatch):
    converted, in_type = [], Step._in_type
    monkeypatch.setattr(Step, "_in_type", lambda *given: converted.append(in_type(*given)) or converted[-1])
    by_batch(dense(), X.astype("float64"), Y[:, 0])
    assert all(one is other for one, other in zip(converted, sum(steps_given, []), strict=True))
    assert {array.dtype for array in converted} == {np.dtype("float32")}


@pytest.fixture
def brought_into_form(monkeypatch):
    """What was brought into form: an entry for inputs and one for targets."""
    brought, standardize = [], data_module.standardize_input_data

    def watched(data, *given, **named):
        brought.append(data)
        return standardize(data, *given, **named)

    monkeypatch.setattr(data_module, "standardize_input_data", watched)
    return brought


def test_shapes_and_types_are_checked_once_for_each_kind_of_batch(brought_into_form):
    model, kinds = dense(), [(X, Y), (X[:9], Y[:9]), (X.astype("float64"), Y), (X, Y[:, 0] > 0)]
    for number, (x, y) in enumerate(kinds):
        for _ in range(5):
            model.train_on_batch(x, y)
        assert len(brought_into_form) == 2 * (number + 1)
    model.fit_generator(iter(kinds * 2), steps_per_epoch=8, epochs=1, verbose=0)
    model.test_on_batch((X,), [Y])
    assert len(brought_into_form) == 8
    for _ in range(5):
        model.predict_on_batch(X)
    assert len(brought_into_form) == 9


@pytest.mark.parametrize(
    "change",
    [
        lambda model: model.compile("sgd", "mse"),
        lambda model: (model.add(Dense(1)), model.compile("sgd", "mse")),
        lambda model: (model.layers.pop(), model.add(Dense(1)), model.compile("sgd", "mse")),
    ],
    ids=["compiled anew", "one layer more", "another layer"],
)
def test_they_are_checked_anew_when_the_model_is_another(brought_into_form, change):
    model = dense()
    model.train_on_batch(X, Y)
    change(model)
    model.train_on_batch(X, Y)
    assert len(brought_into_form) == 4


def test_few_kinds_are_remembered(brought_into_form):
    model = dense()
    for size in range(1, 101):
        model._standardize(np.ones((size, 4)), np.ones((size, 1)), None, None, "fit")
    assert len(model._wanted()._fitting) <= 64


def test_the_values_of_each_batch_are_looked_at(backend):
    numbers = Sequential([Embedding(5, 2, input_length=1), Flatten(), Dense(3, activation="softmax")])
    numbers.compile("sgd", "sparse_categorical_crossentropy")
    x, y = np.zeros((6, 1), "int32"), np.zeros((6, 1), "int32")
    numbers.train_on_batch(x, y)
    for place, said in ((0, "needs numbers from 0 to 4"), (1, "labels for output")):
        batch = [x.copy(), y.copy()]
        batch[place][3] = 7
        with pytest.raises(ValueError, match=said):
            numbers.train_on_batch(*batch)
    model = dense()
    model.train_on_batch(X, Y)
    for place, value in itertools.product((0, 1), (np.nan, np.inf, -np.inf)):
        batch = [X.copy(), Y.copy()]
        batch[place][5] = value
        with pytest.raises(ValueError, match="in 1 of 64 samples, the first at index 5"):
            model.train_on_batch(*batch)
    with pytest.raises(ValueError, match="1e\\+300, which is infinite in float32"):
        model.train_on_batch(np.full(X.shape, 1e300), Y)


@pytest.mark.parametrize("count", [2, 300])  # of which the rows are added up in two ways
@pytest.mark.parametrize("dtype", ["float32", "float64", "int32"])
def test_later_batches_are_doubted_too(count, dtype):
    model = Sequential([Dense(count, input_shape=(4,))])
    model.compile("sgd", "categorical_crossentropy")
    y = np.eye(count, dtype=dtype)[np.arange(64) % count]
    model._standardize(X, y, None, None, "fit")
    for wrong, said in ((y + (y == 0), f"add up to {count}"), (-y, "the least is -1")):
        with pytest.warns(UserWarning, match=said):
            model._standardize(X, wrong, None, None, "fit")
    if dtype != "int32":
        for value in (np.nan, np.inf, -np.inf):
            with pytest.raises(ValueError, match='"dense_.*" has (NaN|infinity) in 1 of 64'):
                model._standardize(X, np.where(np.arange(64)[:, None] == 9, y * 0 + value, y), None, None, "fit")


@pytest.fixture
def averaged(monkeypatch):
    """A 0 for every time that averages of an epoch were asked for."""
    asked, values = [], EpochAverages.values
    monkeypatch.setattr(EpochAverages, "values", lambda self: asked.append(0) or values(self))
    return asked


def test_averages_are_computed_when_somebody_looks_at_them(backend, averaged):
    class Looks(Callback):
        def on_steps_end(self, batch, logs=None):
            assert logs["loss"] >= 0

    model, batches = dense(), itertools.repeat((X, Y))
    model.fit_generator(batches, 64 * 10, 2, verbose=0)
    assert len(averaged) == 2
    model.fit_generator(batches, 64 * 10, 2, verbose=0, callbacks=[Looks()])
    assert len(averaged) == 2 + 22


def test_averages_of_batches_one_by_one_are_those_of_all_together(backend):
    losses, figures = np.random.RandomState(1).rand(2, 7), {"figures": 2, "factors": (), "running": ()}
    together, single, step = EpochAverages(["a", "b"]), EpochAverages(["a", "b"]), type("Step", (), figures)
    sizes = np.array([4, 4, 4, 4, 4, 4, 2])
    together.add(sizes, list(losses), step)
    for size, pair in zip(sizes, losses.T, strict=True):
        single.add(np.array([size]), [np.float32(pair[0])[None], pair[1:]], step)
    np.testing.assert_allclose(single.values(), together.values(), rtol=1e-6)
    np.testing.assert_allclose(together.values(), losses @ sizes / 26, rtol=1e-6)


def test_the_threads_of_a_generator_are_woken_once_half_their_room_is_free():
    asked = []
    enqueuer = GeneratorEnqueuer(asked.append(number) or number for number in itertools.count())
    enqueuer.start(max_q_size=10, wait_time=WAIT)
    try:
        until(lambda: enqueuer.queue.qsize() == 10)
        assert [enqueuer.get() for _ in range(4)] == [0, 1, 2, 3]
        assert len(asked) == 10
        enqueuer.get()
        until(lambda: enqueuer.queue.qsize() == 10)
        assert len(asked) == 15
    finally:
        enqueuer.stop()


def test_they_are_woken_as_soon_as_another_epoch_is_to_come():
    enqueuer = GeneratorEnqueuer(itertools.count(), demand=Demand(Batches(2), int))
    enqueuer.start(max_q_size=10, wait_time=WAIT)
    try:
        for epoch in range(3):
            enqueuer.expect(1)
            until(lambda: enqueuer.queue.qsize() == 2)
            assert [enqueuer.get(), enqueuer.get()] == [2 * epoch, 2 * epoch + 1]
    finally:
        enqueuer.stop()
