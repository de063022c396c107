"""ImageDataGenerator: what each option does to a picture, and what fit finds out."""

import inspect

import numpy as np
import pytest

from kerasnb.errors import ArgumentError, DataError, ShapeError, UnknownNameError
from kerasnb.preprocessing import image
from kerasnb.preprocessing.image import ImageDataGenerator

EVERYTHING = {
    "rotation_range": 40.0,
    "width_shift_range": 0.2,
    "height_shift_range": 0.1,
    "shear_range": 0.3,
    "zoom_range": 0.2,
    "channel_shift_range": 20.0,
    "horizontal_flip": True,
    "vertical_flip": True,
    "fill_mode": "constant",
    "cval": 5.0,
}


@pytest.fixture
def pictures():
    return np.random.RandomState(0).uniform(0, 255, (12, 6, 8, 3)).astype("float32")


def test_options_are_keras_1s():
    assert list(inspect.signature(ImageDataGenerator).parameters) == [
        *("featurewise_center", "samplewise_center", "featurewise_std_normalization", "samplewise_std_normalization"),
        *("zca_whitening", "rotation_range", "width_shift_range", "height_shift_range", "shear_range", "zoom_range"),
        *("channel_shift_range", "fill_mode", "cval", "horizontal_flip", "vertical_flip", "rescale"),
        *("preprocessing_function", "dim_ordering"),
    ]


def test_nothing_changes_without_options(pictures):
    generator = ImageDataGenerator()
    np.testing.assert_array_equal(generator.standardize(generator.random_transform(pictures[0])), pictures[0])


@pytest.mark.parametrize(
    ("ordering", "expected"),
    [({}, (1, 2, 3)), ({"dim_ordering": "th"}, (2, 3, 1)), ({"data_format": "channels_first"}, (2, 3, 1))],
)
def test_axes_follow_the_ordering(ordering, expected):
    generator = ImageDataGenerator(**ordering)
    assert (generator.row_axis, generator.col_axis, generator.channel_axis) == expected


def test_random_transform_draws_and_combines_as_keras_1_does(pictures):
    """The whole chain by hand, from the same random numbers."""
    generator, x = ImageDataGenerator(**EVERYTHING), pictures[0]
    np.random.seed(5)
    changed = generator.random_transform(x)
    np.random.seed(5)
    theta = np.pi / 180 * np.random.uniform(-40, 40)
    down, right = np.random.uniform(-0.1, 0.1) * 6, np.random.uniform(-0.2, 0.2) * 8
    shear = np.random.uniform(-0.3, 0.3)
    zooms = np.random.uniform(0.8, 1.2, 2)
    turn = np.array([[np.cos(theta), -np.sin(theta), 0], [np.sin(theta), np.cos(theta), 0], [0, 0, 1]])
    shift = np.array([[1, 0, down], [0, 1, right], [0, 0, 1]])
    slope = np.array([[1, -np.sin(shear), 0], [0, np.cos(shear), 0], [0, 0, 1]])
    matrix = image.transform_matrix_offset_center(turn @ shift @ slope @ np.diag([*zooms, 1]), 6, 8)
    expected = image.apply_transform(x, matrix, 2, fill_mode="constant", cval=5.0)
    expected = image.random_channel_shift(expected, 20.0, 2)
    expected = expected[:, ::-1] if np.random.random() < 0.5 else expected
    expected = expected[::-1] if np.random.random() < 0.5 else expected
    np.testing.assert_allclose(changed, expected)


def test_one_picture_can_be_changed_by_a_seed(pictures):
    generator = ImageDataGenerator(**EVERYTHING)
    before = np.random.get_state()[1].copy()
    changed, again = (generator.random_transform(pictures[0], seed=3) for _ in range(2))
    np.testing.assert_array_equal(changed, again)
    np.testing.assert_array_equal(np.random.get_state()[1], before)


@pytest.mark.parametrize(("option", "axis"), [("horizontal_flip", 1), ("vertical_flip", 0)])
def test_about_half_of_the_pictures_are_mirrored(pictures, option, axis):
    generator, x = ImageDataGenerator(**{option: True}), pictures[0]
    changed = [generator.random_transform(x) for _ in range(100)]
    mirrored = sum(np.array_equal(one, np.flip(x, axis)) for one in changed)
    assert 30 < mirrored < 70
    assert mirrored + sum(np.array_equal(one, x) for one in changed) == 100


@pytest.mark.parametrize(("zoom_range", "expected"), [(0.2, [0.8, 1.2]), ((0.5, 2), [0.5, 2]), ([1, 1], [1, 1])])
def test_zoom_range_is_a_number_or_a_pair(zoom_range, expected):
    np.testing.assert_allclose(ImageDataGenerator(zoom_range=zoom_range).zoom_range, expected)


@pytest.mark.parametrize("zoom_range", [(1, 2, 3), -2, (-1, 1)])
def test_other_zoom_ranges_are_refused(zoom_range):
    with pytest.raises(ArgumentError, match="zoom_range must be a fraction or a pair"):
        ImageDataGenerator(zoom_range=zoom_range)


@pytest.mark.parametrize("options", [{"dim_ordering": "tff"}, {"data_format": "last"}, {"fill_mode": "mirror"}])
def test_unknown_names_are_refused_at_once(options):
    with pytest.raises(UnknownNameError, match=f'"{next(iter(options.values()))}"'):
        ImageDataGenerator(**options)


def test_pictures_are_preprocessed_then_rescaled(pictures):
    generator = ImageDataGenerator(rescale=0.5, preprocessing_function=lambda x: x + 10)
    np.testing.assert_allclose(generator.standardize(pictures[0]), (pictures[0] + 10) * 0.5, rtol=1e-6)


