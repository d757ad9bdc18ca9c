"""Every list: as many queries for a thousand rows as for ten, and pages that neither lose nor repeat."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appraisal.models import Assessment, Indicator, PerformancePlan, PeriodTarget, ProgressEntry, WorkResult
from tests.api.conftest import Callers
from tests.appraisal.month import AFTER_DEADLINE, OCTOBER, YEAR, Month

PATHS = ("employees/", "units/", "cycles/", "plans/", "progress/", "assessments/")


@pytest.mark.parametrize("path", PATHS)
def test_lists_take_the_same_queries_for_ten_rows_and_for_a_thousand(caller: Callers, month: Month, path: str) -> None:
    hr = caller("bkpsdm")
    few = queries(hr, f"{path}?page_size=10")
    grow(month, 1000)
    many = queries(hr, f"{path}?page_size=500")
    assert len(few) == len(many), "\n".join(many)
    assert len(many) <= 10


def queries(someone: Any, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as seen:
        someone.get(path)
    return [query["sql"] for query in seen.captured_queries]


def grow(month: Month, count: int) -> None:
    """A thousand more people with a plan, three indicators and a case each."""
    city = month.city
    people = city.add_staff(count)
    made: dict[str, Any] = {
        "unit": city.units["DPMPTSP.IZIN.YAN"],
        "position": city.position("Pengadministrasi", "PELAKSANA"),
        "year": 2026,
        "valid": YEAR,
    }
    plans = PerformancePlan.objects.bulk_create(PerformancePlan(employee=person, state="DRAF", **made) for person in people)
    results = WorkResult.objects.bulk_create(WorkResult(plan=plan, title="Arsip rapi") for plan in plans)
    indicators = Indicator.objects.bulk_create(
        Indicator(work_result=result, plan=result.plan, name="Arsip", aspect="KUANTITAS", target=10) for result in results
    )
    targets = PeriodTarget.objects.bulk_create(
        PeriodTarget(indicator=indicator, period="2026-10", start=OCTOBER.start, end=OCTOBER.end, target=1) for indicator in indicators
    )
    ProgressEntry.objects.bulk_create(
        ProgressEntry(target=target, employee=target.indicator.plan.employee, value=1, entered_at=AFTER_DEADLINE) for target in targets
    )
    Assessment.objects.bulk_create(
        Assessment(
            cycle=month.cycle, stretch_start=month.cycle.start, stretch_end=month.cycle.end, plan=plan, employee=plan.employee,
            unit=plan.unit, assessor=city.people["penilai"],
        )
        for plan in plans
    )  # fmt: skip


def test_the_tree_takes_at_most_twelve_queries(caller: Callers, month: Month) -> None:
    case = month.rate(month.city.people["pegawai"])
    rater = caller("penilai")
    live = queries(rater, f"assessments/{case.pk}/explanation/")
    month.publish()
    frozen = queries(rater, f"assessments/{case.pk}/explanation/")
    assert len(live) <= 12, "\n".join(live)
    assert len(frozen) <= 12, "\n".join(frozen)


def test_pages_lose_no_row_and_repeat_none_forwards_and_back(caller: Callers, month: Month) -> None:
    hr = caller("bkpsdm")
    whole = [row["id"] for row in hr.get("assessments/?page_size=500")["results"]]
    forwards, page = [], hr.get("assessments/?page_size=4")
    while True:
        forwards += [row["id"] for row in page["results"]]
        if page["next"] is None:
            break
        page = hr.get(page["next"].partition("/api/v1/")[2])
    backwards = []
    while True:
        backwards = [row["id"] for row in page["results"]] + backwards
        if page["previous"] is None:
            break
        page = hr.get(page["previous"].partition("/api/v1/")[2])
    assert forwards == whole == backwards
    assert whole == sorted(whole)
