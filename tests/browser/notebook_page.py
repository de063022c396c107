"""One notebook open in JupyterLab, as a test drives it: run cells, look at outputs, ask the kernel."""

import ast
from pathlib import Path

import nbformat

from tests.browser.lab import ROOT, TOKEN, LabServer

OUT = ROOT / "out"
PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
OUTPUT = ".jp-OutputArea-output"
LIMIT = 120_000  # milliseconds: loading TensorFlow on a busy machine takes most of a minute
IDLE = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
READY = """path => window.jupyterapp?.shell.currentWidget?.context?.path === path
  && window.jupyterapp.shell.currentWidget.context.isReady"""
ASK = """async code => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const request = kernel.requestExecute({code: '', silent: true, user_expressions: {asked: code}});
  return (await request.done).content.user_expressions.asked;
}"""
# a kernel that has just started may lose the first request it gets (seen with ipykernel 7.1): false then
ANSWERS = """async milliseconds => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const request = kernel.requestExecute({code: '', silent: true});
  return await Promise.race([
    request.done.then(() => true),
    new Promise(resolve => setTimeout(() => resolve(false), milliseconds)),
  ]);
}"""
RESTART = "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"
PATIENCE, TRIES = 20_000, 3
RUN_CELL = """async index => {
  const notebook = window.jupyterapp.shell.currentWidget.content;
  notebook.activeCellIndex = index;
  notebook.deselectAll();
  await window.jupyterapp.commands.execute('notebook:run-cell');
}"""
FINISHED = """index => {
  const cells = [...window.jupyterapp.shell.currentWidget.content.widgets];
  const wanted = index === null ? cells : [cells[index]];
  return wanted.every(cell => cell.model.type !== 'code' || !cell.model.sharedModel.source.trim()
    || (cell.model.sharedModel.execution_count && cell.model.sharedModel.executionState !== 'running'));
}"""
SOURCES = "window.jupyterapp.shell.currentWidget.content.widgets.map(cell => cell.model.sharedModel.source)"
FORGET_KERNEL = """() => {
  const shared = window.jupyterapp.shell.currentWidget.context.model.sharedModel;
  shared.setMetadata('kernelspec', {name: 'gone', display_name: 'Gone', language: 'gone'});
  shared.setMetadata('language_info', {name: 'gone'});
}"""


