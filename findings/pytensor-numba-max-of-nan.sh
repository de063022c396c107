#!/usr/bin/env bash
# PyTensor 3.0.7 with Numba (its default): max and min leave a nan out, wherever it stands, while argmax of the same vector points
# at the nan, so x[argmax(x)] is not max(x). numpy, and PyTensor's own python linker, give nan. (PyTensor 3.1.3 and later give nan too.)
# Seen for [1, nan] (Python 3.11, numpy 2.4.6, numba 0.65.1):
#   NUMBA: max 1.0, argmax 1
#   python: max nan, argmax 1
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q pytensor==3.0.7 numpy==2.4.6 numba==0.65.1
export TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import math

import pytensor
import pytensor.tensor as pt

assert pytensor.__version__ == "3.0.7", pytensor.__version__
x = pt.dvector()
seen = {}
for name, mode in {"NUMBA": "NUMBA", "python": pytensor.compile.Mode(linker="py", optimizer=None)}.items():
    most, place = pytensor.function([x], [pt.max(x), pt.argmax(x)], mode=mode)([1.0, math.nan])
    seen[name] = (math.isnan(most), int(place))
    print(f"{name}: max {float(most)}, argmax {int(place)}")
assert seen == {"NUMBA": (False, 1), "python": (True, 1)}, "the behaviour has changed"
PYTHON
