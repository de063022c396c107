"""Weights as they were released: which file, from where, for which backend."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from .. import backend as K
from ..backend.ops.convolve import flips_kernels
from ..errors import ArgumentError
from ..models import Model
from ..utils.layer_utils import convert_all_kernels_in_model

__all__ = ["RELEASES", "NAMES", "release_for", "check_alpha", "size_of_release", "load_released"]

NAMES = ("imagenet", "msd")
RELEASES = "https://github.com/fchollet/deep-learning-models/releases/download/"


def release_for(include_top: bool, th: tuple[str, str], tf: tuple[str, str]) -> str:
    """The address for the image ordering of now; each pair is (with top, without)."""
    return (th if K.image_dim_ordering() == "th" else tf)[0 if include_top else 1]


def check_alpha(who: str, alpha: float, alphas: Collection[float]) -> None:
    """Refuse a width for which no weights were released."""
    if alpha not in alphas:
        listed = ", ".join(str(one) for one in sorted(alphas))
        raise ArgumentError(
            f"{who}: weights were released for alpha of {listed}, got {alpha!r}.",
            "Write weights=None.",
            arguments=("alpha",),
        )


def size_of_release(input_shape: Sequence | None, sizes: Collection[int]) -> int:
    """The rows and columns of the images that the weights were trained on: those given, or else 224."""
    if input_shape is None or len(input_shape) != 3:
        return 224
    rows, cols = input_shape[1:] if K.image_dim_ordering() == "th" else input_shape[:2]
    return rows if rows == cols and rows in sizes else 224


def load_released(
    model: Model,
    weights: str | None,
    url: str,
    fetch: Callable[..., str],
    md5: Mapping[str, str],
    by_name: bool = False,
    made_for_theano: bool | None = None,
    file_says: bool = False,
) -> None:
    """Give the model the weights it was asked for, and turn its kernels over where they suit the other backend.

    Args:
        weights: None for none, the path of a file (taken as it is), or the name of the release.
        url: where the release is.
        fetch: `get_file`.
        md5: address -> hash, where one is known.
        by_name: load by the names of layers, not by their order.
        made_for_theano: whether the kernels in the file are Theano's; by default, as the image ordering of now is.
        file_says: the file is Keras 2's, which tells who wrote it: loading turns its kernels over by itself.
    """
    if weights is None:
        return
    if weights not in NAMES:
        model.load_weights(weights)
        return
    known = {"md5_hash": md5[url]} if url in md5 else {}
    model.load_weights(fetch(url.rsplit("/", 1)[-1], url, cache_subdir="models", **known), by_name=by_name)
    if file_says:
        return
    if made_for_theano is None:
        made_for_theano = K.image_dim_ordering() == "th"
    if made_for_theano != flips_kernels():
        convert_all_kernels_in_model(model)
