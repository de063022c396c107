"""Data of every kind that programs have: used as it is meant, or refused in words before a weight moves."""

import numpy as np
import pytest
from scipy import sparse

from kerasnb.errors import ClassWeightError, DataError
from kerasnb.layers import Dense, Flatten, Input
from kerasnb.losses import SparseCategoricalCrossentropy
from kerasnb.models import Model, Sequential
from kerasnb.report import data_summary

rng = np.random.RandomState(0)
X, Y = rng.rand(20, 3), np.eye(2)[np.arange(20) % 2]
START = [rng.rand(3, 2), np.zeros(2)]


class Table:
    """As a DataFrame of pandas: an index picks columns, and columns may differ in type."""

    def __init__(self, values, kinds="fbi"):
        self.values, self.shape = values, values.shape
        self.dtypes = [np.dtype({"f": "float64", "b": "bool", "i": "int64", "O": "object"}[kind]) for kind in kinds]

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self.values, dtype=dtype or "object")

    def to_numpy(self, dtype, na_value):
        return self.values.astype(dtype)

    def __getitem__(self, column):
        raise KeyError(column)


class Series:
    def __init__(self, **values):
        self.values = {int(name[1:]): value for name, value in values.items()}

    def to_dict(self):
        return self.values

    def keys(self):
        return self.values.keys()

    def __getitem__(self, number):
        return self.values[number]


@pytest.fixture
def model(backend):
    model = Sequential([Dense(2, activation="softmax", input_shape=(3,), name="out")])
    model.compile("sgd", "categorical_crossentropy")
    model.set_weights(START)
    return model


def trained(model, **arguments):
    model.set_weights(START)
    model.fit(X, Y, batch_size=20, nb_epoch=1, verbose=0, **arguments)
    return model.get_weights()[0]


def test_weights_of_classes_may_be_a_dict_an_array_a_list_or_a_series(model):
    wanted = trained(model, class_weight={0: 9.0, 1: 0.5})
    assert not np.allclose(wanted, trained(model))
    others = [(9, 0.5), np.array([9, 0.5]), {"out": [9, 0.5]}, [{0: 9, 1: 0.5}], {np.int64(0): 9, 1.0: 0.5}]
    for one in ([9, 0.5], Series(_1=0.5, _0=9.0), *others):
        np.testing.assert_allclose(trained(model, class_weight=one), wanted, rtol=1e-5)


@pytest.mark.parametrize(
    "class_weight, said",
    [
        ("auto", "class_weight must say a weight for each class, got 'auto'"),
        ({0: 9.0}, "class_weight has no weight for class 1"),
        ({"0": 9.0, "1": 0.5}, 'class_weight: no input or output "0"'),
        ({0: 1, 1: "heavy"}, "class_weight: the weight of class 1 must be a number, got 'heavy'"),
        ({0: 1, 1: np.nan}, "the weight of class 1 must be a number, got nan"),
        ({0.5: 1}, "the classes are numbers, got 0.5"),
        (7, "must say a weight for each class, got 7"),
    ],
)
def test_other_weights_of_classes_are_refused_before_a_weight_moves(model, class_weight, said):
    batches = iter([(X, Y)] * 9)
    for call in (
        lambda: model.fit(X, Y, class_weight=class_weight, verbose=0),
        lambda: model.train_on_batch(X, Y, class_weight=class_weight),
        lambda: model.fit_generator(batches, 20, 1, class_weight=class_weight, verbose=0),
    ):
        with pytest.raises(ClassWeightError, match=said):
            call()
    np.testing.assert_allclose(model.get_weights()[0], START[0])


def test_weights_that_count_for_nothing_are_said_to(model):
    with pytest.warns(UserWarning, match="class 5, but the targets have 2 classes"):
        trained(model, class_weight={0: 1, 1: 1, 5: 3})
    with pytest.warns(UserWarning, match="class_weight is not used where there is a sample_weight"):
        trained(model, class_weight={0: 1, 1: 1}, sample_weight=np.ones(20))


