"""Batches of other libraries in fit, evaluate and predict: tf.data, torch's DataLoader, Keras 3's PyDataset, tables."""

import itertools

import numpy as np
import pytest

from kerasnb.callbacks import LambdaCallback
from kerasnb.engine.feeding.datasets import Rounds, _as_batch, is_dataset, length_of
from kerasnb.errors import ArgumentError, DataError
from kerasnb.layers import Dense, Input, merge
from kerasnb.models import Model, Sequential

X = np.random.RandomState(0).rand(10, 4).astype("float32")
Y = X.sum(axis=1, keepdims=True)
WEIGHTS = np.arange(10, dtype="float32")


class Tensor:
    """As much of a tensor of torch as the door needs."""

    def __init__(self, array):
        self.array = array

    def detach(self):
        return self

    cpu = detach

    def numpy(self):
        return self.array


class DataLoader:
    """As torch's: looped over for each epoch, lists of tensors, a length where the data has one."""

    def __init__(self, *arrays, batch_size=4, knows_length=True):
        self.dataset, self.batch_size, self.knows_length = arrays, batch_size, knows_length
        self.passes = 0

    def __len__(self):
        if not self.knows_length:
            raise TypeError("object of type 'IterableDataset' has no len()")
        return -(-len(self.dataset[0]) // self.batch_size)

    def __iter__(self):
        self.passes += 1
        return Batches(self)


class Batches:
    """One pass of a loader; its length is that of the loader, or raises."""

    def __init__(self, loader):
        self.loader, self.starts = loader, iter(range(0, len(loader.dataset[0]), loader.batch_size))

    def __len__(self):
        return len(self.loader)

    def __iter__(self):
        return self

    def __next__(self):
        start = next(self.starts)
        return [Tensor(array[start : start + self.loader.batch_size]) for array in self.loader.dataset]


@pytest.fixture
def model(backend):
    model = Sequential([Dense(1, input_shape=(4,), init="one")])
    model.compile("sgd", "mse")
    return model


def by_arrays(model, **options):
    """Losses of two epochs on the arrays themselves, and the weights after them."""
    start = model.get_weights()
    history = model.fit(X, Y, batch_size=4, nb_epoch=2, verbose=0, shuffle=False, **options).history
    end = model.get_weights()
    model.set_weights(start)
    return history, end


@pytest.mark.parametrize("knows_length", [True, False])
def test_a_loader_of_torch_trains_evaluates_and_predicts_as_its_arrays(model, knows_length):
    loader = DataLoader(X, Y, knows_length=knows_length)
    np.testing.assert_allclose(model.predict(loader), model.predict(X), rtol=1e-6)
    assert model.evaluate(loader, verbose=0) == pytest.approx(model.evaluate(X, Y, verbose=0), rel=1e-5)
    history, weights = by_arrays(model, validation_data=(X[:4], Y[:4]))
    seen = model.fit(loader, epochs=2, verbose=0, validation_data=DataLoader(X[:4], Y[:4])).history
    np.testing.assert_allclose(seen["loss"], history["loss"], rtol=1e-5)
    np.testing.assert_allclose(seen["val_loss"], history["val_loss"], rtol=1e-5)
    np.testing.assert_allclose(model.get_weights()[0], weights[0], rtol=1e-5)
    assert loader.passes == 4


def test_sample_weights_come_as_the_third_of_a_batch(model):
    _, weights = by_arrays(model, sample_weight=WEIGHTS)
    model.fit(DataLoader(X, Y, WEIGHTS), epochs=2, verbose=0)
    np.testing.assert_allclose(model.get_weights()[0], weights[0], rtol=1e-5)


def test_arrays_are_validated_by_a_loader_and_by_an_endless_generator(model):
    history, _ = by_arrays(model, validation_data=(X, Y))
    options = {"batch_size": 4, "nb_epoch": 2, "verbose": 0, "shuffle": False}
    start = model.get_weights()
    batches = itertools.cycle([(X[:5], Y[:5]), (X[5:], Y[5:])])
    for given in ({"validation_data": DataLoader(X, Y)}, {"validation_data": batches, "validation_steps": 2}):
        model.set_weights(start)
        seen = model.fit(X, Y, **options, **given).history
        np.testing.assert_allclose(seen["val_loss"], history["val_loss"], rtol=1e-5)


def test_steps_take_part_of_a_pass_and_go_on_where_they_ended(model):
    sizes = []
    watching = LambdaCallback(on_batch_begin=lambda batch, logs: sizes.append(logs["size"]))
    loader = DataLoader(X, Y)
    model.fit(loader, steps_per_epoch=2, epochs=3, verbose=0, callbacks=[watching])
    assert sizes == [4, 4, 2, 4, 4, 2]
    assert loader.passes == 2


def test_what_a_loader_gives_shares_its_memory():
    x, y = next(Rounds(DataLoader(X, Y), marks_ends=False))
    assert np.shares_memory(x, X) and np.shares_memory(y, Y)


def test_a_batch_may_be_a_dict_by_input_name(backend):
    a, b = Input((4,), name="a"), Input((4,), name="b")
    model = Model([a, b], Dense(1, name="out")(merge([a, b], mode="sum")))
    model.compile("sgd", {"out": "mse"})

    class Dicts(DataLoader):
        def __iter__(self):
            for x, y in super().__iter__():
                yield {"a": x, "b": x}, {"out": y}

    expected = model.evaluate([X, X], Y, verbose=0)
    assert model.evaluate(Dicts(X, Y), verbose=0) == pytest.approx(expected, rel=1e-5)


def test_a_progress_bar_ends_where_the_data_end(model, capsys):
    model.fit(DataLoader(X, Y, knows_length=False), epochs=2, verbose=1)
    lines = capsys.readouterr().out.split("\n")
    assert "/Unknown" in lines[1]
    assert all(line.rsplit("\r", 1)[-1].startswith("3/3 [====") for line in (lines[1], lines[3]))


@pytest.mark.parametrize(
    "given",
    [{"y": Y}, {"batch_size": 4}, {"sample_weight": WEIGHTS}, {"validation_split": 0.5}],
    ids=lambda given: next(iter(given)),
)
def test_what_a_data_set_says_itself_is_refused_beside_it(model, given):
    before = model.get_weights()
    with pytest.raises(ArgumentError, match=f"{next(iter(given))} has no meaning for the data set DataLoader"):
        model.fit(DataLoader(X, Y), verbose=0, **given)
    np.testing.assert_array_equal(model.get_weights()[0], before[0])


def test_an_empty_data_set_is_refused(model):
    with pytest.raises(DataError, match="DataLoader gave no batch"):
        model.fit(DataLoader(X[:0], Y[:0], knows_length=False), verbose=0)


# ---- tf.data


def test_a_tf_data_set_trains_as_its_arrays_whether_it_knows_its_length_or_not(model):
    import tensorflow as tf

    history, weights = by_arrays(model)
    start = model.get_weights()
    known = tf.data.Dataset.from_tensor_slices((X, Y)).batch(4)
    for data in (known, known.filter(lambda x, y: True)):
        model.set_weights(start)
        seen = model.fit(data, epochs=2, verbose=0, validation_data=data).history
        np.testing.assert_allclose(seen["loss"], history["loss"], rtol=1e-5)
        np.testing.assert_allclose(model.get_weights()[0], weights[0], rtol=1e-5)
        assert model.evaluate(data, verbose=0) == pytest.approx(model.evaluate(X, Y, verbose=0), rel=1e-5)
        np.testing.assert_allclose(model.predict(data), model.predict(X), rtol=1e-5)


def test_what_a_tf_data_set_gives_is_not_copied():
    import tensorflow as tf

    tensor = tf.constant(X)
    assert np.shares_memory(_as_batch((tensor, tensor))[0], np.asarray(memoryview(tensor)))


def test_an_endless_tf_data_set_needs_the_number_of_steps(model):
    import tensorflow as tf

    data = tf.data.Dataset.from_tensor_slices((X, Y)).batch(5).repeat()
    assert length_of(data) == np.inf
    with pytest.raises(ArgumentError, match=r"has no end, so steps_per_epoch is needed"):
        model.fit(data, epochs=2, verbose=0)
    with pytest.raises(ArgumentError, match=r"has no end, so steps is needed"):
        model.evaluate(data, verbose=0)
    assert len(model.fit(data, steps_per_epoch=2, epochs=2, verbose=0).epoch) == 2
    assert model.predict(data, steps=2).shape == (10, 1)


def test_sparse_tensors_become_matrices_and_ragged_ones_are_refused():
    import tensorflow as tf

    (x, y) = next(Rounds(tf.data.Dataset.from_tensors((tf.sparse.from_dense(X), Y)), False))
    np.testing.assert_array_equal(x.toarray(), X)
    ragged = tf.data.Dataset.from_tensors(tf.ragged.constant([[1.0], [1.0, 2.0]]))
    with pytest.raises(DataError, match="ragged tensors, whose samples have different sizes"):
        next(Rounds(ragged, False))


# ---- Keras 3's PyDataset


def test_a_pydataset_of_keras_3_trains_with_its_own_workers(model):
    import keras

    class Halves(keras.utils.PyDataset):
        def __len__(self):
            return 2

        def __getitem__(self, place):
            return X[place * 5 : place * 5 + 5], Y[place * 5 : place * 5 + 5]

    data = Halves(workers=2)
    assert model.evaluate(data, verbose=0) == pytest.approx(model.evaluate(X, Y, verbose=0), rel=1e-5)
    assert len(model.fit(data, epochs=2, verbose=0, validation_data=data).history["val_loss"]) == 2


def test_a_pydataset_without_end_needs_the_number_of_steps(model):
    import keras

    class Endless(keras.utils.PyDataset):
        num_batches = None

        def __getitem__(self, place):
            return X, Y

    assert is_dataset(Endless())
    with pytest.raises(ArgumentError, match="Endless has no end, so steps_per_epoch is needed"):
        model.fit(Endless(), verbose=0)
    assert len(model.fit(Endless(), steps_per_epoch=2, epochs=2, verbose=0).epoch) == 2


# ---- tables


class Kind:
    """A column's type: of pandas with numpy's letter for it, of polars with its own answer."""

    def __init__(self, name, is_numeric=None, kind=None):
        self.name = name
        if is_numeric is not None:
            self.is_numeric = lambda: is_numeric
        if kind is not None:
            self.kind = kind

    def __str__(self):
        return self.name


class Frame:
    """As much of a table of pandas or polars as the door needs."""

    def __init__(self, array, columns, dtypes, module):
        self.array, self.columns, self.dtypes, self.shape = array, columns, dtypes, array.shape
        self.__class__ = type("DataFrame", (Frame,), {"__module__": module})

    def __array__(self, dtype=None, copy=None):
        return self.array

    def to_numpy(self, **options):
        return self.array


FLOAT, CODES = Kind("Float32", is_numeric=True), Kind("Categorical(ordering='physical')", is_numeric=False)


def test_a_table_of_polars_is_taken_by_its_numbers(model):
    table = Frame(X, list("abcd"), [FLOAT] * 4, "polars.dataframe.frame")
    np.testing.assert_allclose(model.predict(table), model.predict(X), rtol=1e-6)


@pytest.mark.parametrize(
    ("kind", "module", "said"),
    [
        (CODES, "polars.dataframe.frame", r'column "c" holds categories \(Categorical\), not numbers'),
        (Kind("category", kind="O"), "pandas.core.frame", r'column "c" holds categories \(category\), not numbers'),
        (Kind("String", is_numeric=False), "polars.dataframe.frame", 'column "c" holds values of type String'),
        (Kind("datetime64[ns]", kind="M"), "pandas.core.frame", 'column "c" holds values of type datetime64'),
    ],
)
def test_a_column_without_numbers_is_refused_by_name(model, kind, module, said):
    table = Frame(X, list("abcd"), [FLOAT, FLOAT, kind, FLOAT], module)
    with pytest.raises(DataError, match=f'^fit of "sequential_1": input "dense_input_1": {said}'):
        model.fit(table, Y, verbose=0)
