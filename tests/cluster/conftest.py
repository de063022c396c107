"""One Ray for all tests, as a user's `ray.init` starts it, but where only this computer reaches it."""

import importlib.util
import os

import pytest

os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"  # Ray listens on 127.0.0.1, as it does on these systems
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
os.environ["RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO"] = "0"
PROCESSORS = 4


@pytest.fixture(scope="session", autouse=True)
def ray():
    assert importlib.util.find_spec("ray"), "Ray is not there: run `make test-cluster`"
    import ray

    from kerasnb import machines

    quiet = {"include_dashboard": False, "log_to_driver": False, "logging_level": "ERROR"}
    ray.init("local", num_cpus=PROCESSORS, object_store_memory=200 << 20, **quiet)
    yield ray
    machines.close()
    ray.shutdown()
