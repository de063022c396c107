"""What people do with the widgets in any notebook application, and what is to come of it."""

from playwright.sync_api import Page, expect

from tests.browser.digits_cells import MODEL
from tests.browser.notebook_page import NotebookPage

LIMIT = 120_000  # milliseconds: a kernel that loads TensorFlow is among what is waited for
CHOICE = "import os\nos.environ['KERASNB_BACKEND'] = {!r}\n"
WIDGETS = [
    "from kerasnb.widgets import Builder\nBuilder(model)",
    "from kerasnb.widgets import Inspector\nInspector(model, x_val, y_val, layer='hidden')",
    "from kerasnb.widgets import FreezePanel\nFreezePanel(model)",
    """from kerasnb.widgets import FitPanel
panel = FitPanel(model, x, y, validation_data=(x_val, y_val), nb_epoch=100000)
panel""",
    """from kerasnb.widgets import LiveHistory
lived = Sequential([Flatten(input_shape=(8, 8, 1)), Dense(10, activation="softmax")], name="lived")
lived.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = lived.fit(x, y, nb_epoch=3, verbose=0, callbacks=[LiveHistory()])
history""",
]
BUILDER, INSPECTOR, FREEZE, FIT, LIVE = 1, 2, 3, 4, 5  # the cell of each
# in JupyterLab: beneath the Fit panel stands one picture, of the training that was stopped
PICTURE_OF_THE_END = f"""() => {{
  const outputs = window.jupyterapp.shell.currentWidget.context.model.cells.get({FIT}).outputs.toJSON();
  return outputs.length === 2 && outputs[1].data["text/plain"].includes("stopped");
}}"""


def cells(backend: str) -> list[str]:
    """A notebook with every widget: the model first, then a widget in each cell."""
    return [CHOICE.format(backend) + MODEL, *WIDGETS]


def all_widgets_are_drawn(page: Page) -> None:
    """Each of the five shows what it alone knows of the model."""
    expect(page.locator(".react-flow__node[data-id='hidden']")).to_contain_text("2,080 params", timeout=LIMIT)
    inspector = page.get_by_role("region", name="Inspect digits_mlp")
    expect(inspector.get_by_role("img", name="Units of hidden")).to_be_visible(timeout=LIMIT)
    expect(page.get_by_role("region", name="Freeze digits_mlp")).to_contain_text("2,410 trainable")
    expect(fit_panel(page)).to_contain_text("1,438 train / 359 validation, 10 classes")
    live = page.get_by_role("region", name="Training of lived")
    expect(live.get_by_role("img", name="Loss by epoch. Train")).to_be_visible(timeout=LIMIT)
    expect(live.get_by_role("status").last).to_contain_text("3 epochs done, best epoch", timeout=LIMIT)


def fit_panel(page: Page):
    return page.get_by_role("region", name="Fit digits_mlp")


def begin_to_fit(page: Page) -> None:
    """Start a training by a click, and see its curves."""
    fit_panel(page).get_by_role("button", name="Fit", exact=True).click()
    curves_are_drawn(page)


def curves_are_drawn(page: Page) -> None:
    drawn = fit_panel(page).get_by_role("img", name="Accuracy by epoch. Train")
    expect(drawn).to_be_visible(timeout=LIMIT)


def stop(page: Page) -> None:
    """Stop the training by a click; its curves stay, and the panel is ready for another."""
    panel = fit_panel(page)
    panel.get_by_role("button", name="Stop", exact=True).click()
    expect(panel.get_by_role("status").last).to_contain_text("stopped after", timeout=LIMIT)
    curves_are_drawn(page)
    expect(panel.get_by_role("button", name="Fit", exact=True)).to_be_enabled()


def trust(notebook: NotebookPage) -> None:
    """What the menu's "Trust Notebook" does: outputs that came by another way than from the kernel are not trusted."""
    notebook.page.evaluate("() => { window.jupyterapp.commands.execute('notebook:trust'); }")
    notebook.page.get_by_role("dialog").get_by_role("button", name="Trust").click()
