"""The document: edits, states, history; no widget anywhere."""

import sys

import numpy as np
import pytest

from kerasnb.errors import ArgumentError, GraphError, KerasnbError, UnknownNameError
from kerasnb.layers import Dense
from kerasnb.widgets.builder.document import edits
from kerasnb.widgets.builder.document.document import Document


def shapes(document):
    return {name: result.output and result.output.shape for name, result in document.results.items()}


def test_every_shape_is_known_as_layers_are_added(digits):
    assert shapes(digits) == {
        "input_1": (None, 8, 8, 1),
        "conv_1": (None, 6, 6, 16),
        "pool_1": (None, 3, 3, 16),
        "flatten_1": (None, 144),
        "dense_1": (None, 10),
    }


def test_counts_are_those_of_the_built_model(digits):
    assert digits.results["conv_1"].params == 160
    assert sum(result.params for result in digits.results.values()) == digits.to_model().count_params()


def test_multiply_adds_of_a_convolution_count_every_position(digits):
    assert digits.results["conv_1"].multiply_adds == 6 * 6 * 16 * 3 * 3


def test_new_layer_gets_a_short_name_and_the_next_number():
    document = Document(input_shape=(8, 8, 1))
    assert [document.add(name) for name in ("Convolution2D", "Convolution2D", "Dense")] == [
        "conv_1",
        "conv_2",
        "dense_1",
    ]


def test_layer_added_after_a_middle_one_stands_between(digits):
    digits.add("Dropout", after="pool_1", name="drop_1", p=0.5)
    assert digits.graph.inputs_of("flatten_1") == ["drop_1"]
    assert digits.graph.inputs_of("drop_1") == ["pool_1"]


def test_layer_added_on_a_connection_leaves_the_other_branch(branching):
    branching.add("Dropout", after="input_1", before="conv_a", name="drop_1")
    assert branching.graph.inputs_of("conv_a") == ["drop_1"]
    assert branching.graph.inputs_of("conv_b") == ["input_1"]


def test_merge_added_at_an_open_end_joins_all_open_ends(branching):
    assert set(branching.graph.inputs_of("merge_1")) == {"conv_a", "conv_b"}
    assert shapes(branching)["merge_1"] == (None, 8, 8, 8)


def test_required_argument_left_out_gets_a_usual_value():
    document = Document(input_shape=(4,))
    name = document.add("Dense")
    assert document.results[name].output.shape == (None, 32)


def test_shape_error_is_a_state_that_leaves_earlier_layers_right(digits):
    digits.add("Convolution2D", after="pool_1", name="conv_2", nb_filter=8, nb_row=5, nb_col=5)
    assert digits.failed == ["conv_2"]
    assert digits.results["pool_1"].output.shape == (None, 3, 3, 16)
    assert "conv_2" in str(digits.results["conv_2"].error)


def test_layers_after_an_error_say_whom_they_wait_for(digits):
    digits.add("Convolution2D", after="pool_1", name="conv_2", nb_filter=8, nb_row=5, nb_col=5)
    assert digits.results["flatten_1"].waits_for == digits.results["dense_1"].waits_for == "conv_2"


def test_last_good_model_outlives_an_error(digits):
    good = digits.graph
    digits.add("Convolution2D", after="pool_1", name="conv_2", nb_filter=8, nb_row=5, nb_col=5)
    assert digits.good is good
    assert digits.to_model().output_shape == (None, 10)


def test_duplicate_name_is_refused_and_changes_nothing(digits):
    before = digits.graph
    with pytest.raises(ArgumentError, match='"conv_1" is taken by a Convolution2D'):
        digits.rename("dense_1", "conv_1")
    assert digits.graph is before
    assert digits.undo_label == "add dense_1"


def test_circle_is_refused_and_changes_nothing(digits):
    before = digits.graph
    with pytest.raises(GraphError, match="close a circle"):
        digits.connect("dense_1", "conv_1")
    assert digits.graph is before


@pytest.mark.parametrize("argument, value", [("activation", "reluu"), ("nb_filter", "many"), ("border_mode", "samee")])
def test_refused_argument_changes_nothing(digits, argument, value):
    before = digits.graph
    with pytest.raises(ArgumentError):
        digits.set_argument("conv_1", argument, value)
    assert digits.graph is before


