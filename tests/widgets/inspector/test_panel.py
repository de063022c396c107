"""The Inspector as an object."""

import numpy as np
import pytest
import traitlets
from ipywidgets.widgets.widget import _remove_buffers

from kerasnb import backend as K
from kerasnb.errors import ArgumentError, DataError, UnknownNameError
from kerasnb.layers import Dense
from kerasnb.models import Model
from kerasnb.report import layer_output, saliency
from kerasnb.widgets import Inspector
from kerasnb.widgets.inspector import panel as inspector_module
from tests.report.connected_models import CONNECTED, many_ends, siamese, with_backbone
from tests.report.small_models import branching_model, small_cnn

X = np.random.RandomState(0).rand(6, 8, 8, 1).astype("float32")
Y = np.array([0, 1, 2, 0, 1, 2])


@pytest.fixture
def inspector():
    return Inspector(small_cnn(), X, Y)


def test_it_begins_with_the_first_layer_and_sample(inspector):
    assert repr(inspector) == 'Inspector(small_cnn: layer "conv", sample 0, learning phase 0)'
    assert inspector.output.shape == (1, 6, 6, 4)


def test_the_output_is_that_of_k_function(backend):
    model = small_cnn()
    inspector = Inspector(model, X, layer="pool")
    inspector.sample = 4
    run = K.function([model.input, K.learning_phase()], [model.get_layer("pool").output])
    assert np.allclose(inspector.output, run([X[4:5], 0])[0], atol=1e-6)


@pytest.mark.parametrize(
    "layer, kind, size", [("conv", "maps", [4, 6, 6]), ("flat", "bars", [36]), ("out", "numbers", [3])]
)
def test_the_drawing_fits_the_rank_of_the_output(inspector, layer, kind, size):
    inspector.layer = layer
    assert (inspector.view["kind"], inspector.view["size"]) == (kind, size)
    assert len(inspector.view["pixels"]) == np.prod(size)


def test_th_ordering_draws_the_same_number_of_maps():
    K.set_image_dim_ordering("th")
    from kerasnb.layers import Convolution2D
    from kerasnb.models import Sequential

    model = Sequential([Convolution2D(4, 3, 3, input_shape=(1, 8, 8), name="conv")])
    assert Inspector(model, X.transpose(0, 3, 1, 2)).view["size"] == [4, 6, 6]


def test_pixels_travel_as_one_binary_buffer(inspector):
    _, paths, buffers = _remove_buffers(inspector.get_state(["view"]))
    assert paths == [["view", "pixels"]] and len(buffers[0]) == 4 * 6 * 6


def test_moving_to_another_sample_sends_few_messages(inspector, monkeypatch):
    sent = []
    monkeypatch.setattr(inspector, "send_state", lambda key=None: sent.append(key))
    inspector.sample = 3
    assert len(sent) <= 5


def test_train_phase_is_another_output(inspector):
    inspector.layer = "drop"
    tested = inspector.output
    inspector.phase = 1
    assert not np.allclose(tested, inspector.output)


def test_label_prediction_and_probability_stand_beside_the_sample(inspector):
    inspector.sample = 2
    assert [fact[0] for fact in inspector.sample_view["facts"]] == ["label", "predicted", "p"]
    assert inspector.sample_view["facts"][0] == ["label", "2"]


def test_a_layer_that_does_not_exist_is_refused_with_a_close_one(inspector):
    with pytest.raises(UnknownNameError, match='Did you mean "conv"'):
        inspector.layer = "convv"
    assert inspector.layer == "conv"


def test_a_sample_out_of_range_is_refused(inspector):
    with pytest.raises(DataError, match="there is no sample 6; x has 6"):
        inspector.sample = 6


def test_weights_have_figures_histograms_and_drawings(inspector):
    inspector.tab = "Weights"
    kernel, bias = inspector.weights
    assert (kernel["name"], kernel["drawing"]["size"]) == ("conv_W", [4, 3, 3])
    assert sum(kernel["histogram"]["counts"]) == 36 and bias["statistics"][-1] == ["exactly 0", "4 of 4"]


