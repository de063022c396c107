"""The connection to Ray, with another module in Ray's place."""

import importlib
import threading
import types

import pytest

from kerasnb.errors import BackendError, MachineError
from kerasnb.machines import connecting
from kerasnb.machines.group import StoppedError


class Pretender(types.SimpleNamespace):
    """What `connected` asks of Ray."""

    def __init__(self, init=lambda: None, is_there=False):
        self.is_there, self.ended = is_there, threading.Event()
        self._init = init

    def is_initialized(self):
        return self.is_there

    def init(self, address, **_settings):
        self._init()
        self.is_there, self.address = True, address

    def shutdown(self):
        self.is_there = False
        self.ended.set()


@pytest.fixture
def ray(monkeypatch):
    """`ray(**how)` puts a pretender into the place of Ray."""

    def put(**how):
        made = Pretender(**how)
        load = importlib.import_module
        monkeypatch.setattr(
            importlib, "import_module", lambda name, *more: made if name == "ray" else load(name, *more)
        )
        return made

    yield put
    connecting.disconnect()


def connected(address=None, seconds=20.0, stopped=lambda: False):
    return connecting.connected("ray:2", address, seconds, stopped)


def refusing(error):
    def init():
        raise error

    return init


def test_ray_that_is_not_installed_is_named_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setitem(connecting.importlib.import_module("sys").modules, "ray", None)
    with pytest.raises(BackendError, match=r'need the package ray(.|\n)*pip install "kerasnb\[cluster\]"'):
        connected()


def test_a_connection_is_ended_with_the_machines(ray):
    made = ray()
    connected("ray://head:10001")
    assert made.address == "ray://head:10001"
    connecting.disconnect()
    assert made.ended.is_set() and not made.is_there


def test_the_connection_of_the_notebook_is_used_and_left(ray):
    made = ray(is_there=True)
    assert connected() is made
    connecting.disconnect()
    assert made.is_there


def test_another_address_than_that_of_the_notebooks_connection_is_refused(ray):
    ray(is_there=True)
    with pytest.raises(MachineError, match="connected to Ray already(.|\n)*ray.shutdown"):
        connected("ray://head:10001")


def test_another_address_takes_the_place_of_a_connection_that_was_made_here(ray):
    made = ray()
    connected("ray://one:10001")
    connected("ray://two:10001")
    assert made.address == "ray://two:10001" and made.ended.is_set()


def test_what_ray_says_against_a_connection_is_told(ray):
    ray(init=refusing(RuntimeError("no such host")))
    with pytest.raises(MachineError, match="no connection to Ray. RuntimeError: no such host"):
        connected("ray://head:10001")


@pytest.mark.parametrize("how", [{"seconds": 0.0}, {"stopped": lambda: True}])
def test_a_connection_that_comes_too_late_is_ended(ray, how):
    gate = threading.Event()
    made = ray(init=lambda: gate.wait(20))
    with pytest.raises((MachineError, StoppedError)):
        connected("ray://head:10001", **how)
    gate.set()
    assert made.ended.wait(20)
