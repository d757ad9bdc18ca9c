"""What an import may say of a row whose details are closed: nothing that depends on them.

A rehearsal leaves no trace, so its answer must be the same whatever the row says; otherwise a file with every punishment in it
would tell the right one. In a list that leaves, such details are a mark, and the mark comes back as "what the row already says".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.cells import as_text
from bukittinggi_kinerja.common.importing import Remark, SourceRow
from bukittinggi_kinerja.common.importing.fields import FirstDay, whole_digits
from bukittinggi_kinerja.common.importing.resource import BulkResource, Draft
from employees.models import Discipline, Kept
from employees.queries.registers import written_by

#: Stands in a file where a detail is closed; a person reads it, and no value looks like it.
CLOSED = "(tertutup)"


def leave_closed(draft: Draft, hidden: Mapping[str, str]) -> None:
    """Give a known row its closed fields back, uncompared. ``hidden`` names the column of the file by field."""
    if not hidden or draft.before is None or draft.row is None:
        return
    row = cast(Kept, draft.row)
    model = type(row)
    if not model(**{name: draft.before[name] for name in model.details}).closed:
        return
    for name, column in hidden.items():
        setattr(row, name, draft.before[name])  # texts, all of them
        draft.wanted[column] = draft.shown[column]
    told = _("Sudah tercatat, dan rinciannya tertutup: isi baris ini tidak dibandingkan. Perbaikan lewat halaman Data pegawai.")
    draft.warnings.append(Remark("", told))


def refuse_beside_others(drafts: Sequence[Draft]) -> None:
    """No punishment is brought into days that have one, of whatever kind: the constraint knows the kind. One query."""
    good = [draft for draft in drafts if draft.row is not None and not draft.faults]
    rows: dict[int, dict[int, DateRange]] = defaultdict(dict)
    for pk, person, days in (
        Discipline.objects.standing().filter(employee__in={_row(one).employee_id for one in good}).values_list("pk", "employee_id", "valid")
    ):
        rows[person][pk] = days
    for draft in good:
        if draft.before is not None:
            rows[_row(draft).employee_id][_row(draft).pk] = _row(draft).valid
    for draft in good:
        row = _row(draft)
        others = (days for pk, days in rows[row.employee_id].items() if pk != row.pk)
        if draft.differs and any(_meet(row.valid, days) for days in others):
            told = _("Pegawai ini sudah mempunyai catatan hukuman disiplin pada hari itu. Tambahkan atau akhiri di halaman Data pegawai.")
            draft.faults.append(Remark("mulai", told))


def _row(draft: Draft) -> Any:
    return draft.row


def _meet(one: DateRange, other: DateRange) -> bool:
    """Whether two spans that begin somewhere share a day."""
    first, second = sorted((one, other), key=lambda days: days.lower)
    return first.upper is None or second.lower < first.upper


def masked(texts: Mapping[str, str], row: Kept, columns: frozenset[str]) -> dict[str, str]:
    """A row as it leaves. An empty letter leaves as a mark too, or its absence would be told."""
    return {name: CLOSED if row.closed and name in columns else text for name, text in texts.items()}


def hidden_columns(resource: BulkResource, model: type[Kept]) -> dict[str, str]:
    """Columns of the file by the fields that neither a file nor the memory of an import says of a closed row."""
    hidden = {*model.details, "letter_number", "note"} if model.details else set()
    return {one.attribute: one.column_name for one in resource.fields.values() if one.attribute in hidden}


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
    # Of people in reach only: a mark that fits, or does not, would tell of a record.
    within = written_by(resource.context.viewer)
    rows = resource.get_queryset().filter(employee__nip__in={nip for nip, _day in keys}, employee__in=within).select_related("employee")
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
