"""Callbacks of two official accounts, delivered again, in another order, and replayed, to two
processes on one PostgreSQL; and what has become of them.

    nice python -m tests.e2e.callbacks [CALLBACKS] [--sqlite] [--seed N]

One account is in AES mode, the other in plain. `--sqlite`: one process on the embedded database.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from random import Random

from models.addresses import embedded
from tests.bench.engines import free_port, postgres_url
from tests.e2e.callbacks.proof import proof


def main() -> int:
    read = argparse.ArgumentParser(prog="python -m tests.e2e.callbacks")
    read.add_argument("callbacks", nargs="?", type=int, default=100_000)
    read.add_argument("--sqlite", action="store_true")
    read.add_argument("--seed", type=int, default=1)
    given = read.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="haochaping-")))
        database = embedded(folder) if given.sqlite else stack.enter_context(postgres_url())
        ports = [free_port() for _ in range(1 if given.sqlite else 2)]
        dice = Random(given.seed)  # noqa: S311 - repeatable
        outcome = asyncio.run(proof(folder, database, ports, given.callbacks, dice))
    load, *_ = os.getloadavg()
    print(outcome, *outcome.faults, f"load of the machine: {load:.1f}", sep="\n")  # noqa: T201
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
