"""Where the axes of a chart have their numbers."""

import pytest

from kerasnb.report.ticks import epoch_ticks, even_ticks, log_ticks, tick_text


@pytest.mark.parametrize(
    "low, high, ticks",
    [
        (0.09, 2.4, [0.1, 0.2, 0.5, 1, 2]),
        (1e-4, 100, [1e-4, 1e-3, 0.01, 0.1, 1, 10, 100]),
        (0.6, 0.9, [0.6, 0.7, 0.8, 0.9]),
    ],
)
def test_a_log_axis_has_1_2_5_or_powers_of_ten_or_even_numbers(low, high, ticks):
    assert log_ticks(low, high) == pytest.approx(ticks)


def test_an_even_axis_has_about_five_round_numbers():
    assert even_ticks(-0.06, 1.06) == pytest.approx([0, 0.5, 1])
    assert even_ticks(0.81, 0.93) == pytest.approx([0.85, 0.9])


@pytest.mark.parametrize(
    "epochs, ticks", [(1, [1]), (5, [1, 2, 3, 4, 5]), (20, [1, 5, 10, 15, 20]), (7000, [1, 1167, 2334])]
)
def test_epochs_are_whole_and_begin_with_1(epochs, ticks):
    assert epoch_ticks(epochs)[: len(ticks)] == ticks and len(epoch_ticks(epochs)) <= 7


def test_ticks_are_written_without_noise():
    assert [tick_text(value) for value in (0.1 + 0.2, 0.0, 1200.0, 0.00005)] == ["0.3", "0", "1200", "5e-05"]
