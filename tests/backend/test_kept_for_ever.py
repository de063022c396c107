"""What stays of a program when its model is gone: little, since libraries keep some things until the process ends."""

import gc

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.backend.runtime import chosen
from kerasnb.backend.runtime.shared import Shared
from kerasnb.layers import Dense
from kerasnb.models import Sequential

X = np.random.RandomState(0).rand(64, 4).astype("float32")


@pytest.fixture
def tensorflow():
    before = K.backend()
    K.use("tensorflow")
    yield chosen.active()
    K.use(before)


def fitted(size, nb_epoch=1):
    model = Sequential([Dense(size, input_dim=4), Dense(1)])
    model.compile("sgd", "mse")
    model.fit(X, X[:, :1], batch_size=16, nb_epoch=nb_epoch, verbose=0)


def test_a_few_batches_are_not_compiled_by_xla_whose_programs_stay(tensorflow, monkeypatch):
    from kerasnb.backend.on_tensorflow import runtime

    traced, by_xla = runtime._traced, []
    monkeypatch.setattr(
        runtime, "_traced", lambda *given: by_xla.append(given[2]) or traced(*given)
    )
    fitted(17)
    assert by_xla == [False]
    fitted(17, nb_epoch=9)
    assert by_xla == [False, True]


def test_functions_of_many_models_leave_tensorflows_context(tensorflow, monkeypatch):
    from tensorflow.python.eager import context

    monkeypatch.setattr(tensorflow, "shared", Shared(limit=1))
    counts = []
    for size in (18, 19, 20, 21):
        fitted(size)
        gc.collect()
        counts.append(len(context.context().list_function_names()))
    assert counts[-1] <= counts[1]


def test_dropped_programs_are_reported_every_so_often():
    reports = []
    shared = Shared(limit=4, after_drops=lambda: reports.append(shared.dropped))
    for key in range(40):
        shared.get(key, lambda: "made")
    assert reports == [8, 16, 24, 32]
    shared.keep(1)
    assert (len(shared), shared.get(39, lambda: "anew")) == (1, ("made", False))


def test_a_new_session_lets_go_what_was_compiled(backend, monkeypatch):
    shared = Shared()
    monkeypatch.setattr(chosen.active(), "shared", shared)
    for key in range(20):
        shared.get(key, lambda: "made")
    K.clear_session()
    assert len(shared) <= 8
