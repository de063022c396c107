"""One training step of all layers of a family at once."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.layers import LSTM, ConvLSTM2D
from kerasnb.models import Model, Sequential

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
        outputs.append(sample.on(layer, mine))
        inputs, arrays, layers = [*inputs, *mine], [*arrays, *sample.arrays()], [*layers, layer]
    model = Model(input=inputs, output=outputs)
    model.compile("sgd", "mse")
    before = {weight: K.get_value(weight) for layer in layers for weight in layer.trainable_weights}
    targets = [np.full((4, *(size or 1 for size in output.shape[1:])), 2.0) for output in outputs]
    losses = model.train_on_batch(arrays, targets)
    assert np.all(np.isfinite(losses))
    unmoved = [weight.name for weight, value in before.items() if np.array_equal(K.get_value(weight), value)]
    assert unmoved == []


def _stepped(layer, shape, weights=None):
    """The weights after one step on a model of this layer alone."""
    model = Sequential([layer(shape)])
    if weights is not None:
        model.set_weights(weights)
    before = model.get_weights()
    model.compile("sgd", "mse")
    x = np.random.RandomState(0).rand(2, 3, *shape[1:])
    model.train_on_batch(x, np.ones((2, *model.output_shape[1:])))
    return before, model.get_weights()


@pytest.mark.parametrize(
    ("layer", "features"),
    [
        (lambda shape: LSTM(3, input_shape=shape), (2,)),
        (lambda shape: ConvLSTM2D(2, 3, 3, border_mode="same", input_shape=shape), (4, 4, 1)),
    ],
    ids=["LSTM", "ConvLSTM2D"],
)
def test_a_step_over_an_unknown_time_is_that_over_a_known_one(layer, features, backend):
    before, known = _stepped(layer, (3, *features))
    _, unknown = _stepped(layer, (None, *features), before)
    for one, other in zip(known, unknown, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)