def test_unknown_argument_offers_close_spellings(digits):
    with pytest.raises(UnknownNameError, match='Did you mean "nb_filter"'):
        digits.set_argument("conv_1", "nb_filters", 4)


def test_unknown_layer_class_offers_close_spellings(digits):
    with pytest.raises(UnknownNameError, match='"Dense"'):
        digits.add("Densee")


def test_argument_at_its_default_is_not_kept(digits):
    digits.set_argument("conv_1", "border_mode", "same")
    digits.set_argument("conv_1", "border_mode", "valid")
    assert "border_mode" not in digits.graph["conv_1"].arguments


def test_text_of_a_form_is_read_by_the_kind_of_its_field(digits):
    digits.set_arguments(
        "conv_1", {"nb_filter": "8", "subsample": "2, 2", "W_regularizer": "l2(0.01)", "bias": "False"}
    )
    assert shapes(digits)["conv_1"] == (None, 3, 3, 8)
    assert digits.results["conv_1"].params == 72


def test_removed_layer_joins_its_neighbours(digits):
    digits.remove("pool_1")
    assert digits.graph.inputs_of("flatten_1") == ["conv_1"]
    assert digits.is_good


def test_removed_branch_leaves_the_other(branching):
    branching.remove("conv_b")
    assert set(branching.graph.inputs_of("merge_1")) == {"conv_a", "input_1"}


def test_connecting_a_layer_of_one_input_replaces_its_connection(digits):
    digits.connect("conv_1", "flatten_1")
    assert digits.graph.inputs_of("flatten_1") == ["conv_1"]
    assert digits.results["flatten_1"].output.shape == (None, 576)


def test_a_layer_of_one_input_in_the_place_of_a_merge_says_so_and_what_joins_them_is_offered(branching):
    sources = branching.graph.inputs_of("merge_1")
    branching.replace("merge_1", "Dropout")
    assert f'reads one input, but "{sources[0]}" and "{sources[1]}" are connected' in str(
        branching.results["merge_1"].error
    )
    labels = [fix.label for fix in branching.fixes("merge_1")]
    assert labels == ["Concatenate() before it", f"read {sources[0]} only", "remove merge_1"]
    branching.apply(branching.fixes("merge_1")[0])
    (joined,) = branching.graph.inputs_of("merge_1")
    assert branching.is_good and branching.graph.inputs_of(joined) == sources


def test_disconnected_layer_says_it_has_no_input(digits):
    digits.disconnect("pool_1", "flatten_1")
    assert "has no input" in str(digits.results["flatten_1"].error)


def test_undo_and_redo_walk_through_all_steps(digits):
    states = [digits.graph]
    while digits.undo():
        states.append(digits.graph)
    assert len(states[-1]) == 1
    while digits.redo():
        states.pop()
        assert digits.graph is states[-1]
    assert len(states) == 1


def test_edit_after_undo_forgets_what_was_undone(digits):
    digits.undo()
    digits.add("Dense", output_dim=3)
    assert digits.redo() is None


def test_replaced_layer_keeps_the_arguments_both_have(digits):
    digits.replace("pool_1", "AveragePooling2D")
    assert digits.graph["pool_1"].class_name == "AveragePooling2D"
    assert digits.is_good


def test_edit_evaluates_only_what_it_changes(digits, monkeypatch):
    from kerasnb.widgets.builder.document import evaluation

    made = []
    monkeypatch.setattr(
        evaluation, "make_layer", lambda spec, make=evaluation.make_layer: made.append(spec.name) or make(spec)
    )
    digits.set_argument("dense_1", "output_dim", 5)
    assert made == ["dense_1"]


def test_undo_evaluates_nothing(digits, monkeypatch):
    from kerasnb.widgets.builder.document import evaluation

    monkeypatch.setattr(evaluation, "make_layer", None)
    assert digits.undo() == "add dense_1"


def test_input_without_shape_says_what_it_needs():
    document = Document()
    assert "shape of one sample" in str(document.results["input_1"].error)
    document.set_argument("input_1", "input_shape", "(8, 8, 1)")
    assert document.results["input_1"].output.shape == (None, 8, 8, 1)


