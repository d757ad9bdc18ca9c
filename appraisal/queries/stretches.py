"""Which days of a cycle a person held which post, out of his postings as known now.

A stretch is an unbroken time in one post: another leader, or another name of the unit, begins no new one. Nothing here
changes a plan: its stretch is read anew each time, so a corrected posting corrects what follows from it.
"""

from __future__ import annotations

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


def plans_in(cycle: Cycle) -> QuerySet[PerformancePlan, Any]:
    """Agreed plans whose person held their post on some day of the cycle; ``first_day`` and ``upto`` are those days."""
    plans = PerformancePlan.objects.agreed().overlapping(cycle.start, cycle.end).filter(position__group=cycle.group)
    own = Q(unit=OuterRef("unit"), position=OuterRef("position"), valid__overlap=OuterRef("valid"))
    return _with_days(plans, cycle, own, starts("valid"), ends("valid")).filter(first_day__lt=F("upto"))


def posts_in(cycle: Cycle) -> QuerySet[Posting, Any]:
    """The posting that begins each stretch of the cycle; ``first_day`` and ``upto`` are its days in the cycle."""
    held = Posting.objects.overlapping(cycle.start, cycle.end).filter(position__group=cycle.group)
    fresh = Posting.objects.beginning_a_stretch().filter(pk=OuterRef("pk"))
    return (
        held.filter(Q(valid__startswith__lte=cycle.start) | Exists(fresh))
        .annotate(taken_up=starts("valid"))
        .annotate(given_up=_given_up("taken_up"))
        .annotate(first_day=Greatest(F("taken_up"), Value(cycle.start)), upto=Least(F("given_up"), Value(cycle.end)))
    )


def drafts_with_plan(cycle: Cycle, drafts: QuerySet[Assessment]) -> QuerySet[Assessment, Any]:
    """Cases with the days they should cover by the postings known now; none where ``first_day`` is not before ``upto``."""
    cases = drafts.filter(cycle=cycle, plan__isnull=False)
    own = Q(unit=OuterRef("plan__unit"), position=OuterRef("plan__position"), valid__overlap=OuterRef("plan__valid"))
    return _with_days(cases, cycle, own, starts("plan__valid"), ends("plan__valid"))


def drafts_without_plan(cycle: Cycle, drafts: QuerySet[Assessment]) -> QuerySet[Assessment, Any]:
    """The same for people without a plan: their stretch is the one in the unit of the case."""
    cases = drafts.filter(cycle=cycle, plan__isnull=True)
    own = Q(unit=OuterRef("unit"), position__group=cycle.group_id, valid__overlap=(cycle.start, cycle.end))
    return _with_days(cases, cycle, own, Value(cycle.start), Value(cycle.end))


def _with_days(rows: QuerySet[Any, Any], cycle: Cycle, own: Q, begins: Any, finishes: Any) -> QuerySet[Any, Any]:
    """Annotate the days of the cycle within ``[begins, finishes)`` in which the person held this post.

    ``own`` finds the posting of the post itself. Without one - it was recorded otherwise, and corrected - the first
    posting of those days speaks for it; without any posting the days stand as they are.
    """
    known = Posting.objects.known().filter(employee=OuterRef("employee")).order_by("valid")
    someone = known.filter(Q(valid__endswith__gt=OuterRef("begins")) | Q(valid__endswith=None), valid__startswith__lt=OuterRef("finishes"))
    began = Posting.objects.beginning_a_stretch().filter(employee=OuterRef("employee"), valid__startswith__lte=OuterRef("anchor"))
    return (
        rows.annotate(begins=begins, finishes=finishes)
        .annotate(anchor=Coalesce(_first(known.filter(own), "valid__startswith"), _first(someone, "valid__startswith")))
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
