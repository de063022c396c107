"""Layers that every kind of model is made of: Dense, Dropout, Flatten, Lambda and the like."""

from __future__ import annotations

import inspect
import math

from .. import activations, initializations
from .. import backend as K
from ..caller import warn_user
from ..carried import carry
from ..engine.layer import InputSpec, Layer
from ..errors import ArgumentError, ShapeError
from ..regularizers import L1L2Regularizer, PerSample
from ..utils.code_text import arguments_from, function_config, function_from
from ..utils.custom_objects import config_of
from ..utils.damage import reads_config
from ..utils.held_functions import as_held
from .arguments import found, fraction, one_of, ordering, whole, whole_numbers
from .kernel_layer import _KernelLayer

__all__ = [
    "Masking",
    "Dropout",
    "SpatialDropout1D",
    "SpatialDropout2D",
    "SpatialDropout3D",
    "Activation",
    "Reshape",
    "Permute",
    "Flatten",
    "RepeatVector",
    "Lambda",
    "Dense",
    "ActivityRegularization",
    "MaxoutDense",
    "Highway",
    "TimeDistributedDense",
]


def _known_features(layer: Layer, input_shape) -> int:
    """The size of the last axis.

    Raises:
        ShapeError: it is not known.
    """
    if input_shape[-1] is None:
        raise ShapeError(
            f"needs to know the last axis of its input, got {tuple(input_shape)}.",
            "Give the sizes in Input(shape=...) or input_shape=.",
        )
    return input_shape[-1]


class Masking(Layer):
    """Time steps whose features all equal `mask_value` are skipped by the layers after it.

    Shape: `(batch, time, features)` -> same; the masked steps are set to 0.

    Args:
        mask_value: the value that marks a step to skip.
    """

    supports_masking = True

    def __init__(self, mask_value=0.0, **kwargs):
        self.mask_value = mask_value
        super().__init__(**kwargs)

    def compute_mask(self, input, input_mask=None):
        return K.any(K.not_equal(input, self.mask_value), axis=-1)

    def call(self, x, mask=None):
        kept = K.any(K.not_equal(x, self.mask_value), axis=-1, keepdims=True)
        return x * K.cast(kept, K.dtype(x))

    def get_config(self) -> dict:
        return {**super().get_config(), "mask_value": self.mask_value}


class Dropout(Layer):
    """While training, sets a share of the values to 0 and scales the others up to keep the sum.

    Shape: any -> same.
    Source: Srivastava et al. 2014, JMLR 15.

    Args:
        p: fraction dropped, 0 to 1.
        noise_shape: shape of the pattern of zeros, 1 where it is shared along an axis, None for the whole size.
        seed: a whole number makes the pattern the same in every run.
    """

    supports_masking = True

    def __init__(self, p, noise_shape=None, seed=None, **kwargs):
        self.p = fraction("p", p)
        self.noise_shape = noise_shape
        self.seed = seed
        super().__init__(**kwargs)
        self.uses_learning_phase = 0.0 < self.p < 1.0

    def _get_noise_shape(self, x):
        return self.noise_shape

    def call(self, x, mask=None):
        if not 0.0 < self.p < 1.0:
            return x
        return K.in_train_phase(lambda: K.dropout(x, self.p, self._get_noise_shape(x), self.seed), x)

    def get_config(self) -> dict:
        config = {**super().get_config(), "p": self.p}
        chosen = {"noise_shape": self.noise_shape, "seed": self.seed}
        return {**config, **{name: value for name, value in chosen.items() if value is not None}}


class SpatialDropout1D(Dropout):
    """Dropout of whole features: a dropped one is 0 at every time step.

    Shape: `(batch, time, features)` -> same.
    Source: Tompson et al. 2014, arXiv:1411.4280, section 3.2.

    Args:
        p: fraction dropped, 0 to 1.
    """

    def __init__(self, p, **kwargs):
        super().__init__(p, **kwargs)
        self.input_spec = [InputSpec(ndim=3)]

    def _get_noise_shape(self, x):
        return (None, 1, None)


