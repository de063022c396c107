"""What kerasnb relies on inside of PyTensor and JAX: a release that changes it fails here, with a sentence."""

import importlib.metadata
import inspect
import warnings

import jax
import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest

from kerasnb.backend.on_theano import inside as inside

X = np.array([[3.0, 1, 2], [4, 6, 5]], "float32")


def relied_on(is_so, sentence):
    """Fails with what kerasnb relies on, and with the versions that differ."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("pytensor", "jax", "numpy"))
    assert is_so, f"kerasnb relies on this, which does not hold with {versions}: {sentence} See on_theano/inside.py."


def node_of(variable, kind):
    """The node of this kind among those that a variable is made by."""
    pending, seen = [variable.owner], []
    while pending:
        node = pending.pop()
        if isinstance(node.op, kind):
            return node
        seen.append(type(node.op).__name__)
        pending += [one.owner for one in node.inputs if one.owner]
    relied_on(False, f"there is a node of {kind.__name__} (met: {', '.join(seen)}).")


def plain(inputs):
    """What is known of a node's inputs: the numbers of constants, the others as they are."""
    return [one.data if isinstance(one, inside.Constant) else one for one in inputs]


def by_jax(output, **inputs):
    """The value of a PyTensor variable by kerasnb's way to JAX."""
    from kerasnb.backend.on_theano.to_jax import as_jax_function, simplify

    names = [pt.matrix(name, dtype="float32") if name == "x" else pt.scalar(name, dtype="int64") for name in inputs]
    graph = inside.FunctionGraph(names, [output(*names)], clone=True)
    with inside.full_precision():
        return np.asarray(as_jax_function(simplify(graph))(*inputs.values())[0])


def test_join_tells_its_axis_and_its_parts():
    x = pt.matrix("x")
    node = node_of(pt.concatenate([x, x], axis=1), inside.Join)
    axis, parts = inside.axis_and_parts(node, plain(node.inputs))
    relied_on(
        axis == 1 and list(parts) == [x, x],
        "a Join has inputs (axis, *parts), or (*parts) and the axis in `op.axis`.",
    )


def test_split_tells_its_axis_and_sizes():
    x = pt.matrix("x")
    node = node_of(pt.split(x, [1, 2], n_splits=2, axis=1)[0], inside.Split)
    array, axis, sizes = inside.split_arguments(node, plain(node.inputs))
    relied_on(
        array is x and axis == 1 and list(sizes) == [1, 2],
        "a Split has inputs (x, axis, sizes), or (x, sizes) and the axis in `op.axis`.",
    )


@pytest.mark.parametrize(
    ("kind", "output", "inputs"),
    [
        (inside.Shape, lambda x: x.shape, "the array"),
        (inside.Reshape, lambda x: pt.reshape(x, (-1,)), "the array, the sizes"),
        (inside.Alloc, lambda x: pt.alloc(x[0, 0], 2, 3), "the value, *sizes"),
        (inside.ARange, lambda x: pt.arange(x.shape[0]), "start, stop, step"),
    ],
)
def test_nodes_that_kerasnb_converts_itself_have_these_inputs(kind, output, inputs):
    node = node_of(output(pt.matrix("x")), kind)
    wanted = [3 if part == "*sizes" else 1 for part in inputs.split(", ")]
    count = sum(wanted) - (1 if "*" in inputs else 0)
    relied_on(len(node.inputs) == count, f"a {kind.__name__} has the inputs {inputs}.")


def test_ops_keep_what_their_conversions_read():
    x = pt.vector("x")
    relied_on(node_of(pt.arange(3, dtype="int32"), inside.ARange).op.dtype == "int32", "ARange has `op.dtype`.")
    relied_on(inside.Print("here").message == "here", "Print has `op.message`.")
    relied_on(inside.ProdWithoutZeros(axis=(0,)).axis == (0,), "ProdWithoutZeros has `op.axis`.")
    relied_on(isinstance((x + 1).owner.op, inside.Elemwise), "arithmetic makes Elemwise nodes.")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (lambda x: pt.sort(x, axis=-1), np.sort(X)),
        (lambda x: pt.sort(x, axis=0), np.sort(X, axis=0)),
        (lambda x: pt.argsort(x, axis=1), np.argsort(X)),
        (lambda x: pt.concatenate([x, x], axis=-1), np.concatenate([X, X], -1)),
        (lambda x: pt.cumsum(x, axis=1), np.cumsum(X, 1)),
        (lambda x: pt.repeat(x, 2, axis=1), np.repeat(X, 2, 1)),
        (lambda x: pt.eye(x.shape[1]), np.eye(3)),
        (lambda x: pt.diag(x[0]), np.diag(X[0])),
        (lambda x: pt.triu(x), np.triu(X)),
        (lambda x: pt.set_subtensor(x[1:, 0], 0), [[3, 1, 2], [0, 6, 5]]),
        (lambda x: pt.inc_subtensor(pt.constant([1, 2, 3])[1], x.shape[0]), [1, 4, 3]),
        (lambda x: pt.argmax(x, axis=1), [0, 1]),
        (lambda x: pt.max_and_argmax(x, axis=0)[1], [1, 1, 1]),
        (lambda x: pt.grad(pt.sort(x, axis=-1)[:, 0].sum(), x), [[0, 1, 0], [1, 0, 0]]),
        (lambda x: pt.grad((pt.concatenate([x, 2 * x], 1) ** 2).sum(), x), 10 * X),
    ],
)
def test_pytensors_own_functions_run_under_jax(value, expected):
    np.testing.assert_allclose(by_jax(value, x=X), expected, rtol=1e-6)


