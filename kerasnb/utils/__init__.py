"""Helpers beside the models, on Keras 1.2's import paths."""
