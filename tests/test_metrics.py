"""Metrics against numpy: one number for a batch."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import metrics, objectives
from kerasnb.errors import UnknownNameError
from kerasnb.layers import Activation, Dense, Input
from kerasnb.models import Model, Sequential

TARGET = np.array([1, 0, 1, 1, 0, 0], "float32")[:, None]
OUTPUT = np.array([0.9, 0.8, 0.4, 0.7, 0.2, 0.6], "float32")[
    :, None
]  # 2 true, 2 false positives; 1 true, 1 false negative


def passing(features, loss, **arguments):
    model = Sequential([Activation("linear", input_shape=(features,))])
    model.compile("sgd", loss, **arguments)
    return model


def test_binary_accuracy_counts_outputs_that_round_to_their_target(backend):
    assert metrics.binary_accuracy(TARGET, OUTPUT) == pytest.approx(0.5)


def test_categorical_accuracy_counts_the_largest_output(backend):
    target, output = np.eye(3, dtype="float32"), np.array([[3, 1, 2], [1, 2, 3], [0, 1, 2]], "float32")
    assert metrics.categorical_accuracy(target, output) == pytest.approx(2 / 3)
    assert metrics.sparse_categorical_accuracy(np.array([[0], [1], [2]], "float32"), output) == pytest.approx(2 / 3)


def test_top_k_accuracy_looks_at_the_k_largest(backend):
    target = np.eye(4, dtype="float32")[[0, 1, 2]]
    output = np.array([[4, 3, 2, 1], [4, 3, 2, 1], [4, 3, 2, 1]], "float32")
    assert [metrics.top_k_categorical_accuracy(target, output, k) for k in (1, 2, 3)] == pytest.approx(
        [1 / 3, 2 / 3, 1]
    )
    numbers = np.array([[0], [1], [2]], "float32")
    assert [metrics.sparse_top_k_categorical_accuracy(numbers, output, k) for k in (1, 2)] == pytest.approx(
        [1 / 3, 2 / 3]
    )


def test_precision_recall_and_their_means_count_rounded_outputs(backend):
    assert metrics.precision(TARGET, OUTPUT) == pytest.approx(2 / 4)
    assert metrics.recall(TARGET, OUTPUT) == pytest.approx(2 / 3)
    assert metrics.fmeasure(TARGET, OUTPUT) == pytest.approx(2 * (1 / 2) * (2 / 3) / (1 / 2 + 2 / 3))
    assert metrics.fbeta_score(TARGET, OUTPUT, beta=2) == pytest.approx(5 * (1 / 2) * (2 / 3) / (4 / 2 + 2 / 3))


def test_matthews_correlation_is_that_of_the_four_counts(backend):
    tp, tn, fp, fn = 2, 1, 2, 1
    wanted = (tp * tn - fp * fn) / np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
    assert metrics.matthews_correlation(TARGET, OUTPUT) == pytest.approx(wanted, abs=1e-6)


def test_the_f_score_of_a_batch_without_positives_is_zero(backend):
    assert metrics.fmeasure(np.zeros((3, 1), "float32"), OUTPUT[:3]) == 0


def test_fbeta_refuses_a_negative_beta():
    with pytest.raises(ValueError, match="beta must be 0 or more"):
        metrics.fbeta_score(K.placeholder((None, 1)), K.placeholder((None, 1)), beta=-1)


@pytest.mark.parametrize(
    "name",
    [
        "mse",
        "mae",
        "mape",
        "msle",
        "cosine",
        "hinge",
        "squared_hinge",
        "poisson",
        "binary_crossentropy",
        "kullback_leibler_divergence",
        "categorical_crossentropy",
    ],
)
def test_a_metric_named_like_an_objective_is_its_mean(backend, name):
    target, output = (np.random.uniform(0.1, 0.9, (5, 3)).astype("float32") for _ in range(2))
    np.testing.assert_allclose(
        metrics.get(name)(target, output), objectives.get(name)(target, output).mean(), rtol=1e-5
    )


def test_both_names_of_accuracy_log_as_acc():
    assert passing(2, "mse", metrics=["accuracy"]).metrics_names == ["loss", "acc"]
    assert passing(2, "mse", metrics=["acc"]).metrics_names == ["loss", "acc"]


def test_a_metric_listed_several_times_is_numbered_in_logs():
    model = passing(2, "mse", metrics=["acc", "mae", "acc"])
    assert model.metrics_names == ["loss", "acc", "mean_absolute_error", "acc"]
    found = model.fit(np.ones((3, 2)), np.ones((3, 2)), nb_epoch=1, verbose=0).history
    assert sorted(found) == ["acc_1", "acc_2", "loss", "mean_absolute_error"]


def test_accuracy_is_chosen_by_the_loss_and_the_output(backend):
    one_hot, output = np.eye(3)[[0, 1, 2]], np.array([[0.6, 0.7, 0.1], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6]])
    by_class = passing(3, "categorical_crossentropy", metrics=["acc"]).evaluate(output, one_hot, verbose=0)
    by_label = passing(3, "sparse_categorical_crossentropy", metrics=["acc"]).evaluate(output, [0, 1, 2], verbose=0)
    by_value = passing(3, "binary_crossentropy", metrics=["acc"]).evaluate(output, one_hot, verbose=0)
    assert (by_class[1], by_label[1], by_value[1]) == pytest.approx((2 / 3, 2 / 3, 8 / 9))


def test_a_metric_of_ones_own_logs_under_its_name(backend):
    def largest(y_true, y_pred):
        return K.max(y_pred)

    model = passing(2, "mse", metrics=[largest])
    assert model.metrics_names == ["loss", "largest"]
    assert model.evaluate(np.array([[1.0, 7.0]]), np.zeros((1, 2)), verbose=0)[1] == 7


def test_a_metric_may_give_several_figures_as_a_dict(backend):
    def ends(y_true, y_pred):
        return {"low": K.min(y_pred), "high": K.max(y_pred)}

    model = passing(2, "mse", metrics=[ends])
    assert model.metrics_names == ["loss", "low", "high"]
    assert model.evaluate(np.array([[1.0, 7.0]]), np.zeros((1, 2)), verbose=0)[1:] == [1, 7]


def test_a_metric_of_each_sample_is_averaged(backend):
    def each(y_true, y_pred):
        return K.sum(y_pred, axis=-1)

    model = passing(2, "mse", metrics=[each])
    assert model.evaluate(np.array([[1.0, 2.0], [3.0, 4.0]]), np.zeros((2, 2)), verbose=0)[1] == 5


def test_metrics_of_batches_are_weighted_by_their_size(backend):
    model = passing(1, "mse", metrics=["precision"])
    output, target = np.array([1.0, 1, 1, 0, 1])[:, None], np.array([1.0, 0, 1, 0, 1])[:, None]
    assert model.evaluate(output, target, batch_size=2, verbose=0)[1] == pytest.approx((2 * 0.5 + 2 * 1 + 1 * 1) / 5)


def test_several_outputs_log_their_losses_and_metrics_by_name(backend):
    x = Input((2,))
    model = Model(x, [Activation("linear", name="a")(x), Dense(1, name="b")(x)])
    model.compile("sgd", "mse", metrics={"a": ["acc", "mse"], "b": "mae"})
    assert model.metrics_names == ["loss", "a_loss", "b_loss", "a_acc", "a_mean_squared_error", "b_mean_absolute_error"]
    figures = dict(
        zip(
            model.metrics_names, model.evaluate(np.ones((3, 2)), [np.zeros((3, 2)), np.ones(3)], verbose=0), strict=True
        )
    )
    assert figures["a_loss"] == 1 and figures["a_mean_squared_error"] == 1
    assert figures["loss"] == pytest.approx(figures["a_loss"] + figures["b_loss"])


def test_two_outputs_of_one_shared_layer_keep_all_their_figures(backend):
    a, b, shared = Input((2,)), Input((2,)), Activation("linear", name="same")
    model = Model([a, b], [shared(a), shared(b)])
    model.compile("sgd", "mse")
    figures = model.evaluate([np.ones((3, 2)), np.zeros((3, 2))], [np.zeros((3, 2)), np.full((3, 2), 3.0)], verbose=0)
    assert figures == pytest.approx([10, 1, 9]) and model.log_names == ["loss", "same_loss_1", "same_loss_2"]


def test_an_unknown_metric_offers_a_close_name_and_leaves_the_model_compiled():
    model = passing(2, "mse", metrics=["mae"])
    with pytest.raises(UnknownNameError, match='no metric "precison".*Did you mean "precision"'):
        model.compile("sgd", "mse", metrics=["precison"])
    assert model.is_compiled and model.metrics_names == ["loss", "mean_absolute_error"]
