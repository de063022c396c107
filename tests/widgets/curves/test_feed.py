"""The stream of messages that a training becomes."""

import math

import pytest

from kerasnb.report import Run
from kerasnb.widgets.curves.feed import CurveFeed


class Clock:
    seconds = 0.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def feed():
    clock, sent = Clock(), []
    feed = CurveFeed(sent.append, Run(), clock)
    feed.set_params({"batch_size": 10, "nb_epoch": 3, "nb_sample": 100, "metrics": ["loss", "acc", "val_loss"]})
    feed.on_train_begin()
    feed.at, feed.sent = clock, sent
    return feed


def test_at_most_ten_messages_a_second_are_sent(feed):
    feed.on_epoch_begin(0)
    for step in range(1000):
        feed.at.seconds = step * 0.001
        feed.on_steps_end(step, {"loss": 1.0})
    assert 9 <= len(feed.sent) <= 11


def test_many_short_epochs_go_out_together_and_none_is_lost(feed):
    for epoch in range(50):
        feed.at.seconds += 0.01
        feed.on_epoch_begin(epoch)
        feed.on_epoch_end(epoch, {"loss": float(epoch)})
    feed.on_train_end()
    sent = [entry["loss"] for message in feed.sent for entry in message["epochs"]]
    assert sent == [float(epoch) for epoch in range(50)] and len(feed.sent) < 10


def test_each_message_says_where_its_epochs_begin(feed):
    for epoch in range(3):
        feed.at.seconds += 1
        feed.on_epoch_begin(epoch)
        feed.on_epoch_end(epoch, {"loss": 1.0})
    assert [message["start"] for message in feed.sent] == [0, 1, 2]


def test_progress_tells_the_batch_and_the_time_left(feed):
    feed.on_epoch_begin(0)
    feed.at.seconds = 2.0
    feed.on_steps_end(4, {"loss": 1.0})
    progress = feed.sent[-1]["progress"]
    assert (progress["batch"], progress["batches"], progress["seconds_per_batch"]) == (5, 10, 0.4)
    assert progress["seconds_left"] == pytest.approx(2.0 + 2 * 4.0)


def test_nan_travels_as_none_because_json_has_no_nan(feed):
    feed.on_epoch_begin(0)
    feed.on_epoch_end(0, {"loss": math.nan})
    assert feed.sent[-1]["epochs"] == [{"loss": None}]


def test_the_metric_is_known_before_the_first_epoch_ends(feed):
    feed.on_epoch_begin(0)
    feed.on_steps_end(0, {"loss": 1.0})
    assert (feed.sent[0]["metric"], feed.sent[0]["metric_title"]) == ("acc", "Accuracy")


def test_a_generator_without_batch_size_has_no_count_of_batches():
    feed = CurveFeed([].append, Run(), Clock())
    feed.set_params({"nb_epoch": 1, "nb_sample": 100})
    feed.on_train_begin()
    assert feed.progress()["batches"] == 0


def test_batches_of_a_generator_are_counted_by_its_steps(feed):
    feed.set_params({"nb_epoch": 3, "steps": 7, "metrics": ["loss"]})
    feed.on_train_begin()
    assert feed.progress()["batches"] == 7