def test_gradients_have_the_shape_of_the_layers_output(backend):
    inspector = Inspector(small_cnn(), X)
    inspector.tab = "Gradients"
    assert inspector.error == {} and inspector.view["size"] == [4, 6, 6]


def test_dead_units_are_counted_over_all_samples():
    model = small_cnn()
    kernel, bias = model.get_layer("conv").get_weights()
    model.get_layer("conv").set_weights([kernel, bias - [0, 0, 100, 0]])
    assert Inspector(model, X).dead["units"] == [2]


def test_dead_units_are_looked_for_once_for_the_same_weights(monkeypatch):
    model, looked = small_cnn(), []
    conv = model.get_layer("conv")
    kernel, bias = conv.get_weights()
    conv.set_weights([kernel, bias - [0, 0, 100, 0]])
    original = inspector_module.dead_units
    monkeypatch.setattr(inspector_module, "dead_units", lambda *given: looked.append(1) or original(*given))
    inspector = Inspector(model, X)
    for sample in (1, 2, 3):
        inspector.sample = sample
    assert len(looked) == 1 and inspector.dead["units"] == [2]
    conv.set_weights([kernel, bias + 100])
    inspector.sample = 4
    assert len(looked) == 2 and inspector.dead["units"] == []


def test_it_follows_the_builders_selection(inspector):
    class Selecting(traitlets.HasTraits):
        selected = traitlets.Unicode()

    builder = Selecting(selected="flat")
    inspector.follow(builder)
    assert inspector.layer == "conv"
    builder.selected = "pool"
    builder.selected = "a_layer_not_in_the_model_yet"
    assert inspector.layer == "pool"


def test_several_inputs_are_given_as_a_list():
    from kerasnb.layers import Input, merge
    from kerasnb.models import Model

    one, two = Input(shape=(3,), name="one"), Input(shape=(3,), name="two")
    model = Model(input=[one, two], output=merge([one, two], mode="sum", name="both"), name="two_inputs")
    inspector = Inspector(model, [np.ones((2, 3)), np.full((2, 3), 2.0)], layer="both")
    assert inspector.output.tolist() == [[3.0, 3.0, 3.0]]


def test_its_picture_stays_with_text():
    picture = Inspector(branching_model(), np.ones((2, 5), "float32"), layer="left").picture()
    assert picture.png.startswith(b"\x89PNG")
    assert picture.text.splitlines()[0] == 'Inspector(branching: layer "left", sample 0, learning phase 0)'
    assert picture.text.splitlines()[1] == "  left: Dense, relu, output (None, 4)"


def test_the_picture_that_stays_is_of_the_tab_that_is_shown():
    inspector = Inspector(small_cnn(), X, Y)
    output = inspector.picture()
    inspector.tab = "Saliency"
    saliency_of_it = inspector.picture()
    assert "how strongly each input value moves" in saliency_of_it.text
    assert saliency_of_it.png.startswith(b"\x89PNG") and saliency_of_it.png != output.png
    inspector.tab = "Weights"
    assert "weight " in inspector.picture().text


def test_a_wrong_prediction_is_told_in_words():
    inspector = Inspector(small_cnn(), X, Y)
    wrong = next(index for index in range(6) if inspector.model.predict(X)[index].argmax() != Y[index])
    inspector.sample = wrong
    assert inspector.sample_view["facts"][1][1].endswith(", wrong")


def test_outputs_that_are_no_probabilities_predict_no_class():
    from kerasnb.layers import Dense
    from kerasnb.models import Sequential

    inspector = Inspector(Sequential([Dense(2, input_shape=(3,))]), np.ones((1, 3), "float32"))
    assert inspector.sample_view["facts"] == []


def test_after_a_fit_the_output_is_computed_anew_when_asked_for(inspector):
    before, kernel = inspector.output, inspector.model.get_layer("conv").get_weights()
    inspector.model.get_layer("conv").set_weights([kernel[0] * 2 + 1, kernel[1]])
    inspector.subject.fitted()
    assert inspector.stale and not np.allclose(before, inspector.output)
    assert not inspector.stale


