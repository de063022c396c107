"""A notebook opened again without a kernel still shows what was trained and looked at."""

import pytest
from playwright.sync_api import expect

from tests.browser.digits_cells import FIT_PANEL, MODEL

pytestmark = pytest.mark.browser

CELLS = [
    MODEL,
    FIT_PANEL,
    "panel.fit(wait=True);",
    "from kerasnb.widgets import FreezePanel, Inspector, LiveHistory\nFreezePanel(model)",
    'Inspector(model, x_val, y_val, layer="hidden")',
    "_ = model.fit(x, y, nb_epoch=2, verbose=0, callbacks=[LiveHistory()])",
]


def test_while_the_widget_lives_its_picture_is_hidden_and_nothing_else(notebook):
    chatty = CELLS[-1].replace("verbose=0", "verbose=2").replace("_ =", "from kerasnb.widgets import LiveHistory\n_ =")
    page = notebook([*CELLS[:3], chatty])
    expect(page.outputs(1)).to_have_count(2)
    expect(page.output(1, 0).locator(".kn-status")).to_contain_text("5 epochs done")
    expect(page.output(1, 1)).to_be_hidden()
    expect(page.output(3, 1)).to_contain_text("Epoch 2/2")
    expect(page.output(3, 2)).to_be_hidden()


def test_reopened_without_a_kernel_every_panel_has_left_its_picture(notebook):
    page = notebook(CELLS)
    expect(page.output(5).locator(".kn-status")).to_contain_text("2 epochs done")
    page.save_and_reopen()
    for cell in (1, 4, 5):
        expect(page.outputs(cell).locator("img")).to_be_visible()
    expect(page.output(3, 1)).to_contain_text("digits_mlp: 2,410 trainable, 0 frozen")


def test_the_stored_notebook_says_in_text_how_training_went(notebook):
    page = notebook(CELLS[:3])
    page.save()
    panel, fit = ([output["data"]["text/plain"] for output in page.stored().cells[cell].outputs] for cell in (1, 2))
    assert panel[0] == "FitPanel(digits_mlp)"
    assert panel[1].startswith("digits_mlp: 2,410 parameters (0 frozen), 5 epochs, best epoch 5: val_loss 0.")
    assert fit == panel[1:]


def test_a_page_loaded_again_beside_its_kernel_shows_the_curve(notebook):
    page = notebook(CELLS[:3])
    page.save()
    page.reload()
    expect(page.output(1).get_by_role("img", name="Loss by epoch. Train")).to_be_visible()
    expect(page.output(1).locator(".kn-status")).to_contain_text("5 epochs done")
