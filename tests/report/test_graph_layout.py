"""Where layers stand in a drawing."""

from itertools import pairwise

from kerasnb.report.graph_layout import HEIGHT, WIDTH, Cell, arrange

DIAMOND = ["in", "a", "b", "out"], [("in", "a"), ("in", "b"), ("a", "out"), ("b", "out")]


def test_chain_is_one_straight_column():
    layout = arrange(["a", "b", "c"], [("a", "b"), ("b", "c")])
    assert {x for x, _ in layout.positions.values()} == {0}
    assert [y for _, y in layout.positions.values()] == [0, 62, 124]


def test_branches_stand_side_by_side_in_the_order_they_were_made():
    positions = arrange(*DIAMOND).positions
    assert positions["a"][1] == positions["b"][1]
    assert positions["a"][0] + WIDTH < positions["b"][0]
    assert positions["in"][0] == positions["out"][0]


def test_passing_wire_runs_beside_the_layers_it_passes():
    layout = arrange(["a", "b", "c"], [("a", "b"), ("b", "c"), ("a", "c")])
    x, y = layout.positions["b"]
    for (left, top), (right, bottom) in pairwise(layout.wires["a", "c"].points):
        crosses = left == right and x <= left <= x + WIDTH and top < y + HEIGHT and bottom > y
        assert not crosses
    assert len({x for x, _ in layout.positions.values()}) == 1


def test_layers_never_overlap_in_a_wide_graph():
    names = ["in", *[f"n{i}" for i in range(9)], "out"]
    edges = [("in", name) for name in names[1:-1]] + [(name, "out") for name in names[1:-1]]
    row = sorted(x for name, (x, _) in arrange(names, edges).positions.items() if name.startswith("n"))
    assert all(right - left >= WIDTH for left, right in pairwise(row))


def test_input_that_is_read_late_stands_above_its_reader():
    layout = arrange(["x", "a", "b", "y", "m"], [("x", "a"), ("a", "b"), ("b", "m"), ("y", "m")])
    assert layout.positions["y"][1] == layout.positions["b"][1]


def test_crossing_branches_are_untangled():
    edges = [("in", "a"), ("in", "b"), ("b", "c"), ("a", "d"), ("c", "out"), ("d", "out")]
    positions = arrange(["in", "a", "b", "c", "d", "out"], edges).positions
    assert (positions["a"][0] < positions["b"][0]) == (positions["d"][0] < positions["c"][0])


def test_same_graph_is_always_laid_out_alike():
    assert arrange(*DIAMOND) == arrange(*DIAMOND)


def test_thousand_layers_are_no_problem():
    names = [str(number) for number in range(1000)]
    assert arrange(names, list(pairwise(names))).height == 1000 * 62 - 16


def test_single_layer_and_empty_graph_are_drawn_too():
    assert arrange(["a"], []).width == WIDTH
    assert arrange([], []).positions == {}


def test_layer_that_is_used_twice_stands_above_what_it_reads():
    """`dense(between(dense(x)))`: the wire that closes the circle runs up along the one that goes down."""
    layout = arrange(["dense", "x", "between"], [("x", "dense"), ("between", "dense"), ("dense", "between")])
    assert [layout.positions[name][1] for name in ("x", "dense", "between")] == [0, 62, 124]
    assert layout.wires["between", "dense"].points == layout.wires["dense", "between"].points[::-1]


def test_layer_that_reads_itself_has_a_wire_at_its_side():
    layout = arrange(["x", "dense"], [("x", "dense"), ("dense", "dense")])
    wire = layout.wires["dense", "dense"]
    assert wire.points[0][0] == wire.points[-1][0] == WIDTH and wire.points[0][1] > wire.points[-1][1]
    assert layout.width == max(x for x, _ in wire.points) > WIDTH


def test_cells_may_have_another_size():
    layout = arrange(*DIAMOND, Cell(width=100, height=20, column_gap=10, row_gap=30))
    assert layout.width == 210 and layout.height == 3 * 20 + 2 * 30
