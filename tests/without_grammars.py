"""Keeps jsonschema, which checks notebooks, from building grammars of addresses that no notebook's schema asks for.

They take more than a second of each process, and jsonschema does without the package where it is not installed.
"""

import sys

__all__ = ["leave_grammars_out"]


def leave_grammars_out() -> None:
    """From now on an import of the grammars fails; call it before jsonschema is imported."""
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
