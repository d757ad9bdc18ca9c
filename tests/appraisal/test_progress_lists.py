"""Figures by file beside deadlines of single people, finished ratings, and corrections by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from appraisal.models import Assessment, Cycle, PerformancePlan, ProgressEntry
from appraisal.queries.handover import owed_by, unfinished_of
from appraisal.queries.paper import open_periods, paper_form, plans_on_paper
from appraisal.services.lists import ProgressKind
from appraisal.services.progress import correct_progress, dispute_progress
from bukittinggi_kinerja.common.errors import NotNow, Unacceptable
from bukittinggi_kinerja.common.importing import ImportContext, ImportResult
from bukittinggi_kinerja.common.period import JAKARTA
from employees.models import Employee
from tests.appraisal.month import AFTER_DEADLINE, IN_OCTOBER, Month
from tests.appraisal.planning import pdf
from tests.appraisal.test_imported_results import brought, figure
from tests.people import City

pytestmark = pytest.mark.django_db
LATER = dt.datetime(2026, 11, 30, 23, 59, tzinfo=JAKARTA)


def extended(month: Month, who: str = "staf3") -> Employee:
    """Everybody's month is published; this one may still enter figures."""
    person = month.city.people[who]
    Assessment.objects.filter(employee=person).update(own_progress_due=LATER, own_rating_due=LATER)
    Cycle.objects.filter(pk=month.cycle.pk).update(state="TERBIT")
    return person


def undo(city: City, result: ImportResult, now: dt.datetime) -> bool:
    viewer = city.viewer("pengelola", on=now.date())
    context = ImportContext(viewer=viewer, actor=viewer.user_id, as_of=now.date(), now=now)
    return ProgressKind().take_back("appraisal.progressentry", list(result.writes), {}, context)


def states(result: ImportResult) -> list[str]:
    return [row.state.value for row in result.rows]


def test_figures_are_not_taken_from_under_a_finished_rating(month: Month, city: City) -> None:
    found = brought(ProgressKind(), city, [figure(city), figure(city, "staf4")], "pengelola", now=IN_OCTOBER)
    month.rate(city.people["staf4"])
    with pytest.raises(NotNow, match=f"{city.people['staf4'].name} sudah selesai"):
        undo(city, found, IN_OCTOBER)
    Assessment.objects.filter(employee=city.people["staf4"]).update(state="DRAF")
    assert undo(city, found, IN_OCTOBER) is False, "the machinery deletes what was made"


def test_whose_own_deadline_outlasts_the_period_gets_figures_by_file_and_loses_them_by_its_undo(month: Month, city: City) -> None:
    extended(month)
    rows = [figure(city), figure(city, "staf4")]
    found = brought(ProgressKind(), city, rows, "pengelola", now=AFTER_DEADLINE, good_only=True)
    assert states(found) == ["BARU", "SALAH"]
    assert [fault.column for fault in list(found.rows)[1].faults] == ["periode"]
    assert undo(city, found, AFTER_DEADLINE) is False
    late = LATER + dt.timedelta(minutes=1)
    assert states(brought(ProgressKind(), city, rows, "pengelola", now=late)) == ["SALAH", "SALAH"]
    with pytest.raises(NotNow, match="sudah ditutup"):
        undo(city, found, late)


def test_a_rating_that_outlasts_its_period_refuses_a_file_as_any_finished_one(month: Month, city: City) -> None:
    month.rate(extended(month))
    Assessment.objects.filter(employee=city.people["staf3"]).update(own_progress_due=LATER, own_rating_due=LATER)
    [row] = brought(ProgressKind(), city, [figure(city)], "pengelola", now=AFTER_DEADLINE).rows
    assert "sudah selesai" in row.faults[0].text


