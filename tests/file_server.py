"""A web server on this machine that serves files made by a test, and misbehaves when asked to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FileServer:
    """Files by name; `asked` lists the names that were asked for.

    A name in `cut_short` is served without its last byte, though its length is announced in full.
    """

    def __init__(self, url: str):
        self.url = url
        self.files: dict[str, bytes] = {}
        self.cut_short: set[str] = set()
        self.lengthless: set[str] = set()
        self.headers: dict[str, str] = {}
        self.asked: list[str] = []
        self.posted: list[bytes] = []

    def put(self, name: str, content: bytes) -> str:
        """Serve `content`, and give its URL."""
        self.files[name] = content
        return self.at(name)

    def at(self, name: str) -> str:
        return f"{self.url}/{name}"


class _Handler(BaseHTTPRequestHandler):
    served: FileServer

    def do_GET(self):
        name = self.path.lstrip("/")
        self.served.asked.append(name)
        if name not in self.served.files:
            self.send_error(404)
            return
        content = self.served.files[name]
        self.send_response(200)
        for key, value in self.served.headers.items():
            self.send_header(key, value)
        if name not in self.served.lengthless:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[:-1] if name in self.served.cut_short else content)

    def do_POST(self):
        self.served.posted.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.do_GET()

    def log_message(self, *arguments):
        pass


@contextmanager
def serving() -> Iterator[FileServer]:
    """Serve on a free port while the block runs."""
    handler = type("Handler", (_Handler,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        handler.served = FileServer(f"http://127.0.0.1:{server.server_port}")
        # it looks whether to stop so often, seconds
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield handler.served
        finally:
            server.shutdown()
            thread.join()
