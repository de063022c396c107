"""Models that Keras 3 writes here and now: what its layers and compile mean beyond their names comes along."""

import keras
import numpy as np
import pytest

from kerasnb.engine.node import to_list
from kerasnb.layers import BatchNormalization, Bidirectional
from kerasnb.models import load_model

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

on_tensorflow = pytest.mark.parametrize("backend", ["tensorflow"], indirect=True)

L = keras.layers
RANDOM = np.random.RandomState(0)


def rows(*shape):
    return RANDOM.uniform(-1, 1, shape).astype("float32")


def taken(model, x, y, path):
    """The model as kerasnb's, after Keras has trained it for two steps and saved it."""
    for _ in range(2):
        model.train_on_batch(x, y)
    model.save(path / "model.keras")
    return load_model(path / "model.keras")


def same_next_step(model, ours, x, y, names=()):
    """Both give the same before and after one more step."""

    def listed(data):
        return [data[name] for name in names] if isinstance(data, dict) else data

    def compare():
        theirs = model(x, training=False)
        for one, other in zip(to_list(listed(theirs)), to_list(ours.predict(listed(x))), strict=True):
            np.testing.assert_allclose(other, one, atol=2e-6)

    compare()
    model.train_on_batch(x, y)
    targets = [y[name] for name in sorted(y)] if isinstance(y, dict) else y
    ours.train_on_batch([x[name] for name in sorted(x)] if isinstance(x, dict) else x, targets)
    compare()


@on_tensorflow
def test_inputs_and_outputs_by_name_and_the_optimizer_in_a_loss_scale(backend, tmp_path):
    a, b = keras.Input((3,), name="a"), keras.Input((2,), name="b")
    both = L.Concatenate()([L.Dense(3)(a), L.Dense(2)(b)])
    both = keras.ops.where(both > 0.1, both, -both) + keras.ops.argmax(b, axis=-1, keepdims=True)
    outputs = {"b": L.Dense(2, name="two")(both), "a": L.Dense(1, name="one")(both)}
    model = keras.Model({"b": b, "a": a}, outputs)
    optimizer = keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.1, momentum=0.5))
    model.compile(optimizer, {"b": "mse", "a": "mae"}, loss_weights={"b": 0.5, "a": 2.0}, run_eagerly=True)
    x, y = {"a": rows(4, 3), "b": rows(4, 2)}, {"a": rows(4, 1), "b": rows(4, 2)}
    ours = taken(model, x, y, tmp_path)
    assert (ours.input_names, ours.output_names) == (["a", "b"], ["one", "two"])
    same_next_step(model, ours, x, y, names=("a", "b"))


def test_frozen_averages_groups_penalties_on_outputs_and_a_schedule_without_momentum(backend, tmp_path):
    inner = keras.Sequential([keras.Input((4, 4, 4)), L.Conv2D(4, 2, groups=2), L.BatchNormalization()])
    inner.layers[1].trainable = False
    penalty = keras.regularizers.OrthogonalRegularizer(0.1, mode="columns")
    dense = L.Dense(3, kernel_regularizer=penalty, activity_regularizer=keras.regularizers.L2(0.1))
    model = keras.Sequential([keras.Input((4, 4, 4)), inner, L.Flatten(), dense])
    model.compile(keras.optimizers.SGD(keras.optimizers.schedules.CosineDecay(0.1, 8)), "mse", run_eagerly=True)
    x, y = rows(4, 4, 4, 4), rows(4, 3)
    ours = taken(model, x, y, tmp_path)
    same_next_step(model, ours, x, y)
    assert ours.get_layer(inner.name).layers[-1].get_config()["averages_when_frozen"] is True


@on_tensorflow
def test_masks_that_keras_computed_on_the_way_follow_here_too(backend, tmp_path):
    x = keras.Input((5,), dtype="int32")
    words = L.Embedding(30, 3, mask_zero=True)(x)
    seen = L.Attention()([words, words])
    both = L.Add()([words, L.LSTM(3, return_sequences=True)(words)])
    wide = L.Concatenate()([both, seen])
    ends = [L.GlobalAveragePooling1D()(seen), L.GRU(2)(both), L.LSTM(2)(wide)]
    model = keras.Model(x, L.Dense(2)(L.Concatenate()(ends)))
    model.compile(keras.optimizers.SGD(0.1), "mse", run_eagerly=True)
    x, y = np.array([[1, 2, 3, 0, 0], [4, 5, 6, 7, 8], [9, 0, 0, 0, 0], [10, 11, 12, 13, 0]], "int32"), rows(4, 2)
    same_next_step(model, taken(model, x, y, tmp_path), x, y)


