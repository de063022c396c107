"""fit_generator, evaluate_generator and predict_generator: as Keras 1.2.2's, and in the later spelling."""

import inspect
import itertools
import signal
import threading
import time

import numpy as np
import pytest

from kerasnb.callbacks import Callback, LambdaCallback
from kerasnb.engine.training import GeneratorEnqueuer, Model
from kerasnb.errors import ArgumentError, DataError, GeneratorError, NotCompiledError
from kerasnb.layers import Dense, Input
from kerasnb.models import Sequential
from kerasnb.optimizers import SGD

X, Y = np.random.RandomState(0).rand(20, 3), np.random.RandomState(1).rand(20, 1)
both_ways = pytest.mark.parametrize("pickle_safe", [False, True], ids=["threads", "processes"])


def line(lr=0.0, **arguments):
    model = Sequential([Dense(1, input_shape=(3,))])
    model.compile(SGD(lr=lr), "mse", **arguments)
    return model


def forever(size=5, x=X, y=Y):
    while True:
        for start in range(0, len(x), size):
            yield x[start : start + size], y[start : start + size]


def fit(model, generator=None, samples_per_epoch=20, nb_epoch=1, **arguments):
    return model.fit_generator(generator or forever(), samples_per_epoch, nb_epoch, **{"verbose": 0, **arguments})


def threads_of_generators():
    return [thread for thread in threading.enumerate() if thread.name == "kerasnb-generator"]


class Rows:
    """A Sequence of four batches."""

    def __init__(self):
        self.asked = []

    def __len__(self):
        return 4

    def __getitem__(self, index):
        self.asked.append(index)
        return X[index * 5 : index * 5 + 5], Y[index * 5 : index * 5 + 5]


def test_signatures_are_those_of_keras_1():
    names = {
        "fit_generator": "generator samples_per_epoch nb_epoch verbose callbacks validation_data nb_val_samples "
        "class_weight max_q_size nb_worker pickle_safe initial_epoch",
        "evaluate_generator": "generator val_samples max_q_size nb_worker pickle_safe",
        "predict_generator": "generator val_samples max_q_size nb_worker pickle_safe",
    }
    for method, listed in names.items():
        for cls in (Model, Sequential):
            assert list(inspect.signature(getattr(cls, method)).parameters) == ["self", *listed.split()]


@both_ways
def test_training_by_generator_is_training_by_array(backend, pickle_safe):
    first, second = line(lr=0.1), line(lr=0.1)
    second.set_weights(first.get_weights())
    wanted = first.fit(X, Y, batch_size=5, nb_epoch=2, shuffle=False, verbose=0)
    found = fit(second, nb_epoch=2, pickle_safe=pickle_safe)
    assert found is second.history and found.epoch == [0, 1]
    np.testing.assert_allclose(found.history["loss"], wanted.history["loss"], rtol=1e-5)
    for one, other in zip(first.get_weights(), second.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5)
    assert not threads_of_generators()


@both_ways
def test_evaluating_and_predicting_by_generator_is_the_same_by_array(backend, pickle_safe):
    model = line(metrics=["mae"])
    found = model.evaluate_generator(forever(8), 20, pickle_safe=pickle_safe)
    np.testing.assert_allclose(found, model.evaluate(X, Y, verbose=0), rtol=1e-5)
    found = model.predict_generator(forever(), 20, nb_worker=1, pickle_safe=pickle_safe)
    np.testing.assert_allclose(found, model.predict(X), rtol=1e-5)


def test_an_epoch_goes_on_to_the_batch_that_reaches_samples_per_epoch_and_warns_of_more(backend):
    seen = []
    watch = LambdaCallback(on_batch_end=lambda batch, logs: seen.append((batch, logs["size"])))
    with pytest.warns(UserWarning, match="Epoch comprised more than `samples_per_epoch` samples") as caught:
        fit(line(), samples_per_epoch=12, callbacks=[watch])
    assert seen == [(0, 5), (1, 5), (2, 5)] and caught[0].filename == __file__


def test_samples_per_epoch_may_be_a_fraction(backend):
    assert fit(line(), samples_per_epoch=len(X) * 0.75).epoch == [0]


def test_logs_and_params_are_those_of_keras(backend):
    calls = []

    class Watch(Callback):
        def on_batch_begin(self, batch, logs=None):
            calls.append(dict(logs))

        def on_batch_end(self, batch, logs=None):
            calls.append(sorted(logs))

        def on_epoch_end(self, epoch, logs=None):
            calls.append(sorted(logs))

    watch = Watch()
    fit(line(metrics=["mae"]), samples_per_epoch=5, callbacks=[watch], validation_data=(X, Y))
    figures = ["loss", "mean_absolute_error"]
    assert calls[0] == {"batch": 0, "size": 5} and calls[1] == ["batch", *figures[:1], *figures[1:], "size"]
    assert calls[2] == [*figures, "val_loss", "val_mean_absolute_error"]
    assert watch.params == {
        "nb_epoch": 1,
        "nb_sample": 5,
        "verbose": 0,
        "do_validation": True,
        "metrics": [*figures, "val_loss", "val_mean_absolute_error"],
    }


