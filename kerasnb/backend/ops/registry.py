"""How an op is declared: signature, docstring, shape rule and one lowering per backend."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...errors import ArgumentError, KerasnbError
from .. import config
from ..graph.tensor import OPERATORS, Operation, Tensor, as_tensor, describe_line, met_native, rebuild
from ..runtime import chosen
from ..runtime.progress import value_in_progress

__all__ = ["op", "Op", "OPS", "promoted", "in_float", "counted", "is_number", "is_whole"]

OPS: dict[str, Op] = {}
_COUNT = "int32"  # in which truths and small whole numbers are counted: 8 bits do not hold 200 + 100
_SMALL = {"bool", "int8", "uint8", "int16", "uint16"}


class Op:
    """A function of tensors that each backend knows how to compute.

    Calling it on symbolic tensors records an Operation; on arrays it computes at once; on the backend's own
    tensors (inside a Lambda, say) it applies the lowering.
    """

    gives_sparse: Callable | None = None  # whether the result is sparse, of sparse inputs; None: it takes none

    def __init__(
        self,
        function: Callable,
        shape: Callable,
        dtype: str | Callable,
        inputs: str,
        promote: bool,
        counts: bool = False,
    ):
        functools.update_wrapper(self, function)
        self.name = function.__name__
        self.signature = inspect.signature(function)
        self.shape_rule = shape
        self.dtype_rule = dtype
        self.input_names = inputs.replace("*", "").split()
        self._are_several = [name.startswith("*") for name in inputs.split()]
        self.variadic = {word[1:] for word in inputs.split() if word.startswith("*")}
        self.promote = promote
        self.in_floats = dtype == "float"
        self.brought = in_float if self.in_floats else counted if counts else None
        self.lowerings: dict[str, Callable] = {}
        self.is_phase_switch = False
        self._parameters = list(self.signature.parameters)
        self._has_ordering = "dim_ordering" in self._parameters
        self._defaults = {
            name: parameter.default
            for name, parameter in self.signature.parameters.items()
            if parameter.default is not inspect.Parameter.empty
        }

    def tensorflow(self, lowering: Callable) -> Callable:
        """Register how TensorFlow computes it: `lowering(tf, *inputs, **attributes)`."""
        self.lowerings["tensorflow"] = lowering
        return lowering

    def theano(self, lowering: Callable) -> Callable:
        """Register how PyTensor computes it: `lowering(pt, *inputs, **attributes)`."""
        self.lowerings["theano"] = lowering
        return lowering

    def __repr__(self) -> str:
        return f"<K.{self.name}{self.signature}>"

    def __call__(self, *args, **kwargs):
        arguments = self._bind(args, kwargs)
        if self._has_ordering:  # a setting changed later must not change what was recorded
            arguments["dim_ordering"] = config.resolve_ordering(arguments["dim_ordering"])
        if isinstance(arguments.get("axis"), np.ndarray | range):
            arguments["axis"] = _axes(arguments["axis"])
        values = [arguments.pop(name) for name in self.input_names]
        flat, layout = _flatten(values, self._are_several)
        others = [value for value in flat if not isinstance(value, Tensor)]
        if others:
            if any(chosen.is_native(value) for value in others):
                return self._on_natives(flat, layout, arguments)
            # arrays alone give an array at once, as numpy would; beside a tensor they are constants of the graph
            if len(others) == len(flat) and any(isinstance(value, np.ndarray | np.generic) for value in flat):
                return chosen.active().compute(self, self._arrays(flat), layout, arguments)
        return self.record(self._as_inputs(flat), layout, arguments)

    def _as_inputs(self, values: Sequence) -> list[Tensor]:
        """The values as tensors of the dtypes that the op computes with."""
        tensors = promoted(values) if self.promote else [as_tensor(value) for value in values]
        return list(map(self.brought, tensors)) if self.brought else tensors

    def _on_natives(self, flat: Sequence, layout: Sequence, attributes: dict[str, Any]):
        """The op among the backend's own tensors, which only go together with symbolic ones where those have values."""
        values = [value_in_progress(value) if isinstance(value, Tensor) else value for value in flat]
        if not any(value is None for value in values):
            return chosen.active().apply_op(self, rebuild(self._fitted(values), layout), attributes)
        try:
            return self.record(self._as_inputs(flat), layout, attributes)
        except (TypeError, NotImplementedError):  # a native tensor without a value of its own
            raise met_native(config.LIBRARIES[chosen.backend()]) from None

    def _fitted(self, values: Sequence) -> list:
        """The backend's own tensors, in floats where the op needs them, and arrays of their float type."""
        natives = [self.brought(value) if self.brought else value for value in values if chosen.is_native(value)]
        floats = [dtype for dtype in map(chosen.active().dtype_of, natives) if not is_whole(dtype)]
        rest = iter(natives)
        fitted = [next(rest) if chosen.is_native(value) else value for value in values]
        return [as_tensor(one, floats[0]).value if floats and _holds_floats(one) else one for one in fitted]

    def record(self, inputs: Sequence[Tensor], layout: Sequence, attributes: dict[str, Any]):
        """The symbolic outputs of this op on these inputs."""
        # made before the rules are asked, since it knows the user's line for what they refuse
        operation = Operation(self, inputs, attributes | {"_layout": layout})
        for name, value in attributes.items():
            if isinstance(value, Tensor):
                raise ArgumentError(
                    f"K.{self.name}: {name} must be known when the graph is built, got {value!r}.",
                    "Give it a number, or write it with other K functions.",
                    arguments=(name,),
                )
        is_sparse = any(tensor.is_sparse for tensor in inputs) and self._of_sparse(inputs)
        arguments = rebuild(inputs, layout)
        try:
            shape = self.shape_rule(*arguments, **attributes)
            dtype = (
                self.dtype_rule(*arguments, **attributes) if callable(self.dtype_rule) else self._named_dtype(inputs)
            )
        except KerasnbError as error:
            raise error.located(describe_line(operation.where)) from None
        several = isinstance(shape, list)
        # Keras 1.2's attribute: programs read it to know whether a function needs the phase as an input
        phase = any(tensor._uses_learning_phase for tensor in inputs)
        shapes = shape if several else [shape]
        dtypes = dtype if isinstance(dtype, list) else [dtype] * len(shapes)
        operation.outputs = tuple(
            Tensor(one, kind, operation=operation, uses_learning_phase=phase)
            for one, kind in zip(shapes, dtypes, strict=True)
        )
        if is_sparse:
            operation.outputs[0].is_sparse = True
        return list(operation.outputs) if several else operation.outputs[0]

    def _of_sparse(self, inputs: Sequence[Tensor]) -> bool:
        """Whether the result is sparse, some inputs being so."""
        if self.gives_sparse is None:
            lost = next(tensor for tensor in inputs if tensor.is_sparse)
            raise ArgumentError(f"K.{self.name} takes no sparse tensor, got {lost!r}.", "Give it K.to_dense(x).")
        return self.gives_sparse(inputs)

    def _arrays(self, flat: Sequence) -> list[np.ndarray]:
        arrays = [as_tensor(value).value for value in flat]
        if self.promote:
            dtype = functools.reduce(_common_dtype, (array.dtype.name for array in arrays))
            arrays = [array.astype(dtype) for array in arrays]
        if self.in_floats:
            arrays = [array.astype(config.floatx()) if is_whole(array.dtype) else array for array in arrays]
        elif self.brought:
            arrays = [array.astype(_COUNT) if array.dtype.name in _SMALL else array for array in arrays]
        return arrays

    def _named_dtype(self, inputs: Sequence[Tensor]) -> str:
        assert isinstance(self.dtype_rule, str)
        return inputs[0].dtype if self.in_floats or self.dtype_rule == "first" else self.dtype_rule

    def _bind(self, args: tuple, kwargs: dict) -> dict[str, Any]:
        # `Signature.bind` takes much longer, and every op of every layer comes through here
        if len(args) > len(self._parameters) or any(name not in self.signature.parameters for name in kwargs):
            self.signature.bind(*args, **kwargs)  # raises Python's own message
        arguments = dict(self._defaults)
        arguments.update(zip(self._parameters, args, strict=False))
        arguments.update(kwargs)
        if len(arguments) != len(self._parameters):
            self.signature.bind(*args, **kwargs)
        return arguments


