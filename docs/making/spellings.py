"""The tables of names that changed, from the tables by which kerasnb itself translates them."""

from __future__ import annotations

from kerasnb.layers import ALIASES
from kerasnb.spelling.names import NAMES, VALUES

__all__ = ["table_of_arguments", "table_of_layers", "table_of_values"]


def table_of_layers() -> str:
    """Layers under two names: Keras 1.2's and later ones."""
    names: dict[str, list[str]] = {}
    for later, cls in ALIASES.items():
        names.setdefault(cls.__name__, []).append(later)
    rows = [f"| `{cls}` | {_listed(later)} |" for cls, later in sorted(names.items())]
    return "\n".join(["| Keras 1.2 | also |", "|---|---|", *rows])


def table_of_arguments() -> str:
    """Arguments of layers: Keras 1.2's, the later ones that mean it, and the classes that take both."""
    classes: dict[tuple[str, str], list[str]] = {}
    for cls, names in NAMES.items():
        for later, old in names.items():
            classes.setdefault((old, later), []).append(cls)
    rows = [
        f"| `{old}` | `{later}` | {_listed(cls for cls in of if not cls.startswith('_'))} |"
        for (old, later), of in sorted(classes.items())
    ]
    return "\n".join(["| Keras 1.2 | later | of |", "|---|---|---|", *rows])


def table_of_values() -> str:
    """Values of arguments that are written otherwise later."""
    rows = [
        f"| `{argument}` | `{old!r}` | `{later!r}` |"
        for argument, values in VALUES.items()
        for later, old in values.items()
    ]
    return "\n".join(["| argument | Keras 1.2 | later |", "|---|---|---|", *rows])


def _listed(names) -> str:
    return ", ".join(f"`{name}`" for name in names)
