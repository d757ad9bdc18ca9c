"""What an import may say of a row whose details are closed: nothing that depends on them.

A rehearsal leaves no trace, so its answer must be the same whatever the row says; otherwise a file with every punishment in it
would tell the right one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.importing import Remark
from bukittinggi_kinerja.common.importing.resource import Draft
from employees.models import Discipline, Kept


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
