"""May this viewer do this to this object: one answer for every door."""

from __future__ import annotations

from employees.models import Posting
from employees.rules.viewing import Viewer


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
