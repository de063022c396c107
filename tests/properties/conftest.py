"""Bounded in `make test`, the same examples every time; `make fuzz` looks longer and elsewhere."""

import os

from hypothesis import HealthCheck, settings

QUIET = {"deadline": None, "database": None, "print_blob": True, "suppress_health_check": list(HealthCheck)}

settings.register_profile("bounded", max_examples=30, derandomize=True, **QUIET)
settings.register_profile("fuzz", max_examples=3000, **QUIET)
settings.load_profile(os.environ.get("KERASNB_PROPERTIES", "bounded"))