def test_initial_epoch_counts_on(backend):
    assert fit(line(), nb_epoch=5, initial_epoch=3).epoch == [3, 4]


def test_sample_weights_come_in_the_tuple_and_class_weights_by_argument(backend):
    weights = np.r_[np.zeros(10), np.full(10, 3.0)]
    by_array = line().fit(X, Y, sample_weight=weights, batch_size=20, nb_epoch=1, verbose=0)
    model = line()
    found = fit(model, itertools.repeat((X, Y, weights))).history["loss"]
    wrong = ((model.predict(X) - Y) ** 2).mean(axis=1)
    assert found == pytest.approx([(wrong * weights).mean() / 0.5], rel=1e-5) and len(by_array.history["loss"]) == 1
    labels = (Y > 0.5).astype("float32")
    found = fit(model, itertools.repeat((X, labels)), class_weight={0: 2, 1: 5}).history["loss"]
    wrong = ((model.predict(X) - labels) ** 2).mean(axis=1)
    assert found == pytest.approx([(wrong * np.where(labels[:, 0] == 1, 5, 2)).mean()], rel=1e-5)


def test_inputs_and_targets_may_be_lists_and_dicts(backend):
    a, b = Input((3,), name="a"), Input((3,), name="b")
    model = Model([a, b], [Dense(1, name="c")(a), Dense(1, name="d")(b)])
    model.compile("sgd", "mse")
    by_list, by_name = ([X, X], [Y, Y]), ({"a": X, "b": X}, {"c": Y, "d": Y}, {"c": np.ones(20)})
    history = fit(model, itertools.cycle([by_list, by_name]), 40, validation_data=iter([by_name]), nb_val_samples=20)
    assert sorted(history.history) == ["c_loss", "d_loss", "loss", "val_c_loss", "val_d_loss", "val_loss"]
    assert [part.shape for part in model.predict_generator(iter([by_name]), 20)] == [(20, 1), (20, 1)]
    assert [part.shape for part in model.predict_generator(iter([[X, X]]), 20)] == [(20, 1), (20, 1)]


def test_validation_by_tuple_is_evaluated_in_batches_of_the_last_ones_size(backend):
    def share(y_true, y_pred):
        from kerasnb import backend as K

        return K.max(y_pred)

    model = line(metrics=[share])
    found = fit(model, forever(5), validation_data=(X, Y)).history["val_share"]
    largest = [model.predict(X[start : start + 5]).max() for start in range(0, 20, 5)]
    assert found == pytest.approx([np.mean(largest)], rel=1e-5)


def test_validation_by_generator_needs_a_number_and_uses_each_batch_once(backend):
    with pytest.raises(ValueError, match='you must specify a value for "nb_val_samples"'):
        fit(line(), validation_data=forever())
    model = line()
    found = fit(model, nb_epoch=3, validation_data=forever(10), nb_val_samples=10).history["val_loss"]
    halves = [((model.predict(part) - wanted) ** 2).mean() for part, wanted in ((X[:10], Y[:10]), (X[10:], Y[10:]))]
    assert found == pytest.approx([halves[0], halves[1], halves[0]], rel=1e-5)


def test_one_generator_may_train_and_validate(backend):
    generator = forever()
    assert len(fit(line(), generator, 20, 2, validation_data=generator, nb_val_samples=20).history["val_loss"]) == 2


@pytest.mark.parametrize("bad", [[1, 2, 3, 4], 3, X, (X,), None, "xy"], ids=lambda bad: type(bad).__name__)
def test_what_is_no_tuple_is_refused_in_keras_words(bad):
    words = r"output of generator should be a tuple \(x, y, sample_weight\) or \(x, y\)\. Found: "
    model = line()
    for use in (fit, lambda model, batches: model.evaluate_generator(batches, 20)):
        with pytest.raises(ValueError, match=words):
            use(model, itertools.repeat(bad))
    assert not model.control.is_running and not threads_of_generators()


def test_a_batch_that_does_not_fit_says_so(backend):
    with pytest.raises(DataError, match=r'fit_generator of "sequential_1": input "dense_input_1": needs shape'):
        fit(line(), itertools.repeat((X[:, :2], Y)))
    with pytest.raises(DataError, match="got no samples|without samples|no samples"):
        line().evaluate_generator(itertools.repeat((X[:0], Y[:0])), 5)


