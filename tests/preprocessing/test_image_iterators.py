"""Batches of pictures in memory: order, labels, seeds, threads, copies on disk."""

import threading

import numpy as np
import pytest

from kerasnb.errors import ArgumentError, DataError, MissingFileError
from kerasnb.preprocessing.image import ImageDataGenerator, Iterator, NumpyArrayIterator, load_img


@pytest.fixture
def pictures():
    return np.arange(10 * 4 * 5 * 3).reshape(10, 4, 5, 3).astype("float64")


def labels_of(flow, batches):
    return [list(next(flow)[1]) for _ in range(batches)]


def test_batches_come_in_order_and_the_last_is_smaller(pictures):
    flow = ImageDataGenerator().flow(pictures, np.arange(10), batch_size=4, shuffle=False)
    assert labels_of(flow, 4) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9], [0, 1, 2, 3]]
    assert (len(flow), flow.n, flow.batch_index, flow.total_batches_seen) == (3, 10, 1, 4)


def test_pictures_come_as_floats_with_their_labels(pictures):
    x, y = next(ImageDataGenerator().flow(pictures, np.arange(10)))
    assert x.dtype == np.float32
    np.testing.assert_array_equal(x, pictures[y])


def test_labels_may_be_rows_lists_or_missing(pictures):
    generator = ImageDataGenerator()
    assert next(generator.flow(pictures, np.eye(10), batch_size=3))[1].shape == (3, 10)
    assert list(next(generator.flow(pictures, list("abcdefghij"), shuffle=False, batch_size=2))[1]) == ["a", "b"]
    assert next(generator.flow(x=pictures, batch_size=3)).shape == (3, 4, 5, 3)


@pytest.mark.parametrize("batch_size", [3, 5])
def test_each_epoch_has_every_sample_once_in_a_new_order(pictures, batch_size):
    flow = ImageDataGenerator().flow(pictures, np.arange(10), batch_size=batch_size, seed=1)
    epochs = [sum(labels_of(flow, len(flow)), []) for _ in range(3)]
    assert [sorted(epoch) for epoch in epochs] == [list(range(10))] * 3
    assert epochs[0] != epochs[1] != epochs[2]


def test_reset_begins_a_new_epoch(pictures):
    flow = ImageDataGenerator().flow(pictures, np.arange(10), batch_size=4, shuffle=False)
    next(flow)
    flow.reset()
    assert labels_of(flow, 1) == [[0, 1, 2, 3]]


def test_flow_is_an_endless_iterator(pictures):
    flow = ImageDataGenerator().flow(pictures, batch_size=8)
    assert iter(flow) is flow
    assert [len(batch) for _, batch in zip(range(5), flow, strict=False)] == [8, 2, 8, 2, 8]
    assert len(flow.next()) == 2


def test_batches_can_be_asked_for_by_number_in_one_order_an_epoch(pictures):
    flow = ImageDataGenerator(**CHANGES).flow(pictures, np.arange(10), batch_size=4, seed=3)
    first = [flow[number] for number in (2, 0, 1)]
    again = [flow[number] for number in (2, 0, 1)]
    for (x, y), (x_again, y_again) in zip(first, again, strict=True):
        np.testing.assert_array_equal(x, x_again)
        np.testing.assert_array_equal(y, y_again)
    assert sorted(label for _, y in first for label in y) == list(range(10))
    assert [len(y) for _, y in first] == [2, 4, 4]
    flow.on_epoch_end()
    assert list(flow[0][1]) != list(first[1][1])


@pytest.mark.parametrize("number", [3, -1])
def test_batch_that_no_epoch_has_is_refused(pictures, number):
    flow = ImageDataGenerator().flow(pictures, batch_size=4)
    with pytest.raises(DataError, match=f"an epoch has batches 0 to 2, there is none {number}"):
        flow[number]


CHANGES = {"rotation_range": 90.0, "horizontal_flip": True, "channel_shift_range": 9.0}


def test_same_seed_gives_the_same_batches(pictures):
    flows = [ImageDataGenerator(**CHANGES).flow(pictures, np.arange(10), batch_size=4, seed=7) for _ in range(2)]
    for _ in range(4):
        (x, y), (x_again, y_again) = (next(flow) for flow in flows)
        np.testing.assert_array_equal(y, y_again)
        np.testing.assert_array_equal(x, x_again)


