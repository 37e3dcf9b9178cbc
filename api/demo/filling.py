"""An empty data folder becomes the demo: rulebooks, and unless `empty`, a directory and cases."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from api.access import new_integrator, renew
from api.demo.accounts import fill_accounts
from api.demo.cases import Step, steps
from api.demo.paths import DEMO
from api.opening import ONLY
from models.cases.calls import take_call
from models.cases.intake import take_case, take_completion, take_visit
from models.cases.reports import CallReport, CaseReport, CompletionReport, VisitReport
from models.directory.codes import code_of_hall, code_of_platform, code_of_window
from models.directory.importing import import_rows
from models.directory.lookup import Lookup
from models.directory.reading import read
from models.office import Office
from models.tables import Installation, Integrator

ADMINISTRATOR = "演示管理员"
KEY_FILE = "admin-api-key.txt"
WINDOWS = ("CA-W1", "SM-W1", "QJ-W1", "LG-W1", "TJ-W1", "YX-W1")
HALLS = ("CA-H1", "TJ-H1")
TERMINALS = ("CA-P2", "YX-P2")


def place_rulebook(folder: Path) -> None:
    """The sixth, invented jurisdiction is the demo's and no part of a real installation."""
    folder.mkdir(parents=True, exist_ok=True)
    text = (files("api.demo") / "yunxi.toml").read_text(encoding="utf-8")
    (folder / "yunxi.toml").write_text(text, encoding="utf-8")


async def fill(office: Office, data: Path, *, empty: bool) -> None:
    """Once a folder: what is there stays."""
    file = data / KEY_FILE
    if not await Integrator.exists(name=ADMINISTRATOR):
        if not empty:
            await _directory(office)
            await _cases(office)
        await fill_accounts(office, data, empty=empty)
        # Last: where it stands, the folder is complete.
        key = await new_integrator(office, ADMINISTRATOR, None)
    elif not file.exists():
        # Cut off between the two, or deleted: nobody can show the key again.
        key = await renew(office, ADMINISTRATOR)
    else:
        return
    # Whole or not at all: an empty file would be taken for the key's.
    beside = file.with_suffix(".new")
    beside.touch(mode=0o600)
    beside.write_text(key + "\n", encoding="utf-8")
    beside.replace(file)


async def _directory(office: Office) -> None:
    rows = []
    for file in sorted((files("api.demo") / "directory").iterdir(), key=lambda each: each.name):
        rows += read(file.name, file.read_bytes())
    report = await import_rows(office.database, office.shelf, rows)
    if report.bad:
        raise ValueError("\n".join(map(str, report.bad)))


async def _cases(office: Office) -> None:
    if not await Integrator.exists(name=DEMO):
        await new_integrator(office, DEMO, None)
    integrator = await Integrator.get(name=DEMO)
    # A start that was cut off goes on with the same cases, not with others of the same numbers.
    begun = (await Installation.get(id=ONLY)).created_at
    for step in steps(begun):
        await _take(office, integrator, step)
    lookup = Lookup(integrator)
    for window in WINDOWS:
        await code_of_window(office, lookup, window)
    for hall in HALLS:
        await code_of_hall(office, lookup, hall)
    for terminal in TERMINALS:
        await code_of_platform(office, lookup, terminal)


async def _take(office: Office, integrator: Integrator, step: Step) -> None:
    match step:
        case CaseReport():
            await take_case(office, integrator, step)
        case VisitReport():
            await take_visit(office, integrator, step)
        case CompletionReport():
            await take_completion(office, integrator, step)
        case CallReport():
            await take_call(office, integrator, step)
