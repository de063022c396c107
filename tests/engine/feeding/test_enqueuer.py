"""GeneratorEnqueuer: order, limits, ends, errors, threads and processes that end."""

import itertools
import os
import signal
import threading
import time

import numpy as np
import pytest

from kerasnb.engine.feeding import processes
from kerasnb.engine.feeding.enqueuer import STOPPED, GeneratorEnqueuer, NoMoreBatches
from kerasnb.errors import ArgumentError, BackendError, DataError, GeneratorError

both_ways = pytest.mark.parametrize("pickle_safe", [False, True], ids=["threads", "processes"])


def until(condition, seconds=5):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        threading.Event().wait(0.005)


@pytest.fixture
def started():
    """Starts enqueuers, and ends them after the test."""
    running = []

    def start(generator, pickle_safe=False, **arguments):
        running.append(GeneratorEnqueuer(generator, pickle_safe))
        running[-1].start(**arguments)
        return running[-1]

    yield start
    for enqueuer in running:
        enqueuer.stop(1)
    assert not [thread for thread in threading.enumerate() if thread.name == "kerasnb-generator"]


class Numbers:
    """A Sequence of ten batches, which are their own numbers, with the number of the epoch."""

    def __init__(self):
        self.epoch = 0

    def __len__(self):
        return 10

    def __getitem__(self, index):
        return self.epoch, index

    def on_epoch_end(self):
        self.epoch += 1


def test_one_that_is_not_started_says_so_when_asked_for_a_batch():
    with pytest.raises(ArgumentError, match="not started"):
        GeneratorEnqueuer(itertools.count()).get()


@both_ways
def test_batches_come_in_the_generators_order(started, pickle_safe):
    enqueuer = started(itertools.count(), pickle_safe)
    assert [enqueuer.get() for _ in range(30)] == list(range(30))


def test_several_threads_share_a_generator_in_its_order(started):
    enqueuer = started((number for number in itertools.count()), nb_worker=4, max_q_size=3)
    assert [enqueuer.get() for _ in range(100)] == list(range(100))