def test_seeded_batches_are_keras_1s(pictures):
    generator = ImageDataGenerator(**CHANGES)
    flow = generator.flow(pictures, np.arange(10), batch_size=4, seed=7)
    batches = [next(flow) for _ in range(2)]
    np.random.seed(7)
    order = np.random.permutation(10)
    expected = [generator.random_transform(pictures[place].astype("float32")) for place in order[:4]]
    np.testing.assert_array_equal(batches[0][0], expected)
    np.random.seed(8)
    expected = [generator.random_transform(pictures[place].astype("float32")) for place in order[4:8]]
    np.testing.assert_array_equal(batches[1][0], expected)


def test_functions_of_the_user_are_seeded_too(pictures):
    def noisy(x):
        return x + np.random.normal(size=x.shape)

    flows = [ImageDataGenerator(preprocessing_function=noisy).flow(pictures, seed=3) for _ in range(2)]
    np.testing.assert_array_equal(*(next(flow) for flow in flows))


def test_pictures_and_masks_change_alike_with_one_seed(pictures):
    masks = pictures[..., :1] > 300
    pairs = zip(
        ImageDataGenerator(rotation_range=90.0, zoom_range=0.3).flow(pictures, batch_size=4, seed=2),
        ImageDataGenerator(rotation_range=90.0, zoom_range=0.3).flow(masks, batch_size=4, seed=2),
        strict=True,
    )
    for _ in range(3):
        x, mask = next(pairs)
        np.testing.assert_array_equal(x[..., :1] > 300, mask)


def test_numpys_seed_fixes_batches_without_one(pictures):
    batches = []
    for _ in range(2):
        np.random.seed(5)
        batches.append(next(ImageDataGenerator(**CHANGES).flow(pictures)))
    np.testing.assert_array_equal(*batches)


