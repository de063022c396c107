"""Callbacks: when each hook is called and with what, and what the shipped ones do."""

import importlib
import pkgutil
import types

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import callbacks
from kerasnb.callbacks import (
    BaseLogger,
    Callback,
    CallbackList,
    EarlyStopping,
    History,
    LambdaCallback,
    LearningRateScheduler,
    ProgbarLogger,
    TerminateOnNaN,
)
from kerasnb.errors import ArgumentError
from kerasnb.layers import Dense
from kerasnb.models import Sequential
from kerasnb.optimizers import SGD

X, Y = np.random.RandomState(0).rand(10, 3), np.random.RandomState(1).rand(10, 1)


def test_every_callback_is_offered_by_the_package():
    files = pkgutil.iter_modules(callbacks.__path__)
    modules = [importlib.import_module(f"kerasnb.callbacks.{file.name}") for file in files]
    names = {name for module in modules for name in module.__all__ if _is_callback(getattr(module, name))}
    assert names <= set(callbacks.__all__)


def _is_callback(value):
    return isinstance(value, type) and issubclass(value, Callback)


def compiled(**arguments):
    model = Sequential([Dense(1, input_shape=(3,))])
    model.compile(SGD(0.1), "mse", **arguments)
    return model


def fit(model, *callbacks, **arguments):
    return model.fit(X, Y, **{"batch_size": 4, "nb_epoch": 2, "verbose": 0, "callbacks": list(callbacks), **arguments})


class Recorder(Callback):
    """Writes down every call of every hook."""

    def __init__(self):
        super().__init__()
        self.calls = []

    def __getattribute__(self, name):
        if not name.startswith("on_"):
            return super().__getattribute__(name)
        return lambda *arguments: self.calls.append((name, *arguments))


class Figures(EarlyStopping):
    """EarlyStopping fed with figures instead of a training."""

    def epochs_until_stop(self, figures):
        self.model = type("Model", (), {"stop_training": False})()
        self.on_train_begin()
        for epoch, figure in enumerate(figures):
            self.on_epoch_end(epoch, {self.monitor: figure})
            if self.model.stop_training:
                return epoch + 1
        return None


def test_hooks_are_called_in_keras_order(backend):
    watch = Recorder()
    fit(compiled(), watch, nb_epoch=1)
    names = [name for name, *_ in watch.calls if name != "on_steps_end"]
    assert names == [
        "on_train_begin",
        "on_epoch_begin",
        *["on_batch_begin", "on_batch_end"] * 3,
        "on_epoch_end",
        "on_train_end",
    ]


def test_logs_hold_what_keras_puts_in_them(backend):
    watch = Recorder()
    model = compiled(metrics=["mae"])
    fit(model, watch, nb_epoch=1, validation_split=0.2)
    by_hook = {name: arguments[-1] for name, *arguments in watch.calls}
    assert by_hook["on_train_begin"] == {} == by_hook["on_epoch_begin"]
    assert by_hook["on_batch_begin"] == {"batch": 1, "size": 4}
    assert set(by_hook["on_batch_end"]) == {"batch", "size", "loss", "mean_absolute_error"}
    assert set(by_hook["on_epoch_end"]) == {"loss", "mean_absolute_error", "val_loss", "val_mean_absolute_error"}


def test_batch_logs_are_exact_and_in_time(backend):
    model, found = compiled(), []

    class Watch(Callback):
        def on_batch_begin(self, batch, logs=None):
            rows = slice(4 * batch, 4 * batch + logs["size"])
            self.wanted = ((self.model.predict(X[rows]) - Y[rows]) ** 2).mean()

        def on_batch_end(self, batch, logs=None):
            found.append((self.wanted, float(logs["loss"])))

    fit(model, Watch(), shuffle=False)
    wanted, losses = zip(*found, strict=True)
    assert len(losses) == 6 and losses == pytest.approx(wanted, rel=1e-4)


def test_user_callbacks_come_before_history(backend):
    model = compiled()

    class Late(Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["mine"] = epoch

    assert fit(model, Late()).history["mine"] == [0, 1]


def test_a_callback_sees_the_epochs_number_from_zero(backend):
    seen = []
    fit(compiled(), LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append((epoch, sorted(logs)))))
    assert seen == [(0, ["loss"]), (1, ["loss"])]


def test_a_callback_that_is_no_callback_subclass_works(backend):
    class Plain:
        def __init__(self):
            self.names = []

        def __getattr__(self, name):
            if name == "on_steps_end":
                raise AttributeError(name)
            return lambda *arguments: self.names.append(name)

    plain = Plain()
    fit(compiled(), plain, nb_epoch=1)
    assert plain.names.count("on_batch_end") == 3 and plain.names[-1] == "on_train_end"


