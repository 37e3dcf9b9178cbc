"""SIPp's callers on a real Asterisk: by key, by voice, in silence and hanging up, through all three
ways; what they hear, and what has become of every call.

    python -m tests.e2e.telephone [--at-once 50] [--seconds 600] [--root /srv/asterisk] [--postgres]

`--root`: a chroot with Asterisk 22 in it. Needs sipp, tcpdump and root: SIPp plays by raw sockets.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from models.addresses import embedded
from tests.bench.engines import postgres_url
from tests.e2e.telephone.proof import proof


def main() -> int:
    read = argparse.ArgumentParser(prog="python -m tests.e2e.telephone")
    read.add_argument("--at-once", type=int, default=50)
    read.add_argument("--seconds", type=float, default=600)
    read.add_argument("--root", type=Path, default=Path("/"))
    read.add_argument("--postgres", action="store_true")
    read.add_argument("--keep", type=Path, help="a folder for what was recorded")
    given = read.parse_args()
    with ExitStack() as stack:
        folder = given.keep or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="haochaping-"))
        )
        database = stack.enter_context(postgres_url()) if given.postgres else embedded(folder)
        outcome = asyncio.run(proof(folder, given.root, database, given.at_once, given.seconds))
    load, *_ = os.getloadavg()
    print(outcome, *outcome.faults, f"load of the machine: {load:.1f}", sep="\n")  # noqa: T201
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
