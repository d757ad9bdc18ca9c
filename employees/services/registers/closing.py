"""Details for few eyes in files: they leave as a mark, and the mark comes back as "what the row already says"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bukittinggi_kinerja.common.cells import as_text
from bukittinggi_kinerja.common.importing import SourceRow
from bukittinggi_kinerja.common.importing.fields import FirstDay, whole_digits
from bukittinggi_kinerja.common.importing.resource import BulkResource
from employees.models import Kept

#: Stands in a file where a detail is closed; a person reads it, and no value looks like it.
CLOSED = "(tertutup)"


def hidden_fields(model: type[Kept]) -> frozenset[str]:
    """Fields that neither a file nor the memory of an import says of a closed row."""
    return frozenset({*model.details, "letter_number", "note"}) if model.details else frozenset()


def masked(texts: Mapping[str, str], row: Kept, columns: frozenset[str]) -> dict[str, str]:
    """A row as it leaves. An empty letter leaves as a mark too, or its absence would be told."""
    return {name: CLOSED if row.closed and name in columns else text for name, text in texts.items()}


def hidden_columns(resource: BulkResource, model: type[Kept]) -> frozenset[str]:
    hidden = hidden_fields(model)
    return frozenset(one.column_name for one in resource.fields.values() if one.attribute in hidden)


def opened(chunk: Sequence[SourceRow], resource: BulkResource) -> list[SourceRow]:
    """Marks replaced by what the one standing row of that person and first day says; one query for a chunk.

    Where there is none, or more than one, the mark stays and is refused as no value of its column.
    """
    marked = [row for row in chunk if is_marked(row)]
    if not marked:
        return list(chunk)
    known = _standing(resource, [_key(row) for row in marked])
    return [_filled(row, resource, known.get(_key(row), [])) if is_marked(row) else row for row in chunk]


def is_marked(row: SourceRow) -> bool:
    return any(as_text(cell) == CLOSED for cell in row.cells.values())


def _key(row: SourceRow) -> tuple[str, Any]:
    try:
        return whole_digits(row.cells.get("nip")), FirstDay(attribute="valid", column_name="mulai").clean(row.cells)
    except (ValueError, KeyError):
        return "", None


def _standing(resource: BulkResource, keys: Sequence[tuple[str, Any]]) -> dict[tuple[str, Any], list[Kept]]:
    first = FirstDay(attribute="valid", column_name="mulai")
    rows = resource.get_queryset().filter(employee__nip__in={nip for nip, _day in keys}).select_related("employee")
    found: dict[tuple[str, Any], list[Kept]] = defaultdict(list)
    for row in rows:
        found[(row.employee.nip or "", first.get_value(row))].append(row)
    return found


def _filled(row: SourceRow, resource: BulkResource, known: Sequence[Kept]) -> SourceRow:
    if len(known) != 1:
        return row
    texts = resource.texts_of(known[0])
    cells = {name: texts.get(name, "") if as_text(cell) == CLOSED else cell for name, cell in row.cells.items()}
    return replace(row, cells=cells)
