"""Models in models, shared layers, several ends and layers of one's own on the canvas."""

import gc
import sys
import weakref

import numpy as np
import pytest

from kerasnb.engine.handover import hand_over
from kerasnb.errors import ArgumentError, GraphError, UnknownNameError
from kerasnb.layers import Dense, Dropout, Input, Lambda
from kerasnb.models import Model, Sequential
from kerasnb.widgets import Builder
from kerasnb.widgets.builder.document.document import Document
from kerasnb.widgets.builder.document.evaluation import Evaluator
from kerasnb.widgets.builder.document.storing import as_data, graph_from
from kerasnb.widgets.builder.screen.state import document_state, layout_of
from tests.report.connected_models import CONNECTED, siamese, video, with_backbone, with_own_layer


def samples(model):
    random = np.random.RandomState(0)
    arrays = [random.rand(5, *tensor._keras_shape[1:]).astype("float32") for tensor in model.inputs]
    return arrays if len(arrays) > 1 else arrays[0]


def predicted(model, x):
    outputs = model.predict(x)
    return outputs if isinstance(outputs, list) else [outputs]


@pytest.mark.parametrize("make", CONNECTED)
def test_a_model_made_from_what_the_canvas_shows_gives_what_the_opened_one_gives(make, backend):
    model = make()
    x, again = samples(model), Document.from_model(model).to_model()
    hand_over(model, again)
    for mine, theirs in zip(predicted(again, x), predicted(model, x), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert [tensor.name for tensor in again.inputs] == [tensor.name for tensor in model.inputs]
    assert again.count_params() == model.count_params()


@pytest.mark.parametrize("make", CONNECTED)
def test_counts_of_the_canvas_are_those_of_the_model(make):
    model = make()
    builder = Builder(model)
    assert builder.model is model
    totals = {words.partition(" ")[0]: figure for figure, words in builder.state["totals"]}
    assert int(totals["parameters"]) == model.count_params()
    assert int(totals["trainable"]) == sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)


@pytest.mark.parametrize("make", CONNECTED)
def test_opening_trying_and_building_leaves_the_opened_model_as_it_was(make):
    model = make()
    layers = [layer for layer in model.layers if len(layer.inbound_nodes) == 1]
    before = [(layer, layer.output, len(layer.inbound_nodes), len(layer._updates)) for layer in layers]
    document = Document.from_model(model)
    document.to_model()
    Evaluator().evaluate(document.graph)
    assert [(layer, layer.output, len(layer.inbound_nodes), len(layer._updates)) for layer in layers] == before


@pytest.mark.parametrize("make", [make for make in CONNECTED if make is not with_own_layer])
def test_its_code_makes_the_same_model(make):
    model, names = make(), {}
    exec(Document.from_model(model).to_code(), names)
    assert names["model"].output_shape == model.output_shape
    assert names["model"].count_params() == model.count_params()
    assert [tensor.name for tensor in names["model"].inputs] == [tensor.name for tensor in model.inputs]


def test_code_of_a_layer_of_ones_own_says_what_it_cannot_say():
    code = Document.from_model(with_own_layer()).to_code()
    assert "# mine: its arguments cannot be read back; write them in place of the dots" in code
    assert "mine = Scaled(..., name='mine')" in code


def test_later_code_calls_a_shared_layer_twice():
    code = Document.from_model(siamese()).to_code("keras2")
    assert "shared = Dense(3, activation='relu', name='shared')" in code
    assert "shared_1 = shared(b)" in code and "shared_2 = shared(a)" in code


# ---- shared layers


@pytest.fixture
def twins():
    return Document.from_model(siamese())


def test_a_shared_layer_stands_once_for_each_call_and_counts_once(twins):
    assert twins.graph["shared again"].shares == "shared"
    assert [twins.results[name].params for name in ("shared", "shared again")] == [15, 0]


def test_an_argument_set_at_any_call_is_that_of_all(twins):
    twins.set_argument("shared again", "output_dim", 5)
    assert [twins.results[name].output.shape for name in ("shared", "shared again")] == [(None, 5), (None, 5)]


