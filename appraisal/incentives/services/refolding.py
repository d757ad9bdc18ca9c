"""Cases read again from the steps that stand, when steps, accounts or the calendar have changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction

from appraisal.incentives.models import EventSource, ServiceCase, ServiceEvent
from appraisal.incentives.policies import require_source
from appraisal.incentives.rules.cases import CaseFacts, Step, fold
from bukittinggi_kinerja.common.events import record_event
from employees.rules.viewing import Viewer

from .case_book import CaseBook, apply_fields, store_changed
from .intake_sorting import AT_ONCE, chunks


def held_source(source_id: int) -> EventSource:
    """The source, locked: one change of its cases at a time."""
    return EventSource.objects.select_for_update().get(pk=source_id)


def kept_source(viewer: Viewer, source_id: int) -> EventSource:
    """The same for its keeper. Raises NotVisible for others."""
    return require_source(viewer, EventSource.objects.select_for_update().filter(pk=source_id).first())


def facts_of(cases: Iterable[ServiceCase], book: CaseBook) -> dict[int, CaseFacts]:
    """Facts by the id of the case; a case all of whose steps were cancelled has none."""
    steps: dict[int, list[Step]] = {}
    rows = (
        ServiceEvent.objects.current()
        .filter(case__in=[case.pk for case in cases], cancelled=False)
        .order_by("case_id", "at", "id")
        .values_list("case_id", "activity", "at", "account", "attributes")
    )
    for case_id, *step in rows:
        steps.setdefault(case_id, []).append(Step(*step))
    return {case_id: fold(told, book.words) for case_id, told in steps.items()}


@transaction.atomic
def recompute_open_cases(*, now: dt.datetime) -> int:
    """Bring due dates of unfinished cases in line with the calendar and the standards of today; how many changed.

    Finished cases stay as they were read when they finished.
    """
    changed = sum(_recompute_source(source, now) for source in EventSource.objects.order_by("id"))
    if changed:
        record_event(
            action="incentives.cases.recomputed", subject=("incentives.servicecase", "*"), actor=None, now=now, new={"changed": changed}
        )
    return changed


def _recompute_source(source: EventSource, now: dt.datetime) -> int:
    held = held_source(source.pk)
    book = CaseBook.load(held, mapping=held.mapping)
    ids = ServiceCase.objects.filter(source=held, finished_at=None).order_by("id").values_list("id", flat=True)
    return sum(_recompute(chunk, book, now) for chunk in chunks(ids, AT_ONCE))


def _recompute(ids: Sequence[int], book: CaseBook, now: dt.datetime) -> int:
    cases = list(ServiceCase.objects.filter(id__in=ids))
    facts = facts_of(cases, book)
    changed = [case for case in cases if case.pk in facts and apply_fields(case, book.fields(facts[case.pk]), now)]
    store_changed(changed)
    return len(changed)
