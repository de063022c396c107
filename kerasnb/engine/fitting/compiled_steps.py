"""What compile settled, as steps; and Keras 1.2's attributes by which programs change what is trained and measured."""

from __future__ import annotations

import collections
import contextlib
import operator
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ... import backend as K
from ...backend.graph.tensor import Tensor, Variable
from ...backend.ops.machines import along_with_gradients
from ...backend.plans.plan import Plan
from ...backend.runtime import chosen
from ...errors import ArgumentError
from ..statistics import Statistics, hold_frozen
from .objective import Figures, Objective
from .steps import OwnStep, Step
from .weighting import stacked_shares

__all__ = ["CompiledSteps"]

KINDS = ("train", "test", "predict")


class CompiledSteps:
    """The train, test and predict steps of a model.

    `total_loss`, `metrics_tensors`, `metrics_names`, `optimizer` and the three functions may be changed or assigned;
    what changed counts from the next batch. A function that is assigned is called in place of the step, with all of
    Keras 1.2's arrays: inputs, targets, sample weights, and the learning phase where the model needs one.
    """

    # of the model whose part it is
    name: str
    control: Any
    lock: threading.RLock
    inputs: list[Tensor]
    outputs: list[Tensor]
    trainable_weights: list[Variable]
    constraints: dict[Variable, Any]
    state_updates: list[tuple]
    uses_learning_phase: bool

    def _use(self, optimizer: Any, objective: Objective) -> None:
        self.optimizer, self.objective = optimizer, objective
        self.loss_functions = objective.loss_functions
        self.metrics_names = objective.metrics_names
        self.targets, self.sample_weights = objective.targets, objective.sample_weights
        self.sample_weight_modes = objective.sample_weight_modes
        self._forget_steps()
        # as in Keras: what is trained is settled now, a later `trainable = ...` waits for the next compile
        self._collected_trainable_weights = sorted(
            dict.fromkeys(self.trainable_weights), key=lambda weight: weight.name or ""
        )
        self._statistics = Statistics(self)
        hold_frozen(self)

    def _forget_steps(self) -> None:
        """Forget the steps and what a program changed of them."""
        self._steps: dict[Any, Step] = {}
        self._own_functions: dict[str, Callable] = {}
        self._total_loss: Any = None
        self._metrics_tensors: list | None = None
        self._stepped_by: Any = None

    # ---- what programs change

    @property
    def total_loss(self):
        """The scalar that is minimized, penalties included."""
        return self.objective.tensors(weighted=True).total if self._total_loss is None else self._total_loss

    @total_loss.setter
    def total_loss(self, tensor) -> None:
        self._total_loss = tensor

    @property
    def metrics_tensors(self) -> list:
        """What is logged after the loss, named by `metrics_names`; a list to append to."""
        if self._metrics_tensors is None:
            self._metrics_tensors = list(self.objective.tensors(weighted=True).logged)
        return self._metrics_tensors

    @metrics_tensors.setter
    def metrics_tensors(self, tensors) -> None:
        self._metrics_tensors = list(tensors)

    @property
    def log_names(self) -> list[str]:
        """The names of the figures in logs: those that come several times get _1, _2 and so on."""
        return numbered(self.metrics_names)

    def _is_changed(self) -> bool:
        """Whether a program changed the loss or the list of metrics."""
        if self._total_loss is None and self._metrics_tensors is None:
            return False
        total, logged, *_ = self.objective.tensors(weighted=True)
        same = len(self.metrics_tensors) == len(logged) and all(map(operator.is_, self.metrics_tensors, logged))
        return not (same and self.total_loss is total)

    @property
    def _needs_weights(self) -> bool:
        """Whether steps take sample weights even where each sample counts the same."""
        return bool(self._own_functions.keys() - {"predict"}) or self._is_changed()

    def _figures(self, weighted: bool) -> Figures:
        made = self.objective.tensors(weighted)
        if not self._is_changed():
            return made
        shares = {id(tensor): share for tensor, share in zip(made.logged, made.shares[1:], strict=True)}
        logged = [K.mean(tensor) if K.ndim(tensor) else tensor for tensor in self.metrics_tensors]
        total = K.mean(self.total_loss) if K.ndim(self.total_loss) else self.total_loss
        shares_of = [made.shares[0], *(shares.get(id(tensor)) for tensor in self.metrics_tensors)]
        return made._replace(total=total, logged=logged, shares=shares_of)

    # ---- metrics with states

    @property
    def _metric_states(self) -> list[Variable]:
        objective = getattr(self, "objective", None)
        return [] if objective is None else [one for each in objective.metrics_with_states for one in each.variables]

    def reset_metrics(self) -> None:
        """Let the metrics that add up over an epoch begin anew, as fit and evaluate do by themselves."""
        for metric in getattr(getattr(self, "objective", None), "metrics_with_states", ()):
            metric.reset_state()

    @contextlib.contextmanager
    def _metrics_anew(self) -> Iterator[None]:
        """Inside, metrics begin anew; a training that goes on around it finds its own figures again."""
        states = self._metric_states
        kept = K.batch_get_value(states) if self.control.is_running else []
        self.reset_metrics()
        yield
        if kept:
            K.batch_set_value(zip(states, kept, strict=True))

    # ---- steps

    def _step(self, kind: str, weighted: bool = False) -> Step | OwnStep:
        """The train, test or predict step, made when first needed."""
        if kind in self._own_functions:
            phase = int(kind == "train") if self.uses_learning_phase else None
            return OwnStep(self._own_functions[kind], phase, self.lock)
        if self._stepped_by is not getattr(self, "optimizer", None):
            self._steps, self._stepped_by = {}, self.optimizer
        if kind == "predict":
            return self._kept(kind, self._predict_step)
        changed = (id(self.total_loss), *map(id, self.metrics_tensors)) if self._is_changed() else ()
        return self._kept((kind, weighted, *changed), lambda: self._loss_step(kind, weighted))

    def explain_plan(self, kind: str = "train") -> Plan:
        """How the train, test or predict step runs on the backend that is chosen, and why so.

        What it returns shows in a cell as lines; `choices` holds them one by one. Nothing is compiled for it.

        Args:
            kind: 'train', 'test' or 'predict'.

        Raises:
            ArgumentError: another kind, or the program gave a function of its own for it.
            NotCompiledError: the model was not compiled, which train and test need.
        """
        if kind not in KINDS:
            raise ArgumentError(f"explain_plan: kind must be one of {', '.join(KINDS)}, got {kind!r}.")
        if kind != "predict":
            self._require_compiled("explain_plan")  # type: ignore[attr-defined]  # of the model
        step = self._step(kind)
        if isinstance(step, OwnStep):
            raise ArgumentError(f"explain_plan: the {kind} step is a function of the program's own, which has no plan.")
        return chosen.active().plan(step.function.program(step.phase))

    def _kept(self, key: Any, make: Callable[[], Step]) -> Step:
        if key not in self._steps:
            self._steps[key] = make()
        return self._steps[key]

    def _loss_step(self, kind: str, weighted: bool) -> Step:
        total, logged, shares, running, measuring = self._figures(weighted)
        inputs = [*self.inputs, *self.objective.targets, *(self.objective.sample_weights if weighted else [])]
        updates = self.state_updates
        outputs = [total, *logged]
        if kind == "train":
            params = self._collected_trainable_weights
            with along_with_gradients(outputs) as along:
                moved = self.optimizer.get_updates(params, self.constraints, total) if params else []
            updates, outputs = [*self._statistics.updates(), *moved], along.taken()
        ids = set(map(id, running))
        return Step(
            inputs,
            outputs,
            [*updates, *measuring],
            int(kind == "train"),
            f"{kind} step of {self.name}",
            self.lock,
            stacked_shares(shares),
            self._factors(),
            [place for place, tensor in enumerate(logged, 1) if id(tensor) in ids],
        )

    def _factors(self) -> list[float]:
        """The weights of the losses that are logged one by one, where the total is their sum."""
        weights = self.objective.loss_weights
        are_numbers = all(isinstance(weight, int | float | np.number) for weight in weights)
        return weights if len(self.outputs) > 1 and are_numbers and not self._is_changed() else []

    def _predict_step(self) -> Step:
        return Step(self.inputs, self.outputs, self.state_updates, 0, f"predict step of {self.name}", self.lock)

    def _make_train_function(self) -> None:
        """Keras 1.2's way to get the step ready before threads use it; so are its two kin."""
        self._step("train", weighted=True)

    def _make_test_function(self) -> None:
        self._step("test", weighted=True)

    def _make_predict_function(self) -> None:
        self._step("predict")

    def _set_function(self, kind: str, function: Callable | None) -> None:
        """Call the function in place of the step of this kind; None makes the step anew, as it is then."""
        self._own_functions.pop(kind, None)
        self._steps = {key: step for key, step in self._steps.items() if kind not in (key, key[0])}
        if function is not None:
            self._own_functions[kind] = function

    def _function(self, kind: str) -> Callable:
        return self._own_functions.get(kind) or self._step(kind, weighted=True)

    train_function = property(
        lambda self: self._function("train"),
        lambda self, function: self._set_function("train", function),
        doc="What makes a step of training; another function may take its place.",
    )
    test_function = property(
        lambda self: self._function("test"),
        lambda self, function: self._set_function("test", function),
        doc="What makes a step of evaluation; another function may take its place.",
    )
    predict_function = property(
        lambda self: self._function("predict"),
        lambda self, function: self._set_function("predict", function),
        doc="What makes a step of prediction; another function may take its place.",
    )


def numbered(names: list[str]) -> list[str]:
    """The names, with _1, _2 and so on after those that come several times."""
    counts = collections.Counter(names)
    seen: collections.Counter = collections.Counter()
    result = []
    for name in names:
        seen[name] += 1
        result.append(name if counts[name] == 1 else f"{name}_{seen[name]}")
    return result
