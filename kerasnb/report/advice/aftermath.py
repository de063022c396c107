"""What may be done after a training whose loss became infinite or no number."""

from __future__ import annotations

from .findings import Advice, Fix, OptionEdit

__all__ = ["after_broken_loss"]


def after_broken_loss(what_happened: str, learning_rate: float | None, clips: bool) -> Advice:
    """The two edits that most often help: shorter steps, or a limit for gradients.

    Args:
        what_happened: in a sentence.
        learning_rate: at which it happened, None where the optimizer has none.
        clips: whether the optimizer limits gradients already.
    """
    fixes = [] if clips else [Fix("Set clipnorm=1", (OptionEdit("clipnorm", 1.0),))]
    if learning_rate is not None:
        lower = float(f"{learning_rate / 10:.3g}")
        fixes.append(Fix(f"Lower the learning rate to {lower:g}", (OptionEdit("learning_rate", lower),)))
    text = f"{what_happened} Steps were too large for this model and these data."
    return Advice("error", "loss", text, tuple(fixes))
