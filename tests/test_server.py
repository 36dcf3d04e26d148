"""The whole service, from one command on an empty folder to pages over HTTP."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import requests

from tests.conftest import free_port

SECONDS = 120


def test_the_demo_starts_from_nothing_and_answers(tmp_path: Path) -> None:
    """The data are made in the process that then starts the server: a fork would stand still."""
    port = free_port()
    log = tmp_path / "log"
    command = [sys.executable, "-m", "mapsvc", "demo", "--data", str(tmp_path / "demo")]
    with log.open("w") as output:
        server = subprocess.Popen(
            [*command, "--port", str(port)],
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONWARNINGS": ""},
        )
    try:
        page = _first_page(f"http://127.0.0.1:{port}/map", server)
        assert "Rivershire" in page, log.read_text()
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


def _first_page(address: str, server: subprocess.Popen[bytes]) -> str:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            return requests.get(address, timeout=30).text
        except requests.ConnectionError:
            time.sleep(0.2)
    return ""
