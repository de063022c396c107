"""Pictures as files, images and arrays."""

import numpy as np
import pytest
from PIL import Image

from kerasnb import backend as K
from kerasnb.errors import FileError, MissingFileError, ShapeError, UnknownNameError
from kerasnb.preprocessing.image import array_to_img, img_to_array, list_pictures, load_img


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "picture.png"
    Image.fromarray(np.arange(10 * 8 * 3, dtype="uint8").reshape(10, 8, 3)).save(path)
    return path


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("ordering", [{"dim_ordering": "th"}, {"data_format": "channels_first"}])
def test_array_goes_to_an_image_and_back(channels, ordering):
    x = np.random.RandomState(0).randint(0, 256, (channels, 10, 8)).astype("float32")
    img = array_to_img(x, scale=False, **ordering)
    assert img.size == (8, 10)
    np.testing.assert_array_equal(img_to_array(img, **ordering), x)
    last = x.transpose(1, 2, 0)
    np.testing.assert_array_equal(img_to_array(array_to_img(last, "tf", scale=False), "tf"), last)


def test_default_ordering_is_the_one_that_is_set():
    K.set_image_dim_ordering("th")
    assert img_to_array(array_to_img(np.zeros((3, 10, 8)))).shape == (3, 10, 8)


def test_scaling_spreads_values_over_the_full_range_and_leaves_the_array():
    x = np.array([[[-1.0], [0.0], [3.0]]])
    pixels = img_to_array(array_to_img(x, "tf"))[0, :, 0]
    np.testing.assert_array_equal(pixels, [0, 63, 255])
    np.testing.assert_array_equal(x[0, :, 0], [-1, 0, 3])


def test_scaling_bytes_does_not_wrap_around():
    x = np.array([[[3], [6]]], dtype="uint8")
    np.testing.assert_array_equal(img_to_array(array_to_img(x))[0, :, 0], [127, 255])


def test_black_picture_stays_black():
    assert not img_to_array(array_to_img(np.zeros((2, 2, 3)))).any()


def test_array_comes_in_the_default_float_type(file):
    K.set_floatx("float64")
    assert img_to_array(load_img(file)).dtype == np.float64


@pytest.mark.parametrize("shape", [(10, 8), (1, 10, 8, 3), (10, 8, 5)])
def test_array_that_is_no_picture_is_refused(shape):
    with pytest.raises(ShapeError, match="array_to_img: needs"):
        array_to_img(np.zeros(shape), dim_ordering="tf")


def test_image_of_four_axes_is_refused():
    with pytest.raises(ShapeError, match=r"img_to_array: needs .* got \(10, 8, 5, 3\)"):
        img_to_array(np.zeros((10, 8, 5, 3)))


@pytest.mark.parametrize("function", [array_to_img, img_to_array])
def test_unknown_ordering_is_named(function):
    with pytest.raises(UnknownNameError, match='no dim_ordering "channels"'):
        function(np.zeros((4, 4, 3)), dim_ordering="channels")


def test_picture_is_loaded_in_colour_or_grey(file):
    assert load_img(file).mode == "RGB"
    grey = load_img(str(file), grayscale=True)
    assert (grey.mode, grey.size) == ("L", (8, 10))
    assert img_to_array(grey).shape == (10, 8, 1)


def test_colour_can_be_said_in_the_later_way(file):
    assert (load_img(file, color_mode="grayscale").mode, load_img(file, color_mode="rgb").mode) == ("L", "RGB")
    with pytest.raises(UnknownNameError, match='no color_mode "cmyk"'):
        load_img(file, color_mode="cmyk")


def test_picture_is_resized_to_rows_and_cols_by_nearest_pixels(file):
    resized = img_to_array(load_img(file, target_size=(20, 16)))
    np.testing.assert_array_equal(resized, img_to_array(load_img(file)).repeat(2, 0).repeat(2, 1))


@pytest.mark.parametrize("content", [b"", b"no picture"])
def test_file_that_is_no_picture_is_named(file, content):
    file.write_bytes(content)
    with pytest.raises(FileError, match='the picture ".*picture.png" cannot be read'):
        load_img(file)


@pytest.mark.parametrize("ending", ["png", "jpg", "bmp"])
def test_picture_that_ends_in_the_middle_is_named(tmp_path, ending):
    path = tmp_path / f"half.{ending}"
    Image.fromarray(np.random.RandomState(0).randint(0, 256, (40, 40, 3)).astype("uint8")).save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(FileError, match=f"half.{ending}"):
        load_img(path)


def test_missing_picture_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nothing.png"):
        load_img(tmp_path / "nothing.png")


def test_pictures_are_listed_below_a_directory(tmp_path):
    names = ["b.png", "a-1.JPG", "deep/c.jpeg", "deep/notes.txt", "d.bmp", "e.png.txt"]
    (tmp_path / "deep").mkdir()
    for name in names:
        (tmp_path / name).touch()
    found = list_pictures(tmp_path)
    assert found == [str(tmp_path / name) for name in ("a-1.JPG", "b.png", "d.bmp", "deep/c.jpeg")]
    assert list_pictures(tmp_path, ext="txt") == [str(tmp_path / name) for name in ("deep/notes.txt", "e.png.txt")]


def test_missing_directory_of_pictures_is_named(tmp_path):
    with pytest.raises(MissingFileError, match="no directory"):
        list_pictures(tmp_path / "nothing")