def test_only_callbacks_with_batch_hooks_need_single_batches():
    assert not CallbackList([History(), EarlyStopping(), LambdaCallback(on_epoch_end=print)]).needs_batches
    assert (
        CallbackList([LambdaCallback(on_batch_end=print)]).needs_batches and CallbackList([BaseLogger()]).needs_batches
    )


def test_a_broken_callback_surfaces_and_the_model_can_be_fitted_again(backend):
    model = compiled()

    def broken(epoch, logs):
        raise ZeroDivisionError("the user's own mistake")

    with pytest.raises(ZeroDivisionError, match="own mistake"):
        fit(model, LambdaCallback(on_epoch_end=broken))
    assert not model.control.is_running and fit(model).epoch == [0, 1]


@pytest.mark.parametrize("patience, epochs", [(0, 3), (1, 4), (2, 5)])
def test_early_stopping_bears_patience_epochs_and_ends_at_the_next(patience, epochs):
    assert Figures(patience=patience).epochs_until_stop([3, 2, 2.5, 2.5, 2.5, 2.5]) == epochs


def test_early_stopping_begins_to_count_anew_when_it_gets_better():
    assert Figures(patience=1).epochs_until_stop([3, 4, 2, 4, 1, 4, 4]) == 7


def test_early_stopping_asks_for_a_change_of_min_delta():
    assert Figures(min_delta=0.5).epochs_until_stop([3, 2.8, 2.6]) == 2
    assert Figures(min_delta=0.5).epochs_until_stop([3, 2.4, 1.8]) is None


def test_early_stopping_knows_by_the_name_that_accuracy_goes_up():
    assert Figures(monitor="val_acc").epochs_until_stop([0.1, 0.2, 0.3]) is None
    assert Figures(monitor="val_acc", mode="min").epochs_until_stop([0.1, 0.2]) == 2
    assert Figures(monitor="fmeasure_3").epochs_until_stop([0.1, 0.2]) is None


def test_early_stopping_warns_of_a_figure_that_is_not_logged(backend):
    with pytest.warns(RuntimeWarning, match="'val_loss', which is not logged; there are \\['loss'\\]"):
        fit(compiled(), EarlyStopping(), nb_epoch=1)


def test_early_stopping_ends_a_training(backend, capsys):
    model = compiled()
    K.set_value(model.optimizer.lr, 0.0)
    found = fit(model, EarlyStopping(monitor="loss", verbose=1), nb_epoch=9, shuffle=False)
    assert found.epoch == [0, 1] and "Epoch 2: early stopping" in capsys.readouterr().out


def test_a_schedule_sets_the_rate_of_each_epoch(backend):
    model, rates = compiled(), []
    watch = LambdaCallback(on_epoch_end=lambda epoch, logs: rates.append(float(K.get_value(model.optimizer.lr))))
    fit(model, LearningRateScheduler(lambda epoch: 0.5 / (epoch + 1)), watch, nb_epoch=3)
    assert rates == pytest.approx([0.5, 0.25, 0.5 / 3])


def test_a_schedule_that_gives_no_float_is_refused():
    model = compiled()
    with pytest.raises(ArgumentError, match=r"schedule\(0\) must give a float, got 1"):
        fit(model, LearningRateScheduler(lambda epoch: 1))
    assert not model.control.is_running


def test_base_logger_averages_by_batch_size():
    logger = BaseLogger()
    logger.set_params({"metrics": ["loss"]})
    logger.on_epoch_begin(0)
    logger.on_batch_end(0, {"batch": 0, "size": 3, "loss": 1.0})
    logger.on_batch_end(1, {"batch": 1, "size": 1, "loss": 5.0})
    logs = {}
    logger.on_epoch_end(0, logs)
    assert logs == {"loss": 2.0}


def test_verbose_2_prints_a_line_for_each_epoch(backend, capsys):
    fit(compiled(), verbose=2, validation_split=0.5)
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("Epoch")] == ["Epoch 1/2", "Epoch 2/2"]
    assert sum("loss:" in line and "val_loss:" in line for line in lines) == 2


def test_verbose_0_prints_nothing(backend, capsys):
    fit(compiled(), verbose=0)
    assert capsys.readouterr().out == ""


