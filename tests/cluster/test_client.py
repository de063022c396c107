"""Training from a kernel that reaches a cluster by its client server."""

import os
import signal
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from kerasnb.machines.joining import free_port
from tests.cluster.test_faults import none_lives
from tests.machines.trainings import X, Y, mlp

SERVER = """
    import sys

    import ray
    from ray.util.client.server.server import serve

    ray.init("local", num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    server = serve("127.0.0.1", int(sys.argv[1]))
    print("listens", flush=True)
    sys.stdin.read()
    server.stop(0)
    ray.shutdown()
"""
KERNEL = """
    import os, sys
    import numpy as np
    from tests.machines.trainings import X, Y, in_use, mlp

    model = mlp()
    np.random.seed(7)
    model.fit(X, Y, 12, 2, verbose=0, machines=sys.argv[1])
    np.savez(sys.argv[2], *model.get_weights())
    print(*in_use().group.pids, flush=True)
    os.kill(os.getpid(), 9)
"""


def started(code, *arguments):
    # a Ray of its own, whose token the kernel uses, too
    environment = {key: value for key, value in os.environ.items() if key != "RAY_ADDRESS"} | {"RAY_AUTH_MODE": "token"}
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)


@pytest.fixture
def address():
    port = free_port()
    server = started(SERVER, port)
    assert server.stdout.readline() == "listens\n"
    yield f"ray://127.0.0.1:{port}"
    server.communicate("", timeout=60)


def test_a_cluster_trains_as_one_process_and_is_left_when_the_kernel_is_killed(address, tmp_path):
    kernel = started(KERNEL, f"{address}/2", tmp_path / "weights.npz")
    said = kernel.communicate(timeout=200)[0]
    pids = list(map(int, said.split()))
    assert kernel.returncode == -signal.SIGKILL and len(pids) == 2
    one = mlp()
    np.random.seed(7)
    one.fit(X, Y, 12, 2, verbose=0)
    with np.load(tmp_path / "weights.npz") as weights:
        there = [weights[name] for name in weights]
    assert all(np.abs(mine - theirs).max() < 1e-6 for mine, theirs in zip(one.get_weights(), there, strict=True))
    assert none_lives(pids, seconds=60)
