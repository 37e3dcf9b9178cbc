"""The short form of `python -m tests.e2e.telephone`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from models.addresses import embedded
from tests.e2e.telephone import callers, listening, switch
from tests.e2e.telephone.proof import proof

ROOT = Path(os.environ.get("ASTERISK_ROOT", "/"))
"""Where Asterisk 22 is: a chroot, or this machine."""


@pytest.mark.skipif(switch.command(ROOT) is None, reason="no Asterisk here: ASTERISK_ROOT")
@pytest.mark.skipif(not callers.installed(), reason="no sipp here, or no root for its raw sockets")
@pytest.mark.skipif(not listening.installed(), reason="no tcpdump here")
async def test_every_call_ends_as_it_should_on_a_real_switch(tmp_path: Path) -> None:
    """By key, by voice, in silence and hanging up in every state, through all three ways."""
    outcome = await proof(tmp_path, ROOT, embedded(tmp_path), at_once=57, seconds=1)
    assert outcome.faults == []
    assert outcome.calls == 57
    assert outcome.missing == 0
    assert len(outcome.decisions) == 21