def test_every_kernel_can_be_turned_to_on_one_scale():
    from kerasnb.layers import Convolution2D
    from kerasnb.models import Sequential

    model = Sequential([Convolution2D(20, 2, 2, input_shape=(4, 4, 15), name="conv")])
    inspector = Inspector(model, np.ones((1, 4, 4, 15), "float32"))
    inspector.tab = "Weights"
    first = inspector.weights[0]["drawing"]
    assert (first["size"], first["first"], first["total"]) == ([256, 2, 2], 0, 300)
    inspector._handle_custom_msg({"kind": "kernels", "weight": "conv_W", "first": 256}, [])
    last = inspector.weights[0]["drawing"]
    assert (last["size"], last["first"], last["labels"][-1]) == ([44, 2, 2], 256, "14→19")
    assert (last["low"], last["high"]) == (first["low"], first["high"])
    pixels = np.frombuffer(last["pixels"], "uint8").reshape(44, 2, 2)[-1]
    kernel = model.get_layer("conv").get_weights()[0][:, :, 14, 19]
    assert np.abs(pixels / 255 * (last["high"] - last["low"]) + last["low"] - kernel).max() < last["high"] / 100


@pytest.mark.parametrize("message", [{"weight": "nope", "first": 0}, {"weight": "conv_W", "first": 4}, {"first": 0}])
def test_kernels_that_are_not_there_are_refused_in_words(inspector, message):
    inspector.tab = "Weights"
    shown = inspector.weights
    inspector._handle_custom_msg({"kind": "kernels", **message}, [])
    assert inspector.error["message"] and inspector.weights == shown


def test_labels_of_the_wrong_length_are_refused():
    with pytest.raises(DataError, match="x has 6 samples, but y has 5"):
        Inspector(small_cnn(), X, Y[:5])
    with pytest.raises(DataError, match=r"x has 6 samples, but y\[1\] has 4"):
        Inspector(small_cnn(), X, [Y, Y[:4]])
    assert Inspector(small_cnn(), X, list(Y)).sample_view["facts"][0] == ["label", "0"]


def test_word_numbers_are_shown_as_words():
    from kerasnb.layers import Embedding
    from kerasnb.models import Sequential

    model = Sequential([Embedding(9, 3, input_length=4, name="embed")])
    inspector = Inspector(model, np.array([[0, 2, 1, 7]]), vocabulary={"film": 1, "good": 2})
    assert inspector.sample_view["words"] == ["good", "film", "#7"]
    with pytest.raises(ArgumentError, match=r"vocabulary=tokenizer\.word_index"):
        Inspector(model, np.array([[0, 2, 1, 7]]), vocabulary=3)


def test_saliency_is_drawn_as_the_input_and_is_the_gradient_of_the_answer(backend):
    model = small_cnn()
    inspector = Inspector(model, X)
    inspector.tab = "Saliency"
    assert inspector.error == {} and inspector.view["size"] == [1, 8, 8]
    drawn = np.frombuffer(inspector.view["pixels"], "uint8").reshape(8, 8)
    exact = saliency(model, [X[:1]])[0][0, :, :, 0]
    assert np.array_equal(drawn, np.rint(exact / exact.max() * 255))


def test_the_input_that_a_unit_answers_to_answers_more_than_the_sample(backend):
    model = small_cnn()
    inspector = Inspector(model, X)
    inspector.tab, inspector.unit = "Maximizes", 2
    view = inspector.view
    assert (view["kind"], view["size"], view["unit"], view["units"]) == ("maps", [1, 8, 8], 2, 4)
    exec(inspector.code, found := {"model": model, "x": X})
    conv = K.function([model.input], [model.get_layer("conv").output])
    assert conv([found["values"]])[0][..., 2].mean() > conv([X[:1]])[0][..., 2].mean()


