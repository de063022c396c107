"""Finds the machine's Chromium and starts it for Playwright."""

import os
import shutil
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
)
MISSING = """No Chromium for the browser tests; looked for KERASNB_CHROMIUM and {names}.
Install one (Debian: apt-get install chromium) or set KERASNB_CHROMIUM=/path/to/chrome."""


def find_chromium() -> str:
    """The path of the browser: KERASNB_CHROMIUM, or the first known name on the PATH.

    Raises:
        RuntimeError: there is none. Browser tests then fail, they are never skipped.
    """
    wanted = os.environ.get("KERASNB_CHROMIUM")
    candidates = [wanted] if wanted else NAMES
    found = next(filter(None, map(shutil.which, candidates)), None)
    if not found:
        raise RuntimeError(MISSING.format(names=", ".join(NAMES)))
    return found


def launch(playwright):
    return playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))


if __name__ == "__main__":
    try:
        print(find_chromium())
    except RuntimeError as error:
        sys.exit(str(error))
