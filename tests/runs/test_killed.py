"""A process that is killed while it trains."""

import os
import subprocess
import sys
from pathlib import Path

from kerasnb import runs

TRAINS_FOR_LONG = """
import numpy as np
from kerasnb import backend as K, runs
from kerasnb.callbacks import LambdaCallback
from kerasnb.layers import Dense
from kerasnb.models import Sequential

K.use("theano")
model = Sequential([Dense(2, input_dim=3)], name="small")
model.compile("sgd", "mse")
say = LambdaCallback(on_epoch_end=lambda epoch, logs: print(epoch + 1, flush=True))
x, y = np.ones((8, 3), "float32"), np.ones((8, 2), "float32")
model.fit(x, y, nb_epoch=10**6, verbose=0, callbacks=[runs.RunRecorder(), say])
"""


def test_a_kernel_that_is_killed_loses_nothing_of_its_curve(tmp_path, monkeypatch):
    monkeypatch.setenv("KERASNB_HOME", str(tmp_path))
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen([sys.executable, "-c", TRAINS_FOR_LONG], stdout=subprocess.PIPE, env=environment) as child:
        told = next(int(line) for line in child.stdout if int(line) >= 20)
        [running] = runs.all(tmp_path / "kernel" / "runs")
        assert running.outcome == "running"
        child.kill()
        told = max([told, *map(int, child.stdout.read().split())])
    [record] = runs.all(tmp_path / "kernel" / "runs")
    assert record.describe() == f"interrupted at epoch {record.epochs} of 1000000"
    assert record.damaged == 0 and told <= record.epochs <= told + 1
    assert len(record.curve.logs["loss"]) == record.epochs
