"""The whole application on a real port."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from werkzeug.serving import WSGIRequestHandler, make_server

from judging.composition import create_web

if TYPE_CHECKING:
    from judging.services.platform import Platform


class _Quiet(WSGIRequestHandler):
    """Answers without a line in the log for each of a page's parts."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


class Site:
    """The application on one port, a free one unless it is given, which can be put down and up again."""

    def __init__(self, platform: Platform, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self._platform = platform
        self.host, self.port = host, port
        self.start()

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"

    def start(self) -> None:
        app = create_web(self._platform)
        self._server = make_server(self.host, self.port, app, threaded=True, request_handler=_Quiet)
        self.port = self._server.port
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
