"""The steps for a hall without internet, done as they are written, end in TLS that a device accepts."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
from pathlib import Path

import pytest

from tests.contracts.source_tree import ROOT

CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
NAME = "judging.hall.home.arpa"


def steps() -> str:
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    (block,) = re.findall(r"^```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return str(block)


def test_steps_for_a_hall_end_in_tls_that_a_device_accepts(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        reason = "no openssl: install the system package openssl"
        if CI:
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    done = subprocess.run(["/bin/sh", "-eu", "-c", steps()], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "server.crt: OK" in done.stdout

    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(tmp_path / "server.crt", tmp_path / "server.key")
    device = ssl.create_default_context(cafile=str(tmp_path / "hall-ca.crt"))

    for host in (NAME, "192.168.8.10"):
        assert handshake(server, device, host) in {"TLSv1.2", "TLSv1.3"}
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(server, device, "contest.example.vn")


def handshake(server: ssl.SSLContext, device: ssl.SSLContext, host: str) -> str | None:
    """The version of TLS on which a device that looks for `host` agrees with the server."""
    here, there = socket.socketpair()

    def answer() -> None:
        with there, server.wrap_socket(there, server_side=True, suppress_ragged_eofs=True) as wrapped:
            wrapped.recv(1)

    def quietly() -> None:
        # A device that does not accept the certificate hangs up, which is an error to the server.
        try:
            answer()
        except OSError:
            return

    thread = threading.Thread(target=quietly)
    thread.start()
    try:
        with here, device.wrap_socket(here, server_hostname=host) as wrapped:
            return wrapped.version()
    finally:
        here.close()
        thread.join(10)
