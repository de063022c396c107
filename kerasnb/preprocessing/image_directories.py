"""Pictures in directories: one directory for each class, and batches read from them."""

from __future__ import annotations

import os

import numpy as np

from ..errors import ArgumentError, MissingFileError, unknown_name
from ..spelling.door import accepts
from .image_iterators import PictureIterator
from .orderings import LATER, axes, ordering
from .picture_files import COLOR_MODES, check_interpolation, load_img
from .subsets import check_subset, places
from .threads import run_each

__all__ = ["DirectoryIterator"]

ENDINGS = (".png", ".jpg", ".jpeg", ".bmp")
CLASS_MODES = ("categorical", "binary", "sparse", "input", None)


class DirectoryIterator(PictureIterator):
    """Batches of pictures read from a directory; see `ImageDataGenerator.flow_from_directory`.

    Attributes:
        filenames: paths of the pictures, below `directory`.
        classes: the class number of each.
        class_indices: class name -> class number.
        nb_sample, nb_class: how many there are.
        image_shape: shape of one picture.

    Raises:
        MissingFileError: the directory, or that of a class, is not there.
        UnknownNameError: `color_mode` or `class_mode` is none of the choices.
    """

    @accepts(LATER)
    def __init__(
        self,
        directory,
        image_data_generator,
        target_size=(256, 256),
        color_mode="rgb",
        dim_ordering="default",
        classes=None,
        class_mode="categorical",
        batch_size=32,
        shuffle=True,
        seed=None,
        save_to_dir=None,
        save_prefix="",
        save_format="jpeg",
        follow_links=False,
        *,
        subset=None,
        interpolation="nearest",
        dtype=None,
    ):
        self.directory = directory
        self.target_size = _size(target_size)
        self.color_mode = color_mode
        self.class_mode = class_mode
        self.interpolation = check_interpolation(interpolation)
        self.image_shape = self._shape_of_one(ordering(dim_ordering))
        if class_mode not in CLASS_MODES:
            raise unknown_name("class_mode", class_mode, map(str, CLASS_MODES))
        names = list(classes) if classes else class_names(directory)
        self.nb_class = len(names)
        self.class_indices = dict(zip(names, range(len(names)), strict=True))
        split = getattr(image_data_generator, "validation_split", 0.0)
        self.filenames, self.classes = self._listed(names, follow_links, check_subset(subset), split)
        self.nb_sample = len(self.filenames)
        print(f"Found {self.nb_sample} images belonging to {self.nb_class} classes.")
        super().__init__(
            self.nb_sample,
            image_data_generator,
            batch_size,
            shuffle,
            seed,
            dim_ordering,
            save_to_dir,
            save_prefix,
            save_format,
        )
        self.dtype = dtype or self.dtype

    @property
    def filepaths(self):
        """Paths of the pictures, with the directory."""
        return [os.path.join(self.directory, name) for name in self.filenames]

    @property
    def labels(self):
        """The later name of `classes`."""
        return self.classes

    @property
    def samples(self):
        """The later name of `nb_sample`."""
        return self.nb_sample

    @property
    def num_classes(self):
        """The later name of `nb_class`."""
        return self.nb_class

    num_class = num_classes

    def _shape_of_one(self, order):
        if self.color_mode not in COLOR_MODES:
            raise unknown_name("color_mode", self.color_mode, COLOR_MODES)
        channels = (COLOR_MODES[self.color_mode],)
        return self.target_size + channels if order == "tf" else channels + self.target_size

    def _listed(self, names, follow_links, subset, validation_split):
        """Paths below the directory, and the number of each one's class."""
        paths, numbers = [], []
        for number, name in enumerate(names):
            found = pictures_below(os.path.join(self.directory, name), follow_links)
            found = found[places(len(found), subset, validation_split)]
            paths += [os.path.relpath(path, self.directory) for path in found]
            numbers += [number] * len(found)
        return paths, np.array(numbers, dtype="int32")

    def _pictures(self, places):
        pictures = np.empty((len(places), *self.image_shape), self.dtype)
        pixels = np.moveaxis(pictures, axes(self.dim_ordering)[2], -1)

        def read(number):
            pixels[number] = np.asarray(self._image(places[number])).reshape(pixels.shape[1:])

        run_each(read, range(len(places)))
        return pictures

    def _image(self, place):
        path = os.path.join(self.directory, self.filenames[place])
        return load_img(
            path, color_mode=self.color_mode, target_size=self.target_size, interpolation=self.interpolation
        )

    def _whole(self, pictures, places):
        return (pictures, pictures.copy()) if self.class_mode == "input" else super()._whole(pictures, places)

    def _labels(self, places):
        numbers = self.classes[places]
        if self.class_mode == "categorical":
            return np.eye(self.nb_class, dtype="float32")[numbers]
        return {"sparse": numbers, "binary": numbers.astype("float32"), None: None}[self.class_mode]


def class_names(directory):
    """The names of the directories in a directory, sorted.

    Raises:
        MissingFileError: there is no such directory.
    """
    if not os.path.isdir(directory):
        raise MissingFileError(
            f'flow_from_directory: there is no directory "{directory}".',
            "It must hold one directory of pictures for each class.",
        )
    return sorted(name for name in os.listdir(directory) if os.path.isdir(os.path.join(directory, name)))


def pictures_below(directory, follow_links=False):
    """Paths of the pictures in a directory and below it, sorted within each.

    Raises:
        MissingFileError: there is no such directory.
    """
    if not os.path.isdir(directory):
        raise MissingFileError(
            f'flow_from_directory: there is no directory "{directory}" for the class "{os.path.basename(directory)}".',
            "Correct classes=[...], or leave it out to take every directory as a class.",
        )
    walked = sorted(os.walk(directory, followlinks=follow_links))
    return [os.path.join(root, name) for root, _, names in walked for name in sorted(names) if is_picture(name)]


def is_picture(name):
    """Whether a file's name ends as a picture's does."""
    return name.lower().endswith(ENDINGS)


def _size(target_size):
    size = tuple(target_size) if isinstance(target_size, tuple | list) else (target_size,)
    if len(size) != 2 or not all(isinstance(side, int | np.integer) and side > 0 for side in size):
        raise ArgumentError(
            f"target_size must be a pair (rows, cols) of whole numbers above 0, got {target_size!r}.",
            "Write for instance target_size=(150, 150).",
            arguments=("target_size",),
        )
    return size
