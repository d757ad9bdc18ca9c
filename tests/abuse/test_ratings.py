"""Marks by the wrong person, at the wrong time, or out of an old window; and numbers of strangers inside an honest sending."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import HttpResponse
from django.utils import timezone

from appraisal.models import Assessment, Feedback, PerformancePlan, RatingExample, WorkResult
from bukittinggi_kinerja.common.models import Notice
from employees.models import ActingAppointment, Posting
from tests.appraisal.month import IN_OCTOBER, IN_WINDOW, Month, build_month
from tests.people import City

pytestmark = pytest.mark.django_db
DAY = IN_WINDOW.date()
ONE = dt.timedelta(days=1)


@pytest.fixture
def month(city: City, monkeypatch: pytest.MonkeyPatch) -> Month:
    """October, in the window in which it is rated."""
    monkeypatch.setattr(timezone, "now", lambda: IN_WINDOW)
    return build_month(city)


def sent(month: Month, who: str, case: Assessment, *, page: str = "grid", mark: int = 3, revision: int | None = None) -> HttpResponse:
    """One mark by one of the three doors of the screens."""
    browser, seen = month.city.client(who), case.revision if revision is None else revision
    if page == "grid":
        body = {"rows": [{"assessment": case.pk, "changes": {"ak": mark}, "revision": seen}]}
        return browser.patch("/tim/nilai/", json.dumps(body), content_type="application/json")
    if page == "form":
        return browser.post(f"/tim/nilai/{case.pk}/", {"n-ak": mark, "revision": seen})
    return browser.post("/tim/", {"periode": "2026-10", f"n-{case.pk}-ak": mark, f"r-{case.pk}": seen})


def marks(case: Assessment) -> tuple[Any, ...]:
    case.refresh_from_db()
    return (case.mark_ak, case.result_rating, case.state, case.revision)


DOORS = ("grid", "form", "whole grid")


@pytest.mark.parametrize("page", DOORS)
def test_the_rater_does_mark_by_each_door(month: Month, page: str) -> None:
    """Else the refusals below would say nothing."""
    case = month.case(month.city.staff[0])
    assert sent(month, "penilai", case, page=page).status_code in {200, 302}
    assert marks(case)[0] == 3


@pytest.mark.parametrize("page", DOORS)
@pytest.mark.parametrize(
    ("who", "whom"),
    [
        ("pegawai", "pegawai"),
        ("penilai", "penilai"),
        ("penilai", "atasan"),
        ("pegawai", "penilai"),
        ("pegawai", "staf1"),
        ("atasan", "staf1"),
    ],
)
def test_nobody_marks_himself_his_superior_a_peer_or_past_the_rater(month: Month, who: str, whom: str, page: str) -> None:
    case = _case_of(month, whom)
    before = marks(case)
    assert sent(month, who, case, page=page).status_code in {302, 400, 403, 404}
    assert marks(case) == before


def _case_of(month: Month, whom: str) -> Assessment:
    person = month.city.people[whom]
    found = Assessment.objects.filter(cycle=month.cycle, employee=person).first()
    if found is not None:
        return found
    post = Posting.objects.known().get(employee=person)
    return Assessment.objects.create(
        cycle=month.cycle, stretch_start=month.cycle.start, stretch_end=month.cycle.end, employee=person, unit=post.unit,
        assessor=post.supervisor, reviewer=month.city.people["pimpinan"],
    )  # fmt: skip


def appointed(month: Month, who: str, first: dt.date, after: dt.date, **more: Any) -> None:
    ActingAppointment.objects.create(
        principal=month.city.people["penilai"], substitute=month.city.people[who], kind="PLH", valid=DateRange(first, after),
        letter_number="800/12", reason="sakit", **more,
    )  # fmt: skip


@pytest.mark.parametrize("page", DOORS)
@pytest.mark.parametrize(
    ("first", "after", "revoked"),
    [(DAY - 9 * ONE, DAY, None), (DAY + ONE, DAY + 9 * ONE, None), (DAY - ONE, DAY + 9 * ONE, IN_WINDOW - dt.timedelta(hours=1))],
    ids=["ended yesterday", "begins tomorrow", "revoked"],
)
def test_a_mandate_opens_no_door_before_or_after_its_days(
    month: Month, page: str, first: dt.date, after: dt.date, revoked: dt.datetime | None
) -> None:
    appointed(month, "pengelola", first, after, revoked_at=revoked)
    case = month.case(month.city.staff[0])
    before = marks(case)
    assert sent(month, "pengelola", case, page=page).status_code in {302, 403, 404}
    assert marks(case) == before


@pytest.mark.parametrize("page", DOORS)
def test_within_its_days_it_does_and_never_for_oneself(month: Month, page: str) -> None:
    appointed(month, "pegawai", DAY, DAY + ONE)
    own, others = month.case(month.city.staff[0]), month.case(month.city.staff[1])
    before = marks(own)
    sent(month, "pegawai", own, page=page)
    assert marks(own) == before
    assert sent(month, "pegawai", others, page=page).status_code in {200, 302}
    assert marks(others)[0] == 3


@pytest.mark.parametrize("page", DOORS)
@pytest.mark.parametrize("at", [dt.timedelta(seconds=1), dt.timedelta(days=40)], ids=["a second after the deadline", "long after"])
def test_an_open_page_saves_nothing_once_the_window_has_closed(
    month: Month, monkeypatch: pytest.MonkeyPatch, page: str, at: dt.timedelta
) -> None:
    case = month.case(month.city.staff[0])
    before, late = marks(case), month.cycle.rating_due + at
    monkeypatch.setattr(timezone, "now", lambda: late)
    assert sent(month, "penilai", case, page=page).status_code in {302, 400, 403, 409}
    assert marks(case) == before


def test_a_rating_is_sent_neither_before_its_period_ends_nor_after_publication(month: Month, monkeypatch: pytest.MonkeyPatch) -> None:
    case = month.rate(month.city.staff[0])
    Assessment.objects.filter(pk=case.pk).update(state="DRAF")
    monkeypatch.setattr(timezone, "now", lambda: IN_OCTOBER)
    month.city.client("penilai").post("/tim/periksa/", {"id": case.pk, "periode": "2026-10"})
    assert marks(case)[2] == "DRAF"
    monkeypatch.setattr(timezone, "now", lambda: IN_WINDOW)
    month.publish()
    before = marks(case)
    for page in DOORS:
        assert sent(month, "penilai", case, page=page).status_code in {302, 400, 409}
    month.city.client("penilai").post("/tim/periksa/", {"id": case.pk, "periode": "2026-10"})
    assert marks(case) == before


@pytest.mark.parametrize("page", DOORS)
@pytest.mark.parametrize("revision", [0, 1, 10**9, -1])
def test_a_form_of_another_revision_is_told_and_overwrites_nothing(month: Month, page: str, revision: int) -> None:
    case = month.case(month.city.staff[0])
    sent(month, "penilai", case, mark=2)
    sent(month, "penilai", Assessment.objects.get(pk=case.pk), mark=1)
    before = marks(case)
    assert (before[0], before[3] > 1) == (1, True)
    assert sent(month, "penilai", case, page=page, revision=revision).status_code in {400, 409}
    assert marks(case) == before


def test_one_strange_row_in_a_list_of_many_is_refused_alone(month: Month) -> None:
    own, strange = month.case(month.city.staff[0]), _case_of(month, "luar")
    rows = [{"assessment": case.pk, "changes": {"ak": 3}, "revision": case.revision} for case in (own, strange)]
    rows.append({"assessment": 2**40, "changes": {"ak": 3}, "revision": 1})
    answer = month.city.client("penilai").patch("/tim/nilai/", json.dumps({"rows": rows}), content_type="application/json")
    assert answer.status_code == 207
    assert (marks(own)[0], marks(strange)[0]) == (3, None)


def test_of_ticked_people_only_the_own_are_sent(month: Month) -> None:
    own, strange = month.rate(month.city.staff[0]), _case_of(month, "luar")
    Assessment.objects.filter(pk__in=[own.pk]).update(state="DRAF")
    month.city.client("penilai").post("/tim/periksa/", {"id": [own.pk, strange.pk, 2**40], "periode": "2026-10"})
    assert marks(strange)[2] == "DRAF"


@pytest.fixture
def strange_note(month: Month) -> Feedback:
    return Feedback.objects.create(
        employee=month.city.people["luar"], author=month.city.people["kadinkes"], source="PIMPINAN", behaviour="AK", tone="APRESIASI",
        happened_on=dt.date(2026, 10, 9), text="Rahasia orang lain", created_at=IN_OCTOBER,
    )  # fmt: skip


def test_an_example_cannot_be_taken_from_feedback_about_somebody_else(month: Month, strange_note: Feedback) -> None:
    case, browser = month.case(month.city.staff[0]), month.city.client("penilai")
    body = {"aspect": "AK", "text": "", "feedback": strange_note.pk, "revision": case.revision}
    for sending in (body, {**body, "text": "Contoh sendiri"}):
        answer = browser.post(f"/tim/nilai/{case.pk}/contoh/", sending)
        assert "Rahasia orang lain" not in answer.content.decode()
    browser.post(f"/tim/nilai/{case.pk}/", {"ex-AK": "x", "fb-AK": strange_note.pk, "n-ak": 2, "revision": case.revision})
    assert not RatingExample.objects.filter(feedback=strange_note).exists()


def test_feedback_cannot_hang_on_a_work_result_of_somebody_else(month: Month) -> None:
    strange = WorkResult.objects.filter(plan__employee=month.city.staff[3]).first()
    assert strange is not None
    body = {"tone": "APRESIASI", "happened_on": "2026-11-02", "about": f"rhk:{strange.pk}", "text": "x" * 40}
    answer = month.city.client("penilai").post(f"/tim/umpan-balik/{month.city.staff[0].pk}/", body)
    assert answer.status_code == 400
    assert not Feedback.objects.exists()


def test_a_work_result_cannot_hang_on_one_of_a_stranger(month: Month) -> None:
    plan = PerformancePlan.objects.get(employee=month.city.staff[0])
    PerformancePlan.objects.filter(pk=plan.pk).update(state="DRAF", signed_by_employee_at=None, signed_by_assessor_at=None)
    strange = WorkResult.objects.get(plan__employee=month.city.staff[3])
    body = {"kind": "UTAMA", "title": "Menumpang", "order": 2, "parent_id": strange.pk, "version": plan.version}
    answer = month.city.client("pegawai").post(f"/kinerja/skp/{plan.pk}/rhk/", body)
    assert answer.status_code == 400
    assert not WorkResult.objects.filter(title="Menumpang").exists()


def test_a_plan_cannot_be_drafted_for_the_post_of_a_stranger(month: Month) -> None:
    strange = Posting.objects.known().get(employee=month.city.people["luar"])
    answer = month.city.client("pegawai").post("/kinerja/skp/", {"penempatan": strange.pk})
    assert answer.status_code in {400, 403, 404, 409}
    assert not PerformancePlan.objects.filter(employee=month.city.people["luar"]).exists()


def test_a_notice_of_somebody_else_is_neither_read_nor_marked(month: Month) -> None:
    whose = month.city.users["luar"].pk
    notice = Notice.objects.create(recipient=whose, kind="umum", once="x", link="/rahasia/", created_at=IN_OCTOBER)
    answer = month.city.client("pegawai").post("/pemberitahuan/", {"buka": notice.pk})
    assert "rahasia" not in answer.get("Location", "")
    notice.refresh_from_db()
    assert notice.read_at is None
