"""What speaks against a training before it begins."""

import numpy as np
import pytest

from kerasnb.errors import DataError
from kerasnb.layers import (
    LSTM,
    Activation,
    BatchNormalization,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    GaussianNoise,
    Input,
    Reshape,
    TimeDistributed,
)
from kerasnb.models import Model, Sequential
from kerasnb.report.advice import check_training
from kerasnb.report.data import suggest_loss

RANDOM = np.random.RandomState(0)
X = RANDOM.rand(200, 6).astype("float32")
LABELS = np.resize(np.arange(10), 200)
ONE_HOT = np.eye(10)[LABELS]
YES = LABELS % 2
SEVERAL = (RANDOM.rand(200, 3) > 0.5) * 1
AMOUNTS = RANDOM.rand(200) * 30
CATEGORICAL, SPARSE, BINARY = "categorical_crossentropy", "sparse_categorical_crossentropy", "binary_crossentropy"


def net(units, activation="linear"):
    return Sequential([Dense(5, input_dim=6), Dense(units, activation=activation, name="last")])


def first(model, x, y, loss=None, **plan):
    return check_training(model, x, y, loss, **plan)[0]


@pytest.mark.parametrize(
    "units, activation, y, loss",
    [
        (10, "softmax", LABELS, SPARSE),
        (10, "softmax", LABELS.reshape(-1, 1).astype("float32"), SPARSE),
        (10, "softmax", ONE_HOT, CATEGORICAL),
        (1, "sigmoid", YES, BINARY),
        (1, "tanh", YES * 2 - 1, "hinge"),
        (1, "linear", YES * 2 - 1, "mse"),
        (2, "softmax", YES, SPARSE),
        (3, "sigmoid", SEVERAL, BINARY),
        (1, "linear", AMOUNTS, "mse"),
        (1, "softplus", AMOUNTS, "mae"),
        (1, "linear", AMOUNTS + 1, "mape"),
        (1, "softplus", AMOUNTS, "msle"),
        (10, "softmax", ONE_HOT, "kld"),
        (3, "softmax", np.full((200, 3), 1 / 3), "kullback_leibler_divergence"),
        (3, "softmax", np.full((200, 3), 1 / 3), CATEGORICAL),
        (1, "softmax", YES, None),  # a loss of one's own, of which nobody knows what it takes
    ],
)
def test_a_sound_training_gets_no_advice(units, activation, y, loss):
    assert check_training(net(units, activation), X, y, loss) == []


