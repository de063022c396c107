"""The later path of `visualize_util`."""

from .visualize_util import model_to_dot, plot, plot_model

__all__ = ["model_to_dot", "plot", "plot_model"]
