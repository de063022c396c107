"""Many steps in one call: the same weights as one step a call, compiled once."""

import signal

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.backend.runtime import chosen
from kerasnb.callbacks import Callback
from kerasnb.engine.fitting import steps
from kerasnb.layers import BatchNormalization, Dense, Dropout, Input, SimpleRNN
from kerasnb.models import Model, Sequential
from kerasnb.optimizers import SGD, Adam

X = np.random.RandomState(0).rand(50, 4).astype("float32")
Y = np.random.RandomState(1).rand(50, 2).astype("float32")


class BatchWatcher(Callback):
    """Looks at every batch, so that each is a call of its own."""

    def __init__(self):
        super().__init__()
        self.losses = []

    def on_batch_end(self, batch, logs=None):
        self.losses.append(float(logs["loss"]))


class StepsWatcher(Callback):
    """Looks at calls of any number of batches."""

    def __init__(self):
        super().__init__()
        self.logs = []

    def on_steps_end(self, batch, logs=None):
        self.logs.append({"last": batch, **logs})


@pytest.fixture
def compilations(monkeypatch):
    """What was compiled since: 'step' or 'loop', in order."""
    made = []
    active = type(chosen.active())
    for name, kind in (("compile", "step"), ("compile_batches", "loop")):
        original = getattr(active, name)

        def counted(self, program, original=original, kind=kind):
            made.append(kind)
            return original(self, program)

        monkeypatch.setattr(active, name, counted)
    return made


def trained(layers, optimizer, callbacks, **arguments):
    """Weights, and the figures of the epochs, after training from the same start."""
    np.random.seed(5)
    K.reset_uids()
    model = Sequential(layers())
    model.compile(optimizer(), "mse", metrics=["mae"])
    np.random.seed(6)
    history = model.fit(X, Y, batch_size=8, nb_epoch=3, verbose=0, callbacks=callbacks, **arguments).history
    return model.get_weights(), history


def test_many_steps_a_call_train_as_one_step_a_call_does(backend):
    def layers():
        return [Dense(6, input_shape=(4,), activation="tanh"), Dense(2)]

    weights, history = trained(layers, lambda: Adam(0.01, decay=0.1), [])
    single, by_batch = trained(layers, lambda: Adam(0.01, decay=0.1), [BatchWatcher()])
    for one, other in zip(weights, single, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)
    np.testing.assert_allclose(history["loss"], by_batch["loss"], rtol=1e-5)


