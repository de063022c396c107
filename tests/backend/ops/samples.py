"""One row for each op and each function of K that makes tensors of tensors."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import erf, logsumexp

from kerasnb import backend as K
from kerasnb.backend.ops.machines import added_on_machines, over_machines, times_parts
from kerasnb.backend.ops.nn import normalize_features

from . import references

_random = np.random.RandomState(7)


@dataclass(eq=False)
class Row:
    """An op on sample inputs, what numpy says, and whether it has derivatives with respect to its real inputs."""

    name: str
    call: Callable
    inputs: Sequence[np.ndarray]
    expected: Callable
    smooth: bool = True
    on_theano: Callable | None = None  # what is expected there, where that differs
    only: str | None = None
    batched: int = 9  # how many of the inputs have a batch axis

    def reference(self, backend: str) -> Callable:
        return self.on_theano if backend == "theano" and self.on_theano else self.expected

    def __str__(self):
        return self.name


def away_from(*kinks, shape=(4, 3)):
    """Numbers in [-2, 2] that keep a distance from these points, all different."""
    numbers = _random.permutation(np.linspace(-2, 2, int(np.prod(shape)))).reshape(shape)
    for kink in kinks:
        numbers = np.where(abs(numbers - kink) < 0.05, kink + 0.1, numbers)
    return numbers.astype("float32")


def positive(*shape):
    return _random.uniform(0.2, 0.9, shape).astype("float32")


def whole(below, *shape):
    return _random.randint(0, below, shape).astype("int32")


def image(*shape):
    """Values that are all different, so that each window has one largest."""
    return (_random.permutation(int(np.prod(shape))).reshape(shape) / np.prod(shape) - 0.5).astype("float32")


X, Y, P, Q = away_from(0), away_from(0), positive(4, 3), positive(4, 3)
X3, T = away_from(shape=(2, 3, 4)), whole(2, 4, 3)
LABELS, ONE_HOT = whole(3, 4), np.eye(3, dtype="float32")[[0, 2, 1, 1]]


def _each(name, reference, x=X, smooth=True, **options):
    return Row(name, getattr(K, name), [x], reference, smooth, **options)


def _pair(name, reference, smooth=True, x=X, y=P):
    return Row(name, getattr(K, name), [x, y], reference, smooth)


ELEMENTWISE = [
    _each("abs", np.abs),
    _each("negative", np.negative),
    _each("square", np.square),
    _each("exp", np.exp),
    _each("sin", np.sin),
    _each("sqrt", np.sqrt, P),
    _each("log", np.log, P),
    _each("cos", np.cos),
    _each("tanh", np.tanh),
    _each("sigmoid", references.sigmoid),
    _each("erf", erf),
    _each("round", np.round, smooth=False),
    _each("sign", np.sign, smooth=False),
    Row("sqrt of negatives is 0", K.sqrt, [np.array([-4, 4.0], "float32")], lambda x: np.array([0, 2.0]), False),
    Row("is_finite", K.is_finite, [np.array([1, np.inf, np.nan], "float32")], np.isfinite, False),
    Row("clip", lambda x: K.clip(x, -0.72, 0.93), [X], lambda x: np.clip(x, -0.72, 0.93)),
    Row("clip on one side", lambda x: K.clip(x, None, 0.93), [X], lambda x: np.minimum(x, 0.93)),
    Row("cast", lambda x: K.cast(x, "int32"), [X], lambda x: x.astype("int32"), False),
    _pair("add", np.add),
    _pair("subtract", np.subtract),
    _pair("multiply", np.multiply),
    _pair("divide", np.divide),
    _pair("pow", lambda x, a: np.power(x, a), x=Q),
    _pair("maximum", np.maximum, y=Y + 0.01),
    _pair("minimum", np.minimum, y=Y + 0.01),
    _pair("floor_divide", np.floor_divide, False),
    _pair("mod", np.mod, False),
    _pair("equal", np.equal, False, T, T[::-1]),
    _pair("not_equal", np.not_equal, False, T, T[::-1]),
    _pair("greater", np.greater, False),
    _pair("less", np.less, False),
    _pair("greater_equal", np.greater_equal, False, T, T[::-1]),
    _pair("less_equal", np.less_equal, False, T, T[::-1]),
    _pair("lesser", np.less, False),
    _pair("lesser_equal", np.less_equal, False, T, T[::-1]),
    _pair("logical_and", np.logical_and, False, T > 0, T[::-1] > 0),
    _pair("logical_or", np.logical_or, False, T > 0, T[::-1] > 0),
    _each("logical_not", np.logical_not, T > 0, False),
    Row("operators of truths", lambda x, y: (x & ~y) ^ (x | y), [T > 0, T[::-1] > 0], lambda x, y: y, False),
    Row("add along stretched axes", K.add, [X3, positive(3, 1)], np.add),
    Row("divide of whole numbers", lambda x: K.divide(x, 2), [T], lambda x: x / 2, False),
    Row("switch", lambda c, x, y: K.switch(c, x, y), [T > 0, X, Y], np.where),
    Row(
        "switch by sample",
        lambda c, x, y: K.switch(c, x, y),
        [T[:, 0] > 0, X, Y],
        lambda c, x, y: np.where(c[:, None], x, y),
    ),
    Row("identity", K.identity, [X], lambda x: x),
    Row("print_tensor", K.print_tensor, [X], lambda x: x, False),
    _each("zeros_like", np.zeros_like, smooth=False),
    _each("ones_like", np.ones_like, smooth=False),
]

REDUCTIONS = [
    *(
        Row(
            f"{name}{label}",
            lambda x, name=name, o=options: getattr(K, name)(x, **o),
            [X3],
            lambda x, name=name, o=options: getattr(np, name)(
                x, **{k: tuple(v) if isinstance(v, list) else v for k, v in o.items()}
            ),
        )
        for name in ("sum", "mean", "max", "min", "var", "std")
        for label, options in (("", {}), (" over axes", {"axis": [0, 2]}), (" kept", {"axis": -1, "keepdims": True}))
    ),
    Row("prod", lambda x: K.prod(x, axis=1), [P], lambda x: np.prod(x, axis=1)),
    Row("sum of truths", K.sum, [T > 0], lambda x: np.sum(x).astype("float32"), False),
    Row("mean of whole numbers", lambda x: K.mean(x, axis=0), [T], lambda x: np.mean(x, 0), False),
    Row("any", lambda x: K.any(x, axis=1), [T > 0], lambda x: np.any(x, axis=1), False),
    Row("all", lambda x: K.all(x, axis=1, keepdims=True), [T > 0], lambda x: np.all(x, axis=1, keepdims=True), False),
    Row("argmax", K.argmax, [X], lambda x: np.argmax(x, -1), False),
    Row("argmin", lambda x: K.argmin(x, 0), [X], lambda x: np.argmin(x, 0), False),
    Row("cumsum", lambda x: K.cumsum(x, 1), [X], lambda x: np.cumsum(x, 1)),
    Row("sort", lambda x: K.sort(x, 1), [X3], lambda x: np.sort(x, 1), False),
    Row("cumprod", lambda x: K.cumprod(x, 1), [P], lambda x: np.cumprod(x, 1)),
    Row("logsumexp", lambda x: K.logsumexp(x, axis=-1), [X], lambda x: logsumexp(x, axis=-1)),
    Row(
        "l2_normalize", lambda x: K.l2_normalize(x, -1), [X], lambda x: x / np.sqrt(np.square(x).sum(-1, keepdims=True))
    ),
]

SHAPING = [
    Row("shape", K.shape, [X3], np.shape, False),
    Row("flatten", K.flatten, [X3], np.ravel),
    Row("reshape", lambda x: K.reshape(x, (-1, 2, 6)), [X3], lambda x: x.reshape(-1, 2, 6)),
    Row("reshape by sizes", lambda x: K.reshape(x, (K.shape(x)[0], 12)), [X3], lambda x: x.reshape(2, 12)),
    Row("reshape like", lambda x, y: K.reshape(x, K.shape(y)), [X, away_from(shape=(4, 3))], lambda x, y: x),
    Row("batch_flatten", K.batch_flatten, [X3], lambda x: x.reshape(2, 12)),
    Row("permute_dimensions", lambda x: K.permute_dimensions(x, (0, 2, 1)), [X3], lambda x: x.transpose(0, 2, 1)),
    Row("concatenate", lambda x, y: K.concatenate([x, y], 1), [X, Y], lambda x, y: np.concatenate([x, y], 1)),
    Row("concatenate batches", lambda x, y: K.concatenate([x, y], 0), [X, Y], lambda x, y: np.concatenate([x, y])),
    Row("stack", lambda x, y: K.stack([x, y]), [X, Y], lambda x, y: np.stack([x, y])),
    Row("expand_dims", lambda x: K.expand_dims(x, 1), [X], lambda x: x[:, None]),
    Row("squeeze", lambda x: K.squeeze(x, 1), [X[:, None]], lambda x: x[:, 0]),
    Row("repeat", lambda x: K.repeat(x, 3), [X], lambda x: np.repeat(x[:, None], 3, 1)),
    Row("repeat_elements", lambda x: K.repeat_elements(x, 2, 1), [X3], lambda x: np.repeat(x, 2, 1)),
    Row("tile", lambda x: K.tile(x, (2, 3)), [X], lambda x: np.tile(x, (2, 3))),
    Row("reverse", lambda x: K.reverse(x, [0, 1]), [X3], lambda x: x[::-1, ::-1]),
    Row("pad", lambda x: K.pad(x, ((0, 0), (1, 2))), [X], lambda x: np.pad(x, ((0, 0), (1, 2)))),
    Row("temporal_padding", lambda x: K.temporal_padding(x, 2), [X3], lambda x: np.pad(x, ((0, 0), (2, 2), (0, 0)))),
    Row(
        "asymmetric_temporal_padding",
        lambda x: K.asymmetric_temporal_padding(x, 1, 0),
        [X3],
        lambda x: np.pad(x, ((0, 0), (1, 0), (0, 0))),
    ),
    Row(
        "spatial_2d_padding",
        lambda x: K.spatial_2d_padding(x, (1, 2), "th"),
        [image(2, 1, 3, 3)],
        lambda x: np.pad(x, ((0, 0), (0, 0), (1, 1), (2, 2))),
    ),
    Row(
        "asymmetric_spatial_2d_padding",
        lambda x: K.asymmetric_spatial_2d_padding(x, 1, 0, 2, 0, "tf"),
        [image(2, 3, 3, 1)],
        lambda x: np.pad(x, ((0, 0), (1, 0), (2, 0), (0, 0))),
    ),
    Row(
        "spatial_3d_padding",
        lambda x: K.spatial_3d_padding(x, (1, 1, 2), "tf"),
        [image(1, 2, 2, 2, 1)],
        lambda x: np.pad(x, ((0, 0), (1, 1), (1, 1), (2, 2), (0, 0))),
    ),
    Row(
        "resize_images",
        lambda x: K.resize_images(x, 2, 3, "th"),
        [image(2, 1, 2, 2)],
        lambda x: x.repeat(2, 2).repeat(3, 3),
    ),
    Row(
        "resize_volumes",
        lambda x: K.resize_volumes(x, 1, 2, 2, "tf"),
        [image(1, 2, 2, 2, 1)],
        lambda x: x.repeat(2, 2).repeat(2, 3),
    ),
    Row("stop_gradient", K.stop_gradient, [X], lambda x: x, False),
]

INDEXING = [
    Row("gather", K.gather, [away_from(shape=(5, 2)), whole(5, 4, 3)], lambda x, i: x[i]),
    Row("one_hot", lambda i: K.one_hot(i, 5), [whole(5, 4, 2)], lambda i: np.eye(5)[i], False),
    Row("getitem", lambda x: x[:, 1:, None, ::2], [X3], lambda x: x[:, 1:, None, ::2]),
    Row("getitem from the end", lambda x: x[..., -1], [X3], lambda x: x[..., -1]),
    Row("getitem by a tensor", lambda x, i: x[:, i], [X3, np.array(1, "int32")], lambda x, i: x[:, i]),
    Row("getitem of a slice by sizes", lambda x: x[0], [X3], lambda x: x[0]),
    Row("split", lambda x: K.split(x, 2)[1], [X3], lambda x: x[..., 2:]),
    Row(
        "in_top_k",
        lambda p, t: K.in_top_k(p, t, 2),
        [X, LABELS],
        lambda p, t: (p > p[range(4), t][:, None]).sum(1) < 2,
        False,
    ),
    Row("arange", lambda x: K.arange(1, 7, 2), [X], lambda x: np.arange(1, 7, 2), False),
    Row("arange up to a size", lambda x: K.arange(K.shape(x)[0]), [X], lambda x: np.arange(4), False),
    Row("getitem up to a size", lambda x: x[:, : K.shape(x)[1] - 1], [X3], lambda x: x[:, :-1]),
    Row("getitem by places", lambda x, i: x[:, i], [X3, np.array([2, -1], "int32")], lambda x, i: x[:, i]),
    Row("getitem by places of two axes", lambda x: x[..., [2, 0], [1, 3]], [X3], lambda x: x[..., [2, 0], [1, 3]]),
    Row("slice", lambda x: K.slice(x, (0, 1, 0), (-1, 2, 3)), [X3], lambda x: x[:, 1:, :3]),
]

LINEAR = [
    Row("dot", K.dot, [X, away_from(shape=(3, 2))], np.dot),
    Row("dot of three axes", K.dot, [X3, away_from(shape=(4, 5))], np.dot),
    Row("dot with a vector", K.dot, [X, away_from(shape=(3,))], np.dot),
    Row(
        "batch_dot",
        lambda x, y: K.batch_dot(x, y, (1, 2)),
        [X3, away_from(shape=(2, 5, 3))],
        lambda x, y: np.einsum("bij,bki->bjk", x, y),
    ),
    Row("batch_dot to numbers", lambda x, y: K.batch_dot(x, y, 1), [X, Y], lambda x, y: (x * y).sum(1, keepdims=True)),
    Row("batch_dot of matrices", K.batch_dot, [X3, away_from(shape=(2, 4, 5))], np.matmul),
    Row(
        "batch_dot over the batch",
        lambda x, y: K.batch_dot(x, y, 0),
        [X, Y],
        lambda x, y: (x * y).sum(0)[:, None],
        batched=0,
    ),
    Row(
        "batch_dot of pictures",
        lambda x, y: K.batch_dot(x, y, (3, 3)),
        [image(2, 2, 3, 4), image(2, 2, 5, 4)],
        lambda x, y: np.einsum("bhif,bhjf->bhij", x, y),
        on_theano=lambda x, y: np.einsum("bhif,bgjf->bhigj", x, y),
    ),
    Row("matmul", lambda x, y: x @ y, [X3, away_from(shape=(2, 4, 5))], np.matmul),
    Row("matmul of two matrices", K.matmul, [X, away_from(shape=(3, 2))], np.matmul),
    Row("transpose", K.transpose, [X3], np.transpose),
    *(
        Row(
            f"einsum {equation}",
            lambda *x, equation=equation: K.einsum(equation, *x),
            [away_from(shape=shape) for shape in of],
            lambda *x, equation=equation: np.einsum(equation, *x),
            batched=max(1, equation.partition("->")[0].count("b")),
        )
        for equation, of in (
            ("btf,fhd->bthd", [(2, 3, 4), (4, 2, 3)]),
            ("bthd,bshd->bhts", [(2, 3, 2, 4), (2, 5, 2, 4)]),
            ("...f,fu->...u", [(2, 3, 4), (4, 3)]),
            ("bij->bj", [(2, 3, 4)]),
            ("bi,bj,bk->bk", [(2, 3), (2, 4), (2, 3)]),
        )
    ),
]

NETWORKS = [
    Row("bias_add", K.bias_add, [X3, positive(4)], lambda x, b: x + b, batched=1),
    Row(
        "bias_add features first",
        lambda x, b: K.bias_add(x, b, "channels_first"),
        [X3, positive(4, 3)],
        lambda x, b: x + b.reshape(3, 4),
        batched=1,
    ),
    Row("relu", K.relu, [X], lambda x: np.maximum(x, 0)),
    Row("relu leaking", lambda x: K.relu(x, 0.1), [X], lambda x: np.where(x > 0, x, 0.1 * x)),
    Row("relu cut", lambda x: K.relu(x, max_value=1.03), [X], lambda x: np.clip(x, 0, 1.03)),
    Row("elu", lambda x: K.elu(x, 0.7), [X], lambda x: np.where(x > 0, x, 0.7 * np.expm1(x))),
    _each("softmax", references.softmax),
    Row("softmax of large numbers", lambda x: K.softmax(x * 100), [X], lambda x: references.softmax(x * 100), False),
    _each("softplus", lambda x: np.log1p(np.exp(x))),
    _each("softsign", lambda x: x / (1 + abs(x))),
    _each("hard_sigmoid", lambda x: np.clip(0.2 * x + 0.5, 0, 1)),
    _pair("categorical_crossentropy", references.crossentropy, x=Q, y=ONE_HOT),
    Row(
        "categorical_crossentropy of logits",
        lambda x, y: K.categorical_crossentropy(x, y, from_logits=True),
        [X, ONE_HOT],
        lambda x, y: references.crossentropy(references.softmax(x), y),
    ),
    Row(
        "sparse_categorical_crossentropy",
        K.sparse_categorical_crossentropy,
        [Q, LABELS],
        lambda x, y: references.crossentropy(x, np.eye(3)[y]),
    ),
    Row(
        "sparse_categorical_crossentropy in time",
        K.sparse_categorical_crossentropy,
        [positive(2, 3, 4), whole(4, 2, 3, 1)],
        lambda x, y: references.crossentropy(x, np.eye(4)[y[..., 0]]),
    ),
    _pair("binary_crossentropy", lambda x, y: -y * np.log(x) - (1 - y) * np.log(1 - x), x=Q),
    Row(
        "binary_crossentropy of logits",
        lambda x, y: K.binary_crossentropy(x, y, from_logits=True),
        [X, P],
        lambda x, y: -y * np.log(references.sigmoid(x)) - (1 - y) * np.log(1 - references.sigmoid(x)),
    ),
    Row(
        "batch_normalization",
        lambda x, g: K.batch_normalization(x, g, g + 1, g, g, 0.01),
        [X, positive(3)],
        lambda x, g: g * (x - g) / np.sqrt(g + 1.01) + g,
    ),
    Row(
        "normalize_batch_in_training",
        lambda x, g: K.normalize_batch_in_training(x, g, g, [0, 1], 0.01)[0],
        [image(3, 2, 4), positive(4)],
        lambda x, g: g * (x - x.mean((0, 1))) / np.sqrt(x.var((0, 1)) + 0.01) + g,
    ),
    # on one machine; what several make of it is tested in tests/machines
    Row("over_machines", lambda x, y: over_machines([x, y])[1], [X, Y], lambda x, y: y),
    Row("times_parts", times_parts, [X], lambda x: x),
    Row("added_on_machines", added_on_machines, [X, Y], lambda after, before: after),
    *(
        Row(
            f"normalize_features {kind}, {which}",
            lambda x, g, axis=axis, place=place: normalize_features(x, g, g, axis, 0.01)[place],
            [image(*shape), positive(shape[axis])],
            lambda x, g, axis=axis, place=place: references.normalized_features(x, g, g, axis, 0.01)[place],
            smooth=which == "values",  # mean and variance are constants to gradients
        )
        for kind, shape, axis in (
            ("dense", (6, 3), 1),
            ("sequence", (3, 2, 4), 2),
            ("images", (2, 3, 2, 4), 3),
            ("images, features first", (2, 4, 3, 2), 1),
        )
        for place, which in enumerate(("values", "mean", "variance"))
    ),
]


def _conv(label, x, kernel, only=None, **options):
    def expected(flip):
        return lambda x, k: references.conv2d(x, k, flip=flip, **{"dim_ordering": "tf", **options})

    given = {{"dilation": "filter_dilation"}.get(name, name): value for name, value in options.items()}
    return Row(
        "conv2d" + label,
        lambda x, k: K.conv2d(x, k, **given),
        [x, kernel],
        expected(False),
        True,
        expected(True),
        only,
        1,
    )


def _pool(label, x, pool_size, **options):
    return Row(
        "pool2d" + label,
        lambda x: K.pool2d(x, pool_size, **options),
        [x],
        lambda x: references.pool2d(x, pool_size, **options),
    )


IMAGES, KERNEL = image(2, 7, 6, 3), away_from(shape=(3, 2, 3, 2))
IMAGES_TH, KERNEL_TH = image(2, 3, 6, 5), away_from(shape=(2, 3, 3, 3))
WINDOWED = [
    _conv("", IMAGES, KERNEL),
    _conv(" same", IMAGES, KERNEL, border_mode="same"),
    _conv(" same in strides", IMAGES, KERNEL, border_mode="same", strides=(2, 3)),
    _conv(" in strides", IMAGES, KERNEL, strides=(2, 1)),
    _conv(" dilated", IMAGES, KERNEL, dilation=(2, 3)),
    _conv(" dilated same", IMAGES, KERNEL, dilation=(2, 2), border_mode="same"),
    _conv(" th", IMAGES_TH, KERNEL_TH, dim_ordering="th"),
    _conv(" th full", IMAGES_TH, KERNEL_TH, dim_ordering="th", border_mode="full"),
    _conv(" th same in strides", IMAGES_TH, KERNEL_TH, dim_ordering="th", border_mode="same", strides=(2, 2)),
    *(
        _pool(f" {mode}{label}", IMAGES, size, pool_mode=mode, **options)
        for mode in ("max", "avg")
        for label, size, options in (
            ("", (2, 2), {"strides": (2, 2)}),
            (" overlapping", (3, 2), {}),
            (" same", (3, 3), {"strides": (2, 2), "border_mode": "same"}),
            (" same with gaps", (2, 2), {"strides": (3, 4), "border_mode": "same"}),
        )
    ),
    _pool(" th", IMAGES_TH, (2, 3), strides=(2, 2), dim_ordering="th", border_mode="same", pool_mode="avg"),
]

VOLUMES, VOLUME_KERNEL = image(2, 3, 4, 3, 2), away_from(shape=(2, 3, 2, 2, 3))
MORE_WINDOWED = [
    Row(
        "conv3d",
        lambda x, k: K.conv3d(x, k, strides=(1, 1, 2)),
        [VOLUMES, VOLUME_KERNEL],
        lambda x, k: references.conv3d(x, k)[:, :, :, ::2],
        on_theano=lambda x, k: references.conv3d(x, k[::-1, ::-1, ::-1])[:, :, :, ::2],
        batched=1,
    ),
    Row(
        "depthwise_conv2d",
        lambda x, k: K.depthwise_conv2d(x, k, data_format="channels_last"),
        [IMAGES, away_from(shape=(3, 2, IMAGES.shape[-1], 2))],
        references.depthwise_conv2d,
        on_theano=lambda x, k: references.depthwise_conv2d(x, k[::-1, ::-1]),
        batched=1,
    ),
    Row(
        "deconv2d",
        lambda x, k: K.deconv2d(x, k, (None, 9, 8, 3), (2, 2), "valid", "tf"),
        [image(2, 4, 3, 2), away_from(shape=(3, 4, 2, 3))],
        lambda x, k: references.deconv2d(x, k, (9, 8), 2),
        on_theano=lambda x, k: references.deconv2d(x, k[::-1, ::-1], (9, 8), 2),
        batched=1,
    ),
]

ROWS = [*ELEMENTWISE, *REDUCTIONS, *SHAPING, *INDEXING, *LINEAR, *NETWORKS, *WINDOWED, *MORE_WINDOWED]
