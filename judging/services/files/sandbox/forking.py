"""The process that has its parsers loaded: `python -I -m judging.services.files.sandbox.forking < SOCKET`.

It reads no file. For each that comes over its socket it forks, and the fork does what a process of its own would do: it
bounds itself, opens that one file, and says what it found. Loading the interpreter and the parsers is most of what such
a process takes, and here is done once for many files, while each file still meets bounds and memory of its own.
"""

from __future__ import annotations

import gc
import json
import os
import socket
import struct
import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn

from judging.services.files.sandbox.child import main as have_done
from judging.services.files.sandbox.child import parser_of

LONGEST_ORDER = 64 * 1024
STATUS = struct.Struct("!i")
_CRASHED = 1
_MOST_FILES = 64


def serve(line: socket.socket) -> None:
    """Take orders, each with its file and with where the answer and complaints go, until nobody sends any more.

    When one is done its exit status is told, as `subprocess` gives it: a signal is below zero.
    """
    while True:
        message, files, _, _ = socket.recv_fds(line, LONGEST_ORDER, 3)
        if not message:
            return
        order = message.decode()
        _load(order)
        fork = os.fork()
        if fork == 0:
            _act(order, files)
        for one in files:
            os.close(one)
        _, status = os.waitpid(fork, 0)
        line.sendall(STATUS.pack(os.waitstatus_to_exitcode(status)))


def _load(order: str) -> None:
    """Have the parser in memory before the fork, and none of what lies there copied by a search for garbage."""
    asked = json.loads(order)
    parser_of(asked["act"], asked["media_type"])
    gc.freeze()


def _act(order: str, files: Sequence[int]) -> NoReturn:
    """Be the process of one file; nothing else of ours is open in it."""
    status = _CRASHED
    try:
        for number, file in enumerate(files):
            os.dup2(file, number)
        os.closerange(3, _MOST_FILES)
        status = have_done(order)
    except BaseException:  # noqa: BLE001 - told as the interpreter tells it, and no fork may go on as its parent
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(status)


if __name__ == "__main__":
    serve(socket.socket(fileno=os.dup(0)))
