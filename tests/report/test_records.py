"""Graphviz's records, and drawings of them without Graphviz."""

import re

import pytest

from kerasnb.errors import ArgumentError
from kerasnb.report.record_svg import record_svg
from kerasnb.report.records import record

LABEL = "name|{in|out}"


def texts(label: str, is_level: bool = True) -> dict[str, tuple]:
    """Text -> the rectangle where it stands, in a box of 90 by 60."""
    field = record(label, is_level)
    field_size = field.size
    return {text: tuple(map(round, place)) for text, *place in field.places(0, 0, *field_size)}


def rectangles(svg: str) -> list[tuple[float, float]]:
    """The corners of all boxes."""
    return [(float(x), float(y)) for x, y in re.findall(r'<rect x="([\d.]+)" y="([\d.]+)"', svg)]


def test_fields_stand_side_by_side_and_those_in_braces_one_above_the_other():
    places = texts(LABEL)
    assert places["in"][0] == places["out"][0] == places["name"][2]
    assert places["name"][3] == places["in"][3] + places["out"][3]


def test_fields_turn_with_the_graph():
    places = texts(LABEL, is_level=False)
    assert places["in"][1] == places["out"][1] == places["name"][3]


def test_escaped_signs_are_text_and_names_of_ports_are_not_shown():
    assert list(texts(r"<port>a\|b\{c\}\<d\>|e")) == ["a|b{c}<d>", "e"]
    assert list(texts(r"two\nlines")) == ["two\nlines"]


def test_braces_in_braces_turn_back_and_unclosed_ones_do_no_harm():
    places = texts("{a|{b|c}}")
    assert places["b"][1] == places["c"][1] == places["a"][3]
    assert list(texts("a|{b|{c")) == ["a", "b", "c"]


@pytest.mark.parametrize(("rankdir", "axis", "order"), [("TB", 1, 1), ("BT", 1, -1), ("LR", 0, 1), ("RL", 0, -1)])
def test_each_direction_puts_the_reader_where_it_says(rankdir, axis, order):
    first, second = rectangles(record_svg(["\ta -> b\n"], rankdir))
    assert (second[axis] - first[axis]) * order > 0
    assert first[1 - axis] == second[1 - axis]


def test_arrows_end_at_the_box_that_reads():
    svg = record_svg(["a -> b"])
    tip = re.search(r'<polygon points="([\d.]+),([\d.]+)', svg).groups()
    (left, top) = rectangles(svg)[1]
    assert float(tip[1]) == top and float(tip[0]) > left


def test_parts_that_only_graphviz_draws_are_refused():
    with pytest.raises(ArgumentError, match="subgraph"):
        record_svg(["\tsubgraph x {\n"])


def test_graph_without_boxes_is_an_empty_page():
    assert rectangles(record_svg([])) == []
