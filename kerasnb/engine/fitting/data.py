"""The data of a model's training: brought into form, checked, and split for validation."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from ... import objectives
from ...backend.graph.tensor import Tensor, describe_line
from ...backend.graph.walks import order_operations
from ...caller import warn_user
from ...errors import DataError, StatefulError
from ...metrics import get as get_metric
from ...utils.foreign_objects import each_as_ours
from ...utils.io_utils import HDF5Matrix
from ..network import Network
from .checks import check_array_lengths, check_finite, check_samples, is_finite
from .control import TrainingControl
from .loops import many_runner, test_loop
from .objective import Objective
from .sample_weights import standardize_class_weights, standardize_sample_weights, standardize_weights
from .standardize import slice_X, standardize_input_data
from .steps import OwnStep, Step
from .target_checks import check_labels, check_loss_and_target_compatibility, doubt_of
from .wanted import Wanted, as_they_are, kind_of

__all__ = ["TrainingData", "without_loss", "without_optimizer"]


def without_loss(name: str) -> Callable:
    """A decorator: this second argument may be left out where the whole loss comes from add_loss, as in later Keras."""

    def decorate(method: Callable) -> Callable:
        @functools.wraps(method)
        def spelt(self, *args, **kwargs):
            compiled = name != "loss" and self.is_compiled
            if len(args) < 2 and name not in kwargs and (not self.objective.targets if compiled else self.losses):
                kwargs[name] = None
            return method(self, *args, **kwargs)

        return spelt

    return decorate


def without_optimizer(compile: Callable) -> Callable:
    """A decorator: later Keras takes RMSprop where no optimizer is named."""

    @functools.wraps(compile)
    def spelt(self, *args, **kwargs):
        if not args and "optimizer" not in kwargs:
            kwargs["optimizer"] = "rmsprop"
        return compile(self, *args, **kwargs)

    return spelt


class TrainingData:
    """What a model does with arrays before it trains on them."""

    # of the model whose part it is
    name: str
    network: Network
    inputs: list[Tensor]
    outputs: list[Tensor]
    input_names: list[str]
    output_names: list[str]
    stateful: bool
    uses_learning_phase: bool
    objective: Objective  # only of a compiled one
    log_names: list[str]
    control: TrainingControl
    validation_data: list | None
    check_values: Callable[[list], None]
    _needs_weights: bool
    _step: Callable[..., Step | OwnStep]
    _require_compiled: Callable[[str], None]
    _metrics_anew: Callable[[], AbstractContextManager[None]]

    _read_off: Wanted | None = None
    _warns = True

    def _standardize(
        self, x: Any, y: Any, sample_weight: Any, class_weight: Any, who: str, batch_size: int | None = None
    ) -> tuple[list, list, list | None]:
        """Inputs, targets and weights (None if every sample counts the same) as arrays that fit the model."""
        wanted = self._wanted()
        inputs = as_they_are(x, len(wanted.input_shapes))
        targets = wanted.of_targets(as_they_are(y, len(wanted.targets)))
        kind = kind_of(inputs, targets)
        # a batch of a kind that was checked before needs no second look: a step of a small model takes 100 us
        if inputs is None or targets is None or not wanted.fits(kind):
            inputs, targets = self._in_form(x, y, wanted, who)
            wanted.remember(kind)
        self._check_fixed_batch(inputs, batch_size, who)
        weights = self._weights(targets, sample_weight, class_weight)
        self._check_values_of(inputs, targets, wanted, who)
        return inputs, targets, weights

    def _wanted(self) -> Wanted:
        """What the model takes, read off it anew when its graph or its losses are others."""
        network, objective, wanted = self.network, getattr(self, "objective", None), self._read_off
        if wanted is None or wanted.network is not network or wanted.objective is not objective:
            wanted = self._read_off = Wanted(network, objective)
        return wanted

    def _in_form(self, x: Any, y: Any, wanted: Wanted, who: str) -> tuple[list, list]:
        """Inputs and targets as arrays whose shapes and types fit the model, of one length."""
        inputs = standardize_input_data(
            x, self.input_names, wanted.input_shapes, False, f'{who} of "{self.name}": input', known=self.output_names
        )
        targets = (
            standardize_input_data(
                y,
                [target.name for target in wanted.targets],
                wanted.target_shapes,
                False,
                f'{who} of "{self.name}": target',
                known=[*self.input_names, *self.output_names],
                changes=[target.with_last_axis for target in wanted.targets],
            )
            if wanted.targets
            else self._without_targets(y, who)
        )
        check_array_lengths(inputs, targets, [])
        check_loss_and_target_compatibility(targets, wanted.losses, wanted.target_shapes)
        check_samples(inputs[0], f'{who} of "{self.name}"')
        return inputs, targets

    def _check_values_of(self, inputs: list, targets: list, wanted: Wanted, who: str) -> None:
        """Refuse values that a layer, a loss or the arithmetic cannot take; warn of targets that hardly suit a loss."""
        self.check_values(inputs)
        doubts = list(map(doubt_of, targets, wanted.losses))
        # a loss of the user's own may know what to do with NaN in targets
        checked = [
            target if shape is not None else None for target, shape in zip(targets, wanted.target_shapes, strict=True)
        ]
        # what the look for doubts has gone through already is finite
        unsure = [target for target, doubt in zip(checked, doubts, strict=True) if doubt != ""]
        if not all(map(is_finite, [*inputs, *unsure])):
            names = [*self.input_names, *(target.name for target in wanted.targets)]
            check_finite([*inputs, *checked], names, f'{who} of "{self.name}"')
        for target, doubt, one in zip(targets, doubts, wanted.targets, strict=True):
            if one.classes is not None and isinstance(target, np.ndarray):
                check_labels(target, one.classes, one.name)
            if doubt and self._warns:
                warn_user(f'targets for output "{one.name}": {doubt}')

    def _without_targets(self, y: Any, who: str) -> list:
        if y is None or (isinstance(y, list | tuple | dict) and not y):
            return []
        raise DataError(
            f'{who} of "{self.name}": no output has a loss, so there is no target to compare with.',
            "Leave y out, or compile with loss=.",
        )

    def _standardize_user_data(
        self, x, y, sample_weight=None, class_weight=None, check_batch_axis=True, batch_size=None
    ):
        """Keras 1.2's name for it: inputs, targets and weights, with ones where every sample counts the same."""
        self._require_compiled("_standardize_user_data")
        inputs, targets, weights = self._standardize(x, y, sample_weight, class_weight, "data", batch_size)
        return inputs, targets, weights or list(map(self._ones, targets, self.objective.sample_weight_modes))

    def _weights(self, targets: Sequence, sample_weight: Any, class_weight: Any) -> list | None:
        names = self.objective.output_names
        if not names or (sample_weight is None and class_weight is None and not self._needs_weights):
            return None
        sample_weights = standardize_sample_weights(sample_weight, names)
        class_weights = standardize_class_weights(class_weight, names)
        if all(one is None for one in [*sample_weights, *class_weights]) and not self._needs_weights:
            return None
        rows = zip(targets, sample_weights, class_weights, self.objective.sample_weight_modes, strict=True)
        return [standardize_weights(target, sample, classes, mode) for target, sample, classes, mode in rows]

    def _check_fixed_batch(self, inputs: Sequence, batch_size: int | None, who: str) -> None:
        """Refuse samples that do not come in batches of the size that the model declares."""
        declared = self._wanted().batch
        if declared is None and not (batch_size and self.stateful):
            return
        samples = inputs[0].shape[0]
        size = min(batch_size or samples, samples)
        wanted = declared or batch_size
        wrong = next((one for one in (size, samples % size) if one and one != wanted), None)
        if wrong is None:
            return
        raise StatefulError(
            f'{who} of "{self.name}": the model{self._first_reader()} takes batches of {wanted}, the number of samples '
            f"must be a multiple of it; {samples:,} samples in batches of {size:,} give one of {wrong:,}.",
            f"Write batch_size={wanted} and leave some samples out." if batch_size else f"Give {wanted} samples.",
        )

    def _first_reader(self) -> str:
        """Which layer reads an input first, and in which line of the user's."""
        inputs = set(self.inputs)
        first = next((one for one in order_operations(self.outputs) if inputs & set(one.inputs)), None)
        return f' (its layer "{first.layer}" is called at {describe_line(first.where)})' if first else ""

    def _standardize_inputs(self, x: Any, who: str, batch_size: int | None = None) -> list:
        wanted = self._wanted()
        inputs = as_they_are(x, len(wanted.input_shapes))
        kind = kind_of(inputs)
        if inputs is None or not wanted.fits(kind):
            inputs = standardize_input_data(
                x,
                self.input_names,
                wanted.input_shapes,
                False,
                f'{who} of "{self.name}": input',
                known=self.output_names,
            )
            check_array_lengths(inputs, [], [])
            check_samples(inputs[0], f'{who} of "{self.name}"')
            wanted.remember(kind)
        self._check_fixed_batch(inputs, batch_size, who)
        self.check_values(inputs)
        return inputs

    # ---- validation

    def _split(
        self, arrays: list, weighted: bool, validation_split: float, validation_data: Any, batch_size: int
    ) -> tuple[list, Callable | None]:
        """Training arrays, and the function that validates (None without validation data)."""
        self.validation_data = None
        if validation_data is not None and not (isinstance(validation_data, list | tuple) and not validation_data):
            held, weighted = self._held_for_validation(validation_data, batch_size)
        elif validation_split:
            arrays, held = self._held_out(arrays, validation_split, batch_size)
        else:
            return arrays, None
        self._show_validation_data(held, weighted)
        return arrays, self._validating(held, weighted)

    def _held_out(self, arrays: list, validation_split: float, batch_size: int) -> tuple[list, list]:
        """The samples to train on, and the last ones, to validate on."""
        if not 0 < validation_split < 1:
            raise DataError(f"validation_split is a fraction between 0 and 1, got {validation_split}.")
        cut = int(arrays[0].shape[0] * (1.0 - validation_split))
        if not 0 < cut < arrays[0].shape[0]:
            raise DataError(
                f"validation_split {validation_split} leaves {cut:,} of {arrays[0].shape[0]:,} samples to train.",
                "Choose one that leaves some on either side.",
            )
        train, held = ([_rows(array, *span) for array in arrays] for span in ((0, cut), (cut, arrays[0].shape[0])))
        self._check_fixed_batch(train, batch_size, "fit, without the part for validation,")
        self._check_fixed_batch(held, batch_size, "validation")
        return train, held

    def refuse_data(
        self,
        compile_arguments: Mapping[str, Any],
        x: Any,
        y: Any,
        batch_size: int = 32,
        validation_split: float = 0.0,
        validation_data: Any = None,
        sample_weight: Any = None,
        class_weight: Any = None,
        **_: Any,
    ) -> None:
        """Raise what fit on these data would raise before it trains, were the model compiled so. Nothing is changed.

        Args:
            compile_arguments: `loss`, and of the others what is not None.
        """
        names = ("loss", "loss_weights", "metrics", "sample_weight_mode", "weighted_metrics")
        given = {name: compile_arguments.get(name) for name in names}
        given["loss"] = each_as_ours(given["loss"], objectives.made)
        given["metrics"] = each_as_ours(given["metrics"], get_metric)
        trial = object.__new__(type(self))  # which looks like this model, and is thrown away
        vars(trial).update(vars(self))
        trial.objective, trial._read_off, trial._warns = Objective(self, **given), None, False
        inputs, targets, weights = trial._standardize(x, y, sample_weight, class_weight, "fit", batch_size)
        if validation_data is not None and len(validation_data):
            trial._held_for_validation(validation_data, batch_size)
        elif validation_split:
            trial._held_out([*inputs, *targets, *(weights or [])], validation_split, batch_size)

    def _validating(self, held: list, weighted: bool) -> Callable:
        """The function of callbacks and batch size that validates; the backend holds the arrays between epochs."""
        step, runners = self._step("test", weighted), {}

        def validate(callbacks: Any, size: int) -> list[float] | None:
            if size not in runners:
                runners[size] = many_runner(step, held, size, callbacks.look_at("test"))
            with self._metrics_anew():
                return test_loop(runners[size], self.log_names, None, self.control.checkpoint, callbacks)

        return validate

    def _held_for_validation(self, data: Any, batch_size: int | None = None) -> tuple[list, bool]:
        """The arrays of (x, y) or (x, y, sample_weight), and whether there are weights among them."""
        if not isinstance(data, list | tuple) or len(data) not in (2, 3):
            raise DataError(f"validation_data must be (x, y) or (x, y, sample_weight), got {type(data).__name__}.")
        x, y, sample_weight = (*data, None)[:3]
        inputs, targets, weights = self._standardize(x, y, sample_weight, None, "validation", batch_size)
        held = [*inputs, *targets, *(weights or [])]
        self._show_validation_data(held, weights is not None)
        return held, weights is not None

    def _show_validation_data(self, held: list, weighted: bool) -> None:
        """Let callbacks find it in `validation_data`: inputs, targets, weights, and 0 where the phase matters."""
        targets = held[len(self.inputs) : len(self.inputs) + len(self.outputs)]
        weights = [] if weighted else list(map(self._ones, targets, self.objective.sample_weight_modes))
        self.validation_data = [*held, *weights, *([0.0] if self.uses_learning_phase else [])]

    @staticmethod
    def _ones(target: Any, mode: str | None) -> np.ndarray:
        return np.ones(target.shape[: 2 if mode == "temporal" else 1], dtype="float32")


def _rows(array: Any, start: int, stop: int) -> Any:
    """A part of the samples, which stay in the file if they lie in one."""
    return HDF5Matrix.of_rows(array, start, stop) if hasattr(array, "chunks") else slice_X(array, start, stop)