@pytest.mark.parametrize(
    "units, activation, y, loss, says, code",
    [
        (32, "linear", LABELS, SPARSE, "no probabilities", "last: output_dim=10, activation='softmax'"),
        (32, "softmax", LABELS, SPARSE, "22 are never right", "last: output_dim=10"),
        (5, "softmax", LABELS, SPARSE, "class numbers go up to 9", "last: output_dim=10"),
        (10, "softmax", LABELS, CATEGORICAL, "takes one-hot rows", f"loss='{SPARSE}'"),
        (10, "softmax", LABELS + 1, SPARSE, "numbered 1 to 10", "y = y - 1"),
        (12, "softmax", ONE_HOT, CATEGORICAL, "the targets name 10 classes", "last: output_dim=10"),
        (10, "relu", ONE_HOT, CATEGORICAL, "ends with relu", "last: activation='softmax'"),
        (10, "softmax", ONE_HOT, SPARSE, "takes class numbers", f"loss='{CATEGORICAL}'"),
        (1, "linear", YES, "hinge", "takes -1 and 1", "y = 2 * y - 1"),
        (1, "sigmoid", YES + 1, BINARY, "numbered 1 and 2", "y = y - 1"),
        (1, "linear", LABELS, "poisson", "may go below 0", "last: activation='softplus'"),
        (10, "softmax", ONE_HOT, BINARY, "One of 10 classes is right", f"loss='{CATEGORICAL}'"),
        (10, "softmax", ONE_HOT, "mse", "learns them slowly", f"loss='{CATEGORICAL}'"),
        (1, "softmax", YES, BINARY, "always 1", "last: activation='sigmoid'"),
        (1, "linear", YES, BINARY, "gives no probability", "last: activation='sigmoid'"),
        (1, "sigmoid", YES, CATEGORICAL, "an output for each class", f"loss='{BINARY}'"),
        (2, "softmax", YES, BINARY, "a single 0 or 1", f"loss='{SPARSE}'"),
        (1, "sigmoid", YES * 2 - 1, BINARY, "-1 and 1", "y = (y + 1) / 2"),
        (1, "sigmoid", YES * 2 - 1, "hinge", "cannot say -1", "last: activation='tanh'"),
        (3, "softmax", SEVERAL, CATEGORICAL, "takes exactly one", f"last: activation='sigmoid'; loss='{BINARY}'"),
        (
            1,
            "linear",
            LABELS,
            "mse",
            "no amounts",
            f"last: output_dim=10, activation='softmax'; loss='{SPARSE}'",
        ),
        (1, "tanh", AMOUNTS, "mse", "which gives -1 to 1", "last: activation='linear'"),
        (1, "sigmoid", AMOUNTS, BINARY, "takes probabilities, 0 to 1", "last: activation='linear'; loss='mse'"),
        (1, "linear", AMOUNTS * 1000, "mse", "a long way to go", "y = y / 100000"),
        (4, "linear", AMOUNTS, "mse", "each target has 1", "last: output_dim=1"),
        (1, "relu", AMOUNTS, "mae", "learns no more", "last: activation='linear'"),
        (1, "linear", AMOUNTS * (AMOUNTS > 5), "mape", "are 0 or nearly", "loss='mae'"),
        (1, "linear", AMOUNTS - 10, "msle", "every number below 0 as 0", "loss='mse'"),
        (1, "linear", AMOUNTS, "msle", "which may go below 0", "last: activation='softplus'"),
        (10, "softmax", LABELS, "kld", "are class numbers", f"loss='{SPARSE}'"),
        (10, "softmax", LABELS - 1, SPARSE, "begin at 0", "y = y + 1"),
        (10, "softmax", LABELS, BINARY, "takes one-hot rows", f"loss='{SPARSE}'"),
        (1, "sigmoid", YES, "mae", "costs little", f"loss='{BINARY}'"),
        (1, "sigmoid", LABELS * 28, BINARY, "takes probabilities", "y = y / 255"),
        (1, "linear", AMOUNTS, "kld", "rows of probabilities", "loss='mse'"),
        (3, "softmax", SEVERAL + 0.25, "kld", "do not sum to 1", "y = y / y.sum(-1, keepdims=True)"),
        (10, "sigmoid", ONE_HOT, "kld", "do not sum to 1, as kld needs", "last: activation='softmax'"),
    ],
)
def test_an_output_that_suits_no_targets_is_named_with_what_mends_it(units, activation, y, loss, says, code):
    advice = first(net(units, activation), X, y, loss)
    assert says in advice.text and advice.about == "last" and advice.fixes[0].code() == code


def test_a_model_that_answers_for_each_place_of_a_sample_is_an_error():
    model = Sequential([Dense(10, activation="softmax", input_shape=(4, 4, 1), name="last")])
    (found,) = check_training(model, RANDOM.rand(200, 4, 4, 1), LABELS, SPARSE)
    assert found.severity == "error" and "gives (4, 4, 10) for each sample" in found.text
    assert "Put Flatten()" in found.text


def of_steps(**last):
    return Sequential([LSTM(4, input_shape=(6, 5), name="steps", **last), Dense(3, activation="softmax", name="end")])


def test_a_recurrent_layer_gives_each_step_or_the_last_as_the_targets_do():
    x, classes = RANDOM.rand(200, 6, 5), RANDOM.randint(0, 3, (200, 6, 1))
    assert first(of_steps(), x, classes, SPARSE).fixes[0].code() == "steps: return_sequences=True"
    each = first(of_steps(return_sequences=True), x, classes[:, 0], SPARSE)
    assert each.fixes[0].code() == "steps: return_sequences=False"
    assert check_training(of_steps(return_sequences=True), x, classes, SPARSE) == []


