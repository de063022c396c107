"""What goes wrong with machines that Ray finds: who is named, what is left."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from kerasnb import backend as K
from kerasnb.backend.ops.refuse import refused_unless
from kerasnb.callbacks import LambdaCallback
from kerasnb.errors import MachineError
from kerasnb.layers import Dense, Lambda
from kerasnb.machines import using
from kerasnb.machines.group import Limits
from kerasnb.models import Sequential
from tests.machines.trainings import X, Y, in_use, lives, mlp, processes

TWO = "ray:2"


def none_lives(pids, seconds=20.0):
    """Whether all have ended; Ray takes a moment to tell of it."""
    until = time.monotonic() + seconds
    while any(map(lives, pids)) and time.monotonic() < until:
        time.sleep(0.1)
    return not any(map(lives, pids))


def machines_there():
    """The processes of machines of this computer."""
    told = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout
    return [int(line.split()[0]) for line in told.splitlines() if "ray::Machine" in line]


# what is done to a machine, and what is said of it; once each, since it is all the same to them what they compute
FAULTS = {
    "tensorflow": (signal.SIGKILL, "was killed, or ended by itself; .*Ray says"),
    "theano": (signal.SIGSTOP, "gave no sign of life for 3 s"),
}


def test_a_machine_that_is_killed_or_hangs_is_named_and_the_weights_are_those_of_the_last_epoch(backend):
    mlp().fit(X, Y, 12, 1, verbose=0, machines=TWO)
    of_epochs, pids = [], processes()
    in_use().group.limits = Limits(silence=3.0)
    sent, said = FAULTS[backend]

    def harm(epoch, logs):
        of_epochs.append(model.get_weights())
        if epoch == 1:
            os.kill(pids[1], sent)

    model = mlp()
    with pytest.raises(MachineError, match=f"machine 1 of ray:2 .process {pids[1]} on 127.0.0.1. {said}"):
        model.fit(X, Y, 12, 50, verbose=0, callbacks=[LambdaCallback(on_epoch_end=harm)], machines=TWO)
    assert len(of_epochs) == 2
    assert all((mine == theirs).all() for mine, theirs in zip(model.get_weights(), of_epochs[-1], strict=True))
    assert none_lives(pids)


def test_training_goes_on_after_a_machine_was_killed():
    model = mlp()
    model.fit(X, Y, 12, 1, verbose=0, machines=TWO)
    pids = processes()
    os.kill(pids[0], signal.SIGKILL)
    with pytest.raises(MachineError, match="machine 0 of ray:2"):
        model.fit(X, Y, 12, 1, verbose=0, machines=TWO)
    model.fit(X, Y, 12, 1, verbose=0, machines=TWO)
    assert len(model.history.epoch) == 1 and not set(processes()) & set(pids)


def test_an_error_in_a_layer_on_one_machine_says_which_and_why(backend):
    small = Lambda(lambda x: refused_unless(x, K.lesser(x, 50.0), "a number is too large.", "Scale it."))
    model = Sequential([Dense(2, input_dim=6), small])
    model.compile("sgd", "mse")
    x = X[:24].copy()
    x[11] = 1e6
    with pytest.raises(MachineError, match="machine 1 of ray:2 .*a number is too large"):
        model.fit(x, Y[:24, :2], 12, 1, verbose=0, shuffle=False, machines=TWO)
    assert none_lives(processes())


def test_machines_for_which_there_is_no_place_are_counted_and_none_is_left(monkeypatch):
    using.close_machines()
    monkeypatch.setattr(using, "LIMITS", Limits(start=8.0))
    words = r"machine \d+ of ray:16 \(not placed yet\) did not come within 8 s: \d of 16 are there.* 4 processors"
    with pytest.raises(MachineError, match=words):
        mlp().fit(X, Y, 32, 1, verbose=0, machines="ray:16")
    assert none_lives(machines_there())


def test_stop_while_machines_start_ends_the_training_and_leaves_none():
    using.close_machines()
    model = mlp()
    stop = threading.Timer(1.0, lambda: model.control.stop())
    stop.start()
    model.fit(X, Y, 12, 5, verbose=0, machines=TWO)
    stop.join()
    assert model.history.epoch == []
    assert none_lives(machines_there())


NOTEBOOK = """
    import os
    from tests.machines.trainings import X, Y, in_use, mlp

    mlp().fit(X, Y, 12, 1, verbose=0, machines="ray:2")
    print(*in_use().group.pids, flush=True)
    os.kill(os.getpid(), 9)
"""


def test_machines_end_when_the_notebooks_kernel_is_killed():
    environment = {key: value for key, value in os.environ.items() if key != "RAY_ADDRESS"}
    command = [sys.executable, "-c", textwrap.dedent(NOTEBOOK)]
    ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=environment, timeout=200, check=False)
    pids = list(map(int, ended.stdout.split()))
    assert ended.returncode == -signal.SIGKILL and len(pids) == 2
    assert none_lives(pids)
