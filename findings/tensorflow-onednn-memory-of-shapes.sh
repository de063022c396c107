#!/usr/bin/env bash
# TensorFlow 2.21.0 on the CPU (x86, oneDNN on, as it is by default): each new shape of a convolution leaves about 0.1 MB in the
# process, though nothing is held: 58 MB after 600 shapes, whose arrays take 100 KB at a time, and 70 MB after 4,000. Shapes that were seen
# before leave next to nothing more. ONEDNN_PRIMITIVE_CACHE_CAPACITY=0, oneDNN's own setting, changes nothing, since TensorFlow keeps what it
# made of oneDNN by itself; TF_ENABLE_ONEDNN_OPTS=0 does: then 600 shapes leave less than 1 MB. A program that tries many architectures in one
# process (a search, a course's notebook) therefore grows for a while and then no more: no leak, and no limit to set.
# Seen (Python 3.11), MB of resident memory more after 600 shapes, and after the same 600 again:
#   as it is                              58, 4
#   ONEDNN_PRIMITIVE_CACHE_CAPACITY=0     58, 3
#   TF_ENABLE_ONEDNN_OPTS=0                0, 0
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q tensorflow-cpu==2.21.0
export TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1
cat >"$folder/shapes.py" <<'PYTHON'
import ctypes
import sys

import tensorflow as tf

assert tf.__version__ == "2.21.0", tf.__version__


def resident():
    ctypes.CDLL(None).malloc_trim(0)
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 / 2**20


def run():
    before = resident()
    for step in range(600):
        channels, filters = 1 + step // 64, 2 + step % 64
        tf.nn.conv2d(tf.zeros((4, 8, 8, channels)), tf.zeros((3, 3, channels, filters)), 1, "VALID")
    return resident() - before


tf.nn.conv2d(tf.zeros((4, 8, 8, 100)), tf.zeros((3, 3, 100, 100)), 1, "VALID")
first, again = run(), run()
print(f"{sys.argv[1]:<35} {first:4.0f}, {again:.0f}")
grows = sys.argv[2] == "grows"
assert (first > 30) == grows and (first < 5) != grows and again < 12, "the behaviour has changed"
PYTHON
run() { "$folder/venv/bin/python" "$folder/shapes.py" "$@" 2>&1 | grep -vE "absl|oneDNN custom|^WARNING"; }
run "as it is" grows
ONEDNN_PRIMITIVE_CACHE_CAPACITY=0 run "ONEDNN_PRIMITIVE_CACHE_CAPACITY=0" grows
TF_ENABLE_ONEDNN_OPTS=0 run "TF_ENABLE_ONEDNN_OPTS=0" stays