class _SpatialDropout(Dropout):
    """Dropout of whole features of images or volumes."""

    spatial_axes: int

    def __init__(self, p, dim_ordering="default", **kwargs):
        self.dim_ordering = ordering(dim_ordering)
        super().__init__(p, **kwargs)
        self.input_spec = [InputSpec(ndim=self.spatial_axes + 2)]

    def _get_noise_shape(self, x):
        shared = (1,) * self.spatial_axes
        return (None, None, *shared) if self.dim_ordering == "th" else (None, *shared, None)

    def get_config(self) -> dict:
        return {**super().get_config(), "dim_ordering": self.dim_ordering}


class SpatialDropout2D(_SpatialDropout):
    """Dropout of whole feature maps.

    Shape: `(batch, rows, cols, features)` -> same; features first for 'th'.
    Source: Tompson et al. 2014, arXiv:1411.4280, section 3.2.

    Args:
        p: fraction dropped, 0 to 1.
        dim_ordering: 'tf' or 'th'.
    """

    spatial_axes = 2

    def __init__(self, p, dim_ordering="default", **kwargs):
        super().__init__(p, dim_ordering, **kwargs)


class SpatialDropout3D(_SpatialDropout):
    """Dropout of whole feature volumes.

    Shape: `(batch, depth, rows, cols, features)` -> same; features first for 'th'.
    Source: Tompson et al. 2014, arXiv:1411.4280, section 3.2.

    Args:
        p: fraction dropped, 0 to 1.
        dim_ordering: 'tf' or 'th'.
    """

    spatial_axes = 3

    def __init__(self, p, dim_ordering="default", **kwargs):
        super().__init__(p, dim_ordering, **kwargs)


class Activation(Layer):
    """A function put on every value.

    Shape: any -> same.

    Args:
        activation: name or function.
    """

    supports_masking = True

    def __init__(self, activation, **kwargs):
        self.activation = found(activations.get, "activation", activation)
        super().__init__(**kwargs)

    def call(self, x, mask=None):
        return self.activation(x)

    def get_config(self) -> dict:
        return {**super().get_config(), "activation": config_of(self.activation)}


class Reshape(Layer):
    """The values of each sample in another shape, in the same order.

    Shape: `(batch, ...)` -> `(batch, *target_shape)`.

    Args:
        target_shape: shape of one sample; one size may be -1, which is then worked out.
    """

    def __init__(self, target_shape, **kwargs):
        sizes = (target_shape,) if isinstance(target_shape, int) else tuple(target_shape)
        self.target_shape = tuple(size if size == -1 else whole("target_shape", size) for size in sizes)
        if self.target_shape.count(-1) > 1:
            raise ArgumentError(f"target_shape can have one -1, got {self.target_shape}.", arguments=("target_shape",))
        super().__init__(**kwargs)

    def get_output_shape_for(self, input_shape):
        return (input_shape[0], *self._sizes(input_shape))

    def _sizes(self, input_shape) -> tuple:
        """The target shape with its -1 worked out, or None there if that is not possible yet."""
        known = math.prod([size for size in self.target_shape if size != -1])
        if None in input_shape[1:]:
            return tuple(None if size == -1 else size for size in self.target_shape)
        total = math.prod(input_shape[1:])
        missing, rest = divmod(total, known)
        if rest or (-1 not in self.target_shape and missing != 1):
            raise ShapeError(
                f"cannot make {self.target_shape} ({known:,} values) of {tuple(input_shape[1:])} ({total:,} values).",
                f"The sizes of target_shape must multiply to {total:,}; one may be -1.",
                arguments=("target_shape",),
            )
        return tuple(missing if size == -1 else size for size in self.target_shape)

    def call(self, x, mask=None):
        sizes = self._sizes(K.int_shape(x))
        if None in sizes:
            return K.reshape(x, (K.shape(x)[0], *(-1 if size is None else size for size in sizes)))
        return K.reshape(x, (K.int_shape(x)[0] or -1, *sizes))

    def get_config(self) -> dict:
        return {**super().get_config(), "target_shape": self.target_shape}


