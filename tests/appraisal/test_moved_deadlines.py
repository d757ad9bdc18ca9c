"""Extending, reopening, revoking, and an outage on the last evening: who was late through no fault is not late."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from appraisal.models import Assessment, Cycle, DeadlineChange, ServiceOutage
from appraisal.queries.own import own_page
from appraisal.queries.reports import rating_lateness
from appraisal.queries.team import team_of
from appraisal.rules.deadlines import Scope, What, last_moment
from appraisal.services.deadline_changes import Order, adopt, follow_changes, preview, revoke
from appraisal.services.outages import OutageReport, record_outage
from appraisal.services.publishing import close_cycle, close_extended, unfinished_jobs, work_on
from appraisal.services.rating import finish_ratings, set_marks, set_reason
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, Unacceptable
from bukittinggi_kinerja.common.models import Notice
from bukittinggi_kinerja.common.period import JAKARTA
from bukittinggi_kinerja.cycle import run_cycle
from employees.models import ActingAppointment
from employees.rules.aggregates import AggregateScope
from tests.appraisal.month import OCTOBER, Month

#: October 2026: progress closes on Wednesday the 4th, rating on Friday the 6th.
LAST_EVENING = dt.datetime(2026, 11, 6, 18, 0, tzinfo=JAKARTA)
NEXT_MORNING = dt.datetime(2026, 11, 9, 8, 0, tzinfo=JAKARTA)


def day(number: int) -> dt.date:
    return dt.date(2026, 11, number)


def noon(number: int) -> dt.datetime:
    return dt.datetime(2026, 11, number, 12, 0, tzinfo=JAKARTA)


def order(month: Month, number: int, *, what: What = What.RATING, scope: Scope = Scope.CITY, **whom: int) -> Order:
    return Order(OCTOBER.key, what, scope, day(number), "Jaringan kantor putus", "800/12/2026", **whom)


def move(month: Month, number: int, *, now: dt.datetime, **words: object) -> object:
    return adopt(viewer=month.city.viewer("bkpsdm"), order=order(month, number, **words), now=now)  # type: ignore[arg-type]


def run(month: Month, now: dt.datetime) -> None:
    """The month as beat brings it on, until nothing is left to do."""
    for _round in range(4):
        run_cycle(period=OCTOBER, as_of=now)
        for job in unfinished_jobs():
            following = work_on(job, now=now)
            while following is not None:
                following = work_on(following, now=now)


def mark(month: Month, person: object, now: dt.datetime) -> None:
    case = month.case(person)  # type: ignore[arg-type]
    set_marks(viewer=month.city.viewer("penilai"), assessment_id=case.pk, changes={"result": 2}, revision=None, now=now)


def finish(month: Month, person: object, now: dt.datetime) -> None:
    """Both marks and the seven values, without what would ask for an example, and declared finished."""
    case, rater = month.case(person), month.city.viewer("penilai")  # type: ignore[arg-type]
    marks = dict.fromkeys(("result", "behaviour", "bp", "ak", "ko", "ha", "lo", "ad", "kl"), 2)
    set_marks(viewer=rater, assessment_id=case.pk, changes=marks, revision=None, now=now)
    for which in ("result", "behaviour"):
        set_reason(viewer=rater, assessment_id=case.pk, which=which, reason="Sesuai dengan harapan", now=now)
    report = finish_ratings(viewer=rater, assessment_ids=[case.pk], now=now)
    assert report.finished == [case.pk], report


def test_a_city_wide_extension_moves_the_cycle_itself(month: Month) -> None:
    move(month, 10, now=noon(6))
    cycle = Cycle.objects.get(pk=month.cycle.pk)
    assert (cycle.rating_due, cycle.opened_rating_due) == (last_moment(day(10)), month.cycle.rating_due)
    assert close_cycle(cycle=month.cycle, now=noon(9)) is None


def test_progress_that_passes_the_rating_takes_it_along(month: Month) -> None:
    seen = preview(viewer=month.city.viewer("bkpsdm"), order=order(month, 9, what=What.PROGRESS), now=noon(4))
    assert [(step.what, step.new_due.date(), step.follows) for step in seen.steps] == [
        (What.PROGRESS, day(9), False),
        (What.RATING, day(11), True),
    ]
    assert not DeadlineChange.objects.exists()
    done = move(month, 9, what=What.PROGRESS, now=noon(4))
    cycle = Cycle.objects.get(pk=month.cycle.pk)
    assert (cycle.progress_due, cycle.rating_due) == (last_moment(day(9)), last_moment(day(11)))
    assert done.changes[1].follows == done.changes[0]  # type: ignore[attr-defined]


def test_one_persons_extension_holds_up_nobody(month: Month) -> None:
    person, other = month.city.staff[3], month.city.staff[4]
    month.rate(other)
    move(month, 11, scope=Scope.PERSON, employee_id=person.pk, now=noon(6))
    run(month, noon(9))
    assert (month.case(other).state, month.case(person).state) == ("TERBIT", "DRAF")
    assert Cycle.objects.get(pk=month.cycle.pk).state == "TERBIT"
    team = team_of(month.city.viewer("penilai"), period=None, now=noon(10))
    assert [row.case.employee for row in team.ratees] == [person]
    assert (team.is_open, team.due) == (True, last_moment(day(11)))
    finish(month, person, noon(10))
    with pytest.raises(NotNow):
        mark(month, person, noon(12))
    run(month, noon(12))
    case = month.case(person)
    assert (case.state, hasattr(case, "score_row")) == ("TERBIT", True)


def test_who_is_not_rated_in_the_longer_time_either_closes_unrated(month: Month) -> None:
    person = month.city.staff[3]
    move(month, 11, scope=Scope.PERSON, employee_id=person.pk, now=noon(6))
    run(month, noon(9))
    run(month, noon(12))
    assert month.case(person).state == "BELUM_DINILAI"
    assert close_extended(cycle=month.cycle, now=noon(13)) is None
    assert Notice.objects.filter(kind="not_rated", once__contains=":2026-11-12").count() == 1


def test_an_extension_of_a_unit_reaches_all_below_and_nobody_else(month: Month) -> None:
    agency = month.city.units["DPMPTSP"]
    done = move(month, 10, scope=Scope.UNIT, unit_id=agency.pk, now=noon(6))
    own = Assessment.objects.current().filter(own_rating_due__isnull=False)
    assert set(own.values_list("unit__path", flat=True)) <= {
        path for path in own.values_list("unit__path", flat=True) if path.startswith(agency.path)
    }
    assert own.values("employee").distinct().count() == done.people  # type: ignore[attr-defined]
    assert not own.filter(employee=month.city.people["luar"]).exists()


def test_the_person_reads_the_new_date_and_why(month: Month) -> None:
    move(month, 9, what=What.PROGRESS, scope=Scope.PERSON, employee_id=month.city.people["pegawai"].pk, now=noon(4))
    page = month.city.client("pegawai").get("/kinerja/").content.decode()
    assert "diperpanjang sampai 9 November 2026" in page
    assert "800/12/2026" in page
    assert month.city.people["bkpsdm"].name in page
    assert own_page(month.city.viewer("pegawai")).periods[0].takes_progress(noon(9))
    assert "diperpanjang" not in month.city.client("luar").get("/kinerja/").content.decode()


def test_an_outage_on_the_last_evening_makes_nobody_late(month: Month) -> None:
    """The month was closed and published in the night; in the morning the outage is entered, and raters finish."""
    person = month.city.staff[3]
    mark(month, person, noon(5))
    run(month, dt.datetime(2026, 11, 7, 0, 10, tzinfo=JAKARTA))
    closed = month.case(person)
    assert closed.state == "BELUM_DINILAI"
    report = record_outage(
        viewer=month.city.viewer("bkpsdm"), start=LAST_EVENING, end=LAST_EVENING + dt.timedelta(hours=6), reason="Pusat data padam",
        letter="menyusul", now=NEXT_MORNING,
    )  # fmt: skip
    assert [(one.order.what, one.order.day) for one in report.touched] == [(What.RATING, day(9))]
    again = month.case(person)
    assert (again.state, again.replaces, again.result_rating, again.rating_due) == ("DRAF", closed, 2, last_moment(day(9)))
    assert not Notice.objects.filter(kind="not_rated", withdrawn_at=None).exists()
    finish(month, person, noon(9))
    run(month, noon(10))
    case = month.case(person)
    assert (case.state, case.version) == ("TERBIT", 2)
    assert rating_lateness(period=OCTOBER, scope=AggregateScope((), names_people=True), now=noon(10)).total.late == 0


def darkness(month: Month, *, start: dt.datetime = LAST_EVENING, hours: int = 6, now: dt.datetime = NEXT_MORNING) -> OutageReport:
    return record_outage(
        viewer=month.city.viewer("bkpsdm"), start=start, end=start + dt.timedelta(hours=hours), reason="Padam", letter="menyusul", now=now
    )  # fmt: skip


def test_while_results_are_computed_no_deadline_moves_and_no_outage_is_entered(month: Month) -> None:
    person, other = month.city.staff[3], month.city.staff[4]
    for one in (person, other):
        move(month, 11, scope=Scope.PERSON, employee_id=one.pk, now=noon(6))
    later = move(month, 20, scope=Scope.PERSON, employee_id=other.pk, now=noon(6)).changes[0]  # type: ignore[attr-defined]
    run(month, noon(9))
    job = close_extended(cycle=month.cycle, now=noon(12))
    assert job is not None
    assert job.total
    for act in (
        lambda: move(month, 20, scope=Scope.PERSON, employee_id=person.pk, now=noon(12)),
        lambda: move(month, 20, now=noon(12)),
        lambda: revoke(viewer=month.city.viewer("bkpsdm"), change_id=later.pk, reason="Keliru", now=noon(12)),
        lambda: darkness(month, start=noon(11) + dt.timedelta(hours=6), now=noon(12)),
    ):
        with pytest.raises(NotNow, match="sedang dihitung"), transaction.atomic():
            act()
    assert not ServiceOutage.objects.exists()
    following = work_on(job, now=noon(12))
    while following is not None:
        following = work_on(following, now=noon(12))
    assert move(month, 23, scope=Scope.PERSON, employee_id=other.pk, now=noon(12))


def test_a_reopening_takes_the_notice_from_who_was_told_in_the_raters_place(month: Month) -> None:
    rater = month.city.people["penilai"]
    days = DateRange(day(1), day(28))
    ActingAppointment.objects.create(
        principal=rater, substitute=month.city.people["dpmptsp"], kind="PLH", letter_number="1", reason="Cuti", valid=days
    )
    rater.leaves.create(kind="TAHUNAN", valid=days, recorded_at=noon(1))
    run(month, noon(9))
    told = Notice.objects.filter(kind="not_rated", recipient=month.city.users["dpmptsp"].pk, withdrawn_at=None)
    assert told.exists()
    move(month, 20, now=noon(10))
    assert not told.all().exists()


def test_a_published_result_is_not_reopened(month: Month) -> None:
    person = month.city.staff[3]
    month.rate(person)
    run(month, noon(9))
    with pytest.raises(NotNow, match="sudah terbit"):
        move(month, 12, scope=Scope.PERSON, employee_id=person.pk, now=noon(10))


def test_a_revoked_extension_ends_with_the_day(month: Month) -> None:
    person = month.city.staff[3]
    done = move(month, 20, scope=Scope.PERSON, employee_id=person.pk, now=noon(6))
    revoke(viewer=month.city.viewer("bkpsdm"), change_id=done.changes[0].pk, reason="Surat keliru", now=noon(10))  # type: ignore[attr-defined]
    assert month.case(person).rating_due == last_moment(day(10))


def test_who_comes_into_the_scope_later_has_its_date_too(month: Month) -> None:
    move(month, 11, scope=Scope.UNIT, unit_id=month.city.units["DINKES"].pk, now=noon(6))
    case = month.case(month.city.staff[3])
    Assessment.objects.filter(pk=case.pk).update(unit=month.city.people["luar"].assessments.first().unit)
    assert follow_changes(cycle=month.cycle) == 1
    assert month.case(month.city.staff[3]).rating_due == last_moment(day(11))


@pytest.mark.parametrize(
    ("number", "field"),
    [(7, "day"), (5, "day"), (6, "day")],
)
def test_a_new_deadline_is_a_later_working_day_to_come(month: Month, number: int, field: str) -> None:
    with pytest.raises(Unacceptable) as refusal:
        move(month, number, now=noon(6))
    assert field in refusal.value.errors


@pytest.mark.parametrize("who", ["pengelola", "inspektorat", "penilai", "pimpinan"])
def test_only_city_hr_moves_deadlines(month: Month, who: str) -> None:
    with pytest.raises(NotAllowed):
        adopt(viewer=month.city.viewer(who), order=order(month, 10), now=noon(6))


def test_the_tables_refuse_a_change_without_paper_or_scope(month: Month) -> None:
    actor = month.city.users["bkpsdm"]
    good = {"period": "2026-10", "what": "PENILAIAN", "scope": "KOTA", "kind": "PERPANJANGAN", "new_due": noon(9), "until": noon(9)}
    good |= {"reason": "Alasan", "letter": "1", "decided_by": actor, "decided_at": noon(6)}
    DeadlineChange.objects.create(**good)
    for wrong in ({"letter": ""}, {"scope": "UNIT"}, {"until": noon(10)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DeadlineChange.objects.create(**{**good, **wrong})