def test_a_unit_that_the_layer_does_not_have_is_refused_and_another_layer_begins_with_its_first(inspector):
    inspector.unit = 3
    with pytest.raises(DataError, match='no unit 4 of "conv"; it has 4'):
        inspector.unit = 4
    inspector.layer = "out"
    assert inspector.unit == 0


def test_the_picture_is_saved_as_png_or_svg_and_nothing_else(inspector, tmp_path):
    inspector.save(tmp_path / "conv.png")
    inspector.tab = "Weights"
    inspector.save(tmp_path / "kernels.svg")
    assert (tmp_path / "conv.png").read_bytes().startswith(b"\x89PNG")
    assert "small_cnn: weight conv_W" in (tmp_path / "kernels.svg").read_text()
    with pytest.raises(ArgumentError, match='as png or svg, got "bmp"'):
        inspector.save(tmp_path / "conv.bmp")
    assert not (tmp_path / "conv.bmp").exists()


def test_a_click_on_svg_sends_the_picture_with_its_name(inspector, monkeypatch):
    sent = []
    monkeypatch.setattr(inspector, "send", lambda message, buffers=None: sent.append((message, buffers)))
    inspector._handle_custom_msg({"kind": "export", "format": "svg"}, [])
    ((message, (picture,)),) = sent
    assert message == {"export": "small_cnn-conv-output-0.svg"} and b"small_cnn: feature maps" in picture
    inspector._handle_custom_msg({"kind": "export", "format": "gif"}, [])
    assert 'got "gif"' in inspector.error["message"]


def test_saliency_of_an_output_that_is_chosen_is_its_own_gradient(backend):
    model = small_cnn()
    inspector = Inspector(model, X)
    inspector.tab, inspector.answer = "Saliency", 1
    assert (inspector.view["unit"], inspector.view["units"]) == (1, 3)
    exact = saliency(model, [X[:1]], 1)[0]
    assert not np.allclose(exact, saliency(model, [X[:1]], 2)[0])
    exec(inspector.code, found := {"model": model, "x": X})
    np.testing.assert_allclose(found["values"], exact, rtol=1e-5)
    drawn = np.frombuffer(inspector.view["pixels"], "uint8").reshape(8, 8)
    assert np.array_equal(drawn, np.rint(exact[0, :, :, 0] / exact.max() * 255))
    inspector.answer = 3
    assert "outputs 0 to 2, got 3" in inspector.error["message"]


def test_what_is_compared_is_saved_in_one_picture(inspector, tmp_path):
    inspector.compare(sample=3)
    inspector.save(tmp_path / "both.svg")
    text = (tmp_path / "both.svg").read_text()
    assert "small_cnn: feature maps, conv, sample 0" in text and "feature maps, conv, sample 3" in text
    inspector.beside = {}
    inspector.save(tmp_path / "one.svg")
    assert "sample 3" not in (tmp_path / "one.svg").read_text()


def test_samples_that_the_model_does_not_take_are_refused_in_words():
    with pytest.raises(DataError, match=r"a sample of x has the shape \(5, 8, 1\); the model takes \(8, 8, 1\)"):
        Inspector(small_cnn(), X[:, :5])


def test_what_could_not_be_computed_is_not_saved(tmp_path, monkeypatch):
    monkeypatch.setattr(inspector_module, "looked_at", lambda *given: 1 / 0)
    inspector = Inspector(small_cnn(), X)
    with pytest.raises(ArgumentError, match="nothing is shown"):
        inspector.save(tmp_path / "conv.png")


def test_two_samples_of_a_layer_stand_side_by_side_on_one_scale(inspector):
    inspector.compare(sample=3)
    one, other = inspector.view, inspector.view_beside
    assert (other["layer"], other["sample"], other["size"]) == ("conv", 3, [4, 6, 6])
    assert (one["low"], one["high"]) == (other["low"], other["high"])
    highest = layer_output(inspector.model, inspector.model.get_layer("conv"), [X[[0, 3]]]).max()
    assert one["high"] == pytest.approx(highest, rel=1e-5)


