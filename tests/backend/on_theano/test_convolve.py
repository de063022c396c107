"""Theano's convolutions: their values are XLA's own, and they stand in the form that XLA computes fast."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from kerasnb.backend.on_theano import convolve
from kerasnb.backend.on_theano.inside import options_of_compiler

CASES = {
    "plain": ((1, 1), (1, 1), ((0, 0), (0, 0))),
    "padded unevenly": ((1, 1), (1, 1), ((1, 0), (0, 2))),
    "in strides that leave rows over": ((2, 3), (1, 1), ((0, 0), (1, 1))),
    "in strides wider than the kernel": ((4, 5), (1, 1), ((0, 0), (1, 1))),
    "dilated": ((1, 1), (2, 3), ((2, 2), (0, 0))),
    "dilated in strides": ((2, 1), (2, 2), ((1, 1), (2, 0))),
    "volumes": ((1, 1, 1), (1, 1, 1), ((0, 0), (0, 0), (0, 0))),
    "volumes in strides": ((2, 1, 2), (1, 1, 1), ((1, 0), (1, 1), (0, 0))),
    "volumes dilated": ((1, 2, 1), (2, 1, 2), ((2, 2), (0, 0), (1, 1))),
}
SIZES, WINDOW = (9, 12, 7), (3, 2, 2)
RANDOM = np.random.RandomState(0)


def random(*shape, dtype="float32"):
    return RANDOM.uniform(-1, 1, shape).astype(dtype)


def by_xla(x, kernel, strides, dilation, pads, groups=1):
    axes = "DHW"[-len(strides) :]
    form = (f"N{axes}C", f"{axes}IO", f"N{axes}C")
    options = {"rhs_dilation": dilation, "dimension_numbers": form, "feature_group_count": groups}
    return jax.lax.conv_general_dilated(x, kernel, strides, pads, **options)


def apart_by_xla(x, kernel, strides, dilation, pads):
    *window, features, multiplier = kernel.shape
    return by_xla(x, kernel.reshape(*window, 1, features * multiplier), strides, dilation, pads, groups=features)


def value_and_gradients(function, x, kernel):
    """With the second derivatives of a sum of squares."""

    def total(x, kernel):
        y = function(x, kernel)
        return (y * jnp.cos(jnp.arange(y.size, dtype=y.dtype)).reshape(y.shape)).sum(), y

    def slope(x, kernel):
        return sum((one**2).sum() for one in jax.grad(total, (0, 1), has_aux=True)(x, kernel)[0])

    def all_of_them(x, kernel):
        return [*jax.value_and_grad(total, (0, 1), has_aux=True)(x, kernel), jax.grad(slope, (0, 1))(x, kernel)]

    return jax.jit(all_of_them)(x, kernel)


def assert_equal(some, others, tolerance=1e-4):
    for one, other in zip(jax.tree.leaves(some), jax.tree.leaves(others), strict=True):
        # sums of numbers of both signs: what they round by is a share of the large ones
        np.testing.assert_allclose(one, other, rtol=0, atol=tolerance * max(1.0, np.abs(other).max(initial=0)))


@pytest.mark.parametrize("features", [1, 3])
@pytest.mark.parametrize("options", CASES.values(), ids=CASES)
def test_values_and_gradients_are_xlas(options, features):
    count = len(options[0])
    x, kernel = random(4, *SIZES[:count], features), random(*WINDOW[:count], features, 5)
    assert_equal(*(value_and_gradients(lambda *both, by=by: by(*both, *options), x, kernel) for by in (
        convolve.convolved,
        by_xla,
    )))  # fmt: skip


def test_a_kernel_of_one_tap_is_a_product():
    x, kernel, options = random(4, 9, 12, 3), random(1, 1, 3, 5), CASES["in strides that leave rows over"]
    assert_equal(*(value_and_gradients(lambda *both, by=by: by(*both, *options), x, kernel) for by in (
        convolve.convolved,
        by_xla,
    )))  # fmt: skip
    assert "conv_general_dilated" not in str(
        jax.make_jaxpr(lambda *both: convolve.convolved(*both, *options))(x, kernel)
    )


@pytest.mark.parametrize("multiplier", [1, 2])
@pytest.mark.parametrize("options", CASES.values(), ids=CASES)
def test_features_apart_have_the_values_and_gradients_of_xla(options, multiplier):
    count = len(options[0])
    x, kernel = random(4, *SIZES[:count], 3), random(*WINDOW[:count], 3, multiplier)
    assert_equal(*(value_and_gradients(lambda *both, by=by: by(*both, *options), x, kernel) for by in (
        convolve.convolved_apart,
        apart_by_xla,
    )))  # fmt: skip


def test_kernels_of_many_taps_keep_features_apart(monkeypatch):
    x, kernel, options = random(2, 9, 12, 3), random(3, 2, 3, 2), CASES["padded unevenly"]
    expected = convolve.convolved_apart(x, kernel, *options)
    monkeypatch.setattr(convolve, "_MANY_TAPS", 5)
    assert_equal([expected], [convolve.convolved_apart(x, kernel, *options)])


@pytest.mark.parametrize("options", CASES.values(), ids=CASES)
def test_numbers_that_eigen_does_not_take_are_convolved_too(options):
    count = len(options[0])
    with jax.enable_x64(True):
        x, kernel = random(2, *SIZES[:count], 3, dtype="float64"), random(*WINDOW[:count], 3, 5, dtype="float64")
        ours, theirs = (
            value_and_gradients(lambda *both, by=by: by(*both, *options), x, kernel)
            for by in (convolve.convolved, by_xla)
        )
        assert_equal(ours, theirs, tolerance=1e-10)


@pytest.mark.parametrize("name", ["plain", "volumes"])
def test_no_samples_give_a_gradient_of_zeros(name):
    count = len(CASES[name][0])
    x, kernel = np.zeros((0, *SIZES[:count], 2), "float32"), random(*WINDOW[:count], 2, 4)
    for by in convolve.convolved, convolve.convolved_apart:
        y, pullback = jax.vjp(lambda *both, by=by: by(*both, *CASES[name]), x, kernel)
        to_x, to_kernel = pullback(y)
        assert to_x.shape == x.shape and not to_kernel.any()


@pytest.mark.parametrize("name", ["plain", "in strides that leave rows over", "dilated", "volumes"])
@pytest.mark.parametrize("is_in_loop", [False, True], ids=["alone", "in a loop"])
def test_each_convolution_stands_in_the_form_that_is_computed_fast(name, is_in_loop):
    options = CASES[name]
    count = len(options[0])
    xs, kernel = random(3, 4, *SIZES[:count], 16), random(*WINDOW[:count], 16, 16)

    def step(kernel, x):
        return kernel - jax.grad(lambda both: (convolve.convolved(*both, *options) ** 2).sum())((x, kernel))[1], None

    def steps(xs, kernel):
        to_x = jax.grad(lambda x: (convolve.convolved(x, kernel, *options) ** 2).sum())(xs[0])
        return (jax.lax.scan(step, kernel, xs) if is_in_loop else step(kernel, xs[0]))[0], to_x

    made = jax.jit(steps, compiler_options=options_of_compiler()).lower(xs, kernel).compile().as_text()
    lines = [line for line in made.splitlines() if " convolution(" in line]
    assert len(lines) >= 3
    for line in lines:
        assert "dim_labels=b01f_01io->b01f" in line and "rhs_reversal" not in line
    # none of them is inside of a fusion, which would be YNNPACK's
    bodies = [part for part in made.split("\n\n") if " convolution(" in part]
    assert not any(part.lstrip().startswith("%fused") for part in bodies)


def test_a_jax_that_knows_no_ynnpack_is_told_nothing(monkeypatch):
    def refuses(function, compiler_options):
        raise jax.errors.JaxRuntimeError("INVALID_ARGUMENT: No such compile option")

    monkeypatch.setattr(jax, "jit", refuses)
    assert options_of_compiler.__wrapped__() == {}
