"""Writing what a sheet wants: new drafts whole, drafts that are there by what differs. A fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import models
from django.db.models import F

from appraisal.models import Indicator, PerformancePlan, PeriodTarget, WorkResult
from appraisal.rules.drafts import ResultDraft, same_words
from appraisal.services.plan_drafts import FIELDS, draft_of_post, fill, result_row, save_drafts, write_indicators
from bukittinggi_kinerja.common.importing import Written
from employees.models import Posting

from .people import Known
from .undoing import held_by, rewritten

Pair = tuple[PerformancePlan, Sequence[ResultDraft]]
_RESULT_FIELDS = ("title", "kind", "parent", "leader_title", "share", "order")


def write(wanted: Iterable[tuple[Posting, Sequence[ResultDraft], int]], known: Known) -> list[Written]:
    """Plans that were made, and drafts that were changed, with the first line of each."""
    new: list[Pair] = []
    changed: list[Pair] = []
    lines: dict[int, tuple[int, str]] = {}
    for post, results, line in wanted:
        lines[post.employee_id] = (line, post.employee.name)
        draft = known.draft_of(post)
        if draft is None:
            new.append((draft_of_post(post, leader=known.leader_of(post), book=known.book), results))
        else:
            changed.append((draft, results))
    save_drafts([plan for plan, _results in new])
    fill(new, leaders=known.signed, book=known.book)
    before = held_by([plan.pk for plan, _results in changed])
    _rewrite(changed, known)
    written = list(_made([plan for plan, _results in new], lines))
    for plan, _results in changed:
        version, (line, name) = plan.version, lines[plan.employee_id]
        plan.version += 1
        written.append(rewritten(plan, version, before[plan.pk], line=line, label=name))
    return written


def _made(plans: Sequence[PerformancePlan], lines: Mapping[int, tuple[int, str]]) -> Iterator[Written]:
    """New plans with all they hold, as the database says them, so that they can be compared before they are taken back."""
    ids = [plan.pk for plan in plans]
    told = {plan.pk: lines[plan.employee_id] for plan in plans}
    kinds: tuple[tuple[type[models.Model], str], ...] = (
        (PerformancePlan, "id"), (WorkResult, "plan_id"), (Indicator, "plan_id"), (PeriodTarget, "indicator__plan_id"),
    )  # fmt: skip
    for kind, owner in kinds:
        rows: Any = kind._default_manager.filter(**{f"{owner}__in": ids}).annotate(of_plan=models.F(owner)).order_by("pk")  # noqa: SLF001
        for row in rows.iterator(chunk_size=2000):
            line, name = told[row.of_plan]
            yield Written.made(row, line=line, label=name)


def _rewrite(pairs: Sequence[Pair], known: Known) -> None:
    """Rows that are there keep their key: other plans may hang on them."""
    if not pairs:
        return
    ids = [plan.pk for plan, _results in pairs]
    stored = {(row.plan_id, same_words(row.title)): row for row in WorkResult.objects.filter(plan__in=ids)}
    created, updated, rows = [], [], []
    for plan, results in pairs:
        for order, draft in enumerate(results, 1):
            wanted = result_row(plan, draft, order, known.signed)
            row = stored.pop((plan.pk, same_words(draft.title)), None)
            if row is None:
                row = wanted
                created.append(row)
            else:
                for name in _RESULT_FIELDS:
                    setattr(row, name, getattr(wanted, name))
                updated.append(row)
            rows.append((plan, row, draft.indicators))
    WorkResult.objects.bulk_create(created)
    WorkResult.objects.bulk_update(updated, _RESULT_FIELDS)
    _rewrite_indicators(ids, rows, known)
    WorkResult.objects.filter(pk__in=[row.pk for row in stored.values()]).delete()
    PerformancePlan.objects.filter(pk__in=ids).update(version=F("version") + 1)


def _rewrite_indicators(ids: Sequence[int], rows: Sequence[tuple[PerformancePlan, WorkResult, Any]], known: Known) -> None:
    there: dict[tuple[int, str], Indicator] = {
        (one.work_result_id, same_words(one.name)): one for one in Indicator.objects.filter(plan__in=ids, retired_on=None)
    }
    kept: Mapping[tuple[int, str], Indicator] = dict(there)
    for _plan, row, drafts in rows:
        for draft in drafts:
            there.pop((row.pk, same_words(draft.name)), None)
    Indicator.objects.filter(pk__in=[one.pk for one in there.values()]).delete()
    PeriodTarget.objects.filter(indicator__plan__in=ids).delete()
    written = write_indicators(rows, known.book, kept=kept)
    Indicator.objects.bulk_update([one for one in written if one.pk in {k.pk for k in kept.values()}], [*FIELDS, "order"])
