"""What is special about recurrent layers."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.errors import ArgumentError, ShapeError, StatefulError
from kerasnb.layers import GRU, LSTM, Input, Masking, SimpleRNN
from kerasnb.models import Sequential

from .running import run

X = np.random.RandomState(2).uniform(-1, 1, (2, 4, 3)).astype("float32")
KINDS = [SimpleRNN, GRU, LSTM]


def test_lstm_lists_twelve_weights_gate_by_gate():
    layer = LSTM(2, name="l")
    layer(Input((4, 3)))
    assert [weight.name for weight in layer.weights] == [f"l_{kind}_{gate}" for gate in "icfo" for kind in "WUb"]


def test_lstm_for_gpu_has_three_weights_and_a_forget_bias_of_one():
    layer = LSTM(2, consume_less="gpu")
    layer(Input((4, 3)))
    assert [weight.shape for weight in layer.weights] == [(3, 8), (2, 8), (8,)]
    assert layer.get_weights()[2].tolist() == [0, 0, 1, 1, 0, 0, 0, 0]


def test_gru_lists_nine_weights():
    layer = GRU(2, name="g")
    layer(Input((4, 3)))
    assert [weight.name for weight in layer.weights] == [f"g_{kind}_{gate}" for gate in "zrh" for kind in "WUb"]


@pytest.mark.parametrize("kind", KINDS)
def test_masked_steps_repeat_the_output_before_them(kind, backend):
    x = X.copy()
    x[:, 2:] = 0
    layer = kind(2, return_sequences=True)
    inputs = Input((4, 3))
    value = K.function([inputs], [layer(Masking()(inputs))])([x])[0]
    np.testing.assert_allclose(value[:, 2], value[:, 1])
    np.testing.assert_allclose(value[:, 3], value[:, 1])


def test_a_mask_goes_on_only_with_sequences():
    x = Masking()(Input((4, 3)))
    with_sequences, without = LSTM(2, return_sequences=True), LSTM(2)
    with_sequences(x)
    without(x)
    assert with_sequences.output_mask is not None and without.output_mask is None


@pytest.mark.parametrize("kind", KINDS)
def test_unrolled_is_the_same_as_looped(kind, backend):
    looped, unrolled = kind(2, return_sequences=True), kind(2, return_sequences=True, unroll=True)
    one = run(looped, X)
    unrolled(Input((4, 3)))
    unrolled.set_weights(looped.get_weights())
    np.testing.assert_allclose(run(unrolled, X), one, atol=1e-6)


def test_backwards_is_forwards_on_reversed_time(backend):
    layer, back = GRU(2), GRU(2, go_backwards=True)
    one = run(layer, X[:, ::-1])
    back(Input((4, 3)))
    back.set_weights(layer.get_weights())
    np.testing.assert_allclose(run(back, X), one, atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_stateful_goes_on_where_the_last_batch_ended(kind, backend):
    model = Sequential([kind(2, stateful=True, batch_input_shape=(2, 4, 3))])
    first, second = model.predict(X, batch_size=2), model.predict(X, batch_size=2)
    assert not np.allclose(first, second)
    model.reset_states()
    np.testing.assert_allclose(model.predict(X, batch_size=2), first, atol=1e-6)


def test_stateful_needs_a_fixed_batch_size():
    with pytest.raises(StatefulError) as caught:
        GRU(4, stateful=True, name="gru_1")(Input((20, 8)))
    assert str(caught.value).startswith(
        'GRU "gru_1": is stateful, so it needs a fixed batch size; its input is (None, 20, 8).\n'
        "Give one: batch_input_shape=(32, 20, 8)."
    )


def test_resetting_a_layer_without_states_is_refused():
    layer = LSTM(2)
    layer(Input((4, 3)))
    with pytest.raises(StatefulError, match="is not stateful"):
        layer.reset_states()


def test_time_may_be_unknown_in_a_loop_but_not_unrolled(backend):
    layer = LSTM(2, return_sequences=True)
    assert layer(Input((None, 3))).shape == (None, None, 2)
    with pytest.raises(ShapeError, match="needs to know the time axis") as caught:
        LSTM(2, unroll=True)(Input((None, 3)))
    assert caught.value.arguments == ("unroll",)


@pytest.mark.parametrize("unroll", [False, True])
def test_dropout_drops_the_same_features_at_every_step(unroll, backend):
    layer = SimpleRNN(
        1, init="one", inner_init="zero", activation="linear", dropout_W=0.5, return_sequences=True, unroll=unroll
    )
    value = run(layer, np.ones((30, 4, 1), "float32"), phase=1)
    assert (value == value[:, :1]).all() and set(np.unique(value)) == {0, 2}


def test_dropout_of_the_state_is_the_same_at_every_step(backend):
    """With U = 1 and input 1, a kept state grows by 2 each step and a dropped one stays 1."""
    layer = SimpleRNN(1, init="one", inner_init="one", activation="linear", dropout_U=0.5, return_sequences=True)
    value = run(layer, np.ones((30, 3, 1), "float32"), phase=1)[..., 0]
    assert {tuple(row) for row in value.tolist()} == {(1, 1, 1), (1, 3, 7)}


def test_dropout_asks_for_the_learning_phase_and_rests_while_testing(backend):
    layer = LSTM(2, dropout_W=0.5, dropout_U=0.5)
    assert layer.uses_learning_phase
    np.testing.assert_array_equal(run(layer, X), run(layer, X))


@pytest.mark.parametrize(
    ("make", "argument"),
    [
        (lambda: LSTM(0), "output_dim"),
        (lambda: LSTM(2, inner_activation="hard"), "inner_activation"),
        (lambda: GRU(2, dropout_W=1.2), "dropout_W"),
        (lambda: GRU(2, consume_less="disk"), "consume_less"),
        (lambda: LSTM(2, forget_bias_init="two"), "forget_bias_init"),
    ],
)
def test_a_bad_argument_is_refused_by_name(make, argument):
    with pytest.raises(ArgumentError) as caught:
        make()
    assert caught.value.arguments == (argument,)


def test_two_axes_are_refused():
    with pytest.raises(ShapeError, match="needs input \\(batch, time, features\\), got \\(None, 3\\)"):
        LSTM(2)(Input((3,)))