def test_a_layer_that_is_missing_before_the_last_is_put_there():
    model = Sequential([Dense(4, input_shape=(4, 4, 1)), Dense(10, activation="softmax", name="last")])
    fixes = first(model, RANDOM.rand(200, 4, 4, 1), LABELS, SPARSE).fixes
    assert [fix.code() for fix in fixes] == ["Flatten() before last", "GlobalAveragePooling2D() before last"]


def test_data_that_do_not_fit_are_made_to_fit_and_the_layer_that_reads_them_is_named():
    model = Sequential([Flatten(input_shape=(8, 6, 3), name="pictures"), Dense(1)])
    x = RANDOM.rand(200, 3, 8, 6)
    advice = first(model, x, AMOUNTS, "mse")
    assert advice.about == "pictures" and '"pictures" takes (8, 6, 3)' in advice.text
    (step,) = advice.fixes[0].edits
    assert step.line == "x = x.transpose(0, 2, 3, 1)"
    np.testing.assert_array_equal(step.apply({"x": x})["x"], np.moveaxis(x, 1, -1))


@pytest.mark.parametrize(
    "x, code, prepared",
    [
        (np.tile(np.arange(8), (200, 1)), "x = pad_sequences(x, 6)", np.arange(2, 8)),
        (np.tile(np.arange(6) - 1, (200, 1)), "x = x + 1", np.arange(6)),
        (np.tile(np.arange(6) * 2 - 1, (200, 1)), "x = x + 1; words: input_dim=11", np.arange(6) * 2),
        (np.tile(np.arange(6) / 4, (200, 1)), "x = ((x - 0) / 1.25 * 10).clip(0, 9).astype(int)", [0, 2, 4, 6, 8, 9]),
    ],
)
def test_words_that_an_embedding_does_not_take_are_made_such(x, code, prepared):
    model = Sequential([Embedding(10, 2, input_length=6, name="words"), Flatten(), Dense(1)])
    advice = first(model, x, AMOUNTS, "mse")
    assert advice.about == "words" and advice.fixes[0].code() == code
    np.testing.assert_array_equal(advice.fixes[0].edits[0].apply({"x": x})["x"][0], prepared)


@pytest.mark.parametrize("inner", ["softmax", "sigmoid", "tanh"])
def test_what_is_activated_twice_is_named(inner):
    model = Sequential([Dense(10, input_dim=6, activation=inner, name="scores"), Activation("softmax")])
    advice = first(model, X, LABELS, SPARSE)
    assert "squeezed twice" in advice.text and advice.fixes[0].code() == "scores: activation='linear'"


def test_samples_of_one_class_only_are_named():
    (advice,) = check_training(net(1, "sigmoid"), X, YES * 0, BINARY)
    assert "All 200 samples are of class 0" in advice.text


def test_one_hot_rows_for_a_model_that_answers_for_each_step_are_an_error():
    model = Sequential([LSTM(4, return_sequences=True, input_shape=(6, 5)), Dense(10, activation="softmax")])
    (found,) = check_training(model, RANDOM.rand(200, 6, 5), ONE_HOT, CATEGORICAL)
    assert found.severity == "error" and "each target is one row of 10. " in found.text


def test_an_activation_of_its_own_layer_is_the_one_that_is_mended():
    model = Sequential([Dense(10, input_dim=6, name="scores"), Activation("relu", name="end")])
    assert first(model, X, ONE_HOT, CATEGORICAL).fixes[0].code() == "end: activation='softmax'"


NOISE = [(Dropout(0.5, name="noise"), "p"), (GaussianNoise(1, name="noise"), "sigma")]


@pytest.mark.parametrize("layer, argument", NOISE)
def test_what_spoils_the_answers_behind_the_last_layer_is_switched_off(layer, argument):
    model = Sequential([Dense(10, input_dim=6, activation="softmax"), layer])
    advice = first(model, X, LABELS, SPARSE)
    assert advice.severity == "error" and "stands behind the last layer" in advice.text
    assert advice.fixes[0].code() == f"noise: {argument}=0.0"
    before = Sequential([Dense(5, input_dim=6), Dropout(0.5), Dense(10), Dropout(0.5), Activation("softmax")])
    assert check_training(before, X, LABELS, SPARSE) == []


