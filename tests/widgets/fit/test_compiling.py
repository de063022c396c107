"""How a Fit panel compiles: each output by itself, an optimizer with all its arguments, what is kept meanwhile."""

import math

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import runs
from kerasnb.callbacks import LambdaCallback
from kerasnb.errors import ArgumentError, UnknownNameError
from kerasnb.layers import Dense, Input
from kerasnb.models import Model, Sequential
from kerasnb.optimizers import SGD
from kerasnb.widgets import FitPanel

RANDOM = np.random.RandomState(0)
X = RANDOM.rand(40, 4).astype("float32")
AGE, SPECIES = RANDOM.rand(40).astype("float32"), np.resize(np.arange(3), 40)


def two_heads():
    x = Input((4,))
    return Model(x, [Dense(1, name="age")(x), Dense(3, activation="softmax", name="species")(x)], name="two")


def small_model(**optimizer):
    model = Sequential([Dense(1, input_dim=4, name="dense_1")], name="small")
    if optimizer:
        model.compile(SGD(**optimizer), "mse")
    return model


def click(panel, kind, **more):
    panel._handle_custom_msg({"kind": kind, **more}, [])


def test_each_output_has_the_loss_and_metrics_that_suit_its_targets():
    panel = FitPanel(two_heads(), X, [AGE, SPECIES])
    assert panel.outputs == [
        {"name": "age", "loss": "mse", "weight": 1.0, "metrics": "", "suggested": "mse"},
        {
            "name": "species",
            "loss": "sparse_categorical_crossentropy",
            "weight": 1.0,
            "metrics": "accuracy",
            "suggested": "sparse_categorical_crossentropy",
        },
    ]


def test_loss_weights_and_metrics_of_each_output_are_compiled(backend):
    model = two_heads()
    panel = FitPanel(model, X, {"age": AGE, "species": SPECIES}, loss={"age": "mae"}, nb_epoch=1, batch_size=40)
    click(panel, "output", output="age", name="weight", value="0.25")
    click(panel, "output", output="age", name="metrics", value="mse, mae")
    before = model.get_weights()
    history = panel.fit().history
    assert model.loss == ["mae", "sparse_categorical_crossentropy"] and model.loss_weights == [0.25, 1.0]
    outputs = (X @ before[0] + before[1])[:, 0]
    assert history["age_mean_squared_error"] == [pytest.approx(np.mean((outputs - AGE) ** 2), rel=1e-5)]
    assert history["loss"] == [pytest.approx(0.25 * history["age_loss"][0] + history["species_loss"][0], rel=1e-5)]


def test_the_panel_shows_what_a_cell_compiled():
    model = two_heads()
    panel = FitPanel(model, X, [AGE, SPECIES])
    model.compile(SGD(momentum=0.5), ["mae", "sparse_categorical_crossentropy"], loss_weights=[2, 1])
    panel.subject.look()
    assert [(each["loss"], each["weight"]) for each in panel.outputs][0] == ("mae", 2.0)
    assert (panel.optimizer, panel.optimizer_form["values"]) == ("sgd", {"momentum": "0.5"})


@pytest.mark.parametrize(
    "name, value, says",
    [("loss", "mee", "mse"), ("weight", "-1", "from 0"), ("metrics", "acuracy", "accuracy"), ("rate", "1", "rate")],
)
def test_a_wrong_choice_for_an_output_is_refused_and_changes_nothing(name, value, says):
    panel = FitPanel(two_heads(), X, [AGE, SPECIES])
    before = panel.outputs
    click(panel, "output", output="age", name=name, value=value)
    assert says in panel.error["message"] and panel.outputs == before


def test_an_output_that_the_model_does_not_have_is_refused():
    with pytest.raises(UnknownNameError, match='no output is called "agee".*Did you mean "age"'):
        FitPanel(two_heads(), X, [AGE, SPECIES]).set_output("agee", loss="mse")


def test_the_form_of_an_optimizer_has_every_argument_of_its_constructor_but_the_rate():
    panel = FitPanel(small_model(), X, AGE, optimizer="sgd")
    names = [field["name"] for field in panel.optimizer_form["fields"]]
    assert names == ["momentum", "decay", "nesterov", "clipnorm", "clipvalue", "local_clipnorm"]
    kinds = {field["name"]: field["kind"] for field in panel.optimizer_form["fields"]}
    assert (kinds["nesterov"], kinds["clipnorm"]) == ("boolean", "number")


