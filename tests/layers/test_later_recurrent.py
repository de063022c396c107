"""What later programs ask of recurrent layers: states in and out, no bias, constraints."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.errors import ArgumentError, ShapeError, WeightsError
from kerasnb.layers import GRU, LSTM, Input, Masking, Recurrent, SimpleRNN
from kerasnb.models import Model, Sequential, model_from_json

KINDS = pytest.mark.parametrize("kind", [SimpleRNN, GRU, LSTM])
X = np.random.RandomState(0).rand(2, 5, 3).astype("float32")


@KINDS
def test_the_last_states_are_further_outputs(backend, kind):
    x = Input((5, 3))
    layer = kind(4, return_sequences=True, return_state=True)
    outputs = layer(x)
    assert [one.shape for one in outputs] == [(None, 5, 4), *[(None, 4)] * len(layer._state_names)]
    sequence, last, *_ = K.function([x], outputs)([X])
    np.testing.assert_allclose(sequence[:, -1], last, atol=1e-6)


@KINDS
def test_a_decoder_begins_with_the_states_of_an_encoder(backend, kind):
    source, target = Input((5, 3)), Input((6, 2))
    _, *states = kind(4, return_state=True)(source)
    model = Model([source, target], kind(4, return_sequences=True)(target, initial_state=states))
    copy = model_from_json(model.to_json())
    copy.set_weights(model.get_weights())
    given = [X, np.ones((2, 6, 2))]
    value = model.predict(given)
    np.testing.assert_allclose(copy.predict(given), value, atol=1e-6)
    assert np.abs(model.predict([-X, given[1]]) - value).max() > 1e-3


def test_two_halves_with_states_carried_are_the_whole(backend):
    x, h, c = Input((None, 3)), Input((4,)), Input((4,))
    layer = LSTM(4, return_state=True)
    run = K.function([x, h, c], layer(x, initial_state=[h, c]))
    zero = np.zeros((2, 4))
    whole, *_ = run([X, zero, zero])
    _, *between = run([X[:, :2], zero, zero])
    np.testing.assert_allclose(run([X[:, 2:], *between])[0], whole, atol=1e-6)


def test_a_mask_passes_beside_states(backend):
    x, h = Input((5, 3)), Input((4,))
    layer = GRU(4, return_sequences=True, return_state=True)
    layer(Masking()(x), initial_state=h)
    mask, *others = layer.get_output_mask_at(0)
    assert mask is not None and others == [None]


@KINDS
@pytest.mark.parametrize("mode", ["cpu", "gpu"])
def test_without_a_bias_there_are_no_weights_for_it(kind, mode):
    layer = kind(4, use_bias=False, consume_less=mode)
    layer(Input((5, 3)))
    assert not [weight for weight in layer.weights if "_b" in weight.name]
    assert kind.from_config(layer.get_config()).use_bias is False


def test_constraints_and_bias_initializer_count(backend):
    constraints = {"kernel_constraint": "max_norm", "recurrent_constraint": "unit_norm", "bias_constraint": "non_neg"}
    layer = LSTM(4, bias_initializer="one", consume_less="gpu", input_shape=(5, 3), **constraints)
    model = Sequential([layer])
    assert (model.get_weights()[2] == 1).all()
    model.compile("sgd", "mse")
    model.train_on_batch(X, np.zeros((2, 4)))
    np.testing.assert_allclose(np.linalg.norm(model.get_weights()[1], axis=0), 1, atol=1e-5)


def test_defaults_leave_the_configuration_of_keras_1_2():
    config = LSTM(4).get_config()
    assert not {"use_bias", "return_state", "kernel_constraint", "bias_initializer"} & set(config)


def test_a_recurrent_layer_of_ones_own_needs_only_build_and_step(backend):
    class Summing(Recurrent):
        def __init__(self, output_dim, **kwargs):
            self.output_dim = output_dim
            super().__init__(**kwargs)

        def build(self, input_shape):
            self.states = [None]
            self.W = self.add_weight((input_shape[2], self.output_dim), "one", name="W")
            self.built = True

        def step(self, x, states):
            total = states[0] + K.dot(x, self.W)
            return total, [total]

        def get_config(self):
            return {**super().get_config(), "output_dim": self.output_dim}

    model = Sequential([Summing(2, input_shape=(5, 3))])
    np.testing.assert_allclose(model.predict(X), np.repeat(X.sum((1, 2))[:, None], 2, 1), rtol=1e-5)
    assert Summing.from_config(model.layers[0].get_config()).output_dim == 2


def test_states_are_reset_to_given_arrays(backend):
    layer = GRU(4, stateful=True, batch_input_shape=(2, 5, 3))
    model = Sequential([layer])
    first = model.predict(X, batch_size=2)
    second = model.predict(X, batch_size=2)
    layer.reset_states(first)
    np.testing.assert_allclose(model.predict(X, batch_size=2), second, atol=1e-6)
    with pytest.raises(WeightsError, match="has states of .*2, 4.*, got arrays of .*3, 4"):
        layer.reset_states([np.ones((3, 4))])


@KINDS
def test_a_layer_begins_with_variables_or_arrays(backend, kind):
    x, count = Input((5, 3)), len(kind(4).states)
    layer = kind(4)
    begin = [np.full((2, 4), 0.5 + number, "float32") for number in range(count)]
    variables = [K.variable(one) for one in begin]
    inputs = [Input((4,)) for _ in begin]
    outputs = [layer(x, initial_state=begin), layer(x, initial_state=variables), layer(x, initial_state=inputs)]
    by_array, by_variable, by_input = K.function([x, *inputs], outputs)([X, *begin])
    np.testing.assert_allclose(by_array, by_input, atol=1e-6)
    np.testing.assert_allclose(by_variable, by_input, atol=1e-6)


def test_what_a_layer_begins_with_is_saved_as_it_is_now(backend):
    x, begin = Input((5, 3)), K.variable(np.ones((2, 4)))
    model = Model(x, GRU(4)(x, initial_state=begin))
    K.set_value(begin, np.full((2, 4), -1.0))
    for copy in (model_from_json(model.to_json()), Model.from_config(model.get_config())):
        copy.set_weights(model.get_weights())
        np.testing.assert_allclose(copy.predict(X), model.predict(X), atol=1e-6)
    model.compile("sgd", "mse")
    model.train_on_batch(X, np.zeros((2, 4)))
    assert (K.get_value(begin) == -1).all()


def test_states_to_begin_with_are_checked_wherever_they_come_from():
    x = Input((5, 3))
    with pytest.raises(ShapeError, match=r"needs the state h as \(batch, 4\), got \(2, 3\)"):
        GRU(4)(x, initial_state=K.zeros((2, 3)))
    with pytest.raises(ShapeError, match="begins with 2 states"):
        LSTM(4)(x, initial_state=K.zeros((2, 4)))
    with pytest.raises(ArgumentError, match="outputs of layers only, or of none"):
        LSTM(4)(x, initial_state=[K.zeros((2, 4)), Input((4,))])


@pytest.mark.parametrize("own", [{"initial_state": [["h", 0, 0]]}, {"initial_state": ["h", 0, 0], "training": None}])
def test_states_that_later_keras_keeps_beside_the_input_are_inputs(own):
    x, h = Input((5, 3), name="x"), Input((4,), name="h")
    config = Model([x, h], GRU(4, name="g")(x, initial_state=h)).get_config()
    config["layers"][2]["inbound_nodes"] = [[["x", 0, 0, own]]]
    node = Model.from_config(config).get_layer("g").inbound_nodes[0]
    assert [layer.name for layer in node.inbound_layers] == ["x", "h"]


def test_a_reset_after_the_product_has_a_second_bias(backend):
    layer = GRU(4, reset_after=True, return_sequences=True, input_shape=(5, 3))
    assert Sequential([layer]).output_shape == (None, 5, 4)
    assert [weight.shape for weight in layer.weights] == [(3, 12), (4, 12), (2, 12)]
    again = GRU.from_config(layer.get_config())
    assert again.reset_after and not GRU(4).reset_after and "reset_after" not in GRU(4).get_config()
