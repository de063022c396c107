"""A kernel kept at spectral norm 1, a later layer, written as in Keras 3."""

from __future__ import annotations

from typing import Any

from .. import backend as K
from ..engine.layer import Layer
from ..engine.node import one_or_list
from ..errors import ArgumentError
from .arguments import whole
from .named_weights import _EndsMasks
from .wrappers import Wrapper

__all__ = ["SpectralNormalization"]

_KERNELS = ("kernel", "W", "depthwise_kernel")  # what a layer may call it


class SpectralNormalization(_EndsMasks, Wrapper):
    """A layer whose kernel is divided by its largest singular value in each step of training.

    The singular value is that of the kernel as a matrix with a column for each feature of the output, by some steps of
    the power method from where the last step ended. The weights are the kernel, `vector_u`
    `(1, features of the output)`, then the inner layer's others.

    Shape: as the inner layer. A mask ends here.
    Source: Miyato et al. 2018, arXiv:1802.05957, algorithm 1.

    Args:
        layer: the layer, such as `Dense(10)` or `Convolution2D(8, 3, 3)`.
        power_iterations: steps of the power method.

    Raises:
        ArgumentError: the layer has no kernel.
    """

    inner_come_first = False

    def __init__(self, layer, power_iterations=1, **kwargs):
        self.power_iterations = whole("power_iterations", power_iterations)
        super().__init__(layer, **kwargs)
        self.uses_learning_phase = True

    def build(self, input_shape):
        self.layer.ensure_built([K.placeholder(shape=input_shape, dtype=self.layer.input_dtype)])
        names = [name for name in _KERNELS if isinstance(getattr(self.layer, name, None), K.Variable)]
        if not names:
            raise ArgumentError(
                f'wraps {type(self.layer).__name__} "{self.layer.name}", which has no kernel.',
                "Wrap a Dense, Embedding or convolution.",
                arguments=("layer",),
            )
        self._kernel_name = names[0]
        self._kernel: Any = getattr(self.layer, names[0])
        features = K.int_shape(self._matrix(self._kernel))[-1]
        self._trainable_weights.append(self._kernel)  # its own too, in the order of Keras 3
        self.vector_u = self.add_weight((1, features), _begin, f"{self.name}_vector_u", trainable=False)
        Layer.build(self, input_shape)

    def _matrix(self, kernel):
        """The kernel with a column for each feature of the output."""
        is_th = getattr(self.layer, "dim_ordering", "tf") == "th" and K.ndim(kernel) > 2
        rank = K.ndim(kernel)
        kernel = K.permute_dimensions(kernel, (*range(2, rank), 1, 0)) if is_th else kernel
        return K.reshape(kernel, (-1, K.int_shape(kernel)[-1]))

    def _normalized(self) -> tuple:
        """The next `vector_u`, and the kernel divided by its singular value; a kernel of zeros stays as it is."""
        matrix, u = self._matrix(self._kernel), self.vector_u
        for _ in range(self.power_iterations):
            v = K.l2_normalize(K.dot(u, K.transpose(matrix)), -1)
            u = K.l2_normalize(K.dot(v, matrix), -1)
        sigma = K.sum(K.dot(v, matrix) * u)
        is_empty = K.cast(K.all(K.equal(self._kernel, 0.0)), K.floatx())
        kept = K.stop_gradient(is_empty * self.vector_u + (1.0 - is_empty) * u)
        return kept, K.stop_gradient(self._kernel / (is_empty + (1.0 - is_empty) * sigma))

    def get_output_shape_for(self, input_shape):
        return self.layer.get_output_shape_for(input_shape)

    def call(self, x, mask=None):
        next_u, normalized = self._normalized()
        before = self.layer.constraints.get(self._kernel)
        moved = normalized - K.stop_gradient(self._kernel)

        def constraint(updated):
            """The kernel as if the step had begun at the normalized one, as in Keras 3."""
            return updated + moved if before is None else before(updated + moved)

        self.constraints[self._kernel] = self._kernel.constraint = constraint
        self.add_update([(self.vector_u, next_u)], x)
        # the gradient is that of the kernel in use, taken as if it were the weight
        used = K.in_train_phase(self._kernel + moved, self._kernel)
        setattr(self.layer, self._kernel_name, used)
        try:
            outputs = self._call_inner(self.layer, x, None)
        finally:
            setattr(self.layer, self._kernel_name, self._kernel)
        return one_or_list(outputs)

    def get_config(self) -> dict:
        return {**super().get_config(), "power_iterations": self.power_iterations}


def _begin(shape, name=None):
    return K.variable(K.eval(K.truncated_normal(shape, stddev=0.02)), name=name)
