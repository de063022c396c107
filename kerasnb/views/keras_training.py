"""Compiling and training a Keras model by its own methods."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..engine.fitting.control import TrainingControl
from ..errors import ArgumentError
from .keras_layers import LayersOfKeras
from .keras_moment import KerasMoment, put_back
from .keras_optimizer import keep_slots, with_slots
from .naming import class_of, known_rate

__all__ = ["TrainingOfKeras"]

_LATER = {"nb_epoch": "epochs", "nb_val_samples": "validation_steps", "samples_per_epoch": "steps_per_epoch"}


class TrainingOfKeras(LayersOfKeras):
    """Freeze, compile and fit; what other threads ask for while it trains waits for the thread that does."""

    remedy = "kerasnb.views.view_of(model).recompile()"

    def __init__(self, model: Any):
        super().__init__(model)
        self.control = TrainingControl()
        self._wanted_rate: float | None = None
        self._rate_seen: float | None = None

    # ---- what trains

    @property
    def moving(self) -> set:
        return set()  # a frozen BatchNormalization of Keras 2.1.3 and later runs as for prediction

    @property
    def remark(self) -> str:
        return ""

    def turn(self, layers: list[Any]) -> None:
        parts = list(self.parts())
        wanted = {part.path: part.layer.trainable is not (part.layer in layers) for part in parts}
        turned = [part.path for part in parts if part.layer in layers]
        for path in (path for path in turned if wanted[path]):
            inside = [each for each in wanted if each.startswith(f"{path}/")]
            if not any(each in turned for each in inside):
                thawed = {id(part.layer.layer) for part in parts if part.path in inside}  # which it froze with itself
                wanted |= {part.path: True for part in parts if id(part.layer.layer) in thawed}
        frozen = tuple(f"{path}/" for path, flag in wanted.items() if not flag)
        # one that stands in several places is frozen where it is in any
        held = {id(part.layer.layer) for part in parts if part.path.startswith(frozen)} if frozen else set()
        for part in parts:  # the outer ones first: Keras 3 hands a flag down to all that is inside
            is_held = id(part.layer.layer) in held
            if not part.layer.is_step and not is_held and part.layer.trainable != wanted[part.path]:
                part.layer.trainable = wanted[part.path]

    def averages(self) -> tuple[str, bool, list[str], list[str]]:
        keeping = [part for part in self.parts() if class_of(part.layer).__name__ == "BatchNormalization"]
        frozen = [part.path for part in keeping if part.frozen_by is not None]
        return "stay", False, [part.path for part in keeping], frozen

    @property
    def is_in_force(self) -> bool:
        """A step that was traced trains what was trainable then; the optimizer knows what that was."""
        if not self.is_compiled:
            return False
        optimizer = self.model.optimizer
        # nothing was traced yet: the first step will take what is trainable then
        if getattr(self.model, "train_function", None) is None or not getattr(optimizer, "built", False):
            return True
        known = {id(each) for each in optimizer._trainable_variables}
        return known == {id(each) for each in self.model.trainable_variables}

    # ---- compile

    @property
    def is_compiled(self) -> bool:
        return bool(getattr(self.model, "compiled", False))

    def recompile(self) -> None:
        self.compile_again({})

    def optimizer_for_now(self) -> Any:
        """The optimizer for what is trainable now, with its state."""
        return keep_slots(self.model)

    def with_state(self, made: Any) -> Any:
        """An optimizer that was just made, with what the model's own knows where they are of one class."""
        return with_slots(self.model, made)

    def compile_again(self, arguments: dict[str, Any]) -> None:
        """Compile with these arguments in the place of former ones; an optimizer that stays keeps its state."""
        former = dict(self.model._compile_config.config) if self.is_compiled else {}
        if former and "optimizer" not in arguments:
            former["optimizer"] = self.optimizer_for_now()
        self.model.compile(**former | arguments)

    @property
    def compile_arguments(self) -> dict[str, Any]:
        given = dict(self.model._compile_config.config) if self.is_compiled else {}
        return {name: _named(value) for name, value in given.items() if value is not None}

    @property
    def compiled_by(self) -> Sequence[Any]:
        return (getattr(self.model, "_compile_config", None),)

    # ---- learning rate

    @property
    def learning_rate(self) -> float | None:
        optimizer = getattr(self.model, "optimizer", None) if self.is_compiled else None
        rate = getattr(optimizer, "_learning_rate", None)
        if self._wanted_rate is not None:
            return known_rate(self._wanted_rate)
        if rate is None or not hasattr(rate, "assign"):  # a schedule, which depends on the step
            return None
        if self._is_in_jax_step:
            return self._rate_seen
        return known_rate(rate.numpy())

    @learning_rate.setter
    def learning_rate(self, rate: float) -> None:
        optimizer = getattr(self.model, "optimizer", None)
        if optimizer is None or not hasattr(getattr(optimizer, "_learning_rate", None), "assign"):
            raise ArgumentError(
                f'the learning rate of model "{self.name}" follows a schedule or is not there yet.',
                "Compile it with a number as learning_rate.",
            )
        # a variable written by another thread in the middle of a step may be lost with it
        if self.control.is_running:
            self._wanted_rate = rate
        else:
            self._set_rate(rate)

    def _set_rate(self, rate: float) -> None:
        if self._is_in_jax_step:
            self.model.jax_state_sync()
        self.model.optimizer.learning_rate = rate
        self._rate_seen = known_rate(rate)

    def note_rate(self) -> None:
        """Know the learning rate while its variable cannot be read."""
        self._rate_seen = self.learning_rate

    def take_wanted_rate(self) -> None:
        """Set the learning rate that was asked for while a fit goes on; called in the thread that trains."""
        wanted, self._wanted_rate = self._wanted_rate, None
        if wanted is not None:
            self._set_rate(wanted)

    # ---- fit

    def fit(self, arguments: dict[str, Any], callbacks: list[Any]) -> Any:
        """Train as `keras.Model.fit` does; arguments may have Keras 1.2's names."""
        given = {_LATER.get(name, name): value for name, value in arguments.items() if value is not None}
        self.note_rate()
        with self.control.running(self.name):
            return self.model.fit(**given, callbacks=callbacks, verbose=0)

    def sync(self) -> None:
        """Bring the variables up to date while a fit goes on; called in the thread that trains."""
        if self._is_in_jax_step:
            self.model.jax_state_sync()
        self.note_rate()

    @property
    def _is_in_jax_step(self) -> bool:
        """Whether a fit on JAX has taken the values out of the variables."""
        return not getattr(self.model, "_jax_state_synced", True)

    def moment(self, epoch: int, has_state: bool = True) -> KerasMoment:
        return KerasMoment(self.model, epoch, has_state)

    def take_weights(self, path: Any) -> bool:
        """Put weights from a file into the model; whether it held a state for the optimizer."""
        return put_back(self.model, path)

    def begin_anew(self, renewed: Sequence[bool]) -> Callable[[], None]:
        try:
            first = self.keras.models.clone_model(self.model).get_weights()
        except Exception as error:
            # a class of the user's own may raise anything when it is made
            raise ArgumentError(
                f'model "{self.name}" cannot be made once more: {type(error).__name__}: {error}',
                "Run the cell that builds it.",
            ) from error
        for weight, value, is_meant in zip(self.model.weights, first, renewed, strict=True):
            if is_meant:
                weight.assign(value)
        if not self.is_compiled:
            return lambda: None
        old = self.model.optimizer
        self.compile_again({"optimizer": type(old).from_config(old.get_config())})
        return lambda: self.compile_again({"optimizer": old})

    @property
    def history(self) -> Any:
        return getattr(self.model, "history", None)


def _named(value: Any) -> Any:
    """An argument of compile as it can be written down: numbers and names, of objects the name of their class."""
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, dict):
        return {str(name): _named(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_named(each) for each in value]
    return getattr(value, "__name__", None) or getattr(value, "name", None) or type(value).__name__
