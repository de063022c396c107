"""Keras 2's enqueuers: what they give in which order, their ends, and where programs import them from."""

import itertools

import numpy as np
import pytest

from kerasnb import utils
from kerasnb.errors import ArgumentError, DataError
from kerasnb.utils.data_utils import GeneratorEnqueuer, OrderedEnqueuer, Sequence

both_ways = pytest.mark.parametrize("use_multiprocessing", [False, True], ids=["threads", "processes"])


class Squares(Sequence):
    def __init__(self):
        self.epoch = 0

    def __len__(self):
        return 4

    def __getitem__(self, index):
        return self.epoch, index**2

    def on_epoch_end(self):
        self.epoch += 1


@pytest.fixture
def taken():
    """Starts an enqueuer, takes its first batches, and ends it."""

    def take(enqueuer, count, **arguments):
        enqueuer.start(**arguments)
        batches = list(itertools.islice(enqueuer.get(), count))
        enqueuer.stop()
        assert not enqueuer.is_running()
        return batches

    return take


@both_ways
def test_an_ordered_enqueuer_gives_a_sequence_in_order_round_after_round(taken, use_multiprocessing):
    batches = taken(OrderedEnqueuer(Squares(), use_multiprocessing), 10, workers=3, max_queue_size=2)
    assert batches == [(number // 4, (number % 4) ** 2) for number in range(10)]


def test_an_ordered_enqueuer_that_shuffles_gives_each_batch_once_a_round(taken):
    np.random.seed(1)
    batches = taken(OrderedEnqueuer(Squares(), shuffle=True), 12)
    rounds = [[square for epoch, square in batches if epoch == number] for number in range(3)]
    assert all(sorted(one) == [0, 1, 4, 9] for one in rounds)
    assert any(one != [0, 1, 4, 9] for one in rounds)


@both_ways
def test_a_generator_enqueuer_gives_a_generator_in_order_and_ends_with_it(taken, use_multiprocessing):
    batches = taken(GeneratorEnqueuer((number for number in range(5)), use_multiprocessing), 9, max_queue_size=2)
    assert batches == [0, 1, 2, 3, 4]


def test_batches_end_when_the_enqueuer_is_stopped():
    enqueuer = OrderedEnqueuer(Squares())
    enqueuer.start()
    batches = enqueuer.get()
    assert enqueuer.is_running() and next(batches) == (0, 0)
    enqueuer.stop()
    assert list(batches) == [] and enqueuer.queue is None


def test_an_enqueuer_can_be_started_again(taken):
    enqueuer = OrderedEnqueuer(Squares())
    assert taken(enqueuer, 2) == [(0, 0), (0, 1)] and len(taken(enqueuer, 2)) == 2


def test_an_error_of_the_generator_surfaces_in_who_takes_its_batches():
    def broken():
        yield 1
        raise LookupError("no such picture")

    enqueuer = GeneratorEnqueuer(broken())
    enqueuer.start()
    with pytest.raises(LookupError, match="no such picture"):
        list(enqueuer.get())
    enqueuer.stop()


def drawing():
    while True:
        yield np.random.randint(10**6)


def test_random_numbers_in_processes_follow_the_seed(taken):
    first, again, other = (taken(GeneratorEnqueuer(drawing(), True, random_seed=seed), 3) for seed in (5, 5, 6))
    assert first == again != other


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        (lambda: OrderedEnqueuer(Squares()).get(), ArgumentError, "OrderedEnqueuer is not started"),
        (lambda: OrderedEnqueuer(iter([1])), DataError, "for a generator use GeneratorEnqueuer"),
        (lambda: GeneratorEnqueuer(Squares()), DataError, "use OrderedEnqueuer"),
        (lambda: GeneratorEnqueuer(drawing), DataError, "got function"),
        (lambda: OrderedEnqueuer(Squares()).start(workers=0), DataError, "workers must be a whole number of 1"),
        (lambda: OrderedEnqueuer(Squares()).start(max_queue_size=0), DataError, "max_queue_size must be"),
    ],
)
def test_wrong_uses_are_refused_in_words(wrong, error, says):
    with pytest.raises(error, match=says):
        wrong()


def test_they_are_found_where_keras_2_has_them():
    from kerasnb.engine.training import OrderedEnqueuer as in_training

    assert utils.OrderedEnqueuer is in_training is OrderedEnqueuer
    assert utils.GeneratorEnqueuer is GeneratorEnqueuer and issubclass(GeneratorEnqueuer, utils.SequenceEnqueuer)
