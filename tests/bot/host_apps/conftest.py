from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from bot.host_apps.settings import HostApp
from tests.bot.host_apps.platform import PUBLIC, SECRET, raw

APPS: dict[str, dict[str, Any]] = {
    "hmac-sm3": {"algorithm": "hmac-sm3", "secret": SECRET},
    "sm2": {"algorithm": "sm2", "public_key": "04" + raw(*PUBLIC).hex()},
}


def host_app(algorithm: str, **changes: Any) -> HostApp:
    adapter: TypeAdapter[HostApp] = TypeAdapter(HostApp)
    return adapter.validate_python(APPS[algorithm] | changes)


@pytest.fixture(params=list(APPS))
def algorithm(request: pytest.FixtureRequest) -> str:
    return str(request.param)
