"""What fit does with data, epochs, validation, penalties and frozen layers, as Keras 1.2.2 does it."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.callbacks import Callback, LambdaCallback
from kerasnb.errors import DataError, NotCompiledError, StatefulError
from kerasnb.layers import LSTM, BatchNormalization, Dense, Dropout, Input
from kerasnb.models import Model, Sequential
from kerasnb.optimizers import SGD

X = np.random.RandomState(0).rand(20, 3)
Y = np.random.RandomState(1).rand(20, 1)


def line(loss="mse", lr=0.0, **arguments):
    """One weight per feature; with lr 0 training changes nothing, so that figures can be worked out by hand."""
    model = Sequential([Dense(1, input_shape=(3,), **arguments)])
    model.compile(SGD(lr=lr), loss)
    return model


def wrong(model, x=X, y=Y):
    return ((model.predict(x) - y) ** 2).mean(axis=1)


def fit(model, x=X, y=Y, **arguments):
    return model.fit(x, y, **{"nb_epoch": 1, "batch_size": 8, "verbose": 0, **arguments}).history


def test_history_has_a_figure_for_each_epoch(backend):
    model = line(lr=0.1)
    model.compile("sgd", "mse", metrics=["mae"])
    found = model.fit(X, Y, nb_epoch=3, batch_size=8, validation_data=(X, Y), verbose=0)
    assert found is model.history and found.epoch == [0, 1, 2]
    assert {name: len(values) for name, values in found.history.items()} == dict.fromkeys(
        ["loss", "mean_absolute_error", "val_loss", "val_mean_absolute_error"], 3
    )
    assert found.history["loss"][2] < found.history["loss"][0]


def test_ten_epochs_of_32_are_the_default(backend, capsys):
    seen = []
    line().fit(
        X,
        Y,
        callbacks=[
            LambdaCallback(on_train_begin=lambda logs: None, on_epoch_begin=lambda epoch, logs: seen.append(epoch))
        ],
    )
    assert seen == list(range(10)) and "Epoch 10/10" in capsys.readouterr().out


def test_epochs_is_another_name_for_nb_epoch(backend):
    assert len(line().fit(X, Y, epochs=2, verbose=0).epoch) == 2


def test_initial_epoch_counts_on(backend):
    assert line().fit(X, Y, initial_epoch=3, nb_epoch=5, verbose=0).epoch == [3, 4]


def test_the_loss_of_an_epoch_is_weighted_by_batch_size(backend):
    model = line()
    assert fit(model)["loss"] == pytest.approx([wrong(model).mean()], rel=1e-5)


def test_validation_split_takes_the_last_samples_before_any_shuffle(backend):
    model = line()
    found = fit(model, validation_split=0.25)
    assert found["val_loss"] == pytest.approx([wrong(model)[15:].mean()], rel=1e-5)
    assert found["loss"] == pytest.approx([wrong(model)[:15].mean()], rel=1e-5)


def test_validation_data_wins_over_validation_split(backend):
    model = line()
    found = fit(model, validation_data=(X[:5], Y[:5]), validation_split=0.5)
    assert found["val_loss"] == pytest.approx([wrong(model)[:5].mean()], rel=1e-5)
    assert found["loss"] == pytest.approx([wrong(model).mean()], rel=1e-5)


def test_sample_weights_divide_by_the_share_that_is_not_zero(backend):
    model, weights = line(), np.r_[np.zeros(10), np.full(10, 3.0)]
    wanted = (wrong(model) * weights).mean() / 0.5
    assert fit(model, sample_weight=weights, batch_size=20)["loss"] == pytest.approx([wanted], rel=1e-5)
    assert model.evaluate(X, Y, batch_size=20, sample_weight=weights, verbose=0) == pytest.approx(wanted, rel=1e-5)


def test_sample_weights_may_come_with_the_validation_data(backend):
    model, weights = line(), np.arange(20) % 2
    found = fit(model, validation_data=(X, Y, weights), batch_size=20)
    assert found["val_loss"] == pytest.approx([wrong(model)[1::2].mean()], rel=1e-5)


def test_class_weights_count_by_the_value_or_the_place_of_the_one(backend):
    model, labels = line("binary_crossentropy", activation="sigmoid"), (Y > 0.5).astype("float32")
    each = -np.log(np.where(labels == 1, model.predict(X), 1 - model.predict(X)))[:, 0]
    wanted = (each * np.where(labels[:, 0] == 1, 5, 2)).mean()
    assert fit(model, y=labels, class_weight={0: 2, 1: 5}, batch_size=20)["loss"] == pytest.approx([wanted], rel=1e-4)
    several = Sequential([Dense(2, input_shape=(3,), activation="softmax")])
    several.compile(SGD(lr=0.0), "categorical_crossentropy")
    one_hot = np.eye(2)[labels[:, 0].astype(int)]
    each = -np.log((several.predict(X) * one_hot).sum(-1))
    wanted = (each * np.where(labels[:, 0] == 1, 5, 2)).mean()
    assert fit(several, y=one_hot, class_weight={0: 2, 1: 5}, batch_size=20)["loss"] == pytest.approx(
        [wanted], rel=1e-4
    )


def test_sample_weights_win_over_class_weights(backend):
    model, labels = line(), (Y > 0.5).astype("float32")
    with pytest.warns(UserWarning, match="class_weight is not used where there is a sample_weight"):
        found = fit(model, y=labels, sample_weight=np.ones(20), class_weight={0: 9, 1: 9})["loss"]
    assert found == pytest.approx([wrong(model, y=labels).mean()], rel=1e-5)


def test_a_class_without_a_weight_is_a_key_error():
    with pytest.raises(KeyError, match="no weight for class 1; it has"):
        fit(line(), y=(Y > 0.5), class_weight={0: 2})


def test_temporal_weights_count_for_each_step(backend):
    model = Sequential([Dense(1, input_shape=(2, 3))])
    model.compile("sgd", "mse", sample_weight_mode="temporal")
    x, y, weights = np.random.rand(4, 2, 3), np.random.rand(4, 2, 1), np.array([[1, 0]] * 4)
    each = ((model.predict(x) - y) ** 2)[..., 0]
    assert model.evaluate(x, y, sample_weight=weights, verbose=0) == pytest.approx(each[:, 0].mean(), rel=1e-5)
    with pytest.raises(DataError, match="needs 2 axes"):
        model.evaluate(x, y, sample_weight=np.ones(4), verbose=0)


def test_penalties_are_part_of_the_loss_in_evaluate_too(backend):
    model = line(W_regularizer="l2")
    W = model.get_weights()[0]
    wanted = wrong(model).mean() + 0.01 * (W**2).sum()
    assert model.evaluate(X, Y, verbose=0) == pytest.approx(wanted, rel=1e-5)
    assert fit(model)["loss"] == pytest.approx([wanted], rel=1e-5)


def test_a_penalty_on_outputs_sums_over_the_whole_batch(backend):
    model = line(activity_regularizer="activity_l2")
    wanted = wrong(model).mean() + 0.01 * (model.predict(X) ** 2).sum()
    assert model.test_on_batch(X, Y) == pytest.approx(wanted, rel=1e-5)


def test_a_penalty_of_nothing_is_no_trouble(backend):
    from kerasnb.regularizers import l2

    model = line(W_regularizer=l2(0.0))
    assert model.evaluate(X, Y, verbose=0) == pytest.approx(wrong(model).mean(), rel=1e-5)


def test_loss_weights_count_in_the_total_and_not_in_the_parts(backend):
    x = Input((3,))
    model = Model(x, [Dense(1, name="a")(x), Dense(1, name="b")(x)])
    model.compile(SGD(lr=0.0), {"a": "mse", "b": "mae"}, loss_weights={"a": 2.0, "b": 0.5})
    total, a, b = model.evaluate(X, {"a": Y, "b": Y}, verbose=0)
    first, second = model.predict(X)
    assert (a, b) == pytest.approx((((first - Y) ** 2).mean(), abs(second - Y).mean()), rel=1e-5)
    assert total == pytest.approx(2 * a + 0.5 * b, rel=1e-5)
    assert sorted(fit(model, y=[Y, Y])) == ["a_loss", "b_loss", "loss"]


def test_train_on_batch_gives_the_loss_before_the_step(backend):
    model = line(lr=0.1)
    model.compile("sgd", "mse", metrics=["mae"])
    before = wrong(model).mean()
    loss, mae = model.train_on_batch(X, Y)
    assert loss == pytest.approx(before, rel=1e-5) and model.metrics_names == ["loss", "mean_absolute_error"]
    assert model.test_on_batch(X, Y)[0] < loss


def test_one_dimensional_data_gets_its_features_axis(backend):
    model = Sequential([Dense(1, input_shape=(1,))])
    model.compile("sgd", "mse")
    assert model.predict(np.arange(4)).shape == (4, 1)
    model.train_on_batch(np.arange(4), np.arange(4))


def test_lists_and_labels_are_taken_as_arrays(backend):
    model = Sequential([Dense(3, input_shape=(2,), activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit([[1, 2], [3, 4], [5, 6]], [0, 1, 2], nb_epoch=1, verbose=0)
    assert model.predict([[1, 2]]).shape == (1, 3)


def test_the_learning_phase_is_train_in_fit_and_test_elsewhere(backend):
    model = Sequential([Dropout(0.5, input_shape=(50,))])
    model.compile(SGD(), "mse")
    x = np.ones((8, 50))
    assert model.evaluate(x, x, verbose=0) == 0 and (model.predict(x) == 1).all()
    found = fit(model, x, x, validation_data=(x, x))
    assert found["val_loss"] == [0] and 0.5 < found["loss"][0] < 1.5  # ones become 0 or 2


def test_nothing_to_train_is_no_trouble(backend):
    model = line(lr=0.5)
    model.layers[0].trainable = False
    model.compile("adam", "mse")
    before = model.get_weights()
    fit(model, nb_epoch=2)
    assert all(map(np.array_equal, before, model.get_weights()))


def test_freezing_after_compile_waits_for_the_next_compile(backend):
    model = line(lr=0.5)
    model.layers[0].trainable = False
    before = model.get_weights()
    fit(model)
    changed = model.get_weights()
    assert not np.array_equal(before[0], changed[0])
    model.compile("sgd", "mse")
    fit(model)
    assert all(map(np.array_equal, changed, model.get_weights()))


def test_recompiling_keeps_the_state_of_weights_that_stay(backend):
    model = Sequential([Dense(2, input_shape=(3,)), Dense(1)])
    model.compile(SGD(lr=0.1, momentum=0.9), "mse")
    model.train_on_batch(X, Y)
    kept = {
        weight.shape: value
        for weight, value in zip(model.optimizer.weights[1:], model.optimizer.get_weights()[1:], strict=True)
    }
    model.layers[0].trainable = False
    model.recompile()
    first = model.layers[0].get_weights()
    model.train_on_batch(X, Y)
    assert len(model.optimizer.weights) == 3 and all(map(np.array_equal, first, model.layers[0].get_weights()))
    model.layers[0].trainable = True
    model.recompile()
    model.train_function  # noqa: B018 - builds the step
    found = dict(
        zip((weight.shape for weight in model.optimizer.weights[1:]), model.optimizer.get_weights()[1:], strict=True)
    )
    np.testing.assert_array_equal(found[(3, 2)], kept[(3, 2)])


def test_compiling_again_starts_the_optimizers_state_from_zeros(backend):
    model, optimizer = line(), SGD(lr=0.1, momentum=0.9)
    model.compile(optimizer, "mse")
    model.train_on_batch(X, Y)
    model.compile(optimizer, "mse")
    model.train_function  # noqa: B018 - builds the step
    assert all((state == 0).all() for state in optimizer.get_weights()[1:])


def test_batch_normalization_moves_its_averages_while_training_only(backend):
    model = Sequential([BatchNormalization(input_shape=(3,), momentum=0.9)])
    model.compile(SGD(lr=0.0), "mse")
    mean, variance = model.get_weights()[2:]
    model.train_on_batch(X, X)
    np.testing.assert_allclose(model.get_weights()[2], 0.9 * mean + 0.1 * X.mean(axis=0), rtol=1e-5)
    moved = model.get_weights()
    model.evaluate(X, X, verbose=0), model.predict(X), model.test_on_batch(X, X)
    assert all(map(np.array_equal, moved, model.get_weights()))


def test_batch_normalization_moves_its_averages_in_many_steps_a_call_too(backend):
    model = Sequential([BatchNormalization(input_shape=(3,), momentum=0.5)])
    model.compile(SGD(lr=0.0), "mse")
    fit(model, y=X, batch_size=5, shuffle=False)
    mean = 0
    for start in range(0, 20, 5):
        mean = 0.5 * mean + 0.5 * X[start : start + 5].mean(axis=0)
    np.testing.assert_allclose(model.get_weights()[2], mean, rtol=1e-5)


def test_a_stateful_model_needs_whole_batches(backend):
    model = Sequential([LSTM(2, batch_input_shape=(4, 3, 1), stateful=True)])
    model.compile("sgd", "mse")
    x, y = np.random.rand(10, 3, 1), np.random.rand(10, 2)
    for run in (
        lambda: model.fit(x, y, batch_size=4, verbose=0),
        lambda: model.evaluate(x, y, batch_size=4, verbose=0),
        lambda: model.predict(x, batch_size=4),
    ):
        with pytest.raises(StatefulError, match="takes batches of 4.*; 10 samples in batches of 4"):
            run()


def test_a_stateful_model_remembers_until_it_is_reset(backend):
    model = Sequential([LSTM(2, batch_input_shape=(4, 3, 1), stateful=True)])
    x = np.random.rand(4, 3, 1)
    first, second = model.predict(x, batch_size=4), model.predict(x, batch_size=4)
    assert abs(first - second).max() > 1e-4
    model.reset_states()
    np.testing.assert_allclose(model.predict(x, batch_size=4), first, rtol=1e-5)


def test_the_order_of_samples_is_numpys_and_batches_may_stay_whole(backend):
    seen = []

    def spying(y_true, y_pred):
        return K.sum(y_true, axis=-1)

    model = Sequential([Dense(1, input_shape=(1,))])
    model.compile(SGD(lr=0.0), spying)
    watch = LambdaCallback(on_batch_end=lambda batch, logs: seen.append(float(logs["loss"])))
    y = np.arange(6.0)
    model.fit(y, y, nb_epoch=1, batch_size=2, shuffle=False, callbacks=[watch], verbose=0)
    assert seen == [0.5, 2.5, 4.5]
    del seen[:]
    model.fit(y, y, nb_epoch=1, batch_size=2, shuffle="batch", callbacks=[watch], verbose=0)
    assert sorted(seen) == [0.5, 2.5, 4.5]
    del seen[:]
    np.random.seed(3)
    order = np.arange(6)
    np.random.shuffle(order)
    np.random.seed(3)
    model.fit(y, y, nb_epoch=1, batch_size=2, callbacks=[watch], verbose=0)
    assert seen == y[order].reshape(3, 2).mean(axis=1).tolist()


def test_the_callers_arrays_stay_as_they_are(backend):
    x, y = X.copy(), Y.copy()
    fit(line(lr=0.1), x, y, nb_epoch=2)
    np.testing.assert_array_equal(x, X), np.testing.assert_array_equal(y, Y)


def test_training_without_compiling_says_what_to_do():
    with pytest.raises(NotCompiledError, match=r'model "sequential_1": fit needs a compiled model(.|\n)*model.compile'):
        Sequential([Dense(1, input_shape=(3,))]).fit(X, Y)


def test_predicting_needs_no_compiling(backend):
    assert Sequential([Dense(1, input_shape=(3,))]).predict(X, batch_size=7).shape == (20, 1)


def test_a_callback_sees_the_model_and_the_params(backend):
    model, watch = line(), Callback()
    fit(model, callbacks=[watch], validation_split=0.5)
    assert watch.model is model
    assert watch.params == {
        "batch_size": 8,
        "nb_epoch": 1,
        "nb_sample": 10,
        "verbose": 0,
        "do_validation": True,
        "metrics": ["loss", "val_loss"],
    }


def test_params_are_found_by_their_later_names_too(backend):
    watch = Callback()
    fit(line(), callbacks=[watch], nb_epoch=2)
    assert (watch.params["epochs"], watch.params["samples"], watch.params["steps"]) == (2, 20, 3)
    assert "epochs" not in watch.params
    with pytest.raises(KeyError):
        watch.params["colour"]


def test_callbacks_find_the_validation_data_as_keras_lays_it_out(backend):
    model, watch = line(), Callback()
    fit(model, callbacks=[watch], validation_split=0.25)
    assert [np.shape(array) for array in watch.validation_data] == [(5, 3), (5, 1), (5,)]
    np.testing.assert_array_equal(model.validation_data[0], X[15:])
    fit(model, callbacks=[watch], validation_data=(X, Y, np.full(20, 2.0)))
    assert watch.validation_data[2][0] == 2
    fit(model, callbacks=[watch])
    assert watch.validation_data is None is model.validation_data
    dropping = Sequential([Dropout(0.5, input_shape=(3,))])
    dropping.compile("sgd", "mse")
    fit(dropping, X, X, validation_data=(X, X))
    assert dropping.validation_data[3] == 0.0


def test_training_data_is_there_while_it_trains(backend):
    model, seen = line(), []
    fit(model, callbacks=[LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(len(model.training_data[0])))])
    assert seen == [20] and model.training_data is None


def test_later_arguments_that_say_nothing_new_are_taken(backend):
    model = line()
    later = {"steps_per_epoch": None, "validation_steps": None, "validation_freq": 1, "workers": 4}
    assert model.fit(X, Y, epochs=1, batch_size=None, verbose=0, **later).epoch == [0]
    assert model.evaluate(X, Y, steps=None, verbose=0, batch_size=None) == pytest.approx(wrong(model).mean(), rel=1e-5)
    assert model.predict(X, batch_size=None, steps=None).shape == (20, 1)
    with pytest.raises(ValueError, match="validation_freq did not exist in Keras 1.2 and can only be 1 here"):
        model.fit(X, Y, validation_freq=2)
    with pytest.raises(TypeError, match="colour"):
        model.fit(X, Y, colour=2)


def test_show_accuracy_is_a_warning_as_in_keras_1(backend):
    with pytest.warns(UserWarning, match='"show_accuracy" argument is deprecated') as caught:
        line().fit(X, Y, nb_epoch=1, verbose=0, show_accuracy=True)
    assert caught[0].filename == __file__


def test_a_loss_of_ones_own_may_deal_with_nan_in_targets(backend):
    def known_only(y_true, y_pred):
        return K.square(K.switch(K.equal(y_true, y_true), y_true - y_pred, 0 * y_pred))

    targets = np.where(np.arange(20)[:, None] % 2, Y, np.nan)
    assert np.isfinite(fit(line(known_only), y=targets)["loss"]).all()
    with pytest.raises(DataError, match="has NaN in 10 of 20 samples"):
        fit(line(), y=targets)


def test_every_output_needs_its_sample_weight_mode():
    x = Input((3,))
    model = Model(x, [Dense(1, name="a")(x), Dense(1, name="b")(x)])
    with pytest.raises(ValueError, match='Output "b" missing from sample_weight_modes'):
        model.compile("sgd", "mse", sample_weight_mode={"a": None})


def test_class_weights_may_differ_by_output(backend):
    x, labels = Input((3,)), (Y > 0.5).astype("float32")
    model = Model(x, [Dense(1, name="a")(x), Dense(1, name="b")(x)])
    model.compile(SGD(lr=0.0), "mse", metrics={"a": "mae"})
    found = fit(model, y=[labels, labels], batch_size=20, class_weight={"b": {0: 2, 1: 5}})
    each = [((one - labels) ** 2)[:, 0] for one in model.predict(X)]
    weights = np.where(labels[:, 0] == 1, 5, 2)
    assert found["a_loss"] == pytest.approx([each[0].mean()], rel=1e-5)
    assert found["b_loss"] == pytest.approx([(each[1] * weights).mean()], rel=1e-5)
    assert sorted(found) == ["a_loss", "a_mean_absolute_error", "b_loss", "loss"]


def test_masked_steps_count_neither_in_the_loss_nor_in_its_denominator(backend):
    from kerasnb.layers import Masking, TimeDistributed

    model = Sequential([Masking(0.0, input_shape=(4, 2)), TimeDistributed(Dense(1, init="one"))])
    model.compile(SGD(lr=0.0), "mse")
    x = np.array([[[1, 1], [2, 1], [3, 1], [5, 5]], [[1, 5], [5, 0], [0, 0], [0, 0]]], dtype="int32")
    assert fit(model, x, 4 * model.predict(x), batch_size=2)["loss"] == pytest.approx([285.0])


def test_the_compiled_steps_can_be_called_as_keras_functions(backend):
    model = Sequential([Dense(1, input_shape=(3,)), Dropout(0.5)])
    model.compile(SGD(lr=0.0), "mse")
    model._make_train_function(), model._make_test_function(), model._make_predict_function()
    assert len(model.train_function([X, Y, np.ones(20), 1.0])) == 1
    assert model.test_function([X, Y, np.ones(20), 0.0])[0] == pytest.approx(wrong(model).mean(), rel=1e-5)
    np.testing.assert_allclose(model.predict_function([X, 0.0])[0], model.predict(X), rtol=1e-6)


class Slices:
    """As much of an array as HDF5 has: a shape, and slices."""

    def __init__(self, array):
        self.array, self.shape, self.dtype = array, array.shape, array.dtype

    def __getitem__(self, rows):
        assert isinstance(rows, slice) or rows == sorted(rows)
        return self.array[rows]


def test_arrays_with_nothing_but_shape_and_slices_can_be_trained_on(backend):
    model = line()
    found = fit(model, Slices(X), Slices(Y), shuffle="batch", validation_split=0.2)
    assert found["val_loss"] == pytest.approx([wrong(model)[16:].mean()], rel=1e-5)
    assert model.evaluate(Slices(X), Slices(Y), verbose=0) == pytest.approx(wrong(model).mean(), rel=1e-5)
    assert model.predict(Slices(X)).shape == (20, 1)


def test_what_compile_was_given_is_kept_under_keras_names(backend):
    model = line()
    model.compile("sgd", "mse", metrics=["mae"], sample_weight_mode=None)
    assert (model.loss, model.metrics, model.sample_weight_mode, model.loss_weights) == ("mse", ["mae"], None, None)
    assert model.loss_functions[0].__name__ == "mean_squared_error" and model.sample_weight_modes == [None]
    with pytest.raises(ValueError, match="target_tensors did not exist in Keras 1.2"):
        model.compile("sgd", "mse", target_tensors=model.targets)


def test_data_in_form_has_weights_of_one(backend):
    inputs, targets, weights = line()._standardize_user_data(X, Y[:, 0])
    assert [array.shape for array in (*inputs, *targets, *weights)] == [(20, 3), (20, 1), (20,)]
