#!/usr/bin/env bash
# PyTensor 3.0.7: the variance over several axes with ddof=1 divides by the product of (size - 1) of each axis instead of the number
# of elements minus 1, with every linker. One axis, and ddof=0, are right. (PyTensor 3.3.6, which needs Python 3.12, divides rightly.)
# Seen for arange(6).reshape(2, 3) (Python 3.11, numpy 2.4.6):
#   numpy, axis (0, 1), ddof 1: 3.5
#   PyTensor, axis (0, 1), ddof 1: 8.75
#   PyTensor, axis (0, 1), ddof 0: 2.9166666666666665 (numpy gives the same)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q pytensor==3.0.7 numpy==2.4.6
export TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import numpy as np
import pytensor
import pytensor.tensor as pt

assert pytensor.__version__ == "3.0.7", pytensor.__version__
x, values = pt.dmatrix(), np.arange(6.0).reshape(2, 3)


def variance(ddof):
    return float(pytensor.function([x], pt.var(x, axis=(0, 1), ddof=ddof), mode="FAST_COMPILE")(values))


print("numpy, axis (0, 1), ddof 1:", values.var(ddof=1))
print("PyTensor, axis (0, 1), ddof 1:", variance(1))
print("PyTensor, axis (0, 1), ddof 0:", variance(0))
assert np.isclose(variance(0), values.var())
assert np.isclose(variance(1), ((values - values.mean()) ** 2).sum() / ((2 - 1) * (3 - 1))), "the behaviour has changed"
PYTHON
