"""Tables of pandas and polars: columns that hold no numbers are refused by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...errors import DataError

__all__ = ["check_columns"]

_NUMBERS = "biuf"


def check_columns(table: Any, who: str) -> None:
    """Refuse a table, or one column, that holds anything but numbers.

    Args:
        who: what it is, for messages.

    Raises:
        DataError: it does; the first such column is named.
    """
    for name, dtype in _columns(table):
        if _is_number(dtype):
            continue
        kind = str(dtype).split("(")[0]
        which = f'{who}: column "{name}"' if name not in (None, "") else f"{who}: it"
        if kind.lower() in ("category", "categorical", "enum"):
            raise DataError(
                f"{which} holds categories ({kind}), not numbers.",
                "Give their numbers, of pandas by column.cat.codes, of polars by column.to_physical(); or one column "
                "for each: pandas.get_dummies(table), table.to_dummies().",
            )
        raise DataError(
            f"{which} holds values of type {kind}, not numbers.", "Leave it out, or turn it into numbers first."
        )


def _columns(table: Any) -> Iterator[tuple[Any, Any]]:
    """Name and type of each column."""
    dtypes = getattr(table, "dtypes", None)
    if dtypes is None or not hasattr(table, "columns"):
        yield getattr(table, "name", None), getattr(table, "dtype", None)
    else:
        yield from zip(table.columns, dtypes, strict=True)


def _is_number(dtype: Any) -> bool:
    """By numpy's letter for it, which pandas' own types have too; polars' types say it themselves."""
    if callable(getattr(dtype, "is_numeric", None)):
        return dtype.is_numeric() or str(dtype) == "Boolean"
    return getattr(dtype, "kind", "f") in _NUMBERS
