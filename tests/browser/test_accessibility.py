"""No widget has a serious fault of accessibility, by axe, on light and dark pages."""

import numpy as np
import pytest

from kerasnb.layers import Dense, Flatten
from kerasnb.models import Sequential
from kerasnb.report import Run
from kerasnb.widgets import Builder, FitPanel, FreezePanel, Inspector
from kerasnb.widgets.curves.history_panel import HistoryPanel
from tests.browser.bare_page import BarePage

pytestmark = pytest.mark.browser

X, Y = np.linspace(0, 255, 20 * 64).reshape(20, 8, 8, 1), np.resize(np.arange(10), 20)


def model():
    return Sequential([Flatten(input_shape=(8, 8, 1)), Dense(12, name="last")], name="net")


def broken_builder():
    builder = Builder(input_shape=(8, 8, 1), name="net")
    builder.add("Convolution2D", nb_filter=4, nb_row=9, nb_col=9)
    return builder


def finished_curves():
    panel, run = HistoryPanel("net", 650, 0, []), Run(planned=2)
    panel.begin(run)
    for loss in (1.0, 0.5):
        run.append({"loss": loss, "val_loss": loss, "acc": 1 - loss / 2})
    panel.end(run, None)
    return panel


WIDGETS = {
    "builder": broken_builder,
    "fit": lambda: FitPanel(model(), X, Y, batch_size=500),
    "history": finished_curves,
    "inspector": lambda: Inspector(model(), X, Y),
    "freeze": lambda: FreezePanel(model()),
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", WIDGETS)
def test_axe_finds_nothing_serious(chromium, name, theme):
    page = chromium.new_page(viewport={"width": 1100, "height": 900})
    try:
        bare = BarePage(page, name, WIDGETS[name]())
        if theme == "dark":
            bare.darken()
        assert bare.serious_faults() == [] and bare.errors == []
    finally:
        page.close()