def _axes(axis: np.ndarray | range) -> int | tuple[int, ...]:
    """One axis or several, given as an array or a range."""
    return int(axis) if isinstance(axis, np.ndarray) and not axis.ndim else tuple(int(one) for one in axis)


def op(
    shape: Callable,
    dtype: str | Callable = "first",
    inputs: str = "x",
    promote: bool = False,
    operator: bool = False,
    counts: bool = False,
):
    """Declare an op.

    Args:
        shape: rule `(*inputs, **attributes) -> shape`, or a list of shapes for several outputs.
        dtype: 'first' (that of the first input), 'float' (the same, whole numbers being brought to the default float
            type first), a dtype's name, or a rule like `shape`.
        inputs: names of the parameters that are tensors; `*name` takes a list of them.
        promote: bring the inputs to one dtype first, as numpy does.
        operator: the op also serves a Python operator of that name.
        counts: it calculates; truths are 0 and 1 to it, and whole numbers of few bits have room to grow.
    """

    def declare(function: Callable) -> Op:
        declared = Op(function, shape, dtype, inputs, promote, counts)
        OPS[declared.name] = declared
        if operator:
            OPERATORS[declared.name] = declared
        return declared

    return declare


def _flatten(values: Sequence, are_several: Sequence[bool]) -> tuple[list, tuple]:
    """The tensors of all inputs in one list, and where each input is in it: a place, several, or None."""
    flat: list[Any] = []
    layout: list[int | tuple[int, ...] | None] = []
    for value, is_several in zip(values, are_several, strict=True):
        if value is None:
            layout.append(None)
        elif isinstance(value, list | tuple) and (is_several or any(_is_tensor_like(item) for item in value)):
            layout.append(tuple(range(len(flat), len(flat) + len(value))))
            flat.extend(value)
        else:
            layout.append(len(flat))
            flat.append(value)
    return flat, tuple(layout)


