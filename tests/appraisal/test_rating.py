"""The judgement is an official's: who may set it, when, and what it must carry."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from appraisal.models import Assessment, Evidence, Feedback, RatingExample
from appraisal.policies import sees_marks, sight_of
from appraisal.services.assessment_form import ExampleText, RatingSheet
from appraisal.services.late_rating import rate_late
from appraisal.services.rating import finish_ratings, set_example, set_marks, set_reason
from appraisal.services.receipt import record_receipt
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible, Stale, Unacceptable
from bukittinggi_kinerja.common.models import Event
from bukittinggi_kinerja.common.period import JAKARTA
from employees.models import ActingAppointment, Posting
from employees.queries import viewer_of
from tests.appraisal.month import AFTER_DEADLINE, IN_WINDOW, Month, enter

DAY = IN_WINDOW.date()


def mark(
    month: Month, who: str, person: int = 0, *, now: dt.datetime = IN_WINDOW, revision: int | None = None, **changes: int | None
) -> Assessment:
    case = month.case(month.city.staff[person])
    return set_marks(viewer=month.city.viewer(who, on=now.date()), assessment_id=case.pk, changes=changes, revision=revision, now=now)


def finish(month: Month, person: int = 0) -> list[tuple[int, str]]:
    case = month.case(month.city.staff[person])
    return finish_ratings(viewer=month.city.viewer("penilai", on=DAY), assessment_ids=[case.pk], now=IN_WINDOW).refused


def test_the_rater_marks_and_the_memory_keeps_old_and_new(month: Month) -> None:
    mark(month, "penilai", result=2)
    case = mark(month, "penilai", result=3, ak=1)
    event = Event.objects.filter(action="appraisal.assessment.marked").latest("id")
    assert (event.actor, event.old, event.new) == (
        month.city.users["penilai"].pk,
        {"result_rating": 2, "mark_ak": None},
        {"result_rating": 3, "mark_ak": 1},
    )
    assert (case.rated_by, case.state) == (month.city.people["penilai"], "DRAF")


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("pegawai", NotAllowed),
        ("atasan", NotAllowed),
        ("dpmptsp", NotAllowed),
        ("pengelola", NotAllowed),
        ("bkpsdm", NotAllowed),
        ("inspektorat", NotAllowed),
        ("luar", NotVisible),
        ("pimpinan", NotVisible),
    ],
)
def test_nobody_else_marks(month: Month, who: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        mark(month, who, result=3)


def test_nobody_marks_himself_even_as_the_substitute_of_his_rater(month: Month) -> None:
    city = month.city
    ActingAppointment.objects.create(
        principal=city.people["penilai"], substitute=city.staff[0], kind="PLH", valid=DateRange(DAY, DAY + dt.timedelta(3)),
        letter_number="800/12", reason="sakit",
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        mark(month, "pegawai", 0, result=3)
    assert mark(month, "pegawai", 1, result=3).rated_by == city.staff[0]


def test_a_substitute_marks_within_his_mandate_only(month: Month) -> None:
    city = month.city
    ActingAppointment.objects.create(
        principal=city.people["penilai"], substitute=city.people["pengelola"], kind="PLH",
        valid=DateRange(DAY, DAY + dt.timedelta(1)), letter_number="800/12", reason="sakit",
    )  # fmt: skip
    assert mark(month, "pengelola", result=2).rated_by == city.people["pengelola"]
    with pytest.raises(NotAllowed):
        mark(month, "pengelola", result=3, now=IN_WINDOW + dt.timedelta(days=1))


def test_a_new_superior_does_not_rate_a_case_of_the_former_one(month: Month) -> None:
    month.rate(month.city.staff[0])
    Posting.objects.filter(employee=month.city.staff[0]).update(supervisor=month.city.people["kadinkes"])
    with pytest.raises(NotVisible):
        mark(month, "kadinkes", result=1)
    assert mark(month, "penilai", result=3).result_rating == 3


def test_the_window_closes_at_the_last_second_of_the_deadline(month: Month) -> None:
    assert mark(month, "penilai", result=2, now=month.cycle.rating_due).result_rating == 2
    with pytest.raises(NotNow):
        mark(month, "penilai", result=3, now=month.cycle.rating_due + dt.timedelta(seconds=1))


def test_nothing_is_marked_after_publication(month: Month) -> None:
    month.rate(month.city.staff[0])
    month.publish()
    with pytest.raises(NotNow):
        mark(month, "penilai", result=3, now=IN_WINDOW)


@pytest.mark.parametrize("wrong", [{"result": 4}, {"result": 0}, {"ak": -1}, {"score": 3}, {"employee": 1}, {"result": True}])
def test_only_known_aspects_take_1_2_or_3(month: Month, wrong: dict[str, int]) -> None:
    with pytest.raises(Unacceptable):
        mark(month, "penilai", **wrong)


def test_a_stale_form_is_refused_with_both_values(month: Month) -> None:
    seen = month.case(month.city.staff[0]).revision
    mark(month, "penilai", result=3)
    with pytest.raises(Stale) as refusal:
        mark(month, "penilai", result=1, revision=seen)
    assert (refusal.value.current, refusal.value.version) == ({"result": 3}, seen + 1)


def test_a_finished_rating_needs_both_ratings(month: Month) -> None:
    mark(month, "penilai", result=2)
    assert [why for _id, why in finish(month)] == ["Isi rating Perilaku kerja."]
    assert month.case(month.city.staff[0]).state == "DRAF"


def test_a_mark_above_or_below_needs_its_example(month: Month) -> None:
    mark(month, "penilai", 5, result=2, behaviour=2, ak=1)
    assert "Akuntabel" in finish(month, 5)[0][1]
    case = month.case(month.city.staff[5])
    set_example(
        viewer=month.city.viewer("penilai", on=DAY),
        assessment_id=case.pk,
        aspect="AK",
        text="Laporan terlambat dua kali.",
        feedback_id=None,
        now=IN_WINDOW,
    )
    assert finish(month, 5) == []
    assert month.case(month.city.staff[5]).state == "DINILAI"


def test_departing_from_the_advice_needs_a_reason(month: Month) -> None:
    viewer = month.city.viewer("penilai", on=DAY)
    case = mark(month, "penilai", result=1, behaviour=2)
    RatingExample.objects.create(assessment=case, aspect="HASIL", text="Berkas hilang", written_at=IN_WINDOW)
    assert "saran" in finish(month)[0][1]
    set_reason(viewer=viewer, assessment_id=case.pk, which="result", reason="Dua berkas hilang.", now=IN_WINDOW)
    assert finish(month) == []


@pytest.mark.parametrize(("reason", "state"), [("", "DRAF"), (" \n", "DRAF"), ("Tiga berkas hilang.", "DINILAI")])
def test_a_finished_rating_that_loses_its_reason_is_a_draft_again(month: Month, reason: str, state: str) -> None:
    viewer = month.city.viewer("penilai", on=DAY)
    case = mark(month, "penilai", result=1, behaviour=2)
    RatingExample.objects.create(assessment=case, aspect="HASIL", text="Berkas hilang", written_at=IN_WINDOW)
    set_reason(viewer=viewer, assessment_id=case.pk, which="result", reason="Dua berkas hilang.", now=IN_WINDOW)
    assert finish(month) == []
    set_reason(viewer=viewer, assessment_id=case.pk, which="result", reason=reason, now=IN_WINDOW)
    assert month.case(month.city.staff[0]).state == state
    assert bool(finish(month)) == (state == "DRAF")


def test_above_expectation_cannot_rest_on_links_alone(month: Month) -> None:
    case = mark(month, "penilai", result=3, behaviour=2)
    viewer = month.city.viewer("penilai", on=DAY)
    set_example(viewer=viewer, assessment_id=case.pk, aspect="HASIL", text="Semua berkas lebih cepat.", feedback_id=None, now=IN_WINDOW)
    set_reason(viewer=viewer, assessment_id=case.pk, which="result", reason="Beban naik dua kali.", now=IN_WINDOW)
    entry = enter(case.plan, "Berkas selesai", 1)[0]
    Evidence.objects.create(entry=entry, kind="TAUTAN", title="Rekap", url="https://contoh.go.id/rekap", uploaded_at=IN_WINDOW)
    assert "tautan" in finish(month)[0][1]
    Evidence.objects.create(entry=entry, kind="BERKAS", title="Rekap", file="bukti/x.pdf", sha256="0" * 64, uploaded_at=IN_WINDOW)
    assert finish(month) == []


def test_feedback_dated_after_the_period_supports_nothing(month: Month) -> None:
    city = month.city
    case = month.case(city.staff[0])
    late = Feedback.objects.create(
        employee=city.staff[0], author=city.people["penilai"], source="PIMPINAN", tone="APRESIASI",
        happened_on=dt.date(2026, 11, 2), text="Cepat", created_at=IN_WINDOW,
    )  # fmt: skip
    viewer = city.viewer("penilai", on=DAY)
    with pytest.raises(Unacceptable):
        set_example(viewer=viewer, assessment_id=case.pk, aspect="AK", text="", feedback_id=late.pk, now=IN_WINDOW)
    Feedback.objects.filter(pk=late.pk).update(happened_on=dt.date(2026, 10, 30))
    example = set_example(viewer=viewer, assessment_id=case.pk, aspect="AK", text="", feedback_id=late.pk, now=IN_WINDOW)
    assert example.text == "Cepat"


@pytest.mark.parametrize(
    ("who", "before", "after"),
    [("pegawai", False, True), ("penilai", True, True), ("atasan", True, True), ("dpmptsp", False, True), ("bkpsdm", False, True)],
)
def test_unpublished_marks_are_for_the_rater_and_his_superior(month: Month, who: str, before: bool, after: bool) -> None:
    case = month.rate(month.city.staff[0])
    viewer = month.city.viewer(who, on=DAY)
    assert sees_marks(viewer, case) is before
    month.publish()
    assert sees_marks(viewer, month.case(month.city.staff[0])) is after


def late(month: Month, who: str = "atasan", *, reason: str = "Penilai sakit", **marks: int) -> Assessment:
    case = month.case(month.city.staff[0])
    return rate_late(
        viewer=month.city.viewer(who, on=DAY),
        assessment_id=case.pk,
        sheet=RatingSheet(
            changes={"result": 2, "behaviour": 2, **marks},
            examples={"AK": ExampleText("Laporan terlambat dua kali.")} if "ak" in marks else {},
            reasons={},
            note=None,
        ),
        reason=reason,
        now=AFTER_DEADLINE,
    )


def test_who_closed_unrated_is_rated_late_with_a_reason_as_a_new_version(month: Month) -> None:
    month.publish()
    stored = month.case(month.city.staff[0]).score_row.result_score
    with pytest.raises(Unacceptable):
        late(month, reason=" ")
    new = late(month, ak=1)
    assert (new.version, new.state, new.score_row.predicate, new.score_row.result_score) == (2, "TERBIT", 4, stored)
    assert new.examples.get().aspect == "AK"
    with pytest.raises(NotNow):
        late(month)


def test_a_late_rating_carries_what_a_timely_one_carries(month: Month) -> None:
    month.publish()
    with pytest.raises(Unacceptable) as refusal:
        late(month, result=3)
    assert "contoh" in str(refusal.value)
    assert "saran" in str(refusal.value)
    assert month.case(month.city.staff[0]).version == 1


@pytest.mark.parametrize(
    ("who", "refusal"), [("pegawai", NotAllowed), ("dpmptsp", NotAllowed), ("bkpsdm", NotAllowed), ("luar", NotVisible)]
)
def test_nobody_else_rates_late(month: Month, who: str, refusal: type[Exception]) -> None:
    month.publish()
    with pytest.raises(refusal):
        late(month, who)


def test_a_substitute_of_his_own_rater_does_not_see_what_waits_for_him(month: Month) -> None:
    case = month.rate(month.city.staff[0])
    ActingAppointment.objects.create(
        principal=month.city.people["penilai"], substitute=month.city.staff[0], kind="PLH",
        valid=DateRange(DAY, DAY + dt.timedelta(3)), letter_number="800/12", reason="sakit",
    )  # fmt: skip
    viewer = month.city.viewer("pegawai", on=DAY)
    assert sees_marks(viewer, case) is False
    assert sight_of(viewer, case).marks is False
    assert sees_marks(viewer, month.case(month.city.staff[1])) is True


def test_a_rating_is_finished_only_after_its_period(month: Month) -> None:
    last_evening = dt.datetime(2026, 10, 31, 23, 59, tzinfo=JAKARTA)
    mark(month, "penilai", 5, result=2, behaviour=2, now=last_evening)
    case = month.case(month.city.staff[5])
    for now, finished in ((last_evening, []), (last_evening + dt.timedelta(minutes=1), [case.pk])):
        assert finish_ratings(viewer=month.city.viewer("penilai", on=DAY), assessment_ids=[case.pk], now=now).finished == finished


def test_a_finished_rating_stays_its_raters_when_it_is_sent_again(month: Month) -> None:
    mark(month, "penilai", 5, result=2, behaviour=2)
    assert finish(month, 5) == []
    before = Event.objects.count()
    case = month.case(month.city.staff[5])
    event = Event.objects.get(action="appraisal.assessment.finished")
    assert (event.subject_id, event.old, event.new["state"]) == (str(case.pk), {"state": "DRAF"}, "DINILAI")
    report = finish_ratings(viewer=month.city.viewer("penilai", on=DAY), assessment_ids=[case.pk], now=IN_WINDOW + dt.timedelta(hours=1))
    assert (report.finished, report.refused, Event.objects.count()) == ([], [], before)
    assert month.case(month.city.staff[5]).rated_at == IN_WINDOW


def test_receipt_is_recorded_once_and_by_the_owner_alone(month: Month) -> None:
    month.rate(month.city.staff[0])
    owner, rater = month.city.viewer("pegawai", on=DAY), month.city.viewer("penilai", on=DAY)
    case = month.case(month.city.staff[0])
    assert record_receipt(viewer=owner, assessment_id=case.pk, now=IN_WINDOW) is False
    month.publish()
    assert record_receipt(viewer=rater, assessment_id=case.pk, now=AFTER_DEADLINE) is False
    assert record_receipt(viewer=owner, assessment_id=case.pk, now=AFTER_DEADLINE) is True
    assert record_receipt(viewer=owner, assessment_id=case.pk, now=AFTER_DEADLINE + dt.timedelta(1)) is False
    assert month.case(month.city.staff[0]).received_at == AFTER_DEADLINE


@pytest.mark.django_db(transaction=True)
def test_two_people_who_mark_at_once_one_wins_and_the_other_is_told(month: Month) -> None:
    case = month.case(month.city.staff[0])
    viewer = viewer_of(month.city.users["penilai"], on=DAY)
    gate, outcomes = threading.Barrier(2), []

    def save(value: int) -> None:
        gate.wait(10)
        try:
            set_marks(viewer=viewer, assessment_id=case.pk, changes={"result": value}, revision=case.revision, now=IN_WINDOW)
            outcomes.append("saved")
        except Stale as told:
            outcomes.append(f"told {told.current['result']}")
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(value,)) for value in (1, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    kept = month.case(month.city.staff[0]).result_rating
    assert sorted(outcomes) == ["saved", f"told {kept}"]


def test_the_leader_reads_persons_only_where_he_rates(month: Month) -> None:
    """His raters' people are theirs to read; one that nobody rated in time is his to rate."""
    city = month.city
    leader = viewer_of(city.users["pimpinan"], on=DAY)
    seen = Assessment.objects.visible_to(leader)
    case = month.case(city.people["penilai"])
    Assessment.objects.filter(pk=case.pk).update(reviewer=city.people["pimpinan"])
    assert set(seen.exclude(employee=city.people["pimpinan"]).values_list("assessor_id", flat=True)) == {city.people["pimpinan"].pk}
    Assessment.objects.filter(pk=case.pk).update(state="BELUM_DINILAI")
    assert seen.filter(pk=case.pk).exists()
