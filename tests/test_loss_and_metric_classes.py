"""Losses and metrics as objects, the way later Keras makes them."""

import importlib

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import losses, metrics, objectives
from kerasnb.errors import ArgumentError, UnknownNameError
from kerasnb.layers import Activation, Dense
from kerasnb.models import Sequential, load_model

TARGET = np.array([[0.0, 1, 0], [1, 0, 0]], "float32")
LOGITS = np.array([[1.0, 3, 0.5], [-1, 0.2, 2]], "float32")


def softmax(x):
    return np.exp(x) / np.exp(x).sum(-1, keepdims=True)


def test_a_loss_with_its_usual_options_is_the_objective_itself():
    made = (getattr(losses, name)() for name in losses._classes if name not in ("Loss", "Hinge", "SquaredHinge"))
    functions = [objectives.get(one) for one in made]
    assert len(functions) == 20 and all(getattr(losses, fn.__name__) is fn for fn in functions)
    assert objectives.get("MeanSquaredError") is objectives.mean_squared_error
    assert objectives.get("dice") is losses.dice and objectives.get("huber") is objectives.huber_loss


@pytest.mark.parametrize("cls, power", [(losses.Hinge, 1), (losses.SquaredHinge, 2)])
def test_the_hinge_classes_take_targets_of_0_and_1_which_files_keep(cls, power, tmp_path, recwarn):
    ones, outputs = np.array([[0, 1, 0]], "float32"), np.array([[0.5, 0.25, -3]], "float32")
    expected = (np.maximum(1 - (2 * ones - 1) * outputs, 0) ** power).mean()
    assert K.eval(cls()(ones, outputs)) == K.eval(cls()(2 * ones - 1, outputs)) == pytest.approx(expected)
    model = Sequential([Activation("linear", input_shape=(3,))])
    model.compile("sgd", cls())
    for ending in ("h5", "keras"):
        model.save(tmp_path / f"model.{ending}")
        again = load_model(tmp_path / f"model.{ending}")
        assert again.evaluate(outputs, ones, verbose=0) == pytest.approx(expected)
    assert not recwarn.list


def test_a_metric_class_is_found_by_its_name_in_small_letters():
    assert isinstance(metrics.get("auc"), metrics.AUC) and isinstance(metrics.get("f1_score"), metrics.F1Score)
    assert metrics.get("precision") is metrics.precision  # Keras 1.2's function
    with pytest.raises(ArgumentError, match="MeanIoU needs arguments.*num_classes"):
        metrics.get("mean_io_u")


OPTIONS = [
    (losses.CategoricalCrossentropy(from_logits=True), lambda t: -(t * np.log(softmax(LOGITS))).sum(-1)),
    (
        losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.3),
        lambda t: -((0.7 * t + 0.1) * np.log(softmax(LOGITS))).sum(-1),
    ),
    (
        losses.BinaryCrossentropy(True),
        lambda t: (np.log1p(np.exp(LOGITS)) - t * LOGITS).mean(-1),
    ),
    (
        losses.Huber(delta=0.5),
        lambda t: np.where(abs(t - LOGITS) < 0.5, (t - LOGITS) ** 2 / 2, 0.5 * abs(t - LOGITS) - 0.125).mean(-1),
    ),
]


@pytest.mark.parametrize(("loss", "formula"), OPTIONS)
def test_options_count_and_a_call_gives_the_mean(backend, loss, formula):
    np.testing.assert_allclose(loss(TARGET, LOGITS), formula(TARGET).mean(), rtol=1e-4)
    weighted = loss(TARGET, LOGITS, sample_weight=[0, 2])
    np.testing.assert_allclose(weighted, formula(TARGET)[1], rtol=1e-4)


def test_a_model_minimizes_a_loss_with_options_and_keeps_them_in_its_file(backend, tmp_path):
    model = Sequential([Activation("linear", input_shape=(3,))])
    model.compile("sgd", losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["acc"])
    classes = TARGET.argmax(1)
    expected = [-np.log(softmax(LOGITS)[[0, 1], classes]).mean(), 0.5]
    np.testing.assert_allclose(model.evaluate(LOGITS, classes, verbose=0), expected, rtol=1e-4)
    model.save(tmp_path / "m.h5")
    again = load_model(tmp_path / "m.h5")
    np.testing.assert_allclose(again.evaluate(LOGITS, classes, verbose=0), expected, rtol=1e-4)