def _is_tensor_like(item: Any) -> bool:
    return isinstance(item, Tensor | np.ndarray) or chosen.is_native(item)


def is_whole(dtype: Any) -> bool:
    """Whether values of this dtype are whole numbers or truths."""
    return str(dtype).startswith(("int", "uint", "bool"))


def is_number(value: Any) -> bool:
    """Whether the value is one number, Python's or numpy's."""
    return isinstance(value, int | float | np.generic) or isinstance(value, np.ndarray) and not value.ndim


def in_float(x: Any) -> Any:
    """A tensor or array as it is, or in the default float type if it holds whole numbers."""
    return OPS["cast"](x, config.floatx()) if is_whole(_dtype_of(x)) else x


def counted(x: Any) -> Any:
    """A tensor as it is, or with room to count if it holds truths or whole numbers of few bits.

    By themselves backends refuse truths or take + for `or`, and numbers of few bits overflow in silence.
    """
    return OPS["cast"](x, _COUNT) if _dtype_of(x) in _SMALL else x


def _dtype_of(x: Any) -> str:
    return chosen.active().dtype_of(x) if chosen.is_native(x) else x.dtype


def promoted(values: Sequence) -> list[Tensor]:
    """The values as tensors of one dtype; numbers, and arrays beside tensors, take the float type of the others."""
    values = [np.asarray(one) if isinstance(one, list | tuple) and _holds_floats(one) else one for one in values]
    dtype = _joint_dtype(values)
    tensors = [value if isinstance(value, Tensor) else as_tensor(value, dtype) for value in values]
    if dtype is None or all(tensor.dtype == dtype for tensor in tensors):
        return tensors
    return [tensor if tensor.dtype == dtype else OPS["cast"](tensor, dtype) for tensor in tensors]


def _joint_dtype(values: Sequence) -> str | None:
    """The dtype in which tensors, arrays and numbers go together; None where there are whole numbers only."""
    arrays = [value.dtype for value in values if isinstance(value, np.ndarray | np.generic)]
    strong = [value.dtype for value in values if isinstance(value, Tensor)] or arrays
    if not strong:
        return config.floatx() if any(isinstance(value, float) for value in values) else None
    dtype = functools.reduce(_common_dtype, map(str, strong))
    if not is_whole(dtype):
        return dtype
    if any(isinstance(value, float) for value in values) or not all(map(is_whole, arrays)):
        return config.floatx()
    # a plain number fits any type, unless it is too large for it
    numbers = [value for value in values if type(value) is int]
    if numbers and dtype in _SMALL:
        dtype = _COUNT
    if any(not np.iinfo(dtype).min <= number <= np.iinfo(dtype).max for number in numbers):
        dtype = "int64"
    return functools.reduce(_common_dtype, map(str, arrays), dtype)


def _holds_floats(value: Any) -> bool:
    return isinstance(value, np.ndarray | np.generic | list | tuple) and np.asarray(value).dtype.kind == "f"


def _common_dtype(one: str, other: str) -> str:
    """numpy's common type, except that an integer beside a float takes the float's width."""
    if one.startswith("float") != other.startswith("float"):
        return one if one.startswith("float") else other
    return np.result_type(one, other).name