@pytest.mark.parametrize("text", ["(0, 8)", "8 x 8", "('a',)"])
def test_senseless_input_shape_is_refused(text):
    document = Document()
    with pytest.raises(ArgumentError):
        document.set_argument("input_1", "input_shape", text)


def test_layer_names_that_code_and_files_cannot_hold_are_refused(digits):
    for name in ("", "two words", "a/b", "1st"):
        with pytest.raises(ArgumentError, match="cannot name a layer"):
            digits.rename("conv_1", name)


def test_mask_reaches_the_layers_that_cannot_take_it():
    document = Document(input_shape=(10,), input_dtype="int32")
    document.add("Embedding", name="words", input_dim=20, output_dim=4, mask_zero=True)
    document.add("Flatten", name="flatten_1")
    assert "mask" in str(document.results["flatten_1"].error)


def test_wrapped_layer_is_written_as_a_call():
    document = Document(input_shape=(5, 4))
    document.add("TimeDistributed", name="each", layer="Dense(3)")
    assert document.results["each"].output.shape == (None, 5, 3)


def test_listeners_hear_every_change(digits):
    heard = []
    digits.on_change(lambda: heard.append(digits.revision))
    digits.undo()
    digits.redo()
    assert len(heard) == 2


def test_building_loads_no_backend(subprocess_modules):
    modules = subprocess_modules(
        "from kerasnb.widgets.builder.document import Document\n"
        "document = Document(input_shape=(8, 8, 1))\n"
        "document.add('Convolution2D'); document.add('Flatten'); document.add('Dense'); document.to_model()"
    )
    assert not modules & {"tensorflow", "pytensor", "jax", "ipywidgets", "anywidget", "IPython", "traitlets"}


@pytest.fixture
def subprocess_modules():
    import subprocess

    def run(program):
        program += "\nimport sys; print(' '.join(name for name in sys.modules if '.' not in name))"
        return set(
            subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
        )

    return run


def test_layer_is_refused_as_a_regularizer(digits):
    with pytest.raises(ArgumentError, match="cannot be a layer"):
        digits.set_argument("dense_1", "W_regularizer", "Dense(3)")


def test_code_of_words_without_a_shape_yet_is_still_written():
    document = Document()
    document.add("Embedding", name="words")
    assert "Embedding(1000, 32, name='words')" in document.to_code()


def nope(x):
    return x.nope


def missing_key(x):
    return {}["a key that is not there"]


@pytest.mark.parametrize("function", [nope, missing_key, lambda x: 1 / 0, lambda x: None])
def test_whatever_a_function_raises_stands_at_its_layer(function):
    document = Document(input_shape=(4,))
    document.add("Lambda", name="mine", function=function)
    assert document.failed == ["mine"]
    assert str(document.results["mine"].error).startswith('Lambda "mine": ')
    assert document.undo() == "add mine"


def test_an_edit_that_is_interrupted_while_it_is_evaluated_leaves_the_document_as_it_was(digits):
    def interrupt(x):
        raise KeyboardInterrupt

    before = digits.graph, digits.results, digits.revision, digits.undo_label
    with pytest.raises(KeyboardInterrupt):
        digits.add("Lambda", function=interrupt)
    assert before == (digits.graph, digits.results, digits.revision, digits.undo_label)


BAD_SHAPES = [(8, -1), (0,), "abc", "8 x 8", 8.5, (2.5, 3), (True,), [[1], [2]], {8}, b"8"]


@pytest.mark.parametrize("shape", BAD_SHAPES)
def test_a_shape_that_makes_no_sense_is_refused_by_constructor_and_edit_alike(shape):
    with pytest.raises(ArgumentError, match="input_shape|cannot read"):
        Document(input_shape=shape)
    document = Document(input_shape=(4,))
    with pytest.raises(ArgumentError, match="input_shape|cannot read"):
        document.set_argument("input_1", "input_shape", shape)
    assert document.results["input_1"].output.shape == (None, 4)


@pytest.mark.parametrize("shape", [(8, 8), [8, 8], np.array([8, 8]), "(8, 8)", (np.int64(8), 8)])
def test_a_shape_may_be_any_sequence_of_whole_numbers(shape):
    assert Document(input_shape=shape).results["input_1"].output.shape == (None, 8, 8)


