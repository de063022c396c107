"""Tab completion of `%kerasnb`, as IPython asks for it."""

import pytest
from IPython.core.completer import provisionalcompleter

from kerasnb.magics.tree import COMMANDS
from tests.report.connected_models import with_backbone


@pytest.fixture
def complete(shell):
    """`complete("%kerasnb f")` gives the completions at the end of that text, as a kernel asks for them."""

    def at_end(text):
        with provisionalcompleter():
            return [text[: found.start] + found.text for found in shell.Completer.completions(text, len(text))]

    return lambda text: [whole.split()[-1] for whole in at_end(text)]


def test_commands_come_first(complete):
    assert sorted(complete("%kerasnb ")) == sorted(COMMANDS)
    assert complete("%kerasnb fr") == ["freeze", "fresh"]


def test_assigned_magics_are_completed_too(complete):
    assert complete("rows = %kerasnb su") == ["summary"]


def test_options_of_a_command_come_once_begun(complete):
    assert complete("%kerasnb code m --s") == ["--style"]
    assert complete("%kerasnb code m --style ") == ["keras1", "keras2"]
    assert "--style" not in complete("%kerasnb code m --style keras1 -")


def test_models_are_offered_where_a_model_belongs(complete, digits_cnn, samples):
    offered = complete("%kerasnb summary ")
    assert "digits_cnn" in offered and "x_train" not in offered


def test_layers_are_those_of_the_model_on_the_line(complete, digits_cnn):
    assert complete("%kerasnb inspect digits_cnn c") == ["conv_1"]
    assert complete("%kerasnb freeze digits_cnn conv_1 --up-to d") == ["dense_1", "drop_1"]
    assert "conv_1" not in complete("%kerasnb freeze digits_cnn conv_1 ")


def test_layers_of_a_model_that_is_not_whole_yet_are_offered(complete, kerasnb):
    kerasnb("build net --input 4,4,1").add("Convolution2D", nb_filter=1, nb_row=9, nb_col=9, name="conv_9")
    assert complete("%kerasnb freeze net c") == ["conv_9"]


def test_arguments_of_the_layer_are_offered_in_both_spellings(complete, digits_cnn):
    assert complete("%kerasnb set digits_cnn dense_1 output_dim=3 un") == ["units="]
    assert complete("%kerasnb set digits_cnn conv_1 nb_f") == ["nb_filter="]


def test_arrays_are_offered_where_an_array_belongs(complete, digits_cnn, samples):
    assert complete("%kerasnb fit digits_cnn --x ") == ["x_train", "x_val", "y_train", "y_val"]
    assert complete("%kerasnb fit digits_cnn --validation x_val y") == ["y_train", "y_val"]


@pytest.mark.parametrize(
    "text, some",
    [
        ("%kerasnb fit m --optimizer ad", "adam"),
        ("%kerasnb fit m --loss m", "mse"),
        ("%kerasnb backend th", "theano"),
        ("%kerasnb data ", "digits"),
        ("%kerasnb help f", "fit"),
        ("%kerasnb build m --tab ", "canvas"),
    ],
)
def test_names_of_each_kind_are_offered(complete, text, some):
    assert some in complete(text)


def test_other_lines_are_left_to_ipython(complete, shell):
    shell.user_ns["fitness"] = 1
    assert "fitness" in complete("x = fitn")


def test_layers_inside_models_are_completed_by_their_paths(complete, shell):
    shell.user_ns["net"] = with_backbone()
    assert "backbone/conv_1" in complete("%kerasnb freeze net ")
    assert complete("%kerasnb inspect net backbone/n") == ["backbone/norm_1"]
    assert "backbone/conv_1" not in complete("%kerasnb rm net ")
