"""One proof: call, listen, reconcile."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ivr.prompts import Prompts
from ivr.speech.decoding import decoded
from tests.bench.engines import free_port
from tests.e2e.telephone.callers import LEFT, MEDIA, PORTS, Callers, calls_of
from tests.e2e.telephone.listening import LATE, Book, decided, ears, recording, stalls
from tests.e2e.telephone.reconciling import faults
from tests.e2e.telephone.scripts import Script, scripts
from tests.e2e.telephone.service import cpu, serving
from tests.e2e.telephone.switch import WAYS, switch
from tests.e2e.telephone.tape import recorded

RECORDINGS: Final = Path(__file__).parents[2] / "ivr" / "recordings"
_SETUP: Final = 1.0
"""Seconds between two calls of one caller."""


@dataclass
class Outcome:
    """`gaps`: of each prompt played, the longest time without a packet; `late`: prompts with one of
    more than LATE, `excused`: those where the callers' own packets were as late; `decisions`: from
    the end of speech to the next prompt; all in seconds. `cpu`: of the service, in seconds."""

    calls: int
    call_seconds: float
    seconds: float
    cpu: float
    switch_cpu: float
    gaps: list[float] = field(default_factory=list)
    late: int = 0
    excused: int = 0
    missing: int = 0
    decisions: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        share = self.cpu / self.call_seconds
        at_once = self.call_seconds / self.seconds
        return f"""\
{self.calls} calls in {self.seconds:.0f} s, {at_once:.1f} at once: {len(self.faults)} discrepancies
{len(self.gaps)} prompts; the longest time without a packet in each: {_spread(self.gaps)};
{self.late} with more than {LATE * 1000:.0f} ms, of these {self.excused} when the callers' own \
packets were late too; {self.missing} frames missing
end of speech to decision, {len(self.decisions)} times: {_spread(self.decisions)}
CPU of the service {share:.2%} of a core a call, {1 / share:.0f} calls a core; of the switch \
{self.switch_cpu / self.call_seconds:.2%}"""


def _spread(seconds: Sequence[float]) -> str:
    if not seconds:
        return "none"
    ordered = sorted(seconds)
    p50, p95 = (ordered[math.ceil(len(ordered) * each) - 1] * 1000 for each in (0.5, 0.95))
    return f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, max {ordered[-1] * 1000:.0f} ms"


async def proof(folder: Path, root: Path, database: str, at_once: int, seconds: float) -> Outcome:
    """About so many callers at once for so long: at least one for each script and each way.
    `root`: where Asterisk is."""
    prompts = Prompts()
    callers = await _callers(scripts(prompts), at_once, seconds)
    pcap = folder / "rtp.pcap"
    async with (
        serving(folder, database, sum(each.at_once for each in callers)) as service,
        switch(root, free_port(), service) as asterisk,
    ):
        before, switch_before = service.cpu, cpu(asterisk.process.pid)
        begun = time.perf_counter()
        async with recording(pcap):
            failed = await asyncio.gather(*(each.call(folder, asterisk.sip) for each in callers))
        lasted = time.perf_counter() - begun
        called = [(each.script, call) for each in callers for call in each.calls]
        outcome = Outcome(
            calls=len(called),
            call_seconds=0,
            seconds=lasted,
            cpu=service.cpu - before,
            switch_cpu=cpu(asterisk.process.pid) - switch_before,
            faults=[each for some in failed for each in some],
        )
        outcome.faults += await faults(database, called)
        outcome.faults += [f"the switch: {each}" for each in asterisk.complaints]
    _listen(outcome, pcap, callers, Book(prompts))
    return outcome


async def _callers(written: Sequence[Script], at_once: int, seconds: float) -> tuple[Callers, ...]:
    names = {each.what for script in written for each in script.does if each.speaks}
    sounds = {name: await decoded((RECORDINGS / name).read_bytes()) for name in sorted(names)}
    first = 0
    found = []
    for n, (script, media) in enumerate(zip(written, MEDIA, strict=False)):
        slots = max(1, at_once // len(written) + (n < at_once % len(written)))
        rounds = max(1, round(seconds / (script.lasts + _SETUP)))
        count = min(max(len(WAYS), slots * rounds), MEDIA.step // PORTS)
        calls = calls_of(script, first, count)
        first += count
        tape = recorded(script, sounds, script.lasts + LEFT)
        found.append(Callers(script, tape, media, slots, calls))
    return tuple(found)


def _listen(outcome: Outcome, pcap: Path, callers: Iterable[Callers], book: Book) -> None:
    heard = ears(pcap)
    still = stalls(heard.values())
    for each in callers:
        for n, call in enumerate(each.calls):
            ear = heard.get(each.media + PORTS * n)
            if ear is None or not ear.heard:
                outcome.faults.append(f"{call.number} by {call.way} heard nothing")
                continue
            outcome.call_seconds += ear.heard[-1].at - ear.heard[0].at
            played = book.played(ear.heard)
            prompts = tuple(one.prompt for one in played)
            if prompts != each.script.hears:
                outcome.faults.append(f"{call.number} by {call.way} heard {', '.join(prompts)}")
            outcome.gaps += [one.gap for one in played]
            late = [one for one in played if one.gap > LATE]
            outcome.late += len(late)
            outcome.excused += sum(
                any(begun < one.gap_at and one.gap_at - one.gap < ended for begun, ended in still)
                for one in late
            )
            outcome.missing += sum(one.missing for one in played)
            for spoken in each.tape.answers:
                wait = decided(ear, spoken, played)
                if wait is None:
                    outcome.faults.append(f"{call.number} by {call.way} was not answered")
                else:
                    outcome.decisions.append(wait)
