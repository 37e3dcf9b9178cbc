"""The demo as people and black-box tests start it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.api.cli.conftest import SCRIPT
from tests.api.started import Started, started

AT = "2026-03-02T09:00:00+08:00"
Demo = Callable[..., Started]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "demo"


@pytest.fixture
def migrated(folder: Path, migrated_file: Path) -> None:
    """The folder with its tables, which take seconds to make, and nothing else."""
    folder.mkdir()
    shutil.copy(migrated_file, folder)


@pytest.fixture
def demo(folder: Path, tmp_path: Path) -> Iterator[Demo]:
    """Starts one, ready, on a port that was free a moment ago."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("HAOCHAPING_")
    }
    with ExitStack() as stack:

        def start(*words: str) -> Started:
            with socket.socket() as taken:
                taken.bind(("127.0.0.1", 0))
                port = taken.getsockname()[1]
            command: list[str | Path] = [SCRIPT, "demo", "--data", folder, "--port", str(port)]
            return stack.enter_context(started([*command, *words], environment, port, tmp_path))

        yield start


def key(folder: Path) -> str:
    return (folder / "admin-api-key.txt").read_text(encoding="utf-8").strip()


def asked(service: Started, folder: Path, path: str) -> Any:
    return service.json("GET", path, Authorization=f"Bearer {key(folder)}")


def moved(service: Started, body: object) -> tuple[int, Any]:
    status, text = service.ask("POST", "/demo/clock", body)
    return status, text


def test_an_empty_folder_becomes_a_demo_that_is_rated_and_goes_on(demo: Demo, folder: Path) -> None:
    service = demo("--at", AT)
    secret = key(folder)
    assert (folder / "admin-api-key.txt").stat().st_mode & 0o077 == 0
    assert asked(service, folder, "/api/v1/evaluations") == {"evaluations": []}
    page = service.ask("GET", "/demo")[1]
    links = dict.fromkeys(re.findall(r'href="http://127\.0\.0\.1:\d+(/r/[^"]+)"', page))
    for place in ("潮安", "三明", "綦江", "临港", "天津", "云溪"):
        assert place in page
    assert len(links) > 30
    before = len(service.json("GET", "/demo/messages")["messages"])

    link = next(link for link in links if "潮安" in service.ask("GET", link)[1])
    once = re.search(r'name="once" value="([^"]+)"', service.ask("GET", link)[1])
    assert once is not None
    fields = {"once": once[1], "level": "1", "w-item": "排队太久", "w-staff": "排队太久"}
    kind = "application/x-www-form-urlencoded"
    status, text = service.ask("POST", link, urlencode(fields), Content_Type=kind)
    assert status == 303, text
    sent = service.json("GET", "/demo/messages")["messages"][before:]
    assert any("排队太久" in each["text"] and each["channel"] == "staff" for each in sent)
    assert all("138001380" not in each["text"] for each in sent)
    (order,) = asked(service, folder, "/api/v1/orders")["orders"]
    assert moved(service, {"advance": "PT36H"})[0] == 200
    assert service.stop(signal.SIGINT) == 0
    assert secret in service.said()
    assert "▀" in service.said()

    again = demo()
    assert key(folder) == secret
    assert again.json("GET", "/demo/clock")["beijing"] == "2026-03-03T21:00:00+08:00"
    assert asked(again, folder, "/api/v1/orders")["orders"] == [order]
    assert again.ask("GET", link)[0] == 409
    assert again.json("GET", "/demo/messages")["messages"][before:][: len(sent)] == sent
    assert again.stop(signal.SIGTERM) == 0


@pytest.mark.usefixtures("migrated")
def test_the_clock_stands_and_is_moved_forwards_only(demo: Demo, folder: Path) -> None:
    service = demo("--empty", "--at", AT)
    stands = {"now": "2026-03-02T01:00:00+00:00", "beijing": AT}
    assert service.json("GET", "/demo/clock") == stands
    assert service.json("POST", "/demo/clock", {"advance": "PT24H"}) == {
        "now": "2026-03-03T01:00:00+00:00",
        "beijing": "2026-03-03T09:00:00+08:00",
        "done": 0,
        "sent": 0,
    }
    assert moved(service, {"to": "2026-03-03T10:00:00+08:00"})[0] == 200
    for body, field in (
        ({"to": "2026-03-03T09:59:59+08:00"}, "to"),
        ({"to": "2026-03-04T10:00:00"}, "to"),
        ({"to": "9999-12-31T23:59:59-12:00"}, "to"),
        ({"to": "2100-06-01T00:00:00Z"}, "to"),
        ({"advance": "-PT1S"}, "advance"),
        ({"advance": "P999999999D"}, "advance"),
        ({"advance": "soon"}, "advance"),
        ({"to": "2026-03-04T10:00:00Z", "advance": "PT1H"}, "body"),
        ({}, "body"),
        ({"back": "PT1H"}, "back"),
    ):
        status, text = moved(service, body)
        assert (status, f'"field": "{field}"' in text) == (422, True), text
    for raw in ("", "[]", "{"):
        assert moved(service, raw)[0] in {400, 422}
    assert service.json("GET", "/demo/clock")["beijing"] == "2026-03-03T10:00:00+08:00"
    form = "application/x-www-form-urlencoded"
    assert service.ask("POST", "/demo/advance", "hours=1", Content_Type=form)[0] == 303
    assert service.ask("POST", "/demo/advance", "hours=2", Content_Type=form)[0] == 400
    assert service.json("GET", "/demo/clock")["beijing"] == "2026-03-03T11:00:00+08:00"
    assert folder.is_dir()
    assert service.stop() == 0


