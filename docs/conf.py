"""The site's settings for Sphinx; `make docs` builds it. Why so: docs/README.md."""

import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from docs.making.pages import filled  # noqa: E402 - after the path is set


def colours(blue):
    """Furo's variables for the blue of the widgets."""
    names = dict.fromkeys(("color-brand-primary", "color-brand-content", "color-api-name"), blue)
    return names | {"color-api-pre-name": "var(--color-foreground-muted)"}


project = "kerasnb"
release = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
extensions = ["myst_nb", "sphinx_copybutton"]
root_doc = "docs/index"
include_patterns = [
    "docs/**",
    "notebooks/**",
    "benchmarks/*.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "kerasnb/**/README.md",
]
exclude_patterns = ["docs/making", "docs/look", "**/node_modules", "**/.ipynb_checkpoints", "**/.kerasnb"]

# tutorials are shown as they are stored: their outputs are compared by `make notebooks`
nb_execution_mode = "off"
nb_ipywidgets_js = {}  # would be fetched from elsewhere; a widget's picture is shown
nb_merge_streams = True
myst_enable_extensions = ["attrs_block", "colon_fence"]
myst_heading_anchors = 4
suppress_warnings = ["mystnb.unknown_mime_type"]

html_theme = "furo"
html_title = "kerasnb"
html_static_path = ["look/static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_theme_options = {
    "top_of_page_buttons": [],
    "light_css_variables": colours("#1565b0"),
    "dark_css_variables": colours("#58a6ff"),
}
html_extra_path = ["look/first_page"]  # leads from the site's root to docs/index.html
smartquotes = False  # would make one dash of the two of an option
pygments_style = "friendly"
pygments_dark_style = "monokai"
toc_object_entries = False
add_module_names = False
copybutton_exclude = ".linenos, .gp, .go"


def setup(app):
    app.connect("source-read", _fill)


def _fill(app, name, source):
    source[0] = filled(source[0])
