"""Rows into the database by COPY, in chunks, with ids of our own."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import islice
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
    columns = ", ".join(quote(model._meta.get_field(name).column) for name in fields)
    statement = f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN"
    done, stream = 0, iter(rows)
    with connection.cursor() as cursor:
        while chunk := list(islice(stream, CHUNK)):
            text = "\n".join("\t".join(map(_literal, row)) for row in chunk)
            cursor.copy_expert(statement, io.StringIO(text + "\n"))
            done += len(chunk)
    return done


def continue_ids(*wanted: type[models.Model]) -> None:
    """Let the database number on after the rows that came with ids of their own."""
    with connection.cursor() as cursor:
        for model in wanted:
            table, column = model._meta.db_table, model._meta.pk.column
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), GREATEST((SELECT max({c}) FROM {t}), 1), (SELECT count(*) > 0 FROM {t}))".format(  # noqa: S608
                    c=connection.ops.quote_name(column), t=connection.ops.quote_name(table)
                ),
                [table, column],
            )


def start_ids_anew(*wanted: type[models.Model]) -> None:
    """A load that failed has used up numbers; empty tables begin with 1 again."""
    for model in wanted:
        if not model._default_manager.exists():
            with connection.cursor() as cursor:
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), 1, false)", [model._meta.db_table, model._meta.pk.column])


def _literal(value: Any) -> str:
    if value is None:
        return r"\N"
    kind = type(value)
    if kind is str:
        return value.translate(_ESCAPES)
    if kind is int:
        return str(value)
    return _rarer(value)


def _rarer(value: Any) -> str:
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    if isinstance(value, Span):
        return "[{},{})".format(*(edge.isoformat() if edge else "" for edge in value))
    if isinstance(value, str):  # a choice of an enumeration
        return str(value.value) if hasattr(value, "value") else value.translate(_ESCAPES)
    if isinstance(value, list):
        return "{" + ",".join(map(_literal, value)) + "}"
    return str(int(value))
