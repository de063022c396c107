"""RemoteMonitor against a real server on this machine, and against none."""

import http.server
import json
import socket
import threading
import urllib.parse

import numpy as np
import pytest

from kerasnb.callbacks import RemoteMonitor, remote
from kerasnb.layers import Dense
from kerasnb.models import Sequential

X, Y = np.random.RandomState(0).rand(10, 3), np.random.RandomState(1).rand(10, 1)


@pytest.fixture
def server():
    """A server that keeps what is posted; `root` is its address."""
    posts = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            posts.append((self.path, dict(self.headers), body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments):
            """Stay quiet."""

    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.posts, running.root = posts, f"http://127.0.0.1:{running.server_port}"
    threading.Thread(target=running.serve_forever, args=(0.01,)).start()
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture
def nobody():
    """An address where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def fit(*callbacks, **arguments):
    model = Sequential([Dense(1, input_shape=(3,))])
    model.compile("sgd", "mse")
    return model.fit(X, Y, **{"nb_epoch": 2, "verbose": 0, "callbacks": list(callbacks), **arguments})


def test_each_epoch_is_posted_as_json_in_a_form_field(backend, server):
    found = fit(RemoteMonitor(server.root), validation_split=0.5)
    assert [path for path, _, _ in server.posts] == ["/publish/epoch/end/"] * 2
    sent = [json.loads(urllib.parse.parse_qs(body)["data"][0]) for _, _, body in server.posts]
    assert [one["epoch"] for one in sent] == [0, 1]
    assert [one["val_loss"] for one in sent] == pytest.approx(found.history["val_loss"])
    headers = server.posts[0][1]
    assert headers["Accept"] == headers["Content-Type"] == "application/json"


def test_path_field_and_headers_may_be_others(server):
    monitor = RemoteMonitor(server.root, path="/here", field="figures", headers={"X-Who": "me"})
    monitor.on_epoch_end(3, {"loss": 1.5})
    path, headers, body = server.posts[0]
    assert path == "/here" and headers["X-Who"] == "me"
    assert json.loads(urllib.parse.parse_qs(body)["figures"][0]) == {"epoch": 3, "loss": 1.5}


def test_numbers_and_arrays_of_numpy_are_cast(server):
    logs = {"a": np.float32(0.5), "b": np.int64(2), "c": np.array(3.0), "d": np.array([1, 2]), "e": [np.float32(1)]}
    RemoteMonitor(server.root).on_epoch_end(0, logs)
    sent = json.loads(urllib.parse.parse_qs(server.posts[0][2])["data"][0])
    assert sent == {"epoch": 0, "a": 0.5, "b": 2, "c": 3.0, "d": [1, 2], "e": [1.0]}


def test_later_programs_may_send_plain_json(server):
    RemoteMonitor(server.root, send_as_json=True).on_epoch_end(0, {"loss": 1.0})
    assert json.loads(server.posts[0][2]) == {"epoch": 0, "loss": 1.0}


def test_a_server_that_is_down_is_a_warning_and_training_goes_on(backend, nobody):
    with pytest.warns(RuntimeWarning, match=f"could not reach RemoteMonitor root server at {nobody}"):
        assert fit(RemoteMonitor(nobody)).epoch == [0, 1]


def test_a_server_that_does_not_answer_is_a_warning(monkeypatch):
    monkeypatch.setattr(remote, "_PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        root = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.warns(RuntimeWarning, match="no answer within 0.1 s"):
            RemoteMonitor(root).on_epoch_end(0, {"loss": 1.0})


def test_no_address_at_all_is_a_warning():
    with pytest.warns(RuntimeWarning, match="could not reach"):
        RemoteMonitor("nowhere").on_epoch_end(0, {"loss": 1.0})