def test_relu_before_a_softmax_of_its_own_layer_is_named():
    model = Sequential([Dense(10, input_dim=6, activation="relu", name="scores"), Activation("softmax")])
    advice = first(model, X, LABELS, SPARSE)
    assert "relu before the softmax" in advice.text and advice.fixes[0].code() == "scores: activation='linear'"


def stateful():
    return Sequential([LSTM(2, batch_input_shape=(16, 3, 2), stateful=True), Dense(1)])


@pytest.mark.parametrize("split, kept", [(0.0, 192), (0.5, 192), (0.2, 160)])
def test_a_model_with_batches_of_one_size_gets_that_size_and_as_many_samples(split, kept):
    x, y = RANDOM.rand(200, 3, 2), AMOUNTS
    size, samples = check_training(stateful(), x, y, "mse", validation_split=split)
    assert size.fixes[0].code() == "batch_size=16"
    data = samples.fixes[0].edits[0].apply({"x": x, "y": y})
    assert "no multiple" in samples.text and len(data["x"]) == len(data["y"]) == kept
    mended = check_training(stateful(), data["x"], data["y"], "mse", batch_size=16, validation_split=split)
    assert mended == []


def test_each_output_is_held_against_its_own_targets_and_loss():
    x = Input((6,))
    model = Model(x, [Dense(1, name="amount")(x), Dense(3, name="kind")(x)])
    (advice,) = check_training(model, X, [AMOUNTS, LABELS % 3], ["mse", CATEGORICAL])
    assert (advice.about, advice.fixes[0].edits[-1].output) == ("kind", 1)


@pytest.mark.parametrize(
    "x, says, code",
    [
        (np.floor(X * 255.9).astype("uint8"), "x goes from 0 to 255", "x = x / 255"),
        (X * 1e6, "training is slow or runs away", "x = (x - x.mean(axis=0)) / x.std(axis=0)"),
        (X.reshape(200, 2, 3), "takes (6,)", "x = x.reshape(-1, 6)"),
        (np.where(X > 0.99, np.nan, X), "no number (NaN or infinite)", "x, y = x[keep], y[keep]"),
        (X[:150], "different numbers of samples: x 150, y 200", ""),
    ],
)
def test_samples_that_hardly_teach_are_named_with_what_mends_them(x, says, code):
    advice = first(net(1), x, AMOUNTS, "mse")
    assert says in advice.text and (advice.fixes[0].code() if advice.fixes else "").startswith(code)


def test_a_model_that_scales_what_it_gets_may_get_anything():
    model = Sequential([BatchNormalization(input_shape=(6,)), Dense(1)])
    assert check_training(model, X * 1e6, AMOUNTS, "mse") == []


def of_words(*before):
    return Sequential([*before, Embedding(10, 2, input_length=6), Flatten(), Dense(1)])


def test_word_numbers_beyond_the_vocabulary_are_an_error_and_a_click_enlarges_it():
    model = of_words()
    advice = first(model, np.full((200, 6), 10), AMOUNTS, "mse")
    assert "the Embedding knows 0 to 9" in advice.text
    assert advice.fixes[0].code() == f"{model.layers[0].name}: input_dim=11"


def test_words_are_known_as_such_behind_layers_that_keep_them_inside_models_and_wrappers():
    words = Input((6,), dtype="int32")
    inside = Model(words, Dense(1)(of_words()(words)))
    reshaped = of_words(Reshape((6,), input_shape=(2, 3)))
    wrapped = Sequential([TimeDistributed(Embedding(10, 2), input_shape=(2, 3)), Flatten(), Dense(1)])
    for model, shape in ((inside, (200, 6)), (reshaped, (200, 2, 3)), (wrapped, (200, 2, 3))):
        assert "the Embedding knows 0 to 9" in first(model, np.full(shape, 10), AMOUNTS, "mse").text
        assert "whole numbers, but holds others" in first(model, np.full(shape, 0.5), AMOUNTS, "mse").text
        assert check_training(model, np.full(shape, 9), AMOUNTS, "mse") == []