@on_tensorflow
@pytest.mark.filterwarnings("ignore:.*destroy the mask information:UserWarning")
def test_masks_that_a_layer_has_no_use_for_and_another_layer_for_the_way_back(backend, tmp_path):
    way_back = L.GRU(2, return_sequences=True, go_backwards=True, reset_after=False)
    x = keras.Input((4, 3))
    both = L.Bidirectional(L.SimpleRNN(2, return_sequences=True), backward_layer=way_back)(L.Masking()(x))
    model = keras.Model(x, L.Dense(3)(L.GlobalMaxPooling1D()(both)))
    metrics = [keras.metrics.TopKCategoricalAccuracy(k=1, name="top"), "hinge"]
    model.compile(keras.optimizers.SGD(0.1), "squared_hinge", metrics=metrics, run_eagerly=True)
    x, y = np.where(rows(4, 4, 1) > 0.5, 0, rows(4, 4, 3)).astype("float32"), np.eye(3, dtype="float32")[[0, 1, 2, 1]]
    ours = taken(model, x, y, tmp_path)
    same_next_step(model, ours, x, y)
    theirs = model.evaluate(x, y, verbose=0, return_dict=True)
    figures = dict(zip(ours.metrics_names, ours.evaluate(x, y, verbose=0), strict=True))
    assert figures == pytest.approx(theirs, abs=1e-5)


@pytest.mark.filterwarnings("ignore:.*destroy the mask information:UserWarning")
def test_masked_steps_have_no_part_in_the_moments_of_a_batch(backend, tmp_path):
    layers = [L.Masking(), L.BatchNormalization(), L.Flatten(), L.Dense(2)]
    model = keras.Sequential([keras.Input((4, 3)), *layers])
    model.compile(keras.optimizers.SGD(0.5), "mse", run_eagerly=True)
    x, y = np.where(rows(4, 4, 1) > 0.3, 0, rows(4, 4, 3)).astype("float32"), rows(4, 2)
    same_next_step(model, taken(model, x, y, tmp_path), x, y)


def test_unrolled_over_a_time_that_is_not_known_runs_as_a_loop(tmp_path):
    model = keras.Sequential([keras.Input((None, 2)), L.SimpleRNN(3, unroll=True)])
    model.save(tmp_path / "model.keras")
    ours = load_model(tmp_path / "model.keras", compile=False)
    for time in (2, 3):
        x = rows(2, time, 2)
        np.testing.assert_allclose(ours.predict(x), model(x), atol=1e-6)


def test_lora_comes_as_one_kernel_and_is_said(tmp_path):
    model = keras.Sequential([keras.Input((3,)), L.Dense(4)])
    model.layers[0].enable_lora(2)
    model.save(tmp_path / "model.keras")
    with pytest.warns(UserWarning, match="layers with lora_rank; their kernels come whole"):
        ours = load_model(tmp_path / "model.keras", compile=False)
    x = rows(2, 3)
    np.testing.assert_allclose(ours.predict(x), model(x), atol=1e-6)


def test_what_files_tell_is_kept_by_files_of_ours(tmp_path):
    from kerasnb.layers import LSTM, Dense, GlobalMaxPooling1D, Masking, SimpleRNN
    from kerasnb.models import Sequential

    ways = Bidirectional(LSTM(2), backward_layer=SimpleRNN(3, go_backwards=True), input_shape=(3, 2))
    model = Sequential([ways, BatchNormalization(averages_when_frozen=True), Dense(1)])
    model.save(tmp_path / "model.h5")
    back = load_model(tmp_path / "model.h5", compile=False)
    assert type(back.layers[0].backward_layer).__name__ == "SimpleRNN" and back.layers[1].averages_when_frozen
    x = rows(2, 3, 2)
    assert np.array_equal(back.predict(x), model.predict(x)) and back.layers[0].output_shape == (None, 5)
    with pytest.raises(ValueError, match="does not support masking"):  # Keras 1.2's way, where no file says otherwise
        Sequential([Masking(input_shape=(3, 2)), GlobalMaxPooling1D()])


def normalizations():
    x = keras.Input((3, 6))
    scaled = L.Rescaling(2.0, offset=-1.0)(L.Normalization(mean=[0.5] * 6, variance=[2.0] * 6)(x))
    even = L.GroupNormalization(3)(L.LayerNormalization(axis=[1, 2])(scaled))
    rows = L.Identity()(L.RMSNormalization()(L.UnitNormalization(axis=1)(even)))
    return keras.Model(x, L.EinsumDense("abc,cd->abd", output_shape=(3, 2), bias_axes="d")(rows))


def attentions():
    x = keras.Input((3, 4))
    heads = L.GroupQueryAttention(2, 4, 2)(L.MultiHeadAttention(2, 2)(x, x), x)
    looks = [L.Attention(use_scale=True)([heads, x]), L.AdditiveAttention()([heads, x])]
    return keras.Model(x, L.Dense(2)(L.Concatenate()(looks)))


def along_time():
    x = keras.Input((4, 3))
    longer = L.DepthwiseConv1D(2, depth_multiplier=2)(L.Conv1DTranspose(2, 2, strides=2)(x))
    cells = L.StackedRNNCells([L.LSTMCell(2), L.GRUCell(2)])
    steps = L.RNN(cells, return_sequences=True)(longer)
    return keras.Model(x, L.Dense(2)(L.GRU(3, reset_after=True)(steps)))


