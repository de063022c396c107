"""The later path of `TensorBoard`."""

from .tensorboard import TensorBoard

__all__ = ["TensorBoard"]
