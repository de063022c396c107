"""Models as scikit-learn estimators: alone, and inside scikit-learn."""

import subprocess
import sys

import numpy as np
import pytest

from kerasnb.errors import ArgumentError, DataError
from kerasnb.layers import Dense, Input
from kerasnb.models import Model, Sequential
from kerasnb.utils.test_utils import get_test_data
from kerasnb.wrappers.scikit_learn import KerasClassifier, KerasRegressor

FEATURES, CLASSES = 5, 3
WORDS = np.array(["cat", "dog", "owl"])


def classifier(hidden_dims=4, optimizer="adam"):
    layers = [Dense(hidden_dims, activation="relu", input_shape=(FEATURES,)), Dense(CLASSES, activation="softmax")]
    return compiled(Sequential(layers), "categorical_crossentropy", optimizer, metrics=["accuracy"])


def regressor(hidden_dims=4):
    return compiled(Sequential([Dense(hidden_dims, input_shape=(FEATURES,)), Dense(1)]), "mse", "sgd")


def compiled(model, loss, optimizer, **kwargs):
    model.compile(optimizer, loss, **kwargs)
    return model


class Builder:
    def __call__(self, hidden_dims):
        return classifier(hidden_dims)


class Inheriting(KerasClassifier):
    def __call__(self, hidden_dims):
        return classifier(hidden_dims)


@pytest.fixture
def data():
    (x, y), _ = get_test_data(60, 0, (FEATURES,), nb_class=CLASSES)
    return x, y


@pytest.mark.parametrize(
    "make",
    [
        lambda **kwargs: KerasClassifier(classifier, **kwargs),
        lambda **kwargs: KerasClassifier(build_fn=Builder(), **kwargs),
        lambda **kwargs: Inheriting(build_fn=None, **kwargs),
    ],
)
def test_classifier_trains_scores_and_predicts_labels(backend, make, data):
    x, y = data
    estimator = make(hidden_dims=4, batch_size=32, nb_epoch=1, verbose=0)
    history = estimator.fit(x, WORDS[y], nb_epoch=2)
    assert history.epoch == [0, 1]
    assert list(estimator.classes_) == list(WORDS)
    assert set(estimator.predict(x)) <= set(WORDS)
    assert np.allclose(estimator.predict_proba(x).sum(axis=1), 1)
    assert estimator.score(x, WORDS[y]) == pytest.approx(np.mean(estimator.predict(x) == WORDS[y]))


def test_classifier_takes_one_hot_labels(data):
    x, y = data
    estimator = KerasClassifier(classifier, nb_epoch=1, verbose=0)
    estimator.fit(x, np.eye(CLASSES)[y])
    assert set(estimator.predict(x)) <= {0, 1, 2}
    assert estimator.score(x, np.eye(CLASSES)[y]) == pytest.approx(np.mean(estimator.predict(x) == y))


def test_score_counts_right_where_the_data_lack_a_class(data):
    x, y = data
    estimator = KerasClassifier(classifier, nb_epoch=1, verbose=0)
    estimator.fit(x, y)
    assert estimator.score(x[y < 2], y[y < 2]) == pytest.approx(np.mean(estimator.predict(x[y < 2]) == y[y < 2]))


def test_single_output_gives_labels_and_both_probabilities(data):
    x, y = data

    def binary():
        start = Input((FEATURES,))
        model = Model(start, Dense(1, activation="sigmoid")(start))
        return compiled(model, "binary_crossentropy", "adam", metrics=["accuracy"])

    estimator = KerasClassifier(binary, nb_epoch=1, verbose=0)
    estimator.fit(x, WORDS[np.minimum(y, 1)])
    assert estimator.predict(x).shape == (60,)
    assert estimator.predict_proba(x).shape == (60, 2)
    likely = estimator.predict_proba(x)[:, 1] > 0.5
    assert list(estimator.predict(x)) == list(WORDS[likely.astype(int)])


def test_regressor_predicts_one_number_a_sample_and_scores_minus_its_loss(backend, data):
    x, y = data
    estimator = KerasRegressor(regressor, epochs=1, verbose=0)
    estimator.fit(x, y.astype("float32"))
    assert estimator.predict(x).shape == (60,)
    assert estimator.score(x, y) == pytest.approx(-np.mean((estimator.predict(x) - y) ** 2), rel=1e-4)


