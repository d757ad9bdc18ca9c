"""Work in sets: one statement out of a queryset."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models


def columns_of(model: type[models.Model], fields: Sequence[str]) -> list[str]:
    """The column of each named field, in order."""
    by_name = {field.name: str(field.column) for field in model._meta.concrete_fields}
    return [by_name[name] for name in fields]


def insert_from(model: type[models.Model], fields: Sequence[str], rows: models.QuerySet[Any, Any]) -> int:
    """``INSERT INTO model (fields) SELECT …`` with the columns of ``rows`` in the same order.

    Nothing crosses the wire, so a rule written as query expressions serves one person and a country.
    Returns the number of rows written.
    """
    try:
        select, params = rows.query.sql_with_params()
    except EmptyResultSet:  # a condition that nothing can meet, such as one of no ids
        return 0
    quote = connection.ops.quote_name
    columns = ", ".join(quote(name) for name in columns_of(model, fields))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {quote(model._meta.db_table)} ({columns}) {select}", params)
        return int(cursor.rowcount)


def update_rows(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Set ``columns`` of many rows to values of their own in one statement; the first column tells which row."""
    if not rows:
        return
    types = {
        str(field.column): field.rel_db_type(connection) if field.is_relation else field.cast_db_type(connection)
        for field in model._meta.concrete_fields
    }
    quote = connection.ops.quote_name
    table, key = quote(model._meta.db_table), quote(columns[0])
    given = ", ".join(f"%s::{types[name]}[]" for name in columns)
    names = ", ".join(quote(name) for name in columns)
    sets = ", ".join(f"{quote(name)} = given.{quote(name)}" for name in columns[1:])
    with connection.cursor() as cursor:
        cursor.execute(
            # Names of our own model, quoted; the values are parameters.
            f"UPDATE {table} SET {sets} FROM unnest({given}) AS given ({names}) WHERE {table}.{key} = given.{key}",  # noqa: S608
            [list(values) for values in zip(*rows, strict=True)],
        )


def fetch_over(
    model: type[models.Model], fields: Sequence[str], rows: models.QuerySet[Any, Any], query: models.QuerySet[Any, Any]
) -> list[tuple[Any, ...]]:
    """Run ``query`` as if the table of ``model`` held exactly ``rows`` (columns in the order of ``fields``).

    A common table expression of the same name hides the table, so a rule over stored rows also reads live ones.
    """
    inner, inner_params = rows.query.sql_with_params()
    outer, outer_params = query.query.sql_with_params()
    quote = connection.ops.quote_name
    columns = ", ".join(quote(name) for name in columns_of(model, fields))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {quote(model._meta.db_table)} ({columns}) AS ({inner}) {outer}", [*inner_params, *outer_params])
        return list(cursor.fetchall())


class Differs(models.Func):
    """a IS DISTINCT FROM b: null equals null."""

    template = "(%(expressions)s)"
    arg_joiner = " IS DISTINCT FROM "
    output_field = models.BooleanField()
