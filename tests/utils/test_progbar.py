"""Progbar: what it prints, with and without a known end."""

import io
import sys

import pytest

from kerasnb.utils.progbar import Progbar


def test_averages_are_weighted_by_units(capsys):
    bar = Progbar(4)
    bar.update(1, [("loss", 1.0)])
    bar.add(3, [("loss", 5.0)])
    last = capsys.readouterr().out.split("\r")[-1]
    assert last.startswith("4/4 [==============================] - 0s - loss: 4.0000") and last.endswith("\n")


def test_verbose_2_prints_one_line_at_the_end(capsys):
    bar = Progbar(2, verbose=2)
    bar.update(1, [("loss", 1.0)])
    assert capsys.readouterr().out == ""
    bar.update(2, [("loss", 3.0)])
    assert capsys.readouterr().out == "0s - loss: 2.0000\n"


@pytest.mark.parametrize("target", [None, -1])
def test_an_end_that_is_not_known_is_no_trouble(capsys, target):
    Progbar(target).update(3, [("loss", 1.0)], force=True)
    assert "3/Unknown - 0s - loss: 1.0000" in capsys.readouterr().out


def test_going_beyond_the_end_keeps_the_bar_as_long_as_it_is(capsys):
    Progbar(2).update(5)
    assert "5/2 [==============================]" in capsys.readouterr().out


class KernelOutput(io.StringIO):
    """What a Jupyter kernel puts in place of stdout: it sends what was written every so often."""

    flush_interval = 30
    flushes = 0

    def flush(self):
        self.flushes += 1


def test_in_a_kernel_it_writes_no_more_often_than_the_kernel_sends(monkeypatch):
    monkeypatch.setattr("sys.stdout", KernelOutput())
    bar = Progbar(100, interval=0)
    for done in range(1, 101):
        bar.update(done)
    assert sys.stdout.getvalue().count("\r") == 2  # the first and the last
    assert sys.stdout.getvalue().endswith("\n") and sys.stdout.flushes == 0
