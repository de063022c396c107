"""Metrics that add up over an epoch, beside Keras 3's own figures of the same batches."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import metrics
from kerasnb.callbacks import LambdaCallback
from kerasnb.errors import ArgumentError
from kerasnb.layers import Activation, Input, Masking
from kerasnb.models import Model, Sequential, load_model

RANDOM = np.random.RandomState(0)
P = RANDOM.uniform(size=(20, 3)).astype("float32")
Y = (RANDOM.uniform(size=(20, 3)) < P).astype("float32")
ONE_HOT = np.eye(3, dtype="float32")[RANDOM.randint(3, size=20)]
SHARES = (P / P.sum(axis=1, keepdims=True)).astype("float32")
WEIGHTS = RANDOM.uniform(size=20).astype("float32")
REAL = RANDOM.normal(size=(20, 3)).astype("float32")
WORDS = {"num_classes": 3}

# class -> arguments, targets, outputs
CASES = [
    ("TruePositives", {"thresholds": 0.4}, Y, P),
    ("TrueNegatives", {}, Y, P),
    ("FalsePositives", {"thresholds": [0.2, 0.7]}, Y, P),
    ("FalseNegatives", {}, Y, P),
    ("Precision", {"thresholds": [0.3, 0.6]}, Y, P),
    ("Precision", {"top_k": 2}, ONE_HOT, P),
    ("Recall", {"class_id": 1, "thresholds": 0.4}, Y, P),
    ("Recall", {"top_k": 1, "class_id": 2}, ONE_HOT, P),
    ("SensitivityAtSpecificity", {"specificity": 0.6}, Y, P),
    ("SpecificityAtSensitivity", {"sensitivity": 0.7, "num_thresholds": 50}, Y, P),
    ("PrecisionAtRecall", {"recall": 0.5}, Y, P),
    ("RecallAtPrecision", {"precision": 0.7}, Y, P),
    ("AUC", {}, Y, P),
    ("AUC", {"curve": "PR"}, Y, P),
    ("AUC", {"curve": "PR", "summation_method": "majoring", "num_thresholds": 20}, Y, P),
    ("AUC", {"summation_method": "minoring", "thresholds": [0.2, 0.5, 0.9]}, Y, P),
    ("AUC", {"multi_label": True, "label_weights": [0.2, 0.3, 0.5]}, Y, P),
    ("AUC", {"from_logits": True}, Y, REAL),
    ("F1Score", {}, ONE_HOT, SHARES),
    ("F1Score", {"average": "macro", "threshold": 0.3}, ONE_HOT, SHARES),
    ("FBetaScore", {"average": "micro", "beta": 2.0}, ONE_HOT, SHARES),
    ("FBetaScore", {"average": "weighted", "beta": 0.5}, ONE_HOT, SHARES),
    ("RootMeanSquaredError", {}, REAL, P),
    ("R2Score", {}, REAL, P),
    ("R2Score", {"class_aggregation": "variance_weighted_average", "num_regressors": 3}, REAL, P),
    ("MeanIoU", {**WORDS, "sparse_y_true": False, "sparse_y_pred": False}, ONE_HOT, SHARES),
    ("OneHotIoU", {**WORDS, "target_class_ids": [0, 2]}, ONE_HOT, SHARES),
    ("OneHotMeanIoU", {**WORDS, "ignore_class": 1}, ONE_HOT, SHARES),
    ("BinaryIoU", {"threshold": 0.3}, Y, P),
    ("PearsonCorrelation", {}, REAL, P),
    ("ConcordanceCorrelation", {}, REAL, P),
]


def by_keras(name, arguments, y, p, weights=None):
    import keras

    # by itself Keras 3 counts overlaps in whole numbers, which cuts weights
    metric = getattr(keras.metrics, name)(**arguments, **({"dtype": "float32"} if "IoU" in name else {}))
    if name == "BinaryIoU" and weights is not None:
        weights = np.repeat(weights[:, None], y.shape[1], axis=1)
    for begin in range(0, len(y), 8):
        part = slice(begin, begin + 8)
        metric.update_state(y[part], p[part], None if weights is None else weights[part])
    return np.atleast_1d(np.asarray(metric.result()))


def compiled(given, weighted=False):
    model = Sequential([Activation("linear", input_shape=(3,))])
    model.compile("sgd", "mse", **{"weighted_metrics" if weighted else "metrics": given})
    return model


PAIRS = {
    "yes or no": (Y, P),
    "one-hot": (ONE_HOT, SHARES),
    "ranks": (ONE_HOT, P),
    "real": (REAL, P),
    "logits": (Y, REAL),
}


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("pair", PAIRS)
def test_figures_are_those_of_keras_3(backend, pair, weighted):
    y, p = PAIRS[pair]
    cases = [(name, given) for name, given, targets, outputs in CASES if targets is y and outputs is p]
    # each program has all of the pair's metrics
    model = compiled([getattr(metrics, name)(name=f"m{n}", **given) for n, (name, given) in enumerate(cases)], weighted)
    weights = WEIGHTS if weighted else None
    figures = model.evaluate(p, y, batch_size=8, verbose=0, sample_weight=weights)
    named = dict(zip(model.metrics_names, figures, strict=True))
    for number, (name, given) in enumerate(cases):
        called = f"weighted_m{number}" if weighted else f"m{number}"
        found = [value for key, value in named.items() if key == called or key.startswith(f"{called}_")]
        np.testing.assert_allclose(
            found, by_keras(name, given, y, p, weights), rtol=2e-4, atol=2e-6, err_msg=f"{name} {given}"
        )


def area(y, p):
    """The share of pairs of a positive and another one that are in order."""
    ups, downs = p[y > 0.5], p[y < 0.5]
    return (ups[:, None] > downs).mean()


def test_each_epoch_and_each_validation_begins_anew(backend):
    model = compiled([metrics.AUC(num_thresholds=2000)])
    seen = []

    def look(batch, logs):
        if batch == 0:  # an evaluation in between leaves the epoch's own figure alone
            seen.append(model.evaluate(P[:8], Y[:8], verbose=0)[1])

    kept = {"batch_size": 8, "nb_epoch": 2, "verbose": 0, "shuffle": False, "validation_data": (P[::-1] ** 2, Y)}
    history = model.fit(P, Y, callbacks=[LambdaCallback(on_batch_end=look)], **kept).history
    np.testing.assert_allclose(history["auc"], [area(Y, P)] * 2, atol=2e-3)
    np.testing.assert_allclose(history["val_auc"], [area(Y, P[::-1] ** 2)] * 2, atol=2e-3)
    np.testing.assert_allclose(seen, [area(Y[:8], P[:8])] * 2, atol=2e-3)
    model.train_on_batch(P, Y)
    assert model.test_on_batch(P[:8], Y[:8])[1] == pytest.approx(area(Y[:8], P[:8]), abs=2e-3)


def test_many_batches_in_one_call_add_up_too(backend):
    model = compiled([metrics.Recall()])
    p, y = np.tile(P, (40, 1)), np.tile(Y, (40, 1))
    history = model.fit(p, y, batch_size=2, nb_epoch=2, verbose=0).history
    np.testing.assert_allclose(history["recall"], [(P > 0.5)[Y > 0.5].mean()] * 2, rtol=1e-5)


class Largest(metrics.Metric):
    """A program's own, in Keras 3's way."""

    def __init__(self, name="largest", **kwargs):
        super().__init__(name=name, **kwargs)
        self.seen = self.add_weight(name="seen", initializer="zeros")
        self.batches = self.add_weight(name="batches", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.seen.assign(K.maximum(self.seen.value, K.max(y_pred)))
        self.batches.assign_add(1.0)

    def result(self):
        return self.seen + 10.0 * self.batches


class Counted(Largest):
    recorded = 0

    def update_state(self, y_true, y_pred, sample_weight=None):
        Counted.recorded += 1
        super().update_state(y_true, y_pred, sample_weight)


def test_a_metric_of_ones_own_keeps_states(backend, tmp_path):
    model = compiled([Largest()])
    model.save(tmp_path / "m.h5")
    for one in (model, load_model(tmp_path / "m.h5", custom_objects={"Largest": Largest})):
        assert one.evaluate(P, Y, batch_size=8, verbose=0)[1] == pytest.approx(30 + P.max())


def test_its_code_is_recorded_once_for_steps_with_weights_and_without():
    model = compiled([Counted()])
    model.train_on_batch(P, Y)
    model.train_on_batch(P, Y, sample_weight=WEIGHTS)
    model.test_on_batch(P, Y)
    assert Counted.recorded == 1


def test_a_metric_by_itself_adds_up_until_it_is_reset(backend):
    auc, mean = metrics.AUC(), metrics.Mean()
    auc.update_state(Y[:8], P[:8])
    auc.update_state(Y[8:], P[8:])
    assert float(K.eval(auc.result())) == pytest.approx(float(by_keras("AUC", {}, Y, P)[0]), rel=1e-4)
    auc.reset_state()
    assert float(K.eval(auc(Y[:8], P[:8]))) == pytest.approx(float(by_keras("AUC", {}, Y[:8], P[:8])[0]), rel=1e-4)
    mean.update_state([1.0, 3.0])
    mean.update_state(5.0, sample_weight=2.0)
    assert float(K.eval(mean.result())) == pytest.approx(3.5)


def test_masked_steps_do_not_count_among_weighted_metrics(backend):
    steps = Input(shape=(4, 1))
    model = Model(steps, Activation("linear")(Masking()(steps)))
    model.compile("sgd", "mse", weighted_metrics=[metrics.TruePositives()])
    x = np.array([[[0.9], [0.8], [0], [0]], [[0.7], [0], [0], [0]]], "float32")
    assert model.evaluate(x, np.ones((2, 4, 1)), verbose=0)[1] == 3


def test_one_metric_given_for_two_outputs_is_two(backend):
    x = Input(shape=(3,))
    model = Model(x, [Activation("linear", name="one")(x), Activation("softmax", name="two")(x)])
    model.compile("sgd", "mse", metrics=[metrics.TruePositives(thresholds=0.4)])
    figures = dict(zip(model.metrics_names, model.evaluate(P, [ONE_HOT, ONE_HOT], verbose=0), strict=True))
    softmax = np.exp(P) / np.exp(P).sum(1, keepdims=True)
    assert figures["one_true_positives"] == ((P > 0.4) & (ONE_HOT > 0.5)).sum()
    assert figures["two_true_positives"] == ((softmax > 0.4) & (ONE_HOT > 0.5)).sum()


def test_options_are_kept_in_files_and_a_file_of_none_is_refused(tmp_path):
    model = compiled([metrics.AUC(curve="PR", thresholds=[0.2, 0.5]), metrics.MeanIoU(3), metrics.Recall(class_id=1)])
    model.save(tmp_path / "m.h5")
    again = load_model(tmp_path / "m.h5")
    assert [one.get_config() for one in again.metrics] == [one.get_config() for one in model.metrics]
    with pytest.raises(ArgumentError, match="zeros"):
        metrics.Metric().add_weight(initializer="none")
