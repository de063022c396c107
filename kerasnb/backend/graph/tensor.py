"""Symbolic tensors: what every `K.*` call takes and returns, and the operations that connect them."""

from __future__ import annotations

import itertools
import linecache
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from ...caller import user_line
from ...errors import BackendError, WeightsError
from .. import config
from ..runtime.of_thread import set_in_thread
from ..runtime.progress import value_in_progress
from .dtypes import named
from .methods import METHODS, bound
from .seeding import SEEDING, SinceSeeding

__all__ = [
    "Tensor",
    "Placeholder",
    "Ambient",
    "Constant",
    "Seed",
    "SparseConstant",
    "Variable",
    "Operation",
    "NativeSignal",
    "listening",
    "met_native",
    "as_tensor",
    "layer_scope",
    "current_layer",
    "describe_line",
    "rebuild",
    "OPERATORS",
]

Shape = tuple[int | None, ...]

# filled by the registry: operator name -> op
OPERATORS: dict[str, Callable] = {}

_scope = threading.local()


class NativeSignal(BaseException):  # noqa: N818 - not an error: a symbolic tensor met the backend's own code
    """Raised when a symbolic tensor meets the backend's own conversion; the layer call is then recorded whole."""

    def __init__(self, library: str):
        super().__init__(library)
        self.library = library


def listening() -> AbstractContextManager[None]:
    """While inside, NativeSignal has someone who waits for it in this thread."""
    return set_in_thread(_scope, "listens", True)


def met_native(library: str) -> BaseException:
    """What to raise where the library's own code met a symbolic tensor without a value."""
    if getattr(_scope, "listens", False):
        return NativeSignal(library)
    return BackendError(
        f"{library}'s own code met a tensor that has no value before a function runs.",
        "Put the code into a Lambda or into the call of a layer, or write it with K functions.",
    )


class Size(int):
    """A whole number that also answers TensorFlow 1's `value`."""

    @property
    def value(self) -> int:
        return int(self)


class Shaped(tuple):
    """A static shape: a tuple that also answers TensorFlow 1's `as_list` and `ndims`."""

    def __getitem__(self, place):
        part = super().__getitem__(place)
        return Shaped(part) if isinstance(place, slice) else part

    def as_list(self) -> list:
        return [None if size is None else int(size) for size in self]

    @property
    def ndims(self) -> int:
        return len(self)


def layer_scope(name: str) -> AbstractContextManager[None]:
    """Operations recorded inside belong to this layer (errors name it)."""
    return set_in_thread(_scope, "layer", name)


def current_layer() -> str | None:
    """The layer that operations recorded now belong to."""
    return getattr(_scope, "layer", None)


def describe_line(where: tuple[str, int]) -> str:
    """The place of a line as a person finds it: file and number, or number and text of a notebook cell's line."""
    file, line = where
    if "ipykernel_" in file or file.startswith("<"):
        return f"line {line} of the cell: {linecache.getline(file, line).strip()}".rstrip(": ")
    return f"{file}:{line}"


class Operation:
    """One recorded call: an op, its inputs and attributes, who made it and where."""

    __slots__ = ("op", "inputs", "attributes", "outputs", "layer", "where", "serial")
    serials = itertools.count()

    def __init__(self, op: Any, inputs: Sequence[Tensor], attributes: dict[str, Any]):
        self.op = op
        self.inputs = tuple(inputs)
        self.attributes = attributes
        self.outputs: tuple[Tensor, ...] = ()
        self.layer = current_layer()
        self.where = user_line()
        self.serial = next(Operation.serials)

    def describe(self) -> str:
        """Layer, op, shapes of its inputs and the user's line, for messages."""
        shapes = ", ".join(str(tuple(tensor.shape)) for tensor in self.inputs)
        owner = f'layer "{self.layer}", ' if self.layer else ""
        return f"{owner}op {self.op.name} on {shapes}, from {describe_line(self.where)}"