class Permute(Layer):
    """The axes of each sample in another order.

    Shape: `(batch, a, b)` -> `(batch, b, a)` for `dims` (2, 1).

    Args:
        dims: the order of the axes, counted from 1; the batch axis stays first.
    """

    def __init__(self, dims, **kwargs):
        count = len(dims) if isinstance(dims, tuple | list) else 1
        self.dims = whole_numbers("dims", dims, count)
        if sorted(self.dims) != list(range(1, len(self.dims) + 1)):
            raise ArgumentError(
                f"dims must hold each of 1 to {len(self.dims)} once, got {self.dims}.",
                "Axes count from 1; the batch axis is not among them.",
                arguments=("dims",),
            )
        super().__init__(**kwargs)
        self.input_spec = [InputSpec(ndim=len(self.dims) + 1)]

    def get_output_shape_for(self, input_shape):
        return (input_shape[0], *(input_shape[axis] for axis in self.dims))

    def call(self, x, mask=None):
        return K.permute_dimensions(x, (0, *self.dims))

    def get_config(self) -> dict:
        return {**super().get_config(), "dims": self.dims}


class Flatten(Layer):
    """All values of each sample in one row.

    Shape: `(batch, ...)` -> `(batch, features)`.

    Only later programs know `data_format="channels_first"`: the values are put in the order of features last.

    Raises:
        ShapeError: a size of the input is not known.
    """

    def __init__(self, **kwargs):
        data_format = kwargs.pop("data_format", None)
        one_of("data_format", data_format, ("channels_last", "channels_first", None))
        self.features_first = data_format == "channels_first"
        super().__init__(**kwargs)
        self.input_spec = [InputSpec(ndim="3+")]

    def get_output_shape_for(self, input_shape):
        if None in input_shape[1:]:
            raise ShapeError(
                f"needs every size of its input but the batch, got {tuple(input_shape)}.",
                "Give the sizes in Input(shape=...) or input_shape=, or use GlobalMaxPooling instead.",
            )
        return (input_shape[0], math.prod(input_shape[1:]))

    def call(self, x, mask=None):
        self.get_output_shape_for(K.int_shape(x))
        if self.features_first:
            x = K.permute_dimensions(x, (0, *range(2, len(K.int_shape(x))), 1))
        return K.batch_flatten(x)

    def get_config(self) -> dict:
        return {**super().get_config(), **({"data_format": "channels_first"} if self.features_first else {})}


class RepeatVector(Layer):
    """Each sample n times along a new time axis.

    Shape: `(batch, features)` -> `(batch, n, features)`.

    Args:
        n: how many times.
    """

    def __init__(self, n, **kwargs):
        self.n = whole("n", n)
        super().__init__(**kwargs)
        self.input_spec = [InputSpec(ndim=2)]

    def get_output_shape_for(self, input_shape):
        return (input_shape[0], self.n, input_shape[1])

    def call(self, x, mask=None):
        return K.repeat(x, self.n)

    def get_config(self) -> dict:
        return {**super().get_config(), "n": self.n}


