"""Whose plan of last year can be copied, and which templates and leader's results a draft may take up."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from appraisal.models import PerformancePlan, PlanTemplate, WorkResult
from appraisal.rules.drafts import same_words
from employees.models import AppraisalRegime, OrgUnit, Posting, Regime
from employees.rules.viewing import Viewer

from .plans import leader_results
from .stretches import GONE


def day_in(year: int, today: dt.date) -> dt.date:
    """The day whose posts count for a plan of the year: today, or the nearest day of that year."""
    return min(max(today, dt.date(year, 1, 1)), dt.date(year, 12, 31))


def posts_without_plan(*, path: str, year: int, today: dt.date) -> QuerySet[Posting, Any]:
    """Posts of one unit and below that hold in the year and are appraised here, of people without any plan of the year.

    ``source`` is the plan of the year before that may be copied, or None.
    """
    day = day_in(year, today)
    local = AppraisalRegime.objects.adopted().filter(regime=Regime.LOCAL, group=OuterRef("position__group"), valid__contains=day)
    planned = PerformancePlan.objects.filter(employee=OuterRef("employee"), valid__overlap=(dt.date(year, 1, 1), dt.date(year + 1, 1, 1)))
    before = PerformancePlan.objects.agreed().filter(employee=OuterRef("employee"), position=OuterRef("position"), year=year - 1)
    posts = Posting.objects.in_force(on=day).filter(unit__path__startswith=path)
    found = posts.filter(Exists(local), ~Exists(planned)).exclude(employee__status__in=GONE)
    with_source: QuerySet[Posting, Any] = found.annotate(source=Subquery(before.order_by("-valid").values("pk")[:1]))
    return with_source.select_related("employee", "unit", "position").order_by(F("employee__name"), "pk")


def units_to_prepare(viewer: Viewer) -> QuerySet[OrgUnit]:
    """The units whose plans this viewer prepares in bulk: OPD of the city for its HR and the auditor, his own for others."""
    units = OrgUnit.objects.in_force(on=viewer.on)
    if viewer.sees_all_people:
        return units.filter(kind="OPD").order_by("name")
    paths = set(viewer.headed_paths) | (set(viewer.unit_paths) if viewer.is_unit_hr else set())
    return units.filter(path__in=paths).order_by("path")


def templates_for(plan: PerformancePlan) -> list[PlanTemplate]:
    """Current templates of the post of a plan, the one of the nearest unit first."""
    above = Q(unit=None) | Q(unit__path__in=_ancestry(plan.unit.path))
    found = PlanTemplate.objects.current().filter(above, position_id=plan.position_id).select_related("unit", "position")
    return sorted(found, key=lambda one: -len(one.unit.path) if one.unit else 0)


def suggested_parents(plan: PerformancePlan) -> dict[int, WorkResult]:
    """Result id -> the leader's result of the same words, for results that hang on none of his."""
    there = list(leader_results(plan))
    known = {row.pk for row in there}
    by_words = {same_words(row.title): row for row in reversed(there)}
    found: dict[int, WorkResult] = {}
    for row in plan.work_results.select_related("parent"):
        if row.parent_id in known:
            continue
        words = row.leader_title or (row.parent.title if row.parent else row.title)
        match = by_words.get(same_words(words))
        if match is not None and match.pk != row.pk:
            found[row.pk] = match
    return found


def _ancestry(path: str) -> list[str]:
    codes = path.strip("/").split("/")
    return ["/".join(codes[: n + 1]) + "/" for n in range(len(codes))]
