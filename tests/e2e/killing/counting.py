"""An SMS gateway of other make, in a process of its own: it takes each Idempotency-Key once, counts
how often it came, and misbehaves as the dice of its seed say. Nothing of the project is used here.

    python -m tests.e2e.killing.counting PORT SEED
"""

from __future__ import annotations

import json
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any, ClassVar

# What becomes of a request, and how often of a hundred. In all but `busy` the message is taken.
ODDS = {"good": 60, "slow": 20, "busy": 8, "deaf": 5, "cut": 5, "hang": 2}
SLOW = (0.05, 0.4)
"""Seconds until the answer."""
WORST = 2
"""As often a message meets a fault at most: on the real clock the fourth try waits an hour."""
HANG = 3.0
"""Seconds until the connection ends without an answer."""


@dataclass
class Book:
    """What came: by key, how often, and to which number with which words."""

    seed: str
    came: dict[str, int] = field(default_factory=dict)
    taken: dict[str, tuple[str, str]] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    """Keys that came again for another number: two messages under one key."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, key: str, to: str, text: str) -> str:
        """What becomes of it. The same seed, key and attempt: the same."""
        with self.lock:
            self.came[key] = self.came.get(key, 0) + 1
            dice = Random(f"{self.seed}:{key}:{self.came[key]}")  # noqa: S311 - repeatable
            (fate,) = dice.choices(list(ODDS), list(ODDS.values()))
            if self.came[key] > WORST:
                fate = "good"
            if fate != "busy" and self.taken.setdefault(key, (to, text))[0] != to:
                self.changed.append(key)
        if fate == "slow":
            time.sleep(dice.uniform(*SLOW))
        return fate

    def report(self) -> dict[str, Any]:
        with self.lock:
            return {"came": self.came, "taken": self.taken, "changed": self.changed}


class Gateway(BaseHTTPRequestHandler):
    book: ClassVar[Book]
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        message = json.loads(body)
        match self.book.note(self.headers["Idempotency-Key"], message["to"], message["text"]):
            case "good" | "slow":
                self._answer(200, {"code": 0})
            case "busy":
                self._answer(503, {})
            case "deaf":
                self._answer(500, {})
            case "cut":
                self.close_connection = True
            case "hang":
                time.sleep(HANG)
                self.close_connection = True

    def do_GET(self) -> None:
        self._answer(200, self.book.report())

    def _answer(self, status: int, said: object) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Nobody reads it."""


class Quiet(ThreadingHTTPServer):
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Who asked was killed: that is what this is for."""


def main() -> None:
    port, seed = sys.argv[1:]
    Gateway.book = Book(seed)
    Quiet(("127.0.0.1", int(port)), Gateway).serve_forever()


if __name__ == "__main__":
    main()
