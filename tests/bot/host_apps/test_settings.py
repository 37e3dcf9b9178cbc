"""Accounts in the settings file (bot/host_apps/settings.py)."""

from __future__ import annotations

from base64 import encodebytes
from typing import Any

import pytest
from pydantic import ValidationError

from bot.host_apps.settings import Sm2HostApp
from tests.bot.host_apps.conftest import host_app
from tests.bot.host_apps.platform import PUBLIC, SECRET, P, raw

POINT = raw(*PUBLIC).hex()
# openssl pkey -pubout, of the key of GB/T 32918.5.
PEM = """-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAECfnfMR5UIaFQ3X0WHkvFxnIXn60Y
M/wHa7CP81bzUCDM6kkM4md1pS3G6nGMwapgCu0F+/NeCEpmMvYHLamtEw==
-----END PUBLIC KEY-----
"""
# The same, of a key on P-256.
OTHER_CURVE = """-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEs0HC3Mw/wSLaZ/0/pm775OVbyALR
cv0oJTvnwZ9PWgU0FtsiOVvqdXlwPR+qO2KDtkbWwCYVULiOKuP5pVO5yw==
-----END PUBLIC KEY-----
"""


def key(text: str) -> str:
    app = host_app("sm2", public_key=text)
    assert isinstance(app, Sm2HostApp)
    return app.public_key


@pytest.mark.parametrize(
    "text", ["04" + POINT, POINT, POINT.upper(), f" 04{POINT}\n", PEM, PEM.replace("\n", "\r\n")]
)
def test_one_key_in_all_its_spellings(text: str) -> None:
    assert key(text) == "04" + POINT


@pytest.mark.parametrize(
    "text",
    [
        "",
        POINT[:-2],
        "04" + POINT + "00",
        "02" + POINT[:64],
        "06" + POINT,
        "zz" + POINT,
        "39" * 32,
        "00",
        PEM.replace("MFkw", "MFk"),
    ],
)
def test_what_is_no_public_key(text: str) -> None:
    with pytest.raises(ValidationError, match="SM2公钥应为"):
        key(text)


@pytest.mark.parametrize("text", [OTHER_CURVE, PEM.replace("PUBLIC", "PRIVATE")])
def test_a_key_of_another_kind(text: str) -> None:
    with pytest.raises(ValidationError, match="PEM里的不是SM2公钥"):
        key(text)


def pem_of(point: bytes) -> str:
    info = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200") + point
    return f"-----BEGIN PUBLIC KEY-----\n{encodebytes(info).decode()}-----END PUBLIC KEY-----"


@pytest.mark.parametrize("y", [PUBLIC[1] ^ 1, 0, P - 1])
def test_a_point_beside_the_curve(y: int) -> None:
    beside = raw(PUBLIC[0], y)
    for text in (beside.hex(), pem_of(b"\x04" + beside)):
        with pytest.raises(ValidationError, match="不是曲线上的点"):
            key(text)


def test_the_point_nowhere() -> None:
    with pytest.raises(ValidationError, match="不是曲线上的点"):
        key("04" + "00" * 64)


@pytest.mark.parametrize(
    "fault",
    [
        {"secret": SECRET[:31]},
        {"window": 29},
        {"window": 901},
        {"real_name_level": 0},
        {"real_name_level": 5},
        {"name": ""},
        {"name": " "},
        {"name": "粤\n省事"},
        {"user_id": "1234567812345678"},
        {"secrets": []},
    ],
)
def test_settings_that_make_no_sense(fault: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        host_app("hmac-sm3", **fault)


@pytest.mark.parametrize("user_id", ["深圳", "a b", "a\n", "1" * 65])
def test_user_ids_that_nobody_signs_with(user_id: str) -> None:
    with pytest.raises(ValidationError):
        host_app("sm2", user_id=user_id)


def test_the_edges_that_do() -> None:
    app = host_app("hmac-sm3", secret=SECRET[:32], window=30, real_name_level=4, name="粤省事")
    assert (app.window, app.real_name_level, app.name) == (30, 4, "粤省事")
    assert host_app("hmac-sm3", window=900, real_name_level=1).window == 900
    for user_id in ("", "~" * 64):
        app = host_app("sm2", user_id=user_id)
        assert isinstance(app, Sm2HostApp)
        assert app.user_id == user_id


def test_what_is_not_said() -> None:
    app = host_app("sm2")
    assert isinstance(app, Sm2HostApp)
    assert (app.window, app.real_name_level, app.name) == (300, 2, None)
    assert app.user_id == "1234567812345678"


def test_nothing_shows_the_secret() -> None:
    assert SECRET not in repr(host_app("hmac-sm3"))
