"""What every layer must do, checked from its row in samples.py."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.engine.files.later.weights import kernels
from kerasnb.engine.node import to_list
from kerasnb.models import Model, load_model, model_from_json, model_from_yaml

from .samples import SAMPLES, layers_without_a_sample
from .together import computed, family_of

# all in one process, which computes the samples once
pytestmark = pytest.mark.xdist_group("layers")
each_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)


def _called(sample, batch=None):
    layer, inputs = sample.make(), sample.inputs(batch)
    return layer, to_list(sample.on(layer, inputs))


def test_every_layer_has_a_sample():
    assert layers_without_a_sample() == set()


@each_sample
def test_config_makes_the_same_layer(sample):
    layer, outputs = _called(sample)
    copy = type(layer).from_config(layer.get_config())
    inputs = sample.inputs()
    again = to_list(sample.on(copy, inputs))
    assert [one.shape for one in again] == [one.shape for one in outputs]
    assert [weight.shape for weight in copy.weights] == [weight.shape for weight in layer.weights]
    assert type(layer).from_config(copy.get_config()).get_config() == copy.get_config()


@each_sample
def test_weights_go_out_and_in(sample):
    layer, _ = _called(sample)
    other = [value + 1 for value in layer.get_weights()]
    layer.set_weights(other)
    for value, wanted in zip(layer.get_weights(), other, strict=True):
        np.testing.assert_array_equal(value, wanted)


@each_sample
def test_a_model_of_it_is_saved_and_loaded(sample, tmp_path):
    layer, inputs = sample.make(), sample.inputs()
    model = Model(inputs, sample.on(layer, inputs))
    model.set_weights([value + 0.5 for value in model.get_weights()])
    model.save(tmp_path / "m.h5")
    loaded = load_model(tmp_path / "m.h5", compile=False, trust_code=True)
    assert loaded.output_shape == model.output_shape
    for value, wanted in zip(loaded.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(value, wanted)
    for again in (model_from_json(model.to_json(), trust_code=True), model_from_yaml(model.to_yaml(), trust_code=True)):
        assert again.to_json() == loaded.to_json()


@each_sample
@pytest.mark.parametrize("batch", [None, 4])
def test_declared_shape_is_the_symbolic_one(sample, batch):
    layer, outputs = _called(sample, batch)
    shapes = [(batch, *shape) for shape in sample.shapes]
    declared = layer.get_output_shape_for(shapes if len(shapes) > 1 else shapes[0])
    assert to_list(declared) == [tuple(one.shape) for one in outputs]
    assert all(one.shape[0] == batch for one in outputs)


@each_sample
def test_values_on_tensorflow_are_those_of_the_formula(sample):
    result = computed(family_of(sample))[sample.id]
    value, *_ = result.values["tensorflow"]
    assert value.shape[1:] == tuple(result.outputs[0].shape[1:])
    if sample.expected is not None:
        np.testing.assert_allclose(value, sample.expected(*result.arrays, *result.weights), atol=1e-5, rtol=1e-5)


@each_sample
def test_both_backends_agree(sample):
    result = computed(family_of(sample))[sample.id]
    for one, other in zip(result.values["tensorflow"], result.values["theano"], strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5, rtol=1e-5)


@each_sample
def test_gradients_agree_between_backends(sample):
    from kerasnb.utils.np_utils import convert_kernel

    result = computed(family_of(sample))[sample.id]
    turned = kernels(result.layer)
    for source, one, other in zip(
        result.sources, result.gradients["tensorflow"], result.gradients["theano"], strict=True
    ):
        other = convert_kernel(other, turned[source]) if source in turned else other
        np.testing.assert_allclose(one, other, atol=1e-4, rtol=1e-4, err_msg=source.name)


@pytest.mark.parametrize(
    "sample", [one for one in SAMPLES if one.smooth and not one.below and one.expected], ids=lambda one: one.id
)
def test_gradients_are_those_of_finite_differences(sample):
    """The formula differentiated numerically, along one random direction for each weight and input."""
    result = computed(family_of(sample))[sample.id]
    values = [np.asarray(one, "float64") for one in [*result.arrays, *result.weights]]
    places = [_place(result, source) for source in result.sources]
    factor = np.cos(np.arange(np.prod(result.outputs[0].shape[1:]))).reshape(result.outputs[0].shape[1:])
    for place, gradient in zip(places, result.gradients["tensorflow"], strict=True):
        direction = np.random.RandomState(place).standard_normal(values[place].shape)
        ends = [
            (sample.expected(*values[:place], values[place] + step * direction, *values[place + 1 :]) * factor).sum()
            for step in (1e-5, -1e-5)
        ]
        assert np.sum(gradient * direction) == pytest.approx((ends[0] - ends[1]) / 2e-5, rel=2e-3, abs=2e-3)


def _place(result, source) -> int:
    """Where the source is among the formula's arguments: inputs first, then all weights."""
    if source in result.inputs:
        return result.inputs.index(source)
    return len(result.inputs) + result.layer.weights.index(source)


def test_samples_of_random_layers_differ_while_training(backend):
    for make in (lambda: SAMPLES[1].make(),):
        layer = make()
        x = K.placeholder((None, 50))
        run = K.function([x, K.learning_phase()], [layer.call(x)])
        ones = np.ones((4, 50), "float32")
        assert (run([ones, 0])[0] == ones).all() and (run([ones, 1])[0] != ones).any()
