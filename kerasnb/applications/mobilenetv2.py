"""MobileNetV2 by the name that its module had in Keras 2.2."""

from .mobilenet_v2 import MobileNetV2, decode_predictions, preprocess_input

__all__ = ["MobileNetV2", "preprocess_input", "decode_predictions"]
