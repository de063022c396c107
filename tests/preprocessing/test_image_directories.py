"""Batches of pictures read from directories."""

import threading

import numpy as np
import pytest
from PIL import Image

from kerasnb.errors import ArgumentError, DataError, FileError, MissingFileError, UnknownNameError
from kerasnb.preprocessing import image_directories, threads
from kerasnb.preprocessing.image import ImageDataGenerator


def save(path, value, size=(8, 6)):
    """A picture of one colour; Pillow's size is (cols, rows)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, (value, value, value)).save(path)


@pytest.fixture
def folder(tmp_path):
    """Two cats and three dogs, one of them a folder deeper, and things that are no pictures."""
    save(tmp_path / "pets" / "cat" / "1.png", 10)
    save(tmp_path / "pets" / "cat" / "0.png", 20)
    for number, name in enumerate(("a.bmp", "deep/b.png", "c.PNG")):
        save(tmp_path / "pets" / "dog" / name, 30 + 10 * number)
    (tmp_path / "pets" / "dog" / "notes.txt").write_text("no picture")
    save(tmp_path / "pets" / "not_in_a_class.png", 99)
    return tmp_path / "pets"


def flow(folder, generator=None, **options):
    return (generator or ImageDataGenerator()).flow_from_directory(
        str(folder), **({"target_size": (6, 8), "shuffle": False} | options)
    )


def test_each_directory_is_a_class(folder, capsys):
    found = flow(folder)
    assert capsys.readouterr().out == "Found 5 images belonging to 2 classes.\n"
    assert found.class_indices == {"cat": 0, "dog": 1}
    assert list(found.classes) == [0, 0, 1, 1, 1]
    assert found.filenames == ["cat/0.png", "cat/1.png", "dog/a.bmp", "dog/c.PNG", "dog/deep/b.png"]
    assert (found.nb_sample, found.samples, found.n) == (5,) * 3
    assert (found.nb_class, found.num_classes, found.num_class) == (2,) * 3
    assert found.image_shape == (6, 8, 3)


def test_pictures_are_read_with_their_labels(folder):
    x, y = next(flow(folder))
    assert x.dtype == np.float32
    np.testing.assert_array_equal(x[:, 0, 0, 0], [20, 10, 30, 50, 40])
    np.testing.assert_array_equal(y, [[1, 0], [1, 0], [0, 1], [0, 1], [0, 1]])


@pytest.mark.parametrize(
    ("class_mode", "expected", "dtype"),
    [("binary", [0, 0, 1, 1, 1], "float32"), ("sparse", [0, 0, 1, 1, 1], "int32"), ("categorical", None, "float32")],
)
def test_labels_come_as_the_class_mode_says(folder, class_mode, expected, dtype):
    _, y = next(flow(folder, class_mode=class_mode))
    assert y.dtype == dtype
    np.testing.assert_array_equal(y if expected else y.argmax(1), expected or [0, 0, 1, 1, 1])


def test_labels_can_be_left_out(folder):
    assert next(flow(folder, class_mode=None, batch_size=2)).shape == (2, 6, 8, 3)


@pytest.mark.parametrize(
    ("options", "shape"),
    [
        ({"color_mode": "grayscale"}, (5, 6, 8, 1)),
        ({"target_size": (3, 9)}, (5, 3, 9, 3)),
        ({"target_size": [256, 256]}, (5, 256, 256, 3)),
    ],
)
def test_pictures_are_brought_to_one_size_and_colour(folder, options, shape):
    found = flow(folder, **options)
    assert next(found)[0].shape == shape
    assert found.image_shape == shape[1:]


def test_channels_come_first_where_the_generator_says_so(folder):
    x, _ = next(flow(folder, ImageDataGenerator(data_format="channels_first")))
    assert x.shape == (5, 3, 6, 8)


def test_classes_are_taken_in_the_order_given(folder):
    found = flow(folder, classes=["dog", "cat"])
    assert found.class_indices == {"dog": 0, "cat": 1}
    assert flow(folder, classes=["dog"]).nb_sample == 3


def test_pictures_are_changed_and_rescaled(folder):
    generator = ImageDataGenerator(rescale=0.1, preprocessing_function=lambda x: x + 10)
    np.testing.assert_allclose(next(flow(folder, generator))[0][:, 0, 0, 0], [3, 2, 4, 6, 5], rtol=1e-6)


def test_same_seed_gives_the_same_batches(folder):
    options = {"shuffle": True, "seed": 5, "batch_size": 2}
    first, again = (flow(folder, ImageDataGenerator(rotation_range=90), **options) for _ in range(2))
    for _ in range(4):
        (x, y), (x_again, y_again) = next(first), next(again)
        np.testing.assert_array_equal(x, x_again)
        np.testing.assert_array_equal(y, y_again)


def test_links_are_followed_when_asked(folder, tmp_path):
    save(tmp_path / "elsewhere" / "d.png", 60)
    (folder / "dog" / "link").symlink_to(tmp_path / "elsewhere")
    assert flow(folder).nb_sample == 5
    assert "dog/link/d.png" in flow(folder, follow_links=True).filenames


def test_copies_are_saved(folder, tmp_path):
    (tmp_path / "copies").mkdir()
    next(flow(folder, save_to_dir=str(tmp_path / "copies"), save_prefix="pet", batch_size=2))
    assert sorted(path.name[:6] for path in (tmp_path / "copies").iterdir()) == ["pet_0_", "pet_1_"]
    assert {path.suffix for path in (tmp_path / "copies").iterdir()} == {".jpeg"}


def test_directory_without_pictures_is_found_empty_and_says_so_at_the_first_batch(tmp_path, capsys):
    (tmp_path / "cat").mkdir()
    found = flow(tmp_path)
    assert capsys.readouterr().out == "Found 0 images belonging to 1 classes.\n"
    with pytest.raises(DataError, match="no pictures to take a batch from"):
        next(found)


def test_missing_directory_is_named(tmp_path):
    with pytest.raises(MissingFileError, match='(?s)no directory ".*nothing".*one directory of'):
        flow(tmp_path / "nothing")


def test_missing_class_is_named(folder):
    with pytest.raises(MissingFileError, match='no directory ".*bird" for the class "bird"'):
        flow(folder, classes=["cat", "bird"])


def test_damaged_picture_is_named_in_its_batch(folder):
    (folder / "dog" / "a.bmp").write_bytes(b"no picture")
    found = flow(folder, batch_size=2)
    next(found)
    with pytest.raises(FileError, match="dog/a.bmp"):
        next(found)
    assert len(next(found)[0]) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"color_mode": "cmyk"}, 'no color_mode "cmyk"; there are "grayscale", "rgb"'),
        ({"class_mode": "output"}, 'no class_mode "output"'),
    ],
)
def test_unknown_modes_are_named(folder, options, message):
    with pytest.raises(UnknownNameError, match=message):
        flow(folder, **options)


@pytest.mark.parametrize("target_size", [None, 5, (5,), (0, 5), (5, 5, 3), (2.5, 3)])
def test_size_must_be_a_pair_of_whole_numbers(folder, target_size):
    with pytest.raises(ArgumentError, match=r"target_size must be a pair \(rows, cols\)"):
        flow(folder, target_size=target_size)


def test_files_are_read_by_several_threads_and_come_in_their_order(folder, monkeypatch):
    together = threading.Barrier(2)
    usual = image_directories.load_img

    def load(path, **options):
        if path.endswith(("0.png", "1.png")):
            together.wait()  # one thread alone would wait for ever
        return usual(path, **options)

    monkeypatch.setattr(threads, "_cores", lambda: 2)
    monkeypatch.setattr(image_directories, "load_img", load)
    assert next(flow(folder, class_mode=None))[:, 0, 0, 0].tolist() == [20, 10, 30, 50, 40]


def test_of_several_damaged_files_the_first_is_named(folder, monkeypatch):
    monkeypatch.setattr(threads, "_cores", lambda: 3)
    for name in ("cat/1.png", "dog/c.PNG"):
        (folder / name).write_bytes(b"no picture")
    with pytest.raises(FileError, match="1.png"):
        next(flow(folder))
