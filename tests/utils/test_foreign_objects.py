"""Losses, metrics, penalties, first values and constraints of Keras 3, given to kerasnb."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import constraints, initializers, metrics, objectives, regularizers
from kerasnb.errors import ArgumentError, KerasnbError
from kerasnb.layers import Dense
from kerasnb.models import Sequential, load_model

RANDOM = np.random.RandomState(3)
SHARES = RANDOM.dirichlet(np.ones(3), 6).astype("float32")
ONE_HOT = np.eye(3, dtype="float32")[[0, 1, 2, 0, 1, 2]]
CLASSES = np.array([[0], [1], [2], [0], [1], [2]], "float32")
X, Y = RANDOM.rand(8, 4).astype("float32"), np.array([[0], [1]] * 4, "float32")

LOSSES = [
    ("MeanSquaredError", {}),
    ("MeanAbsoluteError", {}),
    ("MeanAbsolutePercentageError", {}),
    ("MeanSquaredLogarithmicError", {}),
    ("BinaryCrossentropy", {"label_smoothing": 0.2}),
    ("BinaryCrossentropy", {"from_logits": True}),
    ("CategoricalCrossentropy", {"label_smoothing": 0.1}),
    ("CategoricalHinge", {}),
    ("Poisson", {}),
    ("LogCosh", {}),
    ("KLDivergence", {}),
    ("CosineSimilarity", {"axis": 0}),
    ("Huber", {"delta": 0.25}),
]
FUNCTIONS = """mean_squared_error mean_absolute_error mean_squared_logarithmic_error binary_crossentropy
categorical_crossentropy categorical_hinge poisson log_cosh kl_divergence cosine_similarity
huber""".split()
METRICS = [
    ("BinaryAccuracy", {"threshold": 0.4}),
    ("CategoricalAccuracy", {}),
    ("TopKCategoricalAccuracy", {"k": 2}),
    ("MeanAbsoluteError", {"name": "distance"}),
    ("CosineSimilarity", {"axis": 0}),
    ("Precision", {}),
    ("Recall", {"thresholds": 0.3}),
]
PENALTIES = [("L1", {"l1": 0.1}), ("L2", {"l2": 0.2}), ("L1L2", {"l1": 0.1, "l2": 0.2})]
CONSTRAINTS = [
    ("MaxNorm", {"max_value": 0.5}),
    ("NonNeg", {}),
    ("UnitNorm", {"axis": 1}),
    ("MinMaxNorm", {"min_value": 0.2, "max_value": 0.6, "rate": 0.5, "axis": 1}),
]


@pytest.fixture(scope="module")
def keras():
    import keras

    return keras


def ours(function):
    return float(np.mean(K.eval(function(K.variable(ONE_HOT), K.variable(SHARES)))))


@pytest.mark.parametrize(("name", "options"), LOSSES)
def test_a_loss_of_keras_3_has_its_value(name, options, backend, keras):
    loss = getattr(keras.losses, name)(**options)
    made = objectives.get(loss)
    assert made.__module__.startswith("kerasnb")
    assert ours(made) == pytest.approx(float(loss(ONE_HOT, SHARES)), rel=2e-5)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_loss_function_of_keras_3_is_ours(name, backend, keras):
    theirs = getattr(keras.losses, name)
    made = objectives.get(theirs)
    assert made.__module__.startswith("kerasnb")
    assert ours(made) == pytest.approx(float(np.mean(theirs(ONE_HOT, SHARES))), rel=2e-5)


@pytest.mark.parametrize(("name", "options"), METRICS)
def test_a_metric_of_keras_3_has_its_value_and_name(name, options, backend, keras):
    metric = getattr(keras.metrics, name)(**options)
    made = metrics.get(metric)
    metric.update_state(ONE_HOT, SHARES)
    assert ours(made) == pytest.approx(float(metric.result()), rel=1e-5)
    assert made.name == metric.name


@pytest.mark.parametrize(("name", "options"), PENALTIES)
def test_a_penalty_of_keras_3_has_its_value(name, options, backend, keras):
    penalty = getattr(keras.regularizers, name)(**options)
    made = regularizers.get(penalty)
    assert K.eval(made(K.variable(SHARES))) == pytest.approx(float(penalty(SHARES)), rel=1e-5)


@pytest.mark.parametrize(("name", "options"), CONSTRAINTS)
def test_a_constraint_of_keras_3_has_its_value(name, options, backend, keras):
    constraint = getattr(keras.constraints, name)(**options)
    weight = SHARES - 0.3
    theirs = keras.ops.convert_to_numpy(constraint(keras.ops.convert_to_tensor(weight)))
    np.testing.assert_allclose(K.eval(constraints.get(constraint)(K.variable(weight))), theirs, rtol=1e-5, atol=1e-7)


def test_first_values_of_keras_3_are_those_of_its_seed_and_are_kept_as_ours(backend, keras):
    layer = Dense(3, input_shape=(4,), kernel_initializer=keras.initializers.HeNormal(seed=3), bias_initializer="zeros")
    model = Sequential([layer])
    np.testing.assert_array_equal(layer.get_weights()[0], keras.initializers.HeNormal(seed=3)((4, 3)))
    kept = Sequential.from_config(model.get_config()).layers[0]
    assert kept.init.get_config()["config"]["scale"] == 2.0
    assert initializers.get(keras.initializers.Constant(2.0)).get_config()["class_name"] == "Constant"


def test_a_model_with_all_of_these_trains_and_comes_back_from_a_file(backend, tmp_path, keras):
    model = Sequential(
        [
            Dense(
                1,
                input_shape=(4,),
                activation="sigmoid",
                kernel_regularizer=keras.regularizers.L2(0.1),
                kernel_constraint=keras.constraints.MaxNorm(1.0),
                kernel_initializer=keras.initializers.GlorotUniform(),
            )
        ]
    )
    loss, metric = keras.losses.BinaryCrossentropy(label_smoothing=0.2), keras.metrics.BinaryAccuracy()
    model.compile("sgd", loss, metrics=[metric])
    history = model.fit(X, Y, nb_epoch=1, verbose=0).history
    assert list(history) == ["loss", "binary_accuracy"]
    model.save(tmp_path / "model.h5")
    again = load_model(tmp_path / "model.h5")
    np.testing.assert_allclose(again.evaluate(X, Y, verbose=0), model.evaluate(X, Y, verbose=0), rtol=1e-6)


@pytest.fixture(scope="module")
def weighed(keras):
    """A loss of a program's own, derived from Keras 3's."""

    class Weighed(keras.losses.Loss):
        def call(self, y_true, y_pred):
            return 3.0 * keras.ops.mean(keras.ops.square(y_true - y_pred), axis=-1)

    return Weighed()


def test_a_loss_derived_from_keras_3s_weighs_samples_on_tensorflow_and_is_refused_elsewhere(backend, weighed):
    model = Sequential([Dense(1, input_shape=(4,), init="one")])
    if backend != "tensorflow":
        with pytest.raises(ArgumentError, match=r"loss Weighed of keras computes with tensorflow.*on theano"):
            model.compile("sgd", weighed)
        return
    losses = []
    for loss in (weighed, "mse"):
        model.compile("sgd", loss)
        losses.append(model.evaluate(X, Y, sample_weight=np.arange(8.0), verbose=0))
    assert losses[0] == pytest.approx(3 * losses[1], rel=1e-5)


def test_a_penalty_derived_from_keras_3_runs_on_tensorflow_and_is_refused_elsewhere(backend, keras):
    class Cubes(keras.regularizers.Regularizer):
        def __call__(self, x):
            return 0.1 * keras.ops.sum(keras.ops.abs(x) ** 3)

    penalty = Cubes()
    if backend != "tensorflow":
        with pytest.raises(ArgumentError, match="regularizer Cubes of .* computes with tensorflow"):
            Dense(3, input_shape=(4,), kernel_regularizer=penalty)
        return
    model = Sequential([Dense(3, input_shape=(4,), kernel_regularizer=penalty)])
    model.compile("sgd", "mse")
    plain = np.mean(np.square(model.predict(X)))
    expected = plain + float(penalty(model.get_weights()[0]))
    assert model.evaluate(X, np.zeros((8, 3)), verbose=0) == pytest.approx(expected, rel=1e-5)


def test_a_metric_with_variables_of_keras_3_is_refused_in_words(keras):
    class Counted(keras.metrics.Metric):
        """Nothing is counted."""

    model = Sequential([Dense(1, input_shape=(4,))])
    with pytest.raises(KerasnbError, match="Counted keeps its figures in variables of another library"):
        model.compile("sgd", "mse", metrics=[Counted()])


@pytest.mark.parametrize("targets", [ONE_HOT, 2 * ONE_HOT - 1], ids=["0 and 1", "-1 and 1"])
@pytest.mark.parametrize("name", ["Hinge", "SquaredHinge"])
def test_a_hinge_of_keras_3_takes_zeros_for_minus_one_as_loss_and_as_metric(name, targets, backend, keras):
    loss, metric = getattr(keras.losses, name)(), getattr(keras.metrics, name)()
    function = getattr(keras.losses, {"Hinge": "hinge", "SquaredHinge": "squared_hinge"}[name])
    expected = float(loss(targets, SHARES))
    for ours in (objectives.get(loss), objectives.get(function), metrics.get(metric), metrics.get(function)):
        value = K.eval(ours(K.variable(targets), K.variable(SHARES)))
        assert float(np.mean(value)) == pytest.approx(expected, rel=1e-5)
