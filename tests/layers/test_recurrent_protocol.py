"""Recurrent layers of one's own: another step, more constants, a wrapper around a layer's step."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import initializations
from kerasnb.layers import GRU, LSTM, Input, InputSpec, Masking, SimpleRNN, Wrapper
from kerasnb.models import Model, Sequential, model_from_json

X = np.random.RandomState(1).uniform(-1, 1, (2, 4, 3)).astype("float32")
MODES = ("cpu", "mem", "gpu")


def same_step(kind):
    """The layer with a `step` of its own, which does what the layer's does."""

    class SameStep(kind):
        def step(self, x, states):
            return super().step(x, states)

    return SameStep


def test_a_step_of_ones_own_is_given_what_keras_1_2_gives_it(backend):
    x, seen = Input((4, 3)), []

    class Looking(GRU):
        def step(self, x, states):
            seen.append((K.int_shape(x)[-1], len(states)))
            return super().step(x, states)

    for mode in MODES:
        Looking(2, consume_less=mode)(x)
    assert set(seen) == {(6, 3), (3, 3)}  # the input times W for 'cpu' only; one state, two lists of masks


def test_the_layers_own_step_gives_what_the_layer_gives_in_every_mode(backend):
    x, outputs = Input((4, 3)), []
    for kind in (SimpleRNN, GRU, LSTM):
        for mode in MODES:
            layer, other = kind(2, consume_less=mode), same_step(kind)(2, consume_less=mode)
            outputs += [layer(x), other(x)]
            other.set_weights(layer.get_weights())
    values = K.function([x], outputs)([X])
    for one, other in zip(values[::2], values[1::2], strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


@pytest.mark.parametrize("mode", MODES)
def test_dropout_in_the_step_hides_the_same_at_all_time_steps(mode, backend):
    options = {"init": "one", "inner_init": "zero", "activation": "linear", "dropout_W": 0.5, "consume_less": mode}
    x = Input((4, 1))
    y = same_step(SimpleRNN)(1, return_sequences=True, **options)(x, training=True)
    value = K.function([x], [y])([np.ones((30, 4, 1), "float32")])[0]
    assert (value == value[:, :1]).all() and set(np.unique(value)) == {0, 2}


class WrittenOut(LSTM):
    """A step as Keras 1.2's programs write it, with the weights of all gates in one."""

    def step(self, x, states):
        h_before, c_before, B_U, B_W = states
        if self.consume_less != "cpu":
            x = K.dot(x * B_W[0], self.W) + self.b
        z, size = x + K.dot(h_before * B_U[0], self.U), self.output_dim
        i, f = self.inner_activation(z[:, :size]), self.inner_activation(z[:, size : 2 * size])
        c = f * c_before + i * self.activation(z[:, 2 * size : 3 * size])
        h = self.inner_activation(z[:, 3 * size :]) * self.activation(c)
        return h, [h, c]


def test_a_step_may_use_the_weights_of_all_gates_in_one(backend):
    x, outputs = Input((4, 3)), []
    for mode in MODES:
        layer, other = LSTM(2, consume_less=mode), WrittenOut(2, consume_less=mode)
        outputs += [layer(Masking()(x)), other(Masking()(x))]
        other.set_weights(layer.get_weights())
    values = K.function([x], outputs)([X])
    for one, other in zip(values[::2], values[1::2], strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


class Attending(LSTM):
    """Weighs its output by something seen beside the input, a constant of its own and weights of its own."""

    def build(self, input_shape):
        super().build(input_shape)
        self.A = self.inner_init((self.output_dim, self.output_dim), name=f"{self.name}_A")
        self.trainable_weights += [self.A]

    def get_constants(self, x):
        return [*super().get_constants(x), K.mean(x, axis=1)]

    def step(self, x, states):
        h, [_, c] = super().step(x, states)
        h = h * K.sigmoid(K.dot(h, self.A) + K.sum(states[4], axis=-1, keepdims=True))
        return h, [h, c]


def test_a_layer_with_attention_of_its_own_learns(backend):
    model = Sequential([Attending(2, input_shape=(4, 3), consume_less="gpu")])
    model.compile("sgd", "mse")
    before = model.get_weights()
    assert len(before) == 4
    model.train_on_batch(X, np.ones((2, 2)))
    assert all((one != other).any() for one, other in zip(before, model.get_weights(), strict=True))


class Attention(Wrapper):
    """Runs the step of the layer inside, and weighs its output by an outside tensor."""

    supports_masking = True

    def __init__(self, layer, seen, **kwargs):
        self.seen = seen
        super().__init__(layer, **kwargs)

    def build(self, input_shape):
        self.input_spec = [InputSpec(shape=input_shape)]
        if not self.layer.built:
            self.layer.build(input_shape)
            self.layer.built = True
        super().build()
        self.A = initializations.get("one")((3, self.layer.output_dim), name=f"{self.name}_A")
        self.trainable_weights = [*self.trainable_weights, self.A]

    def get_output_shape_for(self, input_shape):
        return self.layer.get_output_shape_for(input_shape)

    def step(self, x, states):
        h, others = self.layer.step(x, states)
        h = h * K.sigmoid(states[-1])
        return h, [h, *others[1:]]

    def call(self, x, mask=None):
        constants = [*self.layer.get_constants(x), K.dot(self.seen, self.A)]
        last, outputs, _ = K.rnn(
            self.step,
            self.layer.preprocess_input(x),
            self.layer.get_initial_states(x),
            mask=mask,
            constants=constants,
            input_length=K.int_shape(x)[1],
        )
        return outputs if self.layer.return_sequences else last


@pytest.mark.parametrize("mode", MODES)
def test_a_wrapper_runs_the_step_of_the_layer_inside(mode, backend):
    x, seen = Input((4, 3)), Input((3,))
    layer = Attention(LSTM(2, consume_less=mode, return_sequences=True), seen)
    y = layer(x)
    assert K.int_shape(y) == (None, 4, 2)
    assert len(layer.trainable_weights) == len(layer.layer.trainable_weights) + 1 == len(layer.get_weights())
    half = K.function([x, seen], [y, layer.layer(x)])([X[:, :1].repeat(4, 1), np.zeros((2, 3), "float32")])
    np.testing.assert_allclose(half[0][:, 0], half[1][:, 0] / 2, atol=1e-6)  # sigmoid(0) is one half


def test_a_layer_of_ones_own_goes_to_json_and_back():
    class Plain(GRU):
        def step(self, x, states):
            return super().step(x, states)

    x = Input((4, 3))
    model = Model(x, Plain(2, consume_less="mem")(x))
    again = model_from_json(model.to_json(), custom_objects={"Plain": Plain})
    assert again.layers[1].consume_less == "mem" and again.output_shape == (None, 2)


def test_the_later_names_of_what_begins_u_count_in_every_mode():
    for kind in (GRU, LSTM):
        layer = kind(3, recurrent_initializer="identity", recurrent_regularizer="l2")
        layer(Input((4, 2)))
        again = kind.from_config(layer.get_config())
        again(Input((4, 2)))
        for one in (layer, again):
            assert (one.get_weights()[1] == np.eye(3)).all() and len(one.losses) == len(one.gates)
    assert "recurrent_initializer" not in LSTM(3).get_config()


@pytest.mark.parametrize("name", ["get_initial_states", "get_initial_state"])
def test_states_to_begin_with_may_be_the_layers_own(name, backend):
    def ones(self, x):
        return [K.ones_like(x[:, 0, :2]) for _ in self.states]

    layer = type("Begun", (GRU,), {name: ones})(2)
    x, given = Input((4, 3)), Input((2,))
    own, wanted = K.function([x, given], [layer(x), layer(x, initial_state=given)])([X, np.ones((2, 2))])
    np.testing.assert_allclose(own, wanted, atol=1e-6)


def test_a_weight_is_there_to_an_if_as_in_keras_1_2():
    assert K.variable(np.zeros(3))
    with pytest.raises(TypeError, match="K.switch"):
        bool(K.variable(1.0) > 0)


def test_a_later_option_may_be_a_property_of_a_subclass():
    class Bare(LSTM):
        @property
        def use_bias(self):
            return False

    layer = Bare(3, consume_less="gpu")
    layer(Input((4, 2)))
    assert [weight.shape for weight in layer.get_weights()] == [(2, 12), (3, 12)]
