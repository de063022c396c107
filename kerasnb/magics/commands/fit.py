"""`%kerasnb fit`: train a model, with live curves, in the background or as a plain call."""

from __future__ import annotations

import argparse
from typing import Any

from IPython.core.error import UsageError

from ...caller import warn_user
from ..kinds import add, add_batch_size, add_losses, class_weights, fraction, machines, positive, weight, whole
from ..named import by_name
from ..needs import widget
from ..panels import keep
from ..variables import Variables

__all__ = ["arguments", "run"]

DATA = ("x_train", "y_train")
VALIDATION = ("x_val", "y_val")


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model")
    add(
        parser,
        "--epochs",
        "--nb-epoch",
        type=whole,
        default=10,
        metavar="N",
        help="how often to go through the data (default: 10)",
    )
    add_batch_size(parser)
    add(
        parser,
        "--x",
        nargs="+",
        default=[DATA[0]],
        metavar="ARRAY",
        offers="arrays",
        help="the samples (default: x_train); for several inputs several, or image=a words=b; or a generator or "
        "Sequence of batches",
    )
    add(
        parser,
        "--y",
        nargs="+",
        default=[DATA[1]],
        metavar="ARRAY",
        offers="arrays",
        help="their targets (default: y_train); for several outputs several, or by name; none for batches",
    )
    add(
        parser,
        "--steps",
        type=whole,
        metavar="N",
        help="batches in an epoch, where a generator does not say it itself",
    )
    add(parser, "--validation-steps", type=whole, metavar="N", help="batches of a generator that validates")
    held_out = parser.add_mutually_exclusive_group()
    add(
        held_out,
        "--validation",
        nargs="+",
        metavar="ARRAY",
        offers="arrays",
        help="samples and targets to validate on (default: x_val y_val where they are and x is x_train), or a "
        "generator or Sequence",
    )
    add(held_out, "--split", type=fraction, metavar="FRACTION", help="validate on the last part of the samples instead")
    add(
        parser,
        "--optimizer",
        metavar="NAME",
        offers="optimizers",
        help="with arguments as in sgd(momentum=0.9,clipnorm=1) (default: as compiled, else adam)",
    )
    add_losses(parser)
    add(
        parser,
        "--loss-weights",
        nargs="+",
        metavar="NUMBER",
        help="factors of the losses of several outputs: a=1 b=0.5",
    )
    add(
        parser,
        "--metrics",
        nargs="+",
        metavar="NAME",
        offers="metrics",
        help="for one of several outputs a=mae,mse (default: as compiled, else accuracy for classes)",
    )
    add(
        parser,
        "--class-weight",
        nargs="+",
        metavar="CLASS=NUMBER",
        help="how much a sample of each class counts: 0=1 1=5",
    )
    add(parser, "--callbacks", nargs="+", metavar="NAME", help="variables that hold callbacks, or lists of them")
    add(
        parser,
        "--on",
        type=machines,
        metavar="WHERE",
        help="train on several processes, local:2, or on machines that Ray finds, ray:4 (default: in this kernel)",
    )
    add(parser, "--lr", type=positive, metavar="RATE", help="learning rate (default: the optimizer's)")
    how = parser.add_mutually_exclusive_group()
    add(how, "--wait", action="store_true", help="return the History when training is over")
    add(how, "--plain", action="store_true", help="a model.fit that blocks, with live curves; returns the History")
    add(how, "--open", action="store_true", help="only open the panel; its Fit button starts")


def run(variables: Variables, options: argparse.Namespace) -> Any:
    """Train a model, with live curves, Pause and Stop.

    Training runs in the background, other cells stay usable. Where other cells are queued behind it (Run All) or
    nobody watches (nbconvert, papermill), the cell lasts until training is over.
    A model that is not compiled yet is compiled with Adam and a loss that suits the targets.
    Returns the Fit panel: `.stop()`, `.pause()`, `.resume()`, and `.history`, which waits.

    %kerasnb fit digits_cnn --epochs 20
    %kerasnb fit digits_cnn --x x --y y --split 0.1 --optimizer sgd(momentum=0.9,clipnorm=1) --lr 0.1
    %kerasnb fit two_heads --y a=y_a b=y_b --loss a=mse b=binary_crossentropy --loss-weights a=1 b=0.2
    %kerasnb fit digits_cnn --x batches --steps 100
    """
    subject = variables.whole(options.model)
    if options.plain:
        return _plain(variables, subject.model, options)
    if not options.open:
        subject.refuse_while_training()  # before a second panel is on screen
    optimizer, arguments = _optimizer(options)
    panel = widget("FitPanel")(
        subject,
        **_data(variables, options),
        **_fit_arguments(variables, options),
        batch_size=options.batch_size,
        nb_epoch=options.epochs,
        optimizer=optimizer,
        **_compile_arguments(options),
        learning_rate=options.lr,
    )
    if arguments:
        panel.set_optimizer_arguments(**arguments)
    keep("FitPanel", panel)
    if options.open:
        return panel
    _show(variables, panel)
    history = panel.fit(wait=True if options.wait else None)
    if options.wait and panel.error:
        warn_user(panel.error["message"], RuntimeWarning)  # the History does not say why it is short
    return history if options.wait else panel


