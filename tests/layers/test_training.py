"""One training step of all layers of a family at once, where Keras 3 has the layer beside its own."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.engine.files.later.export import to_later
from kerasnb.engine.files.later.weights import from_later
from kerasnb.layers import LSTM, ConvLSTM2D
from kerasnb.models import Model, Sequential
from kerasnb.optimizers import SGD
from kerasnb.utils.layer_utils import convert_kernels

from .keras3_steps import RATE, TARGET, steps
from .samples import SAMPLES
from .together import family_of

FAMILIES = sorted({family_of(sample) for sample in SAMPLES})


def _rows(family):
    """The first sample of each class, and all whose step Keras 3 has been seen to make."""
    found, classes = [], set()
    for sample in SAMPLES:
        name = sample.id.partition("-")[0]
        if family_of(sample) == family and (name not in classes or sample.id in steps()):
            found.append(sample)
            classes.add(name)
    return found


@pytest.mark.parametrize("family", FAMILIES)
def test_a_training_step_moves_every_weight_or_is_that_of_keras_3(family, backend):
    inputs, outputs, arrays, layers = [], [], [], {}
    for sample in _rows(family):
        layer, mine = sample.make(), sample.inputs()
        outputs.append(sample.on(layer, mine))
        inputs, arrays, layers[sample.id] = [*inputs, *mine], [*arrays, *sample.arrays()], layer
        if sample.id in steps():
            K.batch_set_value(from_later(layer, steps()[sample.id][0]))
            if backend == "theano":
                convert_kernels(layer)  # as it has them; `to_later` turns them back
    model = Model(input=inputs, output=outputs)
    model.compile(SGD(lr=RATE), "mse")
    others = [layer for name, layer in layers.items() if name not in steps()]  # a bias of keys never moves
    before = {weight: K.get_value(weight) for layer in others for weight in layer.trainable_weights}
    targets = [np.full((4, *(size or 1 for size in output.shape[1:])), TARGET) for output in outputs]
    losses = model.train_on_batch(arrays, targets)
    assert np.all(np.isfinite(losses))
    unmoved = [weight.name for weight, value in before.items() if np.array_equal(K.get_value(weight), value)]
    assert unmoved == []
    for name in layers.keys() & steps().keys():
        for found, wanted in zip(to_later(layers[name]), steps()[name][1], strict=True):
            np.testing.assert_allclose(found, wanted, atol=2e-6, rtol=2e-6, err_msg=name)


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
