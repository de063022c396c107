"""Every op: declared shape, values against numpy and derivatives against finite differences, on both backends."""

import functools

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.backend.graph.walks import order_operations
from kerasnb.backend.runtime import chosen

from .samples import ROWS

# all in one process, which computes the rows once
pytestmark = pytest.mark.xdist_group("ops")
# tested by name in files of their own
ELSEWHERE = {"_uniform", "_normal", "_inverse_normal", "_scan", "gradients"}
ELSEWHERE |= {"_range", "_ctc_loss", "_ctc_decode", "_to_sparse", "_to_dense", "refused_unless"}


def symbols(row, batch_is_known):
    """Placeholders for the row's inputs, and what it makes of them."""
    sizes = [
        array.shape if batch_is_known or array.ndim < 2 or place >= row.batched else (None, *array.shape[1:])
        for place, array in enumerate(row.inputs)
    ]
    inputs = [K.placeholder(shape, dtype=array.dtype.name) for shape, array in zip(sizes, row.inputs, strict=True)]
    return inputs, row.call(*inputs)


def weights_for(shape):
    """What a result is multiplied with before it is summed to a loss, so that no derivative is lost in symmetry."""
    return np.random.RandomState(3).uniform(0.5, 1.5, shape).astype("float32")


def compute(rows, backend):
    """For each row its value and derivatives, all from one compiled function."""
    inputs, arrays, outputs, counts = [], [], [], []
    for row in rows:
        given, output = symbols(row, batch_is_known=False)
        found = [output]
        if row.smooth:
            loss = K.sum(output * K.constant(weights_for(row.reference(backend)(*row.inputs).shape)))
            found += K.gradients(loss, [one for one in given if one.dtype == "float32"])
        inputs += given
        arrays += row.inputs
        outputs += found
        counts.append(len(found))
    values = iter(K.function(inputs, outputs)(arrays))
    return {row: [next(values) for _ in range(count)] for row, count in zip(rows, counts, strict=True)}


@functools.cache
def computed(backend):
    """All rows at once, or, when one of them fails, each by itself with its error."""
    rows = [row for row in ROWS if row.only in (None, backend)]
    try:
        return compute(rows, backend)
    except Exception:  # noqa: BLE001 - the rows below say which
        return {row: _value_or_error(row, backend) for row in rows}


def _value_or_error(row, backend):
    try:
        return compute([row], backend)[row]
    except Exception as error:  # noqa: BLE001 - raised by the row's test
        return error


def result(row, backend):
    if row.only not in (None, backend):
        pytest.skip(f"on {row.only} only")
    found = computed(backend)[row]
    if isinstance(found, Exception):
        raise found
    return found


def finite_differences(function, arrays, at):
    """The derivative of sum(function * weights) with respect to one of the arrays, in float64."""
    arrays = [array.astype("float64") if array.dtype == "float32" else array for array in arrays]
    slopes = np.zeros_like(arrays[at])
    for index in np.ndindex(slopes.shape):
        sides = []
        for step in (1e-5, -1e-5):
            moved = [array.copy() for array in arrays]
            moved[at][index] += step
            value = np.asarray(function(*moved))
            sides.append((value * weights_for(value.shape)).sum())
        slopes[index] = (sides[0] - sides[1]) / 2e-5
    return slopes


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_declared_shape_and_dtype_are_the_computed_ones(row, backend):
    value = result(row, backend)[0]
    _, exact = symbols(row, batch_is_known=True)
    _, open_ended = symbols(row, batch_is_known=False)
    assert value.shape == tuple(exact.shape)
    assert all(said in (None, size) for said, size in zip(open_ended.shape, value.shape, strict=True))
    assert value.dtype.name == exact.dtype == open_ended.dtype


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_value_is_the_one_numpy_gives(row, backend):
    expected = row.reference(backend)(*row.inputs)
    np.testing.assert_allclose(result(row, backend)[0], expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("row", [row for row in ROWS if row.smooth], ids=str)
def test_derivatives_are_finite_differences(row, backend):
    slopes = iter(result(row, backend)[1:])
    for at, array in enumerate(row.inputs):
        if array.dtype == "float32":
            expected = finite_differences(row.reference(backend), row.inputs, at)
            np.testing.assert_allclose(next(slopes), expected, rtol=2e-4, atol=2e-4)


def test_every_op_has_a_row():
    used = set()
    for backend in ("tensorflow", "theano"):  # a backend's own kernel takes the place of ops that the other one needs
        with chosen.in_force(backend):
            outputs = [symbols(row, True)[1] for row in ROWS]
        used |= {operation.op.name for operation in order_operations(outputs)}
    assert set(K.OPS) - used == ELSEWHERE


def test_every_function_of_tensors_has_a_row():
    tested = {row.name.split()[0] for row in ROWS}
    assert _functions_of_tensors() - tested == {"dropout", "in_test_phase", "in_train_phase", "rnn"}


def _functions_of_tensors():
    """Public functions of K whose first argument is a tensor."""
    from kerasnb.backend.ops import elementwise, indexing, linear, nn, pool, reduce, shaping, tiling

    modules = (elementwise, indexing, linear, nn, pool, reduce, shaping, tiling)
    names = {name for module in modules for name in module.__all__}
    return names | {
        "conv2d",
        "in_train_phase",
        "in_test_phase",
        "rnn",
        "identity",
        "print_tensor",
        "zeros_like",
        "ones_like",
    }
