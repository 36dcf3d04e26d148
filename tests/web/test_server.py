"""The whole service, from one command on an empty folder to pages over HTTP."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from mapsvc.config import Settings
from mapsvc.errors import MapsvcError
from mapsvc.services.answers.teller import Answers
from mapsvc.web.server import Warmth, run_server
from tests.support.councils import mark, publish_text
from tests.support.postgis import free_port
from tests.support.web_council import SCHEDULE, council_of, make_app

ROOT = Path(__file__).resolve().parents[2]
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
        assert _said_in_the_readme() in _sentences(f"http://127.0.0.1:{port}")
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


def _said_in_the_readme() -> str:
    """The answer that a newcomer is shown before they try it."""
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    return " ".join(line.removeprefix("> ") for line in lines if line.startswith("> "))


def _sentences(address: str) -> list[str]:
    """What is said of the first street that fits the README's."""
    asked = _said_in_the_readme().partition(" (")[0]
    found = requests.get(f"{address}/api/search", {"q": asked}, timeout=30).json()["results"][0]
    answer = requests.get(f"{address}/api/streets/{found['id']}", timeout=30).json()
    return [group["sentence"] for group in answer["groups"]]


def test_a_port_that_somebody_has_is_said(tmp_path: Path) -> None:
    """Two services on one port would answer for each other at random."""
    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(MapsvcError, match=f"Port {port} of 127.0.0.1 cannot be had"):
            run_server(Settings(data=tmp_path), host="127.0.0.1", port=port, workers=1)


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
