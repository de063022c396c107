"""The history of ratios: what a run adds, and which changes are called losses."""

import json

import pytest

from benchmarks import history, measure
from benchmarks.contestants import keras, ours
from benchmarks.plan import BENCHMARKS, Benchmark, Case, Figure

OURS, THEANO, SLOW, FAST = ours("tensorflow"), ours("theano"), keras("tensorflow"), keras("jax")
CASE = Case("MLP", ("mlp",), (OURS, THEANO, SLOW, FAST), tuned=("32",))
RATES = Benchmark("training", "Training", (Figure("rate", "samples/s"),), (CASE,), more_is_better=True)
TIMES = Benchmark("first_step", "First step", (Figure("seconds", "ms", 1000),), (CASE,))


def reports(key, *numbers, **costs):
    return {(): [{key: number, **costs} for number in numbers]}


def line(commit, ratio, spread=0.05, question="Training: MLP", **others):
    return {
        "commit": commit,
        "question": question,
        "who": "kerasnb, tensorflow",
        "against": "Keras 3, jax",
        "ratio": ratio,
        "lowest": ratio - spread,
        "highest": ratio + spread,
        "rounds": 3,
        **others,
    }


def test_a_line_holds_the_ratio_of_each_round_to_the_best_keras():
    mine = reports("rate", 30, 60, 30, cpu_seconds=2.0, peak_bytes=10)
    theirs = {(): [{"rate": 1}], ("32",): [{"rate": 10}, {"rate": 30}, {"rate": 20}]}
    runs = {(CASE, OURS): mine, (CASE, SLOW): reports("rate", 5, 5, 5), (CASE, FAST): theirs}
    (made,) = history.lines_of(RATES, runs, "abc")
    assert made.pop("date")
    assert made == {
        "commit": "abc",
        "question": "Training: MLP",
        "who": "kerasnb, tensorflow",
        "against": "Keras 3, jax",
        "ratio": 2.0,
        "lowest": 1.5,
        "highest": 3.0,
        "rounds": 3,
        "median": 30.0,
        "cpu_seconds": 2.0,
        "peak_bytes": 10,
    }


def test_where_less_is_better_half_the_time_is_a_ratio_of_two():
    runs = {(CASE, OURS): reports("seconds", 1, 1), (CASE, THEANO): reports("seconds", 4, 4)}
    lines = list(history.lines_of(TIMES, runs | {(CASE, SLOW): reports("seconds", 2, 2)}, "abc"))
    assert [(each["who"], each["ratio"], each["median"]) for each in lines] == [
        ("kerasnb, tensorflow", 2.0, 1000.0),
        ("kerasnb, theano", 0.5, 4000.0),
    ]


@pytest.mark.parametrize("peer", [{}, {(CASE, FAST): {(): [{"error": "no peers installed"}]}}])
def test_without_a_keras_beside_it_nothing_is_added(peer):
    lone = Case("MLP", ("mlp",), (OURS, FAST) if peer else (OURS,))
    runs = {(lone, OURS): reports("rate", 3)} | {(lone, who): each for (_, who), each in peer.items()}
    assert list(history.lines_of(RATES, runs, "abc")) == []


def test_a_ratio_below_its_best_is_a_loss_even_if_it_fell_step_by_step():
    lines = [line("a", 2.0), line("b", 1.9), line("c", 1.7)]
    assert [(kind, was["commit"], now["commit"]) for kind, was, now in history.changes(lines)] == [("loss", "a", "c")]


def test_a_ratio_within_the_spread_is_no_loss():
    assert history.changes([line("a", 2.0, spread=0.3), line("b", 1.6, spread=0.3)]) == []
    assert history.changes([line("a", 2.0), line("b", 1.85)]) == []
    assert history.changes([line("a", 2.0)]) == []


def test_a_ratio_above_the_one_before_is_a_gain():
    assert [kind for kind, *_ in history.changes([line("a", 1.0), line("b", 2.0)])] == ["gain"]


def test_of_a_commit_that_was_measured_twice_the_last_line_counts(tmp_path):
    path = tmp_path / "history.jsonl"
    assert history.read(path) == []
    history.append([line("a", 1.0), line("b", 1.0)], path)
    history.append([line("b", 3.0)], path)
    assert [(each["commit"], each["ratio"]) for each in history.read(path)] == [("a", 1.0), ("b", 3.0)]


def test_the_command_tells_losses_first_and_then_counts():
    lines = [line("a", 1.0, question="gained"), line("b", 2.0, question="gained"), line("a", 2.0), line("b", 1.0)]
    first, second, last = history.told(lines, everything=False)
    assert first.startswith(
        "loss: Training: MLP; kerasnb, tensorflow: 1 times Keras 3, jax at b (0.95 to 1.05 in 3 rounds)"
    )
    assert second.startswith("gain: gained")
    assert last == "2 questions, 1 losses."
    assert len(list(history.told(lines, everything=True))) == 6


def test_a_process_tells_what_it_used_beside_what_it_measured(capsys):
    measure.report(rate=3)
    told = measure.read_report(capsys.readouterr().out)
    assert told["rate"] == 3
    assert told["cpu_seconds"] > 0
    assert told["peak_bytes"] > 1 << 20


def test_what_compares_with_keras_runs_two_rounds_or_more():
    compared = [
        each for each in BENCHMARKS if any("Keras" in who.name for case in each.cases for who in case.contestants)
    ]
    assert {each.title: each.rounds for each in compared if each.rounds < 2} == {}


def test_every_line_of_the_history_can_be_read():
    for each in history.read():
        assert set(line("a", 1)) <= set(each), json.dumps(each)