def test_a_shared_layer_is_renamed_with_all_its_calls_and_keeps_its_weights():
    model = siamese()
    weights = model.get_layer("shared").get_weights()
    builder = Builder(model)
    builder.rename("shared again", "tower")
    assert {"tower", "tower again"} < set(builder.document.graph.names)
    builder.add("Dense", after="out", output_dim=2)
    for mine, theirs in zip(builder.model.get_layer("tower").get_weights(), weights, strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_a_call_that_is_removed_leaves_the_other_whichever_it_is(twins):
    twins.remove("shared again")
    assert twins.graph.inputs_of("both") == ["shared", "b"] or twins.graph.inputs_of("both") == ["a", "shared"]
    twins.undo()
    twins.remove("shared")
    assert "shared again" not in twins.graph and twins.graph["shared"].shares is None
    assert twins.results["shared"].params == 15


def test_a_further_call_shares_the_weights(backend):
    document = Document(input_shape=(4,))
    document.add("Dense", name="d", output_dim=4)
    document.call_again("d", "d")
    model = document.to_model()
    (W, b), x = model.get_layer("d").get_weights(), np.ones((1, 4), "float32")
    np.testing.assert_allclose(model.predict(x), (x @ W + b) @ W + b, rtol=1e-5)


def test_a_call_that_does_not_fit_the_weights_of_the_first_carries_the_error():
    document = Document(input_shape=(4,))
    document.add("Dense", name="d", output_dim=3)
    document.call_again("d", "d")
    assert document.failed == ["d again"] and "(None, 3)" in str(document.results["d again"].error)


# ---- layers that no arguments describe


def test_a_model_in_a_model_is_a_grey_box_with_shapes_and_counts():
    builder = Builder(with_backbone())
    node = next(node for node in builder.state["nodes"] if node["name"] == "backbone")
    assert (node["live"], node["class_name"], node["shape"], node["params"]) == (True, "Sequential", "(None, 32)", "28")
    assert node["remark"].startswith("3 layers inside. Shown as it is")


def test_arguments_of_a_grey_box_are_refused_in_words():
    document = Document.from_model(with_own_layer())
    before = document.graph
    with pytest.raises(ArgumentError, match='Scaled "mine": is shown as it is'):
        document.set_argument("mine", "by", 3.0)
    assert document.graph is before


def test_edits_around_a_grey_box_keep_its_weights(backend):
    model = with_backbone()
    kernel = model.get_layer("backbone").get_weights()[0]
    builder = Builder(model)
    builder.add("Dropout", after="backbone")
    np.testing.assert_array_equal(builder.model.get_layer("backbone").get_weights()[0], kernel)
    builder.remove("backbone")
    assert builder.document.failed == ["head"] or builder.document.is_good
    builder.undo()
    assert builder.model.get_layer("backbone").count_params() == 28


def test_another_layer_takes_the_place_of_a_grey_box():
    document = Document.from_model(with_own_layer())
    document.replace("mine", "Dropout")
    assert document.is_good and document.graph["mine"].live is None
    document.undo()
    assert document.graph["mine"].live is not None


def test_a_layer_whose_input_does_not_fit_a_grey_box_says_so_and_offers_mends():
    document = Document.from_model(with_backbone())
    document.add("Flatten", after="picture")
    assert document.failed == ["backbone"] and "remove flatten_1" in [fix.label for fix in document.fixes("backbone")]


@pytest.mark.parametrize("layer", [Lambda(lambda x, by=2: by * x, arguments={"by": 3}, name="odd"), Dropout(0.5)])
def test_what_a_form_would_lose_is_kept(layer, backend):
    x = Input(shape=(4,), name="x")
    model = Model(input=x, output=layer(x, training=True), name="kept")
    again = Document.from_model(model).to_model()
    node = again.layers[-1].inbound_nodes[-1]
    assert node.arguments == {"training": True}
    if layer.name == "odd":
        np.testing.assert_array_equal(again.predict(np.ones((1, 4))), np.full((1, 4), 3.0))


def test_a_layer_whose_class_was_defined_anew_is_shown_as_it_is():
    old = type("Reran", (Dense,), {"__module__": "notebook"})
    model = Sequential([old(3, input_shape=(4,), name="a"), Dense(2, name="b")])
    assert Document.from_model(model).graph["a"].live is None
    type("Reran", (Dense,), {"__module__": "notebook"})
    document = Document.from_model(model)
    assert document.graph["a"].live is model.layers[0] and document.is_good


def test_a_layer_that_gives_several_outputs_says_which_can_be_read_and_the_form_of_the_pick_changes_it():
    document = Document(input_shape=(3, 4))
    document.add("Bidirectional", name="both")
    document.add("Dense", output_dim=2)
    document.set_argument("both", "merge_mode", None)
    assert "gives 2 outputs" in str(document.results["both"].error)
    labels = [fix.label for fix in document.fixes("both")]
    document.apply(document.fixes("both")[labels.index("output 0 of it")])
    document.set_argument("output_1", "index", "1")
    assert document.is_good
    document.set_argument("output_1", "index", 2)
    assert "there is no output 2; there are 0 to 1" in str(document.results["output_1"].error)


def test_models_that_are_made_again_and_again_are_freed():
    document = Document.from_model(with_backbone())
    heads = [weakref.ref(document.to_model().get_layer("head")) for _ in range(3)]
    gc.collect()
    assert [head() for head in heads] == [None] * 3


def test_running_averages_inside_move_in_a_model_made_anew(backend):
    model = Document.from_model(with_backbone()).to_model()
    norm = model.get_layer("backbone").layers[1]
    before = norm.get_weights()
    model.compile("sgd", "mse")
    model.fit(np.random.RandomState(0).rand(8, 6, 6, 1), np.ones((8, 2)), nb_epoch=1, verbose=0)
    assert not np.array_equal(norm.get_weights()[2], before[2])


# ---- freezing


def test_a_layer_inside_freezes_by_its_path_and_undo_takes_it_back():
    model = with_backbone()
    builder = Builder(model)
    inner = model.get_layer("backbone").layers[0]
    builder.freeze("backbone/conv_1")
    assert not inner.trainable and model.get_layer("backbone").trainable
    assert builder.state["totals"][1][0] == str(sum(int(np.prod(weight.shape)) for weight in model.trainable_weights))
    builder.undo()
    assert inner.trainable and builder.model is model


def test_what_a_cell_freezes_inside_a_grey_box_shows_on_the_canvas():
    model = with_backbone()
    builder = Builder(model)
    model.get_layer("backbone").layers[0].trainable = False
    assert builder.document.graph["backbone"].inside["conv_1"] is False
    assert builder.document.undo_label == "freeze backbone/conv_1"


def test_a_path_that_leads_nowhere_is_refused():
    with pytest.raises(UnknownNameError, match='Did you mean "backbone/conv_1"'):
        Document.from_model(with_backbone()).set_trainable("backbone/conv_2", False)


# ---- ends


def test_an_output_that_other_layers_read_stays_one_and_a_layer_after_an_end_takes_its_place():
    x = Input(shape=(4,), name="x")
    early = Dense(3, name="early")(x)
    late = Dense(2, name="late")(early)
    document = Document.from_model(Model(input=x, output=[late, early], name="two_outputs"))
    document.add("Dense", name="more", after="late", output_dim=5)
    assert document.graph.outputs == ["more", "early"]
    assert document.to_model().output_shape == [(None, 5), (None, 3)]
    document.remove("more")
    assert document.graph.outputs == ["late", "early"]
    document.rename("early", "first")
    assert document.graph.outputs == ["late", "first"]


# ---- kept in a file


def there_and_back(document, shown=None):
    return Document.from_graph(graph_from(as_data(document), "the text", shown))


@pytest.mark.parametrize("make", CONNECTED)
def test_a_document_comes_back_whole_where_the_model_is_there_again(make):
    document = Document.from_model(make())
    again = there_and_back(document, document.graph)
    assert again.graph == document.graph and again.is_good


def test_a_grey_box_that_nothing_brings_back_says_that_it_was_not_kept():
    document = there_and_back(Document.from_model(video()))
    assert document.failed == ["each"]
    assert "was not kept with the model" in str(document.results["each"].error)
    document.remove("each")
    assert document.failed == ["clip"] or not document.failed


def test_a_closure_of_the_notebook_stays_the_function_it_is(monkeypatch):
    by = 3
    x = Input(shape=(4,), name="x")
    model = Model(input=x, output=Lambda(lambda x: by * x, name="thrice")(x))
    monkeypatch.setattr(sys.modules["__main__"], "by", 5, raising=False)
    again = Document.from_model(model).to_model()
    np.testing.assert_array_equal(again.predict(np.ones((1, 4))), np.full((1, 4), 3.0))


def test_a_drawing_holds_a_box_for_each_call():
    document = Document.from_model(siamese())
    state = document_state(document, layout_of(document))
    counts = {node["name"]: node["counts"] for node in state["nodes"]}
    assert (counts["shared"], counts["shared again"]) == ("15 params", "shared")
    assert state["status"]["aside"] == "5 layers"


def test_an_input_is_not_called_again():
    with pytest.raises(GraphError, match="takes data"):
        Document(input_shape=(4,)).call_again("input_1", "input_1")