def test_paper_forms_are_there_as_long_as_somebodys_own_deadline_runs(month: Month, city: City) -> None:
    viewer = city.viewer("pengelola", on=AFTER_DEADLINE.date())
    assert open_periods(viewer, IN_OCTOBER) == ["2026-10"]
    assert plans_on_paper(viewer, "2026-10", IN_OCTOBER).count() == len(city.staff)
    person = extended(month)
    assert open_periods(viewer, AFTER_DEADLINE) == ["2026-10"]
    assert [plan.employee for plan in plans_on_paper(viewer, "2026-10", AFTER_DEADLINE)] == [person]
    plan = PerformancePlan.objects.get(employee=person)
    assert paper_form(viewer, plan.pk, "2026-10").due == LATER
    other = PerformancePlan.objects.get(employee=city.people["staf4"])
    assert paper_form(viewer, other.pk, "2026-10").due == month.cycle.progress_due
    assert open_periods(viewer, LATER + dt.timedelta(minutes=1)) == []


def test_the_page_of_paper_forms_names_the_deadline_of_the_person(month: Month, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: AFTER_DEADLINE)
    person = extended(month)
    hr = city.client("pengelola")
    page = hr.get("/kinerja/formulir/").content.decode()
    assert person.name in page
    assert city.people["staf4"].name not in page
    plan = PerformancePlan.objects.get(employee=person)
    assert "30 November 2026" in hr.get(f"/kinerja/formulir/{plan.pk}/2026-10/").content.decode()


def test_an_unfinished_rating_that_outlasts_its_period_is_still_owed(month: Month, city: City) -> None:
    everybody = owed_by(city.people["penilai"].pk, last_day=dt.date(2026, 11, 20)).open_ratings
    assert everybody == len(city.staff)
    person = extended(month)
    assert owed_by(city.people["penilai"].pk, last_day=dt.date(2026, 11, 20)).open_ratings == 1
    assert unfinished_of([person.pk, city.people["staf4"].pk]) == 1


def corrected(city: City, entry: ProgressEntry, who: str, **words: Any) -> ProgressEntry:
    facts: dict[str, Any] = {"value": Decimal(9), "realised_on": None, "note": "", "reason": "Salah hitung", "links": [], "files": []}
    viewer = city.viewer(who, on=IN_OCTOBER.date())
    return correct_progress(viewer=viewer, entry_id=entry.pk, now=IN_OCTOBER, **{**facts, **words})


def test_an_imported_figure_that_the_pengelola_corrects_stands_on_a_signed_form_and_no_file_writes_over_it(
    month: Month, city: City
) -> None:
    brought(ProgressKind(), city, [figure(city)], "pengelola", now=IN_OCTOBER)
    imported = ProgressEntry.objects.get(source="IMPOR")
    with pytest.raises(Unacceptable) as refusal:
        corrected(city, imported, "pengelola")
    assert set(refusal.value.errors) == {"files"}
    typed = corrected(city, imported, "pengelola", files=[pdf("formulir.pdf")])
    assert (typed.source, typed.replaces) == ("KERTAS", imported)
    assert typed.dispute_until is not None
    again = brought(ProgressKind(), city, [figure(city, nilai="90")], "pengelola", now=IN_OCTOBER)
    assert states(again) == ["SALAH"]
    owner = city.viewer("staf3", on=IN_OCTOBER.date())
    assert dispute_progress(viewer=owner, entry_id=typed.pk, reason="Bukan 9", now=IN_OCTOBER).disputed_at == IN_OCTOBER


def test_an_imported_figure_that_its_owner_corrects_is_his_own(month: Month, city: City) -> None:
    brought(ProgressKind(), city, [figure(city)], "pengelola", now=IN_OCTOBER)
    imported = ProgressEntry.objects.get(source="IMPOR")
    assert corrected(city, imported, "staf3").source == "MANUAL"


def test_figures_of_a_plan_that_another_office_keeps_by_now_are_not_taken_back(month: Month, city: City) -> None:
    found = brought(ProgressKind(), city, [figure(city)], "pengelola", now=IN_OCTOBER)
    PerformancePlan.objects.filter(employee=city.people["staf3"]).update(unit=city.units["DINKES"])
    with pytest.raises(NotNow, match="di luar kewenangan"):
        undo(city, found, IN_OCTOBER)
