"""What preprocessing takes and has since Keras 2."""

import numpy as np
import pytest
from PIL import Image

from kerasnb.errors import ArgumentError, DataError, UnknownNameError
from kerasnb.preprocessing import image
from kerasnb.preprocessing.image import ImageDataGenerator, Iterator, img_to_array, load_img, save_img
from kerasnb.preprocessing.sequence import TimeseriesGenerator, _remove_long_seq
from kerasnb.preprocessing.text import Tokenizer, hashing_trick, tokenizer_from_json

NEUTRAL = {
    "zca_epsilon": 1e-6,
    "brightness_range": None,
    "validation_split": 0.0,
    "interpolation_order": 0,
    "dtype": "float32",
    "data_format": "channels_last",
}


@pytest.fixture
def pictures():
    return np.random.RandomState(0).uniform(0, 255, (10, 4, 6, 3)).astype("float32")


@pytest.fixture
def folder(tmp_path):
    for name, count in (("cat", 2), ("dog", 4)):
        (tmp_path / name).mkdir()
        for number in range(count):
            Image.new("RGBA", (5, 4), (number, 0, 0, 100)).save(tmp_path / name / f"{number}.png")
    return tmp_path


def test_neutral_values_of_later_arguments_change_nothing(pictures):
    plain = ImageDataGenerator(dim_ordering="tf").flow(pictures, seed=1)
    later = ImageDataGenerator(**NEUTRAL).flow(pictures, seed=1, subset=None, sample_weight=None)
    np.testing.assert_array_equal(next(plain), next(later))


def test_subsets_split_pictures_labels_and_weights(pictures):
    generator = ImageDataGenerator(validation_split=0.2)
    held, rest = (
        generator.flow(
            pictures, range(10), sample_weight=np.arange(10) / 2, shuffle=False, subset=subset, ignore_class_split=True
        )
        for subset in ("validation", "training")
    )
    assert [values.tolist() for values in next(held)[1:]] == [[0, 1], [0, 0.5]]
    assert rest.n == 8 and next(rest)[1].tolist() == list(range(2, 10))
    assert generator.flow(pictures).n == 10


@pytest.mark.parametrize("subset", ["validation", "training"])
def test_pictures_sorted_by_class_are_not_split_into_parts_of_other_classes(pictures, subset):
    generator = ImageDataGenerator(validation_split=0.2)
    with pytest.raises(DataError, match="the label 1 is only in the training part; the first 20% validate"):
        generator.flow(pictures, [0] * 5 + [1] * 5, subset=subset)
    assert generator.flow(pictures, [0] * 5 + [1] * 5, subset=subset, ignore_class_split=True).n in (2, 8)
    assert generator.flow(pictures, [0, 1] * 5, subset=subset).n in (2, 8)


def test_without_a_validation_part_all_classes_are_for_training(pictures):
    assert ImageDataGenerator().flow(pictures, [0] * 5 + [1] * 5, subset="training").n == 10


def test_subsets_split_each_class_of_a_directory(folder):
    generator = ImageDataGenerator(validation_split=0.5)
    flows = [generator.flow_from_directory(folder, subset=subset) for subset in ("validation", "training")]
    assert flows[0].filenames == ["cat/0.png", "dog/0.png", "dog/1.png"]
    assert flows[1].filenames == ["cat/1.png", "dog/2.png", "dog/3.png"]
    assert flows[1].filepaths[0] == str(folder / "cat" / "1.png") and flows[1].labels.tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda x: ImageDataGenerator(validation_split=1), ArgumentError),
        (lambda x: ImageDataGenerator(brightness_range=0.2), ArgumentError),
        (lambda x: ImageDataGenerator().flow(x, subset="test"), UnknownNameError),
        (lambda x: ImageDataGenerator().flow(x, sample_weight=[1]), DataError),
        (lambda x: ImageDataGenerator().flow_from_directory(".", interpolation="cubic"), UnknownNameError),
    ],
)
def test_wrong_later_values_are_refused(pictures, wrong, error):
    with pytest.raises(error):
        wrong(pictures)


def test_more_arrays_come_along_with_the_pictures(pictures):
    flow = ImageDataGenerator().flow((pictures, np.arange(10)), np.ones(10), batch_size=3, shuffle=False)
    (x, numbers), y = next(flow)
    assert x.shape == (3, 4, 6, 3) and numbers.tolist() == [0, 1, 2] and y.tolist() == [1, 1, 1]


def test_directories_give_pictures_as_their_own_targets_and_fourth_channels(folder):
    flow = ImageDataGenerator(rescale=1 / 255).flow_from_directory(
        folder, target_size=(8, 8), class_mode="input", color_mode="rgba", interpolation="bilinear"
    )
    x, y = next(flow)
    assert x.shape == (6, 8, 8, 4) and (x == y).all() and x is not y


def test_brightness_multiplies_within_the_range_of_pictures(pictures):
    np.random.seed(0)
    x = ImageDataGenerator(brightness_range=(2, 2)).random_transform(pictures[0])
    np.testing.assert_allclose(x, np.clip(pictures[0] * 2, 0, 255), rtol=1e-6)
    assert image.random_brightness(pictures[0], (0, 0)).max() == 0


