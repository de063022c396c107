"""The data sets that are fetched: same formats, same choices and order as Keras, from a server on this machine."""

import gzip
import io
import json
import os
import pickle
import sys

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.datasets import boston_housing, cifar, cifar10, cifar100, fashion_mnist, imdb, mnist, reuters
from kerasnb.errors import ArgumentError, DataError, DownloadError, FileError, UnknownNameError
from tests.file_server import serving
from tests.utils.test_data_utils import md5, names_in, sha256, tar_of

TRAIN = [[1, 2, 3], [4, 5], [6], [7, 8, 9, 10], [2, 2]], [0, 1, 0, 1, 1]
TEST = [[3, 1], [9, 9, 9], [5]], [1, 0, 1]
WORDS = {"the": 1, "café": 2}


@pytest.fixture
def server():
    with serving() as served:
        yield served


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """Caches of the test's own, and no way to the real servers."""
    monkeypatch.setenv("KERASNB_HOME", str(tmp_path / "ours"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    for module in (boston_housing, cifar10, cifar100, fashion_mnist, imdb, mnist, reuters):
        for name in [name for name in vars(module) if name.endswith("ORIGIN")]:
            monkeypatch.setattr(module, name, "http://127.0.0.1:1/nothing")
    return tmp_path / "ours" / "datasets"


def npz_of(**arrays):
    packed = io.BytesIO()
    np.savez(packed, **arrays)
    return packed.getvalue()


def lists(texts):
    held = np.empty(len(texts), dtype=object)
    held[:] = texts
    return held


def digits(count, start=0):
    return np.arange(start, start + count * 784, dtype="uint8").reshape(count, 28, 28), np.arange(count, dtype="uint8")


def batch(count, keys=("labels",), first=0, as_bytes=True):
    stored = {"data": np.arange(count * 3072, dtype="uint8").reshape(count, 3072) + np.uint8(first)}
    stored |= {key: [(first + place) % 10 for place in range(count)] for key in keys}
    return pickle.dumps({key.encode() if as_bytes else key: value for key, value in stored.items()}, protocol=2)


class TestMnist:
    def test_pickle_of_keras_1_is_read(self, server, monkeypatch):
        train, test = digits(5), digits(2, start=7)
        packed = gzip.compress(pickle.dumps((train, test), protocol=2))
        monkeypatch.setattr(mnist, "ORIGIN", server.put("m.pkl.gz", packed))
        (x, y), (x_test, y_test) = mnist.load_data()
        np.testing.assert_array_equal(x, train[0])
        np.testing.assert_array_equal(y_test, test[1])
        assert (x.dtype, x.shape, x_test.shape, len(y)) == (np.uint8, (5, 28, 28), (2, 28, 28), 5)

    def test_file_of_keras_2_is_read(self, server, monkeypatch):
        (x, y), (x_test, y_test) = digits(4), digits(1)
        packed = npz_of(x_train=np.asfortranarray(x), y_train=y, x_test=x_test, y_test=y_test)
        monkeypatch.setattr(mnist, "LATER_ORIGIN", server.put("m.npz", packed))
        monkeypatch.setattr(mnist, "LATER_HASH", sha256(packed))
        (found, labels), _ = mnist.load_data("mnist.npz")
        np.testing.assert_array_equal(found, x)
        np.testing.assert_array_equal(labels, y)

    def test_later_file_is_taken_where_the_first_is_gone(self, server, monkeypatch, cache, capsys):
        (x, y), _ = digits(4), None
        packed = npz_of(x_train=x, y_train=y, x_test=x, y_test=y)
        monkeypatch.setattr(mnist, "ORIGIN", server.at("gone.pkl.gz"))
        monkeypatch.setattr(mnist, "LATER_ORIGIN", server.put("m.npz", packed))
        monkeypatch.setattr(mnist, "LATER_HASH", sha256(packed))
        (found, _), _ = mnist.load_data()
        np.testing.assert_array_equal(found, x)
        assert names_in(cache) == ["mnist.npz"]
        assert "404" in capsys.readouterr().out

    def test_error_names_both_places_when_neither_answers(self, server, monkeypatch):
        monkeypatch.setattr(mnist, "ORIGIN", server.at("first"))
        monkeypatch.setattr(mnist, "LATER_ORIGIN", server.at("later"))
        with pytest.raises(DownloadError, match="(?s)/first: .*404.*/later: .*404"):
            mnist.load_data()

    def test_file_that_is_there_already_is_read(self, cache):
        cache.mkdir(parents=True)
        (cache / "mnist.pkl.gz").write_bytes(gzip.compress(pickle.dumps((digits(3), digits(1)))))
        (x, _), _ = mnist.load_data()
        assert len(x) == 3

    @pytest.mark.parametrize(
        "content",
        [
            b"damaged",
            gzip.compress(b"damaged"),
            gzip.compress(pickle.dumps([1, 2, 3])),
            gzip.compress(pickle.dumps((digits(3), digits(1))))[:-20],
            gzip.compress(b""),
        ],
        ids=["no archive", "no pickle", "other objects", "cut off", "empty"],
    )
    def test_damaged_file_is_named(self, cache, content):
        cache.mkdir(parents=True)
        (cache / "mnist.pkl.gz").write_bytes(content)
        with pytest.raises(FileError, match='mnist.pkl.gz" '):
            mnist.load_data()

    def test_npz_without_the_arrays_is_named(self, server, monkeypatch):
        packed = npz_of(other=np.zeros(3))
        monkeypatch.setattr(mnist, "LATER_ORIGIN", server.put("m.npz", packed))
        monkeypatch.setattr(mnist, "LATER_HASH", sha256(packed))
        with pytest.raises(FileError, match="has no array 'x_train'; it has .'other'."):
            mnist.load_data("mnist.npz")


class TestCifar:
    @pytest.fixture
    def cifar10_server(self, server, monkeypatch):
        files = {f"cifar-10-batches-py/data_batch_{number}": batch(2, first=number) for number in range(1, 6)}
        files["cifar-10-batches-py/test_batch"] = batch(3, first=6)
        monkeypatch.setattr(cifar10, "ORIGIN", server.put("c10.tar.gz", tar_of(files)))
        return server

    def test_five_files_make_the_training_part(self, cifar10_server):
        (x, y), (x_test, y_test) = cifar10.load_data()
        assert (x.shape, x_test.shape) == ((10, 32, 32, 3), (3, 32, 32, 3))
        assert (x.dtype, y.dtype, y_test.dtype) == (np.uint8,) * 3
        np.testing.assert_array_equal(y[:, 0], [1, 2, 2, 3, 3, 4, 4, 5, 5, 6])
        np.testing.assert_array_equal(y_test, [[6], [7], [8]])

    def test_channels_are_where_the_ordering_puts_them(self, cifar10_server):
        (last, _), _ = cifar10.load_data()
        K.set_image_dim_ordering("th")
        (first, _), _ = cifar10.load_data()
        assert first.shape == (10, 3, 32, 32)
        np.testing.assert_array_equal(first.transpose(0, 2, 3, 1), last)
        assert len(cifar10_server.asked) == 1

    @pytest.mark.parametrize("mode", ["fine", "coarse"])
    def test_cifar100_has_fine_and_coarse_labels(self, server, monkeypatch, mode):
        fine = batch(4, ("fine_labels", "coarse_labels"), first=3)
        stored = pickle.loads(fine)
        stored[b"coarse_labels"] = [0, 0, 1, 1]
        files = {f"cifar-100-python/{name}": pickle.dumps(stored) for name in ("train", "test")}
        monkeypatch.setattr(cifar100, "ORIGIN", server.put("c100.tar.gz", tar_of(files)))
        (x, y), _ = cifar100.load_data(mode)
        assert x.shape == (4, 32, 32, 3)
        np.testing.assert_array_equal(y[:, 0], [3, 4, 5, 6] if mode == "fine" else [0, 0, 1, 1])

    def test_unknown_label_mode_is_named_before_anything_is_fetched(self):
        with pytest.raises(UnknownNameError, match='no label_mode "finest"; there are "coarse", "fine"'):
            cifar100.load_data("finest")

    @pytest.mark.parametrize("as_bytes", [True, False])
    def test_load_batch_reads_pickles_of_both_pythons(self, tmp_path, as_bytes):
        (tmp_path / "batch").write_bytes(batch(2, as_bytes=as_bytes))
        data, labels = cifar.load_batch(tmp_path / "batch")
        assert (data.shape, labels) == ((2, 3, 32, 32), [0, 1])

    def test_load_batch_names_a_file_of_another_kind(self, tmp_path):
        (tmp_path / "batch").write_bytes(batch(2))
        with pytest.raises(FileError, match='does not hold pictures with "fine_labels"'):
            cifar.load_batch(tmp_path / "batch", "fine_labels")


def shuffled_as_keras_1_does(texts, labels, seed):
    texts, labels = list(texts), list(labels)
    for one in (texts, labels):
        np.random.RandomState(seed).shuffle(one)
    return texts, labels


class TestImdb:
    @pytest.fixture
    def stored(self, server, monkeypatch):
        content = pickle.dumps((TRAIN, TEST), protocol=2)
        monkeypatch.setattr(imdb, "ORIGIN", server.put("imdb.pkl", content))
        monkeypatch.setattr(imdb, "HASH", md5(content))
        return server

    def test_reviews_are_mixed_and_marked_as_in_keras_1(self, stored):
        (x, y), (x_test, y_test) = imdb.load_data(nb_words=100)
        texts, labels = shuffled_as_keras_1_does(*TRAIN, 113)
        assert x.tolist() == [[1, *(word + 3 for word in text)] for text in texts]
        assert y.tolist() == labels
        texts, labels = shuffled_as_keras_1_does(*TEST, 226)
        assert x_test.tolist() == [[1, *(word + 3 for word in text)] for text in texts]
        assert y_test.tolist() == labels

    def test_another_seed_gives_another_order(self, stored):
        orders = {str(imdb.load_data(seed=seed)[0][0].tolist()) for seed in range(6)}
        assert len(orders) > 1

    def test_loading_leaves_the_global_random_numbers_alone(self, stored):
        np.random.seed(3)
        expected = np.random.rand()
        np.random.seed(3)
        imdb.load_data()
        assert np.random.rand() == expected

    def test_rare_and_most_frequent_words_are_replaced(self, stored):
        (x, _), _ = imdb.load_data(num_words=8, skip_top=5, oov_char=0, start_char=6)
        words = {word for text in x for word in text}
        assert words == {0, 5, 6, 7}

    def test_words_can_be_left_out_instead(self, stored):
        (x, _), _ = imdb.load_data(nb_words=8, skip_top=5, oov_char=None, start_char=None)
        assert sorted(map(len, x)) == [0, 0, 1, 2, 2]
        assert {word for text in x for word in text} == {5, 6, 7}

    def test_without_a_limit_the_largest_number_is_replaced_as_in_keras(self, stored):
        (x, _), _ = imdb.load_data()
        assert max(word for text in x for word in text) == 12

    @pytest.mark.parametrize(("start_char", "index_from", "lowest"), [(None, 3, 4), (None, 0, 1), (9, 0, 1), (1, 3, 1)])
    def test_numbers_begin_where_they_are_asked_to(self, stored, start_char, index_from, lowest):
        (x, _), _ = imdb.load_data(start_char=start_char, index_from=index_from, oov_char=50)
        assert min(word for text in x for word in text) == lowest

    def test_long_reviews_are_left_out_of_their_own_part(self, stored):
        (x, y), (x_test, y_test) = imdb.load_data(maxlen=4)
        assert (len(x), len(y), len(x_test), len(y_test)) == (3, 3, 2, 2)
        assert max(map(len, x)) == 3

    def test_maxlen_that_leaves_nothing_is_refused(self, stored):
        with pytest.raises(DataError, match="maxlen=2: no text is shorter than that; the shortest has 2 words"):
            imdb.load_data(maxlen=2)

    def test_both_parts_may_be_pickled_one_after_the_other(self, cache, monkeypatch):
        content = pickle.dumps(TRAIN) + pickle.dumps(TEST)
        cache.mkdir(parents=True)
        (cache / "imdb.pkl").write_bytes(content)
        monkeypatch.setattr(imdb, "HASH", md5(content))
        (x, _), (x_test, _) = imdb.load_data("imdb.pkl")
        assert (len(x), len(x_test)) == (5, 3)

    def test_later_file_is_in_the_order_of_later_keras(self, server, monkeypatch):
        content = npz_of(x_train=lists(TRAIN[0]), y_train=TRAIN[1], x_test=lists(TEST[0]), y_test=TEST[1])
        monkeypatch.setattr(imdb, "LATER_ORIGIN", server.put("imdb.npz", content))
        monkeypatch.setattr(imdb, "LATER_HASH", sha256(content))
        (x, y), (x_test, y_test) = imdb.load_data("imdb.npz", start_char=None, index_from=0, num_words=100)
        generator, train, test = np.random.RandomState(113), np.arange(5), np.arange(3)
        generator.shuffle(train)
        generator.shuffle(test)
        assert x.tolist() == [TRAIN[0][place] for place in train]
        assert y_test.tolist() == [TEST[1][place] for place in test]

    def test_word_index_is_read_from_either_file(self, server, monkeypatch):
        content = pickle.dumps(WORDS, protocol=2)
        monkeypatch.setattr(imdb, "INDEX_ORIGIN", server.put("w.pkl", content))
        monkeypatch.setattr(imdb, "INDEX_HASH", md5(content))
        content = json.dumps(WORDS).encode()
        monkeypatch.setattr(imdb, "LATER_INDEX_ORIGIN", server.put("w.json", content))
        monkeypatch.setattr(imdb, "LATER_INDEX_HASH", md5(content))
        assert imdb.get_word_index() == imdb.get_word_index("imdb_word_index.json") == WORDS


class TestReuters:
    @pytest.fixture(params=["reuters.pkl", "reuters.npz"])
    def name(self, request, server, monkeypatch):
        texts, topics = TRAIN[0] * 2, list(range(10))
        monkeypatch.setattr(reuters, "ORIGIN", server.put("r.pkl", pickle.dumps((texts, topics), protocol=2)))
        content = npz_of(x=lists(texts), y=topics)
        monkeypatch.setattr(reuters, "LATER_ORIGIN", server.put("r.npz", content))
        monkeypatch.setattr(reuters, "LATER_HASH", sha256(content))
        return request.param

    def test_news_are_mixed_and_split_as_in_keras_1(self, name):
        (x, y), (x_test, y_test) = reuters.load_data(name, nb_words=100, test_split=0.3)
        texts, topics = shuffled_as_keras_1_does(TRAIN[0] * 2, range(10), 113)
        assert (len(x), len(x_test)) == (7, 3)
        assert [*x, *x_test] == [[1, *(word + 3 for word in text)] for text in texts]
        assert [*y, *y_test] == topics

    @pytest.mark.parametrize("split", [-1, 1.5])
    def test_split_that_is_no_fraction_is_refused(self, split):
        with pytest.raises(ArgumentError, match="test_split must be a fraction from 0 to 1"):
            reuters.load_data(test_split=split)

    def test_file_of_another_kind_is_named(self, cache):
        cache.mkdir(parents=True)
        (cache / "reuters.pkl").write_bytes(pickle.dumps({"x": 1}))
        with pytest.raises(FileError, match='reuters.pkl" does not hold news with topics'):
            reuters.load_data()

    def test_word_index_of_python_2_is_read(self, server, monkeypatch):
        python_2 = b"(dp0\nS'caf\\xe9'\np1\nI7\ns."
        monkeypatch.setattr(reuters, "INDEX_ORIGIN", server.put("w.pkl", python_2))
        assert reuters.get_word_index() == {"café": 7}


class Calls:
    """Pickles as a call of any function."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize(
    "call",
    [
        Calls(os.system, "true"),
        Calls(eval, "1 + 1"),
        Calls(getattr, "", "join"),
        Calls(sys.exit, "ran"),
        Calls(np.load, "file"),
    ],
)
@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_pickle_that_would_run_code_is_refused(cache, call, protocol):
    cache.mkdir(parents=True)
    (cache / "reuters.pkl").write_bytes(pickle.dumps(([[1]], call), protocol=protocol))
    with pytest.raises(FileError, match='(?s)reuters.pkl": the file wants to call ".*Nothing of it was run'):
        reuters.load_data()


def test_npz_that_would_run_code_is_refused(server, monkeypatch):
    content = npz_of(x=lists([Calls(eval, "1 + 1")]), y=[1])
    monkeypatch.setattr(reuters, "LATER_ORIGIN", server.put("r.npz", content))
    monkeypatch.setattr(reuters, "LATER_HASH", sha256(content))
    with pytest.raises(FileError, match='wants to call "builtins.eval"'):
        reuters.load_data("reuters.npz")


def test_boston_housing_is_split_after_shuffling_by_its_seed(server, monkeypatch):
    file = npz_of(x=np.arange(10.0).reshape(5, 2), y=np.arange(5.0))
    monkeypatch.setattr(boston_housing, "ORIGIN", server.put("boston_housing.npz", file))
    monkeypatch.setattr(boston_housing, "HASH", sha256(file))
    (x, y), (x_test, y_test) = boston_housing.load_data(test_split=0.4)
    assert x.shape == (3, 2) and sorted([*y, *y_test]) == [0, 1, 2, 3, 4] and (x_test[:, 0] == 2 * y_test).all()
    with pytest.raises(ArgumentError, match="test_split must be a fraction"):
        boston_housing.load_data(test_split=1.0)


def idx(values):
    header = (0x800 + values.ndim).to_bytes(4, "big") + b"".join(size.to_bytes(4, "big") for size in values.shape)
    return gzip.compress(header + values.tobytes())


def test_fashion_mnist_reads_its_four_files(server, monkeypatch):
    for name, count in (("train", 3), ("t10k", 2)):
        x, y = digits(count)
        server.put(f"{name}-images-idx3-ubyte.gz", idx(x))
        server.put(f"{name}-labels-idx1-ubyte.gz", idx(y))
    monkeypatch.setattr(fashion_mnist, "ORIGIN", server.at(""))
    (x, y), (x_test, y_test) = fashion_mnist.load_data()
    assert (x == digits(3)[0]).all() and y.tolist() == [0, 1, 2]
    assert x_test.shape == (2, 28, 28) and y_test.tolist() == [0, 1]


def test_a_shortened_file_of_clothes_is_refused(server, monkeypatch):
    server.put("train-labels-idx1-ubyte.gz", gzip.compress(bytes([0, 0, 8, 1, 0, 0, 0, 9, 1, 2])))
    monkeypatch.setattr(fashion_mnist, "ORIGIN", server.at(""))
    with pytest.raises(FileError, match="shorter than it says"):
        fashion_mnist.load_data()
