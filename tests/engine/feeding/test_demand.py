"""Batches that are computed ahead are all used: a generator goes on where the call before has ended."""

import threading

import numpy as np
import pytest

from kerasnb.callbacks import Callback
from kerasnb.engine.feeding.demand import Demand
from kerasnb.engine.fitting.later_arguments import Batches
from kerasnb.layers import Dense
from kerasnb.models import Sequential
from kerasnb.preprocessing.image import ImageDataGenerator, Iterator


@pytest.fixture
def model(backend):
    model = Sequential([Dense(1, input_shape=(1,), weights=[np.ones((1, 1)), np.zeros(1)])])
    model.compile("sgd", "mse")
    return model


class Source:
    """Numbers from 0, in batches of these sizes, over and over; counts the batches that were asked for."""

    def __init__(self, *sizes, inputs_only=False):
        self.sizes, self.inputs_only, self.asked, self.next_number = sizes, inputs_only, 0, 0

    def __next__(self):
        size = self.sizes[self.asked % len(self.sizes)]
        self.asked += 1
        x = np.arange(self.next_number, self.next_number + size, dtype="float32")[:, None]
        self.next_number += size
        return x if self.inputs_only else (x, x)


@pytest.mark.parametrize("sizes", [(4, 4, 3), (3, 4, 4), (1, 2, 8), (11,)])
@pytest.mark.parametrize("nb_worker", [1, 3])
def test_each_call_takes_up_where_the_one_before_has_ended(model, sizes, nb_worker):
    source = Source(*sizes, inputs_only=True)
    for turn in range(3):
        found = model.predict_generator(source, 11, nb_worker=nb_worker)[:, 0]
        assert found.tolist() == list(range(11 * turn, 11 * turn + 11)) and source.asked == len(sizes) * (turn + 1)


def test_no_call_asks_for_more_than_it_uses(model):
    source, held = Source(4, 4, 3), Source(5)
    model.fit_generator(source, 11, 3, verbose=0, validation_data=held, nb_val_samples=15)
    assert (source.asked, held.asked) == (9, 9)
    model.evaluate_generator(source, 11, nb_worker=2)
    model.fit_generator(source, steps_per_epoch=4, epochs=2, verbose=0)
    assert source.asked == 20
    model.predict_generator(source, steps=3)
    assert source.asked == 23


class Pictures(Iterator):
    """Asked by several threads at once: it has a lock of its own. The first batch takes longest."""

    def __init__(self):
        super().__init__(11, 4, False, None)
        self.later = threading.Event()

    def next(self):
        with self.lock:
            places, first, _ = next(self.index_generator)
        if first:
            self.later.set()
        else:
            self.later.wait(0.1)
        return places[:, None].astype("float32")


def test_predictions_are_in_order_with_several_threads(model):
    pictures = Pictures()
    for _ in range(2):
        assert model.predict_generator(pictures, 11, nb_worker=3)[:, 0].tolist() == list(range(11))
    flow = ImageDataGenerator().flow(np.arange(11.0).reshape(11, 1, 1, 1), batch_size=4, shuffle=False)
    flat = Sequential([Dense(1, input_shape=(1, 1, 1), weights=[np.ones((1, 1)), np.zeros(1)])])
    for _ in range(3):
        assert flat.predict_generator(flow, 11, nb_worker=3).ravel().tolist() == list(range(11))


def test_a_generator_is_asked_only_once_training_has_begun(model):
    class Maker(Callback):
        """Makes in on_train_begin what it gives; looks whether validation waits for the epoch's end."""

        def on_train_begin(self, logs=None):
            self.x = np.ones((4, 1))

        def on_epoch_end(self, epoch, logs=None):
            assert held.asked == 2 * (epoch + 1)

        def on_batch_end(self, batch, logs=None):
            assert held.asked % 2 == 0

        def __next__(self):
            return self.x, self.x

    maker, held = Maker(), Source(4)
    model.fit_generator(maker, 8, 2, verbose=0, callbacks=[maker], validation_data=held, nb_val_samples=8)
    assert model.history.epoch == [0, 1]


def test_what_cannot_be_counted_before_is_computed_when_it_is_awaited(model):
    class Strange(Source):
        def __next__(self):
            return [iter(())], super().__next__()[1]

    with pytest.raises(ValueError):
        model.fit_generator(Strange(4), 8, 1, verbose=0)


@pytest.mark.parametrize(
    "count, sizes, at_work, allows",
    [
        (10, [], 0, True),
        (10, [], 1, False),
        (10, [4], 1, True),
        (10, [4], 2, False),
        (10, [4, 4, 2], 0, False),
        (Batches(3), [9], 1, True),
        (Batches(3), [9], 2, False),
    ],
)
def test_one_batch_more_is_wanted_while_an_epoch_lacks_it(count, sizes, at_work, allows):
    demand = Demand(count, int)
    demand.expect(1)
    for size in sizes:
        demand.took(size)
    assert demand.allows(at_work) == allows
    demand.expect(1)
    assert demand.allows(at_work) or not sizes
