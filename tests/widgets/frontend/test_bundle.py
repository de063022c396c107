"""The files that the front end is made into, and what of them a notebook carries."""

import gzip
from importlib.resources import files

import traitlets

from kerasnb.widgets.base import lasting

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


def test_a_bundle_is_read_when_a_widget_asks_for_it_so_that_its_class_needs_none(tmp_path, monkeypatch):
    monkeypatch.setattr(lasting, "STATIC", tmp_path)

    class Shown(traitlets.HasTraits):
        _esm, _css = lasting.bundle("shown").values()

    (tmp_path / "shown.js").write_text("script")
    (tmp_path / "shown.css").write_text("style")
    assert (Shown()._esm, Shown()._css) == ("script", "style")
