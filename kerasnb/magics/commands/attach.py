"""`%kerasnb attach`: a model goes on from a run."""

from __future__ import annotations

import argparse
from typing import Any

from IPython.core.error import UsageError

from ..kinds import add
from ..needs import place_of_runs
from ..results import Drawing, Text
from ..variables import Variables

__all__ = ["arguments", "run"]


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "run_id", metavar="RUN", offers="runs", help="an id, a part that only one id has, or last")
    add(
        parser,
        "model",
        nargs="?",
        metavar="MODEL",
        offers="models",
        help="the variable of the model; one that is not there is built as the run's was (default: the run's name)",
    )
    add(parser, "--best", action="store_true", help="the weights of the best epoch instead of the last ones")


def run(variables: Variables, options: argparse.Namespace) -> Drawing | Text:
    """Give a model the weights and the optimizer's state of a run, so that the next fit goes on from there.

    The next `%kerasnb fit` counts its epochs on from the run's; so does a `model.fit` with `initial_epoch`.
    Where there is no such variable, the model is built and compiled as the run's was. Shows the run's curve.
    What is taken comes first, as for `open` and `save`; the other order is understood where it can mean nothing else.

    %kerasnb attach last
    %kerasnb attach 20261130-162734.120-digits_cnn-4711 digits_cnn --best
    """
    from ... import runs
    from ...report.history_drawing import history_svg

    place_of_runs()  # raises where none are kept
    run_id, named = options.run_id, options.model
    if named and run_id in variables.model_names() and named not in variables.names and _is_run(named):
        run_id, named = named, run_id
    record = runs.open(run_id)
    name = named or _variable(variables, record)
    if name not in variables.names and not name.isidentifier():
        raise UsageError(f'"{name}" cannot name a variable.\nSay one: %kerasnb attach {record.id} net')
    is_new = name not in variables.names
    subject = None if is_new else variables.whole(name)
    model = record.build() if subject is None else subject.model
    which = "best" if options.best else "last"
    if subject is None:
        epoch = record.restore(model, which)
        variables.names[name] = model
    else:
        subject.refuse_while_training()
        epoch = record.restore(model, which)
        subject.weights_set(f"attach {record.id}")
    text = _told(record, name, which, epoch, model, is_new)
    return Drawing(history_svg(record.curve, title=record.id), text) if record.epochs else Text(text)


def _is_run(word: str) -> bool:
    """Whether a word names one run."""
    from ... import runs

    return word == "last" or sum(word in run for run in runs.run_ids()) == 1


def _variable(variables: Variables, record: Any) -> str:
    """The variable whose model the run is of: of that name, or the only one whose model is called so."""
    names = variables.model_names()
    called = [name for name in names if getattr(variables.names.get(name), "name", None) == record.name]
    return called[0] if record.name not in names and len(called) == 1 else record.name


def _told(record: Any, name: str, which: str, epoch: int, model: Any, is_new: bool) -> str:
    from ...views import view_of

    built = f"{name} was built as in the run. " if is_new else ""
    goes_on = f"the next %kerasnb fit {name} counts on from there; a plain fit takes initial_epoch={epoch}"
    then = goes_on if view_of(model).is_compiled else "compile it before you fit: the optimizer begins anew"
    return f"{record!r}\n{built}{name} has its {which} weights, of epoch {epoch}; {then}"
