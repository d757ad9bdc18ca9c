"""What hangs on some units: people, units below, pengelola; shown before a merge, a split or a new name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from employees.models import OrgUnit, Posting, RoleAssignment

MOST_NAMED = 20
#: Counts that higher apps add: by a label, how many of something hang on these people.
_HANGING: dict[str, tuple[Any, Callable[[Collection[int]], int]]] = {}


def count_with_units(code: str, label: Any, count: Callable[[Collection[int]], int]) -> None:
    """Let a higher app say what of its own hangs on the people of a unit; told when the apps are ready."""
    _HANGING[code] = (label, count)


@dataclass(frozen=True)
class Carried:
    """Who and what goes along. ``heads`` are the leaders who meet; ``outside`` are led from here and stay elsewhere."""

    people: int
    heads: list[str]
    below: list[str]
    keepers: list[str]
    outside: int
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def loses_head(self) -> bool:
        return len(self.heads) > 1


def carried_along(units: Collection[int], *, on: dt.date) -> Carried:
    """A fixed number of queries, and one for each count of a higher app."""
    roots = list(OrgUnit.objects.filter(pk__in=units).order_by("path"))
    within, inside = Q(pk__in=[]), Q(pk__in=[])
    for root in roots:
        within |= Q(path__startswith=root.path)
        inside |= Q(unit__path__startswith=root.path)
    below = OrgUnit.objects.in_force(on=on).filter(within).exclude(pk__in=units).order_by("path")
    posts = Posting.objects.in_force(on=on).filter(inside)
    people = set(posts.values_list("employee_id", flat=True))
    heads = posts.filter(unit__in=units, heads_unit=True).order_by("unit__path")
    roles = RoleAssignment.objects.in_force(on=on).filter(inside).order_by("user__employee__name", "pk")
    return Carried(
        people=len(people),
        heads=list(heads.values_list("employee__name", flat=True)),
        below=[f"{unit.name} ({unit.code})" for unit in below[:MOST_NAMED]],
        keepers=[name or user for name, user in roles.values_list("user__employee__name", "user__username")],
        outside=Posting.objects.in_force(on=on).filter(supervisor_id__in=people).exclude(inside).count(),
        counts={str(label): count(people) for label, count in _HANGING.values()},
    )


@dataclass(frozen=True)
class Seat:
    """Somebody posted in a unit itself, and what leads it."""

    employee: int
    name: str
    heads: bool


@dataclass(frozen=True)
class PostOfUnit:
    """One kind of post in a unit with those who hold it, by name."""

    position: int
    title: str
    seats: list[Seat]


def seats_of(unit_id: int, *, on: dt.date) -> list[PostOfUnit]:
    """Who holds a post in the unit itself on a day or later, by post: those a split has to place. One query.

    Whoever holds several stands at the first one; people of units below go with their units.
    """
    rows = Posting.objects.known().filter(unit=unit_id).filter(Q(valid__endswith=None) | Q(valid__endswith__gt=on))
    rows = rows.select_related("employee", "position").order_by("-heads_unit", "position__title", "employee__name", "valid", "pk")
    posts: dict[int, PostOfUnit] = {}
    seen: set[int] = set()
    for row in rows:
        if row.employee_id not in seen:
            seen.add(row.employee_id)
            post = posts.setdefault(row.position_id, PostOfUnit(row.position_id, row.position.title, []))
            post.seats.append(Seat(row.employee_id, row.employee.name, row.heads_unit))
    return list(posts.values())
