"""Freezing, and the proof of it, on real models."""

import numpy as np

from kerasnb.engine.summary import layer_rows
from kerasnb.layers import BatchNormalization, Dense
from kerasnb.models import Sequential
from kerasnb.report import fingerprints, freeze_state, verify
from kerasnb.report.freezing import ancestors
from tests.report.small_models import branching_model, small_cnn


def test_state_counts_trainable_and_frozen_parameters():
    model = small_cnn()
    model.get_layer("conv").trainable = False
    state = freeze_state(model)
    assert (state.frozen, state.trainable, state.frozen_layers) == (40, 111, ["conv"])


def test_fingerprints_cover_only_frozen_weights():
    model = small_cnn()
    model.get_layer("conv").trainable = False
    assert list(fingerprints(model)) == ["conv/conv_W", "conv/conv_b"]


def test_a_single_changed_value_is_found():
    model = small_cnn()
    model.get_layer("conv").trainable = False
    before = fingerprints(model)
    kernel, bias = model.get_layer("conv").get_weights()
    bias[0] = np.nextafter(bias[0], np.float32(1))
    model.get_layer("conv").set_weights([kernel, bias])
    outcome = verify(before, fingerprints(model))
    assert outcome.changed == ("conv_b",) and "CHANGED: conv_b" in outcome.text(3)


def test_unchanged_weights_are_told_with_layer_values_and_epoch():
    model = small_cnn()
    model.get_layer("conv").trainable = False
    outcome = verify(fingerprints(model), fingerprints(model))
    assert outcome.text(6) == "frozen weights unchanged, verified: conv, 40 values, after epoch 6"


def test_up_to_here_means_everything_the_layer_is_computed_from():
    model = branching_model()
    assert ancestors(model, "left") == ["in", "left"]
    assert ancestors(model, "joined") == ["in", "left", "right", "joined"]


def test_frozen_weights_stay_while_the_rest_trains(backend):
    model = branching_model()
    model.get_layer("left").trainable = False
    model.compile("sgd", "categorical_crossentropy")
    before, other = fingerprints(model), model.get_layer("right").get_weights()[0]
    model.fit(np.random.rand(16, 5), np.eye(2)[[0, 1] * 8], nb_epoch=2, verbose=0)
    assert verify(before, fingerprints(model)).unchanged
    assert not np.allclose(other, model.get_layer("right").get_weights()[0])


def normalized(**spelling):
    inner = Sequential([Dense(4, input_dim=4, name="a", **spelling), BatchNormalization(name="norm")], name="inner")
    return Sequential([Dense(4, input_dim=3, name="first"), inner, Dense(1, name="top")]), inner


def test_running_averages_that_move_are_told_from_weights(backend):
    model, inner = normalized()
    inner.trainable = False
    model.compile("sgd", "mse")
    before = fingerprints(model)
    model.fit(np.random.RandomState(0).normal(5, 3, (16, 3)), np.zeros((16, 1)), nb_epoch=1, verbose=0)
    outcome = verify(before, fingerprints(model))
    assert outcome.unchanged and outcome.text() == (
        "frozen weights unchanged, verified: inner, 28 values; running averages of inner/norm go on moving"
    )


def test_running_averages_that_stay_are_part_of_the_proof():
    model, inner = normalized(kernel_initializer="ones")
    inner.layers[1].trainable = False
    model.compile("sgd", "mse")
    before = fingerprints(model)
    inner.layers[1].set_weights([value + 1 for value in inner.layers[1].get_weights()])
    outcome = verify(before, fingerprints(model))
    assert outcome.layers == ("inner/norm",) and outcome.values == 16 and len(outcome.changed) == 4
    assert freeze_state(model).remark == (
        'Running averages of frozen inner/norm stay (K.set_frozen_statistics("move") moves them).'
    )
    assert freeze_state(model).frozen == 16


def test_a_model_that_is_frozen_as_a_whole_counts_nothing_as_trainable(capsys):
    model = small_cnn()
    model.trainable = False
    state = freeze_state(model)
    assert (state.trainable, state.frozen) == (0, 151) and len(fingerprints(model)) == len(model.weights)
    model.summary()
    assert "Trainable params: 0\nNon-trainable params: 151" in capsys.readouterr().out
    assert not any(row.trainable for row in layer_rows(model) if row.params)
