"""The seal over the memory: one hash chain through every table that only grows.

A seal covers the new rows of one table: their digests, hashed together with the seal before it, whatever table
that one covered. Whoever changes, removes or slips in a row later has to rewrite every seal since; the last seal
is printed on signed reports, so even that shows. What it does and does not catch: docs/rules/segel.md.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pgtrigger
from django.db import OperationalError, connection, models, transaction

from .models import Seal

GENESIS = "0" * 64
BATCH_ROWS = 10_000
LOCK_TIMEOUT = "500ms"
DIGEST_BYTES = 32
#: Number of the advisory lock that lets one process at a time add to the chain.
CHAIN_LOCK = 0x5E6E1


class Fault(StrEnum):
    CHANGED = "diubah"
    REMOVED = "dihapus"
    INSERTED = "disisipkan"
    SEAL = "segelnya tidak cocok"
    TABLE = "tabelnya tidak dikenal"


@dataclass(frozen=True)
class Stream:
    """One append-only table; rows are covered in the order of ``key``, a column that only rises."""

    name: str
    table: str
    key: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class SealReport:
    """``waiting`` names the tables that were busy; the next beat takes them."""

    seals: int = 0
    rows: int = 0
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True)
class Broken:
    """The first row that is not as it was sealed; ``row`` is None when a seal itself is at fault."""

    seal: int
    stream: str
    row: int | None
    fault: Fault


@dataclass(frozen=True)
class AuditReport:
    seals: int
    rows: int
    unsealed: int
    broken: Broken | None = None


@dataclass(frozen=True)
class _Rows:
    ids: list[int] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)


def streams() -> list[Stream]:
    """Every table that refuses UPDATE and DELETE, but for the seals themselves, by name."""
    guarded: set[type[models.Model]] = {
        model  # type: ignore[misc]
        for model, trigger in pgtrigger.registered()
        if isinstance(trigger, pgtrigger.Protect) and not _protected_only_in_part(trigger)
    }
    return sorted((_stream(model) for model in guarded - {Seal}), key=lambda stream: stream.name)


def _protected_only_in_part(trigger: pgtrigger.Protect) -> bool:
    words = str(trigger.operation).upper()
    return "UPDATE" not in words or "DELETE" not in words


def _stream(model: type[models.Model]) -> Stream:
    """A table whose key does not rise with the writing has a column ``sequence`` that does."""
    meta = model._meta
    columns = [str(field.column) for field in meta.local_concrete_fields]
    key = "sequence" if "sequence" in columns else str(meta.pk.column)
    return Stream(str(meta.label_lower), meta.db_table, key, tuple(sorted(columns)))


def seal_new(*, now: dt.datetime) -> SealReport:
    """Seal what was written since the last seals; a table somebody writes to for long is left to the next beat."""
    seals, rows, waiting = 0, 0, []
    for stream in streams():
        if not _has_new_rows(stream):
            continue
        upto = _settled_key(stream)
        if upto is None:
            waiting.append(stream.name)
            continue
        while (count := _seal_batch(stream, upto=upto, now=now)) > 0:
            seals, rows = seals + 1, rows + count
    return SealReport(seals, rows, tuple(waiting))


def last_seal() -> Seal | None:
    """The end of the chain: what a signed report prints."""
    return Seal.objects.order_by("-id").defer("row_ids", "row_digests").first()


def in_chain(digest: str) -> bool:
    """Whether a printed seal is still part of the chain; together with ``verify`` it shows that nothing was cut off."""
    return Seal.objects.filter(digest=digest.strip().lower()).exists()


def _last_key(stream: Stream) -> int:
    found = Seal.objects.filter(stream=stream.name).order_by("-last_id").values_list("last_id", flat=True).first()
    return found or 0


def _has_new_rows(stream: Stream) -> bool:
    return _highest_key(stream) is not None


def _highest_key(stream: Stream) -> int | None:
    """The highest key since the last seal; None when there is nothing new."""
    key, table = _quoted(stream.key), _quoted(stream.table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max({key}) FROM {table} WHERE {key} > %s", [_last_key(stream)])  # noqa: S608
        found = cursor.fetchone()
    return found[0] if found else None


def _settled_key(stream: Stream) -> int | None:
    """The highest key below which nothing can appear any more; None while a writer takes his time.

    A row takes its number before it is committed, so a lower number may come later than a higher one. The lock
    waits until every writer is done; new ones get higher numbers. It is held for this one question only.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
            cursor.execute(f"LOCK TABLE {_quoted(stream.table)} IN SHARE MODE")
            return _highest_key(stream)
    except OperationalError:
        return None


