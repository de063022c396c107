"""Endless batches: which samples come next, and batches of pictures that are in memory."""

from __future__ import annotations

import os
import threading

import numpy as np

from .. import backend as K
from ..errors import ArgumentError, DataError, MissingFileError
from ..spelling.door import accepts
from .image_random import Seeding, copy_of_global, drawing_from, numbers
from .orderings import LATER, check_pictures, ordering
from .picture_files import array_to_img, write_image
from .subsets import check_classes, check_subset
from .subsets import places as places_of

__all__ = ["Iterator", "NumpyArrayIterator", "PictureIterator"]

MANY = 10_000  # one more than the largest number in the name of a saved picture


class Iterator:
    """Endless batches of `n` samples; a subclass says in `next` what is in a batch.

    Each epoch goes once through all samples; its last batch may be smaller. Several threads may call `next`.

    Args:
        n: number of samples.
        batch_size: samples a batch.
        shuffle: a new order in each epoch.
        seed: whole number, by which the same batches come each time; it seeds numpy's global generator before each
            batch, as in Keras 1.2. None draws from that generator as it is.
    """

    def __init__(self, n, batch_size, shuffle, seed):
        if isinstance(batch_size, bool) or not isinstance(batch_size, int | np.integer) or batch_size < 1:
            raise ArgumentError(
                f"batch_size must be a whole number from 1, got {batch_size!r}.", arguments=("batch_size",)
            )
        self.n = n
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.seed = seed
        self.batch_index = 0
        self.total_batches_seen = 0
        self._seeding = None
        self.lock = threading.Lock()
        self.index_generator = self._flow_index(n, batch_size, shuffle, seed)

    def reset(self):
        """Begin a new epoch with the next batch."""
        self.batch_index = 0

    def __len__(self):
        """The number of batches in an epoch."""
        return -(-self.n // self.batch_size)

    def __iter__(self):
        return self

    def __next__(self):
        return self.next()

    def next(self):
        """The next batch."""
        with self.lock:
            places, _, _ = next(self.index_generator)
        return self._get_batches_of_transformed_samples(places)

    def _get_batches_of_transformed_samples(self, index_array):
        """The batch of the samples at these places, as subclasses written for Keras 2 define it."""
        raise NotImplementedError(f"{type(self).__name__} must define next().")

    def _flow_index(self, n, batch_size=32, shuffle=False, seed=None):
        """Triples (places of the samples, number of the first in the epoch, how many), for subclasses to draw from."""
        self.reset()
        while True:
            if seed is not None:
                np.random.seed(seed + self.total_batches_seen)
                self._seeding = Seeding(seed + self.total_batches_seen, n if shuffle and self.batch_index == 0 else 0)
            if self.batch_index == 0:
                places = np.random.permutation(n) if shuffle else np.arange(n)
            first = self.batch_index * batch_size
            batch = places[first : first + batch_size]
            self.batch_index = self.batch_index + 1 if first + batch_size < n else 0
            self.total_batches_seen += 1
            yield batch, first, len(batch)


class PictureIterator(Iterator):
    """Batches of pictures, each transformed and standardized by its generator; a subclass reads pictures and labels.

    Args:
        image_data_generator: the `ImageDataGenerator` that changes the pictures.
        save_to_dir: directory for a copy of each picture as it was given out.
        save_prefix: start of the copies' names.
        save_format: their format, which is also their ending: 'jpeg', 'png'.
    """

    def __init__(
        self, n, image_data_generator, batch_size, shuffle, seed, dim_ordering, save_to_dir, save_prefix, save_format
    ):
        self.image_data_generator = image_data_generator
        self.dim_ordering = ordering(dim_ordering)
        self.save_to_dir = save_to_dir
        self.save_prefix = save_prefix
        self.save_format = save_format
        if save_to_dir is not None and not os.path.isdir(save_to_dir):
            raise MissingFileError(
                f'save_to_dir: there is no directory "{save_to_dir}".', "Make it first, by os.makedirs."
            )
        self.dtype = getattr(image_data_generator, "dtype", None) or K.floatx()
        self._order = None
        self._epochs = 0
        super().__init__(n, batch_size, shuffle, seed)

    def next(self):
        """The next batch: pictures, or pictures and labels."""
        return self.compute(self.reserve())

    @property
    def reserves(self):
        """Whether `reserve` and `compute` are what `next` does; not where a subclass does something else."""
        return type(self).next is PictureIterator.next and type(self).__next__ is Iterator.__next__

    def reserve(self):
        """What the next batch is computed from; threads that compute several at once so keep their order."""
        return self._next_places()

    def compute(self, reserved):
        """The batch that was reserved."""
        return self._batch(*reserved)

    def __getitem__(self, number):
        """A batch by its number in the epoch, as in later Keras; the order stays until `on_epoch_end`.

        Raises:
            DataError: an epoch has no batch of this number.
        """
        if not 0 <= number < len(self):
            raise DataError(
                f"{type(self).__name__}: an epoch has batches 0 to {len(self) - 1}, there is none {number}."
            )
        first = number * self.batch_size
        own = None if self.seed is None else Seeding(self.seed + self._epochs * len(self) + number)
        return self._batch(self._epoch_order()[first : first + self.batch_size], first, own)

    def on_epoch_end(self):
        """Take another order for the batches that are asked for by number."""
        self._order = None
        self._epochs += 1

    def _epoch_order(self):
        with self.lock:
            if self._order is None:
                draw = np.random if self.seed is None else np.random.RandomState(self.seed + self._epochs * len(self))
                self._order = draw.permutation(self.n) if self.shuffle else np.arange(self.n)
            return self._order

    def _batch(self, places, first, own):
        with drawing_from(own):
            pictures = self._changed_pictures(self._pictures(places))
            self._save(pictures, first)
        return self._whole(pictures, places)

    def _whole(self, pictures, places):
        """The batch: the pictures, and what comes with them."""
        labels = self._labels(places)
        return pictures if labels is None else (pictures, labels)

    def _next_places(self):
        """Places of the samples, number of the first one, and what to draw from; the pictures are made unlocked."""
        if not self.n:
            raise DataError(f"{type(self).__name__}: there are no pictures to take a batch from.")
        with self.lock:
            self._seeding = None
            places, first, _ = next(self.index_generator)
            # an order of a program's own may have drawn anything
            return places, first, None if self.seed is None else self._seeding or copy_of_global()

    def _changed_pictures(self, pictures):
        generator = self.image_data_generator
        if getattr(generator, "takes_batches", False) and np.issubdtype(pictures.dtype, np.floating):
            return np.asarray(generator.changed_batch(pictures), dtype=self.dtype)
        changed = (generator.standardize(generator.random_transform(picture)) for picture in pictures)
        return np.stack([np.asarray(picture, dtype=self.dtype) for picture in changed])

    def _save(self, pictures, first):
        if not self.save_to_dir:
            return
        for index, picture in enumerate(pictures, start=first):
            name = f"{self.save_prefix}_{index}_{numbers().randint(MANY)}.{self.save_format}"
            image = array_to_img(picture, self.dim_ordering, scale=True)
            write_image(image, os.path.join(self.save_to_dir, name), self.save_format)

    def _picture(self, place):
        raise NotImplementedError

    def _labels(self, places):
        raise NotImplementedError


class NumpyArrayIterator(PictureIterator):
    """Batches of pictures that are in memory; see `ImageDataGenerator.flow`.

    Shape: 'tf' `(samples, rows, cols, channels)`, 'th' `(samples, channels, rows, cols)`.

    Raises:
        DataError: `x` and `y` are not of one length.
        ShapeError: `x` is no batch of pictures.
    """

    @accepts(LATER)
    def __init__(
        self,
        x,
        y,
        image_data_generator,
        batch_size=32,
        shuffle=False,
        seed=None,
        dim_ordering="default",
        save_to_dir=None,
        save_prefix="",
        save_format="jpeg",
        *,
        sample_weight=None,
        subset=None,
        dtype=None,
        ignore_class_split=False,
    ):
        x, more = x if isinstance(x, tuple) and len(x) == 2 else (x, None)
        more = [] if more is None else [np.asarray(one) for one in (more if isinstance(more, list) else [more])]
        for name, values in (("labels", y), ("sample weights", sample_weight), *(("more values", one) for one in more)):
            _check_as_many(x, name, values)
        split = getattr(image_data_generator, "validation_split", 0.0)
        part = places_of(len(x), check_subset(subset), split)
        if subset and y is not None and not ignore_class_split:
            check_classes(y, split)
        self.x = check_pictures("flow", x, ordering(dim_ordering))[part]
        self.x_misc = [one[part] for one in more]
        self.y = None if y is None else np.asarray(y)[part]
        self.sample_weight = None if sample_weight is None else np.asarray(sample_weight)[part]
        super().__init__(
            len(self.x),
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

    def _pictures(self, places):
        return self.x.take(places, axis=0).astype(self.dtype, copy=False)

    def _whole(self, pictures, places):
        inputs = [pictures, *(one[places] for one in self.x_misc)] if self.x_misc else pictures
        outputs = [one[places] for one in (self.y, self.sample_weight) if one is not None]
        return (inputs, *outputs) if outputs else inputs


def _check_as_many(x, name, values):
    if values is not None and len(x) != len(values):
        raise DataError(
            f"flow: pictures and {name} must be as many, got {len(x)} pictures and {len(values)} {name}.",
            f"Their shapes are {np.shape(x)} and {np.shape(values)}.",
        )