def test_a_loss_class_of_ones_own_says_what_each_sample_costs(backend):
    class Cubed(losses.Loss):
        def call(self, y_true, y_pred):
            return objectives.mean_absolute_error(y_true, y_pred) ** 3

    model = Sequential([Activation("linear", input_shape=(1,))])
    model.compile("sgd", Cubed())
    assert model.evaluate(np.array([[1.0], [3.0]]), np.zeros((2, 1)), verbose=0) == 14


@pytest.mark.parametrize("wrong", [{"reduction": "max"}, {"delta": 1}])
def test_other_options_of_losses_are_refused(wrong):
    with pytest.raises(UnknownNameError):
        losses.MeanSquaredError(**wrong)


def test_precision_and_recall_are_those_of_the_whole_epoch(backend):
    y, p = (np.random.RandomState(seed).uniform(size=(40, 1)) for seed in (0, 1))
    y = (y > 0.6).astype("float32")
    p[:8] = 0.1  # a batch without a positive output
    model = Sequential([Activation("linear", input_shape=(1,))])
    model.compile("sgd", "mse", metrics=[metrics.Precision(), metrics.Recall(0.7, name="found"), "accuracy"])
    assert model.metrics_names == ["loss", "precision", "found", "acc"]
    _, precision, recall, _ = model.evaluate(p, y, batch_size=8, verbose=0)
    np.testing.assert_allclose(precision, y[p > 0.5].mean(), rtol=1e-5)
    np.testing.assert_allclose(recall, (p > 0.7)[y == 1].mean(), rtol=1e-5)
    history = model.fit(p, y, batch_size=8, nb_epoch=1, verbose=0, shuffle=False).history
    np.testing.assert_allclose(history["precision"], y[p > 0.5].mean(), rtol=1e-5)


MEANS = {
    "CategoricalAccuracy": lambda t, p: (t.argmax(-1) == p.argmax(-1)).mean(),
    "Accuracy": lambda t, p: (t == p).mean(),
    "MeanSquaredError": lambda t, p: ((t - p) ** 2).mean(),
    "LogCoshError": lambda t, p: np.log(np.cosh(t - p)).mean(),
    "CosineSimilarity": lambda t, p: ((t * p).sum(-1) / np.linalg.norm(t, axis=-1) / np.linalg.norm(p, axis=-1)).mean(),
    "Hinge": lambda t, p: np.maximum(1 - (2 * t - 1) * p, 0).mean(),
}


def test_other_metrics_are_means_over_the_samples(backend):
    model = Sequential([Activation("linear", input_shape=(3,))])
    model.compile("sgd", "mse", metrics=[getattr(metrics, name)() for name in MEANS])
    figures = model.evaluate(LOGITS, TARGET, verbose=0)[1:]
    np.testing.assert_allclose(figures, [formula(TARGET, LOGITS) for formula in MEANS.values()], rtol=1e-4)


def test_metrics_take_their_options_and_keep_them_in_files(tmp_path):
    model = Sequential([Dense(3, input_shape=(3,))])
    model.compile("sgd", "mse", metrics=[metrics.TopKCategoricalAccuracy(k=2), metrics.BinaryAccuracy(threshold=0.9)])
    model.save(tmp_path / "m.h5")
    again = load_model(tmp_path / "m.h5")
    assert [one.get_config() for one in again.metrics] == [
        {"name": "top_k_categorical_accuracy", "k": 2},
        {"name": "binary_accuracy", "threshold": 0.9},
    ]
    with pytest.raises(UnknownNameError, match="argument of Hinge"):
        metrics.Hinge(k=2)


@pytest.mark.parametrize(
    "make",
    [
        lambda: metrics.AUC(curve="ROCK"),
        lambda: metrics.Precision(thresholds=1.5),
        lambda: metrics.F1Score(average="mean"),
        lambda: metrics.IoU(2, [2]),
        lambda: metrics.RecallAtPrecision(2.0),
        lambda: metrics.R2Score(class_aggregation="sum"),
    ],
)
def test_options_of_metrics_out_of_range_are_refused(make):
    with pytest.raises(ArgumentError):
        make()


@pytest.mark.parametrize("module", ["losses", "objectives", "metrics"])
def test_a_function_put_into_the_module_is_found_by_name(module, monkeypatch):
    home = importlib.import_module(f"kerasnb.{module}")
    monkeypatch.setattr(home, "own_distance", lambda y_true, y_pred: K.mean(K.abs(y_true - y_pred), axis=-1), False)
    assert home.get("own_distance") is home.own_distance