class Lambda(Layer):
    """A function of your own as a layer, by K functions or the backend's own.

    Shape: any -> what the function gives.

    Args:
        function: takes the input (and `mask`, if it names that), gives the output.
        output_shape: shape of one sample of the output, or a function from input shape to output shape; needed only for
            sizes that cannot be found by calling the function.
        arguments: further keyword arguments for the function.
    """

    def __init__(self, function, output_shape=None, arguments=None, **kwargs):
        if not callable(function):
            raise ArgumentError(
                f"function must be callable, got {function!r}.",
                "Write Lambda(lambda x: x ** 2).",
                arguments=("function",),
            )
        if output_shape is not None and not isinstance(output_shape, tuple | list) and not callable(output_shape):
            raise ArgumentError(
                f"output_shape must be a tuple or a function, got {output_shape!r}.",
                "Write output_shape=(10,), without the batch size.",
                arguments=("output_shape",),
            )
        self.function = as_held(function)
        self.arguments = dict(arguments or {})
        self._output_shape = tuple(output_shape) if isinstance(output_shape, list) else as_held(output_shape)
        self._mask = as_held(kwargs.pop("mask", None))
        self.supports_masking = self._mask is not None
        super().__init__(**kwargs)
        self.declares_shape = output_shape is not None

    runs_own_code = True

    def get_output_shape_for(self, input_shape):
        if self._output_shape is None:
            return super().get_output_shape_for(input_shape)
        if isinstance(self._output_shape, tuple):
            first = input_shape[0] if isinstance(input_shape, list) else input_shape
            return (first[0], *self._output_shape)
        shape = self._output_shape(input_shape)
        if not isinstance(shape, tuple | list):
            raise ShapeError(
                f"its output_shape function must give a tuple, got {shape!r}.", arguments=("output_shape",)
            )
        return shape if isinstance(shape, list) and shape and isinstance(shape[0], tuple | list) else tuple(shape)

    def call(self, x, mask=None):
        arguments = dict(self.arguments)
        if "mask" in inspect.signature(self.function).parameters and "mask" not in arguments:
            arguments["mask"] = mask
        return self.function(x, **arguments)

    def compute_mask(self, input, input_mask=None):
        if self._mask is None:
            return super().compute_mask(input, input_mask)
        return self._mask(input, input_mask) if callable(self._mask) else self._mask

    def get_config(self) -> dict:
        function, function_type = function_config(self.function)
        output_shape, output_shape_type = self._output_shape, "raw"
        if callable(output_shape):
            output_shape, output_shape_type = function_config(output_shape)
        mask = {}
        if callable(self._mask):
            mask["mask"], mask["mask_type"] = function_config(self._mask)
        return {
            **mask,
            **super().get_config(),
            "function": function,
            "function_type": function_type,
            "output_shape": output_shape,
            "output_shape_type": output_shape_type,
            "arguments": self.arguments,
        }

    @reads_config
    def from_config(cls, config, custom_objects=None):
        """A layer as `get_config` described one; code runs only where loading was told to trust it.

        Args:
            custom_objects: name -> function.
        """
        # later Keras also writes the modules of its functions
        config = {name: value for name, value in config.items() if name not in ("module", "output_shape_module")}
        for name in ("function", "output_shape", *(["mask"] if config.get("mask") is not None else [])):
            config[name] = function_from(config.get(name), config.pop(f"{name}_type", "raw"), name, custom_objects)
        config["arguments"] = arguments_from(config.get("arguments"))
        return cls(**config)


class Dense(_KernelLayer):
    """Fully connected layer: `activation(x . W + b)`. Each step is computed alone, so that a mask of steps stays.

    Shape: `(batch, ..., input_dim)` -> `(batch, ..., output_dim)`.

    Args:
        output_dim: number of output features.
        weights: initial `[W, b]` as arrays, `W` of `(input_dim, output_dim)`.
        input_dim: number of input features, for the first layer of a Sequential.

    Raises:
        ShapeError: the last axis of the input is not known.
    """

    supports_masking = True

    def __init__(
        self,
        output_dim,
        init="glorot_uniform",
        activation=None,
        weights=None,
        W_regularizer=None,
        b_regularizer=None,
        activity_regularizer=None,
        W_constraint=None,
        b_constraint=None,
        bias=True,
        input_dim=None,
        **kwargs,
    ):
        self.output_dim = whole("output_dim", output_dim)
        self.input_dim = input_dim
        if isinstance(input_dim, tuple | list) and len(input_dim) == 1:
            (input_dim,) = input_dim  # Keras 1.2 lets it pass, where a shape was meant
        if input_dim:
            kwargs["input_shape"] = (whole("input_dim", input_dim),)
        super().__init__(
            init,
            activation,
            weights,
            W_regularizer,
            b_regularizer,
            activity_regularizer,
            W_constraint,
            b_constraint,
            bias,
            **kwargs,
        )
        self.input_spec = [InputSpec(ndim="2+")]

    def build(self, input_shape):
        self.input_dim = _known_features(self, input_shape)
        self.input_spec = [InputSpec(dtype=K.floatx(), ndim="2+")]
        self.add_kernel((self.input_dim, self.output_dim))
        self.add_bias((self.output_dim,))
        super().build(input_shape)

    def get_output_shape_for(self, input_shape):
        return (*input_shape[:-1], self.output_dim)

    def call(self, x, mask=None):
        _check_features(x, self.input_dim)
        output = K.dot(x, self.W)
        return self.activation(output + self.b if self.bias else output)

    def get_config(self) -> dict:
        return {**super().get_config(), "output_dim": self.output_dim, "input_dim": self.input_dim}


