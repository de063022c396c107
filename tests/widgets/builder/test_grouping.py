"""Blocks that a large model repeats: one box while folded, layers otherwise; the document is the same either way."""

import pytest

from kerasnb.errors import ArgumentError
from kerasnb.widgets import Builder
from kerasnb.widgets.builder import Document

BLOCK = (("Convolution2D", {"nb_filter": 2, "nb_row": 3, "nb_col": 3, "border_mode": "same"}), ("Activation", {}))


def document(blocks):
    made = Document(input_shape=(4, 4, 1))
    for number in range(blocks):
        for kind, arguments in BLOCK:
            made.add(kind, name=f"{kind[0].lower()}{number}", **arguments)
    made.add("Flatten", name="flat")
    return made


@pytest.fixture
def builder():
    return Builder(document(10).to_model())


def send(builder, **message):
    builder._receive(builder, message, [])


def drawn(builder):
    nodes = [node["name"] for node in builder.state["nodes"] if not node["box"]]
    return nodes + [block["box"] for block in builder.state["blocks"] if block["folded"]]


def wires(builder):
    return [(edge["source"], edge["target"]) for edge in builder.state["edges"]]


def test_a_large_model_is_opened_with_its_repeated_blocks_as_one_box(builder):
    assert drawn(builder) == ["input_1", "flat", "blocks from c0"]
    assert wires(builder) == [("input_1", "blocks from c0"), ("blocks from c0", "flat")]
    (block,) = builder.state["blocks"]
    assert block["label"] == "10 x [Convolution2D, Activation], 20 layers, output (None, 4, 4, 2), 362 parameters"
    assert builder.state["edges"][0]["connections"] == [["input_1", "c0"]]


def test_every_layer_is_in_the_table_the_text_and_the_drawing_of_a_folded_model(builder):
    assert len(builder.state["nodes"]) == 22 and builder.state["status"]["aside"] == "22 layers"
    assert builder.picture().text.count("Convolution2D") == builder.picture().svg.count("Convolution2D") == 10


def test_unfolding_draws_each_layer_with_a_bracket_for_each_block(builder):
    revision = builder.state["revision"]
    send(builder, type="fold", name="c3", folded=False)
    assert len(drawn(builder)) == 22 and len(wires(builder)) == 21
    assert builder.state["blocks"][0]["brackets"][1] == [62 * 3, 62 * 4 + 46]
    assert builder.state["revision"] == revision and builder.document.undo_label is None
    send(builder, type="fold", name="c0", folded=True)
    assert len(drawn(builder)) == 3


def test_blocks_fold_while_the_model_trains(builder):
    with builder.model.control.running("net"):
        send(builder, type="fold", name="c3", folded=False)
    assert builder.state["refused"] is None and len(drawn(builder)) == 22


@pytest.mark.parametrize(
    "message, says",
    [
        ({"name": "flat", "folded": True}, '"flat" belongs to no blocks'),
        ({"name": "gone", "folded": True}, '"gone" is gone'),
        ({"name": "c0", "folded": 1}, '"folded" as true or false'),
    ],
)
def test_what_cannot_be_folded_is_refused_in_words(builder, message, says):
    send(builder, type="fold", **message)
    assert says in builder.state["refused"]["message"] and len(drawn(builder)) == 3


def test_a_folded_block_is_selected_and_frozen_as_its_layers_are(builder):
    builder.selection = builder.state["blocks"][0]["names"]
    assert builder.several["title"] == "10 x [Convolution2D, Activation]" and builder.several["folded"]
    assert builder.several["detail"] == "20 layers, 362 parameters"
    send(builder, type="trainable", names=builder.selection, trainable=False)
    assert builder.state["blocks"][0]["frozen"] and builder.document.undo() is not None
    assert not builder.state["blocks"][0]["frozen"]


def test_a_block_shows_its_layers_when_one_of_them_breaks(builder):
    builder.set("c5", nb_row=9, border_mode="valid")
    assert builder.state["first_error"] == "c5" and "c5" in drawn(builder)
    builder.undo()
    assert drawn(builder) == ["input_1", "flat", "blocks from c0"]


def test_an_edit_inside_leaves_what_still_repeats_folded(builder):
    builder.add("Dropout", after="a2", name="drop", p=0.5)
    assert [(block["title"][:4], block["folded"]) for block in builder.state["blocks"]] == [
        ("3 x ", True),
        ("7 x ", True),
    ]


def test_blocks_that_are_made_by_editing_are_not_folded():
    builder = Builder(document(8).to_model())
    assert builder.state["blocks"] == []
    builder.duplicate("c7", "a7")
    assert [block["folded"] for block in builder.state["blocks"]] == [False] and len(drawn(builder)) == 20


def test_small_models_are_drawn_layer_by_layer():
    builder = Builder(document(4).to_model())
    assert builder.state["blocks"] == []
    with pytest.raises(ArgumentError, match="from 20 layers on"):
        builder.fold("c0")
