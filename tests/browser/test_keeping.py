"""Edits made by clicking outlive the kernel, and come with a notebook that is sent alone."""

import shutil

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

# tests keep nothing; this one does, as a user would
START = """import os
os.environ.pop("KERASNB_HOME", None)
from kerasnb.widgets import Builder
builder = Builder(input_shape=(8, 8, 1), name="digits_cnn")
builder"""
RESTART = "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"


def layer(page, name):
    return page.output(0).locator(f".react-flow__node[data-id='{name}']")


def restart_and_run(page):
    page.page.evaluate(RESTART)
    page.wait_until_answering()
    page.run_cell(0)


def test_clicked_layers_are_back_after_a_restart_and_in_a_notebook_that_was_sent_alone(notebook):
    page = notebook([START])
    for name in ("Convolution2D", "Flatten"):
        page.output(0).locator(".kn-palette").get_by_role("button", name=name, exact=True).click()
    expect(layer(page, "flatten_1")).to_contain_text("(None, 576)")
    restart_and_run(page)
    expect(page.output(0).locator(".kn-kept")).to_contain_text("are back; Undo takes them away.")
    expect(layer(page, "flatten_1")).to_contain_text("(None, 576)")

    # saved and sent: the folder beside it stays behind
    page.save()
    shutil.rmtree(page.server.files / ".kerasnb")
    restart_and_run(page)
    expect(layer(page, "flatten_1")).to_contain_text("(None, 576)")
    page.page.get_by_role("button", name="Undo restore").click()
    expect(layer(page, "flatten_1")).to_have_count(0)
    assert page.console_errors == []