def _check_features(x, wanted: int) -> None:
    """Refuse a tensor whose last axis is not the one that the weights were made for."""
    got = K.int_shape(x)[-1]
    if got not in (None, wanted):
        raise ShapeError(
            f"was built for {wanted} input features, got {K.int_shape(x)}.", "Make a new layer for another input."
        )


class ActivityRegularization(Layer):
    """Its input as it is, with a penalty on it added to the loss.

    Shape: any -> same.

    Args:
        l1: factor of the sum of absolute values.
        l2: factor of the sum of squares.
        divides_by_batch: take the mean over the samples, as tf.keras and Keras 3 from 3.14 on do; a later argument.
    """

    supports_masking = True

    def __init__(self, l1=0.0, l2=0.0, **kwargs):
        self.l1 = l1
        self.l2 = l2
        self.divides_by_batch = bool(kwargs.pop("divides_by_batch", False))
        super().__init__(**kwargs)
        penalty = L1L2Regularizer(l1=l1, l2=l2)
        self.activity_regularizer = PerSample(penalty) if self.divides_by_batch else penalty

    def get_config(self) -> dict:
        later = {"divides_by_batch": True} if self.divides_by_batch else {}
        return {**super().get_config(), "l1": self.l1, "l2": self.l2, **later}


class MaxoutDense(_KernelLayer):
    """The largest of `nb_feature` fully connected layers without activation.

    Shape: `(batch, input_dim)` -> `(batch, output_dim)`.
    Source: Goodfellow et al. 2013, arXiv:1302.4389, section 3.

    Args:
        output_dim: number of output features.
        nb_feature: number of layers to take the largest of.
        input_dim: number of input features, for the first layer of a Sequential.
    """

    def __init__(
        self,
        output_dim,
        nb_feature=4,
        init="glorot_uniform",
        weights=None,
        W_regularizer=None,
        b_regularizer=None,
        activity_regularizer=None,
        W_constraint=None,
        b_constraint=None,
        bias=True,
        input_dim=None,
        **kwargs,
    ):
        self.output_dim = whole("output_dim", output_dim)
        self.nb_feature = whole("nb_feature", nb_feature)
        self.input_dim = input_dim
        if input_dim:
            kwargs["input_shape"] = (whole("input_dim", input_dim),)
        super().__init__(
            init,
            None,
            weights,
            W_regularizer,
            b_regularizer,
            activity_regularizer,
            W_constraint,
            b_constraint,
            bias,
            **kwargs,
        )
        self.input_spec = [InputSpec(ndim=2)]

    def build(self, input_shape):
        self.input_dim = _known_features(self, input_shape)
        self.input_spec = [InputSpec(dtype=K.floatx(), shape=(None, self.input_dim))]
        self.add_kernel((self.nb_feature, self.input_dim, self.output_dim))
        self.add_bias((self.nb_feature, self.output_dim))
        super().build(input_shape)

    def get_output_shape_for(self, input_shape):
        return (input_shape[0], self.output_dim)

    def call(self, x, mask=None):
        output = K.dot(x, self.W)
        return K.max(output + self.b if self.bias else output, axis=1)

    def get_config(self) -> dict:
        config = {
            **super().get_config(),
            "output_dim": self.output_dim,
            "nb_feature": self.nb_feature,
            "input_dim": self.input_dim,
        }
        del config["activation"]
        return config


