"""Training on several processes at once: who decides, what travels, what happens when one of them fails."""

from .using import close, computing_on

__all__ = ["close", "computing_on"]
