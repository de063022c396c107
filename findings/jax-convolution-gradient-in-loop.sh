#!/usr/bin/env bash
# JAX 0.10.2 and 0.12.0.1, CPU: the gradient of a convolution takes tens of times as long inside lax.scan as the same outside, though
# the forward convolution does not. XLA brings a convolution into the form that its fast kernel takes (labels b01f_01io->b01f) only in
# the entry computation; in the body of a loop JAX's gradient by the kernel stays in its own form and becomes a plain nest of loops.
# So training with many steps in one call (a scan over batches) is far slower than one call for each step.
# Written by hand in that form, with optimization_barrier between the transpositions and the convolution, it is as fast as outside.
# Seen (Python 3.11, x86-64, 2 cores), the gradient by the kernel, times are this machine's:
#   alone: ['b01f_01io->b01f']
#   in a scan of one step: ['f01b_i01o->01bf']
#   in the fast form, in a scan of one step: ['b01f_01io->b01f']
#   in the scan: more than 10 times as long as alone; in the fast form: less than 3 times
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q "jax==${JAX:-0.10.2}"
cat >"$folder/loop.py" <<'PYTHON'
import re
import time

import jax
import jax.numpy as jnp

FORM = ("NHWC", "HWIO", "NHWC")
x, kernel = jnp.ones((32, 26, 26, 32)), jnp.ones((3, 3, 32, 64))


def convolve(x, kernel):
    return jax.lax.conv_general_dilated(x, kernel, (1, 1), "VALID", dimension_numbers=FORM)


outer = convolve(x, kernel)


def gradient(x):
    return jax.vjp(lambda kernel: convolve(x, kernel), kernel)[1](outer)[0]


def by_hand(x):
    turned = jax.lax.optimization_barrier((jnp.transpose(x, (3, 1, 2, 0)), jnp.transpose(outer, (1, 2, 0, 3))))
    return jnp.transpose(jax.lax.optimization_barrier(convolve(*turned)), (1, 2, 0, 3))


def in_a_scan(function):
    return lambda x: jax.lax.scan(lambda total, one: (total + function(one), None), jnp.zeros_like(kernel), x[None])[0]


def forms_and_seconds(function):
    compiled = jax.jit(function).lower(x).compile()
    forms = sorted(set(re.findall(r" convolution\(.*dim_labels=([\w>-]+)", compiled.as_text())))
    jax.block_until_ready(compiled(x))
    times = []
    for _ in range(5):
        start = time.perf_counter()
        jax.block_until_ready(compiled(x))
        times.append(time.perf_counter() - start)
    return forms, min(times)


print("jax", jax.__version__)
alone, scanned, fast = map(forms_and_seconds, (gradient, in_a_scan(gradient), in_a_scan(by_hand)))
names = "alone", "in a scan of one step", "in the fast form, in a scan of one step"
for name, (forms, seconds) in zip(names, (alone, scanned, fast)):
    print(f"{name}: {forms} {1000 * seconds:.0f} ms")
assert alone[0] == fast[0] == ["b01f_01io->b01f"] and alone[0] != scanned[0], "the behaviour has changed"
assert scanned[1] > 10 * alone[1] and fast[1] < 3 * alone[1], "the behaviour has changed"
PYTHON
"$folder/venv/bin/python" "$folder/loop.py"
