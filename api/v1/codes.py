"""Static codes: /q/{code} of a window, a hall or a terminal."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from api.endpoints import Call, Endpoint, Nothing
from api.v1.answers import QrCode
from models.directory.codes import code_of_hall, code_of_platform, code_of_window, place_of
from models.directory.lookup import Lookup
from models.texts import Code


class CodeReport(BaseModel):
    """One of the three."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    window: Code | None = None
    hall: Code | None = None
    platform: Code | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(place is not None for place in (self.window, self.hall, self.platform)) != 1:
            raise ValueError("window、hall、platform 三者给出一个")
        return self


class CodeAnswer(BaseModel):
    code: str
    place: str
    link: str
    qr: QrCode


async def ask_code(call: Call[CodeReport, Nothing]) -> CodeAnswer:
    """静态二维码. Asked again, the same code is answered."""
    lookup = Lookup(call.integrator)
    if call.body.window is not None:
        code = await code_of_window(call.office, lookup, call.body.window)
    elif call.body.hall is not None:
        code = await code_of_hall(call.office, lookup, call.body.hall)
    else:
        code = await code_of_platform(call.office, lookup, call.body.platform or "")
    link = f"{call.base_url}/q/{code.code}"
    return CodeAnswer(
        code=code.code,
        place=await place_of(code),
        link=link,
        qr=QrCode(svg=f"{link}/qr.svg", png=f"{link}/qr.png"),
    )


ENDPOINTS = (
    Endpoint(
        "POST",
        "/api/v1/codes",
        ask_code,
        "The static code of a window, a hall or a terminal",
        "directory",
        CodeAnswer,
        body=CodeReport,
    ),
)
