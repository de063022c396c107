"""Models of any library as reports, widgets and magics know them; see README.md."""

from .naming import class_of, family_of
from .registry import has_view, is_foreign, view_of
from .translated import as_kerasnb, as_shown
from .view import LayerView, ModelView, Placed, WeightView

__all__ = [
    "LayerView",
    "ModelView",
    "Placed",
    "WeightView",
    "as_kerasnb",
    "as_shown",
    "class_of",
    "family_of",
    "has_view",
    "is_foreign",
    "view_of",
]
