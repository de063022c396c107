"""Models with layers that kerasnb does not have: what maps can be edited, the rest are grey boxes."""

import json

import keras
import numpy as np
import pytest

from kerasnb.errors import ArgumentError, GraphError
from kerasnb.widgets import Builder, FitPanel
from kerasnb.widgets.builder.document.document import Document
from kerasnb.widgets.builder.document.storing import as_data, read_document, written

# of Keras 3.15 itself, where it writes weights with numpy 2
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


class Scale(keras.layers.Layer):
    """A layer of somebody's own that does not say how it was made."""

    def __init__(self, factors, **arguments):
        super().__init__(**arguments)
        self.factors = factors

    def build(self, shape):
        self.scale = self.add_weight(shape=(shape[-1],), name="scale")

    def call(self, x):
        return x * self.scale * self.factors[0]


class Split(keras.layers.Layer):
    def call(self, x, scale=1):
        return x[:, :2], x[:, 2:] * scale


class Written(keras.Model):
    def __init__(self, **arguments):
        super().__init__(name="own", **arguments)
        self.dense, self.scale = keras.layers.Dense(3), Scale([1.0])

    def call(self, x):
        return self.scale(self.dense(x))


def net(factors=None):
    factors = np.ones(2) if factors is None else factors  # which no configuration holds
    layers = [keras.layers.Dense(8, name="first"), Scale(factors, name="scale"), keras.layers.Dense(3, name="last")]
    return keras.Sequential([keras.Input((5,), name="rows"), *layers], name="net")


def boxes(document):
    return {spec.name: spec for spec in document.stand_ins}


def shape(document, name):
    return document.results[name].signal.shape


def saved(tmp_path, model):
    model.save(tmp_path / "net.keras")
    return Builder.from_file(tmp_path / "net.keras")


def test_a_layer_that_kerasnb_does_not_have_is_a_box_with_its_shapes_weights_and_reason():
    document = Builder(net()).document
    assert list(boxes(document)) == ["scale"]
    assert (boxes(document)["scale"].class_name, document.results["scale"].params) == ("Scale", 8)
    assert [shape(document, name) for name in ("first", "scale", "last")] == [(None, 8), (None, 8), (None, 3)]
    assert boxes(document)["scale"].live.reason == "kerasnb has no layer Scale."


def test_the_box_says_what_it_is_and_has_no_form():
    node = next(each for each in Builder(net()).state["nodes"] if each["name"] == "scale")
    assert node["live"] and not node["can_freeze"] and not node["values"]
    assert node["remark"].startswith("Scale of Keras: kerasnb has no layer Scale. It has 8 parameters.")
    assert node["flow"] == "(None, 8) → (None, 8)"


def test_nothing_is_built_or_trained_with_it_and_nothing_changes():
    builder = Builder(net())
    before = as_data(builder.document)
    with pytest.raises(GraphError, match=r'"scale" \(Scale\) cannot be built or trained by') as it:
        builder.model  # noqa: B018
    assert "Put a layer of kerasnb in its place" in it.value.advice
    with pytest.raises(ArgumentError, match='FitPanel: "net" is no whole model yet'):
        FitPanel(builder, x=np.zeros((2, 5)), y=np.zeros((2, 3)))
    with pytest.raises(GraphError, match="cannot be built"):
        builder.save("net.keras")
    assert as_data(builder.document) == before


def test_another_layer_in_its_place_makes_the_model_whole_with_the_weights_of_the_others():
    model = net()
    builder = Builder(model)
    builder.replace("scale", "Activation", activation="relu")
    mine = builder.model
    rows = np.random.RandomState(0).rand(4, 5).astype("float32")
    first, last = (model.get_layer(name) for name in ("first", "last"))
    np.testing.assert_allclose(mine.predict(rows), last(keras.ops.relu(first(rows))), atol=1e-6)
    builder.undo()
    assert list(boxes(builder.document)) == ["scale"]


def test_it_reads_what_it_read_and_other_shapes_are_an_error_of_its_own():
    builder = Builder(net())
    builder.set("first", output_dim=6)
    error = builder.document.results["scale"].error
    assert "was seen reading (None, 8); what it makes of (None, 6)" in error.message
    builder.undo()
    builder.set("first", activation="relu")
    assert builder.document.failed == []
    with pytest.raises(ArgumentError, match="is shown as it is"):
        builder.set("scale", factors=3)


def test_the_code_says_which_line_cannot_be_written():
    builder = Builder(net())
    code = builder.code("keras2")
    assert "# this line cannot be written. Scale of Keras: kerasnb has no layer Scale. It has 8 parameters." in code
    assert "import Dense, Input\n" in code
    assert builder.sources["note"].startswith("kerasnb does not have scale")


