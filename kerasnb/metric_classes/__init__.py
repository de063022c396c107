"""Metrics as later Keras makes them: objects with options.

`base` has `Metric` and its states, `means` those that are means over samples, `confusion` those of what is rightly and
wrongly taken as positive, `scores` the others.
"""

from . import confusion, means, scores
from .base import Metric
from .confusion import *  # noqa: F403
from .means import *  # noqa: F403
from .scores import *  # noqa: F403

__all__ = ["Metric", *means.__all__, *confusion.__all__, *scores.__all__]
