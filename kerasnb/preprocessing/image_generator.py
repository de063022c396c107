"""Pictures changed at random and brought to one scale, batch by batch."""

from __future__ import annotations

import numpy as np

from .. import backend as K
from ..errors import ArgumentError, DataError
from ..spelling.door import accepts
from . import image_transforms as transforms
from .image_changes import apply_change, change_each, draw_change
from .image_directories import DirectoryIterator
from .image_iterators import NumpyArrayIterator
from .image_random import drawing_from
from .orderings import LATER, axes, check_picture, check_pictures, ordering
from .subsets import check_split

__all__ = ["ImageDataGenerator"]

SMALL = 1e-7  # added to standard deviations before dividing
WAYS = ("random_transform", "get_random_transform", "apply_transform", "standardize")  # with one picture


class ImageDataGenerator:
    """Batches of pictures, each changed at random and then brought to one scale.

    A picture is turned, shifted, sheared and zoomed in one step, then tinted and mirrored; `preprocessing_function`
    and `rescale` follow, then the normalizations.

    Args:
        featurewise_center: take off the mean of each channel over the data given to `fit`.
        samplewise_center: take off each picture's own mean: at each pixel that of its channels; of a picture with one
            channel, the mean of all its pixels.
        featurewise_std_normalization: divide by the standard deviation of each channel over the data given to `fit`.
        samplewise_std_normalization: divide by each picture's own standard deviation, taken as its mean is.
        zca_whitening: make the pixels uncorrelated (ZCA) over the data given to `fit`.
        rotation_range: largest angle to either side, degrees.
        width_shift_range: largest shift along the cols, fraction of the width; above 1 in pixels, and a list gives
            the shifts there are.
        height_shift_range: the same along the rows.
        shear_range: largest shear to either side, radians.
        zoom_range: pair of factors (lower, upper), or one number z for (1 - z, 1 + z).
        channel_shift_range: largest number that is added to a channel, or taken off.
        fill_mode: what is outside the picture: 'constant', 'nearest', 'reflect' or 'wrap'.
        cval: the value outside for 'constant'.
        horizontal_flip: mirror every other picture, left to right.
        vertical_flip: mirror every other picture, top to bottom.
        rescale: factor for all values; None or 0 leaves them.
        preprocessing_function: takes and gives one picture; called before `rescale`.
        dim_ordering: 'th', 'tf', or 'default' for `K.image_dim_ordering()`.
        zca_epsilon: added to the variances of principal components.
        brightness_range: pair (lower, upper) of factors for all values, which then are kept within 0 to 255.
        validation_split: fraction of the data that `subset="validation"` gives.
        interpolation_order: of the spline between pixels that move: 0 the nearest one, 1 linear, up to 5.
        dtype: of batches; by default `K.floatx()`.

    Raises:
        ArgumentError: `zoom_range` is neither a number nor a pair, `brightness_range` no pair, or `validation_split`
            no fraction.
        UnknownNameError: `dim_ordering` or `fill_mode` is none of the choices.
    """

    @accepts(LATER)
    def __init__(
        self,
        featurewise_center=False,
        samplewise_center=False,
        featurewise_std_normalization=False,
        samplewise_std_normalization=False,
        zca_whitening=False,
        rotation_range=0.0,
        width_shift_range=0.0,
        height_shift_range=0.0,
        shear_range=0.0,
        zoom_range=0.0,
        channel_shift_range=0.0,
        fill_mode="nearest",
        cval=0.0,
        horizontal_flip=False,
        vertical_flip=False,
        rescale=None,
        preprocessing_function=None,
        dim_ordering="default",
        *,
        zca_epsilon=1e-6,
        brightness_range=None,
        validation_split=0.0,
        interpolation_order=transforms.NEAREST_PIXEL,
        dtype=None,
    ):
        self.featurewise_center = featurewise_center
        self.samplewise_center = samplewise_center
        self.featurewise_std_normalization = featurewise_std_normalization
        self.samplewise_std_normalization = samplewise_std_normalization
        self.zca_whitening = zca_whitening
        self.rotation_range = rotation_range
        self.width_shift_range = width_shift_range
        self.height_shift_range = height_shift_range
        self.shear_range = shear_range
        self.zoom_range = _zoom_pair(zoom_range)
        self.channel_shift_range = channel_shift_range
        self.fill_mode = transforms.check_fill_mode(fill_mode)
        self.cval = cval
        self.horizontal_flip = horizontal_flip
        self.vertical_flip = vertical_flip
        self.rescale = rescale
        self.preprocessing_function = preprocessing_function
        self.dim_ordering = ordering(dim_ordering)
        self.row_axis, self.col_axis, self.channel_axis = axes(self.dim_ordering)
        self.zca_epsilon = zca_epsilon
        self.brightness_range = None if brightness_range is None else transforms.check_brightness(brightness_range)
        self.validation_split = check_split(validation_split)
        self.interpolation_order = interpolation_order
        self.dtype = dtype
        self.mean = None
        self.std = None
        self.principal_components = None

    @accepts({"x": "X"})
    def flow(
        self,
        X,
        y=None,
        batch_size=32,
        shuffle=True,
        seed=None,
        save_to_dir=None,
        save_prefix="",
        save_format="jpeg",
        *,
        sample_weight=None,
        subset=None,
        ignore_class_split=False,
    ):
        """Endless batches of pictures that are in memory: (pictures, labels), or only pictures if `y` is None.

        Shape: 'tf' `(samples, rows, cols, channels)`, 'th' `(samples, channels, rows, cols)` of 1, 3 or 4 channels.

        Args:
            X: the pictures, or a pair of them and more arrays, whose rows come along unchanged.
            seed: the same one gives the same batches.
            save_to_dir: directory for a copy of each picture as it was given out.
            save_prefix: start of the copies' names.
            save_format: their format: 'jpeg' or 'png'.
            sample_weight: one for each picture; comes third in a batch.
            subset: 'training' or 'validation', the parts that `validation_split` makes; None gives all.
            ignore_class_split: let the two parts hold other labels, as they may for a regression.

        Raises:
            DataError: pictures and labels are not as many, or not all labels are in both parts.
            ShapeError: `X` is no batch of pictures.
            UnknownNameError: there is no such `subset`.
        """
        return NumpyArrayIterator(
            X,
            y,
            self,
            batch_size=batch_size,
            shuffle=shuffle,
            seed=seed,
            dim_ordering=self.dim_ordering,
            save_to_dir=save_to_dir,
            save_prefix=save_prefix,
            save_format=save_format,
            sample_weight=sample_weight,
            subset=subset,
            ignore_class_split=ignore_class_split,
        )

    @accepts(LATER)
    def flow_from_directory(
        self,
        directory,
        target_size=(256, 256),
        color_mode="rgb",
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
    ):
        """Endless batches of the pictures (png, jpg, bmp) in a directory, which holds one directory for each class.

        Args:
            target_size: pair (rows, cols) that every picture is resized to.
            color_mode: 'rgb', 'rgba' or 'grayscale'.
            classes: names of the classes, in the order of their numbers; None takes all directories, sorted.
            class_mode: 'categorical' gives rows with a 1 at the class, 'binary' floats, 'sparse' whole numbers,
                None no labels; 'input' gives the pictures themselves.
            follow_links: go into directories that are symbolic links.
            subset: 'training' or 'validation', the parts that `validation_split` makes of each class; None gives all.
            interpolation: how a picture is resized: 'nearest', 'bilinear', 'bicubic', 'lanczos', 'box' or 'hamming'.

        Raises:
            MissingFileError: the directory, or that of a class, is not there.
            FileError: in a batch: a picture is damaged.
            UnknownNameError: `color_mode`, `class_mode`, `subset` or `interpolation` is none of the choices.
        """
        return DirectoryIterator(
            directory,
            self,
            target_size=target_size,
            color_mode=color_mode,
            dim_ordering=self.dim_ordering,
            classes=classes,
            class_mode=class_mode,
            batch_size=batch_size,
            shuffle=shuffle,
            seed=seed,
            save_to_dir=save_to_dir,
            save_prefix=save_prefix,
            save_format=save_format,
            follow_links=follow_links,
            subset=subset,
            interpolation=interpolation,
        )

    def standardize(self, x):
        """The picture (or batch) preprocessed, rescaled and normalized; the array that is given stays as it is.

        Raises:
            DataError: what `fit` finds out is needed, and `fit` was not called.
        """
        return self._normalized(self._prepared(x))

    def _prepared(self, x):
        """The picture (or batch) preprocessed, as floats in memory of their own."""
        x = np.asarray(self.preprocessing_function(x) if self.preprocessing_function else x)
        return x.astype(x.dtype if np.issubdtype(x.dtype, np.floating) else K.floatx())

    @property
    def takes_batches(self):
        """Whether `changed_batch` does what the methods for one picture do: none is a program's own."""
        own = (
            name in vars(self) or getattr(type(self), name) is not getattr(ImageDataGenerator, name) for name in WAYS
        )
        return self.preprocessing_function is None and not any(own)

    def changed_batch(self, x):
        """A batch of pictures changed at random and standardized: what one picture after another would become.

        Args:
            x: pictures as floats, in whose memory the result is made.
        """
        change_each(self, x)
        return self._normalized(x)

    def _normalized(self, x):
        """The picture (or batch) rescaled and normalized, in its own memory where that can hold the results."""
        x = self._by_itself(x)
        if self.featurewise_center:
            x = _into(np.subtract, x, self._fitted("mean", "featurewise_center"))
        if self.featurewise_std_normalization:
            x = _into(np.divide, x, self._fitted("std", "featurewise_std_normalization") + SMALL)
        if self.zca_whitening:
            x = _whitened(x, self._fitted("principal_components", "zca_whitening"))
        return x

    def _by_itself(self, x):
        """The part of `_normalized` that needs no other picture."""
        if self.rescale:
            x = _into(np.multiply, x, self.rescale)
        if self.samplewise_center:
            x = _into(np.subtract, x, np.mean(x, axis=self._own_axes(x), keepdims=True))
        if self.samplewise_std_normalization:
            x = _into(np.divide, x, np.std(x, axis=self._own_axes(x), keepdims=True) + SMALL)
        return x

    def _own_axes(self, x):
        """The axes over which a picture's own mean is taken."""
        first = x.ndim - 3  # a batch has one axis more
        channel_axis = self.channel_axis - 1 + first
        return channel_axis if x.shape[channel_axis] > 1 else tuple(range(first, x.ndim))

    def _fitted(self, name, option):
        value = getattr(self, name)
        if value is None:
            raise DataError(
                f"ImageDataGenerator: {option} needs to know the data, and fit was not called.",
                "Call fit(x) with the training pictures first.",
            )
        return value

    def random_transform(self, x, seed=None):
        """The picture turned, shifted, sheared, zoomed, tinted and mirrored at random.

        Args:
            seed: the same one gives the same change; None draws from numpy's global generator.
        """
        x = check_picture("random_transform", x)
        return self.apply_transform(x, self.get_random_transform(x.shape, seed))

    def get_random_transform(self, img_shape, seed=None):
        """The numbers of one random change, for `apply_transform` on pictures that change alike.

        Args:
            img_shape: of the picture.
            seed: the same one gives the same change.
        """
        if seed is not None:
            with drawing_from(np.random.RandomState(seed)):
                return draw_change(self, img_shape)
        return draw_change(self, img_shape)

    def apply_transform(self, x, transform_parameters):
        """The picture changed by the numbers that `get_random_transform` gave."""
        return apply_change(self, x, transform_parameters)

    @accepts({"X": "x"})
    def fit(self, x, augment=False, rounds=1, seed=None):
        """Find out the mean, deviation and principal components that the options need.

        Shape: 'tf' `(samples, rows, cols, channels)`, 'th' `(samples, channels, rows, cols)`.

        Args:
            augment: learn from pictures changed at random, as batches will be.
            rounds: how many times each picture is changed.
            seed: of numpy's global generator.

        Raises:
            ShapeError: `x` is no batch of pictures.
        """
        x = check_pictures("ImageDataGenerator.fit", x, self.dim_ordering)
        if not len(x):
            raise DataError("ImageDataGenerator.fit: needs at least one picture, got none.")
        if seed is not None:
            np.random.seed(seed)
        x = x if np.issubdtype(x.dtype, np.floating) else x.astype(K.floatx())
        if augment:
            x = np.stack([self.random_transform(picture) for _ in range(rounds) for picture in x])
        x = np.stack([self._by_itself(self._prepared(np.copy(picture))) for picture in x])
        over = (0, self.row_axis, self.col_axis)
        if self.featurewise_center:
            self.mean = np.mean(x, axis=over, keepdims=True)[0]
            x = x - self.mean
        if self.featurewise_std_normalization:
            self.std = np.std(x, axis=over, keepdims=True)[0]
            x = x / (self.std + SMALL)
        if self.zca_whitening:
            self.principal_components = _principal_components(x, self.zca_epsilon)


