"""What layers of Keras 3 models give, in both phases, and gradients, beside Keras's own."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasnb import report
from kerasnb.errors import ArgumentError
from kerasnb.report.activations import model_outputs
from kerasnb.views import view_of
from tests.views.keras_models import IMAGES, ROWS, Subclassed, chain, nested


def layer(model, path):
    view = view_of(model)
    return next(placed.layer for placed in view.placed_calls(view.viewable) if placed.path == path)


def test_an_output_is_that_of_a_function_of_keras():
    model = nested()
    own = keras.Function(model.inputs, model.get_layer("flat").output)([IMAGES])
    np.testing.assert_allclose(report.layer_output(model, model.get_layer("flat"), [IMAGES]), own, atol=1e-6)


def test_an_output_inside_a_model_is_that_of_the_inner_model():
    model = nested()
    conv = model.get_layer("backbone").get_layer("conv")
    found = report.layer_output(model, layer(model, "backbone/conv"), [IMAGES])
    np.testing.assert_allclose(found, conv(IMAGES), atol=1e-6)


def test_each_call_of_a_shared_layer_has_an_output_of_its_own():
    model = nested()
    first, again = (report.layer_output(model, layer(model, path), [IMAGES]) for path in ("shared", "shared again"))
    np.testing.assert_allclose(again, model.get_layer("shared")(first), atol=1e-6)


def test_the_phase_decides_what_dropout_gives():
    model = chain()
    before = report.layer_output(model, layer(model, "first"), [ROWS])
    tested, trained = (report.layer_output(model, layer(model, "drop"), [ROWS], phase) for phase in (0, 1))
    np.testing.assert_array_equal(tested, before)
    kept = trained != 0
    np.testing.assert_allclose(trained[kept], 2 * before[kept], rtol=1e-6)
    assert not kept[before > 0].all()


def test_looking_leaves_nothing_in_the_model():
    model = nested()
    before = model.get_weights()
    report.layer_output(model, layer(model, "backbone/norm"), [IMAGES], 1)
    assert all(map(np.array_equal, before, model.get_weights()))


def test_new_weights_are_seen_by_what_was_compiled_before():
    model = chain()
    model_outputs(model, [ROWS])
    model.set_weights([weight * 2 for weight in model.get_weights()])
    np.testing.assert_allclose(model_outputs(model, [ROWS])[0], model(ROWS), atol=1e-6)


def test_a_gradient_at_a_layer_is_that_of_a_tape():
    model = nested()
    conv, norm = model.get_layer("backbone").layers
    with tf.GradientTape() as tape:
        given = conv(IMAGES)
        tape.watch(given)
        flat = model.get_layer("flat")(norm(given, training=False)) * 2
        shared = model.get_layer("shared")
        score = tf.reduce_sum(tf.reduce_max(model.get_layer("last")(shared(shared(flat))), axis=-1))
    found = report.gradient_of_output(model, layer(model, "backbone/conv"), [IMAGES])
    np.testing.assert_allclose(found, tape.gradient(score, given), atol=1e-6)


def test_saliency_is_the_size_of_the_gradient_at_the_input():
    model = chain()
    with tf.GradientTape() as tape:
        x = tf.constant(ROWS)
        tape.watch(x)
        score = tf.reduce_sum(model(x)[:, 1])
    np.testing.assert_allclose(report.saliency(model, [ROWS], output=1)[0], abs(tape.gradient(score, x)), atol=1e-6)


def test_an_input_that_a_unit_answers_to_raises_its_output():
    model = nested()
    conv = model.get_layer("backbone").get_layer("conv")
    found = report.input_maximizing(model, conv, 1, steps=8)
    start = report.input_maximizing(model, conv, 1, steps=0)
    assert conv(found).numpy()[..., 1].mean() > conv(start).numpy()[..., 1].mean()


def test_layers_of_a_subclassed_model_that_was_never_called_are_seen_by_calling_it():
    model = Subclassed()
    output = report.layer_output(model, model.blocks[0].dense, [ROWS])
    np.testing.assert_allclose(output, model.blocks[0].dense(ROWS), atol=1e-6)


def test_a_layer_that_the_model_does_not_run_is_refused():
    class Half(keras.Model):
        def __init__(self):
            super().__init__()
            self.used, self.unused = keras.layers.Dense(2), keras.layers.Dense(2, name="unused")
            self.unused.build((None, 5))

        def call(self, x):
            return self.used(x)

    model = Half()
    with pytest.raises(ArgumentError, match='"unused" was not run'):
        report.layer_output(model, model.unused, [ROWS])


def test_one_row_is_enough_for_a_model_of_a_fixed_number_of_rows():
    start = keras.Input(batch_shape=(3, 4, 2))
    model = keras.Model(start, keras.layers.SimpleRNN(2, stateful=True, name="rnn")(start))
    rows = np.random.RandomState(0).rand(1, 4, 2).astype("float32")
    found = report.layer_output(model, model.get_layer("rnn"), [rows])
    np.testing.assert_allclose(found, model(np.repeat(rows, 3, 0))[:1], atol=1e-6)
