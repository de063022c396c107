"""A Fit panel on generators and Sequences, on tables, and on several inputs."""

import itertools

import numpy as np
import pytest

from kerasnb.errors import ArgumentError, GeneratorError
from kerasnb.layers import Dense, Flatten, Input, merge
from kerasnb.models import Model, Sequential
from kerasnb.preprocessing.image import ImageDataGenerator
from kerasnb.widgets import FitPanel

RANDOM = np.random.RandomState(0)
X, LABELS = RANDOM.rand(32, 4).astype("float32"), np.resize(np.arange(3), 32)


def small_model(name="small"):
    return Sequential([Dense(3, activation="softmax", input_dim=4)], name=name)


class Batches:
    """Like Keras's Sequence; counts how often it was asked."""

    def __init__(self, x=X, y=LABELS):
        self.x, self.y, self.asked = x, y, []

    def __len__(self):
        return 4

    def __getitem__(self, place):
        self.asked.append(place)
        return self.x[8 * place : 8 * place + 8], self.y[8 * place : 8 * place + 8]


class Table:
    """As much of a pandas table as arrays are made of."""

    def __init__(self, values):
        self.values, self.shape = np.asarray(values), np.shape(values)

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype=dtype)

    def __len__(self):
        return len(self.values)


def batches_for_ever():
    while True:
        yield X[:8], LABELS[:8]


def click(panel, kind, **more):
    panel._handle_custom_msg({"kind": kind, **more}, [])


def texts(panel):
    return " ".join(row["text"] for row in panel.advice["rows"])


def counted():
    """Batches of which each has its number in all places of x, for ever."""
    for number in itertools.count():
        yield np.full((8, 4), number, "float32"), LABELS[:8]


def test_of_a_generator_the_first_batch_tells_shapes_and_a_loss(backend):
    panel = FitPanel(small_model(), batches_for_ever(), steps_per_epoch=2, nb_epoch=1)
    assert panel.suggested_loss == "sparse_categorical_crossentropy"
    assert "8 samples of (4,) float32" in panel.data["text"] and panel.data["source"] == "generator"
    assert len(panel.fit().history["loss"]) == 1


def test_the_batch_that_was_looked_at_is_the_first_one_of_the_training(backend):
    asked, given = [], iter(counted())

    def batches():
        for x, y in given:
            asked.append(int(x[0, 0]))
            yield x, y

    generator = batches()
    assert asked == []
    panel = FitPanel(small_model(), generator, steps_per_epoch=3, nb_epoch=1)
    assert asked == [0]
    again = FitPanel(small_model("other"), generator, steps_per_epoch=3, nb_epoch=1)
    assert asked == [0]  # a second panel of the same generator takes no second one
    assert again.fit_data.x is panel.fit_data.x
    assert [int(next(panel.fit_data.x)[0][0, 0]) for _ in range(3)] == [0, 1, 2]


def test_a_generator_that_fails_at_its_first_batch_says_so_and_fails_again_in_fit():
    def broken():
        raise OSError("no such picture")
        yield

    panel = FitPanel(small_model(), broken(), loss="mse", steps_per_epoch=1)
    assert "OSError: no such picture" in texts(panel)
    with pytest.raises(GeneratorError, match="the generator raised OSError: no such picture"):
        panel.fit()


def test_pictures_of_a_generator_are_looked_at_by_number_so_that_none_is_drawn_or_written(tmp_path):
    pictures, labels = RANDOM.rand(32, 6, 6, 1), np.resize(np.arange(3), 32)
    model = Sequential([Flatten(input_shape=(6, 6, 1)), Dense(3, activation="softmax")])
    flow = ImageDataGenerator(rotation_range=30).flow(pictures, labels, batch_size=8, shuffle=True)
    state = np.random.get_state()[1].tolist()
    panel = FitPanel(model, flow)
    assert panel.suggested_loss == "sparse_categorical_crossentropy" and flow.total_batches_seen == 0
    assert np.random.get_state()[1].tolist() == state and panel.fit_data.x is flow
    saving = ImageDataGenerator().flow(pictures, labels, save_to_dir=str(tmp_path))
    assert "not looked at" in texts(FitPanel(model, saving, loss="mse")) and list(tmp_path.iterdir()) == []


def test_a_generator_without_a_length_is_asked_for_one_in_words():
    panel = FitPanel(small_model(), batches_for_ever(), loss="sparse_categorical_crossentropy")
    click(panel, "fit")
    assert panel.error["field"] == "steps_per_epoch" and "a generator has no end" in panel.error["message"]


def test_a_generator_trains_for_the_steps_that_were_typed(backend):
    panel = FitPanel(small_model(), batches_for_ever(), loss="sparse_categorical_crossentropy", nb_epoch=2)
    click(panel, "option", name="steps_per_epoch", value="3")
    history = panel.fit()
    assert len(history.history["loss"]) == 2 and history.params["steps"] == 3
    assert "Say how many" not in texts(panel)


