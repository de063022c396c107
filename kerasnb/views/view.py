"""What reports, widgets and magics may ask of a model and its layers, whichever library they are of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np

from ..engine.summary import LayerRow

__all__ = ["LayerView", "ModelView", "OfModel", "Placed", "WeightView"]


class WeightView(Protocol):
    """One weight."""

    name: str
    writes: int  # how often it was written, where the library counts

    def peek(self) -> np.ndarray:
        """Its value now, not to be written to."""

    @property
    def shape(self) -> tuple[int, ...]:
        """The size of each axis."""


class LayerView(Protocol):
    """A layer, or an operation that a model runs between layers: kerasnb's own layers are such views as they are."""

    name: str
    trainable: bool
    built: bool

    @property
    def weights(self) -> list[Any]:
        """All weights, those of layers inside too."""

    @property
    def trainable_weights(self) -> list[Any]:
        """Those that training may change."""

    @property
    def input_shape(self) -> Any:
        """None for sizes not known."""

    @property
    def output_shape(self) -> Any:
        """None for sizes not known."""

    def count_params(self) -> int:
        """How many numbers its weights are."""

    def get_weights(self) -> list[np.ndarray]:
        """The arrays of `weights`."""

    def get_config(self) -> dict[str, Any]:
        """The arguments it was made with."""


class Placed(NamedTuple):
    """A layer at its place.

    Attributes:
        path: names from the outside in: `backbone/conv_1`.
        depth: 0 for the model's own layers.
        inside: how many layers stand directly in it.
        trains: whether neither it nor what holds it is frozen.
    """

    path: str
    layer: Any
    depth: int
    inside: int
    trains: bool


