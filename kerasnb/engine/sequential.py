"""The later path of `Sequential`."""

from ..carried import lazily

lazily(__name__, {"Sequential": ("kerasnb.models", "Sequential")})
