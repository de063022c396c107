"""Names for objects, and functions as text."""

import pytest

from kerasnb.errors import ArgumentError, UnknownNameError
from kerasnb.utils import generic_utils as g
from kerasnb.utils.code_text import trusted_code


def test_custom_objects_are_forgotten_after_the_block():
    with g.custom_object_scope({"mine": 1}, {"other": 2}):
        assert g.get_custom_objects() == {"mine": 1, "other": 2}
    assert g.get_custom_objects() == {}


def test_custom_objects_are_forgotten_after_an_error_too():
    with pytest.raises(KeyError), g.custom_object_scope({"mine": 1}):
        raise KeyError
    assert g.get_custom_objects() == {}


def test_a_name_is_found_among_the_custom_objects_first():
    with g.custom_object_scope({"mine": max}):
        assert g.get_from_module("mine", {}, "thing") is max


def test_a_config_is_not_changed_by_reading_it():
    config = {"name": "dict", "a": 1}
    assert g.get_from_module(config, {"dict": dict}, "thing") == {"a": 1}
    assert config == {"name": "dict", "a": 1}


def test_a_config_without_a_name_is_refused():
    with pytest.raises(ArgumentError, match="needs its 'name'"):
        g.get_from_module({"a": 1}, {}, "thing")


def test_an_unknown_name_says_how_to_give_one_of_your_own():
    with pytest.raises(UnknownNameError, match='custom_objects={"nothing": ...}'):
        g.get_from_module("nothing", {}, "thing")


def test_a_dumped_function_comes_back_as_itself_in_this_process():
    def f(x):
        return x + 1

    assert g.func_load(g.func_dump(f)) is f


def test_code_from_elsewhere_runs_only_when_trusted():
    code = tuple(str(part) if isinstance(part, str) else part for part in g.func_dump(lambda x, y=2: x + y))
    with pytest.raises(ArgumentError, match="holds Python code, which is not run"):
        g.func_load(code)
    with trusted_code():
        assert g.func_load(code)(1) == 3


def test_broken_code_is_refused():
    with trusted_code(), pytest.raises(ArgumentError, match="cannot be read"):
        g.func_load("bm9uc2Vuc2U=")
