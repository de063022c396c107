"""One training step of all layers of a module at once."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.models import Model

from .samples import SAMPLES
from .together import family_of

FAMILIES = sorted({family_of(sample) for sample in SAMPLES})


def _first_of_each_class(family):
    found = {}
    for sample in SAMPLES:
        if family_of(sample) == family:
            found.setdefault(sample.id.partition("-")[0], sample)
    return list(found.values())


@pytest.mark.parametrize("family", FAMILIES)
def test_a_training_step_moves_every_weight(family, backend):
    inputs, outputs, arrays, layers = [], [], [], []
    for sample in _first_of_each_class(family):
        layer, mine = sample.make(), sample.inputs()
        outputs.append(layer(mine if len(mine) > 1 else mine[0]))
        inputs, arrays, layers = [*inputs, *mine], [*arrays, *sample.arrays()], [*layers, layer]
    model = Model(input=inputs, output=outputs)
    model.compile("sgd", "mse")
    before = {weight: K.get_value(weight) for layer in layers for weight in layer.trainable_weights}
    targets = [np.full((4, *(size or 1 for size in output.shape[1:])), 2.0) for output in outputs]
    losses = model.train_on_batch(arrays, targets)
    assert np.all(np.isfinite(losses))
    unmoved = [weight.name for weight, value in before.items() if np.array_equal(K.get_value(weight), value)]
    assert unmoved == []
