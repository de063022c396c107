"""The window that one browser test leaves to the next: JupyterLab stays loaded in it, notebooks do not."""

SIZE = {"width": 1200, "height": 1000}
CLOSE_DOCUMENTS = """() => {
  const { shell } = window.jupyterapp;
  for (const document of [...shell.widgets("main")]) document.dispose();
  return [...shell.widgets("main")].length === 0 && document.querySelector(".jp-Dialog") === null;
}"""


class Window:
    """One page of Chromium. To load JupyterLab costs five seconds of the processor, to open a notebook in it a half."""

    def __init__(self, chromium):
        self._chromium = chromium
        self._context = None

    def page(self):
        """The page, with JupyterLab in it if a test has been here before."""
        if self._context is None:
            self._context = self._chromium.new_context(viewport=SIZE)
            self._context.new_page()
        return self._context.pages[0]

    def tidy(self) -> None:
        """Make it as the next test expects it; one that can not be made so is closed."""
        if self._context is None:
            return
        page, *others = self._context.pages
        for other in others:
            other.close()
        page.set_viewport_size(SIZE)
        page.mouse.move(0, 0)
        if not page.evaluate(f"'jupyterapp' in window && ({CLOSE_DOCUMENTS})()"):
            self.close()

    def close(self) -> None:
        if self._context is not None:
            self._context.close()
            self._context = None