@both_ways
def test_an_error_of_the_generator_surfaces_and_the_model_can_be_used_again(backend, pickle_safe):
    def failing():
        yield X[:5], Y[:5]
        raise RuntimeError("the user's own")

    model = line()
    for use in (
        fit,
        lambda model, batches: model.evaluate_generator(batches, 20, pickle_safe=pickle_safe),
        lambda model, batches: model.predict_generator(batches, 20, pickle_safe=pickle_safe),
    ):
        with pytest.raises(RuntimeError, match="the generator raised RuntimeError: the user's own") as caught:
            use(model, failing())
        assert isinstance(caught.value, GeneratorError) and str(caught.value.__cause__) == "the user's own"
    assert fit(model).epoch == [0]


@both_ways
def test_a_generator_that_ends_early_says_how_far_it_got(backend, pickle_safe):
    model = line()
    with pytest.raises(ValueError, match=r"ended after 10 of 20 samples(.|\n)*while True"):
        fit(model, itertools.islice(forever(), 6), nb_epoch=2, pickle_safe=pickle_safe)
    assert model.history.epoch == [0]
    with pytest.raises(ValueError, match="ended after 2 of 3 batches"):
        model.evaluate_generator(itertools.islice(forever(), 2), steps=3)


def test_a_generator_that_ends_with_the_last_epoch_is_enough(backend):
    assert fit(line(), itertools.islice(forever(), 8), nb_epoch=2).epoch == [0, 1]


def test_predicting_beyond_val_samples_is_refused():
    with pytest.raises(ValueError, match=r"gave 20 samples, val_samples is 18(.|\n)*write steps=18"):
        line().predict_generator(forever(), 18)


def test_training_and_evaluating_need_a_compiled_model():
    model = Sequential([Dense(1, input_shape=(3,))])
    with pytest.raises(NotCompiledError, match="fit_generator"):
        fit(model)
    with pytest.raises(NotCompiledError, match="evaluate_generator"):
        model.evaluate_generator(forever(), 20)
    assert model.predict_generator(forever(), 20).shape == (20, 1)


def test_later_names_count_batches(backend, capsys):
    model, batches = line(), []
    watch = LambdaCallback(on_batch_end=lambda batch, logs: batches.append(batch))
    found = model.fit_generator(
        forever(),
        steps_per_epoch=3,
        epochs=2,
        callbacks=[watch],
        validation_data=forever(),
        validation_steps=4,
        workers=2,
        use_multiprocessing=False,
        max_queue_size=2,
    )
    assert batches == [0, 1, 2] * 2 and found.epoch == [0, 1]
    assert found.history["val_loss"] == pytest.approx([model.evaluate(X, Y, verbose=0)] * 2, rel=1e-5)
    printed = capsys.readouterr().out
    assert "Epoch 2/2" in printed and "3/3 [" in printed
    assert watch.params["steps"] == 3 and watch.params["epochs"] == 2
    assert model.evaluate_generator(forever(), steps=4) == pytest.approx(model.evaluate(X, Y, verbose=0), rel=1e-5)
    np.testing.assert_allclose(model.predict_generator(forever(), steps=4, workers=1), model.predict(X), rtol=1e-5)


def test_a_second_positional_number_counts_batches_beside_later_names(backend):
    batches = []
    watch = LambdaCallback(on_batch_end=lambda batch, logs: batches.append(batch))
    line().fit_generator(forever(), 3, epochs=1, callbacks=[watch], verbose=0)
    assert batches == [0, 1, 2]


def test_numbers_without_a_name_count_batches_in_a_program_that_is_spelt_later(backend):
    model, batches = Sequential([Dense(units=1, input_shape=(3,))]), []
    model.compile(SGD(lr=0.0), "mse")
    watch = LambdaCallback(on_batch_end=lambda batch, logs: batches.append(batch))
    found = model.fit_generator(forever(), 3, 2, 0, [watch], forever(), 4)
    assert batches == [0, 1, 2] * 2
    assert found.history["val_loss"] == pytest.approx([model.evaluate(X, Y, verbose=0)] * 2, rel=1e-5)
    assert len(model.predict_generator(forever(), 4)) == 20 == len(model.predict_generator(forever(), val_samples=20))


