"""`audioop`, which works on 16-bit sound: of the standard library until 3.12, of audioop-lts, a
dependency there, from 3.13 on."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    # That it leaves the standard library.
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop

__all__ = ["audioop"]