def test_dropout_and_batch_normalization_draw_and_average_alike(backend):
    def layers():
        return [Dense(6, input_shape=(4,)), BatchNormalization(), Dropout(0.5), Dense(2)]

    weights, _ = trained(layers, lambda: SGD(0.1), [])
    single, _ = trained(layers, lambda: SGD(0.1), [BatchWatcher()])
    for one, other in zip(weights, single, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_sample_weights_count_alike(backend):
    def layers():
        return [Dense(2, input_shape=(4,))]

    arguments = {"sample_weight": np.arange(50) % 3}
    weights, _ = trained(layers, lambda: SGD(0.1), [], **arguments)
    single, _ = trained(layers, lambda: SGD(0.1), [BatchWatcher()], **arguments)
    np.testing.assert_allclose(weights[0], single[0], atol=1e-6)


def test_dropout_draws_anew_in_every_step(backend):
    model = Sequential([Dropout(0.5, input_shape=(4,))])
    model.compile(SGD(), "mse")
    watch = BatchWatcher()
    x, y = np.ones((40, 4)), np.zeros((40, 4))
    model.fit(x, y, batch_size=8, nb_epoch=2, verbose=0, callbacks=[watch])
    losses = model.fit(x, y, batch_size=8, nb_epoch=4, verbose=0).history["loss"]
    assert len(set(watch.losses)) > 2 and len(set(losses)) > 1


def test_on_steps_end_gets_running_averages_and_counts(backend):
    watch, batches = StepsWatcher(), BatchWatcher()
    trained(lambda: [Dense(2, input_shape=(4,))], lambda: SGD(0.0), [watch, batches], shuffle=False)
    first, last = watch.logs[0], watch.logs[6]
    assert (first["batch"], first["size"], first["seen"]) == (0, 8, 8) and (
        last["last"],
        last["size"],
        last["seen"],
    ) == (6, 2, 50)
    assert first["loss"] == pytest.approx(batches.losses[0])
    assert last["loss"] == pytest.approx(np.dot(batches.losses[:7], [8] * 6 + [2]) / 50)


def test_on_steps_end_alone_does_not_split_the_steps(backend):
    watch = StepsWatcher()
    trained(lambda: [Dense(2, input_shape=(4,))], lambda: SGD(0.0), [watch])
    assert len(watch.logs) < 3 * 7 and [one["seen"] for one in watch.logs].count(50) == 3


def test_a_fit_compiles_one_loop_and_one_step_and_the_next_fit_nothing(backend, compilations):
    model = Sequential([Dense(2, input_shape=(4,))])
    model.compile(SGD(0.1), "mse")
    model.fit(X, Y, batch_size=8, nb_epoch=3, verbose=0)
    assert sorted(compilations) in (["loop", "step"], ["loop", "step", "step"])  # a loop may be made of steps
    del compilations[:]
    model.fit(X, Y, batch_size=8, nb_epoch=1, verbose=0)
    K.set_value(model.optimizer.lr, 0.5)
    model.fit(X, Y, batch_size=8, nb_epoch=1, verbose=0)
    assert compilations == []


def test_predict_and_evaluate_compile_once(backend, compilations):
    model = Sequential([Dense(2, input_shape=(4,))])
    model.compile(SGD(0.1), "mse")
    for size in (8, 7, 50):
        model.predict(X, batch_size=size), model.evaluate(X, Y, batch_size=size, verbose=0)
    assert compilations.count("step") <= 4 and compilations.count("loop") <= 2


MANY = np.random.RandomState(2).rand(521, 4).astype("float32")  # 260 batches of 2, and a sample


def test_many_batches_are_predicted_in_few_calls_with_the_same_results(backend, compilations):
    inner = Input((4,))
    model = Model(inner, [Dense(3)(inner), Dense(2, activation="tanh")(inner)])
    few = [
        np.concatenate(parts)
        for parts in zip(*(model.predict_on_batch(MANY[at : at + 2]) for at in range(0, 521, 2)), strict=True)
    ]
    assert compilations == ["step"]
    many = model.predict(MANY, batch_size=2)
    assert compilations.count("loop") == 1
    for one, other in zip(many, few, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_many_batches_are_evaluated_in_few_calls_with_the_same_results(backend, compilations):
    model = Sequential([Dense(2, input_shape=(4,))])
    model.compile(SGD(0.1), "mse", metrics=["mae"])
    targets, weights = np.cos(MANY[:, :2]), np.arange(521) % 3
    alone = [
        model.test_on_batch(MANY[at : at + 2], targets[at : at + 2], sample_weight=weights[at : at + 2])
        for at in range(0, 521, 2)
    ]
    assert compilations == ["step"]
    many = model.evaluate(MANY, targets, batch_size=2, sample_weight=weights, verbose=0)
    assert compilations.count("loop") == 1
    np.testing.assert_allclose(many, np.average(alone, axis=0, weights=[2] * 260 + [1]), rtol=1e-5)


def test_a_few_batches_never_wait_for_a_call_of_many(backend, compilations):
    model = Sequential([Dense(2, input_shape=(4,))])
    model.compile(SGD(0.1), "mse")
    for _ in range(10):
        model.predict(X, batch_size=8), model.evaluate(X, Y, batch_size=8, verbose=0)
    assert "loop" not in compilations


def test_a_few_batches_do_not_wait_either_after_many_were_run(backend, compilations):
    model = Sequential([Dense(2, input_shape=(4,))])
    for _ in range(300):
        model.predict(MANY[:2])
    for count in range(2, 32):
        model.predict(MANY[: 2 * count], batch_size=2)
    assert "loop" not in compilations


def test_ever_other_numbers_of_samples_never_wait_and_the_same_number_does_once(backend, compilations):
    model = Sequential([Dense(2, input_shape=(4,))])
    for count in range(32, 48):
        model.predict(MANY[: 2 * count], batch_size=2)
    assert "loop" not in compilations
    for _ in range(300 // 32):
        model.predict(MANY[:64], batch_size=2)
    assert compilations.count("loop") == 1


def test_an_interrupt_ends_a_validation_of_many_batches(backend, monkeypatch):
    model = Sequential([Dense(2, input_shape=(4,))])
    model.compile(SGD(0.1), "mse")
    tests = model._step("test").loop()
    called = []
    call = type(tests).__call__

    def interrupting(self, data, rows):
        outputs = call(self, data, rows)
        if self is tests:
            called.append(len(rows))
            signal.raise_signal(signal.SIGINT)
        return outputs

    monkeypatch.setattr(type(tests), "__call__", interrupting)
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, Y, nb_epoch=3, verbose=0, validation_data=(np.tile(X, (50, 1)), np.tile(Y, (50, 1))), batch_size=2)
    assert called == [1] and not model.control.is_running


def test_a_stateful_layer_meets_many_batches_in_order(backend):
    model = Sequential([SimpleRNN(3, stateful=True, batch_input_shape=(2, 1, 4))])
    sequence = MANY[:520, None]
    alone = np.concatenate([model.predict_on_batch(sequence[at : at + 2]) for at in range(0, 520, 2)])
    model.reset_states()
    np.testing.assert_allclose(model.predict(sequence, batch_size=2), alone, atol=1e-5)


def test_large_outputs_are_not_gathered_for_many_steps(backend, compilations, monkeypatch):
    monkeypatch.setattr(steps, "_OUTPUTS_AT_MOST", 600)  # bytes; a batch gives 64
    model = Sequential([Dense(8, input_shape=(4,))])
    called = []
    loop = type(chosen.active().compile_batches(model._step("predict").function.program(0)))
    call = loop.__call__
    monkeypatch.setattr(loop, "__call__", lambda self, data, rows: called.append(len(rows)) or call(self, data, rows))
    model.predict(MANY, batch_size=2)
    assert max(called) <= 9
    del called[:]
    monkeypatch.setattr(steps, "_OUTPUTS_AT_MOST", 100)
    model.predict(MANY, batch_size=2)
    assert called == []


def test_compiling_a_model_again_runs_nothing_of_the_old_one(backend):
    model = Sequential([Dense(2, input_shape=(4,))])
    model.compile(SGD(0.0), "mse")
    first = model.fit(X, Y, nb_epoch=1, verbose=0).history["loss"]
    model.compile(SGD(0.0), "mae")
    assert model.fit(X, Y, nb_epoch=1, verbose=0).history["loss"] != first


def test_a_model_moves_between_backends_with_its_weights_and_state():
    before = K.backend()
    model = Sequential([Dense(2, input_shape=(4,))])
    model.compile(Adam(0.01), "mse")
    outputs = []
    for name in ("tensorflow", "theano", "tensorflow"):
        K.use(name)
        model.fit(X, Y, nb_epoch=1, batch_size=25, shuffle=False, verbose=0)
        outputs.append(model.predict(X))
    K.use("theano")
    np.testing.assert_allclose(model.predict(X), outputs[-1], rtol=1e-5)
    assert model.optimizer.get_weights()[0] == 6
    K.use(before)