def pictures():
    x = keras.Input((2, 6, 2))
    image = L.UpSampling2D(2, interpolation="bilinear")(x)
    image = L.Conv2D(2, 2)(L.CenterCrop(4, 6)(L.Resizing(5, 8)(image)))
    lines = L.ConvLSTM1D(2, 2)(L.AdaptiveAveragePooling2D((2, 4))(image))
    return keras.Model(x, L.Dense(2)(L.Flatten()(lines)))


@on_tensorflow
@pytest.mark.parametrize("make", [normalizations, attentions, along_time, pictures])
def test_later_layers_train_on_with_the_step_that_comes_next(make, backend, tmp_path):
    model = make()
    model.compile(keras.optimizers.SGD(0.1, momentum=0.5), "mse", run_eagerly=True)
    x, y = rows(4, *model.input_shape[1:]), rows(4, *model.output_shape[1:])
    same_next_step(model, taken(model, x, y, tmp_path), x, y)


@on_tensorflow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_operations_in_an_h5_are_told_from_layers_and_written_as_what_they_were(backend, tmp_path):
    x = keras.Input((4,), name="x")
    both = keras.ops.stack([L.Dense(4)(x), keras.ops.relu(x) + 1.0], axis=1)
    model = keras.Model(x, keras.ops.logsumexp(keras.ops.flip(L.Add()([both, both]), axis=-1), axis=1))
    model.save(tmp_path / "model.h5")
    ours = load_model(tmp_path / "model.h5", compile=False)
    x = rows(3, 4)
    np.testing.assert_allclose(ours.predict(x), model(x), atol=1e-6)
    ours.save(tmp_path / "back.keras")
    np.testing.assert_allclose(keras.models.load_model(tmp_path / "back.keras")(x), model(x), atol=1e-6)


@on_tensorflow
def test_fit_and_predict_of_keras_3_overrule_the_training_of_a_call(backend, tmp_path):
    x = keras.Input((4, 4, 1))
    frozen = L.BatchNormalization()(L.RandomZoom(0.5)(x), training=False)  # RandomZoom writes training=True
    model = keras.Model(x, frozen)
    model.compile("sgd", "mse", run_eagerly=True)
    x = rows(3, 4, 4, 1) + 1
    model.save(tmp_path / "model.keras")
    ours = load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(ours.predict(x), model.predict(x, verbose=0), atol=1e-6)
    ours.fit(x, x, verbose=0)
    assert abs(ours.layers[-1].get_weights()[2]).max() > 1e-3  # as there: the averages move


@on_tensorflow
def test_metrics_keep_their_states_names_and_weights(backend, tmp_path):
    model = keras.Sequential([keras.Input((2,)), L.Dense(3, activation="sigmoid")])
    metrics = [keras.metrics.Precision(name="right"), keras.metrics.Recall(name="recall")]
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"], weighted_metrics=metrics, run_eagerly=True)
    x, y, weights = rows(6, 2), (rows(6, 3) > 0).astype("float32"), np.arange(6.0)
    model.evaluate(x, y, verbose=0)
    model.save(tmp_path / "model.keras")
    ours = load_model(tmp_path / "model.keras")  # and says nothing of an optimizer that was never used
    theirs = model.evaluate(x, y, sample_weight=weights, batch_size=2, verbose=0, return_dict=True)
    figures = dict(zip(ours.metrics_names, ours.evaluate(x, y, 2, 0, weights), strict=True))
    wanted = [theirs[name] for name in ("accuracy", "right", "recall")]
    assert [figures[name] for name in ("accuracy", "weighted_right", "weighted_recall")] == pytest.approx(wanted)
    ours.save(tmp_path / "back.keras")
    assert "recall" in keras.models.load_model(tmp_path / "back.keras").evaluate(x, y, verbose=0, return_dict=True)


@on_tensorflow
def test_norms_of_a_step_are_those_of_all_gates_together(backend, tmp_path):
    model = keras.Sequential([keras.Input((3, 2)), L.Bidirectional(L.LSTM(3)), L.Dense(2)])
    model.compile(keras.optimizers.Adafactor(0.1, clipnorm=0.01), "mse", run_eagerly=True)
    x, y = rows(4, 3, 2), rows(4, 2)
    same_next_step(model, taken(model, x, y, tmp_path), x, y)


def test_means_of_rows_and_columns_are_turned_as_the_kernels_are_and_go_both_ways(backend, tmp_path):
    layers = [L.Conv2DTranspose(3, 2), L.Reshape((9, 3)), L.Conv1D(2, 2), L.DepthwiseConv1D(2), L.Flatten(), L.Dense(2)]
    model = keras.Sequential([keras.Input((2, 2, 2)), *layers])
    model.compile(keras.optimizers.Adafactor(0.1), "mse", run_eagerly=True)
    x, y = rows(4, 2, 2, 2), rows(4, 2)
    ours = taken(model, x, y, tmp_path)
    same_next_step(model, ours, x, y)
    ours.save(tmp_path / "back.keras")
    back = keras.models.load_model(tmp_path / "back.keras")
    back.run_eagerly = True
    same_next_step(back, ours, x, y)
