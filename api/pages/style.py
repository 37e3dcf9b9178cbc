"""The one stylesheet of the citizen's pages."""

from __future__ import annotations

from typing import Final

from api.styles import Stylesheet

_SHEET: Final = Stylesheet("api.pages", "style.css", "/style.css")
URL: Final = _SHEET.url
show = _SHEET.show
