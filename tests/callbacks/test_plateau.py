"""ReduceLROnPlateau: when the rate falls, to what, and what is logged."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.callbacks import ReduceLROnPlateau
from kerasnb.errors import ArgumentError
from kerasnb.layers import Dense
from kerasnb.models import Sequential
from kerasnb.optimizers import SGD

X, Y = np.random.RandomState(0).rand(10, 3), np.random.RandomState(1).rand(10, 1)


class Plain:
    """As much of a model as the callback needs."""

    def __init__(self, lr=1.0):
        self.optimizer = SGD(lr)


def rates(figures, monitor="val_loss", lr=1.0, **arguments):
    """The rate after each epoch with these figures."""
    callback = ReduceLROnPlateau(monitor, **{"factor": 0.5, "patience": 1, **arguments})
    callback.set_model(Plain(lr))
    callback.on_train_begin()
    found = []
    for epoch, figure in enumerate(figures):
        callback.on_epoch_end(epoch, {monitor: figure})
        found.append(float(K.get_value(callback.model.optimizer.lr)))
    return found


def test_the_rate_falls_after_more_than_patience_epochs_without_getting_better():
    assert rates([3, 3, 3, 2, 2, 2]) == [1, 1, 0.5, 0.5, 0.5, 0.25]
    assert rates([3, 3, 3, 3, 3], patience=2) == [1, 1, 1, 0.5, 0.5]


def test_after_a_fall_one_epoch_less_is_borne_as_in_keras():
    assert rates([3, 3, 3, 3, 3, 3]) == [1, 1, 0.5, 0.25, 0.125, 0.0625]


def test_less_than_epsilon_is_not_better_and_later_it_is_called_min_delta():
    assert rates([3, 2.9, 2.8], epsilon=0.5)[-1] == rates([3, 2.9, 2.8], min_delta=0.5)[-1] == 0.5
    assert rates([3, 2.9, 2.8], epsilon=0.05)[-1] == 1


def test_cooldown_waits_before_it_counts_again():
    assert rates([3, 3, 3, 3, 3, 3], cooldown=2) == [1, 1, 0.5, 0.5, 0.5, 0.25]


def test_the_rate_goes_no_lower_than_min_lr():
    assert rates([3] * 6, min_lr=0.3) == pytest.approx([1, 1, 0.5, 0.3, 0.3, 0.3])


def test_accuracy_goes_up_and_the_mode_decides_otherwise():
    assert rates([0.1, 0.2, 0.3], "val_acc")[-1] == 1
    assert rates([0.1, 0.2, 0.3], "val_acc", mode="min")[-1] == 0.5
    assert rates([0.1, 0.2, 0.3], "val_loss", mode="max")[-1] == 1
    with pytest.warns(RuntimeWarning, match="mode 'fast' is unknown"):
        ReduceLROnPlateau(mode="fast")


def test_a_factor_of_one_or_more_is_refused():
    with pytest.raises(ArgumentError, match="does not support a factor >= 1.0"):
        ReduceLROnPlateau(factor=1.0)


def test_a_figure_that_is_not_logged_is_a_warning():
    with pytest.warns(RuntimeWarning, match="watches 'val_loss', which is not logged"):
        callback = ReduceLROnPlateau()
        callback.set_model(Plain())
        callback.on_epoch_end(0, {"loss": 1.0})


def test_the_rate_is_logged_and_printed_in_a_training(backend, capsys):
    model = Sequential([Dense(1, input_shape=(3,))])
    model.compile(SGD(0.1), "mse")
    callback = ReduceLROnPlateau(factor=0.1, patience=1, epsilon=10, cooldown=5, verbose=1)
    found = model.fit(X, Y, nb_epoch=5, validation_data=(X, Y), verbose=0, callbacks=[callback]).history
    assert found["lr"] == pytest.approx([0.1, 0.1, 0.1, 0.01, 0.01]) and callback.in_cooldown()
    assert "Epoch 00002: reducing learning rate to 0.01" in capsys.readouterr().out
