"""A Fit panel that trains for long, and what tests of it look for."""

from playwright.sync_api import expect

from tests.browser.digits_cells import FIT_PANEL

LONG = FIT_PANEL.replace("nb_epoch=5", "nb_epoch=100000")
LIMIT = 90_000


def button(page, name, cell=1):
    return page.output(cell).get_by_role("button", name=name, exact=True)


def wait_for_curves(page, cell=1):
    expect(page.output(cell).get_by_role("img", name="Accuracy by epoch. Train")).to_be_visible(timeout=LIMIT)