def slope(model):
    """The gradient of the mean squared error by the weights of `small_model`, over all samples."""
    W, b = model.get_weights()
    return 2 * X.T @ (X @ W + b - AGE[:, None]) / len(X)


def test_another_argument_is_compiled_at_the_next_fit_and_moments_are_kept(backend):
    model = small_model(lr=0.1, momentum=0.9)
    model.fit(X, AGE, nb_epoch=2, verbose=0)
    weights, moment = model.get_weights()[0], model.optimizer.get_weights()[1]
    panel = FitPanel(model, X, AGE, nb_epoch=1, batch_size=40)
    click(panel, "argument", name="clipnorm", value="100")
    assert panel.optimizer_form["values"] == {"momentum": "0.9", "clipnorm": "100.0"}
    expected = weights + 0.9 * moment - 0.1 * slope(model)  # the limit is far away
    panel.fit()
    assert model.optimizer.clipnorm == 100 and panel.learning_rate == pytest.approx(0.1)
    np.testing.assert_allclose(model.get_weights()[0], expected, rtol=1e-4, atol=1e-6)


def test_an_optimizer_goes_on_with_what_it_knows_where_other_things_are_measured(backend):
    model = small_model(lr=0.1, momentum=0.9)
    model.fit(X, AGE, nb_epoch=2, verbose=0)
    weights, moment = model.get_weights()[0], model.optimizer.get_weights()[1]
    expected = weights + 0.9 * moment - 0.1 * slope(model)
    panel = FitPanel(model, X, AGE, nb_epoch=1, batch_size=40)
    panel.set_output("dense_1", metrics="mae")
    assert "mean_absolute_error" in panel.fit().history
    np.testing.assert_allclose(model.get_weights()[0], expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name, value", [("clipnorm", "-1"), ("momentum", "much"), ("clipnrom", "1")])
def test_an_argument_that_the_optimizer_refuses_changes_nothing(name, value):
    panel = FitPanel(small_model(), X, AGE, optimizer="sgd")
    click(panel, "argument", name=name, value=value)
    assert panel.error["message"] and panel.optimizer_form["values"] == {}


def test_the_record_of_a_run_holds_the_arguments(tmp_path, monkeypatch):
    monkeypatch.setenv("KERASNB_HOME", str(tmp_path))
    panel = FitPanel(small_model(), X, AGE, optimizer="sgd", nb_epoch=1)
    panel.set_optimizer_arguments(clipnorm=1, nesterov=True, momentum=0.5)
    panel.fit()
    config = runs.open("last").description["training"]["optimizer"]["config"]
    assert (config["clipnorm"], config["nesterov"], config["momentum"]) == (1.0, True, 0.5)


def test_after_an_infinite_loss_a_click_limits_gradients_and_the_good_weights_are_back(backend):
    model = small_model(lr=0.1)
    kept = []
    breaks = LambdaCallback(
        on_epoch_begin=lambda epoch, logs: epoch and K.set_value(model.layers[0].W, np.full((4, 1), np.nan)),
        on_epoch_end=lambda epoch, logs: kept.append(model.get_weights()),
    )
    panel = FitPanel(model, X, AGE, nb_epoch=3, callbacks=[breaks])
    panel.fit()
    row = panel.advice["rows"][0]
    assert row["text"].startswith("The loss became nan in epoch 2")
    assert [fix["label"] for fix in row["fixes"]] == ["Set clipnorm=1", "Lower the learning rate to 0.01"]
    assert all(map(np.array_equal, model.get_weights(), kept[0]))
    click(panel, "fix", row=0, place=0, serial=panel.advice["serial"])
    assert panel.optimizer_form["values"] == {"clipnorm": "1.0"}
    assert "became nan" not in str(panel.advice["rows"])
    panel.fit_arguments["callbacks"] = []
    panel.fit()
    assert model.optimizer.clipnorm == 1.0 and math.isfinite(panel.history.history["loss"][-1])


def test_a_training_that_ran_away_learns_after_one_click(backend):
    x = 10 * np.random.RandomState(0).rand(200, 4)
    model = small_model()
    before = model.get_weights()
    panel = FitPanel(model, x, x @ [1, 2, 3, 4], optimizer="sgd", learning_rate=1.0, nb_epoch=8)
    first = np.mean((x @ before[0][:, 0] - x @ [1, 2, 3, 4]) ** 2)
    panel.fit()
    # the first epoch ended with a finite loss of 1e29
    assert all(map(np.array_equal, model.get_weights(), before))
    assert "The weights from before are back." in panel.error["message"]
    click(panel, "fix", row=0, place=0, serial=panel.advice["serial"])
    assert panel.fit().history["loss"][-1] < first / 4


def test_a_lower_rate_is_the_other_click():
    panel = FitPanel(small_model(lr=0.5), X, AGE, nb_epoch=1)
    panel.fit_arguments["callbacks"] = [
        LambdaCallback(on_epoch_begin=lambda epoch, logs: K.set_value(panel.model.layers[0].W, np.full((4, 1), np.nan)))
    ]
    panel.fit()
    click(panel, "fix", row=0, place=1, serial=panel.advice["serial"])
    assert panel.learning_rate == pytest.approx(0.05)


def test_the_split_is_chosen_in_the_panel_and_takes_the_place_of_data():
    panel = FitPanel(small_model(lr=0.1), X, AGE, (X[:6], AGE[:6]), nb_epoch=1)
    assert (panel.data["train"], panel.data["validation"]) == (40, 6)
    click(panel, "option", name="validation_split", value="0.25")
    assert (panel.data["train"], panel.data["validation"]) == (30, 10)
    panel.fit()
    assert len(panel.model.validation_data[0]) == 10
    click(panel, "option", name="validation_split", value="")
    assert (panel.validation_split, panel.data["validation"]) == (0.0, 6)


@pytest.mark.parametrize("value", ["1", "-0.1", "half"])
def test_a_split_that_is_no_fraction_is_refused(value):
    panel = FitPanel(small_model(), X, AGE)
    click(panel, "option", name="validation_split", value=value)
    assert panel.error["field"] == "validation_split" and panel.validation_split == 0.0


def test_losses_that_do_not_fit_the_outputs_are_refused_when_the_panel_is_made():
    with pytest.raises(ArgumentError, match="loss needs 2 entries"):
        FitPanel(two_heads(), X, [AGE, SPECIES], loss=["mse"])


def test_weights_of_classes_are_shown_typed_and_taken_away():
    panel = FitPanel(small_model(), X, AGE > 0.5, class_weight={0: 1, 1: 2.5}, callbacks=[LambdaCallback()])
    assert [(row["name"], row["text"], row["is_editable"]) for row in panel.also] == [
        ("class_weight", "0=1 1=2.5", True),
        ("callbacks", "LambdaCallback", False),
    ]
    click(panel, "option", name="class_weight", value="0=0.5, 1=4")
    assert panel.fit_arguments["class_weight"] == {0: 0.5, 1: 4.0}
    click(panel, "option", name="class_weight", value="")
    assert "class_weight" not in panel.fit_arguments and [row["name"] for row in panel.also] == ["callbacks"]


def test_where_it_trains_is_shown_typed_and_taken_away():
    panel = FitPanel(small_model(), X, AGE > 0.5, machines="local:2")
    assert panel.machines == "local:2" and panel.also == []
    click(panel, "option", name="machines", value="nowhere")
    assert panel.error["field"] == "machines" and panel.fit_arguments["machines"] == "local:2"
    for where in ("local:4", "ray:4", "ray://head:10001"):
        click(panel, "option", name="machines", value=where)
        assert panel.fit_arguments["machines"] == panel.machines == where
    click(panel, "option", name="machines", value="")
    assert panel.fit_arguments == {} and panel.machines == ""


def test_where_batches_train_is_not_asked():
    batches = ((X[:8], AGE[:8] > 0.5) for _ in range(9))
    panel = FitPanel(small_model(), batches, steps_per_epoch=2)
    assert panel.machines is None


@pytest.mark.parametrize("value", ["often", "0=-1", "0=much", "0"])
def test_weights_of_classes_that_are_none_are_refused(value):
    panel = FitPanel(small_model(), X, AGE > 0.5, class_weight={0: 1, 1: 2})
    click(panel, "option", name="class_weight", value=value)
    assert panel.error["field"] == "class_weight" and panel.fit_arguments["class_weight"] == {0: 1, 1: 2}
