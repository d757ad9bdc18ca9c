"""After a decree renames, merges or splits an OPD: old results stay with who answers for it, new cases hang on the successor."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from appraisal.models import Assessment, Cycle, PeriodTarget
from appraisal.queries.control import Step, chosen_period, control_room, late_raters, people_of_step, recent_periods
from appraisal.queries.plan_pages import own_plans, team_plans
from appraisal.queries.plans import posting_for
from appraisal.queries.reports import performance_summary
from appraisal.services.cases import ensure_assessments
from appraisal.services.cycles import open_cycle
from appraisal.services.progress import record_progress
from bukittinggi_kinerja.common.period import JAKARTA, Period
from employees.models import OrgUnit, Posting
from employees.queries import agency_heirs, viewer_of
from employees.rules.aggregates import aggregate_scope
from employees.rules.viewing import Viewer
from employees.services.units import Decree, UnitPart, merge_units, rename_unit, split_unit
from tests.appraisal.month import IN_OCTOBER, OCTOBER, Month
from tests.appraisal.planning import pdf
from tests.people import City

NOVEMBER = Period.parse("2026-11")
FIRST = dt.date(2026, 11, 1)
IN_NOVEMBER = dt.datetime(2026, 11, 3, 9, 0, tzinfo=JAKARTA)


def decree(on: dt.date = FIRST, *, days: int = 0) -> Decree:
    return Decree(on=on, number="Perwali 9/2026", reason="SOTK baru", actor=None, now=IN_OCTOBER + dt.timedelta(days=days))


def rename(city: City) -> OrgUnit:
    return rename_unit(unit_id=city.units["DPMPTSP"].pk, name="Dinas Perizinan dan Tenaga Kerja", code="DPTK", decree=decree())


def november(month: Month) -> Cycle:
    cycle = open_cycle(group=month.city.group, period=NOVEMBER, now=IN_NOVEMBER)
    ensure_assessments(cycle=cycle, now=IN_NOVEMBER)
    return cycle


def viewer(city: City, who: str) -> Viewer:
    return viewer_of(city.users[who], on=IN_NOVEMBER.date())


def seen_of_staff(city: City, who: str, period: str) -> int:
    return Assessment.objects.visible_to(viewer(city, who)).filter(cycle__period=period, employee__in=city.staff).count()


@pytest.mark.parametrize("who", ["dpmptsp", "atasan", "penilai", "pengelola"])
def test_who_leads_or_manages_a_renamed_office_keeps_its_old_results_and_gets_the_new_cases(month: Month, who: str) -> None:
    rename(month.city)
    november(month)
    assert [seen_of_staff(month.city, who, period) for period in ("2026-10", "2026-11")] == [12, 12]


def test_new_cases_hang_on_the_new_unit_and_old_ones_stay_where_they_arose(month: Month) -> None:
    rename(month.city)
    november(month)
    assert set(Assessment.objects.filter(cycle=month.cycle, plan__isnull=False).values_list("unit__code", flat=True)) == {
        "DPMPTSP.IZIN.YAN"
    }
    new = Assessment.objects.filter(cycle__period="2026-11", plan__isnull=False)
    assert set(new.values_list("unit__path", flat=True)) == {"BKT/DPTK/DPMPTSP.IZIN-2/DPMPTSP.IZIN.YAN-2/"}


@pytest.mark.parametrize("who", ["luar", "kadinkes", "pimpinan"])
def test_a_rename_shows_nobody_else_anything(month: Month, who: str) -> None:
    rename(month.city)
    november(month)
    assert seen_of_staff(month.city, who, "2026-10") == seen_of_staff(month.city, who, "2026-11") == 0


def test_before_the_decree_holds_nothing_changes(month: Month) -> None:
    before = viewer_of(month.city.users["dpmptsp"], on=dt.date(2026, 10, 31))
    rename(month.city)
    assert viewer_of(month.city.users["dpmptsp"], on=dt.date(2026, 10, 31)) == before


def test_a_viewer_takes_three_queries_after_any_number_of_decrees(month: Month) -> None:
    city, unit = month.city, month.city.units["DPMPTSP"]
    for day in range(1, 5):
        unit = rename_unit(unit_id=unit.pk, name=f"Dinas {day}", code=None, decree=decree(dt.date(2026, 10, day + 20), days=day))
    for who in ("dpmptsp", "pengelola", "penilai", "pegawai", "bkpsdm"):
        with CaptureQueriesContext(connection) as queries:
            found = viewer(city, who)
        assert len(queries) <= 3
    assert seen_of_staff(city, "dpmptsp", "2026-10") == 12
    assert viewer(city, "dpmptsp").headed_paths == ("BKT/DPMPTSP-5/",)
    assert found.unit_paths == ()


def test_the_head_of_a_part_reads_the_past_of_the_whole_and_the_pengelola_keeps_both_parts(month: Month) -> None:
    city = month.city
    parts = [UnitPart("IZIN1", "Dinas Perizinan"), UnitPart("IZIN2", "Dinas Penanaman Modal", frozenset({city.staff[0].pk}))]
    split_unit(unit_id=city.units["DPMPTSP"].pk, parts=parts, decree=decree())
    assert {"BKT/DPMPTSP/", "BKT/IZIN1/", "BKT/IZIN2/"} <= set(viewer(city, "pengelola").unit_paths)
    assert seen_of_staff(city, "pengelola", "2026-10") == seen_of_staff(city, "dpmptsp", "2026-10") == 12
    assert agency_heirs(on=FIRST) == {}


def room(city: City, who: str, period: str) -> list[tuple[str, str, int]]:
    periods = recent_periods()
    choice = chosen_period(periods, period)
    assert choice is not None
    return [
        (row.code, row.name, row.pending)
        for row in control_room(viewer(city, who), period=choice, periods=periods, now=timezone.now()).agencies
    ]


@pytest.mark.parametrize("who", ["bkpsdm", "pengelola"])
def test_the_control_room_keeps_one_row_for_the_old_and_the_new_name(month: Month, who: str) -> None:
    rename(month.city)
    cycle = november(month)
    Assessment.objects.filter(cycle=cycle, employee=month.city.staff[0]).update(unit=month.city.units["DPMPTSP.IZIN.YAN"])
    for period in ("2026-10", "2026-11"):
        row = next(row for row in room(month.city, who, period) if row[0] == "DPTK")
        assert row[1] == "Dinas Perizinan dan Tenaga Kerja"
        assert not [other for other in room(month.city, who, period) if other[0] == "DPMPTSP"]
        listed = [
            people_of_step(viewer(month.city, who), period, step=Step.RATING, done=False, agency=agency).count()
            for agency in ("DPTK", "DPMPTSP")
        ]
        assert listed == [row[2], row[2]]
        assert {rater["agency"] for rater in late_raters(viewer(month.city, who), period, agency="DPTK")} == {"DPTK"}


def test_merged_offices_are_one_row_and_a_decree_to_come_changes_no_name(month: Month) -> None:
    city = month.city
    olds = [city.units["DINKES"].pk, city.units["DPMPTSP"].pk]
    merge_units(unit_ids=olds, code="DPK", name="Dinas Gabungan", kind="OPD", parent_id=city.units["BKT"].pk, decree=decree())
    assert agency_heirs(on=FIRST) == {"DINKES": "DPK", "DPMPTSP": "DPK"}
    assert agency_heirs(on=dt.date(2026, 10, 31)) == {}
    assert {"DPK"} <= {row[0] for row in room(city, "bkpsdm", "2026-10")}


def test_the_report_of_a_head_still_shows_his_divisions(month: Month) -> None:
    before = aggregate_scope(viewer_of(month.city.users["dpmptsp"], on=dt.date(2026, 10, 31)), path=None, refusal="")
    rename(month.city)
    november(month)
    after = aggregate_scope(viewer(month.city, "dpmptsp"), path=None, refusal="")
    old, new = (performance_summary(period=OCTOBER, scope=scope) for scope in (before, after))
    assert [(row.unit, row.people) for row in new.rows] == [(row.unit, row.people) for row in old.rows]
    assert "DPMPTSP.IZIN-2" in {row.unit for row in performance_summary(period=NOVEMBER, scope=after).rows}


def test_the_plan_made_in_the_old_unit_is_the_plan_of_the_renamed_post(month: Month) -> None:
    city = month.city
    assert own_plans(viewer(city, "pegawai")).without_plan == []
    rename(city)
    found = own_plans(viewer(city, "pegawai"))
    assert (len(found.plans), list(found.without_plan)) == (1, [])
    now = posting_for(found.plans[0], on=FIRST)
    assert now == Posting.objects.in_force(on=FIRST).get(employee=city.people["pegawai"])


def test_a_post_in_another_unit_still_asks_for_its_plan(month: Month) -> None:
    city = month.city
    plan = own_plans(viewer(city, "pegawai")).plans[0]
    Posting.objects.filter(employee=city.people["pegawai"]).update(unit=city.units["DINKES.YAN"])
    assert len(own_plans(viewer(city, "pegawai")).without_plan) == 1
    assert posting_for(plan, on=FIRST) is None


def test_the_pengelola_of_the_new_unit_enters_on_behalf_of_who_planned_in_the_old_one(month: Month) -> None:
    city = month.city
    rename(city)
    target = PeriodTarget.objects.get(indicator__plan__employee=city.staff[5], indicator__name="Berkas selesai", period="2026-10")
    entry = record_progress(
        viewer=viewer(city, "pengelola"),
        indicator_id=target.indicator_id,
        period="2026-10",
        value=Decimal(80),
        realised_on=None,
        note="Formulir kertas",
        links=[],
        files=[pdf()],
        now=IN_NOVEMBER,
    )
    assert entry.employee_id == city.staff[5].pk


def test_a_new_leader_of_the_post_is_not_told_that_an_agreed_plan_is_missing(month: Month) -> None:
    person = month.city.people["pegawai"]
    Posting.objects.filter(employee=person).update(supervisor=month.city.people["atasan"])
    assert person not in team_plans(viewer(month.city, "atasan")).without_plan
    person.plans.update(valid=DateRange(dt.date(2025, 1, 1), dt.date(2026, 1, 1)), year=2025)
    assert person in team_plans(viewer(month.city, "atasan")).without_plan


def test_who_comes_back_to_a_post_whose_plan_has_ended_may_draft_a_new_one(month: Month) -> None:
    person = month.city.people["pegawai"]
    plan, held = person.plans.get(), Posting.objects.known().get(employee=person)
    Posting.objects.filter(pk=held.pk).update(valid=DateRange(held.valid.lower, dt.date(2026, 3, 1)))
    back = Posting.objects.create(
        employee=person, unit=held.unit, position=held.position, supervisor=held.supervisor, known=held.known,
        valid=DateRange(dt.date(2026, 6, 1), None),
    )  # fmt: skip
    assert own_plans(viewer(month.city, "pegawai")).without_plan == []
    plan.valid = DateRange(plan.valid.lower, dt.date(2026, 3, 1))
    plan.save()
    assert own_plans(viewer(month.city, "pegawai")).without_plan == [back]
