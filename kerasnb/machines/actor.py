"""A machine as an actor of Ray."""

from __future__ import annotations

from typing import Any

__all__ = ["actor_class"]


def actor_class(ray: Any) -> Any:
    """The class of actors, which imports nothing before it is told where Python looks for modules.

    Ray sends a class that is made in a function as code, so that what is missing on a computer is an answer.
    """

    @ray.remote(num_cpus=1, max_restarts=0, max_task_retries=0, concurrency_groups={"signs": 1})
    class Machine:
        def __init__(self) -> None:
            self.answering: Any = None

        def come(self, path: tuple[str, ...], version: str) -> bytes:
            """Where it is: pickled ("done", facts) or ("failed", why)."""
            import importlib
            import os
            import pickle
            import sys

            sys.path.extend(place for place in path if place not in sys.path)
            os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", KERASNB_HOME="off")
            host = ray.util.get_node_ip_address()
            try:
                there = importlib.import_module("kerasnb").__version__
            except ImportError as error:
                return pickle.dumps(("failed", f"the computer {host} has no kerasnb {version}: {error}"))
            if there != version:
                return pickle.dumps(("failed", f"the computer {host} has kerasnb {there}, the notebook {version}"))
            worker = importlib.import_module("kerasnb.machines.worker")
            self.answering = worker.Answering()
            return pickle.dumps(("done", worker.whereabouts(host)))

        def do(self, message: bytes, arrays: Any = None) -> bytes:
            """The pickled answer to a pickled message; arrays in Ray's store are looked at where they lie."""
            import pickle

            told = pickle.loads(message)
            return pickle.dumps(self.answering.to(told if arrays is None else (*told, arrays)), protocol=5)

        @ray.method(concurrency_group="signs")
        def lives(self) -> None:
            """That it answers."""

    return Machine
