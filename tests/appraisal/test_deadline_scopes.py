"""Decisions of city, unit and person side by side: which date holds, what follows, what a revocation leaves; and hours entered twice."""

from __future__ import annotations

import datetime as dt

import pytest

from appraisal.models import DeadlineChange, ServiceOutage
from appraisal.rules.deadlines import Scope, What, last_moment
from appraisal.services.deadline_changes import Outcome, adopt, preview, revoke
from appraisal.services.outages import OutageReport, preview_outage, record_outage
from appraisal.services.publishing import close_extended, unfinished_jobs, work_on
from bukittinggi_kinerja.common.errors import NotNow, Unacceptable
from employees.models import Employee
from tests.appraisal.month import Month
from tests.appraisal.test_moved_deadlines import LAST_EVENING, NEXT_MORNING, day, noon, order, run

HOUR = dt.timedelta(hours=1)


def move(month: Month, number: int, *, now: dt.datetime, what: What = What.RATING, person: Employee | None = None) -> Outcome:
    whom = {"scope": Scope.PERSON, "employee_id": person.pk} if person else {}
    return adopt(viewer=month.city.viewer("bkpsdm"), order=order(month, number, what=what, **whom), now=now)  # type: ignore[arg-type]


def revoked(month: Month, done: Outcome, *, now: dt.datetime) -> None:
    revoke(viewer=month.city.viewer("bkpsdm"), change_id=done.changes[0].pk, reason="Surat keliru", now=now)


class TestWhatFollows:
    def test_the_rating_follows_whoever_closes_first_though_one_person_has_longer(self, month: Month) -> None:
        """By the latest date of the scope nothing would follow, and eleven people would have figures after their rating closed."""
        one, other = month.city.staff[3], month.city.staff[4]
        move(month, 11, now=noon(3), person=one)
        seen = preview(viewer=month.city.viewer("bkpsdm"), order=order(month, 9, what=What.PROGRESS), now=noon(4))
        assert [(step.what, step.old_due, step.new_due) for step in seen.steps] == [
            (What.PROGRESS, last_moment(day(4)), last_moment(day(9))),
            (What.RATING, last_moment(day(6)), last_moment(day(11))),
        ]
        move(month, 9, what=What.PROGRESS, now=noon(4))
        assert [month.case(person).rating_due for person in (one, other)] == [last_moment(day(11))] * 2

    def test_the_rating_moves_by_the_working_days_of_the_earliest_progress(self, month: Month) -> None:
        """One person's figures came until Friday already: counted from him the others' rating would close with their figures."""
        move(month, 6, what=What.PROGRESS, now=noon(3), person=month.city.staff[3])
        done = move(month, 9, what=What.PROGRESS, now=noon(4))
        assert done.steps[0].old_due == last_moment(day(6)), "the person reads the latest date there was"
        assert done.steps[1].new_due == last_moment(day(11)), "Wednesday to Monday are three working days, Friday to Monday one"
        assert month.case(month.city.staff[4]).rating_due == last_moment(day(11))

    def test_a_rating_that_moves_alone_takes_nothing_along(self, month: Month) -> None:
        [step] = move(month, 12, now=noon(3)).steps
        assert (step.what, step.old_due, step.follows) == (What.RATING, last_moment(day(6)), False)
        assert month.case(month.city.staff[4]).progress_due == last_moment(day(4))


class TestRevoking:
    def test_a_city_wide_reopening_outlives_the_revoked_date_of_one_person(self, month: Month) -> None:
        one, other = month.city.staff[3], month.city.staff[4]
        run(month, noon(9))
        assert move(month, 13, now=noon(9)).reopened
        longer = move(month, 20, now=noon(9), person=one)
        assert month.case(one).rating_due == last_moment(day(20))
        revoked(month, longer, now=noon(10))
        assert [month.case(person).rating_due for person in (one, other)] == [last_moment(day(13))] * 2

    def test_a_persons_date_outlives_the_revoked_reopening_of_the_city(self, month: Month) -> None:
        one, other = month.city.staff[3], month.city.staff[4]
        run(month, noon(9))
        reopening = move(month, 13, now=noon(9))
        move(month, 20, now=noon(9), person=one)
        revoked(month, reopening, now=noon(10))
        assert [month.case(person).rating_due for person in (one, other)] == [last_moment(day(20)), last_moment(day(10))]

    def test_in_an_open_cycle_the_city_wide_extension_outlives_the_revoked_date_of_one_person(self, month: Month) -> None:
        one = month.city.staff[3]
        move(month, 10, now=noon(4))
        revoked(month, move(month, 20, now=noon(4), person=one), now=noon(5))
        assert month.case(one).rating_due == last_moment(day(10))

    def test_what_followed_ends_with_it_and_the_first_dates_return(self, month: Month) -> None:
        revoked(month, move(month, 9, what=What.PROGRESS, now=noon(3)), now=noon(3))
        case = month.case(month.city.staff[3])
        assert (case.progress_due, case.rating_due) == (last_moment(day(4)), last_moment(day(6)))


