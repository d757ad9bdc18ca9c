"""Writing postings in two times: what is replaced stays readable as it was known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.db.models import F, Func, QuerySet, Value
from django.db.models.fields import DateTimeField
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.constraints import refused_by_constraint
from bukittinggi_kinerja.common.errors import NotNow, NotVisible, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from employees.models import Employee, Posting
from employees.rules.chains import circle_above
from employees.rules.spans import Span

ONE_TICK = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class NewPosting:
    """What shall hold from ``valid_from`` up to, not including, ``valid_to``."""

    employee_id: int
    unit_id: int
    position_id: int
    supervisor_id: int | None
    heads_unit: bool
    valid_from: dt.date
    valid_to: dt.date | None
    decree: str = ""
    decided_on: dt.date | None = None
    reason: str = ""

    @property
    def span(self) -> Span:
        return Span(self.valid_from, self.valid_to)


@transaction.atomic
def post_employee(
    *,
    employee_id: int,
    unit_id: int,
    position_id: int,
    supervisor_id: int | None,
    heads_unit: bool,
    valid_from: dt.date,
    valid_to: dt.date | None,
    decided_on: dt.date | None,
    decree: str,
    reason: str,
    actor: int | None,
    now: dt.datetime,
) -> Posting:
    """Post somebody; postings that hold in those days are closed or split as of ``now``.

    Raises NotVisible for an unknown person, Unacceptable for a span without a day, a circle of supervisors, or what a
    constraint refuses (a second head of the unit, oneself as supervisor).
    """
    one_writer()
    _require_person_and_days(employee_id, valid_from, valid_to)
    wanted = NewPosting(
        employee_id=employee_id,
        unit_id=unit_id,
        position_id=position_id,
        supervisor_id=supervisor_id,
        heads_unit=heads_unit,
        valid_from=valid_from,
        valid_to=valid_to,
        decree=decree,
        decided_on=decided_on,
        reason=reason,
    )
    _refuse_circle(wanted)
    before = Posting.objects.in_force(on=valid_from).filter(employee_id=employee_id).first()
    [posting] = lay_postings([wanted], now=now)
    Employee.objects.filter(pk=employee_id).update(updated_at=now)
    record_event(
        action="employees.posting.made",
        subject=("employees.employee", employee_id),
        actor=actor,
        now=now,
        old=_facts(before),
        new=_facts(posting) | {"valid_from": valid_from, "valid_to": valid_to, "decree": decree, "posting": posting.pk},
        reason=reason,
    )
    return posting


def _require_person_and_days(employee_id: int, valid_from: dt.date, valid_to: dt.date | None) -> None:
    """Lock the person; refuse an unknown one and a span without a day."""
    if not Employee.objects.select_for_update(no_key=True).filter(pk=employee_id).exists():
        raise NotVisible(_("Pegawai tidak ditemukan."))
    if valid_to is not None and valid_to <= valid_from:
        raise Unacceptable(_("Tanggal akhir harus setelah tanggal awal."), errors={"valid_to": [_("Isi tanggal setelah tanggal awal.")]})


def lay_postings(wanted: Sequence[NewPosting], *, now: dt.datetime) -> list[Posting]:
    """Lay new postings over the known ones, one for each person, in four statements whatever their number.

    Part of a larger service: records no event. Raises Unacceptable where a constraint refuses.
    """
    spans = {new.employee_id: new for new in wanted}
    if len(spans) != len(wanted):
        raise ValueError("one new posting for each person")
    touched = _overlapped(spans)
    now = _after(touched, now)
    known = DateTimeTZRange(now, None)
    with refused_by_constraint(Posting):
        close_known(Posting.objects.filter(pk__in=[row.pk for row in touched]), now=now)
        rest = [
            Posting(**_copied(row), valid=DateRange(part.start, part.end), known=known)
            for row in touched
            for part in _span(row).without(spans[row.employee_id].span)
        ]
        made = [
            Posting(
                employee_id=new.employee_id,
                unit_id=new.unit_id,
                position_id=new.position_id,
                supervisor_id=new.supervisor_id,
                heads_unit=new.heads_unit,
                valid=DateRange(new.valid_from, new.valid_to),
                known=known,
                decree=new.decree,
                decided_on=new.decided_on,
                reason=new.reason,
            )
            for new in wanted
        ]
        # What is new comes last, so that the rows of one person stand in the order of time where they can.
        Posting.objects.bulk_create([*rest, *made], batch_size=2000)
    return made


def end_postings(employee_id: int, *, on: dt.date, now: dt.datetime) -> tuple[list[int], list[Posting]]:
    """Let no posting of this person hold from ``on`` on: ids of the rows that this closed, and what remains of them.

    Part of a larger service: records no event.
    """
    touched = _overlapped({employee_id: _Days(Span(on, None))})
    known = DateTimeTZRange(_after(touched, now), None)
    close_known(Posting.objects.filter(pk__in=[row.pk for row in touched]), now=known.lower)
    parts = [(row, part) for row in touched for part in _span(row).without(Span(on, None))]
    rest = [Posting(**_copied(row), valid=DateRange(part.start, part.end), known=known) for row, part in parts]
    return [row.pk for row in touched], Posting.objects.bulk_create(rest)


def restore_postings(*, made: Sequence[int], closed: Sequence[int], now: dt.datetime) -> None:
    """Take back rows that one act wrote and let those that it closed hold again. Part of a larger service.

    Raises NotNow where a later act has already replaced one of them.
    """
    rows = list(Posting.objects.select_for_update().filter(pk__in=made))
    if any(row.known.upper is not None for row in rows):
        raise NotNow(_("Penempatan sudah diubah sesudahnya, jadi tidak dapat dibatalkan. Catat penempatan baru."))
    old = list(Posting.objects.filter(pk__in=closed).order_by("id"))
    known = DateTimeTZRange(_after(rows, now), None)
    with refused_by_constraint(Posting):
        close_known(Posting.objects.filter(pk__in=made), now=known.lower)
        Posting.objects.bulk_create([Posting(**_copied(row), valid=row.valid, known=known) for row in old], batch_size=2000)


def _after(rows: Sequence[Posting], now: dt.datetime) -> dt.datetime:
    """A moment at which all these rows were known for some time."""
    moments: list[dt.datetime] = [row.known.lower + ONE_TICK for row in rows if row.known.lower]
    return max([now, *moments])


@dataclass(frozen=True, slots=True)
class _Days:
    span: Span


def one_writer() -> None:
    """Until the end of the transaction nobody else changes who supervises whom: two half circles could make one.

    The first lock a service takes, so that two of them never wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('employees.postings'))")


