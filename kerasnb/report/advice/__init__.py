"""What speaks against a training before it begins, in words, with edits that mend it."""

from __future__ import annotations

from .checkup import Checkup, check_training
from .findings import Advice, Fix, LayerEdit, NewLayer, OptionEdit, Severity
from .preparing import Preparation

__all__ = [
    "Advice",
    "Checkup",
    "Fix",
    "LayerEdit",
    "NewLayer",
    "OptionEdit",
    "Preparation",
    "Severity",
    "check_training",
]
