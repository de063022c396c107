"""Random small graphs: numpy's values in the shapes and dtypes that were declared, the same slopes on both backends."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from scipy.special import softmax

from kerasnb import backend as K
from kerasnb.backend.runtime import chosen

from ..conftest import BACKENDS

LARGEST, MOST = 500, 120  # values and sizes that a graph stays below, so that float32 is near to float64
_random = np.random.RandomState(3)
LEAVES = {  # halves have many ties and kinks, and are exact
    (2, 3): _random.randint(-4, 5, (2, 3)) / 2,
    (3,): _random.randint(-4, 5, 3) / 2,
    (2, 1): _random.randint(-4, 5, (2, 1)) / 2,
    (2, 3, 4): _random.randint(-4, 5, (2, 3, 4)) / 2,
    (3, 4): _random.randint(-4, 5, (3, 4)) / 2,
    (2, 3, 1): _random.randint(-3, 4, (2, 3, 1)),
    (1, 3): _random.randint(-3, 4, (1, 3)),
    (2,): _random.randint(0, 4, 2),
}


@dataclass(eq=False)
class Pair:
    """A tensor and its value by numpy, in float64 if of floats; the leaves that it has slopes for."""

    tensor: object
    value: np.ndarray
    leaves: list = field(default_factory=list)
    is_exact: bool = True
    told: str = ""

    @property
    def may_stretch(self):
        """Theano stretches only a size that is known to be 1."""
        return (None, 1) not in zip(self.tensor.shape, self.value.shape, strict=True)

    @property
    def kind(self):
        return {"u": "i"}.get(self.value.dtype.kind, self.value.dtype.kind)


@dataclass(eq=False)
class Row:
    """K's function, numpy's, which kinds (float, whole, bool) of how many tensors it takes, its other arguments."""

    name: str
    of_k: Callable
    of_numpy: Callable
    kinds: tuple = ("fi",)
    drawn: Callable = lambda draw, *values: ()
    fits: Callable = lambda *values: True
    is_kinked: bool = False  # or jumps: takes only values that are exact, which all compute alike
    has_slopes: bool = True


def whole(low, high):
    return st.integers(low, high)


def axis(draw, x, *_):
    return (draw(whole(-x.ndim, x.ndim - 1)),)


def axes(draw, x):
    """All axes, one, or a list of them; and whether they are kept."""
    several = st.lists(whole(0, x.ndim - 1), min_size=1, unique=True)
    return draw(st.one_of(st.none(), whole(-x.ndim, x.ndim - 1), several)), draw(st.booleans())


def bounds(draw, *_):
    """Two numbers, of which K keeps whole numbers whole if both are."""
    low = draw(whole(-4, 3)) / 2
    both = low, low + draw(whole(1, 4)) / 2
    return [int(one) for one in both] if all(one.is_integer() for one in both) else both


def index(draw, x):
    """Whole numbers, slices, None and Ellipsis."""
    parts = []
    for size in x.shape[: draw(whole(1, x.ndim))]:
        ends = st.one_of(st.none(), whole(0, size - 1))
        steps = st.sampled_from([None, 1, 2, -1])
        part = draw(st.one_of(whole(-size, size - 1), st.builds(slice, ends, st.none(), steps)))
        parts += [None] * draw(st.sampled_from([0, 0, 0, 1])) + [part]
    return (tuple(parts + draw(st.sampled_from([[], [Ellipsis]]))),)


def new_shape(draw, x):
    shape = draw(st.permutations([part for size in x.shape for part in (divmod(size, 2)[0], 2) if part] or [1]))
    shape = shape if np.prod(shape) == x.size else list(draw(st.permutations(x.shape)))
    unknown = draw(st.sampled_from([None, *range(len(shape))]))
    return (tuple(-1 if place == unknown else size for place, size in enumerate(shape)),)


def batch_axes(draw, x, y):
    pairs = [(one, other) for one in range(1, x.ndim) for other in range(1, y.ndim) if x.shape[one] == y.shape[other]]
    return (draw(st.sampled_from(pairs)),)


def by_sample(x, y, axes):
    products = [np.tensordot(one, other, [[axes[0] - 1], [axes[1] - 1]]) for one, other in zip(x, y, strict=True)]
    return np.reshape(products, (len(x), 1)) if x.ndim == y.ndim == 2 else np.stack(products)


def over(name):
    """numpy's reduction, over a list of axes too."""
    return lambda x, axis, keepdims: getattr(np, name)(
        x, axis=tuple(axis) if isinstance(axis, list) else axis, keepdims=keepdims
    )


