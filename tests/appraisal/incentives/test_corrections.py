"""Corrections and conflicts: new versions with a reason, by people the case does not count for."""

import datetime as dt

import pytest

from appraisal.incentives.models import AccountAlias, EventConflict, EventSource, ServiceCase, ServiceEvent
from appraisal.incentives.services.corrections import EventChange, correct_event, settle_conflict
from appraisal.incentives.services.intake import Outcome
from appraisal.models import Cycle, ProgressEntry
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible, Unacceptable
from bukittinggi_kinerja.common.models import Event
from bukittinggi_kinerja.common.period import JAKARTA
from tests.appraisal.planning import make_cycle, make_indicator, make_plan
from tests.people import City

from .logs import NOW, issued, step, take

pytestmark = pytest.mark.usefixtures("services")
LATER = dt.datetime(2026, 10, 6, 10, 0, tzinfo=JAKARTA)


@pytest.fixture
def case(city: City) -> ServiceCase:
    """A file of the first of the staff, finished late in October, his month open and measured."""
    make_cycle(city)
    make_indicator(make_plan(city.staff[0]), measure="LAYANAN_TEPAT_WAKTU", accumulation="LAST", target="90")
    source = EventSource.objects.create(code="simpel", owner=city.units["DPMPTSP"])
    for account, key in (("loket1", "staf0"), ("kabid", "pengelola")):
        AccountAlias.objects.create(source=source, account=account, employee=city.people[key], valid=(dt.date(2026, 1, 1), None))
    take(issued("1", "2026-10-01 09:00", "2026-10-19 10:00", responsible="loket1", officer="loket1"))
    return ServiceCase.objects.get()


def last_step(case: ServiceCase) -> ServiceEvent:
    return case.events.get(activity="TERBIT", is_current=True)


def correct(city: City, event: ServiceEvent, change: EventChange, *, viewer: str = "bkpsdm", reason: str = "Salah cap tanggal"):
    return correct_event(viewer=city.viewer(viewer), event_id=event.pk, change=change, reason=reason, now=NOW)


def test_a_correction_is_a_new_version_and_moves_case_and_month(city: City, case: ServiceCase) -> None:
    assert ProgressEntry.objects.current().get().value == 0
    old = last_step(case)
    new = correct(city, old, EventChange(at=LATER)).event
    old.refresh_from_db()
    case.refresh_from_db()
    assert (old.is_current, new.version, new.reason, new.recorded_by) == (False, 2, "Salah cap tanggal", city.users["bkpsdm"].pk)
    assert (case.net_working_days, case.on_time, case.version) == (3, True, 2)
    assert ProgressEntry.objects.current().get().value == 100
    event = Event.objects.get(action="incentives.event.corrected")
    assert (event.old["at"], event.new["at"], event.reason) == (old.at.isoformat(), LATER.isoformat(), "Salah cap tanggal")


def test_a_closed_month_is_only_compared(city: City, case: ServiceCase) -> None:
    Cycle.objects.update(state="TERBIT")
    (difference,) = correct(city, last_step(case), EventChange(at=LATER)).differences
    assert (difference.stored, difference.found) == (0, 100)
    assert ProgressEntry.objects.current().get().value == 0


def test_a_cancelled_finish_opens_the_case_again(city: City, case: ServiceCase) -> None:
    correct(city, last_step(case), EventChange(cancelled=True))
    case.refresh_from_db()
    assert (case.state, case.finished_at, case.on_time) == ("DITERIMA", None, None)
    assert not ProgressEntry.objects.current().exists()


def test_the_first_content_of_a_corrected_event_is_still_a_duplicate(city: City, case: ServiceCase) -> None:
    correct(city, last_step(case), EventChange(at=LATER))
    report = take(issued("1", "2026-10-01 09:00", "2026-10-19 10:00", responsible="loket1", officer="loket1"))
    assert report.rows(Outcome.DUPLICATE) == 2
    case.refresh_from_db()
    assert case.net_working_days == 3


def test_whom_the_case_counts_for_cannot_correct_it(city: City, case: ServiceCase) -> None:
    take([step("1", "PENETAPAN", "2026-10-02 09:00", "kabid")])
    with pytest.raises(NotAllowed, match="Anda dihitung"):
        correct(city, last_step(case), EventChange(at=LATER), viewer="pengelola")