def test_standardize_leaves_the_array_it_is_given(pictures):
    before = pictures[0].copy()
    ImageDataGenerator(rescale=2, samplewise_center=True).standardize(pictures[0])
    np.testing.assert_array_equal(pictures[0], before)


def test_whole_numbers_are_standardized_as_floats():
    x = np.full((2, 2, 3), 100, dtype="uint8")
    np.testing.assert_array_equal(ImageDataGenerator(rescale=0.01).standardize(x), np.ones((2, 2, 3)))


def test_samplewise_takes_each_pixels_mean_over_the_channels(pictures):
    x = pictures[0]
    centred = ImageDataGenerator(samplewise_center=True).standardize(x)
    np.testing.assert_allclose(centred, x - x.mean(2, keepdims=True), rtol=1e-4, atol=1e-4)
    scaled = ImageDataGenerator(samplewise_std_normalization=True).standardize(x)
    np.testing.assert_allclose(scaled, x / (x.std(2, keepdims=True) + 1e-7), rtol=1e-5)


def test_samplewise_of_a_grey_picture_takes_the_mean_over_the_picture(pictures):
    x = pictures[0, :, :, :1]
    generator = ImageDataGenerator(samplewise_center=True, samplewise_std_normalization=True)
    np.testing.assert_allclose(generator.standardize(x), (x - x.mean()) / x.std(), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("ordering", ["tf", "th"])
def test_featurewise_takes_the_channels_mean_over_the_data(pictures, ordering):
    x = pictures if ordering == "tf" else pictures.transpose(0, 3, 1, 2)
    generator = ImageDataGenerator(featurewise_center=True, featurewise_std_normalization=True, dim_ordering=ordering)
    generator.fit(x)
    over = (0, generator.row_axis, generator.col_axis)
    np.testing.assert_allclose(generator.mean.ravel(), x.mean(over), rtol=1e-5)
    np.testing.assert_allclose(generator.std.ravel(), x.std(over), rtol=1e-5)
    standardized = np.stack([generator.standardize(one) for one in x])
    np.testing.assert_allclose(standardized.mean(over), 0, atol=1e-4)
    np.testing.assert_allclose(standardized.std(over), 1, rtol=1e-4)


def test_fit_sees_pictures_preprocessed_and_rescaled_as_batches_will_be(pictures):
    generator = ImageDataGenerator(featurewise_center=True, rescale=1 / 255, preprocessing_function=lambda x: x - 3)
    generator.fit(pictures)
    standardized = np.stack([generator.standardize(one) for one in pictures])
    np.testing.assert_allclose(standardized.mean((0, 1, 2)), 0, atol=1e-5)


def test_zca_makes_pixels_uncorrelated():
    x = np.random.RandomState(0).rand(500, 2, 2, 3) @ np.array([[1, 0.9, 0], [0, 1, 0.9], [0, 0, 1]])
    generator = ImageDataGenerator(featurewise_center=True, zca_whitening=True)
    generator.fit(x)
    flat = np.stack([generator.standardize(one).ravel() for one in x])
    np.testing.assert_allclose(flat.T @ flat / len(flat), np.eye(12), atol=1e-2)


def test_zca_of_fewer_pictures_than_pixels_is_finite(pictures):
    generator = ImageDataGenerator(zca_whitening=True)
    generator.fit(pictures[:3])
    assert generator.principal_components.shape == (144, 144)
    assert np.isfinite(generator.standardize(pictures[0])).all()


def test_fit_can_learn_from_changed_pictures(pictures):
    plain, changed = (ImageDataGenerator(featurewise_center=True, **EVERYTHING) for _ in range(2))
    plain.fit(pictures)
    changed.fit(pictures, augment=True, rounds=2, seed=3)
    assert (plain.mean != changed.mean).any()
    np.random.seed(3)
    expected = [changed.random_transform(one) for _ in range(2) for one in pictures]
    np.testing.assert_allclose(changed.mean.ravel(), np.mean(expected, axis=(0, 1, 2)), rtol=1e-4)


def test_fit_leaves_the_array_it_is_given_and_takes_whole_numbers():
    x = np.random.RandomState(0).randint(0, 256, (8, 4, 4, 1)).astype("uint8")
    before = x.copy()
    generator = ImageDataGenerator(featurewise_center=True, featurewise_std_normalization=True)
    generator.fit(X=x)
    np.testing.assert_array_equal(x, before)
    np.testing.assert_allclose(generator.mean.ravel(), x.mean(), rtol=1e-5)


@pytest.mark.parametrize("shape", [(3, 10, 10), (32, 3, 10, 10), (32, 10, 10, 5)])
@pytest.mark.parametrize("method", ["fit", "flow"])
def test_arrays_that_are_no_pictures_are_refused(shape, method):
    generator = ImageDataGenerator(dim_ordering="tf")
    with pytest.raises(ShapeError, match=r"needs .*\(.*10.*\)"):
        getattr(generator, method)(np.random.random(shape))


def test_numbers_in_place_of_pictures_are_refused():
    with pytest.raises(ShapeError, match=r"flow: needs pictures \(samples, rows, cols, channels\), got \(32,\)"):
        ImageDataGenerator().flow(np.arange(32))


def test_fit_on_nothing_is_refused():
    with pytest.raises(DataError, match="needs at least one picture"):
        ImageDataGenerator(featurewise_center=True).fit(np.zeros((0, 4, 4, 3)))


@pytest.mark.parametrize("option", ["featurewise_center", "featurewise_std_normalization", "zca_whitening"])
def test_option_that_needs_fit_says_so(pictures, option):
    with pytest.raises(DataError, match=rf"(?s){option} needs to know the data.*Call fit\(x\)"):
        next(ImageDataGenerator(**{option: True}).flow(pictures))