def test_a_sequence_knows_its_number_of_batches_and_comes_in_a_new_order(backend):
    model, rows = line(), Rows()
    found = model.fit_generator(rows, epochs=2, validation_data=Rows(), verbose=0, workers=2, max_queue_size=1)
    assert found.history["val_loss"] == pytest.approx([model.evaluate(X, Y, verbose=0)] * 2, rel=1e-5)
    first, second = sorted(rows.asked[:4]), sorted(rows.asked[4:8])
    assert first == second == [0, 1, 2, 3] and rows.asked[:8] != [0, 1, 2, 3] * 2
    np.testing.assert_allclose(model.predict_generator(Rows(), workers=3), model.predict(X), rtol=1e-5)
    in_order = Rows()
    model.fit_generator(in_order, epochs=1, shuffle=False, verbose=0)
    assert in_order.asked[:4] == [0, 1, 2, 3]


def test_an_iterator_that_knows_its_length_needs_no_number_in_the_later_spelling(backend):
    class Known:
        def __init__(self):
            self.batches = forever()

        def __len__(self):
            return 4

        def __next__(self):
            return next(self.batches)

    model = line()
    found = model.fit_generator(Known(), epochs=2, validation_data=Known(), verbose=0)
    assert found.history["val_loss"] == pytest.approx([model.evaluate(X, Y, verbose=0)] * 2, rel=1e-5)
    assert model.predict_generator(Known()).shape == (20, 1)
    assert model.fit_generator(Rows(), None, 2, verbose=0).epoch == [0, 1]


def test_fit_evaluate_and_predict_take_generators_as_later_releases_do(backend):
    model = line()
    assert model.fit(forever(), steps_per_epoch=4, epochs=2, verbose=0).epoch == [0, 1]
    assert model.fit(Rows(), epochs=1, verbose=0).epoch == [0]
    assert model.evaluate(Rows(), verbose=0) == pytest.approx(model.evaluate(X, Y, verbose=0), rel=1e-5)
    np.testing.assert_allclose(model.predict(Rows()), model.predict(X), rtol=1e-5)
    with pytest.raises(ArgumentError, match="batch_size has no meaning for a generator"):
        model.fit(Rows(), batch_size=5)


def test_two_spellings_of_one_number_are_refused():
    with pytest.raises(ArgumentError, match="two spellings"):
        line().fit_generator(forever(), samples_per_epoch=20, steps_per_epoch=4, nb_epoch=1)


def test_data_is_prepared_while_the_model_works(backend):
    ahead = []

    class Watch(Callback):
        def on_batch_begin(self, batch, logs=None):
            deadline = time.monotonic() + 5
            while len(ahead) < min(batch + 4, 4) and time.monotonic() < deadline:
                threading.Event().wait(0.002)
            assert len(ahead) >= min(batch + 4, 4)  # four are all that the epoch needs

    fit(line(), (ahead.append(0) or batch for batch in forever()), 20, callbacks=[Watch()], max_q_size=3)


@pytest.mark.parametrize("ask", ["stop", "interrupt"])
def test_stop_acts_while_a_slow_generator_is_waited_for(backend, ask):
    model, inside, go_on = line(), threading.Event(), threading.Event()
    asked = []

    def slow():
        yield X[:5], Y[:5]
        inside.set()
        go_on.wait()
        yield X[:5], Y[:5]

    def act():
        inside.wait(10)
        asked.append(time.monotonic())
        model.control.stop() if ask == "stop" else signal.raise_signal(signal.SIGINT)

    model.train_on_batch(X[:5], Y[:5])
    threading.Thread(target=act).start()
    if ask == "stop":
        assert fit(model, slow()).epoch == []
    else:
        with pytest.raises(KeyboardInterrupt):
            fit(model, slow())
    assert time.monotonic() - asked[0] < 1  # 0.2 s on a machine that is not busy
    go_on.set()
    assert not model.control.is_running and fit(model).epoch == [0]


def test_pausing_waits_and_stopping_ends_the_wait(backend):
    model = line()

    def pause(batch, logs):
        model.control.pause()
        threading.Timer(0.05, model.control.stop).start()

    assert fit(model, callbacks=[LambdaCallback(on_batch_end=pause)]).epoch == [] and not threads_of_generators()


def test_a_callback_that_raises_leaves_no_thread_and_a_usable_model(backend):
    model = line()

    def broken(batch, logs):
        raise ZeroDivisionError("the user's own mistake")

    with pytest.raises(ZeroDivisionError, match="own mistake"):
        fit(model, callbacks=[LambdaCallback(on_batch_end=broken)])
    assert fit(model).epoch == [0] and not threads_of_generators()


def test_stop_training_ends_after_the_epoch(backend):
    class Enough(Callback):
        def on_batch_end(self, batch, logs=None):
            self.model.stop_training = True

    assert fit(line(), nb_epoch=5, callbacks=[Enough()]).epoch == [0]


def test_the_enqueuer_is_where_keras_has_it():
    assert GeneratorEnqueuer.__module__ == "kerasnb.engine.feeding.enqueuer"
