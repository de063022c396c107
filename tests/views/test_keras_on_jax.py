"""Models of Keras 3 on JAX, in one process of their own, since Keras takes one backend for all of its life."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

CODE = """
import keras, numpy as np
from kerasnb import backend as K, report
from kerasnb.views import view_of
from kerasnb.widgets import FitPanel, FreezePanel, Inspector, LiveHistory
from tests.views.keras_models import CLASSES, IMAGES, ROWS, chain, nested

model = nested()
conv = model.get_layer("backbone").get_layer("conv")
before = report.layer_output(model, conv, [IMAGES])
np.testing.assert_allclose(before, keras.ops.convert_to_numpy(conv(IMAGES)), atol=1e-6)
conv.bias.assign([1.0, 2.0])
np.testing.assert_allclose(report.layer_output(model, conv, [IMAGES], 1), before + [1, 2], atol=1e-6)
kept = model.get_weights()
assert report.gradient_of_output(model, conv, [IMAGES]).shape == (6, 4, 4, 2)
assert report.saliency(model, [IMAGES])[0].shape == IMAGES.shape
assert all(map(np.array_equal, kept, model.get_weights()))

kernel = model.get_layer("last").kernel
loss = keras.ops.mean(keras.ops.square(model.output))
run = K.function([model.input, K.learning_phase()], [*K.gradients(loss, [model.input, kernel]), model.output])
first = run([IMAGES, 0])
kernel.assign(kernel * 2)
second = run([IMAGES, 0])
assert not np.allclose(first[0], second[0]) and not np.allclose(first[2], second[2])

small, live = chain(), LiveHistory()
panel = FitPanel(small, ROWS, CLASSES, nb_epoch=2, batch_size=2)
assert panel.backend == "Keras on JAX"
panel.fit(wait=True)
panel.learning_rate = 0.25
freezing = FreezePanel(small)
freezing.freeze("first")
history = small.fit(ROWS, CLASSES, epochs=2, verbose=0, callbacks=[live])
assert live.runs[-1].logs == history.history
assert freezing.verify() and "verified: first, 24 values" in freezing.status["text"]
assert float(small.optimizer.learning_rate) == 0.25
assert Inspector(small, ROWS).output.shape == (1, 4)
print("done")
"""


def test_models_on_jax_are_looked_at_frozen_and_trained():
    environment = {**os.environ, "KERAS_BACKEND": "jax", "KERASNB_BACKEND": "theano", "KERASNB_HOME": "off"}
    run = subprocess.run([sys.executable, "-c", CODE], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert run.stdout.split() == ["done"], run.stderr[-2000:]
