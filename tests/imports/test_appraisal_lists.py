"""Plans, figures and results through the whole pipeline, and back."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from appraisal.models import ImportedResult, PerformancePlan, PeriodTarget, ProgressEntry, WorkResult
from appraisal.services.plan_items import save_work_result
from bukittinggi_kinerja.common.models.imports import BatchState
from bukittinggi_kinerja.common.period import JAKARTA
from tests.appraisal.month import IN_OCTOBER, Month, month  # noqa: F401
from tests.appraisal.planning import make_plan, make_policy
from tests.imports.carried import Carried, csv_of, work
from tests.people import City

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("imports")]


def test_a_sheet_of_plans_is_carried_and_taken_back(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2027, 1, 5, 9, 0, tzinfo=JAKARTA))
    make_policy()
    rows = [{"nip": p.nip, "rhk": "Izin terbit", "indikator": "Berkas", "target": "86,5", "bobot": "3"} for p in city.staff]
    carried = Carried(city, "pengelola").bring(csv_of(rows), kind="skp")
    carried.check(year="2027")
    assert carried.counts == (12, 0, 0, 0), carried.batch.message
    carried.apply()
    assert carried.batch.state == BatchState.APPLIED, carried.batch.message
    assert PerformancePlan.objects.filter(year=2027, state="DRAF").count() == 12
    assert Carried(city, "pengelola").bring(csv_of(rows), kind="skp").check(year="2027").counts == (0, 0, 12, 0)
    carried.undo()
    assert carried.batch.state == BatchState.UNDONE, carried.batch.message
    assert not PerformancePlan.objects.filter(year=2027).exists()


def test_figures_and_results_are_carried_and_taken_back(month: Month, city: City, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(timezone, "now", lambda: IN_OCTOBER)
    rows = [{"nip": city.staff[3].nip, "indikator": "Berkas selesai", "periode": "2026-10", "nilai": "86,5", "catatan": "Rekap"}]
    carried = Carried(city, "pengelola").bring(csv_of(rows), kind="realisasi").check().apply()
    assert carried.batch.state == BatchState.APPLIED, carried.batch.message
    assert ProgressEntry.objects.filter(source="IMPOR").count() == 1
    carried.undo()
    assert carried.batch.state == BatchState.UNDONE, carried.batch.message
    assert not ProgressEntry.objects.filter(source="IMPOR").exists()
    old = [{"nip": city.staff[3].nip, "periode": "2026-09", "predikat": "Baik", "nomor": "1"}]
    Carried(city).bring(csv_of(old), kind="hasil").check().apply()
    second = Carried(city).bring(csv_of([{**old[0], "predikat": "Sangat Baik"}]), kind="hasil").check().apply()
    assert ImportedResult.objects.current().get().predicate == 5
    second.undo()
    assert second.batch.state == BatchState.UNDONE, second.batch.message
    assert ImportedResult.objects.get().is_current
    work()


NEW_YEAR = dt.datetime(2027, 1, 5, 9, 0, tzinfo=JAKARTA)


def sheet(city: City, *titles: str, target: str = "86,5") -> bytes:
    return csv_of(
        [
            {"nip": city.people["pegawai"].nip, "rhk": title, "indikator": f"Berkas {title}", "target": target, "bobot": "3"}
            for title in titles
        ]
    )


def content_of(plan: PerformancePlan) -> list[tuple[object, ...]]:
    """All that a draft holds, under the keys it has."""
    results = plan.work_results.order_by("pk").values_list("pk", "title", "kind", "share", "order")
    indicators = plan.indicators.order_by("pk").values_list("pk", "work_result_id", "name", "target", "weight", "measure", "order")
    targets = PeriodTarget.objects.filter(indicator__plan=plan).order_by("pk").values_list("pk", "indicator_id", "period", "target")
    return [*results, *indicators, *targets]


@pytest.fixture
def january(city: City, monkeypatch: pytest.MonkeyPatch) -> City:
    monkeypatch.setattr(timezone, "now", lambda: NEW_YEAR)
    make_policy()
    Carried(city, "pengelola").bring(sheet(city, "Izin terbit", "Arsip rapi"), kind="skp").check(year="2027").apply()
    return city


def again(city: City, *titles: str, target: str = "90") -> Carried:
    carried = Carried(city, "pengelola").bring(sheet(city, *titles, target=target), kind="skp").check(year="2027").apply()
    assert carried.batch.state == BatchState.APPLIED, carried.batch.message
    return carried


def test_a_draft_that_a_sheet_rewrote_holds_again_what_it_held(january: City) -> None:
    plan = PerformancePlan.objects.get(year=2027)
    before = content_of(plan)
    carried = again(january, "Izin terbit", "Layanan keliling")
    assert content_of(plan) != before
    rewritten = PerformancePlan.objects.get(pk=plan.pk).version
    carried.undo()
    assert carried.batch.state == BatchState.UNDONE, carried.batch.message
    assert content_of(plan) == before
    assert PerformancePlan.objects.get(pk=plan.pk).version > rewritten


def test_a_draft_that_was_changed_since_is_not_given_back_and_its_row_is_named(january: City) -> None:
    carried = again(january, "Izin terbit")
    plan = PerformancePlan.objects.get(year=2027)
    owner = january.viewer("pegawai", on=NEW_YEAR.date())
    save_work_result(viewer=owner, plan_id=plan.pk, work_result_id=None, kind="TAMBAHAN", title="Sendiri", parent_id=None, now=NEW_YEAR)
    kept = content_of(plan)
    carried.undo()
    assert carried.batch.state == BatchState.APPLIED
    assert f"{january.people['pegawai'].name} (baris 2) sudah berubah" in carried.batch.message
    assert content_of(plan) == kept


def test_a_result_that_people_below_hang_on_stays_and_is_named(january: City) -> None:
    carried = again(january, "Izin terbit", "Layanan keliling")
    plan = PerformancePlan.objects.get(year=2027)
    below = make_plan(january.staff[5])
    WorkResult.objects.create(plan=below, title="Mendukung", parent=plan.work_results.get(title="Layanan keliling"))
    carried.undo()
    assert carried.batch.state == BatchState.APPLIED
    assert "Layanan keliling" in carried.batch.message
    assert "baris 2" in carried.batch.message


def test_figures_under_a_finished_rating_stay_and_the_sentence_says_why(
    month: Month,  # noqa: F811
    city: City,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: IN_OCTOBER)
    rows = [{"nip": person.nip, "indikator": "Berkas selesai", "periode": "2026-10", "nilai": "86,5"} for person in city.staff[3:5]]
    carried = Carried(city, "pengelola").bring(csv_of(rows), kind="realisasi").check().apply()
    month.rate(city.staff[4])
    carried.undo()
    assert (carried.batch.state, ProgressEntry.objects.filter(source="IMPOR").count()) == (BatchState.APPLIED, 2)
    assert f"{city.staff[4].name} sudah selesai" in carried.page()
