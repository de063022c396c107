"""A `keras.Model` of Keras 3, whichever backend computes it, as reports, widgets and magics know a model."""

from __future__ import annotations

from .keras_training import TrainingOfKeras
from .keras_values import ValuesOfKeras

__all__ = ["KerasModelView"]


class KerasModelView(ValuesOfKeras, TrainingOfKeras):
    """All that a `ModelView` is asked, parted by job: library, ends, layers, values, training."""