def test_conversions_take_an_op_and_its_node():
    node = pt.cumsum(pt.vector("x")).owner
    relied_on(
        np.allclose(inside.conversions()(node.op, node=node)(np.ones(3)), [1, 2, 3]),
        "`jax_funcify(op, node=node)` gives a function of arrays.",
    )
    relied_on(hasattr(inside.rewrites_for_jax(), "rewrite"), "`Mode(JAXLinker(), query).optimizer` has `rewrite`.")


def test_jax_computes_in_full_precision_inside_only():
    import jax
    import jax.numpy as jnp

    before = jnp.ones(1, dtype=float).dtype
    with inside.full_precision():
        relied_on(jnp.ones(1, dtype=float).dtype == "float64", "`with jax.enable_x64(True)` turns float64 on.")
    assert jnp.ones(1, dtype=float).dtype == before
    relied_on(isinstance(jax.config.jax_enable_x64, bool), "`jax.config.jax_enable_x64` tells the precision.")


def test_functions_of_numpy_run_in_the_middle_of_jax():
    import jax

    kind, printed = jax.ShapeDtypeStruct((3,), "float32"), []

    def step(x):
        jax.debug.callback(lambda value: printed.append(float(value)), x.sum(), ordered=True)
        return jax.pure_callback(lambda value: np.asarray(value) * 2, kind, x)

    assert np.asarray(jax.jit(step)(np.ones(3, "float32"))).tolist() == [2, 2, 2]
    jax.effects_barrier()
    relied_on(printed == [3.0], "`jax.debug.callback(ordered=True)` calls once.")


def test_jax_tells_sizes_that_depend_on_values_by_its_own_errors():
    import jax

    with pytest.raises(inside.needs_values()):
        jax.jit(lambda x: x[: x.max()])(np.ones(3, "int32"))
    with pytest.raises(inside.needs_values()):
        jax.jit(lambda x: jax.numpy.arange(x.max()))(np.ones(3, "int32"))


def test_shared_variable_keeps_its_value_in_a_cell():
    variable = pytensor.shared(X)
    inside.cell_of(variable)[0] = X + 1
    relied_on(
        np.array_equal(variable.get_value(), X + 1), "`container.storage` of a shared variable is a list of its value."
    )


def test_ops_of_ours_are_asked_as_pytensor_asks_its_own():
    from kerasnb.backend.on_theano.ops import Draw

    sizes = [pt.scalar(name, dtype="int64") for name in ("rows", "cols")]
    drawn = Draw("uniform", "float32")(pt.constant(1), pt.constant(2), *sizes)
    function = pytensor.function(sizes, drawn.shape, mode=pytensor.compile.mode.Mode("py", "fast_run"))
    relied_on(function(2, 3).tolist() == [2, 3], "`infer_shape` gets the node before the last, the shapes last.")
    ours = inspect.signature(inside.Op.pullback).parameters
    relied_on(len(ours) == 4, "`Op.pullback` takes (inputs, outputs, gradients).")
    relied_on(isinstance(inside.DisconnectedType()().type, inside.DisconnectedType), "no gradient: DisconnectedType().")


def test_graph_knows_who_reads_each_variable():
    x = pt.vector("x")
    graph = inside.FunctionGraph([x], [pt.exp(x)], clone=True)
    clients = [(client.op, place) for client, place in graph.clients[graph.inputs[0]]]
    relied_on(clients == [(graph.outputs[0].owner.op, 0)], "`FunctionGraph.clients` gives (node, place) pairs.")
    relied_on(len(graph.toposort()) == 1, "`FunctionGraph.toposort` gives the nodes.")


def test_class_of_ours_becomes_a_pytensor_variable():
    class Ours:
        pass

    inside.as_tensor_of(Ours)(lambda ours, name=None, ndim=None, **options: pt.constant(7))
    relied_on(pt.add(Ours(), 1).eval() == 8, "`_as_tensor_variable` dispatches on the class of its argument.")


def test_sizes_known_without_computing_are_found():
    known = inside.infer_static_shape(pt.zeros((3, pt.scalar(dtype="int64"))).shape)[1]
    relied_on(tuple(known) == (3, None), "`infer_static_shape` gives (variables, sizes), None for what is not known.")


def test_scan_runs_its_step_by_the_mode_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        start = pt.zeros(3, dtype="float32")
        sums = inside.scan(
            lambda row, total: total + row, "FAST_COMPILE", sequences=pt.as_tensor(X), outputs_info=start
        )
        found = pytensor.function([], sums, mode="FAST_COMPILE")()
    np.testing.assert_array_equal(found, np.cumsum(X, 0))


def test_what_jax_compiled_stays_when_it_forgets_its_traces():
    traces = []
    twice = jax.jit(lambda x: traces.append(1) or x * 2)
    twice(X)
    inside.forget_traces()
    twice(X)
    relied_on(len(traces) == 1, "`clear_all_caches` leaves what `jax.jit` compiled.")