@transaction.atomic
def _seal_batch(stream: Stream, *, upto: int, now: dt.datetime) -> int:
    """Add one seal over at most BATCH_ROWS rows; how many it covers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
    after = _last_key(stream)
    rows = _digests(stream, stream.columns, after=after, upto=upto, limit=BATCH_ROWS)
    if not rows.ids:
        return 0
    end = last_seal()
    seal = Seal(
        stream=stream.name,
        first_id=after + 1,
        last_id=rows.ids[-1],
        rows=len(rows.ids),
        columns=list(stream.columns),
        row_ids=rows.ids,
        row_digests=b"".join(rows.digests),
        previous=end.digest if end else GENESIS,
        at=now,
    )
    seal.digest = _digest_of(seal)
    seal.save(force_insert=True)
    return seal.rows


def _digest_of(seal: Seal) -> str:
    """The hash of a seal over what it says itself: the seal before it, its range, and every row digest."""
    head = [seal.previous, seal.stream, seal.first_id, seal.last_id, seal.rows, list(seal.columns), _utc(seal.at)]
    found = hashlib.sha256(json.dumps(head, separators=(",", ":"), ensure_ascii=True).encode())
    found.update(struct.pack(f">{len(seal.row_ids)}q", *seal.row_ids))
    found.update(bytes(seal.row_digests))
    return found.hexdigest()


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")


def _digests(stream: Stream, columns: tuple[str, ...], *, after: int | None, upto: int, limit: int | None = None) -> _Rows:
    """Number and SHA-256 of each row as canonical JSON of the given columns; PostgreSQL does the work.

    Columns that came after the seal are left out, so that a migration breaks no seal.
    """
    key = _quoted(stream.key)
    later = sorted(set(stream.columns) - set(columns))
    where = f"{key} <= %s" if after is None else f"{key} <= %s AND {key} > %s"
    params = (later, upto) if after is None else (later, upto, after)
    query = (
        f"SELECT {key}, sha256(convert_to((to_jsonb(t) - %s::text[])::text, 'UTF8'))"  # noqa: S608
        f" FROM {_quoted(stream.table)} t WHERE {where} ORDER BY {key}"
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")
        cursor.execute(query if limit is None else f"{query} LIMIT {int(limit)}", params)
        found = cursor.fetchall()
    return _Rows([row[0] for row in found], [bytes(row[1]) for row in found])


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def verify() -> AuditReport:
    """Walk the chain from its beginning; ``broken`` is the first row or seal that is not as it was sealed."""
    known = {stream.name: stream for stream in streams()}
    reached: dict[str, int] = {}
    previous, seals, rows = GENESIS, 0, 0
    for seal in _chain():
        broken = _seal_fault(seal, previous, known, reached) or _row_fault(seal, known[seal.stream], first=seal.stream not in reached)
        if broken:
            return AuditReport(seals, rows, 0, broken)
        previous, seals, rows = seal.digest, seals + 1, rows + seal.rows
        reached[seal.stream] = seal.last_id
    return AuditReport(seals, rows, sum(_unsealed(s, reached.get(s.name, 0)) for s in known.values()))


def _chain() -> Iterator[Seal]:
    yield from Seal.objects.order_by("id").iterator(chunk_size=50)


def _seal_fault(seal: Seal, previous: str, known: dict[str, Stream], reached: dict[str, int]) -> Broken | None:
    """Whether the seal hangs on the one before it and says what its digest says."""
    intact = (
        seal.previous == previous
        and len(seal.row_ids) == seal.rows
        and len(bytes(seal.row_digests)) == seal.rows * DIGEST_BYTES
        and seal.first_id == reached.get(seal.stream, 0) + 1
        and _digest_of(seal) == seal.digest
    )
    if not intact:
        return Broken(seal.pk, seal.stream, None, Fault.SEAL)
    if seal.stream not in known or not set(seal.columns) <= set(known[seal.stream].columns):
        return Broken(seal.pk, seal.stream, None, Fault.TABLE)
    return None


@transaction.atomic
def _row_fault(seal: Seal, stream: Stream, *, first: bool) -> Broken | None:
    """The first row in which the table and the seal differ, in the order of the rows."""
    found = _digests(stream, tuple(seal.columns), after=None if first else seal.first_id - 1, upto=seal.last_id)
    joined = bytes(seal.row_digests)
    sealed = dict(zip(seal.row_ids, (joined[n : n + DIGEST_BYTES] for n in range(0, len(joined), DIGEST_BYTES)), strict=True))
    actual: dict[int, Any] = dict(zip(found.ids, found.digests, strict=True))
    if sealed == actual:
        return None
    row = min(number for number in sealed.keys() | actual.keys() if sealed.get(number) != actual.get(number))
    fault = Fault.REMOVED if row not in actual else Fault.INSERTED if row not in sealed else Fault.CHANGED
    return Broken(seal.pk, seal.stream, row, fault)


def _unsealed(stream: Stream, reached: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {_quoted(stream.table)} WHERE {_quoted(stream.key)} > %s", [reached])  # noqa: S608
        return int(cursor.fetchone()[0])