class Highway(_KernelLayer):
    """A fully connected layer mixed with its own input: `t * activation(x . W + b) + (1 - t) * x`.

    The share is `t = sigmoid(x . W_carry + b_carry)`, for each feature.

    Shape: `(batch, input_dim)` -> same.
    Source: Srivastava et al. 2015, arXiv:1505.00387, equation 3.

    Args:
        weights: initial `[W, W_carry, b, b_carry]` as arrays.
        input_dim: number of input features, for the first layer of a Sequential.
    """

    def __init__(
        self,
        init="glorot_uniform",
        activation=None,
        weights=None,
        W_regularizer=None,
        b_regularizer=None,
        activity_regularizer=None,
        W_constraint=None,
        b_constraint=None,
        bias=True,
        input_dim=None,
        **kwargs,
    ):
        if kwargs.pop("transform_bias", None) is not None:
            warn_user("transform_bias is no longer an argument of Highway; its gate's bias begins at 1")
        self.input_dim = input_dim
        if input_dim:
            kwargs["input_shape"] = (whole("input_dim", input_dim),)
        super().__init__(
            init,
            activation,
            weights,
            W_regularizer,
            b_regularizer,
            activity_regularizer,
            W_constraint,
            b_constraint,
            bias,
            **kwargs,
        )
        self.input_spec = [InputSpec(ndim=2)]

    def build(self, input_shape):
        size = self.input_dim = _known_features(self, input_shape)
        self.input_spec = [InputSpec(dtype=K.floatx(), shape=(None, size))]
        self.add_kernel((size, size))
        self.W_carry = self.add_weight((size, size), initializer=self.init, name=f"{self.name}_W_carry")
        self.add_bias((size,))
        if self.bias:
            self.b_carry = self.add_weight((size,), initializer=initializations.one, name=f"{self.name}_b_carry")
        super().build(input_shape)

    def get_output_shape_for(self, input_shape):
        return input_shape

    def call(self, x, mask=None):
        share, change = K.dot(x, self.W_carry), K.dot(x, self.W)
        if self.bias:
            share, change = share + self.b_carry, change + self.b
        share = activations.sigmoid(share)
        return share * self.activation(change) + (1.0 - share) * x

    def get_config(self) -> dict:
        return {**super().get_config(), "input_dim": self.input_dim}


class TimeDistributedDense(Dense):
    """A fully connected layer put on every time step; Dense does the same.

    Shape: `(batch, time, input_dim)` -> `(batch, time, output_dim)`.

    Args:
        output_dim: number of output features.
        input_dim: number of input features, for the first layer of a Sequential.
        input_length: number of time steps, likewise.
    """

    supports_masking = True

    def __init__(
        self,
        output_dim,
        init="glorot_uniform",
        activation=None,
        weights=None,
        W_regularizer=None,
        b_regularizer=None,
        activity_regularizer=None,
        W_constraint=None,
        b_constraint=None,
        bias=True,
        input_dim=None,
        input_length=None,
        **kwargs,
    ):
        self.input_length = input_length
        super().__init__(
            output_dim,
            init,
            activation,
            weights,
            W_regularizer,
            b_regularizer,
            activity_regularizer,
            W_constraint,
            b_constraint,
            bias,
            **kwargs,
        )
        self.input_dim = input_dim
        if input_dim and not hasattr(self, "batch_input_shape"):
            self.batch_input_shape = (None, input_length, input_dim)
        self.input_spec = [InputSpec(ndim=3)]

    def build(self, input_shape):
        super().build(input_shape)
        self.input_spec = [InputSpec(dtype=K.floatx(), shape=(None, None, self.input_dim))]

    def get_config(self) -> dict:
        return {**super().get_config(), "input_length": self.input_length}


carry(__name__)
