"""A scanner that speaks clamd's protocol on a real socket, and finds what a test says is to be found."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SIGNATURE = b"X5O!P%@AP"


class _Answers(socketserver.StreamRequestHandler):
    """Takes one INSTREAM and answers it, as clamd does with StreamMaxLength at a megabyte."""

    def handle(self) -> None:
        assert self.rfile.readline() == b"nINSTREAM\n"
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        if len(content) > 1_000_000:
            self.wfile.write(b"INSTREAM size limit exceeded. ERROR\n")
        elif SIGNATURE in content:
            self.wfile.write(b"stream: Canary.Test.Signature FOUND\n")
        else:
            self.wfile.write(b"stream: OK\n")


@contextmanager
def running_scanner() -> Iterator[str]:
    """The address of a scanner that runs as long as the block."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Answers) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"tcp://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