def test_weights_of_several_outputs_go_by_their_names():
    x = Input((3,))
    model = Model(x, [Dense(1, name="a")(x), Dense(1, name="b")(x)])
    model.compile("sgd", "mse")
    targets = [Y[:, 0], Y[:, 1]]
    for class_weight in ({0: 1, 1: 2}, [{0: 1}], {"c": {0: 1, 1: 2}}, np.array([1, 2])):
        with pytest.raises(ValueError, match="class_weight"):
            model._standardize(X, targets, None, class_weight, "fit")
    first, second = model._standardize(X, targets, None, [None, [1, 2]], "fit")[2]
    assert first.tolist() == [1] * 20 and second.tolist() == (Y[:, 1] + 1).tolist()


@pytest.mark.parametrize(
    "weights, said",
    [
        (np.full(20, "1"), "sample_weight must be numbers, got values of type <U1"),
        (np.full(20, np.nan), '"sample_weight" has NaN in 20 of 20 samples'),
        (np.full(20, 1e300), "1e\\+300, which is infinite in float32"),
        (np.ones((20, 1)), "sample_weight needs 1 axes, got \\(20, 1\\)"),
        ({"ouz": np.ones(20)}, 'sample_weight: no input or output "ouz".*"out"'),
    ],
)
def test_other_weights_of_samples_are_refused(model, weights, said):
    for call in (model.fit, model.evaluate):
        with pytest.raises(ValueError, match=said):
            call(X, Y, sample_weight=weights, verbose=0)


def test_a_name_that_nobody_knows_is_refused_at_every_door(model):
    name = model.input_names[0]
    data = {name: X, "out": Y}
    assert np.isfinite(model.evaluate(data, data, verbose=0)) and model.predict(data).shape == (20, 2)
    extra = {**data, "ouz": Y}
    for call in (
        lambda: model.fit(extra, Y, verbose=0),
        lambda: model.evaluate(X, extra, verbose=0),
        lambda: model.predict(extra),
        lambda: model.fit_generator(iter([(X, extra)]), 20, 1, verbose=0),
        lambda: model.predict_generator(iter([extra]), 20),
    ):
        with pytest.raises(ValueError, match='no input or output "ouz".*Did you mean "out"'):
            call()


def test_rows_are_samples_in_tables_and_sparse_matrices(model):
    plain = model.evaluate(X, Y, batch_size=7, verbose=0)
    for x in (Table(X), sparse.csr_matrix(X), sparse.coo_matrix(X), X.tolist()):
        assert model.evaluate(x, Table(Y, "bb"), batch_size=7, verbose=0) == pytest.approx(plain, rel=1e-5)
        assert model.predict(x, batch_size=7).shape == (20, 2)
        model.fit(x, Y, batch_size=7, nb_epoch=1, validation_split=0.3, verbose=0)
        model.set_weights(START)
    assert data_summary(sparse.csr_matrix(X), Y).text().startswith("x (3,) float64, 0 to 0.9")
    with pytest.raises(ValueError, match="holds values of type object"):
        model.predict(Table(np.full((20, 3), "a", dtype="object"), "OOO"))


def test_what_is_not_finite_is_refused(model):
    kinds = {np.inf: "infinity in 1 of 20", np.nan: "NaN in 1 of 20", -1e300: "-1e\\+300, which is infinite in float32"}
    for value, said in kinds.items():
        x = X.copy()
        x[3, 1] = value
        for call in (
            lambda x=x: model.fit(x, Y, verbose=0),
            lambda x=x: model.train_on_batch(x, Y),
            lambda x=x: model.evaluate(X, Y, sample_weight=x[:, 1], verbose=0),
        ):
            with pytest.raises(ValueError, match=said):
                call()


@pytest.mark.parametrize(
    "loss, target, said",
    [
        ("binary_crossentropy", np.arange(20) % 3, "takes numbers from 0 to 1, these go from 0 to 2"),
        ("binary_crossentropy", np.arange(20) % 2 * 2 - 1, "these go from -1 to 1"),
        ("hinge", np.arange(20) % 2, "hinge takes -1 and 1, these go from 0 to 1"),
        ("categorical_crossentropy", np.ones((20, 3)), "these add up to 3"),
        ("poisson", np.arange(20) - 4, "poisson takes numbers from 0 on, these go down to -4"),
        ("kld", np.full((20, 2), 0.5) - [[0, 1]], "kullback_leibler_divergence takes .* these go down to -0.5"),
    ],
)
def test_numbers_that_hardly_suit_their_loss_are_said_to(loss, target, said):
    model = Sequential([Dense(target.shape[-1] if target.ndim > 1 else 1, input_shape=(3,))])
    model.compile("sgd", loss)
    with pytest.warns(UserWarning, match=said):
        model._standardize(X, target, None, None, "fit")


