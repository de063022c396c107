#!/usr/bin/env bash
# Keras 3.15.1 (on TensorFlow 2.21.0): R2Score(num_regressors=p), the adjusted figure 1 - (1 - R2)(n - 1)/(n - p - 1), takes for n
# the number of all values, not of samples: with several outputs n is samples times outputs. The same data given as two equal
# columns has the same R2 and another adjusted one, nearer to the plain one: the correction fades with the number of outputs.
# Seen (Python 3.11), 12 samples, 4 regressors, all outputs equal:
#   1 outputs: plain 0.7003, adjusted 0.5291
#   2 outputs: plain 0.7003, adjusted 0.6372
#   8 outputs: plain 0.7003, adjusted 0.6871
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q tensorflow-cpu==2.21.0 keras==3.15.1
export TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import keras
import numpy as np

assert keras.__version__ == "3.15.1", keras.__version__
samples, regressors = 12, 4
random = np.random.RandomState(0)
y = random.normal(size=(samples, 1)).astype("float32")
p = (y + 0.5 * random.normal(size=y.shape)).astype("float32")


def score(outputs, regressors):
    metric = keras.metrics.R2Score(num_regressors=regressors)
    metric.update_state(np.repeat(y, outputs, axis=1), np.repeat(p, outputs, axis=1))
    return float(metric.result())


plain = score(1, 0)
for outputs in (1, 2, 8):
    seen = score(outputs, regressors)
    print(f"{outputs} outputs: plain {score(outputs, 0):.4f}, adjusted {seen:.4f}")
    assert abs(score(outputs, 0) - plain) < 1e-5, "the behaviour has changed"
    n = samples * outputs
    assert abs(seen - (1 - (1 - plain) * (n - 1) / (n - regressors - 1))) < 1e-5, "the behaviour has changed"
PYTHON
