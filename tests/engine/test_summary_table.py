"""The table that a model's summary prints."""

from kerasnb.layers import Dense, Embedding, Input, merge
from kerasnb.models import Model, Sequential
from kerasnb.utils.layer_utils import count_total_params, print_summary


def lines_of(model):
    lines = []
    model.summary(print_fn=lines.append)
    return lines


def test_summary_says_shape_count_and_connection_of_each_layer(capsys):
    Sequential([Dense(3, input_shape=(4,)), Dense(2)]).summary()
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split("  ")[0] == "Layer (type)"
    assert lines[3].split() == ["dense_1", "(Dense)", "(None,", "3)", "15", "dense_input_1[0][0]"]
    assert lines[5].split() == ["dense_2", "(Dense)", "(None,", "2)", "8", "dense_1[0][0]"]
    assert lines[6] == "=" * 100
    assert lines[7:10] == ["Total params: 23", "Trainable params: 23", "Non-trainable params: 0"]


def test_frozen_weights_are_counted_apart():
    model = Sequential([Dense(3, input_shape=(4,), trainable=False), Dense(2)])
    assert lines_of(model)[-4:-1] == ["Total params: 23", "Trainable params: 8", "Non-trainable params: 15"]


def test_every_connection_of_a_shared_layer_gets_a_line():
    start, shared = Input((4,)), Dense(4, name="shared")
    twice = shared(shared(start))
    lines = lines_of(Model(start, merge([twice, start], mode="concat")))
    place = next(number for number, line in enumerate(lines) if line.startswith("shared"))
    assert [line.split()[-1] for line in lines[place : place + 2]] == ["input_1[0][0]", "shared[0][0]"]


def test_only_the_calls_in_the_model_are_shown():
    start, other = Input((4,)), Input((4,))
    layer = Dense(2)
    inside, _ = layer(start), layer(other)
    assert sum("input_" in line for line in lines_of(Model(start, inside))) == 2  # the input's row, one connection


def test_columns_end_where_they_are_told(capsys):
    print_summary(Sequential([Dense(3, input_shape=(4,), name="x" * 30)]).layers, None, 60, [20, 40, 50, 60])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "_" * 60
    row = lines[3]
    assert (row[:20], row[20:40], row[40:50], row[50:]) == (
        "x" * 19 + " ", "(None, 3)".ljust(20), "15".ljust(10), "dense_inp"
    )  # fmt: skip


def test_counts_leave_out_layers_that_were_counted_before():
    first, second = Dense(3, input_shape=(4,)), Dense(2)
    model = Sequential([first, second])
    counted = {first}
    assert count_total_params(model.layers, counted) == (8, 0)
    assert counted == {first, second}


def test_no_figure_is_cut():
    rows = 3_288_334_585
    model = Sequential([Embedding(rows, 32, input_length=1_000_000_000_000), Dense(2)])
    table = lines_of(model)
    assert str(32 * rows) in table[3].split()
    assert "(None, 1000000000000, 32)" in table[3]
    assert "embedding_input" in table[3]
    assert table[-4] == f"Total params: {32 * rows + 66:,}"
    assert model.count_params() == 32 * rows + 66


def test_counts_do_not_hang_on_the_width_of_numpys_integers(monkeypatch):
    monkeypatch.setattr("numpy.prod", lambda *_, **__: 1 / 0)
    assert Sequential([Embedding(3_000_000, 1000, input_length=4)]).count_params() == 3_000_000_000
