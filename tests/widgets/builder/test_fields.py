"""Forms read from constructors."""

from kerasnb.engine.layer import LAYERS, Layer
from kerasnb.layers import BatchNormalization, Convolution2D, Dense, MaxPooling2D
from kerasnb.widgets.builder.document.fields import fields_of, starting_arguments


def kinds(cls):
    return {field.name: field.kind for field in fields_of(cls)}


def test_kinds_follow_defaults_and_known_choices():
    found = kinds(Convolution2D)
    assert found["nb_filter"] == "integer"
    assert found["activation"] == found["init"] == "choice"
    assert found["border_mode"] == "segments"
    assert found["subsample"] == "integers"
    assert found["bias"] == "boolean"
    assert found["W_regularizer"] == "expression"


def test_arguments_that_hold_arrays_or_repeat_the_input_are_left_out():
    assert not {"weights", "input_dim", "name"} & set(kinds(Dense))


def test_default_window_of_pooling_is_two_numbers():
    assert kinds(MaxPooling2D)["pool_size"] == "integers"


def test_mode_of_normalization_is_a_choice_of_its_own():
    mode = next(field for field in fields_of(BatchNormalization) if field.name == "mode")
    assert mode.choices == (0, 1, 2)


def test_help_is_the_sentence_of_the_docstring():
    field = next(field for field in fields_of(Dense) if field.name == "output_dim")
    assert "output features" in field.help


def test_activations_offer_none_and_every_named_one():
    field = next(field for field in fields_of(Dense) if field.name == "activation")
    assert {None, "relu", "softmax", "tanh"} <= set(field.choices)
    assert "get" not in field.choices


def test_users_own_layer_has_a_form_without_further_ado():
    class Scale(Layer):
        """Times a factor.

        Args:
            factor: what to multiply by.
        """

        def __init__(self, factor=2.0, **kwargs):
            self.factor = factor
            super().__init__(**kwargs)

    try:
        assert [(field.name, field.kind, field.help) for field in fields_of(Scale)] == [
            ("factor", "number", "what to multiply by.")
        ]
    finally:
        LAYERS.pop("Scale")


def test_required_arguments_start_with_usual_values():
    assert starting_arguments(Convolution2D) == {"nb_filter": 16, "nb_row": 3, "nb_col": 3}
