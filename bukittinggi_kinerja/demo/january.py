"""What January and a second source leave in the city: templates of frequent posts, and BKN's results of one month."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count

from appraisal.models import Assessment, ImportedResult, PerformancePlan, PlanTemplate
from appraisal.rules.drafts import as_template
from appraisal.rules.lifecycle import AssessmentState
from appraisal.services.plan_drafts import drafts_in
from bukittinggi_kinerja.common.period import Period
from employees.models import User

TEMPLATES = 3
#: One result in so many differs between the two sources.
EVERY = 9
AGENCY = "BKT/DPMPTSP/"
BEST = 5


def lay_templates(now: dt.datetime) -> int:
    """The agreed plan of one person in each of the most frequent posts, as the template of that post."""
    posts = PerformancePlan.objects.agreed().values("position").annotate(size=Count("pk")).order_by("-size", "position")[:TEMPLATES]
    plans = [
        PerformancePlan.objects.agreed().filter(position=post["position"]).select_related("position").order_by("pk").first()
        for post in posts
    ]
    chosen = [plan for plan in plans if plan is not None]
    contents = drafts_in(chosen, with_targets=False)
    keeper = User.objects.filter(username="bkpsdm").values_list("pk", flat=True).first()
    rows = [
        PlanTemplate(
            position=plan.position, year=plan.year, content=as_template(contents[plan.pk]), reason="SKP baku kota contoh", made_by=keeper,
            made_at=now,
        )
        for plan in chosen
    ]  # fmt: skip
    return len(PlanTemplate.objects.bulk_create(rows))


def bring_results(closed: list[Period], now: dt.datetime) -> int:
    """BKN's predicate of one closed month for one OPD: the same as here, but for a few."""
    if not closed:
        return 0
    month = closed[-1]
    cases = Assessment.objects.current().filter(
        cycle__period=month.key, state=AssessmentState.PUBLISHED, unit__path__startswith=AGENCY, stretch_end=month.end
    )
    rows = [
        ImportedResult(
            employee_id=person, period=month.key, start=month.start, end=month.end, source="BKN", number=f"BKN/{month.key}", dated=month.end,
            predicate=_other(predicate) if number % EVERY == 0 else predicate, imported_at=now,
        )
        for number, (person, predicate) in enumerate(cases.order_by("pk").values_list("employee_id", "score_row__predicate"), 1)
        if predicate is not None
    ]  # fmt: skip
    return len(ImportedResult.objects.bulk_create(rows))


def _other(predicate: int) -> int:
    return predicate - 1 if predicate == BEST else predicate + 1
