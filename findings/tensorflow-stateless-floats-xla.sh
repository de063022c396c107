#!/usr/bin/env bash
# TensorFlow 2.21.0, CPU: with one seed and the algorithm named ("philox"), tf.random.stateless_uniform draws the same uint32 words with and
# without jit_compile=True, and makes other floats of them: its own kernel takes a word's low 23 bits, XLA its high 23 bits. With the seed
# written as a literal in the function both give the first, since the graph is folded before XLA sees it. So a Dropout's pattern, or data
# drawn in a tf.function, depends on whether XLA compiles it, though the seed and the algorithm are fixed and the words agree.
# Seen (Python 3.11, x86-64), seed (1, 2), the first three floats:
#   words equal: True
#   seed as an argument: kernel [0.8440604  0.19204533 0.9962232 ] (low bits), XLA [0.25750792 0.4046719  0.9218676 ] (high bits)
#   seed as a literal: kernel and XLA equal: True
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q tensorflow-cpu==2.21.0
export TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1
cat >"$folder/draw.py" <<'PYTHON'
import numpy as np
import tensorflow as tf

assert tf.__version__ == "2.21.0", tf.__version__
seed = tf.constant([1, 2])


def floats(seed):
    return tf.random.stateless_uniform((6,), seed, alg="philox")


def words(seed):
    return tf.random.stateless_uniform((6,), seed, None, None, dtype=tf.uint32, alg="philox")


def both(function, *arguments):
    return [tf.function(function, jit_compile=jit)(*arguments).numpy() for jit in (False, True)]


kernel_words, xla_words = both(words, seed)
equal = np.array_equal(kernel_words, xla_words)
print("words equal:", equal)
kernel, xla = both(floats, seed)
low, high = (kernel_words & 0x7FFFFF) / 2**23, (kernel_words >> 9) / 2**23
print(f"seed as an argument: kernel {kernel[:3]} (low bits), XLA {xla[:3]} (high bits)")
literal = both(lambda: floats((1, 2)))
print("seed as a literal: kernel and XLA equal:", np.array_equal(*literal))
assert equal and np.allclose(kernel, low, atol=1e-6) and np.allclose(xla, high, atol=1e-6), "the behaviour has changed"
assert np.array_equal(literal[0], kernel) and np.array_equal(literal[1], kernel), "the behaviour has changed"
PYTHON
"$folder/venv/bin/python" "$folder/draw.py" 2>&1 | grep -vE "absl|oneDNN"
