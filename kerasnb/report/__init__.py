"""Plain data about a model: what widgets, magics and snapshots show, with no user interface in it."""

from __future__ import annotations

import importlib

# where each name lives; loaded when asked for, so that a report needs only what it uses
_HOME = {
    "activations": ["dim_ordering_of", "layer_output", "viewable_layers"],
    "advice": ["check_training"],
    "data": ["DataSummary", "data_summary", "suggest_loss"],
    "dead": ["dead_units"],
    "file_kinds": ["describe_file"],
    "freezing": ["FreezeRow", "FreezeState", "Verification", "fingerprints", "freeze_state", "verify"],
    "gradients": ["gradient_of_output"],
    "history": ["Best", "Run", "best_epoch", "history_text"],
    "history_drawing": ["history_svg"],
    "history_picture": ["figure_png", "history_figure"],
    "attribution": ["input_maximizing", "saliency"],
    "cards": ["LayerCard", "WeightCard", "layer_card", "weight_cards"],
    "placed": ["Placed", "placed_layers"],
    "output_picture": ["output_figure", "output_png"],
    "presentation": ["Presentation", "Scaled", "present", "scale"],
    "source": ["Shown", "source_code", "source_line"],
    "figures": ["Histogram", "Statistics", "histogram", "statistics"],
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = [*sorted(_MODULE_OF)]


def __getattr__(name: str) -> object:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f".{_MODULE_OF[name]}", __name__), name)


def __dir__() -> list[str]:
    return __all__
