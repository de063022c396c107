"""Tuples from loose values."""

__all__ = ["make_tuple"]


def make_tuple(*args):
    """The arguments as a tuple."""
    return args