def test_parameters_go_to_what_takes_them():
    estimator = KerasClassifier(classifier, hidden_dims=7, epochs=3, batch_size=5)
    assert estimator.filter_sk_params(classifier) == {"hidden_dims": 7}
    assert estimator.filter_sk_params(Sequential.fit, {"nb_epoch": 9}) == {"batch_size": 5, "nb_epoch": 9}
    assert estimator.set_params(nb_epoch=4).get_params() == {
        "build_fn": classifier, "hidden_dims": 7, "batch_size": 5, "nb_epoch": 4
    }  # fmt: skip


def test_unknown_parameter_is_refused_and_changes_nothing():
    with pytest.raises(ArgumentError, match='"hiden_dims" is not a legal parameter'):
        KerasClassifier(classifier, hiden_dims=7)
    estimator = KerasClassifier(classifier, hidden_dims=7)
    with pytest.raises(ValueError, match="legal parameter"):
        estimator.set_params(build_fn=regressor, epocs=3)
    assert estimator.get_params() == {"build_fn": classifier, "hidden_dims": 7}


def test_what_cannot_be_done_is_said(data):
    x, y = data
    with pytest.raises(ArgumentError, match="nothing says how to build"):
        KerasClassifier().fit(x, y)
    with pytest.raises(ArgumentError, match="must give a model, got None"):
        KerasClassifier(lambda: None).fit(x, y)
    with pytest.raises(DataError, match="labels"):
        KerasClassifier(classifier).fit(x, np.zeros((60, 3, 3)))
    unmeasured = KerasRegressor(regressor, nb_epoch=1, verbose=0)
    with pytest.raises(ValueError, match="not fitted"):
        unmeasured.predict(x)


def test_score_refuses_a_model_without_accuracy_and_an_unseen_label(data):
    x, y = data

    def unmeasured():
        return compiled(classifier(), "categorical_crossentropy", "sgd")

    estimator = KerasClassifier(unmeasured, nb_epoch=1, verbose=0)
    estimator.fit(x, WORDS[y])
    with pytest.raises(ValueError, match="not configured to compute accuracy"):
        estimator.score(x, WORDS[y])
    estimator.build_fn = classifier
    estimator.fit(x, WORDS[y])
    with pytest.raises(DataError, match="'bee' is none of those"):
        estimator.score(x, ["bee"] * 60)


def test_sparse_samples_are_refused_with_the_way_out(data):
    from scipy.sparse import csr_matrix

    with pytest.raises(DataError, match="toarray"):
        KerasClassifier(classifier).fit(csr_matrix(data[0]), data[1])


def test_scikit_learn_knows_what_kind_it_is_and_clones_it():
    from sklearn.base import clone, is_classifier, is_regressor

    estimator = KerasClassifier(classifier, hidden_dims=7, callbacks=[])
    assert is_classifier(estimator) and not is_regressor(estimator)
    assert is_regressor(KerasRegressor(regressor))
    assert clone(estimator).get_params() == estimator.get_params()


def test_callbacks_among_the_parameters_do_not_keep_it_from_being_cloned(data):
    from sklearn.base import clone

    from kerasnb.callbacks import EarlyStopping

    estimator = KerasClassifier(classifier, nb_epoch=1, verbose=0, callbacks=[EarlyStopping("loss")])
    estimator.fit(*data)
    assert clone(estimator).get_params()["callbacks"][0].monitor == "loss"


def test_pipeline_and_cross_validation_train_it(backend, data):
    from sklearn.model_selection import cross_val_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    x, y = data
    pipeline = make_pipeline(StandardScaler(), KerasClassifier(classifier, nb_epoch=2, verbose=0))
    pipeline.fit(x, WORDS[y], kerasclassifier__batch_size=20)
    assert set(pipeline.predict(x)) <= set(WORDS)
    assert cross_val_score(pipeline, x, WORDS[y], cv=2).shape == (2,)


def test_grid_search_finds_the_regressor_that_learns(data):
    from sklearn.model_selection import GridSearchCV

    x, y = data
    search = GridSearchCV(KerasRegressor(regressor, epochs=1, verbose=0), {"nb_epoch": [0, 30]}, cv=2)
    search.fit(x, y.astype("float32"))
    assert search.best_params_ == {"nb_epoch": 30}
    assert search.predict(x).shape == (60,)


def test_estimators_work_without_scikit_learn():
    code = """
import sys
sys.modules["sklearn"] = None
import numpy as np
from kerasnb.wrappers.scikit_learn import KerasRegressor
try:
    KerasRegressor(build_fn=dict).predict(np.ones((1, 2)))
except RuntimeError as error:
    print(error)
"""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "KerasRegressor is not fitted yet" in answer.stdout
