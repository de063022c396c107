"""All that kerasnb takes from the inside of PyTensor and of JAX, which their next release may change.

What is public (`pytensor.tensor`, `jax.numpy`) is imported where it is used. Everything else comes from here, in a
form that works on PyTensor 3.0 to 3.3 and JAX 0.10 to 0.12; `tests/backend/on_theano/test_inside.py` names each thing
that is relied on.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytensor
from pytensor.compile.mode import Mode
from pytensor.compile.sharedvalue import SharedVariable
from pytensor.gradient import DisconnectedType, disconnected_grad
from pytensor.graph.basic import Apply, Constant
from pytensor.graph.fg import FunctionGraph
from pytensor.graph.op import Op
from pytensor.graph.rewriting.basic import MergeOptimizer
from pytensor.graph.rewriting.db import RewriteDatabaseQuery
from pytensor.printing import Print
from pytensor.raise_op import CheckAndRaise
from pytensor.tensor import _as_tensor_variable
from pytensor.tensor.basic import Alloc, ARange, Join, ScalarFromTensor, Split, infer_static_shape
from pytensor.tensor.elemwise import Elemwise
from pytensor.tensor.math import ProdWithoutZeros
from pytensor.tensor.shape import Reshape, Shape
from pytensor.tensor.type import TensorType, discrete_dtypes

__all__ = [
    "Alloc",
    "Apply",
    "ARange",
    "CheckAndRaise",
    "Constant",
    "DisconnectedType",
    "Elemwise",
    "FunctionGraph",
    "Join",
    "MergeOptimizer",
    "Op",
    "Print",
    "ProdWithoutZeros",
    "Reshape",
    "ScalarFromTensor",
    "Shape",
    "SharedVariable",
    "Split",
    "TensorType",
    "as_tensor_of",
    "axis_and_parts",
    "cell_of",
    "conversions",
    "disconnected_grad",
    "discrete_dtypes",
    "forget_traces",
    "full_precision",
    "infer_static_shape",
    "is_traced",
    "needs_values",
    "options_of_compiler",
    "rewrites_for_jax",
    "scan",
    "split_arguments",
]

as_tensor_of = _as_tensor_variable.register  # says what PyTensor's functions make of a class of ours
_BY_YNNPACK = "LIBRARY_FUSION_TYPE_"


# ---- variables and loops


def cell_of(variable: SharedVariable) -> list:
    """The list of one array in which a shared variable keeps its value."""
    return variable.container.storage


def scan(step: Callable, mode: str, **options: Any) -> Any:
    """`pytensor.scan` whose step is run by this mode."""
    with warnings.catch_warnings():
        # 3.0 compiles the step by C if it is not told the mode; 3.1 and later warn that they need not be told
        warnings.filterwarnings("ignore", message=".*mode", category=FutureWarning)
        return pytensor.scan(step, mode=mode, return_updates=False, **options)


# ---- nodes whose form differs: an axis is the first or second input up to 3.0, later it is kept in the op


def axis_and_parts(node: Apply, arguments: Sequence) -> tuple[int, Sequence]:
    """What a Join is given: the axis, and what is joined along it."""
    axis = getattr(node.op, "axis", None)
    return (int(arguments[0]), arguments[1:]) if axis is None else (int(axis), arguments)


def split_arguments(node: Apply, arguments: Sequence) -> tuple[Any, int, Sequence[int]]:
    """What a Split is given: the array, the axis, and the sizes of the parts along it."""
    axis = getattr(node.op, "axis", None)
    return arguments[0], int(arguments[1] if axis is None else axis), arguments[-1]


# ---- JAX


@functools.cache
def rewrites_for_jax() -> Any:
    """PyTensor's rewrites for the user's own code; without fusion, which XLA does by itself."""
    from pytensor.link.jax.linker import JAXLinker

    left_out = ["fusion", "inplace", "cxx_only", "BlasOpt", "local_careduce_fusion", "jax_shape_parameter_as_tuple"]
    return Mode(JAXLinker(), RewriteDatabaseQuery(include=["fast_run", "jax"], exclude=left_out)).optimizer


@functools.cache
def conversions() -> Callable[..., Callable]:
    """PyTensor's own conversions of ops to JAX, as a function of an op and `node=`.

    Importing them sets JAX's default precision for the whole process; it is put back to what the user has.
    """
    import jax

    with ThreadPoolExecutor(1) as outside:  # of any `with jax.enable_x64` of the user's
        # jax gives its config an attribute for each setting when it is imported
        before = outside.submit(lambda: jax.config.jax_enable_x64).result()  # type: ignore[attr-defined]
    from pytensor.link.jax.dispatch import jax_funcify

    jax.config.update("jax_enable_x64", before)
    return jax_funcify


@functools.cache
def options_of_compiler() -> dict[str, str]:
    """What XLA is told for the CPU, as `compiler_options` of `jax.jit`; nothing where this JAX does not know it.

    JAX 0.10 to 0.12 would hand convolutions to YNNPACK, which takes three times as long as Eigen, and four for the
    gradients of their kernels. Products and sums stay with it: it is the faster one there.
    """
    import jax

    known = {"xla_cpu_experimental_ynn_fusion_type": f"{_BY_YNNPACK}INDIVIDUAL_DOT,{_BY_YNNPACK}REDUCE"}
    try:
        jax.jit(lambda: 0, compiler_options=known).lower().compile()
    except jax.errors.JaxRuntimeError:
        return {}
    return known


def full_precision() -> Any:
    """While inside, JAX takes float64 and int64 for what they are, and not for their halves."""
    import jax

    return jax.enable_x64(True)


def forget_traces() -> None:
    """Have JAX forget what it traced: of its own functions it keeps each size of arrays until the process ends.

    What is compiled stays so, which it would not by `jax.clear_caches`.
    """
    from jax._src.util import clear_all_caches

    clear_all_caches()


@functools.cache
def needs_values() -> tuple[type[Exception], ...]:
    """The errors by which JAX says that it would have to know a value while it traces, for a size or a condition."""
    import jax

    return jax.errors.ConcretizationTypeError, jax.errors.TracerArrayConversionError, IndexError


def is_traced(value: Any) -> bool:
    """Whether this stands for an array whose values are not known while JAX traces."""
    import jax

    return isinstance(value, jax.core.Tracer)


def sums_at(host: str) -> None:
    """Have this process listen at an address for the others that sum with it by JAX, whatever its name resolves to."""
    from jaxlib import _jax

    make = _jax.make_gloo_tcp_collectives
    _jax.make_gloo_tcp_collectives = functools.partial(make, hostname=host)
