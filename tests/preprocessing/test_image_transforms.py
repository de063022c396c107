"""Turning, shifting, shearing, zooming, tinting and mirroring one picture."""

import numpy as np
import pytest
from scipy import ndimage

from kerasnb.errors import ArgumentError, ShapeError, UnknownNameError
from kerasnb.preprocessing import image

LAST = {"row_axis": 0, "col_axis": 1, "channel_axis": 2}
RANDOM = {
    "random_rotation": (40,),
    "random_shift": (0.3, 0.2),
    "random_shear": (0.5,),
    "random_zoom": ((0.7, 1.4),),
}


@pytest.fixture
def picture():
    return np.random.RandomState(0).uniform(0, 255, (9, 11, 3))


@pytest.mark.parametrize(("name", "arguments"), RANDOM.items())
def test_channels_may_be_first_or_last(picture, name, arguments):
    np.random.seed(4)
    last = getattr(image, name)(picture, *arguments, **LAST)
    np.random.seed(4)
    first = getattr(image, name)(picture.transpose(2, 0, 1), *arguments)
    np.testing.assert_array_equal(first.transpose(1, 2, 0), last)
    assert (last != picture).any()


@pytest.mark.parametrize(("name", "arguments"), RANDOM.items())
def test_random_moves_only_move_pixels(picture, name, arguments):
    moved = getattr(image, name)(picture, *arguments, **LAST)
    assert moved.shape == picture.shape
    assert set(moved.ravel()) <= set(picture.ravel())


@pytest.mark.parametrize(("rows", "cols"), [(1, 0), (0, 2), (-3, 1)])
def test_shift_moves_pixels_and_repeats_the_edge(picture, rows, cols):
    shifted = image.apply_transform(picture, [[1, 0, rows], [0, 1, cols], [0, 0, 1]], channel_axis=2)
    there = np.ix_(np.clip(np.arange(9) + rows, 0, 8), np.clip(np.arange(11) + cols, 0, 10))
    np.testing.assert_array_equal(shifted, picture[there])


def test_random_shift_draws_fractions_of_height_then_width(picture):
    np.random.seed(4)
    shifted = image.random_shift(picture, 0.5, 0.2, **LAST)
    np.random.seed(4)
    rows, cols = np.random.uniform(-0.2, 0.2) * 9, np.random.uniform(-0.5, 0.5) * 11
    np.testing.assert_array_equal(shifted, image.apply_transform(picture, [[1, 0, rows], [0, 1, cols], [0, 0, 1]], 2))


def test_random_rotation_draws_degrees(picture):
    np.random.seed(4)
    turned = image.random_rotation(picture, 90, **LAST)
    np.random.seed(4)
    theta = np.deg2rad(np.random.uniform(-90, 90))
    matrix = np.array([[np.cos(theta), -np.sin(theta), 0], [np.sin(theta), np.cos(theta), 0], [0, 0, 1]])
    centred = image.transform_matrix_offset_center(matrix, 9, 11)
    np.testing.assert_array_equal(turned, image.apply_transform(picture, centred, 2))


def test_centre_is_where_keras_puts_it():
    centred = image.transform_matrix_offset_center(np.diag([2, 3, 1]), 10, 20)
    np.testing.assert_allclose(centred, [[2, 0, -5.5], [0, 3, -21], [0, 0, 1]])


@pytest.mark.parametrize(
    ("fill_mode", "expected"),
    [("constant", [7, 7, 0, 1]), ("nearest", [0, 0, 0, 1]), ("reflect", [1, 0, 0, 1]), ("wrap", None)],
)
def test_fill_mode_says_what_is_outside(fill_mode, expected):
    row = np.arange(4.0).reshape(1, 1, 4)
    shifted = image.apply_transform(row, [[1, 0, 0], [0, 1, -2], [0, 0, 1]], fill_mode=fill_mode, cval=7.0)[0, 0]
    if expected:
        np.testing.assert_array_equal(shifted, expected)
    else:
        assert set(shifted) <= {0, 1, 2, 3}


def test_channel_shift_adds_one_number_to_each_channel_within_the_range(picture):
    np.random.seed(3)
    tinted = image.random_channel_shift(picture, 50, channel_axis=2)
    np.random.seed(3)
    added = [np.random.uniform(-50, 50) for _ in range(3)]
    np.testing.assert_allclose(tinted, np.clip(picture + added, picture.min(), picture.max()))


def test_flip_mirrors_along_an_axis(picture):
    np.testing.assert_array_equal(image.flip_axis(picture, 0), picture[::-1])
    np.testing.assert_array_equal(image.flip_axis(picture, 1), picture[:, ::-1])


def test_zoom_range_of_one_leaves_the_picture(picture):
    np.testing.assert_array_equal(image.random_zoom(picture, (1, 1), **LAST), picture)


@pytest.mark.parametrize("zoom_range", [0.5, (1, 2, 3)])
def test_zoom_range_must_be_a_pair(picture, zoom_range):
    with pytest.raises(ArgumentError, match="zoom_range must be a pair"):
        image.random_zoom(picture, zoom_range)


@pytest.mark.parametrize(("name", "arguments"), [*RANDOM.items(), ("random_channel_shift", (5,))])
def test_batch_in_place_of_a_picture_is_refused(name, arguments):
    with pytest.raises(ShapeError, match=rf"{name}: needs one picture of three axes .* got \(2, 4, 4, 3\)"):
        getattr(image, name)(np.zeros((2, 4, 4, 3)), *arguments)


def test_unknown_fill_mode_is_named(picture):
    with pytest.raises(UnknownNameError, match='no fill_mode "mirrored"'):
        image.apply_transform(picture, np.eye(3), 2, fill_mode="mirrored")


@pytest.mark.parametrize("channel_axis", [0, 1, 2])
@pytest.mark.parametrize("fill_mode", ["constant", "nearest", "reflect", "wrap"])
def test_nearest_pixels_are_those_that_scipy_takes_channel_by_channel(picture, fill_mode, channel_axis):
    for angle in (0.3, 2.5):
        turn = image.transform_matrix_offset_center(
            1.4 * np.array([[np.cos(angle), -0.7, 3], [0.9, 0.2, -8], [0, 0, 1]]), 9, 11
        )
        channels = [
            ndimage.affine_transform(channel, turn[:2, :2], turn[:2, 2], order=0, mode=fill_mode, cval=7.5)
            for channel in picture.transpose(2, 0, 1)
        ]
        x = np.moveaxis(picture, 2, channel_axis)
        moved = image.apply_transform(x, turn, channel_axis, fill_mode, cval=7.5)
        np.testing.assert_array_equal(moved, np.stack(channels, axis=channel_axis))