def test_one_change_is_made_to_several_pictures(pictures):
    generator = ImageDataGenerator(
        rotation_range=30, horizontal_flip=True, brightness_range=(0.5, 1.5), channel_shift_range=9, shear_range=0.2
    )
    change = generator.get_random_transform(pictures[0].shape, seed=4)
    np.testing.assert_array_equal(
        generator.apply_transform(pictures[0], change), generator.random_transform(pictures[0], seed=4)
    )
    assert generator.apply_transform(pictures[1], {"flip_vertical": True}).tolist() == pictures[1][::-1].tolist()


def test_shifts_above_1_are_pixels_and_lists_give_the_shifts_there_are(pictures):
    shifts = {
        ImageDataGenerator(width_shift_range=value).get_random_transform((40, 60, 3), seed=seed)["ty"]
        for value in ([2], [2.0])
        for seed in range(9)
    }
    assert shifts == {-2, 2}
    generator = ImageDataGenerator(height_shift_range=3)
    assert {generator.get_random_transform((40, 60, 3), seed=seed)["tx"] for seed in range(40)} == {-2, -1, 0, 1, 2}


def test_batches_come_in_the_dtype_asked_for(pictures):
    assert next(ImageDataGenerator(dtype="float64").flow(pictures)).dtype == "float64"
    assert img_to_array(pictures[0], dtype="uint8").dtype == "uint8"


def test_interpolation_order_reaches_between_pixels(pictures):
    ramp = np.tile(np.arange(6.0), (4, 1))[..., None]
    moved = image.apply_affine_transform(ramp, ty=0.5)
    np.testing.assert_allclose(moved[:, :5, 0], ramp[:, :5, 0] + 0.5)
    assert image.apply_affine_transform(ramp, ty=0.5, order=0)[0, 0, 0] in (0, 1)


def test_pictures_are_written_to_files(tmp_path, pictures):
    save_img(tmp_path / "a.png", pictures[0].round(), scale=False)
    np.testing.assert_array_equal(img_to_array(load_img(tmp_path / "a.png")), pictures[0].round())
    save_img(tmp_path / "b.jpg", np.ones((4, 3, 3)), data_format="channels_last")
    save_img(tmp_path / "c.jpg", np.ones((4, 3, 4)))
    assert load_img(tmp_path / "c.jpg").size == (3, 4) and len(image.list_pictures(tmp_path, ext=("jpg", "png"))) == 3


def test_an_iterator_may_say_only_what_a_batch_of_places_is():
    class Doubled(Iterator):
        def _get_batches_of_transformed_samples(self, index_array):
            return 2 * index_array

    assert next(Doubled(5, 3, False, None)).tolist() == [0, 2, 4]


def test_windows_of_a_series_come_with_what_follows():
    windows = TimeseriesGenerator(np.arange(10), np.arange(10) * 10, length=4, sampling_rate=2, stride=2, batch_size=2)
    x, y = windows[0]
    assert x.tolist() == [[0, 2], [2, 4]] and y.tolist() == [40, 60] and len(windows) == 2
    assert windows[1][1].tolist() == [80] and windows.get_config()["length"] == 4
    assert TimeseriesGenerator([0, 1, 2], [0, 1, 2], 2, reverse=True)[0][0].tolist() == [[1, 0]]
    assert TimeseriesGenerator(range(9), range(9), 2, shuffle=True, batch_size=5)[0][0].shape == (5, 2)


@pytest.mark.parametrize("wrong", [{"targets": [1]}, {"length": 9}, {"length": 0}])
def test_series_without_a_window_are_refused(wrong):
    with pytest.raises((ArgumentError, DataError)):
        TimeseriesGenerator(**{"data": [1, 2], "targets": [1, 2], "length": 1} | wrong)


def test_long_sequences_are_left_out_with_their_labels():
    assert _remove_long_seq(3, [[1], [1, 2, 3], [4, 5]], "abc") == ([[1], [4, 5]], ["a", "c"])


def test_unseen_and_rare_words_become_the_token_for_them():
    tokenizer = Tokenizer(num_words=3, oov_token="?")
    tokenizer.fit_on_texts(["a a a b b c", ["A", "b"]])
    assert tokenizer.word_index == {"?": 1, "a": 2, "b": 3, "c": 4}
    assert tokenizer.texts_to_sequences(["a b c d"]) == [[2, 1, 1, 1]]
    assert tokenizer.sequences_to_texts([[2, 3, 9]]) == ["a ? ?"]


def test_a_tokenizer_is_read_back_from_its_json():
    tokenizer = Tokenizer(nb_words=3)
    tokenizer.fit_on_texts(["b a", "b c"])
    again = tokenizer_from_json(tokenizer.to_json())
    assert again.get_config() == tokenizer.get_config() and again.index_word == {1: "b", 2: "a", 3: "c"}
    assert (again.texts_to_matrix(["b"], "tfidf") == tokenizer.texts_to_matrix(["b"], "tfidf")).all()
    for broken in ("{}", "[1]", "nothing", '{"config": {"num_words": 1}}', "[" * 100_000):
        with pytest.raises(ArgumentError, match="no tokenizer"):
            tokenizer_from_json(broken)


def test_words_get_numbers_by_a_hash_that_stays():
    assert hashing_trick("Cat, cat dog", 10, "md5") == [3, 3, 6]
    assert hashing_trick("cat", 10, hash_function=len) == [4]
    with pytest.raises(UnknownNameError, match="hash_function"):
        hashing_trick("cat", 10, "sha9")
