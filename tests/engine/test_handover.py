"""What a model hands over to one that was made from it."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.engine.handover import hand_over
from kerasnb.layers import Dense, Input
from kerasnb.models import Model, Sequential
from kerasnb.optimizers import SGD, Adam

X, Y = np.random.RandomState(0).rand(16, 4).astype("float32"), np.random.RandomState(1).rand(16, 2)


def chain(*between, first="first"):
    return Sequential([Dense(3, input_shape=(4,), name=first), *between, Dense(2, name="last")])


def trained(optimizer):
    model = chain()
    model.compile(optimizer, "mse")
    model.fit(X, Y, nb_epoch=2, verbose=0)
    return model


def slots(model, layer):
    return [K.batch_get_value(model.optimizer._state[weight]) for weight in model.get_layer(layer).weights]


def test_layers_that_did_not_change_keep_weights_and_optimizer_state(backend):
    old, new = trained(Adam(lr=0.05)), chain(Dense(3, name="inserted"))
    hand_over(old, new)
    for name in ("first", "last"):
        np.testing.assert_array_equal(new.get_layer(name).get_weights()[0], old.get_layer(name).get_weights()[0])
        for mine, former in zip(slots(new, name), slots(old, name), strict=True):
            np.testing.assert_array_equal(mine, former)
    assert K.get_value(new.optimizer.iterations) == K.get_value(old.optimizer.iterations) == 2


def test_the_same_model_made_anew_trains_on_exactly_as_the_old_one(backend):
    old, new = trained(Adam(lr=0.05)), chain()
    hand_over(old, new)
    for model in (old, new):
        model.fit(X, Y, nb_epoch=3, shuffle=False, verbose=0)
    np.testing.assert_allclose(new.get_weights()[0], old.get_weights()[0], rtol=1e-6)


def test_the_learning_rate_goes_over_as_it_stands(backend):
    old, new = trained(SGD(lr=0.5)), chain()
    K.set_value(old.optimizer.lr, 0.125)
    hand_over(old, new)
    assert K.get_value(new.optimizer.lr) == 0.125


def test_the_old_model_keeps_an_optimizer_of_its_own():
    old, new = trained(Adam()), chain()
    hand_over(old, new)
    new.fit(X, Y, nb_epoch=1, verbose=0)
    assert K.get_value(old.optimizer.iterations) == 2 and slots(old, "first")


def test_a_layer_of_other_shapes_begins_anew():
    old, new = trained(Adam()), Sequential([Dense(5, input_shape=(4,), name="first"), Dense(2, name="last")])
    hand_over(old, new)
    assert new.is_compiled and new.optimizer._state == {}
    new.fit(X, Y, nb_epoch=1, verbose=0)


def test_a_renamed_layer_keeps_its_weights():
    old, new = trained(Adam()), chain(first="renamed")
    hand_over(old, new, {"renamed": "first"})
    np.testing.assert_array_equal(new.get_layer("renamed").get_weights()[0], old.get_layer("first").get_weights()[0])
    assert slots(new, "renamed")


def test_a_loss_for_an_output_that_is_gone_leaves_the_new_model_without_a_compile():
    source = Input(shape=(4,))
    ends = [Dense(2, name="one")(source), Dense(2, name="two")(source)]
    old = Model(source, ends)
    old.compile("sgd", {"one": "mse", "two": "mae"})
    new = chain()
    hand_over(old, new)
    assert not new.is_compiled


def test_a_loss_of_ones_own_that_raises_for_other_shapes_leaves_the_new_model_without_a_compile():
    def narrow(y_true, y_pred):
        if K.int_shape(y_pred)[-1] != 2:
            raise RuntimeError("two features only")
        return K.mean(y_pred - y_true, axis=-1)

    old, new = chain(), Sequential([Dense(3, input_shape=(4,), name="first"), Dense(5, name="last")])
    old.compile("sgd", narrow)
    hand_over(old, new)
    assert not new.is_compiled
    np.testing.assert_array_equal(new.get_layer("first").get_weights()[0], old.get_layer("first").get_weights()[0])


def test_an_optimizer_that_cannot_be_copied_is_used_itself():
    class Own(SGD):
        def __reduce__(self):
            raise TypeError("not me")

    old, new = trained(Own()), chain()
    hand_over(old, new)
    assert new.optimizer is old.optimizer and slots(new, "first")


@pytest.mark.parametrize("frozen", ["first", "last"])
def test_what_was_frozen_when_it_trained_may_train_now(frozen):
    old = chain()
    old.get_layer(frozen).trainable = False
    old.compile("adam", "mse")
    old.fit(X, Y, nb_epoch=1, verbose=0)
    new = chain()
    hand_over(old, new)
    new.fit(X, Y, nb_epoch=1, verbose=0)
    assert slots(new, frozen)
