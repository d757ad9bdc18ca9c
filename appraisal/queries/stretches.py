"""Which days of a cycle a person held which post, out of his postings as known now.

A stretch is an unbroken time in one post: another leader, or another name of the unit, begins no new one. Nothing here
changes a plan: its stretch is read anew each time, so a corrected posting corrects what follows from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Greatest, Least

from appraisal.models import Assessment, Cycle, PerformancePlan
from employees.models import Posting


def starts(path: str) -> Cast:
    """The first day of a range of days, null where it is open."""
    return Cast(f"{path}__startswith", DateField())


def ends(path: str) -> Cast:
    """The day after the last of a range of days, null where it is open."""
    return Cast(f"{path}__endswith", DateField())


def posting_before(employee: str, day: str) -> QuerySet[Posting]:
    """For a subquery: the posting, as known now, of the last day before ``day`` (two names of the outer query)."""
    reaches = Q(valid__endswith__gte=OuterRef(day)) | Q(valid__endswith=None)
    return Posting.objects.known().filter(reaches, employee=OuterRef(employee), valid__startswith__lt=OuterRef(day))


def plans_of(cycle: Cycle) -> QuerySet[PerformancePlan]:
    return PerformancePlan.objects.agreed().overlapping(cycle.start, cycle.end).filter(position__group=cycle.group)


def plans_in(cycle: Cycle) -> QuerySet[PerformancePlan, Any]:
    """Agreed plans whose person held their post on some day of the cycle; ``first_day`` and ``upto`` are those days."""
    own = Q(unit=OuterRef("unit"), position=OuterRef("position"), valid__overlap=OuterRef("valid"))
    return _with_days(plans_of(cycle), cycle, [own & _in(cycle)], starts("valid"), ends("valid")).filter(first_day__lt=F("upto"))


def steady_plans_in(cycle: Cycle) -> QuerySet[PerformancePlan, Any]:
    """The easy part of ``plans_in``: one posting covers all days of the plan in the cycle. Nearly everybody, every month."""
    days = plans_of(cycle).annotate(first_day=Greatest(starts("valid"), Value(cycle.start)), upto=Least(ends("valid"), Value(cycle.end)))
    return days.filter(_covered("first_day", "upto", unit="unit", position="position"))


def posts_in(cycle: Cycle) -> QuerySet[Posting, Any]:
    """The posting that begins each stretch of the cycle; ``first_day`` and ``upto`` are its days in the cycle."""
    fresh = Posting.objects.beginning_a_stretch().filter(pk=OuterRef("pk"))
    return (
        _postings_of(cycle)
        .filter(Q(valid__startswith__lte=cycle.start) | Exists(fresh))
        .annotate(taken_up=starts("valid"))
        .annotate(given_up=_given_up("taken_up"))
        .annotate(first_day=Greatest(F("taken_up"), Value(cycle.start)), upto=Least(F("given_up"), Value(cycle.end)))
    )


def steady_posts_in(cycle: Cycle) -> QuerySet[Posting, Any]:
    """The easy part of ``posts_in``: a posting that holds through the whole cycle."""
    whole = Q(valid__endswith__gte=cycle.end) | Q(valid__endswith=None)
    return (
        _postings_of(cycle).filter(whole, valid__startswith__lte=cycle.start).annotate(first_day=Value(cycle.start), upto=Value(cycle.end))
    )


def _postings_of(cycle: Cycle) -> QuerySet[Posting]:
    return Posting.objects.overlapping(cycle.start, cycle.end).filter(position__group=cycle.group)


def unsteady(cycle: Cycle, cases: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """Cases whose days may be others by the postings known now; cheap, and too many rather than too few."""
    planned = Q(plan__isnull=False) & Q(
        stretch_start=Greatest(starts("plan__valid"), Value(cycle.start)), stretch_end=Least(ends("plan__valid"), Value(cycle.end))
    )
    free = Q(plan__isnull=True, stretch_start=cycle.start, stretch_end=cycle.end)
    steady = (planned & _covered("stretch_start", "stretch_end", unit="plan__unit", position="plan__position")) | (
        free & _covered("stretch_start", "stretch_end", unit="unit")
    )
    return cases.filter(cycle=cycle).exclude(pk__in=cases.filter(steady, cycle=cycle).values("pk"))


def _covered(first: str, upto: str, **post: str) -> Q:
    """Whether one known posting in this post covers all these days."""
    reaches = Q(valid__endswith__gte=OuterRef(upto)) | Q(valid__endswith=None)
    same = {name: OuterRef(where) for name, where in post.items()}
    held = Posting.objects.known().filter(reaches, employee=OuterRef("employee"), valid__startswith__lte=OuterRef(first), **same)
    return Q(Exists(held))


def with_own_days(cycle: Cycle, cases: QuerySet[Assessment]) -> tuple[QuerySet[Assessment, Any], QuerySet[Assessment, Any]]:
    """Cases with a plan, and without, with the days they should cover; none where ``first_day`` is not before ``upto``.

    Of several stretches in one unit a case without a plan goes with the one that meets the days it has.
    """
    own = Q(unit=OuterRef("plan__unit"), position=OuterRef("plan__position"), valid__overlap=OuterRef("plan__valid"))
    planned = _with_days(
        cases.filter(cycle=cycle, plan__isnull=False), cycle, [own & _in(cycle)], starts("plan__valid"), ends("plan__valid")
    )
    here = Q(unit=OuterRef("unit"), position__group=cycle.group_id) & _in(cycle)
    near = (
        here
        & Q(valid__startswith__lt=OuterRef("stretch_end"))
        & (Q(valid__endswith__gt=OuterRef("stretch_start")) | Q(valid__endswith=None))
    )
    free = _with_days(cases.filter(cycle=cycle, plan__isnull=True), cycle, [near, here], Value(cycle.start), Value(cycle.end))
    return planned, free


def _in(cycle: Cycle) -> Q:
    return Q(valid__overlap=(cycle.start, cycle.end))


def _with_days(rows: QuerySet[Any, Any], cycle: Cycle, own: Sequence[Q], begins: Any, finishes: Any) -> QuerySet[Any, Any]:
    """Annotate the days of the cycle within ``[begins, finishes)`` in which the person held this post.

    ``own`` finds the posting of the post itself, the best condition first. Without one - it was recorded otherwise, and
    corrected - the first posting of those days speaks for it; without any posting the days stand as they are.
    """
    known = Posting.objects.known().filter(employee=OuterRef("employee")).order_by("valid")
    someone = known.filter(Q(valid__endswith__gt=OuterRef("begins")) | Q(valid__endswith=None), valid__startswith__lt=OuterRef("finishes"))
    began = Posting.objects.beginning_a_stretch().filter(employee=OuterRef("employee"), valid__startswith__lte=OuterRef("anchor"))
    found = [_first(known.filter(condition), "valid__startswith") for condition in own]
    return (
        rows.annotate(begins=begins, finishes=finishes)
        .annotate(anchor=Coalesce(*found, _first(someone, "valid__startswith")))
        .annotate(taken_up=_first(began.order_by("-valid"), "valid__startswith"), given_up=_given_up("anchor"))
        .annotate(
            first_day=Greatest(F("begins"), F("taken_up"), Value(cycle.start)), upto=Least(F("finishes"), F("given_up"), Value(cycle.end))
        )
    )


def _given_up(since: str) -> Subquery:
    """The day after the stretch that holds the day ``since``; null where it is open, or the person had no post."""
    ended = Posting.objects.ending_a_stretch().filter(employee=OuterRef("employee"), valid__startswith__gte=OuterRef(since))
    return _first(ended.order_by("valid"), "valid__endswith")


def _first(postings: QuerySet[Posting], bound: str) -> Subquery:
    return Subquery(postings.values(day=Cast(bound, DateField()))[:1], output_field=DateField())