def test_an_embedding_of_what_a_layer_computes_is_named_with_the_layer_that_learns_nothing():
    model = of_words(Dense(6, activation="relu", input_dim=6, name="units"), Dropout(0.5))
    advice = first(model, X, AMOUNTS, "mse")
    assert advice.severity == "warning" and 'gets what "units" computes' in advice.text


@pytest.mark.parametrize(
    "y, plan, says, code",
    [
        (YES, {"batch_size": 500}, "each epoch is a single step", "batch_size=20"),
        (YES, {"learning_rate": 5.0}, "overshoots", "learning_rate=0.01"),
        (np.sort(YES), {"validation_split": 0.2}, "sorted by class", "order = np.random.RandomState(0)"),
        ((np.arange(200) < 10) * 1, {}, "is right in 95 % of the cases", "class_weight={0: 0.5263, 1: 10.0}"),
    ],
)
def test_a_plan_that_cannot_work_is_named_with_what_mends_it(y, plan, says, code):
    advice = first(net(1, "sigmoid"), X, y, BINARY, **plan)
    assert says in advice.text and advice.fixes[0].code().startswith(code)


def test_a_model_that_is_frozen_from_end_to_end_is_an_error():
    model = net(1)
    model.trainable = False
    assert "no weight can change" in first(model, X, AMOUNTS, "mse").text


def test_errors_come_first():
    severities = [advice.severity for advice in check_training(net(32), X * 1e4, LABELS, SPARSE)]
    assert severities == ["error", "warning"]


def prepared(x, y, loss, units=1, activation="linear", **data):
    """The data after the first fix of the first advice."""
    (step,) = first(net(units, activation), x, y, loss).fixes[0].edits
    return step.apply({"x": x, "y": y, **data})


def test_pixels_are_divided_in_training_and_validation_alike():
    pixels = np.floor(X * 255.9).astype("uint8")
    data = prepared(pixels, AMOUNTS, "mse", validation_data=(pixels[:9], AMOUNTS[:9]))
    np.testing.assert_allclose(data["x"], pixels / 255, rtol=1e-6)
    np.testing.assert_allclose(data["validation_data"][0], pixels[:9] / 255, rtol=1e-6)


def test_features_are_standardized_by_the_training_samples():
    data = prepared(X * 1e6, AMOUNTS, "mse", validation_data=(X[:9] * 1e6, AMOUNTS[:9]))
    np.testing.assert_allclose(data["x"].mean(0), 0, atol=1e-5)
    np.testing.assert_allclose(data["x"].std(0), 1, rtol=1e-5)
    np.testing.assert_allclose(data["validation_data"][0], data["x"][:9], rtol=1e-6)


def test_samples_with_nan_are_left_out_of_x_and_y_alike_and_the_arrays_stay():
    x = X.copy()
    x[3, 1] = np.nan
    data = prepared(x, AMOUNTS, "mse")
    np.testing.assert_array_equal(data["x"], np.delete(x, 3, 0))
    np.testing.assert_array_equal(data["y"], np.delete(AMOUNTS, 3))
    assert len(x) == 200


def test_class_numbers_from_1_are_counted_from_0():
    data = prepared(X, LABELS + 1, SPARSE, 10, "softmax")
    np.testing.assert_array_equal(data["y"], LABELS)


def test_one_part_of_several_is_prepared_and_the_others_stay():
    from kerasnb.report.advice.preparing import divided

    data = divided("x", 255, part=1).apply({"x": {"a": X, "b": X}, "y": AMOUNTS})
    assert data["x"]["a"] is X
    np.testing.assert_allclose(data["x"]["b"], X / 255)


STEPS = np.resize(np.arange(4), (50, 7, 1))


def labeller():
    return Sequential([TimeDistributed(Dense(4, activation="softmax"), input_shape=(7, 3), name="last")])