@both_ways
def test_a_sequence_keeps_its_order_with_several_workers_and_ends_its_epochs(started, pickle_safe):
    enqueuer = started(Numbers(), pickle_safe, nb_worker=3, max_q_size=4)
    assert [enqueuer.get() for _ in range(25)] == [(number // 10, number % 10) for number in range(25)]


@both_ways
def test_the_queue_is_never_longer_than_its_limit(started, pickle_safe):
    enqueuer = started(itertools.count(), pickle_safe, nb_worker=2, max_q_size=3)
    for _ in range(20):
        until(lambda: enqueuer.queue.qsize() == 3)
        enqueuer.get()


def test_no_more_is_computed_ahead_than_the_limit(started):
    asked = []
    enqueuer = started((asked.append(number) for number in range(100)), nb_worker=3, max_q_size=4)
    until(lambda: enqueuer.queue.qsize() == 4)
    assert len(asked) == 4


def test_the_queue_can_be_used_directly_as_in_keras(started):
    enqueuer = started(iter("abc"), max_q_size=10, wait_time=0.01)
    until(lambda: not enqueuer.is_running())
    assert [enqueuer.queue.get(timeout=1) for _ in range(3)] == ["a", "b", "c"] and enqueuer.queue.empty()


def test_before_start_and_after_stop_there_is_no_queue():
    enqueuer = GeneratorEnqueuer(itertools.count())
    assert enqueuer.queue is None and not enqueuer.is_running()
    enqueuer.start()
    assert enqueuer.is_running()
    enqueuer.stop()
    assert enqueuer.queue is None and not enqueuer.is_running()
    enqueuer.stop()


@both_ways
def test_what_an_ended_generator_gave_is_not_lost(started, pickle_safe):
    enqueuer = started((number for number in range(3)), pickle_safe)
    assert [enqueuer.get() for _ in range(3)] == [0, 1, 2]
    with pytest.raises(NoMoreBatches):
        enqueuer.get()


def test_each_process_has_its_own_copy_of_the_generator(started):
    enqueuer = started((number for number in range(3)), True, nb_worker=2)
    assert sorted(enqueuer.get() for _ in range(6)) == [0, 0, 1, 1, 2, 2]


def test_processes_draw_different_random_numbers(started):
    enqueuer = started((np.random.rand() for _ in itertools.count()), True, nb_worker=2)
    drawn = [enqueuer.get() for _ in range(12)]
    assert len(set(drawn)) == 12


def test_processes_start_while_another_thread_draws_random_numbers(started):
    done = threading.Event()

    def draw():
        while not done.is_set():
            np.random.rand(100_000)

    threading.Thread(target=draw).start()
    try:
        for _ in range(5):
            assert 0 <= started((np.random.rand() for _ in itertools.count()), True).get() <= 1
    finally:
        done.set()


def test_a_process_that_does_not_start_is_given_up(monkeypatch):
    monkeypatch.setattr(processes, "_START", (0.05, 0.05))
    monkeypatch.setattr(processes, "_serve", lambda *arguments: threading.Event().wait())
    with pytest.raises(DataError, match=r"did not start within 0.05 s(.|\n)*pickle_safe=False"):
        GeneratorEnqueuer(itertools.count(), True).start()


def test_stopping_does_not_wait_for_a_sequence_that_prepares_its_epoch():
    go_on = threading.Event()

    class Slow(Numbers):
        def on_epoch_end(self):
            go_on.wait()

    enqueuer = GeneratorEnqueuer(Slow())
    enqueuer.start(nb_worker=2)
    for _ in range(10):
        enqueuer.get()
    began = time.monotonic()
    assert enqueuer.get(should_stop=lambda: True) is STOPPED
    enqueuer.stop(0)
    assert time.monotonic() - began < 1
    go_on.set()
    until(lambda: not [thread for thread in threading.enumerate() if thread.name == "kerasnb-generator"])


class OwnError(Exception):
    """An error of the user's, with something in it."""

    def __init__(self, code, where):
        super().__init__(f"{code} at {where}")
        self.code = code

    def __reduce__(self):
        return OwnError, (self.code, "home")


@both_ways
@pytest.mark.parametrize("error", [KeyError("lost"), OwnError(7, "home"), ZeroDivisionError("by nothing")], ids=repr)
def test_a_generators_error_is_of_its_own_class_and_a_value_error(started, pickle_safe, error):
    def failing():
        yield 1
        raise error

    enqueuer = started(failing(), pickle_safe)
    assert enqueuer.get() == 1
    with pytest.raises(type(error), match=f"the generator raised {type(error).__name__}: ") as caught:
        enqueuer.get()
    assert isinstance(caught.value, GeneratorError) and isinstance(caught.value, ValueError)
    assert type(caught.value.__cause__) is type(error) and getattr(caught.value, "code", None) == getattr(
        error, "code", None
    )
    assert not enqueuer.is_running()


@both_ways
def test_a_value_error_of_the_generator_stays_what_it_is(started, pickle_safe):
    def failing():
        raise ValueError("my own words")
        yield

    with pytest.raises(ValueError, match="^my own words") as caught:
        started(failing(), pickle_safe).get()
    assert type(caught.value) is ValueError


def test_an_error_that_cannot_travel_comes_as_its_text(started):
    class Stubborn(Exception):
        def __reduce__(self):
            raise TypeError("no copies")

    def failing():
        raise Stubborn("deep inside")
        yield

    with pytest.raises(DataError, match="Stubborn: deep inside"):
        started(failing(), True).get()


def test_a_batch_that_cannot_travel_is_an_error(started):
    with pytest.raises(ValueError, match=r"(?i)pickle|local object"):
        started(iter([lambda: None]), True).get()


def test_a_worker_process_that_dies_is_noticed(started):
    def dying():
        yield 1
        os.kill(os.getpid(), signal.SIGKILL)

    enqueuer = started(dying(), True, nb_worker=2)
    with pytest.raises(DataError, match=r"died \(exit code -9\)"):
        for _ in range(3):
            enqueuer.get()


def test_a_worker_process_refuses_the_backend_instead_of_hanging(started, backend):
    from kerasnb import backend as K

    x = K.placeholder((2,))
    double = K.function([x], [2 * x])
    double([np.ones(2)])
    enqueuer = started((double([np.ones(2)]) for _ in itertools.count()), True)
    with pytest.raises(BackendError, match=f"worker process cannot compute with {backend}"):
        enqueuer.get()


@both_ways
def test_stopping_does_not_wait_for_a_generator_that_hangs(pickle_safe):
    go_on = threading.Event()
    enqueuer = GeneratorEnqueuer((go_on.wait() for _ in range(3)), pickle_safe)
    enqueuer.start()
    began = time.monotonic()
    assert enqueuer.get(should_stop=lambda: True) is STOPPED
    enqueuer.stop(0)
    assert time.monotonic() - began < 2
    go_on.set()
    until(lambda: not [thread for thread in threading.enumerate() if thread.name == "kerasnb-generator"])


def test_a_generator_still_at_work_for_a_stopped_enqueuer_can_be_used_again(started):
    go_on, inside = threading.Event(), threading.Event()

    def slow():
        for number in itertools.count():
            inside.set()
            go_on.wait()
            yield number

    generator = slow()
    first = GeneratorEnqueuer(generator)
    first.start()
    assert inside.wait(5)
    first.stop(0)
    second = started(generator)
    go_on.set()
    assert second.get() == 1


def test_one_generator_may_feed_two_enqueuers_at_once(started):
    generator = (number for number in itertools.count())
    first, second = started(generator, max_q_size=2), started(generator, max_q_size=2)
    found = [one.get() for _ in range(10) for one in (first, second)]
    assert len(set(found)) == 20


def test_an_iterator_with_a_lock_of_its_own_is_asked_by_several_threads_at_once(started):
    class Locked:
        lock, both = threading.Lock(), threading.Barrier(2)

        def __next__(self):
            return self.both.wait(5)

    assert started(Locked(), nb_worker=2, max_q_size=2).get() in (0, 1)
    Locked.both.abort()


def test_python_2_iterators_with_next_will_do(started):
    class Old:
        def next(self):
            return "batch"

    assert started(Old()).get() == "batch"


def test_other_things_are_refused():
    with pytest.raises(DataError, match=r"Call it: pass generator\(\)"):
        GeneratorEnqueuer(itertools.count)
    with pytest.raises(DataError, match="needs a generator of batches, got list"):
        GeneratorEnqueuer([1, 2])
    with pytest.raises(DataError, match="has no batches"):
        GeneratorEnqueuer(type("Empty", (), {"__len__": lambda self: 0, "__getitem__": lambda self, index: index})())


def test_numbers_of_workers_and_places_are_checked(started):
    with pytest.raises(DataError, match="max_q_size must be a whole number of 1 or more, got 0"):
        GeneratorEnqueuer(itertools.count()).start(max_q_size=0)
    enqueuer = started(itertools.count())
    with pytest.raises(ArgumentError, match="started already"):
        enqueuer.start()
