"""The two servers that the benchmark holds side by side, each a process of its own.

    python -m tests.bench.servers full DATABASE_URL KEYS PORT
    python -m tests.bench.servers bare DATABASE_URL - PORT

`full` is the service: the rating page's POST, from form to evaluation, coverage, leaf, receipt.
`bare` is its peer: an aiohttp handler that does one raw INSERT and commits, and nothing else.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import uvloop
from aiohttp import web

from api.app import make_app
from api.settings import Settings
from models.calendar.working_days import WorkingDays
from models.clock import SystemClock
from models.database import Database, opened
from models.keys import KeyRing
from models.links import Links
from models.office import Office
from models.rulebooks.shelf import Shelf


def full(database: Database, keys: KeyRing) -> web.Application:
    office = Office(
        database, Shelf.load(), WorkingDays(), keys, Links(keys.link_key), SystemClock()
    )
    return make_app(office, Settings())


def bare(database: Database) -> web.Application:
    place = "$1" if database.is_postgres else "?"

    async def insert(request: web.Request) -> web.Response:
        form = await request.post()
        await database.connection.execute_insert(
            f"INSERT INTO bare (words) VALUES ({place})",  # noqa: S608 - a placeholder
            [str(form["level"])],
        )
        raise web.HTTPSeeOther("/")

    app = web.Application()
    app.router.add_post("/bare", insert)
    return app


async def serve(kind: str, url: str, keys: str, port: int) -> None:
    async with opened(url) as database:
        app = full(database, KeyRing.load(Path(keys))) if kind == "full" else bare(database)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        print("up", flush=True)  # noqa: T201 - the benchmark waits for it
        await asyncio.Event().wait()


def main() -> None:
    kind, url, keys, port = sys.argv[1:]
    uvloop.run(serve(kind, url, keys, int(port)))


if __name__ == "__main__":
    main()
