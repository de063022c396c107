"""What layers with a kernel `W` and a bias `b` have in common."""

from __future__ import annotations

import functools

from .. import activations, constraints, initializations, regularizers
from ..engine.layer import Layer
from ..utils.custom_objects import config_of
from .arguments import found

__all__ = []


class _KernelLayer(Layer):
    """A layer that multiplies its input with a kernel `W` and adds a bias `b`.

    Args:
        init: initialization of `W`, by name or function.
        activation: name or function; None leaves the product as it is.
        weights: initial `[W, b]` as arrays.
        W_regularizer: penalty on `W`, such as `l2(0.01)`.
        b_regularizer: penalty on `b`.
        activity_regularizer: penalty on the output.
        W_constraint: what `W` is turned into after each update, such as `maxnorm(2)`.
        b_constraint: likewise for `b`.
        bias: whether to add a bias.
    """

    def __init__(
        self,
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
    ):
        self.init = found(initializations.get, "init", init)
        self.b_init = found(initializations.get, "bias_initializer", kwargs.pop("bias_initializer", None) or "zero")
        self.activation = found(activations.get, "activation", activation)
        self.initial_weights = weights
        self.W_regularizer = found(regularizers.get, "W_regularizer", W_regularizer)
        self.b_regularizer = found(regularizers.get, "b_regularizer", b_regularizer)
        self.activity_regularizer = found(regularizers.get, "activity_regularizer", activity_regularizer)
        self.W_constraint = found(constraints.get, "W_constraint", W_constraint)
        self.b_constraint = found(constraints.get, "b_constraint", b_constraint)
        self.bias = bool(bias)
        Layer.__init__(self, **kwargs)  # past `_Conv`, which convolutions are of too

    def add_kernel(self, shape, dim_ordering=None) -> None:
        """Make `W`; for a convolution, `dim_ordering` says which of its axes are inputs and outputs."""
        initializer = functools.partial(initializations.make_variable, self.init, dim_ordering=dim_ordering)
        self.W = self.add_weight(
            shape,
            initializer=lambda shape, name=None: initializer(shape, name),
            name=f"{self.name}_W",
            regularizer=self.W_regularizer,
            constraint=self.W_constraint,
        )

    def add_bias(self, shape) -> None:
        """Make `b`, if there is to be one."""
        self.b = (
            self.add_weight(
                shape,
                initializer=self.b_init,
                name=f"{self.name}_b",
                regularizer=self.b_regularizer,
                constraint=self.b_constraint,
            )
            if self.bias
            else None
        )

    def get_config(self) -> dict:
        config = {"init": config_of(self.init), "activation": config_of(self.activation)}
        for name in ("W_regularizer", "b_regularizer", "activity_regularizer", "W_constraint", "b_constraint"):
            config[name] = config_of(getattr(self, name))
        config["bias"] = self.bias
        if self.b_init is not initializations.zero:
            config["bias_initializer"] = config_of(self.b_init)
        return {**Layer.get_config(self), **config}
