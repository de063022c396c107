"""One Chromium for all hosts, and a server of each kind when its first test asks for it."""

import itertools

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.chromium import launch
from tests.browser.lab import serve
from tests.browser.notebook_page import write_notebook
from tests.conftest import BACKENDS
from tests.hosts.servers import PACKAGES, ExtendedLab, MarimoServer, VoilaServer
from tests.warm_kernels import WARM

expect.set_options(timeout=60_000)
numbers = itertools.count(1)
SIZE = {"width": 1280, "height": 4200}  # all widgets at once: what is out of sight is not drawn everywhere
MISSING = f"{PACKAGES.name} is not there: run `make test-hosts`"


@pytest.fixture(scope="session", autouse=True)
def packages():
    assert PACKAGES.is_dir(), MISSING


@pytest.fixture(params=BACKENDS)
def backend(request):
    """The name of a backend, for kernels: this process loads none."""
    return request.param


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium):
    opened = chromium.new_context(viewport=SIZE)
    yield opened
    opened.close()


@pytest.fixture
def page(context):
    return context.new_page()


@pytest.fixture(scope="session")
def voila(tmp_path_factory):
    yield from serve(VoilaServer(tmp_path_factory.mktemp("voila") / "home"))


@pytest.fixture(scope="session")
def server_side(tmp_path_factory):
    """JupyterLab whose cells the server runs."""
    home = tmp_path_factory.mktemp("nbmodel") / "home"
    yield from serve(ExtendedLab(home, ["@datalayer/jupyter-server-nbmodel"], ["jupyter_server_nbmodel"]))


@pytest.fixture(scope="session")
def shared(tmp_path_factory):
    """JupyterLab in which several pages share a notebook."""
    home = tmp_path_factory.mktemp("collaboration") / "home"
    front_ends = ["@jupyter/collaboration-extension", "@jupyter/docprovider-extension"]
    yield from serve(ExtendedLab(home, front_ends, ["jupyter_server_ydoc", "jupyter_server_fileid"]))


@pytest.fixture
def marimo(tmp_path_factory):
    """`marimo(cells)` gives a server for a notebook of these."""
    servers = []

    def start(cells) -> MarimoServer:
        servers.append(MarimoServer(tmp_path_factory.mktemp("marimo") / "home", cells))
        servers[-1].wait_until_up()
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def written():
    """`written(server, cells)` puts a notebook among the server's files; gives its name."""

    def write(server, cells) -> str:
        name = f"notebook_{next(numbers)}.ipynb"
        write_notebook(server, name, cells, WARM)
        return name

    return write
