"""The later path of `visualize_util`."""

from ..carried import carry
from .visualize_util import model_to_dot, plot, plot_model

__all__ = ["model_to_dot", "plot", "plot_model"]


carry(__name__)