WRONG_KINDS = [
    ("input_1", "input_dtype", [1, 2]),
    ("input_1", "input_dtype", 3),
    ("conv_1", "nb_filter", 2.5),
    ("conv_1", "nb_filter", [3]),
    ("conv_1", "nb_filter", True),
    ("conv_1", "activation", ["relu"]),
    ("conv_1", "border_mode", ("same",)),
    ("conv_1", "bias", "yes"),
    ("conv_1", "bias", 2),
    ("conv_1", "subsample", {2}),
    ("conv_1", "W_regularizer", 0.01),
    ("pool_1", "strides", 2.5),
    ("dense_1", "init", {"name": "zero"}),
]


@pytest.mark.parametrize("name, argument, value", WRONG_KINDS)
def test_a_value_of_the_wrong_kind_is_refused_by_its_field_at_every_door(digits, name, argument, value):
    before, spec = digits.graph, digits.graph[name]
    with pytest.raises(ArgumentError, match=argument) as refused:
        digits.set_argument(name, argument, value)
    assert refused.value.arguments == (argument,)
    if not spec.is_input:
        with pytest.raises(ArgumentError, match=argument):
            digits.add(spec.class_name, **{argument: value})
        with pytest.raises(ArgumentError, match=argument):
            digits.replace(name, spec.class_name, **{argument: value})
    assert digits.graph is before
    with pytest.raises(ArgumentError, match=argument):
        Document.from_graph(edits.change(before, name, arguments={**spec.arguments, argument: value}))


class Unwilling:
    """A value that can be neither compared nor printed."""

    def __eq__(self, other):
        raise KeyError("no comparing")

    def __repr__(self):
        raise KeyError("no printing")


@pytest.mark.parametrize("argument", ["nb_filter", "activation", "W_regularizer", "subsample", "bias"])
def test_a_value_that_cannot_even_be_printed_is_refused(digits, argument):
    with pytest.raises(ArgumentError, match=argument):
        digits.set_argument("conv_1", argument, Unwilling())


@pytest.mark.parametrize("text", ["[" * 10000, "-" * 100000 + "1", "f(" * 3000 + ")" * 3000, "9" * 10000, "{[]: 1}"])
def test_text_of_any_length_and_depth_is_refused_in_few_words(digits, text):
    with pytest.raises(ArgumentError) as refused:
        digits.set_argument("conv_1", "nb_filter", text)
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize("nonsense", [7, None, ["a"], "", "two words", b"a"])
def test_what_is_no_name_of_a_layer_is_refused_in_words(digits, nonsense):
    attempts = [
        lambda: digits.remove(nonsense),
        lambda: digits.rename("conv_1", nonsense),
        lambda: digits.connect("conv_1", nonsense),
        lambda: digits.set_argument(nonsense, "p", 1),
        lambda: digits.set_argument("conv_1", nonsense, 1),
        lambda: digits.add("Dense", after=nonsense or 7),
        lambda: digits.add(nonsense),
        lambda: digits.fixes(nonsense),
    ]
    before = digits.graph
    for attempt in attempts:
        with pytest.raises(KerasnbError):
            attempt()
    assert digits.graph is before


def test_a_batch_size_and_the_shape_of_one_sample_replace_each_other():
    document = Document(input_shape=(5, 4))
    document.set_argument("input_1", "batch_input_shape", (2, 5, 4))
    assert document.graph["input_1"].arguments == {"batch_input_shape": (2, 5, 4)}
    document.set_argument("input_1", "input_shape", "(6, 4)")
    assert document.graph["input_1"].arguments == {"input_shape": (6, 4)}


def test_a_layer_given_as_an_object_is_kept_as_its_description():
    document = Document(input_shape=(5, 4))
    document.add("TimeDistributed", layer=Dense(3, activation="relu"))
    assert "TimeDistributed(Dense(3, activation='relu'" in document.to_code()


def test_hundreds_of_steps_are_all_taken_back(digits):
    start = digits.graph
    for units in range(11, 311):
        digits.set_argument("dense_1", "output_dim", units)
    for _ in range(300):
        digits.undo()
    assert digits.graph is start
