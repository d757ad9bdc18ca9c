"""Rows into the database by COPY, in chunks, with ids of our own."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from enum import Enum
from itertools import islice
from types import NoneType
from typing import Any, NamedTuple

from django.db import connection, models

CHUNK = 20_000
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


class Span(NamedTuple):
    """A half-open range of days or moments; None is open."""

    start: dt.date | dt.datetime | None
    end: dt.date | dt.datetime | None


def copy_rows(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Append rows with the values of ``fields`` in this order; returns how many."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(_column(model, name)) for name in fields)
    statement = f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN"
    done, stream = 0, iter(rows)
    with connection.cursor() as cursor:
        while chunk := list(islice(stream, CHUNK)):
            text = "\n".join("\t".join(map(_literal, row)) for row in chunk)
            cursor.copy_expert(statement, io.StringIO(text + "\n"))
            done += len(chunk)
    return done


def _column(model: type[models.Model], name: str) -> str:
    column = model._meta.get_field(name).column  # type: ignore[union-attr]
    assert column is not None
    return str(column)


def continue_ids(*wanted: type[models.Model]) -> None:
    """Let the database number on after the rows that came with ids of their own."""
    with connection.cursor() as cursor:
        for model in wanted:
            table, column = model._meta.db_table, _column(model, "id")
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), GREATEST((SELECT max({c}) FROM {t}), 1), (SELECT count(*) > 0 FROM {t}))".format(  # noqa: S608
                    c=connection.ops.quote_name(column), t=connection.ops.quote_name(table)
                ),
                [table, column],
            )


def start_ids_anew(*wanted: type[models.Model]) -> None:
    """A load that failed has used up numbers; empty tables begin with 1 again."""
    for model in wanted:
        if not model.objects.exists():  # type: ignore[attr-defined]
            with connection.cursor() as cursor:
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), 1, false)", [model._meta.db_table, _column(model, "id")])


def _text(value: str) -> str:
    return value.translate(_ESCAPES)


def _literal(value: Any) -> str:
    writer = _WRITERS.get(type(value))
    return writer(value) if writer else _rarer(value)


def _rarer(value: Any) -> str:
    if isinstance(value, Span):
        return "[{},{})".format(*(edge.isoformat() if edge else "" for edge in value))
    if isinstance(value, Enum):
        return str(value.value)
    raise TypeError(type(value))


_WRITERS: dict[type, Callable[[Any], str]] = {
    NoneType: lambda _value: r"\N",
    str: _text,
    int: str,
    bool: lambda value: "t" if value else "f",
    Decimal: lambda value: format(value, "f"),
    dt.date: dt.date.isoformat,
    dt.datetime: dt.datetime.isoformat,
}
