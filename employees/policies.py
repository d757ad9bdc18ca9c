"""May this viewer do this to this object: one answer for every door."""

from __future__ import annotations

from collections.abc import Sequence

from employees.models import DataReport, Posting
from employees.rules.viewing import Role, Viewer


def may_administer(viewer: Viewer) -> bool:
    """Record keeping of people, units and posts: HR of the city, by a role in force today."""
    return viewer.is_city_hr


def may_appoint_substitute(viewer: Viewer, principal_id: int) -> bool:
    """The superior of the absent one, the head or the pengelola above him, or HR of the city; nobody for himself."""
    if viewer.is_city_hr:
        return True
    if not viewer.signed_in or principal_id == viewer.employee_id:
        return False
    if principal_id in viewer.rates:
        return True
    return Posting.objects.in_force(on=viewer.on).filter(employee_id=principal_id).under(viewer.unit_paths).exists()


def may_answer_report(viewer: Viewer, report: DataReport, managed: Sequence[str]) -> bool:
    """HR of the city, or the pengelola of the unit it came from; nobody his own."""
    if viewer.employee_id is not None and viewer.employee_id == report.employee_id:
        return False
    path = report.unit.path if report.unit else ""
    return viewer.is_city_hr or (bool(path) and path.startswith(tuple(managed)))


def may_open_reports(viewer: Viewer) -> bool:
    """The worklist of all reports: who keeps records, and the auditor who reads them."""
    return bool(viewer.roles & {Role.CITY_HR, Role.UNIT_HR, Role.AUDITOR})


def may_open_handover(viewer: Viewer) -> bool:
    """What moves left without an owner: who keeps records, the auditor, and leaders for their own people."""
    return may_open_reports(viewer) or viewer.is_rater or bool(viewer.headed_paths)


def may_open_substitutes(viewer: Viewer) -> bool:
    """Whoever may have somebody to appoint for; for whom, each appointment asks again."""
    return bool(viewer.roles & {Role.CITY_HR, Role.UNIT_HR}) or viewer.is_rater or bool(viewer.headed_paths)
