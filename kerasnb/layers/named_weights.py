"""`_NamedWeights`: a layer written as in Keras 2 and later, each of whose weights has arguments under its own name."""

from __future__ import annotations

from .. import constraints, initializations, regularizers
from ..engine.layer import Layer
from ..utils.custom_objects import config_of
from .arguments import found

__all__ = []

_KINDS = {"initializer": initializations.get, "regularizer": regularizers.get, "constraint": constraints.get}
# what later Keras calls initializations of Keras 1.2
_LATER = {"zero": "zeros", "one": "ones"}


class _NamedWeights(Layer):
    """A layer whose weights, such as `kernel`, each have an initializer, a regularizer and a constraint.

    Args:
        given: the constructor's arguments by name, `kernel_initializer` and the like among them.
    """

    parts: tuple[str, ...] = ("kernel", "bias")

    def __init__(self, given: dict, **kwargs):
        for part in self.parts:
            for kind, get in _KINDS.items():
                name = f"{part}_{kind}"
                setattr(self, name, found(get, name, given[name]))
        super().__init__(**kwargs)

    def _weight(self, part: str, shape: tuple, initializer=None):
        """A new weight of this name; another initializer may count instead of the argument."""
        chosen = {kind: getattr(self, f"{part}_{kind}") for kind in _KINDS}
        chosen["initializer"] = initializer or chosen["initializer"]
        return self.add_weight(shape, name=f"{self.name}_{part}", **chosen)

    def _config_of_parts(self) -> dict:
        """The arguments of all weights, for `get_config`."""
        names = [f"{part}_{kind}" for kind in _KINDS for part in self.parts]
        said = {name: config_of(getattr(self, name)) for name in names}
        return {name: _LATER.get(value, value) if isinstance(value, str) else value for name, value in said.items()}


class _EndsMasks:
    """A layer that takes masked inputs, and gives no mask on, as in Keras 3."""

    supports_masking = True

    def compute_mask(self, input, input_mask=None):
        return None