def test_two_layers_stand_side_by_side_and_follow_the_tab(inspector):
    inspector.compare("pool")
    assert (inspector.view_beside["layer"], inspector.view_beside["size"]) == ("pool", [4, 3, 3])
    inspector.tab = "Gradients"
    assert (inspector.view_beside["tab"], inspector.view_beside["title"]) == ("Gradients", "Gradient at this layer")
    inspector.beside = {}
    assert inspector.view_beside == {}


@pytest.mark.parametrize(
    "beside, error", [({"layer": "nope", "sample": 0}, UnknownNameError), ({"layer": "conv", "sample": 9}, DataError)]
)
def test_a_comparison_with_what_is_not_there_is_refused(inspector, beside, error):
    with pytest.raises(error):
        inspector.beside = beside
    inspector.set_state({"beside": {"layer": "conv"}})
    assert "needs a layer and the number of a sample" in inspector.error["message"]
    assert inspector.beside == inspector.view_beside == {}


def test_a_comparison_ends_when_its_layer_is_gone(inspector):
    from kerasnb.widgets.freeze.fine_tuning import cut_head

    inspector.compare("out")
    cut_head(inspector)
    assert inspector.beside == inspector.view_beside == {} and inspector.error == {}


# ---- layers inside models, shared layers, several ends


def data_of(model):
    random = np.random.RandomState(0)
    arrays = [random.rand(4, *tensor._keras_shape[1:]).astype("float32") for tensor in model.inputs]
    return arrays if len(arrays) > 1 else arrays[0]


@pytest.mark.parametrize("make", CONNECTED)
def test_every_layer_of_any_model_can_be_looked_at(make, backend):
    model = make()
    inspector = Inspector(model, data_of(model))
    names = {"model": model, "x": data_of(model)}
    for row in inspector.layers:
        for tab in ("Output", "Weights"):
            inspector.tab, inspector.layer = tab, row["name"]
            inner = row["name"].startswith("each/") and tab == "Output"
            assert ("runs inside another layer" in inspector.error.get("message", "")) == inner
            if not inner and tab == "Output":
                exec(inspector.code, names)
                np.testing.assert_allclose(names["values"], inspector.output, rtol=1e-4, atol=1e-6)


def test_a_layer_inside_a_model_is_named_by_its_path():
    model = with_backbone()
    inspector = Inspector(model, data_of(model), layer="backbone/conv_1")
    assert inspector.output.shape == (1, 4, 4, 2)
    assert "model.get_layer('backbone').get_layer('conv_1')" in inspector.source
    assert [(row["depth"], row["inside"]) for row in inspector.layers][:3] == [(0, 0), (0, 3), (1, 0)]


def test_each_call_of_a_shared_layer_has_an_output_of_its_own(backend):
    model = siamese()
    x = data_of(model)
    inspector = Inspector(model, x, layer="shared")
    first = inspector.output
    inspector.layer = "shared again"
    W, b = model.get_layer("shared").get_weights()
    outputs = [np.maximum(part[:1] @ W + b, 0) for part in x]
    assert any(np.allclose(first, one, rtol=1e-4) for one in outputs)
    assert any(np.allclose(inspector.output, one, rtol=1e-4) for one in outputs)
    assert not np.allclose(first, inspector.output)


def test_facts_of_a_model_with_several_outputs_are_those_of_each():
    model = many_ends()
    inspector = Inspector(model, data_of(model))
    assert len(inspector.sample_view["others"]) == 1
    model = Model(
        input=model.input, output=[Dense(2, activation="softmax", name=name)(model.outputs[0]) for name in "uv"]
    )
    told = Inspector(model, data_of(model), [np.eye(2)[[0, 1, 0, 1]]] * 2).sample_view["facts"]
    assert [word for word, *_ in told] == [f"{name}: {word}" for name in "uv" for word in ("label", "predicted", "p")]


def test_freezing_a_layer_inside_shows_at_it():
    model = with_backbone()
    inspector = Inspector(model, data_of(model))
    model.get_layer("backbone").layers[0].trainable = False
    inspector.subject.look()
    assert [row["name"] for row in inspector.layers if row["frozen"]] == ["backbone/conv_1"]
