"""Running averages of frozen layers: they move in Keras 1.2, stay from Keras 2.1.3 on, and a setting says otherwise."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.errors import UnknownNameError
from kerasnb.layers import BatchNormalization, Dense, Input, Reshape, TimeDistributed
from kerasnb.models import Model, Sequential, load_model

x, y = np.random.RandomState(0).normal(5, 3, (16, 4)), np.zeros((16, 1))


@pytest.fixture(autouse=True)
def settings():
    yield
    K.set_frozen_statistics("auto")


def frozen(**spelling):
    model = Sequential([BatchNormalization(input_shape=(4,)), Dense(1, **spelling)])
    model.layers[0].trainable = False
    model.compile("sgd", "mse")
    return model


def moves(model, train=lambda model: model.train_on_batch(x, y)):
    """Whether training changes the running mean; gamma stays in any case."""
    before = model.layers[0].get_weights()
    train(model)
    after = model.layers[0].get_weights()
    assert np.array_equal(before[0], after[0])
    return not np.array_equal(before[2], after[2])


def graph_in_later_spelling():
    start = Input((4,))
    model = Model(inputs=start, outputs=Sequential(frozen().layers)(start))
    model.compile("sgd", "mse")
    return model


def test_frozen_averages_move_in_keras_1s_spelling_and_stay_in_a_later_one(backend):
    assert moves(frozen()) and not moves(frozen(kernel_initializer="ones"))
    assert not moves(frozen(), lambda model: model.fit(x, y, epochs=1, verbose=0))


@pytest.mark.parametrize(
    "rule, spelling, expected",
    [
        ("stay", {}, False),
        ("move", {"use_bias": True}, True),
        ("auto", {"activity_regularizer": None}, True),
        ("auto", {"kernel_regularizer": None}, False),
    ],
)
def test_a_setting_decides_before_the_spelling(rule, spelling, expected):
    K.set_frozen_statistics(rule)
    model = frozen(**spelling)
    assert (len(model.updates) == 2) == expected
    with pytest.raises(UnknownNameError, match='there are "auto", "move", "stay"'):
        K.set_frozen_statistics("stop")


def test_a_later_graph_of_frozen_layers_updates_nothing():
    model = graph_in_later_spelling()
    assert model.updates == [] and len(model.all_updates) == 2


def test_a_saved_model_keeps_its_spelling(tmp_path):
    for spelling, count in (({"kernel_initializer": "ones"}, 0), ({"init": "one"}, 2)):
        frozen(**spelling).save(tmp_path / "m.h5")
        assert len(load_model(tmp_path / "m.h5").updates) == count


def test_an_input_says_nothing_of_a_later_spelling(tmp_path):
    start = Input(batch_shape=(None, 4))
    model = Model(start, frozen()(start))
    model.compile("sgd", "mse")
    model.save(tmp_path / "m.h5")
    assert len(model.updates) == len(load_model(tmp_path / "m.h5").updates) == 2


def test_what_trains_moves_in_either_spelling():
    model = frozen(kernel_initializer="ones")
    model.layers[0].trainable = True
    assert len(model.updates) == 2
    model.trainable = False
    assert model.updates == []


def test_layers_in_models_and_wrappers_count_too():
    inner = Sequential([Dense(4, kernel_initializer="ones", input_shape=(4,)), BatchNormalization()])
    wrapped = TimeDistributed(BatchNormalization())
    model = Sequential([inner, Reshape((2, 2)), wrapped])
    assert len(model.updates) == 4
    inner.trainable = False
    assert len(model.updates) == 2
    wrapped.trainable = False
    assert model.updates == []


def test_the_summary_says_what_frozen_averages_do():
    for spelling, said in (
        ({}, r'go on moving (K.set_frozen_statistics("stay") stops them).'),
        ({"kernel_initializer": "ones"}, r'stay (K.set_frozen_statistics("move") moves them).'),
    ):
        lines = []
        frozen(**spelling).summary(print_fn=lines.append)
        assert f"Running averages of frozen {lines[3].split()[0]} {said}" in lines
    lines = []
    Sequential([BatchNormalization(input_shape=(4,))]).summary(print_fn=lines.append)
    assert not any("averages" in line for line in lines)


def test_a_phase_fixed_to_test_moves_nothing(backend):
    from kerasnb.backend.graph.phase import clear_learning_phase

    K.set_learning_phase(0)
    try:
        model = Sequential([BatchNormalization(input_shape=(4,)), Dense(1)])
        model.compile("sgd", "mse")
        before = model.layers[0].get_weights()
        assert model.test_on_batch(x, y) == pytest.approx(model.train_on_batch(x, y))
        assert np.array_equal(before[2], model.layers[0].get_weights()[2]) and model.updates == []
    finally:
        clear_learning_phase()