class NotebookPage:
    """A notebook of the server, open in a browser page."""

    place = "doc/tree"  # what follows the server's address

    def __init__(self, page, server: LabServer, path: str):
        self.page = page
        self.server = server
        self.path = path
        self.console_errors: list[str] = []
        page.on("pageerror", lambda error: self.console_errors.append(str(error)))
        page.set_default_timeout(60_000)

    def open(self) -> "NotebookPage":
        """Show the notebook and wait until its kernel answers; in the JupyterLab that is in the page, if one is."""
        if self.page.evaluate("'jupyterapp' in window"):
            self.command("docmanager:open", path=self.path, factory="Notebook")
            self.page.wait_for_function(READY, arg=self.path, timeout=LIMIT)
        else:
            self._go_to_it()
        self.wait_until_answering()
        self.command("notebook:enter-command-mode")
        return self

    def _go_to_it(self) -> None:
        self.page.goto(f"{self.server.url}/{self.place}/{self.path}?token={TOKEN}&reset")
        self.page.wait_for_function(READY, arg=self.path, timeout=LIMIT)

    def reload(self) -> None:
        """Load the page of this notebook again, as the browser's button does."""
        self._go_to_it()
        self.wait_until_idle()

    def command(self, name: str, **arguments):
        """Run one of JupyterLab's own commands and wait until it has answered."""
        run = "([name, args]) => window.jupyterapp.commands.execute(name, args).then(() => null)"
        return self.page.evaluate(run, [name, arguments])

    # --- running

    def wait_until_idle(self, timeout: int = LIMIT) -> None:
        self.page.wait_for_function(IDLE, timeout=timeout)

    def wait_until_answering(self) -> None:
        """Wait until the kernel has answered once; one that does not is started anew."""
        for _ in range(TRIES):
            self.wait_until_idle()
            if self.page.evaluate(ANSWERS, PATIENCE):
                return
            self.page.evaluate(RESTART)
        raise AssertionError(f"the kernel of {self.path} answers nothing, {TRIES} times started")

    def run_all(self, timeout: int = LIMIT) -> None:
        """Run every cell and wait until the last has finished."""
        self.page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
        self.page.wait_for_function(FINISHED, arg=None, timeout=timeout)
        self.wait_until_idle(timeout)

    def run_cell(self, index: int, wait: bool = True, timeout: int = LIMIT) -> None:
        """Run one cell; with `wait=False` return while it is still running."""
        if not wait:
            self.page.evaluate(f"index => {{ ({RUN_CELL})(index); }}", index)
            return
        self.page.evaluate(RUN_CELL, index)
        self.page.wait_for_function(FINISHED, arg=index, timeout=timeout)

    def interrupt(self) -> None:
        """What the toolbar's stop button does."""
        self.command("notebook:interrupt-kernel")

    def kernel_value(self, expression: str):
        """The value of a Python expression in the kernel, through its `repr`.

        Raises:
            AssertionError: the expression raised in the kernel.
        """
        answer = self.page.evaluate(ASK, expression)
        assert answer["status"] == "ok", f"{expression}: {answer.get('ename')}: {answer.get('evalue')}"
        text = answer["data"]["text/plain"]
        try:
            return ast.literal_eval(text)
        except (ValueError, SyntaxError):
            return text

    def wait_for_kernel(self, expression: str) -> None:
        """Wait until a Python expression is true in the kernel."""
        for _ in range(LIMIT // 200):
            if self.kernel_value(expression):
                return
            self.page.wait_for_timeout(200)
        raise AssertionError(f"still not true in the kernel: {expression}")

    # --- looking

    def cell(self, index: int):
        """The cell at this position, scrolled into view, as a Playwright locator."""
        found = self.page.locator(f"{PANEL} .jp-Cell[data-windowed-list-index='{index}']")
        found.scroll_into_view_if_needed()
        return found

    def output(self, index: int, number: int = 0):
        """One output of a cell, as a Playwright locator."""
        return self.outputs(index).nth(number)

    def outputs(self, index: int):
        return self.cell(index).locator(OUTPUT)

    def sources(self) -> list[str]:
        """The text of every cell, as the page has it now."""
        return self.page.evaluate(SOURCES)

    def stored(self):
        """The notebook as it lies on disk."""
        return nbformat.read(self.server.files / self.path, as_version=4)

    def theme(self, name: str) -> None:
        """'light' or 'dark'."""
        self.command("apputils:change-theme", theme=f"JupyterLab {name.title()}")
        self.page.wait_for_selector(f"body[data-jp-theme-light='{str(name == 'light').lower()}']", state="attached")

    def set_width(self, width: int, height: int | None = None) -> None:
        """The window's width (and height) in pixels."""
        size = self.page.viewport_size
        self.page.set_viewport_size({"width": width, "height": height or size["height"]})

    def grow_to_content(self) -> None:
        """Make the window as high as the notebook, so that one picture shows all of it."""
        height = self.page.evaluate(
            f"[...document.querySelectorAll('{PANEL} .jp-Cell')].reduce((sum, cell) => sum + cell.offsetHeight, 0)"
        )
        self.set_width(self.page.viewport_size["width"], int(height) + 160)

    def screenshot(self, name: str) -> Path:
        """A picture of the page in out/."""
        OUT.mkdir(exist_ok=True)
        target = OUT / f"{name}.png"
        self.page.screenshot(path=target)
        return target

    # --- saving

    def save(self) -> None:
        self.command("docmanager:save")

    def save_and_reopen(self, without_kernel: bool = True) -> None:
        """Save, end the kernel, load the page again: with a fresh kernel, or with none at all."""
        if without_kernel:
            self.page.evaluate(FORGET_KERNEL)
        self.save()
        self.page.goto("about:blank")
        self.server.shut_kernels_down()
        self._go_to_it()
        if without_kernel:
            self._decline_kernel()
        else:
            self.wait_until_answering()

    def _decline_kernel(self) -> None:
        dialog = self.page.locator(".jp-Dialog")
        dialog.get_by_role("button", name="No Kernel").click()
        dialog.wait_for(state="hidden")


def write_notebook(server: LabServer, path: str, cells, kernel: str = "python3") -> None:
    """Save a notebook of code cells for the server; `cells` holds their sources."""
    kernelspec = {"name": kernel, "display_name": kernel, "language": "python"}
    made = [nbformat.v4.new_code_cell(source) for source in cells]
    notebook = nbformat.v4.new_notebook(cells=made, metadata={"kernelspec": kernelspec})
    nbformat.write(notebook, server.files / path)
