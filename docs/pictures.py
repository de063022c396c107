"""Takes the pictures of the user guide from the running product: each widget in JupyterLab, light and dark.

python -m docs.pictures [NAME ...]     writes docs/pictures/NAME-light.png and NAME-dark.png
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.chromium import launch
from tests.browser.lab import LabServer
from tests.browser.notebook_page import NotebookPage, write_notebook

OUT = Path(__file__).parent / "pictures"
BEGIN = """import os; os.environ["KERASNB_BACKEND"] = "theano"
%load_ext kerasnb
builder = %kerasnb demo"""
TRAINED = "_ = %kerasnb fit demo --epochs 15 --wait"


@dataclass(frozen=True)
class Scene:
    """What is run, what is done then, and in which cell the picture is."""

    cells: tuple[str, ...]
    act: Callable[[Any], None] = lambda output: None
    width: int = 1200


def _break(output: Any) -> None:
    output.locator(".react-flow__node[data-id='conv_1']").click()
    output.get_by_role("textbox", name="nb_row").fill("9")
    output.get_by_role("textbox", name="nb_row").press("Enter")
    output.get_by_role("alert").first.wait_for()


def _end_training(output: Any) -> None:
    output.get_by_text("epochs done").first.wait_for()


SCENES = {
    "builder": Scene((BEGIN, "builder")),
    "builder-error": Scene((BEGIN, "builder"), _break),
    "advice": Scene(
        (BEGIN, "from kerasnb.layers import Dense, Flatten\nfrom kerasnb.models import Sequential\n"
         "first = Sequential([Flatten(input_shape=(8, 8, 1)), Dense(32)])", "%kerasnb fit first --open")
    ),
    "fit": Scene((BEGIN, TRAINED, "%kerasnb fit demo --epochs 15"), _end_training),
    "inspector": Scene((BEGIN, TRAINED, "%kerasnb inspect demo conv_1")),
    "freeze": Scene((BEGIN, "%kerasnb freeze demo conv_1")),
    "curves": Scene(
        (BEGIN, "from kerasnb.widgets import LiveHistory\n"
         "demo.compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])\n"
         "_ = demo.fit(x_train, y_train, nb_epoch=15, validation_data=(x_val, y_val), verbose=0,\n"
         "             callbacks=[LiveHistory()])")
    ),
    "narrow": Scene((BEGIN, "builder"), width=700),
}  # fmt: skip


def main(names: list[str]) -> None:
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = LabServer(Path(folder) / "lab")
        try:
            server.wait_until_up()
            browser = launch(playwright)
            for name in names or SCENES:
                take(name, SCENES[name], server, browser)
            browser.close()
        finally:
            server.stop()


def take(name: str, scene: Scene, server: LabServer, browser: Any) -> None:
    """Run a scene once, and take its last cell's output in both themes."""
    write_notebook(server, f"{name}.ipynb", list(scene.cells), "python3")
    page = browser.new_page(viewport={"width": scene.width, "height": 1400})
    notebook = NotebookPage(page, server, f"{name}.ipynb").open()
    notebook.run_all()
    last = len(scene.cells) - 1
    output = notebook.output(last)
    output.locator(".kn").first.wait_for()
    scene.act(output)
    for theme in ("light", "dark"):
        notebook.theme(theme)
        page.wait_for_timeout(3000)
        path = OUT / f"{name}-{theme}.png"
        output.locator(".kn").first.screenshot(path=path)
        _shrink(path)
        print(path)
    page.close()
    server.shut_kernels_down()


def _shrink(path: Path) -> None:
    """256 colours, which widgets hardly have: a third of the bytes, in a repository that keeps them."""
    Image.open(path).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1:])
