"""A page that gets the kernel's messages late, as on a machine with more to do than it can."""

import re


class SlowMessages:
    """What the kernel sends to `page` waits between `hold()` and `let_go()`; the notebook itself is not late."""

    def __init__(self, page):
        self._late: list = []  # (socket of the page, message)
        self._holds = False
        page.route_web_socket(re.compile("/channels"), self._join)

    def _join(self, socket) -> None:
        def forward(message) -> None:
            if self._holds:
                self._late.append((socket, message))
            else:
                socket.send(message)

        socket.connect_to_server().on_message(forward)

    def hold(self) -> None:
        self._holds = True

    def let_go(self) -> None:
        self._holds = False
        for socket, message in self._late:
            socket.send(message)
        self._late.clear()