def rebuild(flat: Sequence, layout: Sequence) -> list:
    """The inputs of an operation as the op's parameters take them: single, None, or a list."""
    return [
        None if place is None else flat[place] if isinstance(place, int) else [flat[index] for index in place]
        for place in layout
    ]


def _binary(name: str, swapped: bool = False):
    def method(self, other):
        # looked up when it is used: ops are made of tensors, and cannot be there before them
        return OPERATORS[name](other, self) if swapped else OPERATORS[name](self, other)

    return method


class Tensor:
    """A value that is known by shape and dtype only, until a function runs.

    Equality is identity, so that tensors can be found in lists as Keras 1 code does.
    """

    __array_ufunc__ = None  # numpy leaves `array + tensor` to us
    is_sparse = False
    has_declared_sizes = False  # which a runtime checks: nothing but their author's word says that they are true
    _keras_history: tuple  # layer, number of its call, place among the outputs; only of a layer's outputs
    _keras_mask: Any  # of a layer's output inside a call of another layer only

    def __init__(
        self,
        shape: Sequence[int | None],
        dtype: str,
        *,
        operation: Operation | None = None,
        name: str | None = None,
        uses_learning_phase: bool = False,
    ):
        self._shape = Shaped(shape)
        self.dtype = named(dtype)
        self.operation = operation
        self.name = name
        self._uses_learning_phase = uses_learning_phase

    @property
    def shape(self) -> Shape:
        """The size of each axis; None is one that is not known yet."""
        return self._shape

    @property
    def ndim(self) -> int:
        """How many axes there are."""
        return len(self._shape)

    @property
    def _keras_shape(self) -> Shape:
        return self.__dict__.get("_set_keras_shape", tuple(self._shape))

    @_keras_shape.setter
    def _keras_shape(self, shape: Shape) -> None:
        """Sizes that the user knows and the ops do not; sizes the ops know stay."""
        shape = tuple(shape)
        self.__dict__["_set_keras_shape"] = shape
        if len(shape) == len(self._shape):
            pairs = list(zip(self._shape, shape, strict=True))
            self.has_declared_sizes |= any(known is None and given is not None for known, given in pairs)
            # what the ops have worked out wins: a wrong word must not overrule a rule
            self._shape = Shaped(known if known is not None else given for known, given in pairs)

    @_keras_shape.deleter
    def _keras_shape(self) -> None:
        """Old layers take it off while they call others; the sizes stay known."""
        self.__dict__.pop("_set_keras_shape", None)

    def get_shape(self) -> Shape:
        """Its shape, as TensorFlow 1 says it: `x.get_shape().as_list()`, `x.get_shape()[1].value`."""
        return Shaped(None if size is None else Size(size) for size in self._shape)

    def set_shape(self, shape: Shape) -> None:
        """Say what the sizes are, where no rule could."""
        self._shape = Shaped(shape)

    def __repr__(self) -> str:
        kind = type(self).__name__
        made_by = self.name or (self.operation.op.name if self.operation else "")
        return f'<{kind} "{made_by}" {tuple(self._shape)} {self.dtype}>'

    # no __len__, as on TensorFlow 1's tensors and Theano's: programs tell lists from tensors by it

    def __contains__(self, value) -> bool:
        raise TypeError(f"{self!r} has no value before a function runs, so `in` cannot test it; use K.equal and K.any")

    def __iter__(self):
        if not self._shape:
            raise TypeError(f"cannot loop over {self!r}: it is a scalar")
        if self._shape[0] is None:
            raise TypeError(f"cannot loop over {self!r}: its first size is not known; use K.rnn, K.map_fn or K.foldl")
        return (self[index] for index in range(self._shape[0]))

    def __bool__(self) -> bool:
        raise TypeError(
            f"{self!r} has no value before a function runs, so `if` cannot test it; "
            "use K.switch(condition, then_expression, else_expression)"
        )

    def __array__(self, *args, **kwargs):  # without it numpy would make an array of one object, in silence
        raise TypeError(
            f"{self!r} has no value before a function runs, so numpy cannot take it; "
            "use the K function of that name, or K.eval(x)"
        )

    def __tf_tensor__(self, dtype=None, name=None):
        value = value_in_progress(self)
        if value is None:
            raise met_native("tensorflow")
        return value

    __hash__ = object.__hash__
    __add__, __radd__ = _binary("add"), _binary("add", swapped=True)
    __sub__, __rsub__ = _binary("subtract"), _binary("subtract", swapped=True)
    __mul__, __rmul__ = _binary("multiply"), _binary("multiply", swapped=True)
    __truediv__, __rtruediv__ = _binary("divide"), _binary("divide", swapped=True)
    __floordiv__, __rfloordiv__ = _binary("floor_divide"), _binary("floor_divide", swapped=True)
    __mod__, __rmod__ = _binary("mod"), _binary("mod", swapped=True)
    __pow__, __rpow__ = _binary("pow"), _binary("pow", swapped=True)
    __matmul__, __rmatmul__ = _binary("matmul"), _binary("matmul", swapped=True)
    __and__, __rand__ = _binary("logical_and"), _binary("logical_and", swapped=True)
    __or__, __ror__ = _binary("logical_or"), _binary("logical_or", swapped=True)
    __xor__, __rxor__ = _binary("not_equal"), _binary("not_equal", swapped=True)
    __lt__, __le__ = _binary("lesser"), _binary("lesser_equal")
    __gt__, __ge__ = _binary("greater"), _binary("greater_equal")

    def __neg__(self):
        return OPERATORS["negative"](self)

    def __invert__(self):
        return OPERATORS["logical_not"](self)

    def __getattr__(self, name: str):
        if name in METHODS:
            return bound(self, name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __abs__(self):
        return OPERATORS["abs"](self)

    def __getitem__(self, index):
        return OPERATORS["getitem"](self, index)


class Placeholder(Tensor):
    """A tensor that a function is given."""


class Ambient(Placeholder):
    """A placeholder that the runtime feeds by itself: the learning phase, the count of calls."""


class Constant(Tensor):
    """An array known when the graph is built."""

    def __init__(self, value: np.ndarray):
        super().__init__(value.shape, value.dtype.name)
        self.value: Any = value  # an array; a matrix of scipy's, if it is sparse

    def __repr__(self) -> str:
        return f"<Constant {tuple(self.shape)} {self.dtype}>"


class Seed(Constant):
    """The seed of an op that draws numbers; functions that differ in seeds only are one when compiled.

    Args:
        seed: the number.
        is_given: whether the program chose it, so that it stays whatever `set_random_seed` is given.
    """

    def __init__(self, seed: int, is_given: bool = False):
        super().__init__(np.asarray(seed, "int64"))
        self._is_given, self._made_under, self._place = is_given, SEEDING.number, SEEDING.next_place()
        self._seeding, self._number = SinceSeeding(), self.value

    def number(self) -> np.ndarray:
        """What to draw by now: one that was drawn itself is another one under another seed of the program."""
        if self._seeding.is_new() and not self._is_given:
            # the same seed again gives the numbers of a fresh start, also where the graph was made under it
            is_as_made = SEEDING.number == self._made_under
            self._number = self.value if is_as_made else np.asarray(SEEDING.seed_at(self._place), "int64")
        return self._number


class SparseConstant(Constant):
    """A scipy matrix of mostly zeros, known when the graph is built."""

    is_sparse = True

    def __init__(self, value: Any, dtype: str, name: str | None = None):
        value = value.tocsr().astype(dtype)
        value.sum_duplicates()  # and in order
        Tensor.__init__(self, value.shape, dtype, name=name)
        self.value = value


class Variable(Tensor):
    """A tensor with a value that lasts between calls.

    The value is made when first needed (`value` may be a function that makes it), lives in whichever
    backend used it last, and moves when another one needs it.
    """

    shape: tuple[int, ...]  # every size is known
    owner: tuple[str, str]  # class and name of the layer whose weight it is; only a layer's has one
    constraint: Any  # what its layer applies to it after each update; only where there is one
    moves = 0  # of all variables, from one backend to another: compiled functions look for theirs anew when it grows

    def __init__(self, value: np.ndarray | Callable[[], np.ndarray], shape: Shape, dtype: str, name: str | None = None):
        super().__init__(shape, dtype, name=name)
        self._value: np.ndarray | Callable[[], np.ndarray] | None = value  # None once a backend holds it
        self._home: tuple[Any, Any] | None = None  # runtime and handle, once a backend holds it
        self._handles: dict[Any, Any] = {}  # one for each runtime that ever held it: compiled functions keep theirs
        self.writes = 0  # how often it was given a value, or a program that updates it was called
        self._lock = threading.RLock()

    def __bool__(self) -> bool:
        return True  # programs for Keras 1.2 ask `if b: x += b`, whether there is a bias

    def get_value(self, borrow: bool = False) -> np.ndarray:
        """Its value, as a new array."""
        return np.array(self.peek())

    def peek(self) -> np.ndarray:
        """Its value, to be looked at only: it shares memory where it can, and stays when the variable changes."""
        with self._lock:
            if self._home:
                runtime, handle = self._home
                value = runtime.read(handle).view()
            else:
                value = self._array().view()
        value.flags.writeable = False
        return value

    def set_value(self, value: Any) -> None:
        """Give it another value of the same shape."""
        array = np.asarray(value, dtype=self.dtype)
        if array.shape != tuple(self.shape):
            raise WeightsError(f'variable "{self.name}" has shape {tuple(self.shape)}, got an array of {array.shape}.')
        with self._lock:
            self.writes += 1
            if self._home:
                runtime, handle = self._home
                runtime.write(handle, array)
            else:
                self._value = array.copy()

    def handle(self, runtime: Any) -> Any:
        """The backend's own variable that holds the value from now on."""
        with self._lock:
            if self._home is None or self._home[0] is not runtime:
                value = self._home[0].read(self._home[1]) if self._home else self._array()
                Variable.moves += self._home is not None
                if runtime in self._handles:
                    runtime.write(self._handles[runtime], value)
                else:
                    self._handles[runtime] = runtime.make_variable(value, self.name)
                self._home = (runtime, self._handles[runtime])
                self._value = None
            return self._home[1]

    def leave(self, runtime: Any, value: np.ndarray, for_good: bool) -> None:
        """Have this value from now on, in memory, if this runtime holds the variable: it is not to be asked again.

        Args:
            for_good: whether the runtime ends, and forgets what it called the variable.
        """
        with self._lock:
            if self._home is not None and self._home[0] is runtime:
                self._home, self._value = None, np.array(value, dtype=self.dtype)
                Variable.moves += 1
            if for_good:
                self._handles.pop(runtime, None)

    def _array(self) -> np.ndarray:
        if callable(self._value):
            self._value = np.asarray(self._value(), dtype=self.dtype)
        assert self._value is not None
        return self._value

    def __deepcopy__(self, memo):
        return Variable(self.get_value(), tuple(self.shape), self.dtype, self.name)


def as_tensor(value: Any, dtype: str | None = None) -> Tensor:
    """A Tensor for anything that stands for one: a tensor, an array, a number."""
    if isinstance(value, Tensor):
        return value
    array = np.asarray(value)
    if array.dtype == object:
        raise TypeError(f"cannot make a tensor of {type(value).__name__}: {value!r}")
    if dtype is None:
        dtype = config.floatx() if array.dtype == np.float64 else array.dtype.name
        if array.dtype == np.int64 and not isinstance(value, np.ndarray | np.generic):
            dtype = "int32"
    return Constant(array.astype(dtype))
