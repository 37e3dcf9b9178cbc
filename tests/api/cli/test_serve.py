"""serve: starts, answers, stops; or says in words why it does not start."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
from pathlib import Path
from uuid import uuid4

import pytest

from tests.api.cli.conftest import SCRIPT, Run
from tests.api.started import STOPPING, Started, started


@pytest.fixture
def environment(
    environment: dict[str, str], engine: str, request: pytest.FixtureRequest
) -> dict[str, str]:
    """On the embedded database, or on PostgreSQL by the setting; with its tables."""
    if engine == "postgres":
        environment["HAOCHAPING_DATABASE"] = request.getfixturevalue("clean_postgres")
    else:
        request.getfixturevalue("migrated")
    return environment


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_and_stops_cleanly(
    run: Run, environment: dict[str, str], port: int, tmp_path: Path, by: signal.Signals
) -> None:
    run("migrate")
    key = run("integrator", "add", "业务系统").stdout.strip()
    command: list[str | Path] = [SCRIPT, "serve", "--port", str(port)]
    with started(command, environment, port, tmp_path) as service:
        assert service.json("GET", "/healthz") == {"status": "ok"}
        listed = service.json("GET", "/api/v1/orders", Authorization=f"Bearer {key}")
        assert listed == {"orders": []}
        for path in ("/demo", "/demo/clock", "/demo/messages"):
            assert service.ask("GET", path)[0] == 404
        assert service.ask("POST", "/demo/clock", {"advance": "PT1H"})[0] == 404
        assert service.stop(by) == 0
        assert f"http://127.0.0.1:{port}" in service.said()
        assert key not in service.said()


def test_it_stops_at_once_though_somebody_has_not_finished_speaking(
    run: Run, environment: dict[str, str], port: int, tmp_path: Path
) -> None:
    run("migrate")
    key = run("integrator", "add", "业务系统").stdout.strip()
    command: list[str | Path] = [SCRIPT, "serve", "--port", str(port)]
    with (
        started(command, environment, port, tmp_path) as service,
        socket.create_connection(("127.0.0.1", port)) as idle,
        socket.create_connection(("127.0.0.1", port)) as slow,
    ):
        idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert idle.recv(12) == b"HTTP/1.1 200"
        slow.sendall(
            b"POST /api/v1/cases HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n"
            b"Authorization: Bearer " + key.encode() + b"\r\n\r\n{"
        )
        assert service.stop() == 0


def test_it_stops_cleanly_from_the_moment_at_which_it_answers(
    run: Run, environment: dict[str, str], port: int, tmp_path: Path
) -> None:
    run("migrate")
    command: list[str | Path] = [SCRIPT, "serve", "--port", str(port)]
    for _ in range(3):
        with started(command, environment, port, tmp_path) as service:
            assert service.stop() == 0


def test_logs_are_lines_of_json(
    run: Run, environment: dict[str, str], port: int, tmp_path: Path
) -> None:
    run("migrate")
    command: list[str | Path] = [SCRIPT, "serve", "--port", str(port)]
    with started(command, environment, port, tmp_path) as service:
        service.ask("GET", "/nowhere/13800138000")
        assert service.stop() == 0
        lines = service.said().splitlines()
    assert "13800138000" not in "".join(lines)
    for line in lines[1:]:
        json.loads(line)


def test_what_is_missing_is_told(run: Run, script: Run, folder: Path) -> None:
    assert "密钥文件" in script("serve", code=1).stderr
    run("migrate")
    (folder / "keys.json").unlink()
    assert "请恢复备份" in script("serve", code=1).stderr


def test_a_taken_port_is_told(run: Run, script: Run, port: int) -> None:
    run("migrate")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        refused = script("serve", "--port", str(port), code=1)
    assert str(port) in refused.stderr


def test_it_answers_the_telephone(
    run: Run, environment: dict[str, str], port: int, tmp_path: Path
) -> None:
    run("migrate")
    environment["HAOCHAPING_HOTLINE"] = '{"audiosocket": 0, "fastagi": 0}'
    command: list[str | Path] = [SCRIPT, "serve", "--port", str(port)]
    with started(command, environment, port, tmp_path) as service:
        ports = re.search("AudioSocket端口([0-9]+)，FastAGI端口([0-9]+)", service.said())
        assert ports is not None
        with socket.create_connection(("127.0.0.1", int(ports[1]))) as switch:
            switch.sendall(b"\x01\x00\x10" + uuid4().bytes)
            assert switch.recv(16)[-3:] == b"\x00\x00\x00"
        with socket.create_connection(("127.0.0.1", int(ports[2]))) as switch:
            switch.sendall(b"agi_network: yes\n\n")
            assert switch.recv(64).startswith(b"SET VARIABLE HAOCHAPING_FAULT")
        assert service.stop() == 0
        assert "handover_unknown" in service.said()


def test_a_taken_telephone_is_told(run: Run, script: Run, port: int) -> None:
    run("migrate")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        settings = f'{{"audiosocket": {port}, "fastagi": false}}'
        refused = script("serve", "--port", "0", code=1, HAOCHAPING_HOTLINE=settings)
    assert "电话端口" in refused.stderr
    assert str(port) in refused.stderr


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
def test_a_database_that_is_not_there_is_told(run: Run, script: Run, port: int) -> None:
    run("migrate")
    gone = f"postgres://u:secret@127.0.0.1:{port}/d"
    told = [
        script("serve", code=1, HAOCHAPING_DATABASE=gone),
        run("migrate", code=1, HAOCHAPING_DATABASE=gone),
        run("doctor", code=1, HAOCHAPING_DATABASE=gone),
        run("integrator", "add", "x", code=1, HAOCHAPING_DATABASE=gone),
    ]
    for refused in told:
        assert "数据库" in refused.stderr
        assert "secret" not in refused.stderr


def test_a_second_signal_does_no_harm(
    run: Run, environment: dict[str, str], port: int, tmp_path: Path
) -> None:
    run("migrate")
    command: list[str | Path] = [SCRIPT, "serve", "--port", str(port)]
    with started(command, environment, port, tmp_path) as service:
        twice(service)


def twice(service: Started) -> None:
    process: subprocess.Popen[str] = service.process
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)
    assert process.wait(STOPPING) == 0
