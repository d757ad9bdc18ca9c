"""Between the closing of a month and its publishing, and what later versions of a result make of the first."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from appraisal.models import Assessment
from appraisal.queries.late import late_periods
from appraisal.queries.own import Waiting, teams_waiting
from appraisal.queries.reports import rating_lateness
from appraisal.rules.lifecycle import CycleState
from appraisal.services.assessment_form import ExampleText, RatingSheet
from appraisal.services.cycles import move_cycle
from appraisal.services.late_rating import correct_result, rate_late
from appraisal.services.publishing import close_cycle, unfinished_jobs, work_on
from appraisal.services.recompute import differences
from appraisal.services.reminders import remind_raters
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow
from bukittinggi_kinerja.common.models import Notice
from bukittinggi_kinerja.home.views import tasks_of
from employees.models import ActingAppointment
from employees.rules.aggregates import AggregateScope
from tests.appraisal.month import AFTER_DEADLINE, IN_WINDOW, OCTOBER, Month
from tests.appraisal.test_cycle import tamper

DAY = AFTER_DEADLINE.date()
LATER = AFTER_DEADLINE + dt.timedelta(days=2)


def late(month: Month, who: str = "penilai", *, place: int = 0) -> Assessment:
    return rate_late(
        viewer=month.city.viewer(who, on=DAY), assessment_id=month.case(month.city.staff[place]).pk,
        sheet=RatingSheet({"result": 2, "behaviour": 2}, {}, {}, None), reason="Penilai dirawat", now=LATER,
    )  # fmt: skip


class TestBeforeTheFiguresAreFrozen:
    @pytest.fixture
    def closing(self, month: Month) -> Month:
        """Closed, and not a figure computed yet."""
        move_cycle(cycle=month.cycle, to=CycleState.RATING, actor=None, now=AFTER_DEADLINE)
        close_cycle(cycle=month.cycle, now=AFTER_DEADLINE)
        return month

    def test_a_late_rating_waits_until_it_can_rest_on_them(self, closing: Month) -> None:
        with pytest.raises(NotNow, match="setelah hasil periode ini terbit"):
            late(closing)
        while (job := unfinished_jobs().first()) is not None:
            with pytest.raises(NotNow):
                late(closing)
            work_on(job, now=AFTER_DEADLINE)
        new = late(closing)
        assert (new.scored_indicators.count(), new.score_row.result_score is None) == (3, False)

    def test_nobody_is_led_to_a_form_that_would_refuse(self, closing: Month) -> None:
        city, case = closing.city, closing.case(closing.city.staff[0])
        viewer = city.viewer("penilai", on=DAY)
        notices = Notice.objects.filter(kind__in=["not_rated", "not_rated_escalated", "late_rating_reminder"])
        assert 'name="terlambat"' not in city.client("penilai").get(f"/tim/nilai/{case.pk}/").content.decode()
        assert "/kendali/ingatkan/" not in city.client("bkpsdm").get("/kendali/?periode=2026-10").content.decode()
        assert remind_raters(viewer=city.viewer("bkpsdm", on=DAY), period="2026-10", now=LATER).sent == 0
        assert (late_periods(viewer), [team.late for team in teams_waiting(viewer) if team.late]) == ([], [])
        assert notices.count() == 0
        while (job := unfinished_jobs().first()) is not None:
            work_on(job, now=AFTER_DEADLINE)
        assert notices.filter(recipient=city.users["penilai"].pk).count() == 1
        assert late_periods(viewer) != []


def test_the_part_before_a_transfer_makes_a_late_rating_of_the_other_part_no_less_late(month: Month) -> None:
    person, middle = month.city.people["luar"], dt.date(2026, 10, 16)
    first = month.case(person)
    Assessment.objects.exclude(pk=first.pk).delete()
    parts = {"cycle": month.cycle, "employee": person, "unit": first.unit, "reviewer": first.reviewer}
    Assessment.objects.filter(pk=first.pk).update(
        stretch_end=middle, state="DINILAI", result_rating=2, behaviour_rating=2, rated_by=first.assessor, rated_at=IN_WINDOW
    )
    Assessment.objects.create(**parts, assessor=first.assessor, stretch_start=middle, stretch_end=first.stretch_end)
    month.publish()
    missed = Assessment.objects.current().get(employee=person, state="BELUM_DINILAI")
    sheet = RatingSheet({"result": 2, "behaviour": 2}, {}, {}, None)
    rate_late(viewer=month.city.viewer("kadinkes", on=DAY), assessment_id=missed.pk, sheet=sheet, reason="Sakit", now=LATER)
    [row] = rating_lateness(period=OCTOBER, scope=AggregateScope((), names_people=True), now=LATER).rows
    assert (row.on_time, row.late, row.missing) == (1, 1, 0)


def test_the_history_of_a_late_rating_does_not_tell_the_draft_it_replaced(month: Month) -> None:
    case = month.case(month.city.staff[0])
    Assessment.objects.filter(pk=case.pk).update(result_rating=1, rated_by=month.city.people["penilai"])
    month.publish()
    new = late(month, "atasan")
    page = month.city.client("atasan").get(f"/tim/nilai/{new.pk}/").content.decode()
    assert "Hasil kerja 2" in page
    assert "1 → 2" not in page
    told = RatingSheet({"result": 1}, {"HASIL": ExampleText("Berkas hilang")}, {"result": "Tertolong bulan lalu"}, None)
    boss = month.city.viewer("atasan", on=DAY)
    again = correct_result(viewer=boss, assessment_id=new.pk, sheet=told, reason="Salah ketik", now=LATER)
    assert "2 → 1" in month.city.client("atasan").get(f"/tim/nilai/{again.pk}/").content.decode()


@pytest.mark.parametrize(("principal", "allowed"), [("atasan", False), ("penilai", True)])
def test_the_rater_does_not_undo_what_a_substitute_of_his_superior_set(month: Month, principal: str, allowed: bool) -> None:
    month.publish()
    ActingAppointment.objects.create(
        principal=month.city.people[principal], substitute=month.city.people["pengelola"], kind="PLH",
        valid=DateRange(DAY, DAY + dt.timedelta(7)), letter_number="800/12", reason="sakit", revoked_at=LATER + dt.timedelta(hours=1),
    )  # fmt: skip
    viewer = replace(
        month.city.viewer("pengelola", on=DAY), principals=frozenset({month.city.people[n].pk for n in ("pengelola", principal)})
    )
    case = month.case(month.city.staff[0])
    first = RatingSheet({"result": 2, "behaviour": 2}, {}, {}, None)
    rate_late(viewer=viewer, assessment_id=case.pk, sheet=first, reason="Penilai dirawat", now=LATER)

    def by_the_rater() -> Assessment:
        told = RatingSheet({"ak": 1}, {"AK": ExampleText("Arsip hilang")}, {}, None)
        rater = month.city.viewer("penilai", on=DAY)
        return correct_result(
            viewer=rater, assessment_id=month.case(month.city.staff[0]).pk, sheet=told, reason="Keliru", now=LATER + dt.timedelta(days=1)
        )

    if allowed:
        assert by_the_rater().version == 3
        return
    with pytest.raises(NotAllowed):
        by_the_rater()


def test_the_second_of_two_late_raters_reads_his_words_and_is_led_to_the_newer_version(month: Month) -> None:
    month.publish()
    case = month.case(month.city.staff[0])
    new = late(month, "atasan")
    sent = {"revision": "1", "terlambat": "1", "why": "Penilai dirawat", "n-result": "1", "n-behaviour": "2", "ex-HASIL": "Berkas hilang"}
    answer = month.city.client("penilai").post(f"/tim/nilai/{case.pk}/", sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    for text in ("Berkas hilang", "Penilai dirawat", "Yang tersimpan sekarang: Sesuai ekspektasi.", f'href="/tim/nilai/{new.pk}/"'):
        assert text in page, text
    for dead_end in ("lalu simpan", 'name="terlambat"', 'name="why"', "<textarea"):
        assert dead_end not in page


def test_words_typed_while_the_figures_are_being_frozen_can_still_be_read(month: Month) -> None:
    move_cycle(cycle=month.cycle, to=CycleState.RATING, actor=None, now=AFTER_DEADLINE)
    close_cycle(cycle=month.cycle, now=AFTER_DEADLINE)
    case = month.case(month.city.staff[0])
    for button in ({}, {"terlambat": "1", "why": "Sakit"}):
        sent = {"revision": "1", "n-result": "2", "n-behaviour": "2", "ex-AK": "Arsip hilang", **button}
        answer = month.city.client("penilai").post(f"/tim/nilai/{case.pk}/", sent)
        assert (answer.status_code, "Arsip hilang" in answer.content.decode()) == (409, True)
        assert 'name="why"' not in answer.content.decode()


def test_a_predicate_that_an_earlier_closing_stored_of_a_draft_is_answered_by_the_late_rating(month: Month) -> None:
    case = month.case(month.city.staff[0])
    Assessment.objects.filter(pk=case.pk).update(result_rating=2, behaviour_rating=2, rated_by=month.city.people["penilai"])
    month.publish()
    tamper("appraisal_score", "predicate = 4 WHERE assessment_id = %s", case.pk)
    assert [d.field for d in differences(period="2026-10")] == ["predicate"]
    late(month)
    assert differences(period="2026-10") == []
    tamper("appraisal_score", "predicate = 5 WHERE assessment_id = %s", case.pk)
    assert [(d.assessment, d.stored, d.again) for d in differences(period="2026-10")] == [(case.pk, 5, 4)]


def test_no_reminder_is_left_of_work_that_is_done(month: Month) -> None:
    month.publish()
    Assessment.objects.exclude(employee__in=[month.city.staff[0], month.city.staff[2]]).update(state="TIDAK_DINILAI")
    for days in (0, 1):
        office = month.city.viewer("bkpsdm", on=DAY)
        assert remind_raters(viewer=office, period="2026-10", now=AFTER_DEADLINE + dt.timedelta(days=days)).sent == 1
    reminders = Notice.objects.filter(kind="late_rating_reminder", withdrawn_at=None)
    late(month)
    assert reminders.count() == 2
    late(month, "atasan", place=2)
    assert reminders.count() == 0


def test_thousands_who_wait_for_a_late_rating_are_written_as_numbers_are(month: Month) -> None:
    waiting = Waiting("2026-10", AFTER_DEADLINE, "TERBIT", 0, 0, late=1250)
    tasks = tasks_of(month.city.viewer("penilai", on=DAY), None, [waiting], LATER, watches=False)
    assert "1.250 penilaian" in tasks[0].text
