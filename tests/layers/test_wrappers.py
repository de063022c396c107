"""What is special about TimeDistributed and Bidirectional."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.engine.layer import InputSpec
from kerasnb.errors import ArgumentError
from kerasnb.layers import (
    GRU,
    LSTM,
    RNN,
    BatchNormalization,
    Bidirectional,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    Input,
    Layer,
    Masking,
    SimpleRNN,
    SimpleRNNCell,
    TimeDistributed,
)
from kerasnb.models import Model, Sequential, model_from_json

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


@pytest.mark.parametrize("mode", ["concat", "sum", None])
def test_both_directions_give_their_states(mode, backend):
    x = Input((4, 3))
    layer = Bidirectional(LSTM(2, return_state=True), merge_mode=mode)
    outputs = layer(x)
    assert layer.get_output_shape_for((None, 4, 3)) == [one.shape for one in outputs]
    forward, backward = layer.forward_layer(x), layer.backward_layer(x)
    *merged, h, c, back_h, back_c = K.function([x], [*outputs, *forward, *backward])([X])[: len(outputs)]
    wanted = K.function([x], [*forward[1:], *backward[1:]])([X])
    for one, other in zip((h, c, back_h, back_c), wanted, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)
    joined = {"concat": [np.concatenate([h, back_h], 1)], "sum": [h + back_h], None: [h, back_h]}[mode]
    for one, other in zip(merged, joined, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_both_directions_begin_with_states(backend):
    source, target = Input((4, 3)), Input((5, 2))
    _, *states = Bidirectional(GRU(2, return_state=True))(source)
    model = Model([source, target], Bidirectional(GRU(2))(target, initial_state=states))
    again = model_from_json(model.to_json())
    again.set_weights(model.get_weights())
    given = [X, np.ones((2, 5, 2))]
    np.testing.assert_allclose(again.predict(given), model.predict(given), atol=1e-6)
    assert np.abs(model.predict([-X, given[1]]) - model.predict(given)).max() > 1e-3
    with pytest.raises(ArgumentError, match="initial_state must be a list of 2 states"):
        Bidirectional(GRU(2))(target, initial_state=states[0])


def test_a_bidirectional_layer_takes_cells_and_constants(backend):
    class Adding(SimpleRNNCell):
        def call(self, inputs, states, constants=None, training=None):
            h = inputs + states[0] + constants[0]
            return h, [h]

    x, constant = Input((4, 3)), Input((3,))
    layer = Bidirectional(RNN(Adding(3)), merge_mode=None)
    model = Model([x, constant], layer(x, constants=constant))
    assert layer.forward_layer.cell is not layer.backward_layer.cell
    for one in model.predict([X, np.ones((2, 3))]):
        np.testing.assert_allclose(one, X.sum(1) + 4, rtol=1e-5)
    again = Bidirectional.from_config(layer.get_config())
    assert K.int_shape(again([x, constant])[0]) == (None, 3)


def test_masks_of_steps_pass_through_time(backend):
    words = Input((None, None), dtype="int32")
    embedded = TimeDistributed(Embedding(5, 3, mask_zero=True))
    read, last = TimeDistributed(SimpleRNN(2, return_sequences=True)), TimeDistributed(SimpleRNN(2))
    y = last(read(embedded(words)))
    masks = [layer.get_output_mask_at(0) for layer in (embedded, read, last)]
    given = np.array([[[1, 2], [3, 0], [0, 0]]])
    first, second, third = K.function([words], masks)([given])
    assert first.tolist() == second.tolist() == [[[1, 1], [1, 0], [0, 0]]] and third.tolist() == [[1, 1, 0]]
    assert K.int_shape(y) == (None, None, 2)


def test_a_mask_that_an_inner_layer_makes_goes_on(backend):
    x = Input((4, 3))
    masking = TimeDistributed(Masking())
    masking(x)
    given = X.copy()
    given[0, 2:] = 0
    assert K.function([x], [masking.output_mask])([given])[0].tolist() == [[1, 1, 0, 0], [1, 1, 1, 1]]


class SumOfWords(Layer):
    """Attention in small, as programs write it: it hands on the mask of words, though its output has none."""

    supports_masking = True

    def call(self, x, mask=None):
        return K.sum(x, axis=1)

    def get_output_shape_for(self, input_shape):
        return input_shape[0], input_shape[2]


def test_a_sentence_is_seen_where_any_of_its_words_is(backend):
    words = Input((2,), dtype="int32")
    sentences = Input((3, 2), dtype="int32")
    read = TimeDistributed(Model(words, SumOfWords()(Embedding(5, 2, mask_zero=True)(words))))
    last = SimpleRNN(1)(read(sentences))
    mask = K.function([sentences], [read.output_mask])([np.array([[[1, 2], [0, 3], [0, 0]]])])[0]
    assert mask.tolist() == [[1, 1, 0]] and K.int_shape(last) == (None, 1)


@pytest.mark.parametrize("make", [lambda layer: layer, Bidirectional])
def test_a_fixed_phase_is_no_longer_asked_for(make):
    x, layer = Input((4, 3)), make(LSTM(2, dropout_W=0.2, return_state=True))
    outputs, fixed = layer(x), layer(x, training=True)
    assert all(one._uses_learning_phase for one in outputs) and not any(one._uses_learning_phase for one in fixed)


def test_states_are_updated_beside_states_to_begin_with(backend):
    x, begin = Input(batch_shape=(2, 4, 3)), Input(batch_shape=(2, 2))
    layer = GRU(2, stateful=True)
    model = Model([x, begin], layer(x, initial_state=begin))
    value = model.predict([X, np.ones((2, 2))], batch_size=2)
    np.testing.assert_allclose(K.get_value(layer.states[0]), value, atol=1e-6)


def test_a_wrapped_layer_may_know_its_phase_only_when_it_is_built():
    class Late(Dense):
        @property
        def uses_learning_phase(self):
            return self.model.uses_learning_phase

        @uses_learning_phase.setter
        def uses_learning_phase(self, value):
            pass

    assert TimeDistributed(Late(2)).uses_learning_phase is False


def test_a_recurrent_layer_may_give_its_specification_without_a_list():
    class Own(SimpleRNN):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.input_spec = InputSpec(ndim=3)

    assert Bidirectional(Own(2)).input_spec[0].ndim == 3
