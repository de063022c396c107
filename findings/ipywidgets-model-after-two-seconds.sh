#!/usr/bin/env bash
# ipywidgets 8.1.9 (jupyterlab_widgets 3.0.17) in JupyterLab: an output whose widget the page does not know yet waits two seconds for it, then
# says "Error displaying widget: model not found" and never looks again, although the widget may come later. In a notebook shared by two
# pages (jupyter-collaboration) output and widget come by two ways, the document and the kernel's socket; on a busy machine the second can be
# more than two seconds behind. Here the second page's messages from the kernel are held for three seconds. Shown by another
# cell the same widget is drawn: the page has it. Needs Chromium (KERASNB_CHROMIUM, or `chromium` on the PATH). Seen (Python 3.11, JupyterLab 4.6.6):
#   kernel's messages held: Error displaying widget: model not found
#   five seconds after they came: Error displaying widget: model not found
#   the same widget, shown by a second cell: drawn
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q jupyterlab==4.6.6 jupyter-collaboration==5.0.4 ipywidgets==8.1.9 jupyterlab_widgets==3.0.17 ipykernel==7.4.0 nbformat==5.11.1 playwright==1.65.2
mkdir "$folder/files"
for name in CONFIG DATA RUNTIME; do export "JUPYTER_${name}_DIR=$folder/$name"; done
export JUPYTERLAB_SETTINGS_DIR="$folder/settings" JUPYTERLAB_WORKSPACES_DIR="$folder/workspaces" IPYTHONDIR="$folder/ipython"
cat >"$folder/program.py" <<'PYTHON'
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import nbformat
from playwright.sync_api import sync_playwright

files = sys.argv[1]
sources = ["import ipywidgets\nslider = ipywidgets.IntSlider()\nslider", "slider"]
cells = [nbformat.v4.new_code_cell(source) for source in sources]
kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), files + "/shared.ipynb")
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
options = f"--no-browser --allow-root --ip=127.0.0.1 --port={port} --IdentityProvider.token=t --expose-app-in-browser".split()
server = subprocess.Popen([sys.executable, "-m", "jupyterlab", *options], cwd=files, stderr=subprocess.DEVNULL)
address = f"http://127.0.0.1:{port}"
for _ in range(600):
    try:
        urllib.request.urlopen(address + "/api/status?token=t")
        break
    except OSError:
        time.sleep(0.2)
NOTEBOOK = "window.jupyterapp?.shell.currentWidget"
READY = f"{NOTEBOOK}?.context?.isReady && {NOTEBOOK}.sessionContext.session?.kernel?.status === 'idle'"
RUN = """index => {
  window.jupyterapp.shell.currentWidget.content.activeCellIndex = index;
  window.jupyterapp.commands.execute('notebook:run-cell');
}"""
late, holds = [], False


def join(page_socket):
    def forward(message):
        late.append((page_socket, message)) if holds else page_socket.send(message)

    page_socket.connect_to_server().on_message(forward)


def opened(page):
    page.goto(f"{address}/doc/tree/shared.ipynb?token=t&reset")
    page.wait_for_function(READY, timeout=120_000)
    page.wait_for_timeout(2000)
    return page


try:
    with sync_playwright() as playwright:
        chromium = os.environ.get("KERASNB_CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context()
        first, second = opened(context.new_page()), context.new_page()
        second.route_web_socket(re.compile("/channels"), join)
        opened(second)
        second.evaluate("() => { window.jupyterapp.commands.execute('notebook:trust'); }")
        second.get_by_role("dialog").get_by_role("button", name="Trust").click()
        holds = True
        first.evaluate(RUN, 0)
        shown = second.locator(".jp-OutputArea-output").first
        shown.wait_for(timeout=120_000)
        second.wait_for_timeout(3000)
        held = shown.inner_text()
        print("kernel's messages held:", held)
        holds = False
        for page_socket, message in late:
            page_socket.send(message)
        second.wait_for_timeout(5000)
        after = shown.inner_text()
        print("five seconds after they came:", after)
        first.evaluate(RUN, 1)
        second.locator(".jp-OutputArea-output [role=slider]").wait_for(timeout=60_000)
        print("the same widget, shown by a second cell: drawn")
        browser.close()
finally:
    server.terminate()
assert held == after == "Error displaying widget: model not found", "the behaviour has changed"
PYTHON
"$folder/venv/bin/python" "$folder/program.py" "$folder/files"
