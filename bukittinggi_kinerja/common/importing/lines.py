"""What each line would do, kept beside its file: written in a stream, compared by digest."""

from __future__ import annotations

import hashlib
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, models

from bukittinggi_kinerja.common.models import ImportBatch, ImportLine, ImportWrite

from .kinds import RowOutcome, RowState
from .writes import Written

T = TypeVar("T")
CHUNK = 2_000
LINE_COLUMNS = ("batch_id", "line", "state", "label", "changes", "faults", "warnings", "warned", "moved", "digest")
WRITE_COLUMNS = ("batch_id", "model", "row", "line", "label", "before", "after")


@dataclass
class Tally:
    """Counts by state, and a digest over all lines: equal digests, equal answers."""

    states: Counter[str] = field(default_factory=Counter)
    warned: int = 0
    moved: int = 0
    _sum: Any = field(default_factory=hashlib.sha256)

    def add(self, outcome: RowOutcome) -> str:
        digest = digest_of(outcome)
        self.states[outcome.state] += 1
        self.warned += bool(outcome.warnings)
        self._sum.update(digest.encode())
        return digest

    @property
    def digest(self) -> str:
        return str(self._sum.hexdigest())

    def counts(self) -> dict[str, int]:
        names = {RowState.NEW: "new", RowState.CHANGED: "changed", RowState.SAME: "same", RowState.BAD: "bad"}
        return {name: self.states[state] for state, name in names.items()} | {"warned": self.warned}


def digest_of(outcome: RowOutcome) -> str:
    parts = (
        outcome.line,
        outcome.state,
        [(one.column, one.old, one.new) for one in outcome.changes],
        [(one.column, one.text) for one in (*outcome.faults, *outcome.warnings)],
    )
    return hashlib.blake2b(json.dumps(parts, ensure_ascii=False).encode(), digest_size=16).hexdigest()


def tally(outcomes: Iterable[RowOutcome], tick: Callable[[int], None]) -> Tally:
    """Counts alone: nothing is stored."""
    found = Tally()
    for chunk in chunked(outcomes):
        for outcome in chunk:
            found.add(outcome)
        tick(len(chunk))
    return found


def store_lines(batch: ImportBatch, outcomes: Iterable[RowOutcome], tick: Callable[[int], None], *, compare: bool) -> Tally:
    """Replace the lines of a batch. With ``compare`` those that answer otherwise than before are marked as moved."""
    earlier = dict(ImportLine.objects.filter(batch=batch).values_list("line", "digest")) if compare else {}
    ImportLine.objects.filter(batch=batch).delete()
    found = Tally()
    for chunk in chunked(outcomes):
        rows = []
        for outcome in chunk:
            digest = found.add(outcome)
            moved = compare and earlier.get(outcome.line) != digest
            found.moved += moved
            rows.append(_line(batch, outcome, digest, moved=moved))
        copy_rows(ImportLine, LINE_COLUMNS, rows)
        tick(len(chunk))
    return found


def store_writes(batch: ImportBatch, writes: Iterable[Written]) -> None:
    for chunk in chunked(writes):
        rows = [
            (
                batch.pk,
                one.model,
                one.pk,
                one.line,
                one.label,
                None if one.before is None else json.dumps(one.before),
                json.dumps(one.after),
            )
            for one in chunk
        ]
        copy_rows(ImportWrite, WRITE_COLUMNS, rows)


def copy_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """The quickest way into a table of our own: no statement for each row, nothing waits in memory."""
    quote = connection.ops.quote_name
    names = ", ".join(quote(name) for name in columns)
    text = io.StringIO("".join("\t".join(map(_escaped, row)) + "\n" for row in rows))
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {quote(model._meta.db_table)} ({names}) FROM STDIN", text)


def _escaped(value: Any) -> str:
    """One value in the text form of COPY."""
    if value is None:
        return "\\N"
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def chunked(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    source = iter(items)
    while chunk := list(islice(source, size)):
        yield chunk


def _line(batch: ImportBatch, outcome: RowOutcome, digest: str, *, moved: bool) -> tuple[Any, ...]:
    changes = json.dumps([[one.column, one.old, one.new] for one in outcome.changes], ensure_ascii=False)
    faults = json.dumps([[one.column, one.text] for one in outcome.faults], ensure_ascii=False)
    warnings = json.dumps([[one.column, one.text] for one in outcome.warnings], ensure_ascii=False)
    # No database keeps a zero byte.
    texts = (text.replace("\\u0000", "") for text in (changes, faults, warnings))
    label = outcome.label.replace("\0", "")
    return (batch.pk, outcome.line, outcome.state.value, label, *texts, bool(outcome.warnings), moved, digest)


def plain_counts(batch: ImportBatch) -> Mapping[str, int]:
    """What an event row tells of a batch."""
    return {"rows": batch.rows, "new": batch.new, "changed": batch.changed, "same": batch.same, "bad": batch.bad}
