"""Nothing is left without an owner: what moves leave is listed by every app, with who should take it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from appraisal.models import Assessment, PerformancePlan
from appraisal.queries.handover import owed_by, ratings_without_owner
from appraisal.rules.lifecycle import CycleState
from appraisal.services.assessment_form import RatingSheet
from appraisal.services.cases import ensure_assessments
from appraisal.services.cycles import move_cycle
from appraisal.services.late_rating import rate_late
from bukittinggi_kinerja.common.errors import NotAllowed
from bukittinggi_kinerja.moves.reading import HandOver, hand_over
from employees.models import ActingAppointment, Employee, OrgUnit, Posting, User
from employees.queries import viewer_of
from employees.services.acting import appoint_substitute
from employees.services.service_end import Leaving, end_service
from employees.services.transfers import DecreeFacts, TransferRow, transfer_by_decree
from employees.services.units import Decree, UnitPart, merge_units, split_unit
from tests.appraisal.month import IN_OCTOBER, IN_WINDOW, Month
from tests.people import City

NOVEMBER_3 = dt.date(2026, 11, 3)
MID_OCTOBER = dt.date(2026, 10, 16)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: IN_WINDOW)


def left(city: City, who: str = "bkpsdm", *, on: dt.date = NOVEMBER_3) -> HandOver:
    return hand_over(viewer_of(city.users[who], on=on))


def totals(found: HandOver) -> dict[str, int]:
    return {group.code: group.total for group in found.groups if group.total}


def rating(month: Month) -> None:
    move_cycle(cycle=month.cycle, to=CycleState.RATING, actor=None, now=IN_WINDOW)
    ensure_assessments(cycle=month.cycle, now=IN_WINDOW)


def leave(city: City, who: str, last_day: dt.date, **more: Any) -> None:
    leaving = Leaving(kind="PENSIUN_BUP", last_day=last_day, reason="Batas usia", decree="882/1", **more)
    end_service(viewer=city.viewer("bkpsdm", on=NOVEMBER_3), employee_id=city.people[who].pk, leaving=leaving, now=IN_WINDOW)


def test_in_a_whole_city_nothing_is_left_and_that_is_shown_as_a_fact(month: Month) -> None:
    rating(month)
    assert totals(left(month.city)) == {}
    page = month.city.client("bkpsdm").get("/serah-terima/").content.decode()
    assert "Tidak ada yang tertinggal: 0 penilaian" in page


def test_a_decree_moves_150_people_in_mid_month_and_every_unfinished_rating_has_an_owner(month: Month) -> None:
    city = month.city
    people = city.add_staff(150)
    ensure_assessments(cycle=month.cycle, now=IN_OCTOBER)
    rows = [TransferRow(2, city.people["penilai"].nip, "DPMPTSP.IZIN", "Analis Kebijakan", "FUNGSIONAL")]
    rows += [TransferRow(n, person.nip, "DINKES.YAN", "Pengadministrasi", "PELAKSANA") for n, person in enumerate(people[:100], 3)]
    rows += [TransferRow(n, person.nip, "DPMPTSP.SEK", "Pengadministrasi", "PELAKSANA") for n, person in enumerate(people[100:], 103)]
    decree = DecreeFacts(on=MID_OCTOBER, number="821/9", decided_on=MID_OCTOBER, reason="Rotasi")
    report = transfer_by_decree(rows=rows, decree=decree, apply=True, actor=None, now=IN_OCTOBER)
    assert (len(report.moving), len(report.transfer.followers)) == (151, 12)
    ensure_assessments(cycle=month.cycle, now=IN_OCTOBER + DAY)
    rating(month)
    cases = Assessment.objects.current().filter(employee__in=people)
    assert cases.count() == 300
    first, second = cases.filter(stretch_start__lt=MID_OCTOBER), cases.filter(stretch_start=MID_OCTOBER)
    assert set(first.values_list("assessor", flat=True)) == {city.people["penilai"].pk}
    assert set(second.values_list("assessor", flat=True)) == {city.people["kadinkes"].pk, city.people["dpmptsp"].pk}
    assert not Assessment.objects.current().filter(state="DRAF", assessor=None).exists()
    assert totals(left(city)) == {}


def test_a_retiring_rater_leaves_his_ratings_to_his_superior_and_october_is_still_judged(month: Month) -> None:
    city = month.city
    rating(month)
    leave(city, "penilai", NOVEMBER_3 - DAY)
    ensure_assessments(cycle=month.cycle, now=IN_WINDOW)
    case = month.case(city.staff[0])
    assert case.assessor == city.people["penilai"]
    assert owed_by(city.people["penilai"].pk, last_day=NOVEMBER_3 - DAY).open_ratings == 12
    assert totals(left(city)) == {}
    grid = city.client("atasan").get("/tim/?periode=2026-10").content.decode()
    assert city.staff[0].name in grid
    city.users["atasan"].is_active = False
    city.users["atasan"].save()
    found = left(city)
    assert totals(found) == {"penilaian": 13}
    row = found.groups[0].rows[0]
    assert "tidak dapat menilai lagi" in row.what
    assert row.button == "Tunjuk pengganti"


def test_a_substitute_who_is_the_ratee_himself_leaves_his_own_rating_without_an_owner(month: Month) -> None:
    city = month.city
    rating(month)
    leave(city, "penilai", NOVEMBER_3 - DAY, successor_id=city.staff[3].pk)
    assert [row.who for row in left(city).groups[0].rows] == [city.staff[3].name]


def test_people_without_superior_plans_and_mandates_are_listed_within_the_reach_of_the_viewer(month: Month) -> None:
    city = month.city
    Posting.objects.filter(employee=city.people["luar"]).update(supervisor=None)
    Posting.objects.filter(employee=city.staff[1]).update(supervisor=None)
    plan = PerformancePlan.objects.get(employee=city.staff[2])
    PerformancePlan.objects.filter(pk=plan.pk).update(state="DIAJUKAN", signed_by_assessor_at=None)
    User.objects.filter(pk=city.users["penilai"].pk).update(is_active=False)
    ActingAppointment.objects.create(
        principal=city.people["dpmptsp"], substitute=city.staff[4], kind="PLH", reason="Cuti", letter_number="1",
        valid=DateRange(NOVEMBER_3 - DAY, NOVEMBER_3 + 5 * DAY),
    )  # fmt: skip
    Employee.objects.filter(pk=city.staff[4].pk).update(status="CUTI")
    found = totals(left(city))
    assert found == {"penilaian": 12, "skp": 1, "atasan": 2, "mandat": 1}
    assert totals(left(city, "pengelola")) == {"penilaian": 12, "skp": 1, "atasan": 1, "mandat": 1}
    assert "mandat" not in totals(left(city, "atasan"))
    post = next(row for row in left(city).groups[2].rows if row.who == city.people["luar"].name)
    assert post.taker == city.people["kadinkes"].name
    answer = city.client("bkpsdm").post(f"/serah-terima/atasan/{post.posting}/", {"atasan": post.taker_id})
    assert answer.status_code == 302
    assert totals(left(city))["atasan"] == 1


def test_who_gets_a_superior_late_is_rated_by_him_also_for_the_month_that_is_over(month: Month) -> None:
    city = month.city
    Posting.objects.filter(employee=city.staff[1]).update(supervisor=None)
    rating(month)
    assert totals(left(city)) == {"penilaian": 1, "atasan": 1}
    row = left(city).groups[2].rows[0]
    city.client("bkpsdm").post(f"/serah-terima/atasan/{row.posting}/", {"atasan": row.taker_id})
    ensure_assessments(cycle=month.cycle, now=IN_WINDOW)
    assert month.case(city.staff[1]).assessor == city.people["penilai"]
    assert totals(left(city)) == {}


def test_the_list_asks_as_many_questions_for_many_people_as_for_few(month: Month, django_assert_max_num_queries: Any) -> None:
    city = month.city
    Posting.objects.filter(employee__in=city.add_staff(80)).update(supervisor=None)
    viewer = city.viewer("bkpsdm", on=NOVEMBER_3)
    with django_assert_max_num_queries(16):
        found = hand_over(viewer)
    assert (found.groups[2].total, len(found.groups[2].rows), found.groups[2].more) == (80, 50, 30)


# --- units


def test_after_a_merge_and_a_split_old_reports_keep_the_old_tree_and_every_rating_has_an_owner(month: Month) -> None:
    city = month.city
    month.rate(city.staff[0])
    rating(month)
    old = city.units["DPMPTSP.IZIN.YAN"]
    decree = Decree(on=NOVEMBER_3, number="188/3", reason="Penataan", actor=None, now=IN_WINDOW)
    merge_units(
        unit_ids=[old.pk, city.units["DPMPTSP.SEK"].pk], code="DPMPTSP.LAYAN", name="Bidang Layanan", kind="BIDANG",
        parent_id=city.units["DPMPTSP"].pk, decree=decree,
    )  # fmt: skip
    ensure_assessments(cycle=month.cycle, now=IN_WINDOW)
    cases = Assessment.objects.current().filter(cycle=month.cycle, employee__in=city.staff)
    assert set(cases.values_list("unit", flat=True)) == {old.pk}
    assert not ratings_without_owner(city.viewer("bkpsdm", on=NOVEMBER_3)).exists()
    new = OrgUnit.objects.get(code="DPMPTSP.LAYAN")
    parts = [UnitPart("DPMPTSP.A", "Seksi A", frozenset(p.pk for p in city.staff[:6])), UnitPart("DPMPTSP.B", "Seksi B")]
    split_unit(
        unit_id=new.pk, parts=parts, decree=Decree(on=NOVEMBER_3 + DAY, number="188/4", reason="Penataan", actor=None, now=IN_WINDOW)
    )
    ensure_assessments(cycle=month.cycle, now=IN_WINDOW)
    assert set(cases.values_list("unit", flat=True)) == {old.pk}
    assert totals(left(city, on=NOVEMBER_3 + DAY)) == {}
    assert city.viewer("pengelola", on=NOVEMBER_3 + DAY).unit_paths[0] == city.units["DPMPTSP"].path


def test_what_hangs_on_a_unit_is_shown_before_it_is_merged(month: Month) -> None:
    hr = month.city.client("bkpsdm")
    data = {
        "units": "DPMPTSP.IZIN\nDPMPTSP.SEK", "code": "DPMPTSP.X", "name": "Bidang X", "kind": "BIDANG",
        "parent": month.city.units["DPMPTSP"].pk, "on": "2026-12-01", "decree": "188/5", "reason": "Penataan",
    }  # fmt: skip
    page = hr.post("/admin/employees/orgunit/gabung/", data)
    text = page.content.decode()
    assert page.status_code == 200
    assert "15 pegawai" in text
    assert "Seksi Pelayanan (DPMPTSP.IZIN.YAN)" in text
    assert "Penilaian belum selesai: 15" in text
    assert not OrgUnit.objects.filter(code="DPMPTSP.X").exists()


# --- substitutes


def mandate(city: City, substitute: Employee, first: dt.date, last: dt.date) -> ActingAppointment:
    return appoint_substitute(
        viewer=city.viewer("atasan", on=NOVEMBER_3), principal_id=city.people["penilai"].pk, substitute_id=substitute.pk, kind="PLH",
        valid_from=first, valid_to=last + DAY, letter_number="", letter_due=NOVEMBER_3 + 7 * DAY, reason="Sakit", now=IN_WINDOW,
    )  # fmt: skip


def test_an_acting_superior_rates_no_longer_once_his_mandate_has_ended(month: Month) -> None:
    city = month.city
    rating(month)
    case = month.case(city.staff[0])
    mandate(city, city.people["pengelola"], NOVEMBER_3 - 5 * DAY, NOVEMBER_3 - DAY)
    browser = city.client("pengelola")
    address = f"/tim/nilai/{case.pk}/"
    assert browser.post(address, {"n-ak": "2", "revision": case.revision}).status_code == 403
    mandate(city, city.people["pengelola"], NOVEMBER_3, NOVEMBER_3)
    assert browser.post(address, {"n-ak": "2", "revision": case.revision}).status_code == 302
    case.refresh_from_db()
    assert (case.assessor_id, case.rated_by_id, case.mark_ak) == (city.people["penilai"].pk, city.people["pengelola"].pk, 2)


def test_a_substitute_never_rates_himself(month: Month) -> None:
    city = month.city
    mandate(city, city.staff[0], NOVEMBER_3 - DAY, NOVEMBER_3 + 9 * DAY)
    rating(month)
    own, other = month.case(city.staff[0]), month.case(city.staff[1])
    browser = city.client("pegawai")
    assert browser.post(f"/tim/nilai/{own.pk}/", {"n-ak": "3", "revision": own.revision}).status_code == 403
    assert browser.post(f"/tim/nilai/{other.pk}/", {"n-ak": "2", "revision": other.revision}).status_code == 302
    month.publish()
    with pytest.raises(NotAllowed):
        rate_late(
            viewer=city.viewer("pegawai", on=NOVEMBER_3 + DAY), assessment_id=month.case(city.staff[0]).pk,
            sheet=RatingSheet(changes={"result": 3, "behaviour": 3}, examples={}, reasons={}, note=None), reason="Sendiri", now=IN_WINDOW + dt.timedelta(days=20),
        )  # fmt: skip
