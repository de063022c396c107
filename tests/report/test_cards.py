"""What is known about one layer."""

from kerasnb.layers import Dense
from kerasnb.report import layer_card, weight_cards
from tests.report.small_models import small_cnn


def test_phrase_says_what_sets_the_layer_apart():
    model = small_cnn()
    model.get_layer("conv").trainable = False
    assert [layer_card(layer).phrase for layer in model.layers] == [
        "Convolution2D 3x3, relu, frozen",
        "MaxPooling2D 2x2",
        "Flatten",
        "Dropout 0.5",
        "Dense, softmax",
    ]


def test_only_changed_arguments_are_listed():
    assert layer_card(small_cnn().get_layer("out")).changed == {"output_dim": 3, "activation": "softmax"}


def test_weight_cards_name_shape_and_figures():
    kernel, bias = weight_cards(small_cnn().get_layer("out"))
    assert (kernel.shape, bias.name, bias.statistics.zeros) == ((36, 3), "out_b", 3)


def test_card_of_a_layer_without_a_model_has_no_shapes():
    assert layer_card(Dense(3, name="alone")).output_shape is None


def test_a_model_used_as_a_layer_has_a_card_too():
    inner = small_cnn()
    card = layer_card(inner)
    assert (card.phrase, card.changed, card.params) == ("Sequential, 5 layers", {}, 151)