def test_threads_get_each_batch_once_and_the_same_batches(pictures):
    def collect(threads):
        flow = ImageDataGenerator(**CHANGES).flow(pictures, np.arange(10), batch_size=3, seed=4)
        found = []
        workers = [
            threading.Thread(target=lambda: found.extend(next(flow) for _ in range(24 // threads)))
            for _ in range(threads)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        return sorted((tuple(y), x.tobytes()) for x, y in found)

    alone, together = collect(1), collect(4)
    assert [labels for labels, _ in together] == [labels for labels, _ in alone]
    assert together == alone


def test_copies_are_saved_as_they_were_given_out(pictures, tmp_path):
    flow = ImageDataGenerator().flow(
        pictures, batch_size=2, shuffle=False, save_to_dir=tmp_path, save_prefix="one", save_format="png"
    )
    next(flow)
    next(flow)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert [name[:6] for name in names] == ["one_0_", "one_1_", "one_2_", "one_3_"]
    assert load_img(tmp_path / names[0]).size == (5, 4)


def test_missing_directory_for_copies_is_named_at_once(pictures, tmp_path):
    with pytest.raises(MissingFileError, match='save_to_dir: there is no directory ".*nothing"'):
        ImageDataGenerator().flow(pictures, save_to_dir=tmp_path / "nothing")


def test_pictures_and_labels_must_be_as_many(pictures):
    with pytest.raises(DataError, match="got 10 pictures and 9 labels"):
        ImageDataGenerator().flow(pictures, np.arange(9))


@pytest.mark.parametrize("batch_size", [0, -1, 2.5, None, True])
def test_batch_size_must_be_a_whole_number(pictures, batch_size):
    with pytest.raises(ArgumentError, match="batch_size must be a whole number from 1"):
        ImageDataGenerator().flow(pictures, batch_size=batch_size)


def test_flow_over_nothing_says_so():
    with pytest.raises(DataError, match="no pictures to take a batch from"):
        next(ImageDataGenerator().flow(np.zeros((0, 4, 4, 3))))


def test_iterators_of_the_user_draw_from_the_index_generator():
    class Letters(Iterator):
        def __init__(self, letters, batch_size=2, shuffle=False, seed=None):
            self.letters = letters
            super().__init__(len(letters), batch_size, shuffle, seed)

        def next(self):
            with self.lock:
                index_array, current_index, current_batch_size = next(self.index_generator)
            assert current_batch_size == len(index_array)
            return current_index, "".join(self.letters[index] for index in index_array)

    letters = Letters("abcde")
    assert [next(letters) for _ in range(4)] == [(0, "ab"), (2, "cd"), (4, "e"), (0, "ab")]


def test_iterator_of_keras_can_be_made_by_hand(pictures):
    flow = NumpyArrayIterator(pictures, np.arange(10), ImageDataGenerator(), data_format="channels_last")
    assert list(next(flow)[1]) == list(range(10))
    assert (flow.batch_size, flow.shuffle, flow.dim_ordering) == (32, False, "tf")


class OneByOne(ImageDataGenerator):
    """With a way of its own for each picture, which is the usual one."""

    def standardize(self, x):
        return super().standardize(x)


SETTINGS = {
    "flips": {"horizontal_flip": True, "vertical_flip": True, "rescale": 1 / 255},
    "moves": {"rotation_range": 30, "zoom_range": 0.2, "horizontal_flip": True, "width_shift_range": [1, 2]},
    "tints": {"channel_shift_range": 9.0, "brightness_range": (0.5, 1.5), "vertical_flip": True},
    "own scale": {"samplewise_center": True, "samplewise_std_normalization": True, "horizontal_flip": True},
    "scale of all": {"featurewise_center": True, "featurewise_std_normalization": True, "rescale": np.float64(0.1)},
}


@pytest.mark.parametrize("seed", [None, 3])
@pytest.mark.parametrize("dim_ordering", ["tf", "th"])
@pytest.mark.parametrize("options", SETTINGS.values(), ids=SETTINGS)
def test_a_batch_changed_at_once_is_what_one_picture_after_another_becomes(pictures, options, dim_ordering, seed):
    x = pictures if dim_ordering == "tf" else pictures.transpose(0, 3, 1, 2)
    batches = []
    for kind in (ImageDataGenerator, OneByOne):
        np.random.seed(1)
        generator = kind(**options, dim_ordering=dim_ordering)
        generator.fit(x)
        flow = generator.flow(x, batch_size=4, seed=seed)
        batches.append([next(flow) for _ in range(4)] + [np.random.rand(2)])
        assert generator.takes_batches is (kind is ImageDataGenerator)
    for at_once, one_by_one in zip(*batches, strict=True):
        np.testing.assert_array_equal(at_once, one_by_one)


def test_a_batch_is_copied_out_of_the_data_once_and_changed_in_place(pictures, monkeypatch):
    taken = []
    generator = ImageDataGenerator(rescale=0.5, featurewise_center=True, horizontal_flip=True)
    generator.fit(pictures.astype("float32"))
    flow = generator.flow(pictures.astype("float32"), batch_size=4)
    usual = flow._pictures
    monkeypatch.setattr(flow, "_pictures", lambda places: taken.append(usual(places)) or taken[-1])
    assert np.shares_memory(next(flow), taken[0])
    assert not np.shares_memory(taken[0], flow.x)


def test_an_order_of_a_programs_own_leaves_each_batch_numbers_of_its_own(pictures):
    class Reversed(NumpyArrayIterator):
        def _flow_index(self, n, batch_size=32, shuffle=False, seed=None):
            while True:
                np.random.seed(seed + np.random.randint(1000))
                yield np.arange(n)[::-1], 0, n

    np.random.seed(0)
    flow = Reversed(pictures, None, ImageDataGenerator(rotation_range=90), seed=3)
    assert (next(flow) != next(flow)).any()


def test_a_flow_inside_the_change_of_anothers_pictures_draws_by_its_own_seed(pictures):
    alone = ImageDataGenerator(rotation_range=40).flow(pictures, seed=2)
    inner = ImageDataGenerator(rotation_range=40).flow(pictures, seed=2)
    outer = ImageDataGenerator(rotation_range=40).flow(pictures, seed=5)
    expected, seen = [next(alone), next(outer)], []
    outer = ImageDataGenerator(rotation_range=40, preprocessing_function=lambda x: seen.append(next(inner)) or x)
    np.testing.assert_array_equal(next(outer.flow(pictures, seed=5)), expected[1])
    np.testing.assert_array_equal(seen[0], expected[0])
