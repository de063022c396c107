"""Runs the tutorials and keeps their outputs, without what belongs to one machine or one run.

python -m tests.notebooks.refresh                   all of them
python -m tests.notebooks.refresh notebooks/01_first_model.ipynb

Answers of exercises, hidden in the text, are run after the last cell, and what they print is said: they have to be
right, too.
"""

import os
import re
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
KEPT_METADATA = ("kernelspec", "language_info")


def run(path: Path) -> nbformat.NotebookNode:
    """The notebook, executed from top to bottom in its own folder, the answers of its exercises last."""
    notebook = nbformat.read(path, as_version=4)
    answers = [nbformat.v4.new_code_cell(code) for cell in notebook.cells for code in hidden_code(cell)]
    notebook.cells += answers
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}}).execute()
    for answer in answers:
        print(f"answer of {path.name}:", *(_text(output) for output in answer.outputs))
    notebook.cells = notebook.cells[: len(notebook.cells) - len(answers)]
    return notebook


def hidden_code(cell: nbformat.NotebookNode) -> list[str]:
    """The Python in what unfolds in a cell of text."""
    folded = re.findall(r"<details>.*?</details>", cell.source, re.DOTALL) if cell.cell_type == "markdown" else []
    return [code for part in folded for code in re.findall(r"```python\n(.*?)```", part, re.DOTALL)]


def _text(output: nbformat.NotebookNode) -> str:
    return output.get("text") or output.get("data", {}).get("text/plain", "")


def without_traces(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook less the live widgets (their pictures stay), times and the state of its kernel."""
    kept = {name: notebook.metadata[name] for name in KEPT_METADATA if name in notebook.metadata}
    kept["language_info"] = {"name": "python"}
    notebook.metadata = nbformat.from_dict(kept)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [one for one in cell.outputs if not _is_of_one_run(one)]
    return notebook


def _is_of_one_run(output: nbformat.NotebookNode) -> bool:
    """A widget's view needs its kernel: reopened, it would show an error where the picture below it says everything.

    What libraries say on stderr when they are loaded is about the machine.
    """
    return WIDGET_VIEW in output.get("data", {}) or output.get("name") == "stderr"


def main(paths: list[Path]) -> None:
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    for path in paths:
        start = time.perf_counter()
        nbformat.write(without_traces(run(path)), path)
        print(f"{path.name}: {time.perf_counter() - start:.0f} s, {path.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    main([Path(name).resolve() for name in sys.argv[1:]] or sorted(FOLDER.glob("*.ipynb")))