def _zoom_pair(zoom_range):
    pair = [1 - zoom_range, 1 + zoom_range] if np.isscalar(zoom_range) else list(zoom_range)
    if len(pair) != 2 or min(pair) < 0:
        raise ArgumentError(
            f"ImageDataGenerator: zoom_range must be a fraction or a pair (lower, upper), got {zoom_range!r}.",
            "Write for instance zoom_range=0.2 or zoom_range=(0.8, 1.2).",
            arguments=("zoom_range",),
        )
    return pair


def _into(operation, x, value):
    """The operation's result, in the memory of `x` where its type is the same."""
    if np.result_type(x, value) != x.dtype:
        return operation(x, value)
    if x.ndim > np.ndim(value) > 0:  # one for each channel: numpy is slow where the last axis is short
        value = np.broadcast_to(value, x.shape[1:]).copy()
    return operation(x, value, out=x)


def _principal_components(x, small):
    """The matrix that whitens flattened pictures.

    Source: A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009, appendix A.
    """
    flat = x.reshape(len(x), -1).astype("float64")
    variances, directions = np.linalg.eigh(flat.T @ flat / len(flat))
    scales = 1 / np.sqrt(np.maximum(variances, 0) + small)
    return ((directions * scales) @ directions.T).astype(x.dtype)


def _whitened(x, components):
    return (x.reshape(-1, len(components)) @ components).reshape(x.shape)
