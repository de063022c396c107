"""Numbers, counts and shapes as people read them."""

import pytest

from kerasnb.report.numbers import count, shape_text, three_decimals, writer_for


@pytest.mark.parametrize(
    "value, text",
    [
        (0.0614, "0.061"),
        (0, "0.000"),
        (12.5, "12.500"),
        (345.67, "345.7"),
        (12345.6, "12,346"),
        (1e-5, "1.00e-05"),
        (float("nan"), "nan"),
    ],
)
def test_values_are_written_with_as_many_decimals_as_tell_something(value, text):
    assert three_decimals(value) == text


def test_small_values_side_by_side_have_the_same_decimals():
    write = writer_for(-0.0036, 0.0016)
    assert (write(-0.0036), write(0.00009)) == ("-0.00360", "0.00009")


def test_what_is_not_known_is_a_question_mark():
    assert (count(None), shape_text(None), count(7210)) == ("?", "?", "7,210")
