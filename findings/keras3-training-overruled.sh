#!/usr/bin/env bash
# Keras 3.15.1: `training=` in a call within a functional model is overruled by fit, evaluate and predict, which put their own in its
# place. Dropout called with training=True (to draw samples) drops nothing in predict; BatchNormalization, or a whole model, called with
# training=False (as guides for transfer learning do) moves its averages in fit. tf.keras honours both. Calls by hand, model(x), honour it.
# Seen (Python 3.11, TensorFlow and JAX):
#   Dropout(training=True): predict gives [1.0], model(x) gives [0.0, 2.0]
#   BatchNormalization(training=False): mean after fit 0.01, in a model inside 0.01
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q tensorflow-cpu==2.21.0 keras==3.15.1 jax==0.10.2
export TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1
cd "$folder"
cat > look.py <<'PYTHON'
import keras
import numpy as np

assert keras.__version__ == "3.15.1", keras.__version__
ones = np.ones((64, 4), "float32")
x = keras.Input((4,))
model = keras.Model(x, keras.layers.Dropout(0.5)(x, training=True))
predicted, called = (np.unique(np.asarray(one)).tolist() for one in (model.predict(ones, verbose=0), model(ones)))
print(f"Dropout(training=True): predict gives {predicted}, model(x) gives {called}")


def mean_after_fit(inside):
    norm = keras.layers.BatchNormalization()
    part = keras.Sequential([keras.Input((4,)), norm]) if inside else norm
    model = keras.Model(x, part(x, training=False))
    model.compile("sgd", "mse")
    model.fit(ones, ones, verbose=0, batch_size=64)
    return round(float(np.asarray(norm.moving_mean)[0]), 3)


means = [mean_after_fit(False), mean_after_fit(True)]
print(f"BatchNormalization(training=False): mean after fit {means[0]}, in a model inside {means[1]}")
assert predicted == [1.0] and called == [0.0, 2.0] and means == [0.01, 0.01], "the behaviour has changed"
PYTHON
for backend in tensorflow jax; do KERAS_BACKEND=$backend "$folder/venv/bin/python" look.py; done