def test_a_document_keeps_the_boxes():
    document = Builder(net()).document
    again = read_document(written(document))
    assert json.loads(written(again)) == json.loads(written(document))
    assert shape(again, "last") == (None, 3) and again.results["scale"].params == 8
    assert boxes(again)["scale"].live.reason == "kerasnb has no layer Scale."


def test_several_outputs_and_an_operation_without_a_counterpart_are_boxes():
    rows = keras.Input((5,), name="rows")
    left, right = Split(name="split")(rows, scale=2)
    far = keras.ops.logaddexp(left, left)
    model = keras.Model(rows, [keras.layers.Dense(2, name="dense")(right), far], name="net")
    document = Builder(model).document
    assert sorted(spec.class_name for spec in document.stand_ins) == ["Logaddexp", "Split"]
    assert [signal.shape for signal in document.results["split"].signal.each] == [(None, 2), (None, 3)]
    assert document.failed == []


def test_a_model_whose_call_is_code_is_one_box():
    model = Written()
    model(np.zeros((2, 5), "float32"))
    document = Builder(model).document
    (box,) = document.stand_ins
    assert (box.class_name, shape(document, box.name), document.results[box.name].params) == ("Written", (None, 3), 21)


def test_a_model_in_the_model_that_holds_such_a_layer_is_a_box_as_a_whole():
    rows = keras.Input((5,), name="rows")
    inner = net()
    document = Builder(keras.Model(rows, keras.layers.Dense(2)(inner(rows)), name="outer")).document
    assert boxes(document)["net"].live.reason == "it holds Scale, which kerasnb does not have."


def test_a_file_opens_with_boxes_where_no_class_is_known(tmp_path):
    model = net([1.0])
    document = saved(tmp_path, model).document
    assert list(boxes(document)) == ["scale_1"] and document.failed == []  # it does not tell the file its name
    assert document.results["scale_1"].params == 8 and shape(document, "last") == (None, 3)


def test_weights_of_what_maps_come_from_the_file(tmp_path):
    model = net([1.0])
    builder = saved(tmp_path, model)
    builder.remove("scale_1")
    kernel = builder.model.get_layer("first").get_weights()[0]
    np.testing.assert_array_equal(kernel, model.get_layer("first").kernel)


def test_a_file_of_a_model_whose_call_is_code_is_one_box(tmp_path):
    model = Written()
    model(np.zeros((2, 5), "float32"))
    (box,) = saved(tmp_path, model).document.stand_ins
    assert box.class_name == "Written" and box.live.size == 21


def test_a_document_of_own_layers_is_whole_as_before(digits):
    assert isinstance(digits, Document) and digits.obstacle is None and digits.stand_ins == []


class Attention(keras.layers.Layer):
    """Called as one of Keras's, and another one."""

    def call(self, x):
        return x * 2


def test_a_class_of_a_program_that_is_called_as_one_of_ours_is_not_taken_for_it():
    (box,) = Builder(keras.Sequential([keras.Input((4, 5)), Attention(name="own")])).document.stand_ins
    assert box.live.reason == "kerasnb has no layer Attention."


class Dense2(keras.layers.Dense):
    pass


def test_a_class_with_a_digit_keeps_it_and_the_weights_of_the_others_come(tmp_path):
    model = keras.Sequential([keras.Input((4,)), Dense2(3, name="mine"), keras.layers.Dense(2, name="last")])
    model.save(tmp_path / "net.keras")
    builder = Builder.from_file(tmp_path / "net.keras")
    (box,) = builder.document.stand_ins
    assert (box.class_name, box.live.size) == ("Dense2", 15)
    builder.replace("mine", "Dense", output_dim=3)
    np.testing.assert_array_equal(builder.model.get_layer("last").get_weights()[0], model.layers[1].get_weights()[0])


@keras.saving.register_keras_serializable("mine")
class Backbone(keras.Model):
    """One that tells how it was made in its own words, as those of KerasHub do."""

    def __init__(self, units=4, **arguments):
        x = keras.Input((4,))
        super().__init__(x, keras.layers.Dense(units)(x), **arguments)
        self.units = units

    def get_config(self):
        return {"units": self.units}


def test_a_file_that_tells_neither_layers_nor_inputs_says_who_can_open_it(tmp_path):
    Backbone().save(tmp_path / "net.keras")
    with pytest.raises(
        ArgumentError, match="class Backbone, whose layers and inputs only its own code knows.\n.*by Ker"
    ):
        Builder.from_file(tmp_path / "net.keras")