def test_class_numbers_of_steps_are_sound():
    assert check_training(labeller(), RANDOM.rand(50, 7, 3), STEPS, SPARSE) == []


def test_class_numbers_of_steps_need_no_axis_of_their_own():
    assert check_training(labeller(), RANDOM.rand(50, 7, 3), STEPS[..., 0], SPARSE) == []
    advice = first(labeller(), RANDOM.rand(50, 7, 3), STEPS[..., 0], CATEGORICAL)
    assert [fix.code() for fix in advice.fixes] == [f"loss='{SPARSE}'", "y = to_categorical(y, 4)"]


def test_of_what_a_loss_of_ones_own_takes_nothing_is_said():
    def wasserstein(y_true, y_pred):
        return y_true * y_pred

    assert check_training(net(1), X, YES * 2 - 1, wasserstein) == []
    assert check_training(net(10), X, LABELS, wasserstein) == []


def test_lists_of_numbers_are_one_array_as_for_fit():
    assert check_training(net(10, "softmax"), X.tolist(), LABELS.tolist(), SPARSE) == []


def test_targets_in_a_dict_are_held_against_the_outputs_of_their_names():
    image = Input((6,))
    model = Model(image, [Dense(1, name="age")(image), Dense(10, activation="softmax", name="digit")(image)])
    assert check_training(model, X, {"digit": LABELS, "age": AMOUNTS}, ["mse", SPARSE]) == []
    (advice,) = check_training(model, X, {"digit": LABELS + 1, "age": AMOUNTS}, ["mse", SPARSE])
    prepared = advice.fixes[0].edits[0].apply({"x": X, "y": {"digit": LABELS + 1, "age": AMOUNTS}})
    np.testing.assert_array_equal(prepared["y"]["digit"], LABELS)


@pytest.mark.parametrize(
    "x, y, says",
    [
        (None, LABELS, "x is None, no array of samples"),
        (X, len, "y is <built-in function len>, no array"),
        (X.astype(str), LABELS, "x holds text; a model takes numbers"),
        (X[:0], LABELS[:0], "x holds no samples"),
        ([[1.0], [1.0, 2.0]], [0, 1], "samples of x have different sizes"),
        (list(X), LABELS, "x holds 200 arrays; the model has 1 input"),
        (X + 1j, LABELS, "x holds values of type complex"),
    ],
)
def test_what_is_no_data_is_said_in_one_line(x, y, says):
    advice = first(net(10, "softmax"), x, y, SPARSE)
    assert says in advice.text and advice.severity == "error"


def test_classes_given_as_text_are_numbered_alike_for_training_and_validation():
    names = np.array(["rose", "iris", "lily"] * 20)
    advice = first(net(3, "softmax"), X[:60], names, SPARSE)
    step = advice.fixes[0].edits[0]
    prepared = step.apply({"x": X, "y": names, "validation_data": (X[:2], np.array(["rose", "iris"]))})
    np.testing.assert_array_equal(prepared["y"][:3], [2, 0, 1])
    np.testing.assert_array_equal(prepared["validation_data"][1], [2, 0])
    with pytest.raises(DataError, match="'tulip' is a class to validate on"):
        step.apply({"x": X, "y": names, "validation_data": (X[:1], np.array(["tulip"]))})


def test_numbers_given_as_python_objects_become_numbers():
    for x, y, name in ((X.astype(object), AMOUNTS, "x"), (X, AMOUNTS.astype(object), "y")):
        advice = first(net(1), x, y, "mse")
        step = advice.fixes[0].edits[0]
        assert "numbers as Python objects" in advice.text
        assert step.apply({"x": x, "y": y})[name].dtype == "float32"


def test_the_loss_for_classes_given_as_text_is_that_for_their_numbers():
    assert suggest_loss(np.array(["rose", "iris"]), 3, "softmax") == SPARSE
    assert suggest_loss(["yes", "no"], 1, "sigmoid") == BINARY


def test_counts_are_no_classes_that_are_out_of_balance():
    counts = np.array([2] * 190 + [0, 1] * 5)
    assert check_training(net(1, "softplus"), X, counts, "poisson") == []