def test_samples_of_an_epoch_may_be_given_as_in_keras_1():
    panel = FitPanel(
        small_model(), batches_for_ever(), loss="sparse_categorical_crossentropy", samples_per_epoch=16, nb_epoch=1
    )
    assert panel.data["lengths"][0]["name"] == "samples_per_epoch"
    assert panel.fit().params["nb_sample"] == 16


def test_a_sequence_is_known_by_its_first_batch(backend):
    data = Batches()
    panel = FitPanel(small_model(), data, nb_epoch=1)
    assert data.asked == [0] and panel.data["source"] == "Batches, 4 batches"
    assert panel.suggested_loss == "sparse_categorical_crossentropy"
    assert [row["name"] for row in panel.data["arrays"]] == ["x in the first batch", "y in the first batch"]
    assert panel.fit().params["steps"] == 4


class Loader:
    """A data set in a shuffled order, as torch's DataLoader; counts its passes."""

    passes = 0

    def __iter__(self):
        self.passes += 1
        np.random.permutation(4)
        yield from ([X[:8], LABELS[:8]], [X[8:16], LABELS[8:16]])


def test_a_data_set_trains_to_its_end_without_a_length(backend):
    loader = Loader()
    panel = FitPanel(small_model(), loader, nb_epoch=2, validation_data=Loader())
    assert [row["placeholder"] for row in panel.data["lengths"]] == ["to its end"] * 2
    assert panel.suggested_loss == "sparse_categorical_crossentropy"
    before = loader.passes
    panel.fit()
    assert loader.passes == before + 2 and len(panel.history.history["val_loss"]) == 2


def test_a_data_set_is_known_by_the_first_batch_of_a_pass_that_draws_no_random_number():
    model = small_model()
    np.random.seed(3)
    expected = np.random.RandomState(3).rand()
    panel = FitPanel(model, Loader())
    assert "8 samples of (4,) float32" in panel.data["text"] and np.random.rand() == expected
    assert [row["name"] for row in panel.data["arrays"]] == ["x in the first batch", "y in the first batch"]


@pytest.mark.parametrize(
    "x, y, said",
    [
        (X, LABELS + 3, "class numbers go up to 5"),
        (np.where(X > 0.9, np.nan, X), LABELS, "no number (NaN or infinite)"),
        (X * 255, LABELS, "goes from"),
        (X[:, :3], LABELS, "(3,)"),
    ],
    ids=["labels", "nan", "range", "shape"],
)
def test_the_first_batch_of_a_data_set_is_checked_as_arrays_are(x, y, said):
    class Data:
        def __iter__(self):
            yield x, y

    assert said in texts(FitPanel(small_model(), Data(), loss="sparse_categorical_crossentropy"))


def test_a_data_set_of_several_inputs_by_name_is_checked_each():
    left, right = Input((4,), name="left"), Input((2,), name="right")
    model = Model([left, right], Dense(3, activation="softmax")(merge([left, right], mode="concat")))

    class Data:
        def __iter__(self):
            yield {"left": X, "right": X[:, :3]}, LABELS

    said = texts(FitPanel(model, Data(), loss="sparse_categorical_crossentropy"))
    assert '"right"' in said and "(3,)" in said


def test_a_data_set_without_targets_is_not_judged():
    class Data:
        def __iter__(self):
            yield X

    panel = FitPanel(small_model(), Data(), loss="mse")
    assert panel.data["arrays"] == [] and "cannot be looked at" not in panel.data["text"]


def test_of_one_batch_only_what_is_certain_is_said():
    panel = FitPanel(small_model(), Batches(X * 255, LABELS * 0))
    assert "goes from" in texts(panel) and "has 3 outputs" not in texts(panel)
    assert all(row["fixes"] == [] for row in panel.advice["rows"] if "goes from" in row["text"])


class LargeBatches(Batches):
    def __getitem__(self, place):
        return self.x[80 * place : 80 * place + 80], self.y[80 * place : 80 * place + 80]


def severities(panel):
    return {row["severity"] for row in panel.advice["rows"] if row["about"] == "classes"}


def test_unequal_classes_in_the_first_batch_are_a_note_for_the_others_may_differ():
    few = LargeBatches(np.resize(X, (320, 4)), (np.arange(320) % 20 == 0) * 1)
    panel = FitPanel(Sequential([Dense(1, activation="sigmoid", input_dim=4)]), few, loss="binary_crossentropy")
    assert "In the first batch: Class 0 has 76 samples, class 1 only 4" in texts(panel)
    assert severities(panel) == {"note"} and all(row["fixes"] == [] for row in panel.advice["rows"])


