"""What is special about TimeDistributed and Bidirectional."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.errors import ArgumentError
from kerasnb.layers import (
    GRU,
    LSTM,
    BatchNormalization,
    Bidirectional,
    Dense,
    Dropout,
    Flatten,
    Input,
    Masking,
    TimeDistributed,
)
from kerasnb.models import Sequential

from .running import run

X = np.random.RandomState(2).uniform(-1, 1, (2, 4, 3)).astype("float32")


def test_weights_of_both_directions_are_listed_forward_first():
    layer = Bidirectional(LSTM(2, name="l"))
    layer(Input((4, 3)))
    names = [weight.name for weight in layer.weights]
    assert len(names) == 24 and names[0] == "forward_l_W_i" and names[12] == "backward_l_W_i"


def test_given_weights_are_split_in_half():
    first = Bidirectional(GRU(2))
    first(Input((4, 3)))
    second = Bidirectional(GRU(2), weights=first.get_weights())
    second(Input((4, 3)))
    for one, other in zip(first.get_weights(), second.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("mode", "combine"),
    [
        ("sum", np.add),
        ("mul", np.multiply),
        ("ave", lambda x, y: (x + y) / 2),
        ("concat", lambda x, y: np.concatenate([x, y], -1)),
    ],
)
def test_merge_modes_combine_both_directions(mode, combine, backend):
    x = Input((4, 3))
    layer = Bidirectional(GRU(2, return_sequences=True), merge_mode=mode)
    outputs = [layer(x), layer.forward_layer.call(x), layer.backward_layer.call(x)]
    merged, forward, backward = K.function([x], outputs)([X])
    np.testing.assert_allclose(merged, combine(forward, backward[:, ::-1]), atol=1e-6)


def test_without_merging_there_are_two_outputs():
    layer = Bidirectional(GRU(2), merge_mode=None)
    assert [one.shape for one in layer(Input((4, 3)))] == [(None, 2), (None, 2)]


def test_a_layer_with_a_function_of_ones_own_can_be_wrapped():
    layer = Bidirectional(GRU(2, activation=lambda x: K.tanh(x) * 2))
    assert layer(Input((4, 3))).shape == (None, 4)


def test_what_is_not_recurrent_is_refused():
    with pytest.raises(ArgumentError, match="layer must be recurrent, got Dense"):
        Bidirectional(Dense(3))
    with pytest.raises(ArgumentError, match="layer must be a layer"):
        TimeDistributed(3)


def test_stateful_both_ways(backend):
    model = Sequential([Bidirectional(GRU(2, stateful=True), batch_input_shape=(2, 4, 3))])
    first, second = model.predict(X, batch_size=2), model.predict(X, batch_size=2)
    assert not np.allclose(first, second)
    model.reset_states()
    np.testing.assert_allclose(model.predict(X, batch_size=2), first, atol=1e-6)


def test_the_mask_passes_a_time_distributed_layer_by():
    layer = TimeDistributed(Dense(2))
    layer(Masking()(Input((4, 3))))
    assert layer.output_mask is not None


def test_time_distributed_needs_no_known_time(backend):
    layer = TimeDistributed(Flatten())
    x = Input((None, 2, 3))
    y = layer(x)
    assert y.shape == (None, None, 6)
    assert K.function([x], [y])([np.zeros((2, 5, 2, 3))])[0].shape == (2, 5, 6)


def test_the_inner_layers_updates_and_penalties_count():
    layer = TimeDistributed(BatchNormalization(gamma_regularizer="l2"))
    x = Input((4, 3))
    layer(x)
    assert len(layer.get_updates_for(x)) == 2 and len(layer.losses) == 1


def test_the_inner_layers_learning_phase_counts(backend):
    value = run(TimeDistributed(Dropout(0.5)), np.ones((5, 4, 3), "float32"), phase=1)
    assert set(np.unique(value)) == {0, 2}


def test_freezing_the_wrapper_freezes_what_is_inside():
    layer = TimeDistributed(Dense(2))
    layer(Input((4, 3)))
    layer.trainable = False
    assert layer.trainable_weights == [] and len(layer.non_trainable_weights) == 2