def test_numbers_that_suit_their_loss_are_not_warned_of():
    for loss, target in (
        ("binary_crossentropy", np.arange(20) % 2),
        ("hinge", np.arange(20) % 2 * 2 - 1),
        ("categorical_crossentropy", np.zeros((20, 2))),
        ("categorical_crossentropy", Y * 0.9 + 0.05),
    ):
        model = Sequential([Dense(target.shape[-1] if target.ndim > 1 else 1, input_shape=(3,))])
        model.compile("sgd", loss)
        model._standardize(X, target, None, None, "fit")


def test_a_memoryview_is_data_like_an_array(backend):
    x, y = np.ones((4, 3), "float32"), np.ones((4, 1), "float32")
    model = Sequential([Dense(1, input_shape=(3,))])
    model.compile(loss="mse")
    model.fit(memoryview(x), memoryview(y), nb_epoch=1, verbose=0)
    np.testing.assert_array_equal(model.predict(memoryview(x)), model.predict(x))


def test_a_model_compiled_without_an_optimizer_trains_by_rmsprop_as_in_later_keras():
    sequential = Sequential([Dense(1, input_shape=(3,))])
    for model in (sequential, Model(sequential.input, sequential.output)):
        model.compile(loss="mse")
        assert type(model.optimizer).__name__ == "RMSprop"
        with pytest.raises(TypeError, match="loss"):
            model.compile()


def test_class_numbers_below_0_are_to_be_counted_from_0_rather_than_given_outputs():
    model = Sequential([Dense(3, activation="softmax", input_shape=(3,))])
    model.compile("sgd", "sparse_categorical_crossentropy")
    with pytest.raises(ValueError, match=r"go from -1 to 1, .*\nNumber the classes from 0"):
        model.fit(X, np.arange(20) % 3 - 1, verbose=0)


@pytest.mark.parametrize("loss", [SparseCategoricalCrossentropy(from_logits=True), "sparse_categorical_crossentropy"])
def test_class_numbers_of_each_step_need_no_axis_of_their_own(backend, loss):
    model = Sequential([Dense(3, activation="softmax", input_shape=(5, 4))])
    model.compile("sgd", loss, metrics=["accuracy"])
    x, classes = np.random.RandomState(0).rand(4, 5, 4), np.arange(20).reshape(4, 5) % 3
    for _ in range(2):  # the second time these are known to fit
        found = model.evaluate(x, classes, verbose=0)
        np.testing.assert_allclose(found, model.evaluate(x, classes[..., None], verbose=0), rtol=1e-6)


def test_one_sample_in_the_place_of_a_batch_is_told_from_other_shapes():
    pictures = Sequential([Flatten(input_shape=(8, 8, 1)), Dense(2)])
    with pytest.raises(DataError, match=r"one sample; give a batch that holds it: x\[None\]"):
        pictures.predict(np.ones((8, 8, 1)))
    with pytest.raises(DataError, match="Add the last axis"):
        pictures.predict(np.ones((5, 8, 8)))
    with pytest.raises(DataError, match="one sample"):
        Sequential([Dense(2, input_dim=3)]).predict(np.ones(3))


def test_answers_for_each_pixel_where_one_is_asked_are_said_to_need_flatten():
    model = Sequential([Dense(2, activation="softmax", input_shape=(4, 4, 1))])
    model.compile("sgd", "sparse_categorical_crossentropy")
    with pytest.raises(DataError, match=r"needs shape \(None, 4, 4, 1\), got \(3, 1\).\nPut Flatten\(\)"):
        model.fit(np.ones((3, 4, 4, 1)), np.array([0, 1, 1]), verbose=0)
