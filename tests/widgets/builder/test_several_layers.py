"""Edits of several layers: each is one step, and what cannot stand elsewhere is refused in words."""

import pytest

from kerasnb.errors import ArgumentError, GraphError, UnknownNameError
from kerasnb.layers import Dense, Input
from kerasnb.models import Model, Sequential
from kerasnb.widgets.builder.document.document import Document


def chain(document):
    return [spec.name for spec in document.graph.ordered]


def shape(document, name):
    return document.results[name].output.shape


def test_several_layers_are_removed_in_one_step(digits):
    digits.remove("pool_1", "conv_1")
    assert chain(digits) == ["input_1", "flatten_1", "dense_1"] and shape(digits, "flatten_1") == (None, 64)
    assert digits.undo() == "remove pool_1, conv_1" and len(digits.graph) == 5


def test_removing_nothing_or_a_layer_that_is_gone_changes_nothing(digits):
    before = digits.graph
    with pytest.raises(ArgumentError, match="no layer"):
        digits.remove()
    with pytest.raises(UnknownNameError, match='"pool_7"'):
        digits.remove("conv_1", "pool_7")
    assert digits.graph is before and digits.undo_label == "add dense_1"


def test_a_shared_layer_and_its_further_call_are_removed_together(digits):
    digits.add("Dense", name="d", output_dim=10)
    digits.call_again("d", "d")
    digits.call_again("d", "d again")
    digits.remove("d", "d again")
    assert chain(digits)[-2:] == ["dense_1", "d"] and digits.graph["d"].shares is None


def test_a_copy_has_the_layers_arguments_the_next_name_and_goes_after_it(digits):
    assert digits.duplicate("dense_1") == ["dense_2"]
    assert digits.graph.inputs_of("dense_2") == ["dense_1"] and digits.graph.ends == ["dense_2"]
    assert digits.graph["dense_2"].arguments == digits.graph["dense_1"].arguments


def test_copies_keep_the_connections_among_them_and_go_after_all_of_them(digits):
    assert digits.duplicate("pool_1", "conv_1") == ["conv_2", "pool_2"]
    assert chain(digits) == ["input_1", "conv_1", "pool_1", "conv_2", "pool_2", "flatten_1", "dense_1"]
    assert digits.undo() == "duplicate pool_1, conv_1" and len(digits.graph) == 5


@pytest.mark.parametrize(
    "name, copied", [("hidden", "hidden_2"), ("fc1", "fc2"), ("block1_conv9", "block1_conv10"), ("res2a", "res2a_2")]
)
def test_a_copy_is_named_in_the_models_own_way(name, copied):
    document = Document(input_shape=(4,))
    document.add("Dense", name=name)
    assert document.duplicate(name) == [copied]


def test_layers_with_several_ways_in_or_out_are_copied_beside_themselves(branching):
    branching.duplicate("conv_a", "conv_b")
    assert branching.graph.inputs_of("conv_a_2") == branching.graph.inputs_of("conv_b_2") == ["input_1"]
    assert branching.graph.inputs_of("merge_1") == ["conv_a", "conv_b", "conv_a_2", "conv_b_2"]
    assert shape(branching, "merge_1") == (None, 8, 8, 16)


def test_a_merging_layer_is_copied_with_all_its_inputs(branching):
    branching.duplicate("merge_1")
    assert branching.graph.inputs_of("merge_2") == ["conv_a", "conv_b"]
    assert branching.graph.inputs_of("flatten_1") == ["merge_1"]


def test_a_residual_block_is_copied_as_one_layer_would_be(branching):
    branching.duplicate("conv_a", "conv_b", "merge_1")
    assert branching.graph.inputs_of("conv_b_2") == ["merge_1"]
    assert branching.graph.inputs_of("merge_2") == ["conv_a_2", "conv_b_2"]
    assert branching.graph.inputs_of("flatten_1") == ["merge_2"]


def test_the_whole_model_is_copied_as_a_second_one_beside_it(digits):
    digits.duplicate(*digits.graph.names)
    assert digits.is_good and digits.graph.outputs == ["dense_1", "dense_2"]
    assert digits.graph.inputs_of("conv_2") == ["input_2"]


def test_copies_go_where_they_are_told(digits):
    digits.duplicate("conv_1", after="input_1", before="conv_1")
    assert chain(digits)[:3] == ["input_1", "conv_2", "conv_1"]


def test_a_copy_of_a_frozen_layer_learns():
    document = Document(input_shape=(4,))
    document.add("Dense", name="dense_1")
    document.set_trainable("dense_1", False)
    document.duplicate("dense_1")
    assert document.graph["dense_2"].trainable


