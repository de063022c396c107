#!/usr/bin/env bash
# Keras 3.14.0 divides the penalty of `activity_regularizer` by the size of the batch; 3.0 to 3.13 do not. One model, one batch and one
# factor give another loss and another training after an upgrade: with batches of 32, a penalty of a 32nd.
# Seen (Python 3.11), 0.5 for each of 2 samples of 2 outputs of 1:
#   3.13.0: 2.0 for 2 samples, 1.0 for 1
#   3.14.0: 1.0 for 2 samples, 1.0 for 1
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
export TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1 KERAS_BACKEND=jax
cd "$folder"
cat > look.py <<'PYTHON'
import sys

import keras
import numpy as np

layer = keras.layers.Dense(2, use_bias=False, kernel_initializer="ones", activity_regularizer=keras.regularizers.L2(0.5))
model = keras.Sequential([keras.Input((1,)), layer])
penalties = []
for samples in (2, 1):
    model(np.ones((samples, 1), "float32"))
    penalties.append(float(model.losses[0]))
print(f"{keras.__version__}: {penalties[0]} for 2 samples, {penalties[1]} for 1")
assert penalties == [float(one) for one in sys.argv[1:]], "the behaviour has changed"
PYTHON
"$folder/venv/bin/python" -m pip install -q keras==3.13.0 jax==0.10.2
"$folder/venv/bin/python" look.py 2.0 1.0
"$folder/venv/bin/python" -m pip install -q keras==3.14.0
"$folder/venv/bin/python" look.py 1.0 1.0
