"""RNN with cells: ours, users' own, and several one upon the other."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.errors import ArgumentError, ShapeError
from kerasnb.layers import (
    GRU,
    LSTM,
    RNN,
    ConvLSTM2D,
    ConvLSTM2DCell,
    ConvRNN2D,
    GRUCell,
    Input,
    Layer,
    LSTMCell,
    Masking,
    SimpleRNNCell,
    StackedRNNCells,
)
from kerasnb.models import Model, Sequential, load_model, model_from_json

X = np.random.RandomState(4).uniform(-1, 1, (2, 4, 3)).astype("float32")


class Decaying(Layer):
    """A state that keeps half of itself and takes in what it is given, told by a constant where there is one."""

    def __init__(self, units, **kwargs):
        self.units = self.state_size = units
        super().__init__(**kwargs)

    def build(self, input_shape):
        shape = input_shape[0] if isinstance(input_shape, list) else input_shape
        self.kernel = self.add_weight(shape=(shape[-1], self.units), initializer="ones", name="kernel")
        self.built = True

    def call(self, inputs, states, constants=None):
        state = 0.5 * states[0] + K.dot(inputs, self.kernel)
        state = state if constants is None else state + K.sum(constants[0], axis=-1, keepdims=True)
        return state, [state]

    def get_config(self):
        return {**super().get_config(), "units": self.units}


def decayed(x, begin=0.0, constant=0.0):
    state = np.zeros((len(x), 1)) + begin
    for step in x.sum(-1, keepdims=True).transpose(1, 0, 2):
        state = 0.5 * state + step + constant
    return state.repeat(2, 1)


def test_a_cell_of_ones_own_is_repeated_trained_and_saved(backend, tmp_path):
    model = Sequential([RNN(Decaying(2), input_shape=(None, 3))])
    np.testing.assert_allclose(model.predict(X), decayed(X), rtol=1e-5)
    model.compile("sgd", "mse")
    model.train_on_batch(X, np.zeros((2, 2)))
    assert (model.get_weights()[0] != 1).all()
    model.save(tmp_path / "m.h5")
    again = load_model(tmp_path / "m.h5", custom_objects={"Decaying": Decaying})
    np.testing.assert_allclose(again.predict(X), model.predict(X), atol=1e-6)


def test_a_cell_is_given_states_to_begin_with_and_constants(backend):
    x, begin, constant = Input((4, 3)), Input((2,)), Input((5,))
    layer = RNN(Decaying(2))
    model = Model([x, begin, constant], layer(x, initial_state=begin, constants=constant))
    given = [X, np.full((2, 2), 3.0), np.full((2, 5), 0.2)]
    np.testing.assert_allclose(model.predict(given), decayed(X, 3, 1), rtol=1e-5)
    again = model_from_json(model.to_json(), custom_objects={"Decaying": Decaying})
    np.testing.assert_allclose(again.predict(given), model.predict(given), rtol=1e-5)
    other = RNN(Decaying(2))(x, initial_state=K.variable(given[1]), constants=given[2])
    np.testing.assert_allclose(K.function([x], [other])([X])[0], model.predict(given), rtol=1e-5)


def test_a_plain_object_may_be_a_cell(backend):
    class Counting:
        state_size, output_size = (1, 1), 2

        def call(self, inputs, states):
            count = states[0] + 1.0
            return K.concatenate([count, states[1]]), (count, states[1] - 1.0)

        def get_initial_state(self, inputs=None, batch_size=None, dtype=None):
            zero = K.zeros_like(inputs[:, 0, :1])
            return [zero, zero + 10.0]

    x = Input((4, 3))
    outputs = RNN(Counting(), return_sequences=True, return_state=True)(x)
    assert [one.shape for one in outputs] == [(None, 4, 2), (None, 1), (None, 1)]
    sequence, count, left = K.function([x], outputs)([X])
    assert sequence[0].tolist() == [[1, 10], [2, 9], [3, 8], [4, 7]] and count[0, 0] == 4 and left[0, 0] == 6
    with pytest.raises(ArgumentError, match="Counting has no get_config"):
        Sequential([RNN(Counting(), input_shape=(4, 3))]).get_config()


@pytest.mark.parametrize("unroll", [False, True])
def test_a_hidden_step_changes_neither_output_nor_states(unroll, backend):
    class Doubling(Layer):
        state_size, output_size = 3, 6

        def call(self, inputs, states):
            return K.concatenate([inputs, inputs]), [states[0] + 1.0]

    x, begin = Input((4, 3)), Input((3,))
    outputs = RNN(Doubling(), return_state=True, unroll=unroll)(Masking()(x), initial_state=begin)
    given = X.copy()
    given[0, -1] = 0
    output, state = K.function([x, begin], outputs)([given, np.zeros((2, 3), "float32")])
    np.testing.assert_allclose(output, np.concatenate([X[[0, 1], [2, 3]]] * 2, axis=-1), rtol=1e-6)
    assert state[:, 0].tolist() == [3, 4]


def test_cells_and_layers_compute_the_same(backend):
    x, outputs = Input((4, 3)), []
    sigmoid = {"inner_activation": "sigmoid", "consume_less": "gpu"}
    for cell, layer in (
        (LSTMCell(2), LSTM(2, **sigmoid)),
        (GRUCell(2), GRU(2, **sigmoid)),
        (GRUCell(2, reset_after=True), GRU(2, reset_after=True, **sigmoid)),
    ):
        repeated = RNN(cell)
        outputs += [repeated(x), layer(x)]
        layer.set_weights(repeated.get_weights())
    values = K.function([x], outputs)([X])
    for one, other in zip(values[::2], values[1::2], strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_a_cell_over_images_computes_what_the_layer_does(backend):
    x = Input((3, 4, 4, 1))
    repeated, layer = ConvRNN2D(ConvLSTM2DCell(2, 2, strides=2)), ConvLSTM2D(2, 2, 2, subsample=(2, 2))
    outputs = [repeated(x), layer(x)]
    W, U, b = (np.split(one, 4, axis=-1) for one in repeated.get_weights())
    layer.set_weights([part[gate] for gate in (0, 2, 1, 3) for part in (W, U, b)])
    one, other = K.function([x], outputs)([np.random.RandomState(1).rand(2, 3, 4, 4, 1)])
    np.testing.assert_allclose(one, other, atol=1e-6)


def test_a_stateful_rnn_goes_on_where_the_last_batch_ended(backend):
    layer = RNN([GRUCell(3), LSTMCell(2)], stateful=True, batch_input_shape=(2, 4, 3))
    model = Sequential([layer])
    first, second = (model.predict(X, batch_size=2) for _ in range(2))
    assert np.abs(first - second).max() > 1e-4
    layer.reset_states()
    np.testing.assert_allclose(model.predict(X, batch_size=2), first, atol=1e-6)
    assert [tuple(state.shape) for state in layer.states] == [(2, 3), (2, 2), (2, 2)]


def test_states_of_stacked_cells_may_come_the_last_cells_first():
    shape, cells = (None, 4, 5), [LSTMCell(3), LSTMCell(6)]
    for is_reversed, sizes in ((False, [3, 3, 6, 6]), (True, [6, 6, 3, 3])):
        layer = RNN(StackedRNNCells(cells, reverse_state_order=is_reversed), return_state=True)
        assert layer.get_output_shape_for(shape) == [(None, 6), *[(None, size) for size in sizes]]
        layer(Input(shape[1:]))
        assert RNN.from_config(layer.get_config()).cell.reverse_state_order is is_reversed


def test_freezing_one_cell_freezes_its_weights():
    layer = RNN([LSTMCell(3), LSTMCell(3, kernel_regularizer="l2")])
    layer.build((None, None, 5))
    layer.cell.cells[0].trainable = False
    assert len(layer.trainable_weights) == len(layer.non_trainable_weights) == 3 and len(layer.losses) == 1


def test_a_cell_whose_call_was_changed_is_called(backend):
    class Halved(SimpleRNNCell):
        def call(self, inputs, states, training=None):
            h, states = super().call(inputs, states)
            return h / 2.0, states

    x = Input((4, 3))
    halved, whole = RNN(Halved(2)), RNN(SimpleRNNCell(2))
    outputs = [halved(x), whole(x)]
    whole.set_weights(halved.get_weights())
    one, other = K.function([x], outputs)([X])
    np.testing.assert_allclose(one, other / 2, atol=1e-6)


def test_dropout_of_a_cell_hides_the_same_at_all_time_steps(backend):
    cell = SimpleRNNCell(1, "linear", kernel_initializer="ones", recurrent_initializer="zeros", dropout=0.5)
    layer, x = RNN(cell, return_sequences=True), Input((4, 1))
    assert layer.uses_learning_phase
    value = K.function([x], [layer(x, training=True)])([np.ones((30, 4, 1), "float32")])[0]
    assert (value == value[:, :1]).all() and set(np.unique(value)) == {0, 2}


def test_cells_that_are_none_are_refused():
    with pytest.raises(ArgumentError, match="cell must have .*state_size"):
        RNN(Layer())
    with pytest.raises(ArgumentError, match="takes no constants: LSTMCell"):
        RNN(LSTMCell(2))(Input((4, 3)), constants=Input((3,)))
    with pytest.raises(ArgumentError, match=r"RNN\(LSTMCell\(2\)\)\(x\)"):
        LSTMCell(2)(Input((3,)))
    with pytest.raises(ShapeError, match="begins with 2 states"):
        RNN(LSTMCell(2))(Input((4, 3)), initial_state=Input((2,)))
    with pytest.raises(ArgumentError, match="implementation"):
        LSTMCell(2, implementation=7)


def test_star_import_leaves_the_later_names_to_the_program():
    names = {}
    exec("from kerasnb.layers import *", names)
    assert not {"RNN", "SimpleRNNCell", "LSTMCell", "ConvRNN2D", "ConvLSTM2DCell"} & set(names)
