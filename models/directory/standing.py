"""Whether a row may stand where it wants to: what it names, what it was, who sends it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from models.directory.kinds import KINDS
from models.directory.lines import BadRow, Line, bad
from models.directory.regions import DEEPEST
from models.directory.rows import Row
from models.directory.stored import Stored
from models.rulebooks.shelf import Shelf, UnknownRulebook


@dataclass(frozen=True, slots=True)
class Standing:
    shelf: Shelf
    first: Mapping[tuple[str, str], Line]
    """By kind and code: where in this import it comes first. Rows that are wrong in themselves are
    here too, or all that name them would be wrong as well."""
    stored: Mapping[str, Mapping[str, Stored]]
    parents: Mapping[str, str | None]
    """Of all regions, once the import is done."""
    inside: frozenset[int] | None
    """The regions the sender may speak of. None: all."""

    def faults(self, line: Line, row: Row) -> Iterator[BadRow]:
        first = self.first[line.kind, row.code]
        if first is not line:
            where = f"{first.place}第{first.number}行" if first.number else "前面一行"
            yield bad(line, "code", f"编码“{row.code}”与{where}重复")
            return
        stored = self.stored[line.kind].get(row.code)
        if stored is not None and not self._is_inside(stored):
            yield bad(line, "code", f"编码“{row.code}”属于其他地区，不由本系统负责")
            return
        yield from self._references(line, row, stored)
        if stored is not None:
            yield from self._moved(line, row, stored)
        elif line.kind == "region" and self.inside is not None and self.parents[row.code] is None:
            yield bad(line, "parent", "新地区应在本系统负责的地区之下")
        if line.kind == "region":
            yield from self._rulebook(line, row)
            yield from self._circle(line, row)

    def _is_inside(self, stored: Stored) -> bool:
        return self.inside is None or stored.region_id in self.inside

    def _references(self, line: Line, row: Row, stored: Stored | None) -> Iterator[BadRow]:
        for field, target in KINDS[line.kind].references.items():
            code = getattr(row, field)
            if code is None or (stored is not None and stored.values[field] == code):
                continue
            named = self.stored[target].get(code)
            if named is None and (target, code) not in self.first:
                yield bad(line, field, f"没有编码为“{code}”的{KINDS[target].label}")
            elif named is not None and not self._is_inside(named):
                yield bad(line, field, f"“{code}”不在本系统负责的地区内")

    def _moved(self, line: Line, row: Row, stored: Stored) -> Iterator[BadRow]:
        owner = KINDS[line.kind].owner
        before, after = stored.values[owner], getattr(row, owner)
        # A region without a parent may get one: the city joins after its county.
        if before is None or before == after or owner not in row.model_fields_set:
            return
        of = f"{KINDS[KINDS[line.kind].references[owner]].label}“{before}”"
        yield bad(line, owner, f"编码“{row.code}”已属于{of}，已有的评价记在那里，不能改属别处")

    def _rulebook(self, line: Line, row: Row) -> Iterator[BadRow]:
        name = getattr(row, "rulebook", None)
        if name is not None:
            try:
                self.shelf.book(name)
            except UnknownRulebook as unknown:
                yield bad(line, "rulebook", str(unknown))

    def _circle(self, line: Line, row: Row) -> Iterator[BadRow]:
        way = [row.code]
        while (above := self.parents.get(way[-1])) is not None:
            way.append(above)
            if above == row.code:
                yield bad(line, "parent", f"上级地区绕成了一圈：{' → '.join(way)}")
                return
            if len(way) > DEEPEST:
                # In a circle further up, whose own rows say so, or too deep.
                if len(set(way)) == len(way):
                    yield bad(line, "parent", f"上级地区超过{DEEPEST}层")
                return
