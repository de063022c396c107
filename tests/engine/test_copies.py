"""Models, layers, optimizers and callbacks through `copy.deepcopy` and `pickle`."""

import copy
import functools
import pickle

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.callbacks import EarlyStopping, LambdaCallback, LearningRateScheduler
from kerasnb.engine.topology import Merge
from kerasnb.errors import ArgumentError
from kerasnb.layers import LSTM, BatchNormalization, Bidirectional, Dense, Input, Lambda, Layer, TimeDistributed, merge
from kerasnb.models import Model, Sequential
from kerasnb.optimizers import SGD, Adam, Nadam

x, y = np.random.RandomState(0).rand(8, 4), np.random.RandomState(1).rand(8, 1)
WAYS = [copy.deepcopy, lambda thing: pickle.loads(pickle.dumps(thing))]


class Scale(Layer):
    """A layer of a program's own, with one inside."""

    def __init__(self, by=2.0, **kwargs):
        super().__init__(**kwargs)
        self.by, self.inner = by, Dense(4)

    def call(self, x, mask=None):
        return self.inner(x) * self.by

    def get_config(self):
        return {**super().get_config(), "by": self.by}


class Own(Sequential):
    """A model class of a program's own, made in another way."""

    def __init__(self, units):
        super().__init__([Dense(units, input_shape=(4,))])


def mean_error(y_true, y_pred):
    return K.mean(K.abs(y_true - y_pred), axis=-1)


def trained(model, optimizer="sgd", loss="mse"):
    model.compile(optimizer, loss, metrics=[mean_error])
    model.fit(x, y, nb_epoch=1, verbose=0)
    return model


@pytest.mark.parametrize("way", WAYS, ids=["deepcopy", "pickle"])
def test_a_trained_model_goes_on_training_alike(backend, way):
    model = trained(Sequential([Scale(3.0, input_shape=(4,)), BatchNormalization(), Dense(1)]), Nadam(0.05))
    K.set_value(model.optimizer.lr, 0.02)
    model.layers[0].inner.trainable = False
    model.recompile()
    other = way(model)
    assert [weight.name for weight in other.weights] == [weight.name for weight in model.weights]
    assert not other.layers[0].inner.trainable and other.name == model.name
    np.testing.assert_allclose(other.predict(x), model.predict(x), rtol=1e-6)
    figures = [[one.train_on_batch(x, y) for _ in range(3)] for one in (model, other)]
    np.testing.assert_allclose(*figures, rtol=1e-5)


def nested():
    inner = Sequential([Dense(3, input_shape=(4,))], name="inner")
    a, b = Input((4,)), Input((4,))
    shared = Dense(2, name="shared")
    return Model([a, b], merge([shared(inner(a)), shared(inner(b))], mode="concat"), name="outer")


def twice():
    layer = Dense(4, input_shape=(4,))
    return Sequential([layer, BatchNormalization(), layer])


MODELS = {
    "nested and shared": nested,
    "a layer twice": twice,
    "of a class of one's own": lambda: Own(3),
    "branches": lambda: Sequential([Merge([twice(), Own(4)], mode="sum"), Dense(1)]),
    "wrappers": lambda: Sequential(
        [Bidirectional(LSTM(2, return_sequences=True), input_shape=(3, 2)), TimeDistributed(Dense(2))]
    ),
    "empty": Sequential,
}


@pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)
def test_every_kind_of_model_has_a_copy_of_its_own(make):
    model = make()
    model.trainable = False
    for other in (way(model) for way in WAYS):
        assert type(other) is type(model) and other.name == model.name and not other.trainable
        assert [layer.name for layer in other.layers] == [layer.name for layer in model.layers]
        assert len(other.get_weights()) == len(model.get_weights()) and not {*other.layers} & {*model.layers}
        assert all(map(np.array_equal, other.get_weights(), model.get_weights()))


def test_functions_with_all_they_hold_come_along():
    factor, shift, times = 3, np.ones(4, "float32"), 2
    model = trained(
        Sequential(
            [
                Lambda(lambda x: x * factor, input_shape=(4,)),
                Lambda(functools.partial(lambda x, by: x + by, by=shift)),
                Dense(1),
            ]
        ),
        loss=lambda y_true, y_pred: K.mean(K.abs(y_true - y_pred)) * times,
    )
    wanted = model.evaluate(x, y, verbose=0)
    factor, shift = 7, None
    for way in WAYS:
        np.testing.assert_allclose(way(model).evaluate(x, y, verbose=0), wanted, rtol=1e-5)


def test_states_of_recurrent_layers_come_along():
    model = Sequential([LSTM(2, stateful=True, batch_input_shape=(4, 2, 4))])
    steps = np.random.rand(4, 2, 4)
    model.predict(steps, batch_size=4)
    others = [way(model) for way in WAYS]
    wanted = model.predict(steps, batch_size=4)
    for other in others:
        np.testing.assert_allclose(other.predict(steps, batch_size=4), wanted, rtol=1e-5)


@pytest.mark.parametrize(
    "make, shape",
    [
        (lambda: Dense(3, weights=[np.ones((4, 3)), np.zeros(3)]), (4,)),
        (Scale, (4,)),
        (lambda: Bidirectional(LSTM(2)), (3, 4)),
    ],
)
def test_a_layer_alone_keeps_its_weights_and_no_connections(make, shape):
    layer = make()
    assert not any(way(layer).built for way in WAYS)
    layer(Input(shape))
    layer.trainable = False
    for other in (way(layer) for way in WAYS):
        assert other.name == layer.name and other.inbound_nodes == [] and not other.trainable
        assert all(map(np.array_equal, other.get_weights(), layer.get_weights())) and len(other.weights) > 1


def test_a_model_and_its_layer_stay_together_in_a_deep_copy():
    model = Own(2)
    box = copy.deepcopy({"model": model, "layer": model.layers[0], "again": model})
    assert box["model"].layers[0] is box["layer"] and box["again"] is box["model"]


def test_a_layer_that_cannot_be_made_again_says_what_it_needs():
    class Silent(Layer):
        def __init__(self, units, **kwargs):
            super().__init__(**kwargs)

    with pytest.raises(ArgumentError, match="Silent cannot be copied: its get_config does not say.*\n.*get_config"):
        copy.deepcopy(Silent(3))


def test_optimizers_and_callbacks_come_along():
    rate = 0.5
    for way in WAYS:
        assert way(Adam(0.25)).get_config()["lr"] == 0.25 and way(SGD(nesterov=True)).nesterov
        assert way(LearningRateScheduler(lambda epoch: rate)).schedule(1) == rate
        assert way(LambdaCallback(on_train_end=lambda logs: rate)).on_train_end({}) == rate
        assert way(EarlyStopping("loss", patience=7)).patience == 7


def test_a_history_keeps_its_figures_and_lets_the_model_go():
    history = trained(Own(1)).history
    for way in WAYS:
        assert way(history).history == history.history and way(history).model is None
