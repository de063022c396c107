#!/usr/bin/env bash
# JAX 0.10.2 (and 0.12.0.1), CPU: XLA hands most float32 convolutions to YNNPACK by itself. Of an ordinary one (32 images of 26x26x32,
# 3x3, 64 filters) the gradient by the kernel then takes more than twice the CPU time of XLA's call of Eigen, and up to four times the
# time on two cores, since YNNPACK's part stays on one in 0.10. The default is a list; products and sums in it are faster by YNNPACK
# (a sum over all but the last axis ten times), so leaving out INDIVIDUAL_CONVOLUTION alone is what pays.
# Seen (Python 3.11, x86-64, 2 cores), CPU time, times are this machine's:
#   default: convolution by __ynn_fusion
#   compiler_options={"xla_cpu_experimental_ynn_fusion_type": "LIBRARY_FUSION_TYPE_INDIVIDUAL_DOT,LIBRARY_FUSION_TYPE_REDUCE"}: by Eigen
#   default : without = more than 1.5
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q jax==0.10.2
cat >"$folder/ynn.py" <<'PYTHON'
import time

import jax
import jax.numpy as jnp

x, kernel = jnp.ones((32, 26, 26, 32)), jnp.ones((3, 3, 32, 64))
WITHOUT = {"xla_cpu_experimental_ynn_fusion_type": "LIBRARY_FUSION_TYPE_INDIVIDUAL_DOT,LIBRARY_FUSION_TYPE_REDUCE"}


def convolve(x, kernel):
    return jax.lax.conv_general_dilated(x, kernel, (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC"))


def gradient(x, outer):
    return jax.vjp(lambda kernel: convolve(x, kernel), kernel)[1](outer)[0]


def measured(options):
    compiled = jax.jit(gradient, compiler_options=options).lower(x, outer).compile()
    jax.block_until_ready(compiled(x, outer))
    times = []
    for _ in range(10):
        start = time.process_time()
        for _ in range(5):
            jax.block_until_ready(compiled(x, outer))
        times.append(time.process_time() - start)
    return "__ynn_fusion" in compiled.as_text(), min(times) / 5


outer = convolve(x, kernel)
print("jax", jax.__version__)
default, without = measured({}), measured(WITHOUT)
for name, (is_ynnpack, seconds) in (("default", default), ("without", without)):
    print(f"{name}: {'by __ynn_fusion' if is_ynnpack else 'by Eigen'}, {1000 * seconds:.1f} ms of CPU")
assert default[0] and not without[0], "the behaviour has changed"
assert default[1] > 1.5 * without[1], "the behaviour has changed"
PYTHON
"$folder/venv/bin/python" "$folder/ynn.py"