class TestWhileResultsAreComputed:
    def test_nothing_moves_until_a_later_closing_is_through(self, month: Month) -> None:
        """The cycle is published, one longer deadline has passed, and its case is being scored."""
        one = month.city.staff[3]
        longer = move(month, 11, now=noon(6), person=one)
        run(month, noon(9))
        other = move(month, 20, now=noon(9), person=month.city.staff[4])
        job = close_extended(cycle=month.cycle, now=noon(12))
        assert job is not None
        for attempt in (
            lambda: move(month, 17, now=noon(12), person=one),
            lambda: move(month, 17, now=noon(12)),
            lambda: preview(viewer=month.city.viewer("bkpsdm"), order=order(month, 17), now=noon(12)),
            lambda: revoked(month, other, now=noon(12)),
        ):
            with pytest.raises(NotNow, match="sedang dihitung"):
                attempt()
        assert DeadlineChange.objects.count() == len(longer.changes) + len(other.changes)
        while job is not None:
            job = work_on(job, now=noon(12))
        assert not unfinished_jobs().exists()
        assert month.case(one).state == "BELUM_DINILAI"
        assert move(month, 17, now=noon(12), person=one).reopened == 1


def enter(month: Month, *, after: dt.timedelta = 0 * HOUR, hours: int = 6, check: bool = False) -> OutageReport:
    words = {"start": LAST_EVENING + after, "end": LAST_EVENING + after + hours * HOUR, "reason": "Pusat data padam", "letter": "menyusul"}
    act = preview_outage if check else record_outage
    return act(viewer=month.city.viewer("bkpsdm"), now=NEXT_MORNING, **words)  # type: ignore[arg-type]


class TestTheSameHours:
    @pytest.mark.parametrize(("after", "hours"), [(0, 6), (-2, 4), (2, 1), (-10, 30)])
    def test_move_no_deadline_twice(self, month: Month, after: int, hours: int) -> None:
        enter(month)
        month.cycle.refresh_from_db()
        due = month.cycle.rating_due
        for check in (True, False):
            with pytest.raises(Unacceptable) as refusal:
                enter(month, after=after * HOUR, hours=hours, check=check)
            [sentence] = refusal.value.errors["end"]
            assert "06-11-2026 18.00 sampai 07-11-2026 00.00" in str(sentence)
        month.cycle.refresh_from_db()
        assert (ServiceOutage.objects.count(), month.cycle.rating_due) == (1, due)

    def test_hours_beside_them_are_another_outage(self, month: Month) -> None:
        enter(month)
        enter(month, after=-9 * HOUR, hours=9)
        assert ServiceOutage.objects.count() == 2

    def test_are_entered_anew_where_they_moved_nothing_or_were_revoked(self, month: Month) -> None:
        short = record_outage(
            viewer=month.city.viewer("bkpsdm"),
            start=LAST_EVENING,
            end=LAST_EVENING + HOUR / 2,
            reason="Padam",
            letter="1",
            now=NEXT_MORNING,
        )
        assert short.touched == ()
        first = enter(month)
        revoked(month, first.touched[0].outcome, now=NEXT_MORNING)
        assert enter(month, check=True).outage is None

    def test_are_refused_on_the_page_beside_the_field(self, month: Month) -> None:
        enter(month)
        page = month.city.client("bkpsdm").post(
            "/kendali/gangguan/",
            {"start_day": "2026-11-06", "start_time": "18:00", "end": "2026-11-06", "end_time": "20:00", "reason": "Padam", "letter": "1"},
        )
        assert page.status_code == 400
        assert "sudah tercatat dan batasnya sudah dipindah" in page.content.decode()