@pytest.mark.parametrize("who", ["pegawai", "penilai", "pimpinan", "inspektorat"])
def test_only_keepers_of_services_correct_events(city: City, case: ServiceCase, who: str) -> None:
    with pytest.raises(NotAllowed):
        correct(city, last_step(case), EventChange(at=LATER), viewer=who)


def test_a_case_that_is_not_seen_cannot_be_corrected(city: City, case: ServiceCase) -> None:
    with pytest.raises(NotVisible):
        correct(city, last_step(case), EventChange(at=LATER), viewer="luar")


def test_an_old_version_cannot_be_corrected_again(city: City, case: ServiceCase) -> None:
    old = last_step(case)
    correct(city, old, EventChange(at=LATER))
    with pytest.raises(NotNow, match="versi"):
        correct(city, old, EventChange(at=LATER + dt.timedelta(days=1)))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (EventChange(at=LATER), " "),
        (EventChange(), "Salah"),
        (EventChange(at=LATER), "x" * 301),
        (EventChange(at=dt.datetime(2026, 9, 1, tzinfo=JAKARTA)), "Sebelum diterima"),
    ],
)
def test_a_correction_without_reason_without_change_or_against_time_is_refused(
    city: City, case: ServiceCase, change: EventChange, reason: str
) -> None:
    with pytest.raises(Unacceptable):
        correct(city, last_step(case), change, reason=reason)
    assert ServiceEvent.objects.count() == 2
    assert last_step(case).version == 1


def test_a_case_keeps_at_least_one_step(city: City, case: ServiceCase) -> None:
    correct(city, last_step(case), EventChange(cancelled=True))
    with pytest.raises(Unacceptable, match="satu langkah"):
        correct(city, case.events.get(activity="DITERIMA"), EventChange(cancelled=True))


# --- conflicts


@pytest.fixture
def conflict(case: ServiceCase) -> EventConflict:
    """The finish came again, dated earlier, under the same number."""
    row = issued("1", "2026-10-01 09:00", "2026-10-19 10:00", responsible="loket1", officer="loket1")[1]
    take([row | {"timestamp": "2026-10-06 10:00"}])
    return EventConflict.objects.get()


def decide(city: City, conflict: EventConflict, outcome: str, *, viewer: str = "bkpsdm") -> EventConflict:
    return settle_conflict(viewer=city.viewer(viewer), conflict_id=conflict.pk, outcome=outcome, reason="Sesuai berkas kertas", now=NOW)


def test_the_listed_content_can_be_taken_as_a_new_version(city: City, case: ServiceCase, conflict: EventConflict) -> None:
    settled = decide(city, conflict, "DIPAKAI")
    case.refresh_from_db()
    step_now = last_step(case)
    assert (step_now.version, step_now.at, step_now.digest) == (2, LATER, conflict.digest)
    assert (case.net_working_days, settled.outcome, settled.settled_by) == (3, "DIPAKAI", city.users["bkpsdm"].pk)


def test_or_left_as_it_is(city: City, case: ServiceCase, conflict: EventConflict) -> None:
    decide(city, conflict, "DITOLAK")
    assert last_step(case).version == 1


def test_both_contents_are_known_afterwards(city: City, case: ServiceCase, conflict: EventConflict) -> None:
    decide(city, conflict, "DIPAKAI")
    row = issued("1", "2026-10-01 09:00", "2026-10-19 10:00", responsible="loket1", officer="loket1")[1]
    assert take([row]).rows(Outcome.DUPLICATE) == 1
    assert take([row | {"timestamp": "2026-10-06 10:00"}]).rows(Outcome.DUPLICATE) == 1


def test_a_conflict_is_decided_once_by_somebody_it_does_not_count_for(city: City, conflict: EventConflict) -> None:
    with pytest.raises(NotAllowed):
        decide(city, conflict, "DIPAKAI", viewer="pegawai")
    with pytest.raises(Unacceptable):
        decide(city, conflict, "MUNGKIN")
    decide(city, conflict, "DITOLAK")
    with pytest.raises(NotNow):
        decide(city, conflict, "DIPAKAI")


def test_content_that_belongs_to_another_case_cannot_be_taken(city: City, case: ServiceCase) -> None:
    number = last_step(case).key
    take([step("2", "TERBIT", "2026-10-06 10:00", event_id=number)])
    with pytest.raises(Unacceptable, match="berkas 2"):
        decide(city, EventConflict.objects.get(), "DIPAKAI")
