"""Runs of fit in words."""

import math

import pytest

from kerasnb.report import Run, best_epoch, history_text
from kerasnb.report.history import better, describe_run


@pytest.fixture
def run():
    logs = {"loss": [0.9, 0.4, 0.2], "val_loss": [0.8, 0.3, 0.5], "acc": [0.5, 0.8, 0.9], "val_acc": [0.6, 0.9, 0.85]}
    return Run(planned=3, logs=logs, outcome="done")


def test_best_epoch_has_the_lowest_validation_loss(run):
    best = best_epoch(run)
    assert (best.epoch, best.name, best.value) == (2, "val_loss", 0.3)


def test_best_epoch_without_validation_goes_by_the_training_loss():
    assert best_epoch(Run(logs={"loss": [3.0, 1.0]})).name == "loss"


def test_best_epoch_ignores_nan_and_may_be_missing():
    assert best_epoch(Run(logs={"loss": [math.nan, 2.0]})).epoch == 2
    assert best_epoch(Run(logs={"loss": [math.nan]})) is None


def test_history_text_is_deterministic_and_has_the_evidence(run):
    assert history_text("digits_cnn", run, 7210, 160) == (
        "digits_cnn: 7,210 parameters (160 frozen), 3 epochs, best epoch 2: val_loss 0.300, val_acc 0.900"
    )


def test_a_stopped_run_says_how_far_it_came(run):
    run.outcome, run.planned = "stopped", 20
    assert describe_run(run) == "stopped after 3 epochs of 20, best epoch 2, val_loss 0.300"


def test_a_metric_that_appears_late_is_aligned_with_its_epoch():
    run = Run()
    run.append({"loss": 1.0})
    run.append({"loss": 0.5, "acc": 0.7})
    assert math.isnan(run.logs["acc"][0]) and run.logs["acc"][1] == 0.7


def test_the_metric_is_not_the_loss_of_one_output(run):
    assert Run(logs={"loss": [1], "a_loss": [1], "a_acc": [1]}).metric == "a_acc"


def test_better_keeps_the_best_epoch_as_epochs_come_in():
    run, best = Run(), None
    for value in (3.0, 1.0, math.nan, 2.0):
        run.append({"loss": value})
        best = better(best, run)
    assert best == best_epoch(run) and best.epoch == 2


def test_a_run_cut_off_in_its_first_epoch_says_after_how_many_batches():
    run = Run(planned=5, outcome="stopped", batches=3)
    assert describe_run(run) == "stopped in epoch 1, after 3 batches"
    assert history_text("net", run) == "net: stopped in epoch 1, after 3 batches"


def test_only_a_run_without_a_single_batch_trained_nothing():
    assert describe_run(Run(planned=5, outcome="stopped")) == "nothing was trained"
