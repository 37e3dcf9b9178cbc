"""The service killed at random moments, a thousand times, and the outbox reconciled.

    nice python -m tests.e2e.killing [KILLS] [--postgres] [--serve] [--seed N]

By default `haochaping demo` on a standing clock: cases are reported days after their completion, so
that reminders and defaults are due at once, and the clock is moved while the kills go on, so that
what failed is tried again without waiting for hours.
`--serve`: three `haochaping serve` on one PostgreSQL and real time, killed one at a time, whose
claims the others take over after two minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from random import Random

from models.addresses import embedded
from tests.bench.engines import free_port, postgres_url
from tests.e2e.killing.fleet import Fleet, counting
from tests.e2e.killing.proof import proof


def main() -> int:
    read = argparse.ArgumentParser(prog="python -m tests.e2e.killing")
    read.add_argument("kills", nargs="?", type=int, default=1000)
    read.add_argument("--postgres", action="store_true")
    read.add_argument("--serve", action="store_true")
    read.add_argument("--seed", type=int, default=1)
    given = read.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="haochaping-")))
        on_postgres = given.postgres or given.serve
        fleet = Fleet(
            command="serve" if given.serve else "demo",
            folder=folder,
            database=stack.enter_context(postgres_url()) if on_postgres else embedded(folder),
            ports=[free_port() for _ in range(3 if given.serve else 1)],
            gateway=stack.enter_context(counting(given.seed)),
            dice=Random(given.seed),  # noqa: S311 - repeatable
        )
        outcome = asyncio.run(proof(fleet, given.kills, pause=0.1))
    print(outcome, *outcome.faults, sep="\n")  # noqa: T201
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
