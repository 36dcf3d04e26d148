"""The whole service, from one command on an empty folder to pages over HTTP."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from mapsvc.services.answers import Answers
from mapsvc.web.server import Warmth
from tests.conftest import free_port
from tests.councils import mark, publish_text
from tests.web_council import SCHEDULE, council_of, make_app

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


def test_after_a_publication_nobody_waits_for_what_it_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(tmp_path)
    council, warmth = council_of(app), Warmth(app)
    assert warmth.look()
    assert not warmth.look()
    mark(council, "verge:V1", "done", "2026-06-16", cut=2)
    assert not warmth.look()

    publish_text(council, tmp_path, "schedule", SCHEDULE.replace("2026-06-12", "2026-06-19"))
    assert warmth.look()

    monkeypatch.setattr(Answers, "board", None)  # whoever asks for it now fails
    for path in ("/api/status", "/api/status?part=places"):
        assert app.test_client().get(path).status_code == 200
    council.close()
