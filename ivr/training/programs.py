"""Programs that are fed and read through pipes."""

from __future__ import annotations

import os
import subprocess
from typing import Final

from imageio_ffmpeg import get_ffmpeg_exe

FFMPEG: Final = (get_ffmpeg_exe(), "-loglevel", "error")


def piped(given: bytes, *command: str, preload: str = "") -> bytes:
    """What it writes. Raises CalledProcessError where it fails. `preload`: a library it is to have
    from the start."""
    return subprocess.run(  # noqa: S603
        command,
        input=given,
        check=True,
        stdout=subprocess.PIPE,
        env={**os.environ, "LD_PRELOAD": preload},
    ).stdout