def close_known(rows: QuerySet[Posting], *, now: dt.datetime) -> int:
    """End what the city knew: the row stays, and is no longer the present knowledge."""
    upper = Value(now, output_field=DateTimeField())
    return rows.update(known=Func(Func(F("known"), function="lower"), upper, function="tstzrange"))


def _overlapped(spans: Mapping[int, NewPosting | _Days]) -> list[Posting]:
    """Known postings of these people that hold on some day of their new one; locked."""
    rows = Posting.objects.known().filter(employee_id__in=spans).select_for_update().order_by("id")
    return [row for row in rows if _span(row).overlaps(spans[row.employee_id].span)]


def _span(row: Posting) -> Span:
    return Span(row.valid.lower, row.valid.upper)


def _copied(row: Posting) -> dict[str, object]:
    names = ("employee_id", "unit_id", "position_id", "supervisor_id", "heads_unit", "decree", "decided_on", "reason")
    return {name: getattr(row, name) for name in names}


def _facts(row: Posting | None) -> dict[str, object]:
    if row is None:
        return {}
    return {"unit": row.unit_id, "position": row.position_id, "supervisor": row.supervisor_id, "heads_unit": row.heads_unit}


def _refuse_circle(wanted: NewPosting) -> None:
    """Walk up the chain on every day of the new posting on which it changes: who stands above today may be below tomorrow."""
    first = wanted.supervisor_id
    if first is None or first == wanted.employee_id:
        return
    postings = _chain_above(wanted, first)
    begun = {row.valid.lower for row in postings if row.valid.lower is not None and row.valid.lower > wanted.valid_from}
    for day in sorted({wanted.valid_from, *begun}):
        above = {row.employee_id: row.supervisor_id for row in postings if day in row.valid}
        if circle_above(wanted.employee_id, {**above, wanted.employee_id: first}.get):
            raise Unacceptable(
                _("Rantai atasan berputar mulai %(tanggal)s. Pilih atasan yang sejak hari itu tidak dibawahi pegawai ini.")
                % {"tanggal": f"{day:%d-%m-%Y}"},
                errors={"supervisor": [_("Pilih atasan lain.")]},
            )


def _chain_above(wanted: NewPosting, first: int) -> list[Posting]:
    """Postings of everybody who stands above on some day of the new one; a query for each level of the city's hierarchy."""
    known = Posting.objects.known().filter(valid__overlap=DateRange(wanted.valid_from, wanted.valid_to))
    found: list[Posting] = []
    met, level = {wanted.employee_id}, {first}
    while level:
        met |= level
        rows = list(known.filter(employee_id__in=level).only("employee_id", "supervisor_id", "valid"))
        found += rows
        level = {row.supervisor_id for row in rows if row.supervisor_id is not None} - met
    return found
