"""The drawing of a model."""

from xml.etree import ElementTree as Xml

from kerasnb.report.graph_layout import arrange
from kerasnb.report.graph_svg import DrawnLayer, graph_svg

LAYERS = [
    DrawnLayer("input_1", "InputLayer", "core", (None, 8, 8, 1), 0),
    DrawnLayer("conv_1", "Convolution2D", "convolutional", (None, 6, 6, 16), 160, is_frozen=True),
]


def drawing(layers=LAYERS):
    names = [layer.name for layer in layers]
    return graph_svg(layers, arrange(names, [tuple(names)]), "digits: 2 layers")


def texts(svg):
    return [element.text for element in Xml.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_card_says_class_name_shape_and_count():
    assert texts(drawing())[4:] == ["Convolution2D", "conv_1", "(None, 6, 6, 16)", "160 params"]


def test_card_of_a_layer_without_a_shape_says_why_and_the_one_that_breaks_is_marked():
    broken = DrawnLayer("a", "Dense", "core", None, 0, trouble="no output shape", is_broken=True)
    svg = drawing([broken, DrawnLayer("b", "Dense", "core", None, 0, trouble="waiting for a")])
    assert texts(svg) == ["Dense", "a", "no output shape", "Dense", "b", "waiting for a"]
    assert svg.count('stroke="#b3261e"') == 1


def test_title_is_there_for_screen_readers():
    assert Xml.fromstring(drawing()).find("{http://www.w3.org/2000/svg}title").text == "digits: 2 layers"


def test_markup_in_names_is_escaped():
    odd = [LAYERS[0], DrawnLayer("<b>&", "Dense", "core", (None, 2), 4)]
    assert "<b>&" in texts(drawing(odd))


def test_name_that_does_not_fit_is_cut_with_an_ellipsis():
    long = [LAYERS[0], DrawnLayer("a" * 40, "Convolution2D", "convolutional", (None, 2), 4)]
    assert any(text.endswith("…") and len(text) < 16 for text in texts(drawing(long)))


def test_same_model_is_drawn_alike():
    assert drawing() == drawing()
