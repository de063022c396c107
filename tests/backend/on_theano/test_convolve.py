"""Theano's convolutions as products of matrices, beside XLA's own."""

import jax
import numpy as np
import pytest

from kerasnb.backend.on_theano import convolve

CASES = {
    "plain": ((1, 1), (1, 1), ((0, 0), (0, 0))),
    "padded unevenly": ((1, 1), (1, 1), ((1, 0), (0, 2))),
    "in strides that leave rows over": ((2, 3), (1, 1), ((0, 0), (1, 1))),
    "dilated": ((1, 1), (2, 3), ((2, 2), (0, 0))),
}


def reference(x, kernel, strides, dilation, pads, is_flipped):
    kernel = kernel[::-1, ::-1] if is_flipped else kernel
    return jax.lax.conv_general_dilated(
        x, kernel, strides, pads, rhs_dilation=dilation, dimension_numbers=("NHWC", "HWIO", "NHWC")
    )


@pytest.mark.parametrize("features", [1, 3], ids=["few numbers in a patch", "many"])
@pytest.mark.parametrize("limit", [1, 40_000, 1 << 30], ids=["a sample at a time", "some", "all"])
@pytest.mark.parametrize("options", CASES.values(), ids=CASES)
def test_values_and_gradients_are_xlas(options, limit, features, monkeypatch):
    monkeypatch.setattr(convolve, "_PATCHES_AT_ONCE", limit)
    options = (*options, limit == 40_000)  # flipped
    random = np.random.RandomState(0)
    x = random.randn(6, 11, 12, features).astype("float32")
    kernel = random.randn(3, 2, features, 5).astype("float32")
    results = []
    for convolved in convolve.convolved, reference:
        y, pullback = jax.vjp(lambda x, kernel, by=convolved: by(x, kernel, *options), x, kernel)
        results.append([y, *pullback(np.cos(np.arange(y.size, dtype="float32")).reshape(y.shape))])
    for ours, theirs in zip(*results, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-4)


def test_patches_of_a_large_batch_are_never_all_in_memory(monkeypatch):
    limit = 100_000
    monkeypatch.setattr(convolve, "_PATCHES_AT_ONCE", limit)
    x, kernel = np.zeros((32, 20, 20, 4), "float32"), np.zeros((3, 3, 4, 5), "float32")

    def total(x, kernel):
        return convolve.convolved(x, kernel, (1, 1), (1, 1), ((0, 0), (0, 0))).sum()

    made = jax.make_jaxpr(jax.grad(total, argnums=1))(x, kernel)
    widest = [one.aval.size * 4 for one in arrays_of(made.jaxpr) if one.aval.shape[-1:] == (36,)]
    assert widest and max(widest) <= limit


def test_patches_of_one_large_image_are_never_all_in_memory_and_no_turned_kernel_is_made(monkeypatch):
    limit = 10_000
    monkeypatch.setattr(convolve, "_PATCHES_AT_ONCE", limit)
    x, kernel = np.zeros((1, 40, 20, 4), "float32"), np.zeros((3, 3, 4, 5), "float32")

    def total(x, kernel):
        return convolve.convolved(x, kernel, (2, 1), (1, 1), ((0, 0), (0, 0)), is_flipped=True).sum()

    made = list(arrays_of(jax.make_jaxpr(jax.grad(total, argnums=(0, 1)))(x, kernel).jaxpr))
    widest = [one.aval.size * 4 for one in made if one.aval.shape[-1:] == (36,)]
    assert widest and max(widest) <= limit
    assert " rev[" not in str(jax.make_jaxpr(total)(x, kernel))


def arrays_of(program):
    """All intermediate arrays, those inside loops too."""
    for equation in program.eqns:
        yield from (one for one in equation.outvars if hasattr(one.aval, "shape"))
        for value in jax.tree.leaves(equation.params, is_leaf=lambda one: hasattr(one, "jaxpr")):
            if hasattr(value, "jaxpr"):
                yield from arrays_of(value.jaxpr)
