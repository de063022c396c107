"""What stays of a program when its model is gone: little, since libraries keep some things until the process ends."""

import gc

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.backend.plans import plan
from kerasnb.backend.runtime import chosen
from kerasnb.backend.runtime.shared import Shared
from kerasnb.layers import Convolution2D, Dense, Dropout
from kerasnb.models import Sequential

X = np.random.RandomState(0).rand(64, 4).astype("float32")


@pytest.fixture
def tensorflow():
    before = K.backend()
    K.use("tensorflow")
    yield chosen.active()
    K.use(before)


@pytest.fixture
def theano():
    before = K.backend()
    K.use("theano")
    yield chosen.active()
    K.use(before)


def fitted(size, *between, nb_epoch=1):
    model = Sequential([Dense(size, input_dim=4), *between, Dense(1)])
    model.compile("sgd", "mse")
    model.fit(X, X[:, :1], batch_size=16, nb_epoch=nb_epoch, verbose=0)


@pytest.fixture
def by_xla(tensorflow, monkeypatch):
    """Whether XLA compiled each function that TensorFlow was given."""
    from kerasnb.backend.on_tensorflow import runtime as on_tensorflow

    traced, found = on_tensorflow._traced, []

    def noted(function, signature, use_xla, fuses):
        found.append(use_xla)
        return traced(function, signature, use_xla, fuses)

    monkeypatch.setattr(on_tensorflow, "_traced", noted)
    monkeypatch.setattr(plan, "_PATIENCE", 8)
    monkeypatch.setattr(plan, "_PATIENCE_IF_SMALL", 32)
    return found


def test_a_few_batches_are_not_compiled_by_xla_whose_programs_stay(by_xla):
    fitted(17)
    assert by_xla == [False]
    fitted(17, nb_epoch=9)
    assert by_xla == [False, True]


def test_batches_of_a_small_model_with_dropout_are_not_compiled_by_xla_either(by_xla):
    fitted(22, Dropout(0.5), nb_epoch=8)
    assert by_xla == [False]


def test_a_large_model_waits_less_long_for_xla(by_xla, monkeypatch):
    monkeypatch.setattr(plan, "_SMALL_MODEL", 10)
    fitted(23, nb_epoch=3)
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


def ops_that_ran(call):
    """The ops of TensorFlow that the call ran, after its graphs were optimized."""
    from tensorflow.python.eager import context

    of_thread = context.context()
    of_thread.enable_graph_collection()
    try:
        call()
        found = of_thread.export_run_metadata()
    finally:
        of_thread.disable_graph_collection()
    return {node.op for graph in found.partition_graphs for node in graph.node}


def test_products_of_dense_layers_are_none_that_onednn_makes_for_each_size_and_keeps(tensorflow):
    ran = ops_that_ran(lambda: fitted(24))
    assert [name for name in ran if "MatMul" in name] and not [name for name in ran if "Fused" in name]


def test_a_convolution_is_fused_with_what_follows_it(tensorflow):
    model = Sequential([Convolution2D(3, 2, 2, input_shape=(6, 6, 1), activation="relu")])
    ran = ops_that_ran(lambda: model.predict(np.ones((4, 6, 6, 1), "float32")))
    assert [name for name in ran if "FusedConv2D" in name]


def test_options_of_the_users_own_functions_stay(tensorflow):
    from tensorflow.python.eager import context

    before = context.context().function_call_options
    fitted(25)
    assert context.context().function_call_options is before


def test_traces_of_many_models_leave_jax(theano, monkeypatch):
    shared = Shared(limit=1, after_drops=theano.shared._after_drops)
    shared._many = 1
    monkeypatch.setattr(theano, "shared", shared)
    counts = []
    for size in range(40, 46):
        x = K.placeholder((None, size))
        K.function([x], [K.mean(K.maximum(K.softmax(x), 0.1), axis=1)])([np.ones((2, size))])
        counts.append(sum(type(one).__name__ in ("Jaxpr", "InferParamsCacheEntry") for one in gc.get_objects()))
    assert counts[-1] <= counts[1] + 3


def test_dropped_programs_are_reported_every_so_often():
    reports = []
    shared = Shared(limit=4, after_drops=lambda: reports.append(shared.dropped))
    for key in range(40):
        shared.get(key, lambda: "made")
    assert reports == [8, 16, 24, 32]
    for _ in range(4):
        shared.get(None, lambda: "of the backend's own code, never kept")
    assert reports == [8, 16, 24, 32, 40]
    shared.keep(1)
    assert (len(shared), shared.get(39, lambda: "anew")) == (1, ("made", False))


def test_a_new_session_lets_go_what_was_compiled(backend, monkeypatch):
    shared = Shared()
    monkeypatch.setattr(chosen.active(), "shared", shared)
    for key in range(20):
        shared.get(key, lambda: "made")
    K.clear_session()
    assert len(shared) <= 8
