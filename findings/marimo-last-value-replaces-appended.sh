#!/usr/bin/env bash
# marimo 0.25.2: what a cell has shown by mo.output.append is gone once the cell ends with a value. A cell that shows its progress that way
# and then ends in its result, as a fit with live curves does, shows the result alone; the same cell without a last value keeps all. In
# Jupyter display() and the last value stand below each other. So a library that draws by `append` is to give its caller nothing
# to end a cell with, or the caller has to write `_ = fit(...)`.
# Seen (Python 3.11), in the page that `marimo export html` makes of two cells, each appending two lines:
#   cell without a last value: both lines are shown
#   cell with a last value: none of its lines is shown, the value is
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q marimo==0.25.2
cat >"$folder/app.py" <<'PYTHON'
import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo

    return (mo,)


@app.cell
def _(mo):
    mo.output.append("kept line 1")
    mo.output.append("kept line 2")
    return


@app.cell
def _(mo):
    mo.output.append("gone line 1")
    mo.output.append("gone line 2")
    "the last value"
    return
PYTHON
cd "$folder"
"$folder/venv/bin/python" -m marimo export html app.py -o page.html --no-include-code >export.log 2>&1
"$folder/venv/bin/python" - <<'PYTHON'
page = open("page.html", encoding="utf-8").read()
shown = {text: text in page for text in ("kept line 1", "kept line 2", "gone line 1", "gone line 2", "the last value")}
print("cell without a last value:", "both lines are shown" if shown["kept line 1"] and shown["kept line 2"] else shown)
gone = not shown["gone line 1"] and not shown["gone line 2"] and shown["the last value"]
print("cell with a last value:", "none of its lines is shown, the value is" if gone else shown)
assert shown["kept line 1"] and shown["kept line 2"] and gone, "the behaviour has changed"
PYTHON
