"""Runs a notebook in real JupyterLab and takes a picture of it.

    python -m tests.browser.shot notebooks/01_first_model.ipynb --theme dark --width 900 --out out/01_dark.png
    python -m tests.browser.shot widget.py --cell 0 --click "text=Fit" --wait 2

A `.py` file is cut into cells at its `# %%` lines.
"""

import argparse
import re
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.chromium import launch
from tests.browser.lab import LabServer
from tests.browser.notebook_page import NotebookPage, write_notebook


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.browser.shot", description=__doc__.splitlines()[0])
    parser.add_argument("notebook", type=Path, help="an .ipynb, or a .py with cells after '# %%%%' lines")
    parser.add_argument("--out", type=Path, default=Path("out/shot.png"))
    parser.add_argument("--theme", choices=["light", "dark"], default="light")
    parser.add_argument("--width", type=int, default=1200, help="of the window, in pixels")
    parser.add_argument("--cell", type=int, help="only this cell's outputs, counted from 0")
    parser.add_argument("--click", action="append", default=[], help="Playwright selector clicked after the run")
    parser.add_argument("--wait", type=float, default=1.0, help="seconds between the last click and the picture")
    parser.add_argument("--reopen", action="store_true", help="save, and show it again without a kernel")
    parser.add_argument("--kernel", default="python3")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    options = parse(arguments)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = LabServer(Path(folder) / "lab")
        try:
            server.wait_until_up()
            browser = launch(playwright)
            errors = picture(options, server, browser)
            browser.close()
        finally:
            server.stop()
    print(options.out)
    for error in errors:
        print("browser:", error, file=sys.stderr)
    return 1 if errors else 0


def picture(options: argparse.Namespace, server: LabServer, browser) -> list[str]:
    """Take the picture; return what the browser and the cells complained about."""
    path = put_on_server(options.notebook, server, options.kernel)
    page = browser.new_page(viewport={"width": options.width, "height": 1000})
    notebook = NotebookPage(page, server, path).open()
    notebook.theme(options.theme)
    notebook.run_all()
    errors = failed_cells(page)
    for selector in options.click:
        page.locator(selector).first.click()
    page.wait_for_timeout(options.wait * 1000)
    if options.reopen:
        notebook.save_and_reopen(without_kernel=True)
    notebook.grow_to_content()
    page.evaluate("document.querySelectorAll('.jp-WindowedPanel-outer').forEach(each => each.scrollTo(0, 0))")
    page.wait_for_timeout(500)
    save_picture(notebook, options)
    return errors + notebook.console_errors


def put_on_server(source: Path, server: LabServer, kernel: str) -> str:
    if source.suffix == ".py":
        cells = re.split(r"^# %%.*$", source.read_text(), flags=re.MULTILINE)
        write_notebook(server, "shot.ipynb", [cell.strip() for cell in cells if cell.strip()], kernel)
        return "shot.ipynb"
    shutil.copy(source, server.files / source.name)
    return source.name


def failed_cells(page) -> list[str]:
    shown = page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']")
    return [text[-2000:] for text in shown.all_inner_texts()]


def save_picture(notebook: NotebookPage, options: argparse.Namespace) -> None:
    options.out.parent.mkdir(parents=True, exist_ok=True)
    if options.cell is None:
        notebook.page.screenshot(path=options.out)
    else:
        notebook.cell(options.cell).locator(".jp-Cell-outputWrapper").screenshot(path=options.out)


if __name__ == "__main__":
    sys.exit(main())