def test_a_first_batch_of_one_class_asks_whether_samples_are_sorted():
    sorted_by_class = LargeBatches(np.resize(X, (320, 4)), np.repeat([1, 0, 2, 3], 80))
    assert "All 80 samples of the first batch are of class 1" in texts(FitPanel(small_model(), sorted_by_class))


def test_targets_that_a_picture_iterator_holds_are_counted_without_making_a_batch(backend):
    pictures = ImageDataGenerator().flow(np.zeros((60, 4, 4, 1)), (np.arange(60) % 30 == 0) * 1, batch_size=100)
    model = Sequential([Flatten(input_shape=(4, 4, 1)), Dense(1, activation="sigmoid")])
    panel = FitPanel(model, pictures, loss="binary_crossentropy", optimizer="sgd", nb_epoch=1, steps_per_epoch=1)
    assert "Class 0 has 58 samples, class 1 only 2" in texts(panel)
    assert "A batch of 100 is more than the 60 samples" in texts(panel)
    assert pictures.total_batches_seen == 0 and severities(panel) == {"warning"}
    place = next(place for place, row in enumerate(panel.advice["rows"]) if row["fixes"])
    click(panel, "fix", row=place, place=0, serial=panel.advice["serial"])
    assert panel.fit_arguments["class_weight"] == {0: 0.5172, 1: 15.0} and severities(panel) == set()
    assert len(panel.fit().epoch) == 1


def test_a_model_of_one_batch_size_is_held_against_the_first_batch():
    model = Sequential([Dense(3, activation="softmax", batch_input_shape=(4, 4))])
    assert "takes batches of 4 samples, no others; the first batch has 8" in texts(FitPanel(model, Batches()))


def test_one_batch_for_an_epoch_is_said():
    class One(Batches):
        def __len__(self):
            return 1

    assert "each epoch is a single step" in texts(FitPanel(small_model(), One()))


def test_a_sequence_that_cannot_make_its_first_batch_says_so():
    class Broken(Batches):
        def __getitem__(self, place):
            raise OSError("no such picture")

    panel = FitPanel(small_model(), Broken(), loss="mse")
    assert "OSError: no such picture" in texts(panel)


def test_without_targets_or_a_loss_fit_asks_for_one():
    panel = FitPanel(small_model(), (batch[:1] for batch in batches_for_ever()), steps_per_epoch=1, nb_epoch=1)
    assert panel.outputs[0]["loss"] == ""
    with pytest.raises(ArgumentError, match="targets are not known"):
        panel.fit()


def test_a_generator_validates_with_steps_of_its_own(backend):
    panel = FitPanel(small_model(), Batches(), validation_data=batches_for_ever(), nb_epoch=1)
    assert [row["name"] for row in panel.data["lengths"]] == ["steps_per_epoch", "validation_steps"]
    panel.set_option("validation_steps", 2)
    assert "val_loss" in panel.fit().history


@pytest.mark.parametrize("more", [{"y": LABELS}, {"validation_split": 0.2}, {"sample_weight": LABELS}])
def test_what_has_no_meaning_for_batches_is_refused(more):
    with pytest.raises(ArgumentError):
        FitPanel(small_model(), batches_for_ever(), **more)


def test_class_weights_and_callbacks_reach_a_training_on_batches(backend):
    seen = {}
    model = small_model()
    panel = FitPanel(model, Batches(), nb_epoch=1, class_weight={0: 0.0, 1: 0.0, 2: 0.0}, callbacks=[])
    before = model.get_weights()
    seen["loss"] = panel.fit().history["loss"]
    assert seen["loss"] == [pytest.approx(0.0)]
    np.testing.assert_allclose(model.get_weights()[0], before[0], atol=1e-6)


def test_tables_are_trained_on_as_their_values_are(backend):
    panel = FitPanel(small_model(), Table(X), Table(LABELS), validation_split=0.25, nb_epoch=1)
    assert (panel.data["train"], panel.data["validation"]) == (24, 8)
    assert panel.data["arrays"][1]["kind"] == "labels 0 to 2"
    assert "val_loss" in panel.fit().history


def two_inputs():
    a, b = Input((4,), name="a"), Input((4,), name="b")
    return Model([a, b], Dense(3, activation="softmax")(merge([a, b], mode="sum")), name="sum")


@pytest.mark.parametrize("x", [[X, X], {"a": X, "b": Table(X)}])
def test_several_inputs_come_as_a_list_or_by_name(x, backend):
    panel = FitPanel(two_inputs(), x, LABELS, nb_epoch=1)
    assert [row["name"] for row in panel.data["arrays"]] == ['x of "a"', 'x of "b"', "y"]
    assert len(panel.fit().history["loss"]) == 1


def test_a_value_that_is_not_finite_is_refused_in_each_of_several_inputs():
    with pytest.raises(Exception, match=r"x\['b'\] has 128 values that are not finite"):
        FitPanel(two_inputs(), {"a": X, "b": X * np.nan}, LABELS).fit()
