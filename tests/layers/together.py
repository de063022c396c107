"""All samples of a family computed by one compiled function per backend, so that compiling stays cheap."""

from __future__ import annotations

import functools

import numpy as np

from kerasnb import backend as K
from kerasnb.engine.node import to_list
from kerasnb.utils.layer_utils import convert_kernels

from .samples import SAMPLES

# small modules that are computed with another one, since each function costs seconds
_WITH = {
    "einsum_dense": "attention",
    **dict.fromkeys(("multi_head_attention", "grouped_query_attention"), "attention"),
    **{f"{kind}_normalization": "normalization" for kind in ("layer", "group", "unit", "rms")},
    "feature_normalization": "normalization",
    **dict.fromkeys(
        (
            "rescaling",
            "identity",
            "image_sizes",
            "random_colours",
            "random_images",
            "random_tones",
            "adaptive_pooling",
            "lookup",
            "spectral_normalization",
        ),
        "attention",
    ),
    "later_along_time": "convolutional_cells",
}


class Computed:
    """A sample's layer built on placeholders, with arrays to feed, and what came out on each backend."""

    def __init__(self, sample):
        self.sample = sample
        self.layer = sample.make()
        self.inputs, self.arrays = sample.inputs(), sample.arrays()
        self.outputs = to_list(sample.on(self.layer, self.inputs))
        self._shake_weights()
        self.weights = self.layer.get_weights()
        # a loss whose derivative differs from place to place
        self.loss = sum(
            K.sum(output * K.constant(np.cos(np.arange(np.prod(output.shape[1:]))).reshape(output.shape[1:])))
            for output in self.outputs
        )
        self.sources = self.layer.trainable_weights + [one for one in self.inputs if one.dtype == K.floatx()]
        self.values: dict[str, list] = {}
        self.gradients: dict[str, list] = {}

    def _shake_weights(self) -> None:
        random = np.random.RandomState(5)
        self.layer.set_weights(
            [
                np.abs(one) + 0.1 if "running_std" in weight.name else one + random.uniform(-0.2, 0.2, one.shape)
                for weight, one in zip(self.layer.weights, self.layer.get_weights(), strict=True)
            ]
        )


def family_of(sample) -> str:
    module = type(sample.make()).__module__.rpartition(".")[2]
    return _WITH.get(module, module)


def computed(family: str) -> dict[str, Computed]:
    """The samples of one family, computed with their gradients on both backends."""
    result = _attempt(family)
    if isinstance(result, Exception):
        raise result
    return result


@functools.cache
def _attempt(family: str) -> dict[str, Computed] | Exception:
    try:  # a failure is kept too: to compile it again for each sample would take long
        return _compute(family)
    except Exception as error:  # noqa: BLE001
        return error


def _compute(family: str) -> dict[str, Computed]:
    all_of_it = {sample.id: Computed(sample) for sample in SAMPLES if family_of(sample) == family}
    inputs = [one for each in all_of_it.values() for one in each.inputs]
    arrays = [one for each in all_of_it.values() for one in each.arrays]
    before = K.backend()
    for name in ("tensorflow", "theano"):
        K.use(name)
        gradients = [K.gradients(each.loss, each.sources) if each.sources else [] for each in all_of_it.values()]
        outputs = [
            one for each, found in zip(all_of_it.values(), gradients, strict=True) for one in [*each.outputs, *found]
        ]
        for each in all_of_it.values() if name == "theano" else ():
            convert_kernels(each.layer)
        results = iter(K.function(inputs, outputs)(arrays))
        for each, found in zip(all_of_it.values(), gradients, strict=True):
            each.values[name] = [next(results) for _ in each.outputs]
            each.gradients[name] = [next(results) for _ in found]
    K.use(before)
    return all_of_it