def test_copies_of_two_calls_of_one_layer_are_two_calls_of_its_copy(digits):
    digits.add("Dense", name="d", output_dim=10)
    digits.call_again("d", "d")
    assert digits.duplicate("d", "d again") == ["d_2", "d_2 again"]
    assert digits.graph["d_2 again"].shares == "d_2" and digits.is_good


def test_what_no_arguments_describe_is_not_copied():
    document = Document.from_model(
        Sequential([Dense(3, input_shape=(3,)), Sequential([Dense(2, input_shape=(3,))], name="inner")])
    )
    with pytest.raises(ArgumentError, match='Sequential "inner": is shown as it is'):
        document.duplicate("inner")


def test_layers_move_after_another_one_in_one_step(digits):
    digits.duplicate("dense_1")
    digits.move("conv_1", "pool_1", after="dense_1")
    assert chain(digits) == ["input_1", "flatten_1", "dense_1", "conv_1", "pool_1", "dense_2"]
    assert digits.undo() == "move conv_1, pool_1 after dense_1"


def test_a_layer_moves_onto_one_connection(branching):
    branching.add("Dropout", name="drop_1", p=0.5)
    branching.move("drop_1", after="input_1", before="conv_b")
    assert branching.graph.inputs_of("conv_b") == ["drop_1"]
    assert branching.graph.inputs_of("conv_a") == ["input_1"]


def test_a_moved_last_layer_leaves_the_one_before_as_the_output(digits):
    digits.move("dense_1", after="conv_1")
    assert digits.graph.outputs == ["flatten_1"] and digits.graph.inputs_of("pool_1") == ["dense_1"]


def test_outputs_of_the_model_stay_where_layers_are_moved():
    document = Document.from_model(_with_two_outputs())
    assert document.graph.marked == ("middle", "last")
    document.move("first", after="last")
    assert document.graph.outputs == ["middle", "first"]
    document.move("middle", after="first")
    assert document.graph.outputs == ["middle"]


def _with_two_outputs():
    start = Input((4,), name="start")
    middle = Dense(4, name="middle")(Dense(4, name="first")(start))
    return Model(start, [middle, Dense(4, name="last")(middle)])


def test_layers_change_places_with_the_next_one_and_back(digits):
    digits.shift("conv_1", by=1)
    assert chain(digits) == ["input_1", "pool_1", "conv_1", "flatten_1", "dense_1"]
    digits.shift("conv_1", by=-1)
    assert chain(digits)[:3] == ["input_1", "conv_1", "pool_1"] and digits.undo_label == "move conv_1 up"


def test_layers_apart_from_each_other_each_move_by_one(digits):
    digits.shift("conv_1", "flatten_1", by=1)
    assert chain(digits) == ["input_1", "pool_1", "conv_1", "dense_1", "flatten_1"]
    digits.shift("conv_1", "flatten_1", by=-1)
    assert chain(digits) == ["input_1", "conv_1", "pool_1", "flatten_1", "dense_1"]


@pytest.mark.parametrize(
    "names, by, says",
    [
        (["dense_1"], 1, 'nothing reads "dense_1"'),
        (["conv_1"], -1, "no layer above"),
        (["input_1"], 1, "takes data"),
        (["conv_1"], 2, "by 1 or -1, got 2"),
        (["conv_1", "dense_1"], 1, "nothing reads"),
    ],
)
def test_a_step_past_the_ends_is_refused_and_changes_nothing(digits, names, by, says):
    before = digits.graph
    with pytest.raises((GraphError, ArgumentError), match=says):
        digits.shift(*names, by=by)
    assert digits.graph is before


@pytest.mark.parametrize(
    "names, after, says",
    [
        (["conv_a", "conv_b"], "flatten_1", "both lead out of conv_a, conv_b"),
        (["merge_1"], "flatten_1", 'read "conv_a" and "conv_b"'),
        (["flatten_1"], "flatten_1", "one of the layers to be moved"),
        (["flatten_1"], "gone", '"gone"'),
    ],
)
def test_what_does_not_stand_in_a_line_is_not_moved(branching, names, after, says):
    before = branching.graph
    with pytest.raises((GraphError, UnknownNameError), match=says):
        branching.move(*names, after=after)
    assert branching.graph is before


def test_a_layer_does_not_move_past_a_fork_or_a_merge_without_being_told_where(branching):
    branching.add("Activation", after="input_1", name="act_1", activation="relu")
    for name, by, says in (("act_1", 1, "read by 2 layers"), ("flatten_1", -1, '"merge_1" reads 2 layers')):
        with pytest.raises(GraphError, match=says):
            branching.shift(name, by=by)


def test_a_move_to_where_a_layer_stands_is_no_step(digits):
    before = digits.undo_label
    digits.move("pool_1", after="conv_1")
    assert digits.undo_label == before