def of_truths(name):
    return lambda *arguments: over(name)(*arguments).astype("int32")


def stretch(*values):
    try:
        return np.broadcast_shapes(*(value.shape for value in values)) is not None
    except ValueError:
        return False


def chooses(condition, x, y):
    return stretch(condition, x, y) and condition.ndim >= max(x.ndim, y.ndim)


def each(name, of_numpy=None, kinds="f", **options):
    return Row(name, getattr(K, name), of_numpy or getattr(np, name), (kinds,), **options)


def pair(name, kinds="fi", **options):
    return Row(name, getattr(K, name), getattr(np, name.replace("lesser", "less")), (kinds,) * 2, fits=stretch,
               **options)  # fmt: skip


def has_axes(low, high=4):
    return lambda x, *_: low <= x.ndim <= high


FLAT = {"is_kinked": True, "has_slopes": False}
ROWS = [
    each("abs", kinds="fi", is_kinked=True),
    each("negative", kinds="fi"),
    each("square", kinds="fi"),
    each("exp", kinds="fi", fits=lambda x: abs(x).max() < 5),
    each("sin"),
    each("tanh", kinds="fi"),
    each("sigmoid", lambda x: 1 / (1 + np.exp(-x)), "fi"),
    each("round", np.round, "fi", **FLAT),
    each("sign", kinds="fi", **FLAT),
    each("softplus", lambda x: np.log1p(np.exp(-abs(x))) + np.maximum(x, 0)),
    each("softmax", lambda x: softmax(x, -1), fits=has_axes(2)),
    each("elu", lambda x: np.where(x > 0, x, np.expm1(x)), is_kinked=True, fits=lambda x: abs(x).max() < 50),
    Row("relu", lambda x, most, slope: K.relu(x, slope, most),
        lambda x, most, slope: np.where(x > 0, np.minimum(x, np.inf if most is None else most), slope * x),
        ("f",), lambda draw, x: (draw(st.sampled_from([None, 1.0, 1.5])), draw(st.sampled_from([0.0, 0.25]))),
        is_kinked=True),
    Row("clip", K.clip, np.clip, ("fi",), bounds, is_kinked=True),
    Row("cast to whole", lambda x: K.cast(x, "int32"), lambda x: x.astype("int32"), ("fib",), **FLAT),
    Row("cast to floats", lambda x: K.cast(x, "float32"), lambda x: x.astype("float64"), ("fib",)),
    *(pair(name) for name in ("add", "subtract", "multiply")),
    *(pair(name, is_kinked=True) for name in ("maximum", "minimum")),
    Row("divide", lambda x, y: x / (K.square(y) + 1), lambda x, y: x / (y * y + 1), ("fi", "fi"), fits=stretch),
    Row("floor_divide", lambda x: x // 2, lambda x: x // 2, ("fi",), **FLAT),
    Row("mod", lambda x: x % 3, lambda x: x % 3, ("i",), **FLAT),
    Row("pow", lambda x, n: x**n, lambda x, n: x**n, ("fi",), lambda draw, x: (draw(whole(1, 3)),)),
    *(pair(name, **FLAT) for name in ("equal", "not_equal", "greater", "greater_equal", "lesser", "lesser_equal")),
    *(pair(name, "fib", **FLAT) for name in ("logical_and", "logical_or")),
    each("logical_not", kinds="fib", **FLAT),
    Row("switch", K.switch, np.where, ("fib", "fi", "fi"), fits=chooses, is_kinked=True),
    Row("where by sign", lambda x, y: K.switch(x > 0, x, y), lambda x, y: np.where(x > 0, x, y), ("f", "f"),
        fits=lambda x, y: chooses(x, x, y), is_kinked=True),
    *(Row(name, getattr(K, name), over(name), ("fi",), axes) for name in ("sum", "mean", "prod", "var")),
    *(Row(name, getattr(K, name), over(name), ("fi",), axes, is_kinked=True) for name in ("max", "min")),
    *(Row(f"{name} of truths", lambda x, *a, name=name: K.cast(getattr(K, name)(x, *a), "int32"), of_truths(name),
          ("fib",), axes, **FLAT) for name in ("any", "all")),
    Row("sum of truths", K.sum, lambda x, *a: over("sum")(x.astype("float64"), *a), ("b",), axes, has_slopes=False),
    *(Row(name, getattr(K, name), getattr(np, name), ("fi",), axis, **FLAT) for name in ("argmax", "argmin")),
    Row("cumsum", K.cumsum, np.cumsum, ("fi",), axis),
    Row("cumprod", K.cumprod, np.cumprod, ("fi",), axis),
    Row("one_hot", lambda x: K.one_hot(x % 3, 3), lambda x: np.eye(3)[x % 3], ("i",), **FLAT),
    Row("gather", lambda x, at, n: K.gather(x, K.abs(at) % n), lambda x, at, n: x[abs(at) % n], ("fib", "i"),
        lambda draw, x, at: (len(x),)),
    Row("reshape", K.reshape, np.reshape, ("fib",), new_shape),
    Row("permute", K.permute_dimensions, np.transpose, ("fib",),
        lambda draw, x: (tuple(draw(st.permutations(range(x.ndim)))),)),
    each("transpose", kinds="fib"),
    Row("flatten", K.flatten, np.ravel, ("fib",)),
    Row("batch_flatten", K.batch_flatten, lambda x: x.reshape(len(x), -1), ("fib",), fits=has_axes(2)),
    Row("concatenate", lambda x, y, at: K.concatenate([x, y, x], at), lambda x, y, at: np.concatenate([x, y, x], at),
        ("f", "f"), axis, lambda x, y: x.shape == y.shape),
    Row("concatenate with its part", lambda x: K.concatenate([x, x[:1]], 0), lambda x: np.concatenate([x, x[:1]]),
        ("fib",)),
    Row("stack", lambda x, y: K.stack([x, y]), lambda x, y: np.stack([x, y]), ("i", "i"),
        fits=lambda x, y: x.shape == y.shape),
    Row("repeat", K.repeat, lambda x, n: np.stack([x] * n, 1), ("fib",), lambda draw, x: (draw(whole(1, 3)),),
        has_axes(2, 2)),
    Row("repeat_elements", K.repeat_elements, np.repeat, ("fib",), lambda draw, x: (draw(whole(1, 3)), *axis(draw, x))),
    Row("tile", K.tile, np.tile, ("fib",), lambda draw, x: ([draw(whole(1, 2)) for _ in x.shape],)),
    Row("reverse", K.reverse, np.flip, ("fib",), axis),
    Row("expand_dims", K.expand_dims, np.expand_dims, ("fib",), lambda draw, x: (draw(whole(-1 - x.ndim, x.ndim)),)),
    Row("squeeze", K.squeeze, np.squeeze, ("fib",),
        lambda draw, x: (draw(st.sampled_from([place for place, size in enumerate(x.shape) if size == 1])),),
        lambda x: 1 in x.shape),
    Row("index", lambda x, at: x[at], lambda x, at: x[at], ("fib",), index),
    Row("dot", K.dot, np.dot, ("fi", "fi"), fits=lambda x, y: x.ndim > 1 < y.ndim and x.shape[-1] == y.shape[-2]),
    Row("batch_dot", K.batch_dot, by_sample, ("fi", "fi"), batch_axes,
        lambda x, y: 2 <= x.ndim <= 3 >= y.ndim >= 2 and len(x) == len(y) and bool({*x.shape[1:]} & {*y.shape[1:]})),
]  # fmt: skip


def leaves(draw):
    """A placeholder for each value, whose first size is known or not."""
    pairs = []
    for shape, value in LEAVES.items():
        declared = (draw(st.sampled_from([shape[0], None])) if shape[0] > 1 else 1, *shape[1:])
        tensor = K.placeholder(declared, dtype="float32" if value.dtype.kind == "f" else "int32")
        pairs.append(Pair(tensor, value, [tensor] if value.dtype.kind == "f" else [], told=f"leaf{declared}"))
    return pairs


def grown(draw, pairs):
    """One more pair: a row of those that some of the pairs fit, on these; None if its values would be too large."""
    row = draw(st.sampled_from(ROWS))
    able = [one for one in pairs if one.value.ndim and one.is_exact >= row.is_kinked]
    chosen = itertools.product(*([one for one in able if one.kind in kinds] for kinds in row.kinds))
    fitting = [taken for taken in chosen if row.fits(*(one.value for one in taken))]
    if not fitting:
        return None
    taken = draw(st.sampled_from(fitting[::-1]))
    if len(taken) > 1 and not all(one.may_stretch for one in taken):
        return None
    values = [one.value for one in taken]
    arguments = row.drawn(draw, *values)
    value = np.asarray(row.of_numpy(*values, *arguments))
    if not 0 < value.size <= MOST or abs(value.astype("float64")).max() > LARGEST:
        return None
    tensor = row.of_k(*(one.tensor for one in taken), *arguments)
    slopes = list(dict.fromkeys(leaf for one in taken for leaf in one.leaves)) if row.has_slopes else []
    is_exact = all(one.is_exact for one in taken) and np.array_equal(np.round(value * 256) / 256, value)
    told = f"{row.name}({', '.join([*(one.told for one in taken), *map(str, arguments)])})"
    return Pair(tensor, value, slopes if tensor.dtype == "float32" else [], is_exact, told)


@st.composite
def forests(draw, graphs=14, depth=4):
    """Leaves and what grows on them: several graphs with the same leaves."""
    roots, grown_pairs = leaves(draw), []
    for _ in range(graphs):
        pairs = list(roots)
        for _ in range(draw(whole(1, depth))):
            new = grown(draw, pairs)
            pairs += [new] if new else []
        grown_pairs += pairs[len(roots) :]
    return roots, grown_pairs


def computed(roots, pairs, backend):
    """The values and slopes on this backend."""
    before = K.backend()
    K.use(backend)
    try:
        smooth = [pair for pair in pairs if pair.leaves]
        outputs = [pair.tensor for pair in pairs]
        gradients = [K.gradients(K.sum(pair.tensor), pair.leaves) for pair in smooth]
        flat = [slope for group in gradients for slope in group]
        found = K.function([root.tensor for root in roots], outputs + flat)([root.value for root in roots])
        told = [f"slope of {pair.told} for {leaf.shape}" for pair in smooth for leaf in pair.leaves]
        return found[: len(outputs)], dict(zip(told, found[len(outputs) :], strict=True))
    finally:
        K.use(before)


@pytest.fixture(scope="module")
def loaded():
    """Both libraries, which set how deep Python may call, before hypothesis looks at that."""
    for backend in BACKENDS:
        chosen.load(backend)


@settings(max_examples=settings.default.max_examples // 6, phases=[Phase.generate])  # to shrink compiles for minutes
@given(forest=forests())
def test_graphs_give_what_numpy_gives_and_slopes_that_the_backends_agree_on(loaded, forest):
    roots, pairs = forest
    all_slopes = []
    for backend in BACKENDS:
        values, found = computed(roots, pairs, backend)
        all_slopes.append(found)
        for pair, value in zip(pairs, values, strict=True):
            told = f"{backend}: {pair.told}"
            assert value.dtype == pair.tensor.dtype and value.dtype.kind.replace("u", "i") == pair.kind, told
            assert len(value.shape) == len(pair.tensor.shape), told
            assert all(want in (None, got) for want, got in zip(pair.tensor.shape, value.shape, strict=True)), told
            np.testing.assert_allclose(value, pair.value, rtol=2e-4, atol=1e-3, err_msg=told)
    for told, slope in all_slopes[0].items():
        for other in all_slopes[1:]:
            np.testing.assert_allclose(other[told], slope, rtol=2e-4, atol=1e-3, err_msg=told)
