"""Fixes are offered only when they work."""

import pytest

from kerasnb.widgets.builder.document.document import Document


def offers(document, name):
    return {fix.label: fix.shape for fix in document.fixes(name)}


@pytest.fixture
def too_large(digits):
    digits.add("MaxPooling2D", after="pool_1", name="pool_2", pool_size=(2, 2))
    digits.add("Convolution2D", after="pool_2", name="conv_2", nb_filter=8, nb_row=3, nb_col=3)
    return digits


def test_kernel_larger_than_its_input_is_offered_three_ways_out(too_large):
    found = offers(too_large, "conv_2")
    assert found["border_mode='same'"] == (None, 1, 1, 8)
    assert found["kernel 1x1"] == (None, 1, 1, 8)
    assert found["remove pool_2"] == (None, 1, 1, 8)


def test_every_offer_makes_the_layer_work(too_large):
    for fix in too_large.fixes("conv_2"):
        too_large.apply(fix)
        assert "conv_2" not in too_large.failed, fix.label
        too_large.undo()


def test_fix_is_one_step_that_undo_takes_back(too_large):
    before = too_large.graph
    too_large.apply(too_large.fixes("conv_2")[0])
    too_large.undo()
    assert too_large.graph is before


def test_recurrent_layer_on_a_vector_is_offered_sequences_upstream():
    document = Document(input_shape=(5, 4))
    document.add("LSTM", name="lstm_1", output_dim=3)
    document.add("LSTM", name="lstm_2", output_dim=3)
    assert offers(document, "lstm_2")["return_sequences=True in lstm_1"] == (None, 3)


def test_images_given_to_a_recurrent_layer_are_offered_a_reshape():
    document = Document(input_shape=(8, 8, 1))
    document.add("LSTM", name="lstm_1", output_dim=3)
    assert "Reshape((8, 8)) before it" in offers(document, "lstm_1")


def test_merge_of_different_sizes_is_offered_concatenation():
    document = Document(input_shape=(4,))
    document.add("Dense", name="a", output_dim=2)
    document.add("Dense", after="input_1", branch=True, name="b", output_dim=3)
    document.add("Merge", after="b", name="merge_1", mode="sum")
    assert offers(document, "merge_1")["mode='concat'"] == (None, 5)


def test_layer_without_input_is_offered_the_open_ends(digits):
    digits.disconnect("pool_1", "flatten_1")
    assert offers(digits, "flatten_1")["connect pool_1"] == (None, 144)
