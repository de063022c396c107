"""How a model was compiled, as Keras 3 says it."""

from __future__ import annotations

from typing import Any

from .... import backend as K
from ....caller import warn_user
from ....errors import ArgumentError
from ..configs import plain

__all__ = ["described_training"]

_ALONE = "Write the model alone: model.save(..., include_optimizer=False), or as HDF5."
# our argument -> Keras 3's
_ARGUMENTS = {"lr": "learning_rate", "clipnorm": "global_clipnorm", "local_clipnorm": "clipnorm"}
_SCHEDULES = "keras.optimizers.schedules"
_OWN = {"decay", "epsilon_under_root", "schedule_decay", "name"}
_LOSSES = {"huber_loss": "huber", "logcosh": "log_cosh", "kullback_leibler_divergence": "kl_divergence"}
_GONE = ("matthews_correlation", "precision", "recall", "fbeta_score", "fmeasure")


def described_training(model: Any) -> dict:
    """The arguments of compile.

    Raises:
        ArgumentError: Keras 3 has no such optimizer, loss or metric.
    """
    arguments = model.compile_arguments
    if arguments.get("sample_weight_mode"):
        raise ArgumentError('Keras 3 has no sample_weight_mode="temporal".', _ALONE)
    return {
        "optimizer": _optimizer(arguments["optimizer"]),
        "loss": _named(arguments["loss"]),
        "loss_weights": plain(arguments.get("loss_weights")),
        "metrics": _named(arguments.get("metrics")),
        "weighted_metrics": _named(arguments.get("weighted_metrics")),
        "run_eagerly": False,
        "steps_per_execution": 1,
        "jit_compile": False,
    }


def _optimizer(optimizer: Any) -> dict:
    kind = type(optimizer).__name__
    try:
        config = plain(optimizer.get_config())
    except (AttributeError, NotImplementedError) as error:
        raise ArgumentError(f"the optimizer {kind} says nothing of itself that Keras 3 could read.", _ALONE) from error
    if type(optimizer).__module__.split(".")[0] != __name__.split(".")[0]:
        raise ArgumentError(f"the optimizer {kind} is a program's own, so Keras 3 has none of it.", _ALONE)
    described = {_ARGUMENTS.get(name, name): value for name, value in config.items() if name not in _OWN}
    described = {"name": kind.lower(), "use_ema": False, "ema_momentum": 0.99, **described}
    if isinstance(described.get("learning_rate"), dict):
        described["learning_rate"] = {"module": _SCHEDULES, **described["learning_rate"], "registered_name": None}
    if config.get("decay"):
        described["learning_rate"] = _decaying(config)
    _remark(kind, config)
    return {"module": "keras.optimizers", "class_name": kind, "config": described, "registered_name": None}


def _decaying(config: dict) -> dict:
    """`lr / (1 + decay * iterations)` as a schedule."""
    arguments = {"initial_learning_rate": config["lr"], "decay_steps": 1, "decay_rate": config["decay"]}
    return {
        "module": _SCHEDULES,
        "class_name": "InverseTimeDecay",
        "config": {**arguments, "staircase": False, "name": "InverseTimeDecay"},
        "registered_name": None,
    }


def _remark(kind: str, config: dict) -> None:
    """Say where the same settings mean a slightly different step in Keras 3."""
    said = ""
    if kind in ("RMSprop", "Adagrad") and not config.get("epsilon_under_root"):
        said = "adds epsilon under the root there, and to it here (epsilon_under_root=False)"
    if kind == "Nadam" and config.get("schedule_decay") != 1.0:
        said = f"warms its momentum up with schedule_decay=1.0 there, and {config.get('schedule_decay')} here"
    if said:
        warn_user(f"{kind} {said}; training goes on a little differently in Keras 3.")


def _named(described: Any) -> Any:
    """Losses or metrics by name, or as objects."""
    if isinstance(described, list | tuple):
        return [_named(one) for one in described]
    if isinstance(described, dict):
        return {str(name): _named(one) for name, one in described.items()}
    if described is None:
        return None
    if hasattr(described, "get_config") and not isinstance(described, type):
        return _object(described)
    name = described if isinstance(described, str) else getattr(described, "__name__", "")
    is_ours = isinstance(described, str) or getattr(described, "__module__", "").startswith(
        __name__.split(".")[0] + "."
    )
    if not is_ours or name in _GONE:
        raise ArgumentError(f"the loss or metric {name or described!r} has no word in Keras 3.", _ALONE)
    return _LOSSES.get(name, name)


def _object(thing: Any) -> dict:
    module = type(thing).__module__
    if module.split(".")[0] != __name__.split(".")[0]:
        raise ArgumentError(f"{type(thing).__name__} is a program's own, so Keras 3 has none of it.", _ALONE)
    kind = "losses" if "loss" in module else "metrics"
    config = plain(thing.get_config())
    return {"module": f"keras.{kind}", "class_name": type(thing).__name__, "config": config, "registered_name": None}


def has_rate_in_state(optimizer: Any) -> bool:
    """Whether Keras 3 keeps the learning rate with the optimizer's state, as it does unless a schedule says it."""
    return optimizer.schedule is None and not float(K.get_value(getattr(optimizer, "decay", None) or K.variable(0.0)))
