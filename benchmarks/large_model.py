"""Opening a widget on VGG16 (138 million weights): seconds to its first picture, peak memory against the weights.

For Linux, which can forget a process's peak.
"""

import gc
import os
import re
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.measure import report

STATUS, FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
BYTES = 4  # of a weight


def open_builder(net, x, y):
    from kerasnb.widgets import Builder

    Builder(net).picture()


def open_fit(net, x, y):
    from kerasnb.widgets import FitPanel

    FitPanel(net, x, y).picture()


def open_inspector(net, x, y):
    """The output of the first layer, which is computed in the background."""
    from kerasnb.widgets import Inspector

    inspector = Inspector(net, x, y)
    while inspector.look.get("state", "pending") == "pending":
        time.sleep(0.001)
    first = time.perf_counter()
    inspector._work.wait()  # what comes after the picture: the sample's facts, dead units
    return first


def open_freeze(net, x, y):
    from kerasnb.widgets import FreezePanel

    FreezePanel(net).picture()


def freeze_and_verify(net, x, y):
    """All layers but the last are frozen, and hashed twice."""
    from kerasnb.widgets import FreezePanel

    panel = FreezePanel(net)
    panel.freeze_up_to("fc2")
    assert panel.verify()


WIDGETS = {
    "Builder": open_builder,
    "Fit": open_fit,
    "Inspector": open_inspector,
    "Freeze": open_freeze,
    "freeze and verify": freeze_and_verify,
}


def main(what: str) -> None:
    import kerasnb.widgets  # noqa: F401  a notebook has imported it before
    from kerasnb.applications.vgg16 import VGG16

    os.environ |= {"KERASNB_WATCHED": "1", "KERASNB_HOME": "off"}
    x, y = np.zeros((4, 224, 224, 3), "float32"), np.eye(1000)[:4]
    net = VGG16(weights=None)
    net.predict(x[:1])  # its weights are where the backend has them
    gc.collect()
    before = memory("VmRSS")
    FORGET.write_text("5")
    began = time.perf_counter()
    ended = WIDGETS[what](net, x, y) or time.perf_counter()
    weights = BYTES * net.count_params()
    report(seconds=ended - began, times_weights=1 + (memory("VmHWM") - before) / weights)


def memory(what: str) -> int:
    """Bytes: `VmRSS` now, `VmHWM` at the peak."""
    found = re.search(rf"{what}:\s+(\d+) kB", STATUS.read_text())
    assert found is not None
    return 1024 * int(found[1])


if __name__ == "__main__":
    main(sys.argv[1])