@pytest.mark.usefixtures("migrated")
def test_empty_it_has_rulebooks_and_a_key_and_nothing_else(demo: Demo, folder: Path) -> None:
    service = demo("--empty")
    assert "还没有办件" in service.ask("GET", "/demo")[1]
    assert service.json("GET", "/demo/messages") == {"messages": []}
    for kind in ("orders", "evaluations", "opinions"):
        assert asked(service, folder, f"/api/v1/{kind}") == {kind: []}
    rows = {
        "region": [{"code": "1", "name": "云溪", "rulebook": "yunxi"}],
        "agency": [{"code": "A", "name": "局", "region": "1", "party": "bureau"}],
    }
    headers = {"Authorization": f"Bearer {key(folder)}"}
    assert service.json("POST", "/api/v1/directory", rows, **headers)["counts"]
    assert service.stop() == 0


@pytest.mark.usefixtures("migrated")
def test_it_stops_cleanly_from_the_moment_at_which_it_answers(folder: Path, demo: Demo) -> None:
    for by in (signal.SIGINT, signal.SIGTERM):
        assert demo().stop(by) == 0
    assert key(folder)


@pytest.mark.parametrize("at", ["yesterday", "2026-03-02T09:00:00", "0001-01-01T00:00:00+14:00"])
def test_a_time_that_is_none_is_refused(demo: Demo, folder: Path, at: str) -> None:
    with pytest.raises(AssertionError, match="--at"):
        demo("--at", at)
    assert not folder.exists()


@pytest.mark.usefixtures("migrated")
def test_a_clock_is_not_set_back_by_a_restart(demo: Demo) -> None:
    assert demo("--empty", "--at", AT).stop() == 0
    with pytest.raises(AssertionError, match="演示时钟只能向前"):
        demo("--at", "2026-03-01T09:00:00+08:00")


@pytest.mark.usefixtures("migrated")
def test_a_key_file_that_was_lost_does_not_end_the_demo(demo: Demo, folder: Path) -> None:
    assert demo("--empty").stop() == 0
    (folder / "admin-api-key.txt").unlink()
    service = demo()
    assert asked(service, folder, "/api/v1/orders") == {"orders": []}
    assert service.stop() == 0


@pytest.mark.usefixtures("migrated")
def test_the_official_account_is_talked_to_without_wechat(demo: Demo, folder: Path) -> None:
    service = demo("--at", AT)
    links = re.findall(r'href="(http://127\.0\.0\.1:\d+/r/[^"]+)"', service.ask("GET", "/demo")[1])

    def answer(**sent: str) -> str:
        status, text = service.ask("POST", "/demo/chat", sent)
        assert status == 200, text
        words: str = json.loads(text)["answer"]
        return words

    assert "请评价" in answer(link=links[0])
    assert "已收到" in answer(words="5，办得快")
    assert "5月" in answer(key="look") or "3月" in answer(key="look")
    (rated,) = asked(service, folder, "/api/v1/evaluations")["evaluations"]
    assert (rated["level"], rated["channel"]) == (5, "official_account")
    assert "验证码" in answer(words="绑定13800138001")
    (sent,) = [
        each
        for each in service.json("GET", "/demo/messages")["messages"]
        if each["kind"] == "bind_code"
    ]
    assert "手机号已绑定" in answer(words=sent["fields"]["code"])
    page = service.ask("GET", "/demo/chat")[1]
    assert "〔扫描二维码〕" in page
    assert "5，办得快" in page
    kind = "application/x-www-form-urlencoded"
    form = urlencode({"words": "帮助"})
    assert service.ask("POST", "/demo/chat/form", form, Content_Type=kind)[0] == 303
    assert service.ask("POST", "/demo/chat", {"words": "5", "key": "rate"})[0] == 422
    # Who follows is reminded there, the phone being bound: not by SMS as well.
    before = len(service.json("GET", "/demo/messages")["messages"])
    assert moved(service, {"advance": "PT25H"})[0] == 200
    pushed = service.json("GET", "/demo/messages")["messages"][before:]
    assert {each["channel"] for each in pushed if each["kind"] == "reminder"} >= {
        "official_account"
    }
