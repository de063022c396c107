"""Layers that a layer of one's own holds: counted, trained, frozen and saved with it; others are named loudly."""

import warnings

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.layers import (
    LSTM,
    BatchNormalization,
    Dense,
    Dropout,
    Embedding,
    Input,
    Lambda,
    Layer,
    TimeDistributed,
    merge,
)
from kerasnb.models import Model, Sequential, load_model
from kerasnb.regularizers import l2

x = np.random.RandomState(0).rand(8, 4)


class Block(Layer):
    """Layers in a list and a dictionary, and a weight of its own."""

    def __init__(self, units=3, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.dense = [Dense(5, activation="tanh", W_regularizer=l2(0.1)), Dense(units)]
        self.rest = {"norm": BatchNormalization(), "drop": Dropout(0.3)}

    def build(self, input_shape):
        self.scale = self.add_weight((self.units,), "one", name="scale")
        super().build(input_shape)

    def call(self, x, mask=None):
        for layer in self.dense:
            x = layer(x)
        return self.rest["drop"](self.rest["norm"](x)) * self.scale

    def get_config(self):
        return {**super().get_config(), "units": self.units}


class Around(Layer):
    """A layer around any other."""

    supports_masking = True

    def __init__(self, inner, **kwargs):
        super().__init__(**kwargs)
        self.inner = inner

    def call(self, x, mask=None):
        return self.inner(x)

    def compute_mask(self, input, input_mask=None):
        return None


def test_inner_weights_count_train_and_are_saved(backend, tmp_path):
    model = Sequential([Block(3, input_shape=(4,)), Dense(1)])
    model.compile("sgd", "mse")
    block, before = model.layers[0], model.get_weights()
    assert len(before) == 11 and block.count_params() == 58 and len(model.trainable_weights) == 9
    model.fit(x, np.ones((8, 1)), nb_epoch=1, verbose=0)
    moved = [not np.array_equal(old, new) for old, new in zip(before, model.get_weights(), strict=True)]
    assert all(moved[:4]) and all(moved[7:])  # the kernels, the running averages, the layer on top
    model.save(tmp_path / "m.h5")
    again = load_model(tmp_path / "m.h5", custom_objects={"Block": Block})
    np.testing.assert_allclose(again.predict(x), model.predict(x), rtol=1e-5)


def test_inner_penalties_and_updates_count_once_for_each_call():
    inner = Sequential([Block(3, input_shape=(4,))])
    a, b = Input((4,)), Input((4,))
    model = Model([a, b], merge([inner(a), inner(b)]))
    assert len(inner.updates) == 2 and len(model.updates) == 4 and len(model.losses) == 1


def test_freezing_reaches_inner_layers_and_moves_no_weight_in_the_list():
    model = Sequential([Block(3, input_shape=(4,))])
    block = model.layers[0]
    names = [weight.name for weight in block.weights]
    block.dense[0].trainable = False
    assert len(block.trainable_weights) == 5 and [weight.name for weight in block.weights] == names
    block.trainable = False
    assert model.trainable_weights == [] and [weight.name for weight in block.weights] == names


def test_models_wrappers_and_layers_may_be_inside_each_other():
    model = Sequential(
        [
            TimeDistributed(Around(Block(2)), input_shape=(3, 4)),
            Around(TimeDistributed(Sequential([Dense(4, input_shape=(2,)), BatchNormalization()]))),
        ]
    )
    assert len(model.get_weights()) == 9 + 6 and len(model.updates) == 4 and len(model.losses) == 1


def test_masks_pass_between_inner_layers_in_a_nested_model_too(backend):
    class Words(Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.embedding, self.lstm = Embedding(9, 3, mask_zero=True), LSTM(2)

        def call(self, x, mask=None):
            return self.lstm(self.embedding(x))

        def get_output_shape_for(self, input_shape):
            return (input_shape[0], 2)

    words = Words(input_shape=(5,))
    model = Sequential([words])
    whole, short = Input((5,)), Input((3,))
    nested = Model([whole, short], [model(whole), words(short)])
    padded, cut = nested.predict([np.array([[1, 2, 3, 0, 0]]), np.array([[1, 2, 3]])])
    np.testing.assert_allclose(padded, cut, atol=1e-6)


def test_states_inside_last_and_are_reset_but_averages_stay_when_predicting(backend):
    model = Sequential(
        [
            Around(
                Sequential([BatchNormalization(batch_input_shape=(2, 3, 4)), LSTM(2, stateful=True)]),
                batch_input_shape=(2, 3, 4),
            )
        ]
    )
    steps, before = np.random.rand(2, 3, 4), model.get_weights()
    first, second = (model.predict(steps, batch_size=2) for _ in range(2))
    model.reset_states()
    np.testing.assert_allclose(model.predict(steps, batch_size=2), first, atol=1e-6)
    assert not np.allclose(first, second) and len(model.state_updates) == 2 and len(model.updates) == 4
    assert all(np.array_equal(old, new) for old, new in zip(before, model.get_weights(), strict=True))


def test_weights_that_a_program_lists_itself_are_not_counted_twice():
    class Listed(Around):
        def build(self, input_shape):
            self.inner.build(input_shape)
            self.trainable_weights = self.inner.trainable_weights
            super().build(input_shape)

        def call(self, x, mask=None):
            return self.inner.call(x)

    model = Sequential([Listed(Dense(3), input_shape=(4,))])
    assert len(model.get_weights()) == 2 and model.count_params() == 15


def test_a_layer_of_the_model_that_another_refers_to_stays_the_models():
    class Tied(Layer):
        def __init__(self, other, **kwargs):
            super().__init__(**kwargs)
            self.other = other

        def call(self, x, mask=None):
            return K.dot(x, K.transpose(self.other.W))

    model = Sequential([Dense(3, input_shape=(4,))])
    model.add(Tied(model.layers[0]))
    assert len(model.get_weights()) == 2 and model.layers[1].get_weights() == []


class Maker(Layer):
    def call(self, x, mask=None):
        return Dense(3, name="made")(x)


@pytest.mark.parametrize(
    "make, said",
    [
        (lambda: Maker(), 'Dense "made" is used inside Maker'),
        (lambda: Lambda(Dense(3, name="outside")), 'Dense "outside" is used inside Lambda'),
    ],
)
def test_weights_that_nobody_holds_are_named(make, said):
    with pytest.warns(UserWarning, match=f"{said} .*neither counted, trained, frozen nor saved"):
        Sequential([Dense(4, input_shape=(4,)), make()]).build()


def test_layers_without_weights_and_layers_of_the_model_may_be_called_anywhere():
    start = Input((4,))
    shared = Dense(4)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Model(start, Lambda(lambda x: Dropout(0.5)(shared(x)))(shared(start)))


class Residual(Layer):
    """A layer whose `__call__` is its own: it puts other layers into the graph, and not itself."""

    def __call__(self, x):
        return merge([BatchNormalization()(Dense(4, W_regularizer=l2(0.1))(x)), x], mode="sum")


@pytest.mark.parametrize("below", [0, 1])
def test_layers_that_a_layer_of_a_stack_puts_into_the_graph_belong_to_it(below, tmp_path):
    residual = Residual(input_shape=(4,))
    model = Sequential([Dense(4, input_shape=(4,)) for _ in range(below)] + [residual, Dense(1)])
    assert residual.count_params() == 36 and len(model.losses) == 1 and len(model.updates) == 2
    assert len(model.get_weights()) == 2 * below + 6 + 2
    model.compile("sgd", "mse")
    model.train_on_batch(x, np.ones((8, 1)))
    model.save(tmp_path / "m.h5")
    again = load_model(tmp_path / "m.h5", custom_objects={"Residual": Residual})
    np.testing.assert_allclose(again.predict(x), model.predict(x), rtol=1e-5)
    residual.trainable = False
    assert len(model.trainable_weights) == 2 * below + 2


def test_masks_in_a_list_inside_the_list_count_as_if_they_stood_in_it():
    class Two(Layer):
        def call(self, x, mask=None):
            return [x, x * 2, x * 3]

        def compute_mask(self, x, mask=None):
            return [[mask, None], mask]

    words = Embedding(5, 3, mask_zero=True)(Input((4,)))
    first, second, third = Two()(words)
    masks = first._keras_history[0].inbound_nodes[0].output_masks
    assert masks[0] is masks[2] is not None and masks[1] is None
