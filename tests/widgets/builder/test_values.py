"""Values as text and back."""

import pytest

from kerasnb.errors import ArgumentError
from kerasnb.widgets.builder.document.values import Call, parse, resolve, write


@pytest.mark.parametrize("text", ["None", "True", "-1", "0.25", "(3, 3)", "(-1,)", "[1, 2]", "((1, 1), (0, 0))"])
def test_literals_survive_the_round_trip(text):
    assert write(parse(text)) == text


def test_plain_word_is_a_name():
    assert parse("relu") == "relu"


@pytest.mark.parametrize("text", ["l2(0.01)", "l1l2(l1=0.01, l2=0.1)", "Dense(10, activation='relu')"])
def test_calls_survive_the_round_trip(text):
    assert write(parse(text)) == text


def test_call_is_made_into_its_object():
    assert resolve(parse("l2(0.5)")).get_config()["l2"] == 0.5


@pytest.mark.parametrize(
    "text",
    ["__import__('os').system('true')", "open('x').read()", "[x for x in y]", "1 +", "a.b", "f(*x)", "lambda: 1"],
)
def test_text_that_is_more_than_a_value_is_refused(text):
    with pytest.raises(ArgumentError):
        parse(text)


@pytest.mark.parametrize("name", ["eval", "open", "get", "Nonsense"])
def test_only_known_functions_are_called(name):
    with pytest.raises(ArgumentError):
        resolve(Call(name, ()))
