"""The files that the front end is made into, and what of them a notebook carries."""

import gzip
from importlib.resources import files

STATIC = files("kerasnb.widgets") / "static"
BUNDLES = ("builder", "fit", "freeze", "history", "inspector")


def test_five_bundles_together_are_under_250_kb_gzipped_and_600_kb_raw():
    bundles = [(STATIC / f"{name}.js").read_bytes() for name in BUNDLES]
    assert sum(len(gzip.compress(bundle)) for bundle in bundles) < 250_000
    assert sum(map(len, bundles)) < 600_000


def test_licences_of_what_is_bundled_are_kept():
    text = (STATIC / "LICENSES.txt").read_text()
    for package in ("preact", "@xyflow/react", "zustand", "d3-zoom", "uplot"):
        assert f"\n{package} " in f"\n{text}"
    assert "Permission is hereby granted" in text