def _optimizer(options: argparse.Namespace) -> tuple[str | None, dict[str, Any]]:
    from ...widgets.fit.optimizer_form import read_optimizer

    return read_optimizer(options.optimizer) if options.optimizer else (None, {})


def _compile_arguments(options: argparse.Namespace) -> dict[str, Any]:
    metrics = by_name("--metrics", options.metrics, lambda text: text.split(","))
    if isinstance(metrics, list):  # without names they are all of all outputs
        metrics = [name for one in metrics for name in ([one] if isinstance(one, str) else one)]
    return {
        "loss": by_name("--loss", options.loss),
        "loss_weights": by_name("--loss-weights", options.loss_weights, weight),
        "metrics": metrics,
    }


def _data(variables: Variables, options: argparse.Namespace) -> dict[str, Any]:
    """The arguments x, y and what validates, as fit takes them."""
    x = variables.data(by_name("--x", options.x))
    if variables.is_batches(x):
        held_out = options.validation and variables.data(_pair(options.validation))
        return {"x": x, "validation_data": held_out} if held_out else {"x": x}
    return {"x": x, "y": variables.data(by_name("--y", options.y)), **_held_out(variables, options)}


def _held_out(variables: Variables, options: argparse.Namespace) -> dict[str, Any]:
    if options.split is not None:
        return {"validation_split": options.split}
    if options.validation is not None:
        return {"validation_data": tuple(variables.data(_pair(options.validation)))}
    is_usual = (options.x, options.y) == ([DATA[0]], [DATA[1]]) and variables.has(*VALIDATION)
    return {"validation_data": tuple(variables.array(name) for name in VALIDATION)} if is_usual else {}


def _pair(names: list[str]) -> Any:
    """Samples and targets, or one variable that gives both."""
    if len(names) > 2:
        raise UsageError(f"--validation needs samples and targets, or one generator; got {' '.join(names)}")
    return names if len(names) == 2 else names[0]


def _fit_arguments(variables: Variables, options: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, Any] = {
        "steps_per_epoch": options.steps,
        "validation_steps": options.validation_steps,
        "class_weight": class_weights(options.class_weight) if options.class_weight else None,
        "callbacks": variables.callbacks(options.callbacks) if options.callbacks else None,
        "machines": options.on,
    }
    return {name: value for name, value in found.items() if value is not None}


def _show(variables: Variables, panel: Any) -> None:
    """Show the panel now, since its curves are wanted while the cell runs, and not again as the cell's value."""
    from IPython.display import display

    from ...widgets.base.front_end import in_kernel, in_marimo

    if not (in_kernel() or in_marimo()):  # in a terminal it is one line of text, which is told when it is over
        return
    display(panel)
    cell = variables.shell.execution_count

    def show_elsewhere() -> None:
        if variables.shell.execution_count != cell:
            type(panel)._ipython_display_(panel)

    panel._ipython_display_ = show_elsewhere


def _plain(variables: Variables, model: Any, options: argparse.Namespace) -> Any:
    """What a user would write; a model that is not compiled is compiled as the panel does it."""
    live = widget("LiveHistory")()
    from ...engine.feeding.datasets import are_batches
    from ...views import is_foreign, view_of
    from ...widgets.fit.compiling import FitCompiling
    from ...widgets.fit.keras_compiling import KerasCompiling

    data, more = _data(variables, options), _fit_arguments(variables, options)
    optimizer, arguments = _optimizer(options)
    kind = KerasCompiling if is_foreign(model) else FitCompiling
    compiling = kind(model, data.get("y"), {"optimizer": optimizer, **_compile_arguments(options)})
    if arguments:
        compiling.set_optimizer_arguments(arguments)
    if not are_batches(data["x"]):
        more["batch_size"] = options.batch_size
        compiling.refuse_data(data | more)
    compiling.prepare(options.lr)
    callbacks = [*more.pop("callbacks", ()), live]
    return view_of(model).fit({**data, **more, "nb_epoch": options.epochs}, callbacks)