class ModelView(Protocol):
    """A model as all that shows it knows it; `view_of(model)` gives one, and gives views as they are."""

    @property
    def model(self) -> Any:
        """The object of its library."""

    name: str
    trainable: bool
    library: str  # `kerasnb`, `keras`, `tf_keras`

    # ---- structure

    @property
    def layers(self) -> list[Any]:
        """Its layers in the order of the data, as `LayerView`s."""

    @property
    def viewable(self) -> list[Any]:
        """The same with the inputs, even where the library hides them."""

    @property
    def ends(self) -> list[Any]:
        """Its output tensors, where it has any."""

    def placed(self, layers: list | None = None) -> list[Placed]:
        """These layers (all by default), what stands in a layer right after it."""

    def placed_calls(self, layers: list) -> list[Placed]:
        """The same, a layer that is called several times once for each call: `dense_1`, `dense_1 again`."""

    def parts(self) -> Iterator[Any]:
        """Every layer anywhere in it, as a `Part`: path, layer, what freezes it, its own weights."""

    def rows(self) -> list[LayerRow]:
        """Its layers as a table shows them, with what each is computed from."""

    def before(self, path: str) -> list[str]:
        """The paths of the layers that this one is computed from, and its own, in the order of the model."""

    def expression(self, path: str, name: str) -> str:
        """Code that gives the layer of a path, where the model is called `name`."""

    @property
    def input_names(self) -> list[str]:
        """What data for the inputs are called in a dict, in order."""

    @property
    def input_keys(self) -> list[str]:
        """By which keys a dict of data has the inputs."""

    @property
    def output_names(self) -> list[str]:
        """What targets and losses of the outputs are called in a dict, in order."""

    @property
    def input_types(self) -> list[str]:
        """The dtype of each input."""

    @property
    def input_shapes(self) -> list[tuple]:
        """The shape of each input, its batch axis first."""

    # ---- values

    @property
    def backend(self) -> str:
        """What computes it: `tensorflow`, `theano`, `jax`, `torch`."""

    @property
    def weights(self) -> list[Any]:
        """All of them, each once."""

    @property
    def trainable_weights(self) -> list[Any]:
        """What training may change as the flags are now."""

    @property
    def moving(self) -> set:
        """Weights of frozen layers that training moves all the same, such as running averages."""

    @property
    def remark(self) -> str:
        """What happens to the running averages of frozen layers, in a sentence; "" where there are none."""

    @property
    def writes(self) -> int:
        """Grows where weights are written, as far as the library tells."""

    def weights_mark(self) -> tuple[int, ...]:
        """What differs where any weight was written."""

    def outputs(self, x: list[np.ndarray], phase: int) -> list[np.ndarray]:
        """What the model gives for the rows of `x`."""

    def layer_output(self, layer: Any, x: list[np.ndarray], phase: int) -> np.ndarray:
        """What a layer gives for the rows of `x` (its first output).

        Raises:
            ArgumentError: it runs inside another layer, where its output is none of the model's.
        """

    def output_gradient(self, layer: Any, x: list[np.ndarray], phase: int) -> np.ndarray:
        """d(largest output of each row) / d(output of the layer)."""

    def input_gradients(self, x: list[np.ndarray], chosen: np.ndarray | None) -> list[np.ndarray]:
        """d(score) / d(input): the largest output of each row, or the sum of outputs weighed by `chosen`."""

    def unit_gradient(self, layer: Any) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
        """A function of one input and weights of units that gives d(weighed sum of the layer's output) / d(input)."""

    def units(self, layer: Any) -> tuple[int, int | None]:
        """The axis of a layer's features, and how many there are."""

    def turn(self, layers: list[Any]) -> None:
        """Freeze these layers where they train, let them train where they are frozen; nothing of others changes."""

    def averages(self) -> tuple[str, bool, list[str], list[str]]:
        """The rule for running averages of frozen layers, whether they move, who keeps any, who of these is frozen."""

    # ---- training

    @property
    def is_compiled(self) -> bool:
        """Whether it has an optimizer and a loss to be trained with."""

    @property
    def is_in_force(self) -> bool:
        """Whether training keeps to what is frozen now, without a new compile."""

    def recompile(self) -> None:
        """Compile again as it was compiled, the optimizer's state kept."""

    @property
    def remedy(self) -> str:
        """The call that a user writes to have it compiled again."""

    @property
    def learning_rate(self) -> float | None:
        """To 6 digits; None where there is none, or a schedule."""

    @property
    def control(self) -> Any:
        """Stop and pause of a fit: a `TrainingControl`."""

    @property
    def compile_arguments(self) -> dict[str, Any]:
        """What compile was given; empty where it is not compiled."""

    def fit(self, arguments: dict[str, Any], callbacks: list[Any]) -> Any:
        """Train, and return the History."""

    def moment(self, epoch: int, has_state: bool = True) -> Any:
        """Its weights as they are now, with the optimizer's state, to be put back."""

    def take_weights(self, path: Any) -> bool:
        """Give it the weights of a file that a moment wrote; whether the optimizer's state was there. All or nothing.

        Raises:
            WeightsError: they do not fit; nothing was changed.
            FileError: it is no file of weights.
        """

    def begin_anew(self, renewed: Sequence[bool]) -> Callable[[], None]:
        """Give weights first values, and where it is compiled, an optimizer that knows nothing yet.

        Args:
            renewed: for each of its weights, whether it is meant.

        Returns:
            What gives the former optimizer back.

        Raises:
            ArgumentError: the model cannot be made once more; nothing was changed.
        """

    @property
    def compiled_by(self) -> Sequence[Any]:
        """Objects of which another one means that the model was compiled again."""

    @property
    def history(self) -> Any:
        """The History of the last fit; None where there was none."""


class OfModel:
    """What a view takes from its model as it is there, whichever library it is of."""

    model: Any
    input_names: list[str]

    @property
    def input_keys(self) -> list[str]:
        """By which keys a dict of data has the inputs."""
        return self.input_names

    @property
    def name(self) -> str:
        """The model's name; may be set."""
        return self.model.name

    @name.setter
    def name(self, name: str) -> None:
        self.model.name = name

    @property
    def trainable(self) -> bool:
        """Whether the model as a whole may be trained; may be set."""
        return bool(self.model.trainable)

    @trainable.setter
    def trainable(self, flag: bool) -> None:
        self.model.trainable = flag
