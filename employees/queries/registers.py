"""Reads of people's registers: whose are kept by whom, the rows, who looked, and what a class of post is paid."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from bukittinggi_kinerja.common.models import Event
from employees.models import (
    PERSONAL,
    AllowanceBase,
    Employee,
    JobClass,
    Kept,
    Leave,
    OfficialTravel,
    OrgUnit,
    Posting,
    Spanned,
    UnitKind,
)
from employees.rules.registers import Register
from employees.rules.spans import Span
from employees.rules.viewing import Viewer

from . import managed_paths

#: Action of the event row that opening a closed detail leaves.
DETAIL_OPENED = "employees.register.opened"
MOST_LOOKS = 50


def kept_by(viewer: Viewer) -> QuerySet[Employee]:
    """People whose registers this viewer looks after or audits: all for the city's HR and the auditor, his OPD for a pengelola."""
    if viewer.sees_all_people:
        return Employee.objects.all()
    return _managed(viewer)


def written_by(viewer: Viewer) -> QuerySet[Employee]:
    """People whose registers this viewer may write: all for the city's HR, his OPD for a pengelola; an auditor only reads."""
    return Employee.objects.all() if viewer.is_city_hr else _managed(viewer)


def _managed(viewer: Viewer) -> QuerySet[Employee]:
    if not (paths := managed_paths(viewer)):
        return Employee.objects.none()
    return Employee.objects.filter(pk__in=Posting.objects.in_force(on=viewer.on).under(paths).values("employee_id"))


def found_people(viewer: Viewer, *, unit_path: str = "", words: str = "") -> QuerySet[Employee]:
    """People whose registers the viewer keeps, of one unit and below, by words of the name or the beginning of the NIP."""
    people: Any = kept_by(viewer)
    if unit_path:
        people = people.filter(Exists(Posting.objects.in_force(on=viewer.on).under([unit_path]).filter(employee=OuterRef("pk"))))
    for word in words.split():
        people = people.found_by(word)
    found: QuerySet[Employee] = people.order_by("name", "id")
    return found


def people_listed(people: QuerySet[Employee], *, on: dt.date) -> QuerySet[Employee]:
    """With the post of the day as ``present``, in one more query."""
    today = Posting.objects.in_force(on=on).select_related("unit", "position")
    return people.prefetch_related(Prefetch("postings", today, to_attr="present"))


def units_to_choose(viewer: Viewer) -> QuerySet[OrgUnit]:
    """Units a list of people may be narrowed to: the OPD of the city, or all within the reach of a pengelola."""
    units = OrgUnit.objects.in_force(on=viewer.on).order_by("path")
    if viewer.sees_all_people:
        return units.filter(kind=UnitKind.AGENCY)
    within = Q(pk__in=[])
    for path in managed_paths(viewer):
        within |= Q(path__startswith=path)
    return units.filter(within)


def rows_of(employee_id: int, registers: Iterable[Register]) -> dict[Register, list[Kept]]:
    """All rows of these registers of a person, those taken back too, the latest first; a query for each register."""
    found = {}
    for register in registers:
        model = PERSONAL[register]
        latest = ("-valid", "-id") if issubclass(model, Spanned) else ("-graduated", "-id")
        found[register] = list(model.objects.of_people([employee_id]).order_by(*latest))
    return found


def looks_at(employee_id: int) -> list[Event]:
    """Who opened something closed about a person, the latest first."""
    events = Event.objects.filter(subject_type=Employee._meta.label_lower, subject_id=str(employee_id), action=DETAIL_OPENED)
    return list(events.order_by("-id")[:MOST_LOOKS])


def postings_of(employee_id: int) -> list[Posting]:
    """A person's posts as known now, the latest first."""
    rows = Posting.objects.known().filter(employee_id=employee_id).select_related("unit", "position", "supervisor")
    return list(rows.order_by("-valid"))


def absent_days(employee_ids: Collection[int], start: dt.date, end: dt.date) -> dict[int, list[Span]]:
    """Days of ``[start, end)`` on leave or official travel, by person and in the order of time; never why. Two queries."""
    found: dict[int, list[Span]] = defaultdict(list)
    for register in (Leave, OfficialTravel):
        rows = register.objects.of_people(employee_ids).overlapping(start, end).values_list("employee_id", "valid")
        for person, days in rows:
            found[person].append(Span(max(days.lower, start), min(days.upper, end)))
    return {person: sorted(spans, key=lambda span: (span.start, span.end)) for person, spans in found.items()}


def class_of(position_id: int, *, on: dt.date) -> JobClass | None:
    """Kelas jabatan of a title on a day."""
    found: JobClass | None = JobClass.objects.in_force(on=on).filter(position_id=position_id).first()
    return found


def allowances_of(job_class: int, unit: OrgUnit, *, on: dt.date) -> list[AllowanceBase]:
    """TPP base of a class on a day, one row a criterion: that of the nearest unit above, else that of the city."""
    rows = AllowanceBase.objects.in_force(on=on).filter(job_class=job_class).select_related("unit")
    near: dict[str, AllowanceBase] = {}
    for row in rows.order_by(F("unit__path").asc(nulls_first=True), "id"):
        if row.unit is None or unit.path.startswith(row.unit.path):
            near[row.criterion] = row
    return sorted(near.values(), key=lambda row: row.criterion)