def test_signatures_are_those_of_keras_1():
    import inspect

    from kerasnb import callbacks

    wanted = {
        "RemoteMonitor": "root path field headers",
        "TensorBoard": "log_dir histogram_freq write_graph write_images",
        "ReduceLROnPlateau": "monitor factor patience verbose mode epsilon cooldown min_lr",
        "CSVLogger": "filename separator append",
        "EarlyStopping": "monitor min_delta patience verbose mode",
        "LearningRateScheduler": "schedule",
    }
    for name, parameters in wanted.items():
        assert list(inspect.signature(getattr(callbacks, name)).parameters) == parameters.split()


def test_early_stopping_may_ask_for_a_baseline():
    assert Figures(monitor="val_acc", baseline=0.75, patience=1).epochs_until_stop([0.55, 0.76, 0.81, 0.82]) is None
    assert Figures(monitor="val_acc", baseline=0.75, patience=1).epochs_until_stop([0.55, 0.74, 0.81]) == 2


def test_early_stopping_may_give_back_the_best_weights(backend):
    model = compiled()
    K.set_value(model.optimizer.lr, 5.0)  # each epoch is worse than the one before
    weights = []
    keep = LambdaCallback(on_epoch_end=lambda epoch, logs: weights.append(model.get_weights()))
    found = fit(model, keep, EarlyStopping(monitor="loss", restore_best_weights=True), nb_epoch=5)
    assert len(found.epoch) == 2
    assert all(map(np.array_equal, weights[0], model.get_weights()))


def test_a_schedule_may_take_the_present_rate_too(backend, capsys):
    model = compiled()
    fit(model, LearningRateScheduler(lambda epoch, lr: lr / 2, verbose=1), nb_epoch=2)
    assert float(K.get_value(model.optimizer.lr)) == pytest.approx(0.025)
    assert "Epoch 00002: LearningRateScheduler sets learning rate to 0.025" in capsys.readouterr().out


def test_a_schedule_needs_an_optimizer_with_a_rate():
    model = compiled()
    model.optimizer = object()
    callback = LearningRateScheduler(lambda epoch: 0.5)
    callback.set_model(model)
    with pytest.raises(ValueError, match='Optimizer must have a "lr" attribute'):
        callback.on_epoch_begin(0)


def test_a_loss_that_is_no_number_ends_training_if_asked(backend, capsys):
    model = compiled()
    K.set_value(model.optimizer.lr, 1e30)
    assert len(fit(model, TerminateOnNaN(), nb_epoch=9).epoch) < 9
    assert "Invalid loss, terminating training" in capsys.readouterr().out


def test_a_training_loop_of_ones_own_can_use_the_loggers(capsys):
    history = History()
    called = CallbackList([BaseLogger(), history, ProgbarLogger()])
    called.set_params({"nb_epoch": 1, "nb_sample": 4, "verbose": 1, "metrics": ["loss"]})
    called.on_train_begin()
    called.on_epoch_begin(0)
    for batch, loss in enumerate([1.0, 3.0]):
        called.on_batch_begin(batch, {"batch": batch, "size": 2})
        called.on_batch_end(batch, {"batch": batch, "size": 2, "loss": loss})
    called.on_epoch_end(0, {})
    called.on_train_end()
    assert history.history == {"loss": [2.0]}
    printed = capsys.readouterr().out
    assert "2/4 [" in printed and "4/4 [==============================] - 0s - loss: 2.0000" in printed


def test_a_bar_of_the_users_own_does_not_slow_training():
    assert not CallbackList([ProgbarLogger()]).needs_batches


def test_what_is_learned_of_the_training_is_none_before_it():
    class Careless(Callback):
        def __init__(self):
            """Forgets Callback's own."""

    assert Careless().model is None and Careless().validation_data is None


def test_later_names_of_the_batch_hooks_are_called_too(backend):
    class Later(Callback):
        def __init__(self):
            super().__init__()
            self.calls = []

        def on_train_batch_begin(self, batch, logs=None):
            self.calls.append(batch)

        def on_train_batch_end(self, batch, logs=None):
            self.calls.append(sorted(logs))

    watch = Later()
    fit(compiled(), watch, nb_epoch=1)
    assert watch.calls == [one for batch in range(3) for one in (batch, ["batch", "loss", "size"])]


def test_early_stopping_passes_over_the_first_epochs():
    callback = EarlyStopping("loss", start_from_epoch=2)
    callback.set_model(types.SimpleNamespace(stop_training=False))
    callback.on_train_begin()
    stops = []
    for epoch, loss in enumerate([0.1, 0.2, 0.5, 0.6]):
        callback.on_epoch_end(epoch, {"loss": loss})
        stops.append(callback.model.stop_training)
    assert stops == [False, False, False, True] and callback.best == 0.5
